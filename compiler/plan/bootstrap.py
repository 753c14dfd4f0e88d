"""The small stack that creates the bucket for Terraform's state; its own state stays local."""

from compiler.plan.plan import Block, Join, Json, Output, Plan, Ref, Value
from trazo_spec.base import Provider

NAME = "state"
ENVIRONMENT = "bootstrap"
# Chosen: a broken state is noticed within days; three months of history are kept, and never fewer
# than the last ten versions.
OLD_VERSION_DAYS = 90
OLD_VERSIONS = 10
# Chosen: an upload of a state file takes seconds.
UNFINISHED_UPLOAD_DAYS = 7

_BUCKET = f"aws_s3_bucket.{NAME}"
_ID = Ref(_BUCKET, "id")
_ARN = Ref(_BUCKET, "arn")


def bootstrap_plan(
    project: str, bucket: str, region: str, *, provider: Provider = 5, account: str | None = None
) -> Plan:
    """The plan of the state bucket: private, encrypted, versioned, and safe from `destroy`."""
    blocks = (
        Block("aws_s3_bucket", NAME, {"bucket": bucket}, lifecycle={"prevent_destroy": True}),
        _part("lifecycle_configuration", _lifecycle(), (f"aws_s3_bucket_versioning.{NAME}",)),
        _part("ownership_controls", {"rule": {"object_ownership": "BucketOwnerEnforced"}}),
        # S3 refuses two changes of one bucket's access at the same time.
        _part("policy", {"policy": _tls_only()}, (f"aws_s3_bucket_public_access_block.{NAME}",)),
        _part("public_access_block", _private()),
        _part("server_side_encryption_configuration", _encrypted()),
        _part("versioning", {"versioning_configuration": {"status": "Enabled"}}),
    )
    return Plan(
        project=project,
        environment=ENVIRONMENT,
        region=region,
        account=account,
        state=None,
        blocks=blocks,
        outputs=(Output("state_bucket", _ID, "The bucket that holds the state."),),
        provider=provider,
    )


def _part(aspect: str, body: dict[str, Value], after: tuple[str, ...] = ()) -> Block:
    return Block(f"aws_s3_bucket_{aspect}", NAME, {"bucket": _ID, **body}, depends_on=after)


def _private() -> dict[str, Value]:
    return {
        "block_public_acls": True,
        "block_public_policy": True,
        "ignore_public_acls": True,
        "restrict_public_buckets": True,
    }


def _encrypted() -> dict[str, Value]:
    rule: dict[str, Value] = {"sse_algorithm": "AES256"}
    return {"rule": {"apply_server_side_encryption_by_default": rule}}


def _lifecycle() -> dict[str, Value]:
    return {
        "rule": {
            "id": "old-versions",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "noncurrent_version_expiration": {
                "noncurrent_days": OLD_VERSION_DAYS,
                "newer_noncurrent_versions": OLD_VERSIONS,
            },
            "abort_incomplete_multipart_upload": {"days_after_initiation": UNFINISHED_UPLOAD_DAYS},
        }
    }


def _tls_only() -> Json:
    """Refuses whatever does not come over TLS."""
    statement: dict[str, Value] = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [_ARN, Join((_ARN, "/*"))],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return Json({"Version": "2012-10-17", "Statement": [statement]})
