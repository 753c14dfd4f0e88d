"""What Terraform would do on a standing environment when its spec is edited, as golden files."""

import pytest

from compiler.backends.terraform.document import document
from compiler.changes.losses import losses
from compiler.findings.check import check
from compiler.lower import lower
from tests.apply.edits import (
    CAPACITIES,
    RENAMED,
    SERVICE_ADDED,
    STATE,
    ZONE_ADDED,
    written,
)
from tests.apply.standing import DOCUMENTS, EDITED, ENVIRONMENTS, EXAMPLES, OUTSIDE, Name, Standing
from tests.aws.account import PROJECT
from tests.aws.stack import Verdict
from tests.terraform import terraform_available, terraform_missing
from tests.terraform_plans import compared, reviewed
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.load import load

pytestmark = [
    pytest.mark.skipif(not terraform_available(), reason=terraform_missing()),
    pytest.mark.xdist_group("aws"),  # they share what was applied
]

GOLDEN = PROJECT / "tests" / "golden" / "changes"
# What nothing brings back. A queue or a cache is made again; these are not.
STATEFUL = ("aws_db_instance.", "aws_s3_bucket.", "aws_route53_zone.", "aws_vpc.", "aws_subnet.")
# A new revision is how a task definition changes; the old one stays known to ECS.
REVISED = "aws_ecs_task_definition."
REVIEWED = [n for n in ENVIRONMENTS if n[0] in EXAMPLES.keys() - OUTSIDE.keys()]
PLANNED = [(name, edit) for name, edit in EDITED if edit != STATE]


def _ids(value: "Name | str") -> str:
    return value if isinstance(value, str) else "-".join(value)


def _edits(*chosen: str) -> pytest.MarkDecorator:
    """Every environment with each of these edits that changes it; with all edits by default."""
    found = [(name, edit) for name, edit in PLANNED if edit in (chosen or {edit})]
    return pytest.mark.parametrize(("name", "edit"), found, ids=_ids)


def _verdict(name: Name, edit: str, standing: Standing) -> Verdict:
    standing.stack(name)
    found = standing.changes[name, edit]
    if isinstance(found, AssertionError):
        raise found
    return found


def _refused(name: Name, edit: str) -> list[Diagnostic]:
    """What we refuse to compile where the environment stands as it is."""
    texts = (written(d, name[1]) for d in (DOCUMENTS[name], EDITED[name, edit]))
    old, new = (check(load(text)).graphs[name[1]] for text in texts)
    return list(losses(document(lower(old)), document(lower(new)), new))


@pytest.mark.parametrize("name", REVIEWED, ids="-".join)
def test_terraform_wants_what_was_reviewed(name: Name, standing: Standing, update_golden: bool):
    """Any further resource that an edit touches shows up in a diff of this file."""
    found = "\n".join(
        f"{edit}\n" + "".join(f"  {line}" for line in lines.splitlines(keepends=True))
        for n, edit in PLANNED
        if n == name
        for lines in [_verdict(name, edit, standing).lines()]
    )
    golden = GOLDEN / f"{'-'.join(name)}.txt"
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found)

    assert found == golden.read_text()


@_edits()
def test_a_review_of_the_plan_says_what_diff_says(name: Name, edit: str, standing: Standing):
    """Who has only a plan and who has both specs decide by the same words."""
    planned = _verdict(name, edit, standing).plan
    texts = (written(d, name[1]) for d in (DOCUMENTS[name], EDITED[name, edit]))
    before, after = (lower(check(load(text)).graphs[name[1]]) for text in texts)

    assert reviewed(planned) == compared(before, after)


@_edits()
def test_no_edit_destroys_what_nothing_brings_back(name: Name, edit: str, standing: Standing):
    """Whatever stands in a golden file: no database, bucket, zone or network goes."""
    actions = _verdict(name, edit, standing).actions.items()
    lost = [address for address, action in actions if action in ("delete", "replace")]

    assert [address for address in lost if address.startswith(STATEFUL)] == []


@_edits()
def test_no_edit_but_that_of_the_state_is_refused(name: Name, edit: str):
    """People work around a tool that cries wolf."""
    assert _refused(name, edit) == []


@pytest.mark.parametrize("name", [name for name, edit in EDITED if edit == STATE], ids="-".join)
def test_another_bucket_for_the_state_is_refused_with_advice(name: Name):
    """Terraform would begin anew beside everything that stands."""
    (found,) = _refused(name, STATE)

    assert found.code == "TZ627"
    assert "terraform init -migrate-state" in found.help


@_edits(*CAPACITIES)
def test_capacity_changes_services_in_place_and_nothing_else(
    name: Name, edit: str, standing: Standing
):
    """A replaced service is one that answers nobody for minutes."""
    actions = _verdict(name, edit, standing).actions
    touched = {(address.split(".")[0], action) for address, action in actions.items()}

    assert touched == {("aws_ecs_service", "update")}


@_edits(RENAMED)
def test_a_rename_makes_and_destroys_nothing(name: Name, edit: str, standing: Standing):
    """`was:` becomes moves, and AWS names that hold a component's name stay as they are."""
    actions = _verdict(name, edit, standing).actions.items()
    made = [a for a, action in actions if not action.startswith(("moved ", "update"))]

    assert [address for address in made if not address.startswith(REVISED)] == []


@_edits(ZONE_ADDED)
def test_a_new_zone_moves_no_subnet(name: Name, edit: str, standing: Standing):
    """Addresses of the subnets that stand are theirs for ever."""
    actions = _verdict(name, edit, standing).actions.items()
    subnets = {action for address, action in actions if address.startswith("aws_subnet.")}

    assert subnets == {"create"}


@_edits(SERVICE_ADDED)
def test_a_new_service_touches_nothing_else(name: Name, edit: str, standing: Standing):
    """Adding is never a risk for what runs."""
    assert set(_verdict(name, edit, standing).actions.values()) == {"create"}
