"""S3: lifecycle rules keep how many old versions stay, and policies may name everybody."""

import json
from types import SimpleNamespace
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

COUNT = "NewerNoncurrentVersions"

_set = FakeBucket.set_lifecycle
_serialized = S3Response.serialized
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


def close() -> None:
    """Replaces the two methods that forget the number, and the one that reads policies."""
    FakeBucket._log_permissions_enabled_policy = staticmethod(_may_log)
    FakeBucket.set_lifecycle = _set_lifecycle
    S3Response.serialized = _with_versions
