"""What AWS refuses while a resource is replaced, as the notes of the table of changes say."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from compiler.changes.effects import Verdict, rows_of
from tests.aws.account import Account
from tests.aws.changing import MASTER, REGION, answer

PLACE = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """An account with a network of its own."""
    opened = Account()
    yield opened
    opened.close()


def _subnets(account: Account) -> list[str]:
    found = account.client("ec2", REGION).describe_subnets()["Subnets"]
    return [subnet["SubnetId"] for subnet in found]


def database_subnets(account: Account) -> str:
    """Deletes the subnet group that a database is in."""
    rds, group = account.client("rds", REGION), {"DBSubnetGroupName": "used"}
    rds.create_db_subnet_group(
        DBSubnetGroupDescription="d", SubnetIds=_subnets(account)[:2], **group
    )
    size = {"DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20}
    rds.create_db_instance(
        DBInstanceIdentifier="inside", Engine="postgres", **group, **size, **MASTER
    )
    return answer(rds.delete_db_subnet_group, **group)


def cache_subnets(account: Account) -> str:
    """Deletes the subnet group that a cache is in."""
    client, group = account.client("elasticache", REGION), {"CacheSubnetGroupName": "used"}
    client.create_cache_subnet_group(
        CacheSubnetGroupDescription="d", SubnetIds=_subnets(account)[:2], **group
    )
    client.create_replication_group(
        ReplicationGroupId="inside", ReplicationGroupDescription="d", **group
    )
    return answer(client.delete_cache_subnet_group, **group)


def bucket(account: Account) -> str:
    """Deletes a bucket that something is in."""
    s3 = account.client("s3", REGION)
    s3.create_bucket(Bucket="not-empty", **PLACE)
    s3.put_object(Bucket="not-empty", Key="k", Body=b"x")
    return answer(s3.delete_bucket, Bucket="not-empty")


def secret(account: Account) -> str:
    """Gives a new secret the name of one that was deleted a moment ago."""
    client = account.client("secretsmanager", REGION)
    client.create_secret(Name="gone", SecretString="{}")
    client.delete_secret(SecretId="gone", RecoveryWindowInDays=7)
    return answer(client.create_secret, Name="gone", SecretString="{}")


TRIED: Mapping[tuple[str, str], tuple[Callable[[Account], str], str]] = {
    ("aws_db_subnet_group", "name"): (database_subnets, "InvalidDBSubnetGroupStateFault"),
    ("aws_elasticache_subnet_group", "name"): (cache_subnets, "CacheSubnetGroupInUse"),
    ("aws_s3_bucket", "bucket"): (bucket, "BucketNotEmpty"),
    ("aws_secretsmanager_secret", "name"): (secret, "InvalidRequestException"),
}
"""Type and argument -> what its replacement tries, and how AWS refuses it."""


@pytest.mark.parametrize(
    ("replaced", "tried"),
    TRIED.items(),
    ids=lambda pair: pair[0] if isinstance(pair[0], str) else "",
)
def test_a_replacement_is_refused_as_the_note_says(
    account: Account, replaced: tuple[str, str], tried: tuple[Callable[[Account], str], str]
):
    """The plan shows a replacement, and the apply stops in the middle of it."""
    (row,) = (r for r in rows_of(*replaced) if r.effect.verdict is Verdict.REPLACES)
    call, code = tried

    assert call(account) == code
    assert "AWS refuses" in row.effect.reason
