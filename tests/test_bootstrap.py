"""The stack of the state bucket."""

from compiler.backends.terraform.document import document
from compiler.plan.bootstrap import bootstrap_plan
from compiler.provider_schema import check

PLAN = bootstrap_plan("shop", "shop-terraform-state", "us-east-2")
RESOURCES = document(PLAN)["resource"]


def test_the_provider_takes_every_argument() -> None:
    """It is the first thing that a new user applies."""
    assert check(PLAN) == ()


def test_its_own_state_is_local() -> None:
    """The bucket cannot hold the state of its own creation."""
    assert document(PLAN)["terraform"]["backend"] == {"local": {"path": "terraform.tfstate"}}


def test_the_bucket_cannot_be_destroyed_by_accident() -> None:
    """With the state gone, Terraform would create everything a second time."""
    assert RESOURCES["aws_s3_bucket"]["state"] == {
        "bucket": "shop-terraform-state",
        "lifecycle": {"prevent_destroy": True},
    }


def test_a_state_that_was_overwritten_can_be_had_back() -> None:
    """Versions are the only backup of a state."""
    versioning = RESOURCES["aws_s3_bucket_versioning"]["state"]["versioning_configuration"]

    assert versioning == {"status": "Enabled"}


def test_the_public_has_no_way_in() -> None:
    """A state names every resource, and may hold secrets."""
    block = dict(RESOURCES["aws_s3_bucket_public_access_block"]["state"])
    del block["bucket"]

    assert block == {
        "block_public_acls": True,
        "block_public_policy": True,
        "ignore_public_acls": True,
        "restrict_public_buckets": True,
    }


def test_only_tls_gets_through() -> None:
    """A state must not cross a network in the clear."""
    assert RESOURCES["aws_s3_bucket_policy"]["state"]["policy"] == (
        '{"Statement":[{"Action":"s3:*","Condition":{"Bool":{"aws:SecureTransport":"false"}},'
        '"Effect":"Deny","Principal":"*","Resource":["${aws_s3_bucket.state.arn}",'
        '"${aws_s3_bucket.state.arn}/*"],"Sid":"TlsOnly"}],"Version":"2012-10-17"}'
    )


def test_the_bucket_is_encrypted() -> None:
    """With S3's own key, which costs nothing and needs no further permission."""
    rule = RESOURCES["aws_s3_bucket_server_side_encryption_configuration"]["state"]["rule"]

    assert rule == {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}
