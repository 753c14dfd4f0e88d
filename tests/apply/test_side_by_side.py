"""Two applications in one account, each with a prefix of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from compiler.backends.terraform.worker import synthesize
from tests.apply.standing import plans_of
from tests.aws.account import Account
from tests.aws.stack import Stack
from tests.terraform import terraform_available, terraform_missing

pytestmark = pytest.mark.skipif(not terraform_available(), reason=terraform_missing())

APPLICATION = """\
trazo: 1
name: {name}
region: us-east-2
names: {{prefix: {name}}}
state: {{bucket: {name}-example-terraform-state}}
components:
  web:
    kind: ecs
    image: "acme/web:1"
    port: 8000
    secrets: {{KEY: api_key}}
    uses: {{db: connect, media: read_write}}
  alb: {{kind: alb, hostname: www.{name}.example.com, routes: [{{to: web}}]}}
  db: {{kind: rds}}
  media: {{kind: s3, purpose: media}}
  zone: {{kind: dns, zone: {name}.example.com}}
"""


@pytest.fixture
def account() -> Iterator[Account]:
    """An empty account."""
    result = Account()
    yield result
    result.close()


def test_two_prefixed_applications_share_an_account(tmp_path: Path, account: Account):
    """Without prefixes the second apply stops at the first name that is taken."""
    plans = {
        name: plans_of(APPLICATION.format(name=name), "spec.yaml") for name in ("shop", "blog")
    }
    texts = synthesize({name: each["prod"] for name, each in plans.items()})
    stacks = {}
    for name, text in texts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "cdk.tf.json").write_text(text)
        stacks[name] = Stack(tmp_path / name, account.endpoint).prepare()
        stacks[name].apply()

    assert {name: stack.plan().lines() for name, stack in stacks.items()} == {
        "shop": "",
        "blog": "",
    }
    for name, stack in stacks.items():
        own = [b.address for b in plans[name]["prod"].blocks if b.mode == "managed"]
        assert list(stack.addresses) == sorted(own)
    names = {lb["LoadBalancerName"] for lb in _load_balancers(account)}
    assert names == {"shop-prod-alb", "blog-prod-alb"}


def _load_balancers(account: Account) -> list[dict[str, str]]:
    client = account.client("elbv2", "us-east-2")
    return list(client.describe_load_balancers()["LoadBalancers"])
