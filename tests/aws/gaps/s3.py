"""S3: lifecycle rules keep how many old versions stay; versioning and ownership have rules."""

import json
from types import SimpleNamespace
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import MalformedXML, S3ClientError
from moto.s3.models import OWNER, FakeBucket, S3Backend
from moto.s3.responses import S3Response

COUNT = "NewerNoncurrentVersions"

_set = FakeBucket.set_lifecycle
_serialized = S3Response.serialized
_put_versioning = S3Backend.put_bucket_versioning
_put_ownership = S3Backend.put_bucket_ownership_controls
_may_log_by_policy = FakeBucket._log_permissions_enabled_policy


def _set_lifecycle(self: FakeBucket, rules: list[dict[str, Any]]) -> None:
    self.kept_versions = {
        rule["ID"]: rule["NoncurrentVersionExpiration"][COUNT]
        for rule in rules
        if COUNT in rule.get("NoncurrentVersionExpiration", {})
    }
    _set(self, rules)


def _with_versions(self: S3Response, result: ActionResult) -> Any:
    answered = isinstance(result.result, dict)  # else it is an error
    if answered and self.data.get("Action") == "GetBucketLifecycleConfiguration":
        kept = self.backend.get_bucket(self.bucket_name).kept_versions
        for rule in result.result["Rules"]:
            if rule["ID"] in kept:
                rule["NoncurrentVersionExpiration"][COUNT] = kept[rule["ID"]]
    return _serialized(self, result)


def _may_log(target_bucket: FakeBucket, target_prefix: str | None) -> bool:
    """Moto fails on a policy with a statement about everybody, whose principal is a plain `*`."""
    policy = json.loads(target_bucket.policy or b'{"Statement": []}')
    named = [s for s in policy["Statement"] if isinstance(s.get("Principal"), dict)]
    bucket = SimpleNamespace(
        name=target_bucket.name,
        partition=target_bucket.partition,
        policy=json.dumps({"Statement": named}).encode(),
    )
    return bool(_may_log_by_policy(bucket, target_prefix))


def _put_bucket_versioning(self: S3Backend, bucket_name: str, status: str) -> None:
    """Moto takes any word.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_VersioningConfiguration.html
    """
    if status not in ("Enabled", "Suspended"):
        raise MalformedXML
    _put_versioning(self, bucket_name, status)


def _put_bucket_ownership_controls(self: S3Backend, bucket_name: str, ownership: Any) -> None:
    """Moto lets access lists that AWS would refuse to end.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
    """
    if "BucketOwnerEnforced" in str(ownership) and _grants_others(self.get_bucket(bucket_name)):
        raise S3ClientError(
            "InvalidBucketAclWithObjectOwnership",
            "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
        )
    _put_ownership(self, bucket_name, ownership)


def _grants_others(bucket: FakeBucket) -> bool:
    grantees = (g for grant in bucket.acl.grants for g in grant.grantees) if bucket.acl else ()
    return any(grantee.id != OWNER for grantee in grantees)


def close() -> None:
    """Replaces what forgets the number, what reads policies, and what has rules."""
    S3Backend.put_bucket_versioning = _put_bucket_versioning
    S3Backend.put_bucket_ownership_controls = _put_bucket_ownership_controls
    FakeBucket._log_permissions_enabled_policy = staticmethod(_may_log)
    FakeBucket.set_lifecycle = _set_lifecycle
    S3Response.serialized = _with_versions
