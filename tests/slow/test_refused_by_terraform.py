"""What the table of changes calls refused, by a plan or an apply of Terraform itself."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from compiler.changes.effects import Verdict
from tests.aws.account import Account
from tests.aws.stack import PARALLELISM, Stack
from tests.refused import AT_THE_APPLY, AT_THE_PLAN, Body, Case
from tests.terraform import run, terraform_available, terraform_missing

pytestmark = pytest.mark.skipif(not terraform_available(), reason=terraform_missing())

REGION = "us-east-2"
CASES = (*AT_THE_PLAN, *AT_THE_APPLY)
REQUIRED = {"aws": {"source": "hashicorp/aws", "version": "~> 5.100"}}


def resource(case: Case, body: Body) -> dict[str, Any]:
    """A resource of Terraform, with what it needs beside the arguments that matter."""
    name = f"case-{CASES.index(case)}"
    match case.type_:
        case "aws_elasticache_replication_group":
            needed = {"replication_group_id": name, "description": name, "apply_immediately": True}
        case _:
            needed = {"bucket": f"${{aws_s3_bucket.{name}.id}}"}
    return {**needed, **body}


def written(changed: Case | None = None) -> str:
    """A stack with a resource for each case, one of them changed."""
    resources: dict[str, dict[str, Any]] = {}
    for i, case in enumerate(CASES):
        body = case.after if case is changed else case.standing
        resources.setdefault(case.type_, {})[f"case-{i}"] = resource(case, body)
    buckets = resources["aws_s3_bucket_versioning"]
    resources["aws_s3_bucket"] = {name: {"bucket": name} for name in buckets}
    stack: Mapping[str, Any] = {
        "terraform": {"required_providers": REQUIRED},
        "provider": {"aws": [{"region": REGION}]},
        "resource": resources,
    }
    return json.dumps(stack, indent=1)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Everything as it is before the changes, applied."""
    folder: Path = tmp_path_factory.mktemp("standing")
    account = Account()
    (folder / "cdk.tf.json").write_text(written())
    stack = Stack(folder, account.endpoint).prepare()
    stack.apply()
    yield stack
    account.close()


def refusal(stack: Stack, *command: str) -> str:
    """What Terraform says when it does not do something; empty where it does."""
    try:
        run(stack.folder, *command, "-input=false", "-refresh=false", "-no-color", PARALLELISM)
    except AssertionError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("case", AT_THE_PLAN, ids=str)
def test_a_plan_refuses_what_the_table_says(case: Case, standing: Stack, tmp_path: Path):
    """Else a verdict that nobody shares would stop a change that works."""
    changed = standing.copied(tmp_path / "changed", written(case))

    assert case.code in refusal(changed, "plan")
    assert Verdict.REFUSED in {effect.verdict for effect in case.effects}


@pytest.mark.parametrize("case", AT_THE_APPLY, ids=str)
def test_an_apply_refuses_what_a_plan_promises(case: Case, standing: Stack, tmp_path: Path):
    """This is what nobody learns from a plan."""
    changed = standing.copied(tmp_path / "changed", written(case))

    assert refusal(changed, "plan") == ""
    assert case.code in refusal(changed, "apply", "-auto-approve")
    assert Verdict.REFUSED in {effect.verdict for effect in case.effects}
