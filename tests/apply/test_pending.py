"""What waits for the maintenance window: what Terraform plans until it, and what AWS does in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from compiler.backends.terraform.worker import synthesize
from compiler.changes.resource_changes import resource_changes
from compiler.changes.sentences import UNSEEN_IN_WINDOW, sentences
from compiler.plan.plan import Plan
from tests.apply.standing import plans_of
from tests.aws.account import Account
from tests.aws.stack import Stack, Verdict
from tests.terraform import terraform_available, terraform_missing

pytestmark = pytest.mark.skipif(not terraform_available(), reason=terraform_missing())

REGION = "us-east-2"
SPEC = """\
trazo: 1
name: shop
region: us-east-2
state: {{bucket: shop-example-terraform-state}}
components:
  database: {{kind: rds, instance_class: {type}, storage_gb: {size}, multi_az: {several}}}
  newer: {{kind: rds, engine_version: "{postgresql}"}}
  undone: {{kind: rds, instance_class: {undone}}}
  cache:
    kind: redis
    node_type: {node}
    engine_version: "{redis}"
    snapshot_retention_days: {days}
  pair: {{kind: redis, nodes: {nodes}}}
"""
BEFORE = {
    "type": "db.t4g.micro",
    "size": 20,
    "several": "false",
    "postgresql": "16.3",
    "undone": "db.t4g.micro",
    "node": "cache.t4g.micro",
    "redis": "7.0",
    "days": 1,
    "nodes": 1,
}
AFTER = {
    "type": "db.t4g.small",
    "size": 40,
    "several": "true",
    "postgresql": "16.4",
    "undone": "db.t4g.small",
    "node": "cache.t4g.small",
    "redis": "7.1",
    "days": 3,
    "nodes": 2,
}
UNDONE = {**AFTER, "undone": BEFORE["undone"]}
HIDDEN = ("aws_db_instance.newer", "engine_version")
"""The provider reads that this one is pending, and plans nothing; it does so for nothing else."""
SHOWN = {
    "aws_db_instance.database": ("allocated_storage", "instance_class", "multi_az"),
    "aws_elasticache_replication_group.cache": (
        "engine_version",
        "node_type",
        "snapshot_retention_limit",
    ),
    "aws_elasticache_replication_group.pair": ("automatic_failover_enabled", "multi_az_enabled"),
}
"""What is planned again until the window."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What Terraform planned at each step, and what AWS said was pending."""

    plans: tuple[Plan, Plan]
    """What the spec became before and after the edit."""
    applied: Verdict
    """The plan after the edit was applied."""
    again: Verdict
    """The plan after another apply, with one edit taken back."""
    pending: Mapping[str, Mapping[str, Any]]
    """What AWS said of each database then."""
    passed: Verdict
    """The plan after the window."""


@pytest.fixture(scope="module")
def wait(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wait]:
    """A production environment that is edited, taken back in part, and maintained."""
    plans = [plans_of(SPEC.format(**v), "spec.yaml")["prod"] for v in (BEFORE, AFTER, UNDONE)]
    texts = synthesize({str(i): plan for i, plan in enumerate(plans)})
    folder: Path = tmp_path_factory.mktemp("wait")
    account = Account()
    stack = Stack(folder, account.endpoint)
    verdicts = []
    for i in range(3):
        (folder / "cdk.tf.json").write_text(texts[str(i)])
        if i == 0:
            stack.prepare()
        stack.apply()
        verdicts.append(stack.plan())
    pending = _pending(account)
    account.pass_window()
    yield Wait((plans[0], plans[1]), verdicts[1], verdicts[2], pending, stack.plan())
    account.close()


def _pending(account: Account) -> dict[str, Mapping[str, Any]]:
    answer = account.client("rds", REGION).describe_db_instances()["DBInstances"]
    return {each["DBInstanceIdentifier"]: each["PendingModifiedValues"] for each in answer}


def test_what_waits_is_planned_again_until_the_window(wait: Wait):
    """AWS reports the old values, so Terraform wants to change them at every plan."""
    undone = {"aws_db_instance.undone": ("instance_class",)}

    assert wait.applied.changed == SHOWN | undone


def test_another_apply_does_no_harm(wait: Wait):
    """It asks for the same change again, which is pending already."""
    assert wait.again.changed == SHOWN
    assert wait.pending["prod-database"] == {
        "DBInstanceClass": "db.t4g.small",
        "AllocatedStorage": 40,
        "MultiAZ": True,
    }


def test_a_version_that_waits_is_not_planned_again(wait: Wait):
    """The provider asks for pending versions: an empty plan does not say that it is done."""
    assert HIDDEN[0] not in wait.applied.changed
    assert wait.pending["prod-newer"] == {"EngineVersion": "16.4"}


def test_diff_calls_pending_what_waits(wait: Wait):
    """Who reads a diff knows which of its lines come back in the next plans."""
    pending = [
        (change.address, argument, " ".join(sentences(effect)))
        for change in resource_changes(*wait.plans)
        for effect in change.effects
        if effect.pending
        for argument in effect.arguments
    ]
    hidden = {(a, name) for a, name, words in pending if UNSEEN_IN_WINDOW in words}
    planned = {(a, name) for a, names in wait.applied.changed.items() for name in names}

    assert {(a, name) for a, name, _ in pending} == planned | {HIDDEN}
    assert hidden == {HIDDEN}


def test_the_window_ends_it(wait: Wait):
    """What was edited is so at last; what a spec alone took back is to be changed back."""
    assert wait.passed.changed == {"aws_db_instance.undone": ("instance_class",)}


def test_a_spec_takes_nothing_back(wait: Wait):
    """The old value is what AWS reports, so Terraform plans nothing, and the change still waits."""
    assert "aws_db_instance.undone" not in wait.again.changed
    assert wait.pending["prod-undone"] == {"DBInstanceClass": "db.t4g.small"}
