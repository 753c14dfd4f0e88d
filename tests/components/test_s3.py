"""Buckets: never public, and open from outside only to whom the spec links them."""

from typing import Any

import pytest

from compiler.components import s3
from compiler.graph.graph import Graph
from compiler.plan.plan import Block, Join, Json, Ref
from tests.examples import by_address, graph_of, month, quantities
from trazo_spec.components.s3 import S3

EXAMPLE = {"purpose": "static"}

ACCOUNT = Ref("data.aws_caller_identity.current", "account_id")


def s3_of(graph: Graph, name: str) -> S3:
    """A bucket of a graph."""
    found = graph.spec.components[name]
    assert isinstance(found, S3)
    return found


def blocks(settings: str = "", environment: str = "prod", others: str = "") -> dict[str, Block]:
    """The blocks of the bucket `files` by address."""
    graph = graph_of(f"files: {{kind: s3, {settings}}}\n{others}", environment=environment)
    return by_address(s3.blocks("files", s3_of(graph, "files"), graph))


def statements(others: str = "", settings: str = "") -> dict[str, Any]:
    """The statements of the policy of the bucket `files`, by their ids."""
    policy = blocks(settings, others=others)["aws_s3_bucket_policy.files"].body["policy"]
    assert isinstance(policy, Json)
    document: Any = policy.document
    return {statement["Sid"]: statement for statement in document["Statement"]}


def rule(settings: str = "") -> Any:
    """The only lifecycle rule of the bucket `files`."""
    lifecycle = blocks(settings)["aws_s3_bucket_lifecycle_configuration.files"]
    rules: Any = lifecycle.body["rule"]
    assert len(rules) == 1
    return rules[0]


# The bucket


def test_a_bucket_has_the_projects_name_in_front():
    """Bucket names are unique over all of AWS."""
    assert blocks()["aws_s3_bucket.files"].body["bucket"] == "shop-prod-files"


def test_a_bucket_keeps_the_name_that_the_spec_gives():
    """A team may have one already, in links and in code."""
    assert blocks("bucket: our-files")["aws_s3_bucket.files"].body["bucket"] == "our-files"


def test_nothing_makes_a_bucket_public():
    """All four switches: each of them closes another way."""
    block = blocks()["aws_s3_bucket_public_access_block.files"]
    switches = {name: value for name, value in block.body.items() if name != "bucket"}

    assert switches == dict.fromkeys(
        (
            "block_public_acls",
            "block_public_policy",
            "ignore_public_acls",
            "restrict_public_buckets",
        ),
        True,
    )


def test_no_acl_counts():
    """Objects of a load balancer or of S3 itself then belong to the bucket's owner."""
    controls = blocks()["aws_s3_bucket_ownership_controls.files"]

    assert controls.body["rule"] == [{"object_ownership": "BucketOwnerEnforced"}]


@pytest.mark.parametrize(("versioning", "status"), [("true", "Enabled"), ("false", "Suspended")])
def test_versions_can_be_switched_off_later(versioning, status):
    """S3 knows no way back to a bucket that never had versions, so we never say `Disabled`."""
    block = blocks(f"versioning: {versioning}")["aws_s3_bucket_versioning.files"]

    assert block.body["versioning_configuration"] == [{"status": status}]


def test_old_versions_and_broken_uploads_go_by_themselves():
    """Nobody sees them, and they are billed like the rest."""
    found = rule()

    assert found["noncurrent_version_expiration"] == [{"noncurrent_days": 30}]
    assert found["abort_incomplete_multipart_upload"] == [{"days_after_initiation": 7}]
    assert "expiration" not in found


def test_objects_expire_when_the_spec_says_so():
    """Logs of last year answer no question."""
    assert rule("lifecycle: {expire_days: 90}")["expiration"] == [{"days": 90}]


def test_old_versions_stay_when_the_spec_says_so():
    """Some have to prove what was there."""
    found = rule("lifecycle: {noncurrent_expire_days: null}")

    assert "noncurrent_version_expiration" not in found


@pytest.mark.parametrize(
    ("settings", "environment", "kept"),
    [
        ("purpose: media", "prod", True),
        ("purpose: general", "prod", True),
        ("purpose: static", "prod", True),
        ("purpose: alb_logs", "prod", True),
        ("purpose: logs", "production", True),
        ("purpose: media", "staging", False),
        ("purpose: media, force_destroy: true", "prod", False),
    ],
)
def test_buckets_of_production_are_kept(settings, environment, kept):
    """Uploads and logs are gone for ever; who wants to let go of a bucket writes so."""
    bucket = blocks(settings, environment)["aws_s3_bucket.files"]

    assert bucket.lifecycle == ({"prevent_destroy": True} if kept else {})


# Who may do what


def test_requests_without_tls_are_refused():
    """TLS everywhere, also for whoever has keys."""
    deny = statements()["DenyWithoutTls"]

    assert deny["Effect"] == "Deny"
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len(deny["Resource"]) == 2


