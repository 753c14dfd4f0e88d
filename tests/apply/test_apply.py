"""Every environment of every example, created on a stand-in for AWS."""

import json
from typing import Any

import pytest

from tests.apply.standing import (
    BOOTSTRAPS,
    DOCUMENTS,
    ENVIRONMENTS,
    EXAMPLES,
    FURTHER,
    OUTSIDE,
    SPECS,
    Name,
    Standing,
)
from tests.aws.account import PROJECT
from tests.aws.stack import STATE
from tests.terraform import contents, terraform_available, terraform_missing

pytestmark = [
    pytest.mark.skipif(not terraform_available(), reason=terraform_missing()),
    pytest.mark.xdist_group("aws"),  # they share what was applied
]

GOLDEN = PROJECT / "tests" / "golden" / "accounts"
REVIEWED = [name for name in SPECS if name not in OUTSIDE]
# A password that RDS makes is never known to Terraform.
WITH_SECRETS = [
    name
    for name in ENVIRONMENTS
    if any(
        c["kind"] == "rds" and c.get("password") != "rds_managed"
        for c in DOCUMENTS[name]["components"].values()
    )
]
EVERY = pytest.mark.parametrize("name", [*ENVIRONMENTS, *BOOTSTRAPS], ids="-".join)


@EVERY
def test_the_second_plan_changes_nothing(name: Name, standing: Standing):
    """Whoever applies twice must not wonder what Terraform still wants to change."""
    standing.stack(name)

    assert standing.second[name].lines() == ""


@EVERY
def test_everything_of_the_plan_is_there(name: Name, standing: Standing):
    """Terraform's state lists what our plan says, and nothing else."""
    expected = sorted(b.address for b in standing.plans[name].blocks if b.mode == "managed")

    assert sorted(standing.stack(name).addresses) == expected


@pytest.mark.parametrize("spec", REVIEWED)
def test_the_account_holds_what_was_reviewed(spec: str, standing: Standing, update_golden: bool):
    """Rules, permissions, policies, records, schedules: all of them, as AWS's own client sees it.

    Environments of a spec stand side by side in one account, so nothing of one hides another's.
    """
    for name in ENVIRONMENTS:
        if name[0] == spec:
            standing.stack(name)
    found, golden = standing.facts[spec], GOLDEN / f"{spec}.txt"
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found)

    assert found == golden.read_text()


def test_no_account_is_left_over():
    """A golden file that nothing compares is read as if it were true."""
    assert {path.stem for path in GOLDEN.iterdir()} == (EXAMPLES | FURTHER).keys() - OUTSIDE.keys()


def _secret_values(client: Any, environment: str) -> list[str]:
    """What an environment's secrets hold: whole texts, or the password of a database."""
    values = []
    for secret in client.list_secrets()["SecretList"]:
        if secret["Name"].startswith(f"{environment}/") and secret.get("SecretVersionsToStages"):
            text = client.get_secret_value(SecretId=secret["ARN"])["SecretString"]
            values.append(json.loads(text)["password"] if text.startswith("{") else text)
    return values


@pytest.mark.parametrize("name", WITH_SECRETS, ids="-".join)
def test_no_secret_is_in_any_file_of_terraform(name: Name, standing: Standing):
    """Neither in the state nor its copy, nor in a plan, nor in what we wrote: after an apply."""
    files = list(contents(standing.stack(name).folder))
    values = _secret_values(standing.client(name, "secretsmanager"), name[1])
    forms = {form.encode() for value in values for form in (value, json.dumps(value)[1:-1])}

    assert values
    assert STATE in {file for file, _ in files}
    assert [file for file, text in files if any(form in text for form in forms)] == []
