"""How what is kept is protected: databases, caches, buckets and secrets."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from tests.aws.facts.permissions import statement
from tests.aws.facts.reader import Lines, Reader, pairs


def databases(reader: Reader) -> Lines:
    """How each is protected."""
    for database in reader.client("rds").describe_db_instances()["DBInstances"]:
        if managed := database.get("MasterUserSecret"):
            secret = managed["SecretArn"].split(":secret:")[1][: -len("-abcdef")]
            reader.names[secret] = f"of RDS for {database['DBInstanceIdentifier']}"
        kept = {key: database[key] for key in DATABASE_SETTINGS}
        yield f"{database['DBInstanceIdentifier']}: {pairs(kept)}"


DATABASE_SETTINGS = (
    "BackupRetentionPeriod",
    "DeletionProtection",
    "MultiAZ",
    "PubliclyAccessible",
    "StorageEncrypted",
)


def caches(reader: Reader) -> Lines:
    """How each is protected."""
    for group in reader.client("elasticache").describe_replication_groups()["ReplicationGroups"]:
        kept = {key: group[key] for key in CACHE_SETTINGS}
        yield f"{group['ReplicationGroupId']}: {pairs(kept)}"


CACHE_SETTINGS = ("AtRestEncryptionEnabled", "AutomaticFailover", "TransitEncryptionEnabled")


def buckets(reader: Reader) -> Lines:
    """Their locks, and every statement of their policies."""
    client = reader.client("s3")
    for bucket in (b["Name"] for b in client.list_buckets()["Buckets"]):
        versions = client.get_bucket_versioning(Bucket=bucket).get("Status", "never enabled")
        yield f"{bucket}: versioning {versions}"
        for what, answer in BUCKET_SETTINGS.items():
            yield from (f"{bucket}: {line}" for line in _setting(client, bucket, what, answer))


def _setting(
    client: Any, bucket: str, what: str, lines: Callable[[Mapping[str, Any]], Iterable[str]]
) -> Iterable[str]:
    """What a bucket has of a setting that it may also lack, which S3 calls an error."""
    try:
        return lines(getattr(client, f"get_{what}")(Bucket=bucket))
    except ClientError as error:
        if not error.response["Error"]["Code"].startswith(("NoSuch", "ServerSide")):
            raise
        return (f"no {what}",)


def _locks(answer: Mapping[str, Any]) -> Iterable[str]:
    locks = answer["PublicAccessBlockConfiguration"]
    return (" ".join(sorted(lock for lock, shut in locks.items() if shut)),)


def _algorithms(answer: Mapping[str, Any]) -> Iterable[str]:
    rules = answer["ServerSideEncryptionConfiguration"]["Rules"]
    return (rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] for rule in rules)


def _policy(answer: Mapping[str, Any]) -> Iterable[str]:
    return map(statement, json.loads(answer["Policy"])["Statement"])


BUCKET_SETTINGS: Mapping[str, Callable[[Mapping[str, Any]], Iterable[str]]] = {
    "public_access_block": _locks,
    "bucket_encryption": _algorithms,
    "bucket_policy": _policy,
}


def secrets(reader: Reader) -> Lines:
    """That each has a value of some length, and never the value."""
    client = reader.client("secretsmanager")
    for secret in client.list_secrets()["SecretList"]:
        reader.names[secret["ARN"]] = f"secret {secret['Name']}"
        versions = client.list_secret_version_ids(SecretId=secret["ARN"])["Versions"]
        yield f"{secret['Name']}: {_length(client, secret['ARN']) if versions else 'no value'}"


def _length(client: Any, arn: str) -> str:
    value = client.get_secret_value(SecretId=arn)["SecretString"]
    try:
        return " ".join(sorted(json.loads(value)))
    except ValueError:
        return f"{len(value)} characters"
