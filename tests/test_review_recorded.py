"""What `trazo review` says of plans that Terraform made on an applied stack: what `diff` says."""

from copy import deepcopy
from pathlib import Path

import pytest
from typer.testing import CliRunner

from compiler.findings.check import check
from compiler.lower import lower
from compiler.plan.plan import Plan
from tests.apply.edits import RISKS, Document, documents, written
from tests.terraform_plans import compared, reviewed
from trazo.program import app
from trazo_spec.load import load

ROOT = Path(__file__).parent.parent
PLANS = ROOT / "tests" / "golden" / "plans"
"""Recorded by tests/apply/test_changes_at_risk.py, with TRAZO_APPLY=trazo and --update-golden."""
ENVIRONMENT = "prod"
WRONG = {
    "another image": [],
    "another major version": ["TZ722"],
    "another network": ["TZ720", "TZ722"],
    "larger class": [],
    "larger class at once": ["TZ722"],
    "larger disk": [],
    "no backups": ["TZ721"],
    "no bucket for logs": ["TZ721"],
    "older version": ["TZ720"],
    "two zones": [],
}
"""What is wrong with each of them in production."""


def document() -> Document:
    """The merged spec of the environment that was applied."""
    return documents((ROOT / "specs" / "trazo.yaml").read_text("utf-8"))[ENVIRONMENT]


def plan_of(edited: Document) -> Plan:
    """What a merged spec becomes."""
    return lower(check(load(written(edited, ENVIRONMENT))).graphs[ENVIRONMENT])


def recorded(edit: str) -> Path:
    """The file with Terraform's plan of an edit."""
    return PLANS / f"{edit.replace(' ', '-')}.json"


@pytest.mark.parametrize("edit", RISKS)
def test_a_review_of_a_recorded_plan_says_what_diff_says(edit: str):
    """Actions, arguments, verdicts, minutes and what waits, for every resource."""
    changed = deepcopy(document())
    RISKS[edit](changed)

    assert reviewed(recorded(edit).read_bytes()) == compared(plan_of(document()), plan_of(changed))


@pytest.mark.parametrize("edit", RISKS)
def test_what_is_wrong_with_a_recorded_plan(edit: str):
    """The exit code is what a pipeline sees."""
    done = CliRunner().invoke(app, ["review", str(recorded(edit)), "--production"])
    codes = {line.split()[1].rstrip(":") for line in done.stderr.splitlines() if "TZ" in line}

    assert (sorted(codes), done.exit_code) == (WRONG[edit], int(bool(WRONG[edit])))
