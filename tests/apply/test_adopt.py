"""What docs/how-to/adopt-existing-resources.md promises, done on the stand-in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compiler.backends.terraform.worker import synthesize
from tests.apply.edits import documents, written
from tests.apply.standing import plans_of
from tests.aws.account import Account
from tests.aws.stack import Stack
from tests.pages import DOCS, START, snippets
from tests.terraform import terraform_available, terraform_missing

pytestmark = [
    pytest.mark.skipif(not terraform_available(), reason=terraform_missing()),
    pytest.mark.xdist_group("aws"),  # they share what was applied
]

PAGE = DOCS / "how-to" / "adopt-existing-resources.md"
ZONE, BUCKET = "aws_route53_zone.zone", "aws_s3_bucket.media"
NAME = "myapp-uploads"
"""The bucket of the page."""


def _import_blocks(zone: str) -> str:
    """The file that the page tells to write, with the id of a zone that is there."""
    (shell,) = [s.text for s in snippets(PAGE) if s.language == "sh" and "imports.tf" in s.text]
    return shell.split("<<'TF'\n")[1].split("TF\n")[0].replace("Z0123456789ABCDEFGHIJ", zone)


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """An account with a zone and a bucket that hold something."""
    opened = Account()
    route53, s3 = opened.client("route53", "us-east-2"), opened.client("s3", "us-east-2")
    route53.create_hosted_zone(Name="myapp-example.com", CallerReference="by hand")
    s3.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": "us-east-2"})
    s3.put_object(Bucket=NAME, Key="picture.jpg", Body=b"kept")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def stack(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The first spec of the documentation, for that bucket, with the import blocks beside it."""
    document: dict[str, Any] = documents(START)["prod"]
    document["components"]["media"]["bucket"] = NAME
    folder: Path = tmp_path_factory.mktemp("adopt")
    plans = plans_of(written(document, "prod"), "app.yaml")
    (folder / "cdk.tf.json").write_text(synthesize({"prod": plans["prod"]})["prod"])
    (zone,) = account.client("route53", "us-east-2").list_hosted_zones()["HostedZones"]
    (folder / "imports.tf").write_text(_import_blocks(zone["Id"].split("/")[-1]))
    return Stack(folder, account.endpoint).prepare()


def test_what_is_there_is_adopted_and_the_rest_is_made(stack: Stack):
    """No resource of the account is destroyed or replaced, and none is made a second time."""
    actions = dict(stack.plan().actions)
    adopted = {address: actions.pop(address) for address in (ZONE, BUCKET)}

    assert adopted == {ZONE: "import and update", BUCKET: "import and update"}
    assert set(actions.values()) == {"create"}


def test_what_was_adopted_stays_what_it_was(stack: Stack, account: Account):
    """The apply gives it tags; content and name servers are as before."""
    (before,) = account.client("route53", "us-east-2").list_hosted_zones()["HostedZones"]
    stack.apply(ZONE, BUCKET)
    (after,) = account.client("route53", "us-east-2").list_hosted_zones()["HostedZones"]
    kept = account.client("s3", "us-east-2").get_object(Bucket=NAME, Key="picture.jpg")

    assert after["Id"] == before["Id"]
    assert kept["Body"].read() == b"kept"
    assert {ZONE, BUCKET} <= set(stack.addresses)


def test_import_blocks_may_go_afterwards(stack: Stack):
    """As the page says; then Terraform wants nothing of the two any more."""
    (stack.folder / "imports.tf").unlink()

    assert stack.plan().actions.keys().isdisjoint({ZONE, BUCKET})
