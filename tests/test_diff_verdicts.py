"""What `trazo diff` says of an edit, held to what Terraform itself said when it was applied."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from compiler.changes.resource_changes import Action, ResourceChange, resource_changes
from compiler.findings.check import check
from compiler.lower import lower
from compiler.plan.plan import Plan
from tests.apply.edits import Document, documents, edited, written
from trazo_spec.load import load

ROOT = Path(__file__).parent.parent
VERDICTS = sorted((ROOT / "tests" / "golden" / "changes").glob("*.txt"))
"""Recorded from `terraform plan` on applied stacks, see tests/apply/test_changes.py."""
WORDS: Mapping[Action | None, str] = {
    Action.CREATE: "create",
    Action.CHANGE: "update",
    Action.REPLACE: "replace",
    Action.DESTROY: "delete",
    None: "moved from",
}
"""What Terraform calls an action."""
FOLLOWS = {"subnet_mapping": "subnets", "tags_all": "tags"}
"""What the provider works out, and of which argument."""


def recorded(path: Path) -> dict[str, set[str]]:
    """Terraform's verdict on each edit, a line for each address."""
    parts = (part.splitlines() for part in path.read_text(encoding="utf-8").split("\n\n"))
    return {edit: {_own(line.strip()) for line in lines} for edit, *lines in parts}


def _own(line: str) -> str:
    """A line without arguments that the provider works out of others."""
    change, _, listed = line.partition(": ")
    names = listed.split(", ")
    return f"{change}: {', '.join(n for n in names if FOLLOWS.get(n) not in names)}"


def told(change: ResourceChange) -> str:
    """What we say of a resource, in Terraform's words."""
    if change.action is None:
        return f"moved from {change.was}: {change.address}"
    return f"{WORDS[change.action]} {change.address}: {', '.join(change.because)}"


def plan_of(document: Document, environment: str) -> Plan:
    """What the merged spec of an environment becomes."""
    return lower(check(load(written(document, environment))).graphs[environment])


@pytest.mark.parametrize("path", VERDICTS, ids=lambda p: p.stem)
def test_a_difference_is_what_terraform_does(path: Path):
    """Whoever reads `trazo diff` in a review decides by it; the arguments are the same, too."""
    example, _, environment = path.stem.rpartition("-")
    spec = (ROOT / "specs" / f"{example}.yaml").read_text(encoding="utf-8")
    document = documents(spec)[environment]
    before, edits = plan_of(document, environment), edited(document)
    expected = recorded(path)
    found = {
        edit: {told(c) for c in resource_changes(before, plan_of(edits[edit], environment))}
        for edit in expected
    }

    again = f"TRAZO_APPLY={example} pytest tests/apply/test_changes.py --update-golden"
    assert found == expected, f"where the example was changed, record {path.name} anew: {again}"
