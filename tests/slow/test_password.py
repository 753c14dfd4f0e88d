"""The database password is nowhere but in AWS: not in what we write, nor in what a plan keeps."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from moto.secretsmanager.models import SecretsManagerBackend

from compiler.backends.terraform.document import document, dump
from compiler.backends.terraform.hcl import hcl
from compiler.plan.plan import Block, Plan
from tests.aws.looked_up import account
from tests.plans import bootstrap_of, environments, plan_of, planned
from tests.terraform import contents, terraform_available, terraform_missing

PASSWORD = "Canary7fB2xQ9wLr4TzKmN8sVhJ3cPdYgX"  # noqa: S105 - what the stand-in makes up
IN_STATE = {
    "aws_db_instance": "password",
    "aws_secretsmanager_secret_version": "secret_string",
}
PLANS = {
    **{f"{example}, {name}": plan_of(example, name) for example, name in environments()},
    "bootstrap": bootstrap_of("trazo"),
}


@dataclass
class Account:
    """A stand-in that makes up one known password, and how often it was asked."""

    endpoint: str
    asked: int = 0


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """An AWS account whose random passwords are known."""
    with account() as endpoint:
        found = Account(endpoint)

        def known(*_: object, **__: object) -> str:
            found.asked += 1
            return f'{{"RandomPassword": "{PASSWORD}"}}'

        monkeypatch.setattr(SecretsManagerBackend, "get_random_password", known)
        yield found


def kept(plan: Plan) -> list[Block]:
    """The blocks of a plan that set an argument which Terraform keeps in its state."""
    return [block for block in plan.blocks if IN_STATE.get(block.type, "") in block.body]


@pytest.mark.parametrize("name", PLANS)
def test_no_output_sets_a_password_that_a_state_would_keep(name: str) -> None:
    """Write-only arguments alone take the password."""
    assert kept(PLANS[name]) == []


@pytest.mark.skipif(not terraform_available(), reason=terraform_missing())
@pytest.mark.parametrize("format_", ["json", "hcl"])
def test_the_password_is_in_no_plan(format_: str, stand_in: Account, tmp_path: Path) -> None:
    """A plan is a file that people attach to a review."""
    plan = plan_of("trazo", "prod")
    text = hcl(plan) if format_ == "hcl" else dump(document(plan))
    planned(text, plan, stand_in.endpoint, tmp_path)
    folders = [path for path in tmp_path.iterdir() if path.name != "initialised"]
    leaks = [1 for folder in folders for _, text in contents(folder) if PASSWORD.encode() in text]

    assert (stand_in.asked > 0, leaks) == (True, [])