def test_a_bucket_that_nothing_links_lets_nobody_in():
    """Tasks of the account come in through their own roles."""
    assert list(statements()) == ["DenyWithoutTls"]


def test_one_distribution_reads_its_origin():
    """Not every distribution of every account, which the service alone would mean."""
    found = statements("my_cdn: {kind: cloudfront, hostname: a.example.com, origin: files}")
    read = found["ReadByMyCdn"]

    assert read["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert read["Action"] == "s3:GetObject"
    assert read["Condition"] == {
        "StringEquals": {"AWS:SourceArn": Ref("aws_cloudfront_distribution.my_cdn", "arn")}
    }


def test_an_origin_access_identity_reads_its_origin():
    """By the identity's ARN: with its canonical id, every plan would show a change."""
    cdn = "cdn: {kind: cloudfront, hostname: a.example.com, origin: files, origin_access: oai}"
    read = statements(cdn)["ReadByCdn"]

    identity = Ref("aws_cloudfront_origin_access_identity.cdn", "iam_arn")
    assert read["Principal"] == {"AWS": identity}
    assert "Condition" not in read


def test_a_load_balancer_writes_its_logs_below_its_own_name():
    """With the account's id in the path, no other account can write there."""
    alb = (
        "edge: {kind: alb, hostname: a.example.com, routes: [{to: web}],"
        " access_logs: {bucket: files}}\n"
        "web: {kind: ecs, image: x, port: 80}\n"
    )
    write = statements(alb, "purpose: alb_logs")["LogsOfEdge"]

    expected = Join((Ref("aws_s3_bucket.files", "arn"), "/", "edge/AWSLogs/", ACCOUNT, "/", "*"))
    assert write["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert expected == write["Resource"]


def test_another_bucket_writes_its_logs_below_its_own_name():
    """Only that bucket of this account: the service writes for everybody."""
    source = "media: {kind: s3, access_logs: {bucket: files}}"
    write = statements(source, "purpose: logs")["LogsOfMedia"]

    assert write["Resource"] == Join((Ref("aws_s3_bucket.files", "arn"), "/", "media/", "*"))
    assert write["Condition"] == {
        "ArnLike": {"aws:SourceArn": Ref("aws_s3_bucket.media", "arn")},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }


def test_logging_begins_when_the_logs_may_be_written():
    """S3 loses lines that it may not deliver."""
    graph = graph_of(
        "media: {kind: s3, access_logs: {bucket: logs}}\nlogs: {kind: s3, purpose: logs}"
    )
    found = by_address(s3.blocks("media", s3_of(graph, "media"), graph))

    logging = found["aws_s3_bucket_logging.media"]
    assert logging.body["target_prefix"] == "media/"
    assert logging.depends_on == ("aws_s3_bucket_policy.logs",)


def test_every_bucket_has_one_policy():
    """A second one would replace the first, apply after apply."""
    others = (
        "one: {kind: cloudfront, hostname: a.example.com, origin: files}\n"
        "two: {kind: cloudfront, hostname: b.example.com, origin: files}\n"
    )
    found = blocks(others=others)
    ids = list(statements(others))

    assert len([b for b in found.values() if b.type == "aws_s3_bucket_policy"]) == 1
    assert ids == ["DenyWithoutTls", "ReadByOne", "ReadByTwo"]


# The bill


def billed(purpose: str, others: str) -> dict[str, float]:
    """What the bucket `files` costs in a month."""
    graph = graph_of(f"files: {{kind: s3, purpose: {purpose}}}\n{others}")
    usage = {"stored_gb": 10.0, "put_requests": 1_000.0, "get_requests": 5_000.0, "gb_out": 3.0}
    return quantities(s3.meters("files", s3_of(graph, "files"), graph), month(usage))


CDN = "cdn: {kind: cloudfront, hostname: a.example.com, origin: files}"
SERVICE = "web: {kind: ecs, image: x, uses: {files: read_write}}"


def test_storage_and_requests_are_billed_by_use():
    """What leaves the bucket goes through CloudFront, which is free."""
    assert billed("static", f"{CDN}\n{SERVICE}") == {
        "s3_standard_storage_gb_month": 10,
        "s3_standard_put_copy_post_list_request": 1_000,
        "s3_standard_get_and_other_request": 5_000,
    }


def test_what_only_cloudfront_reads_is_on_its_own_bill():
    """Else its requests would be counted twice."""
    assert "s3_standard_get_and_other_request" not in billed("static", CDN)


def test_what_leaves_a_bucket_of_uploads_is_billed():
    """Signed links lead browsers past every CDN."""
    assert billed("media", SERVICE)["data_transfer_internet_out_gb"] == 3


def test_a_bucket_that_nothing_uses_costs_nothing():
    """The default use would be somebody else's."""
    assert billed("alb_logs", "") == {}
