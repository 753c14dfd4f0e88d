"""What a bucket becomes and what it costs."""

from collections.abc import Iterator, Mapping

from compiler.aws.metering import KMS_KEYS, each_use
from compiler.aws.names import bucket_name, bucket_ref, policies_of
from compiler.aws.permissions import allow
from compiler.card import Card, Place, listed
from compiler.graph.graph import Edge, Graph, Kind, Kinds, Relation
from compiler.graph.references import Reference
from compiler.plan.access import Lasting, PolicyStatement
from compiler.plan.guards import ALL, BILLED, PRIVATE, Guards, set_field
from compiler.plan.names import Named, Names, Scope
from compiler.plan.outputs import Tellings, Told
from compiler.plan.plan import Assumption, Block, Join, Json, Meter, Omission, Output, Ref, Value
from trazo_spec.base import Access
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.s3 import S3
from trazo_spec.diagnostics import SpecPath
from trazo_spec.document import Spec

ICON = "aws.storage.SimpleStorageServiceS3"

USAGE: Mapping[str, Assumption] = {
    "stored_gb": Assumption(
        1, 5, 100, "GB", "a small web application; old versions count too", stored=True
    ),
    "put_requests": Assumption(
        1_000, 10_000, 500_000, "request", "uploads, deployments of static files, log deliveries"
    ),
    "get_requests": Assumption(5_000, 50_000, 2_000_000, "request", "reads by tasks"),
    "gb_out": Assumption(
        0, 2, 100, "GB", "what browsers download directly from the bucket, through signed URLs"
    ),
}

# Chosen: long enough for any upload that still runs, short enough to cost nothing.
ABORT_UPLOADS_AFTER_DAYS = 7

# What browsers may be given links to; CloudFront serves static files, and nobody fetches logs.
FETCHED = ("media", "general")

ACCOUNT = Ref("data.aws_caller_identity.current", "account_id")


def _references(s3: S3) -> Iterator[Reference]:
    if s3.access_logs is not None:
        yield Reference(("access_logs", "bucket"), s3.access_logs.bucket, "logs to", (S3,))


def _edges(name: str, s3: S3, _spec: Spec, _kinds: Kinds) -> Iterator[Edge]:
    if s3.access_logs is not None:
        where = ("components", name, "access_logs", "bucket")
        yield Edge(name, s3.access_logs.bucket, Relation.LOGS_TO, where)


def _links(source: str, name: str, _s3: S3, access: Access, path: SpecPath) -> Iterator[Edge]:
    if access in ("read", "read_write"):
        yield Edge(source, name, Relation.READS, path, 443)
    if access in ("write", "read_write"):
        yield Edge(source, name, Relation.WRITES, path, 443)


def _gives(name: str, _s3: S3, graph: Graph) -> Iterator[tuple[str, Value]]:
    yield "BUCKET", bucket_ref(name, "bucket", graph)


def _allows(accesses: Mapping[str, Access], graph: Graph) -> Iterator[PolicyStatement]:
    """What a task may do with its buckets: one statement for all of them."""
    asked = {bucket_ref(name, "arn", graph): access for name, access in accesses.items()}
    read = [arn for arn, access in asked.items() if access in ("read", "read_write")]
    write = [arn for arn, access in asked.items() if access in ("write", "read_write")]
    if read:
        yield allow("ListBuckets", ("s3:ListBucket",), *read)
        yield allow("ReadObjects", ("s3:GetObject",), *(Join((arn, "/*")) for arn in read))
    if write:
        changes = ("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject")
        yield allow("WriteObjects", changes, *(Join((arn, "/*")) for arn in write))


def blocks(name: str, s3: S3, graph: Graph) -> Iterator[Block]:
    """The bucket with all that keeps it private, and who may read or write it from outside."""
    if s3.existing:
        yield Block("aws_s3_bucket", name, {"bucket": s3.bucket}, name, mode="data")
        return
    keep = graph.production and not s3.force_destroy
    yield Block(
        "aws_s3_bucket",
        name,
        {"bucket": bucket_name(graph, name, s3.bucket), "force_destroy": s3.force_destroy},
        name,
        lifecycle={"prevent_destroy": True} if keep else {},
    )
    yield from _private(name, s3)
    yield _lifecycle(name, s3)
    # AWS answers with a conflict when a bucket's policy and its public access change at once.
    yield Block(
        "aws_s3_bucket_policy",
        name,
        {"bucket": _id(name), "policy": Json(_policy(name, graph))},
        name,
        depends_on=(f"aws_s3_bucket_public_access_block.{name}",),
    )
    if s3.access_logs is not None:
        yield Block(
            "aws_s3_bucket_logging",
            name,
            {
                "bucket": _id(name),
                "target_bucket": bucket_ref(s3.access_logs.bucket, "id", graph),
                "target_prefix": f"{name}/",
            },
            name,
            depends_on=policies_of(s3.access_logs.bucket, graph),
        )


def _id(bucket: str) -> Ref:
    return Ref(f"aws_s3_bucket.{bucket}", "id")


def _private(name: str, s3: S3) -> Iterator[Block]:
    """Encryption, no public access, no ACLs, versions."""
    # S3's own key: a load balancer cannot write logs under a KMS key.
    # Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    algorithm = {"apply_server_side_encryption_by_default": [{"sse_algorithm": "AES256"}]}
    settings: dict[str, dict[str, Value]] = {
        "aws_s3_bucket_ownership_controls": {
            "rule": [{"object_ownership": "BucketOwnerEnforced"}],
        },
        "aws_s3_bucket_public_access_block": {
            "block_public_acls": True,
            "block_public_policy": True,
            "ignore_public_acls": True,
            "restrict_public_buckets": True,
        },
        "aws_s3_bucket_server_side_encryption_configuration": {"rule": [algorithm]},
        "aws_s3_bucket_versioning": {
            # Suspended, not Disabled: S3 takes the latter only where versions never were.
            "versioning_configuration": [{"status": "Enabled" if s3.versioning else "Suspended"}],
        },
    }
    for kind, body in settings.items():
        yield Block(kind, name, {"bucket": _id(name), **body}, name)


def _lifecycle(name: str, s3: S3) -> Block:
    rule: dict[str, Value] = {
        "id": "retention",
        "status": "Enabled",
        "filter": [{"prefix": ""}],
        "abort_incomplete_multipart_upload": [{"days_after_initiation": ABORT_UPLOADS_AFTER_DAYS}],
    }
    if s3.lifecycle.expire_days is not None:
        rule["expiration"] = [{"days": s3.lifecycle.expire_days}]
    if s3.lifecycle.noncurrent_expire_days is not None:
        days = s3.lifecycle.noncurrent_expire_days
        rule["noncurrent_version_expiration"] = [{"noncurrent_days": days}]
    return Block(
        "aws_s3_bucket_lifecycle_configuration",
        name,
        {"bucket": _id(name), "rule": [rule]},
        name,
        depends_on=(f"aws_s3_bucket_versioning.{name}",),
    )


def _policy(name: str, graph: Graph) -> Value:
    arn = Ref(f"aws_s3_bucket.{name}", "arn")
    tls_only: Value = {
        "Sid": "DenyWithoutTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, Join((arn, "/*"))],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [tls_only, *_granted(name, graph)]}


def _granted(name: str, graph: Graph) -> tuple[Value, ...]:
    """What others may do with the bucket."""
    return (*_distributions(name, graph), *_load_balancers(name, graph), *_buckets(name, graph))


def outputs(graph: Graph) -> Iterator[Output]:
    """The statements that somebody has to put into the policy of a bucket that is not ours."""
    for name, s3 in graph.of(S3):
        if s3.existing and (granted := _granted(name, graph)):
            yield Output(
                f"{name}_policy_statements",
                Json(granted),
                f"Statements that the policy of the bucket of {name} needs, as JSON",
            )


def _objects(bucket: str, graph: Graph, *path: str | Ref) -> Join:
    return Join((bucket_ref(bucket, "arn", graph), "/", *path, "*"))


def _distributions(name: str, graph: Graph) -> Iterator[Value]:
    """CloudFront reads a bucket that is its origin, as one distribution or as its identity."""
    for cdn, component in graph.of(Cloudfront):
        if component.origin != name:
            continue
        statement: dict[str, Value] = {
            "Sid": f"ReadBy{_words(cdn)}",
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": _objects(name, graph),
        }
        if component.origin_access == "oai":
            identity = Ref(f"aws_cloudfront_origin_access_identity.{cdn}", "iam_arn")
            yield {**statement, "Principal": {"AWS": identity}}
        else:
            source = Ref(f"aws_cloudfront_distribution.{cdn}", "arn")
            yield {
                **statement,
                "Principal": {"Service": "cloudfront.amazonaws.com"},
                "Condition": {"StringEquals": {"AWS:SourceArn": source}},
            }


def _load_balancers(name: str, graph: Graph) -> Iterator[Value]:
    """Load balancers write their access logs below their own name.

    The path holds the account, which is how AWS keeps others out: it does not say whether its log
    delivery sends `aws:SourceArn`, and with a key that is missing no log would arrive.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """
    for alb, component in graph.of(Alb):
        if component.access_logs is not None and component.access_logs.bucket == name:
            yield {
                "Sid": f"LogsOf{_words(alb)}",
                "Effect": "Allow",
                "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": _objects(name, graph, f"{alb}/AWSLogs/", ACCOUNT, "/"),
            }


def _buckets(name: str, graph: Graph) -> Iterator[Value]:
    """S3 writes the access logs of other buckets below their names.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    for source, component in graph.of(S3):
        if component.access_logs is not None and component.access_logs.bucket == name:
            yield {
                "Sid": f"LogsOf{_words(source)}",
                "Effect": "Allow",
                "Principal": {"Service": "logging.s3.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": _objects(name, graph, f"{source}/"),
                "Condition": {
                    "ArnLike": {"aws:SourceArn": bucket_ref(source, "arn", graph)},
                    "StringEquals": {"aws:SourceAccount": ACCOUNT},
                },
            }


def _words(name: str) -> str:
    """A name as a part of a statement's id, which holds only letters and digits."""
    return "".join(word.capitalize() for word in name.split("_"))


def meters(name: str, s3: S3, graph: Graph) -> Iterator[Meter]:
    """Storage and requests, and for uploads what leaves the bucket without a CDN.

    A bucket that nothing uses stays empty, unless the spec says what is in it. One that is only
    looked up is on somebody else's bill.
    """
    if s3.existing or (not any(graph.edges_to(name)) and name not in graph.spec.traffic.usage):
        return

    item, what = "s3_standard_storage_gb_month", "stored data"
    yield each_use(name, item, "GB-month", "stored_gb", what)
    item, what = "s3_standard_put_copy_post_list_request", "write and list requests"
    yield each_use(name, item, "request", "put_requests", what)
    if _is_read_by_others(name, graph):
        item, what = "s3_standard_get_and_other_request", "reads"
        yield each_use(name, item, "request", "get_requests", what)
    if s3.purpose in FETCHED:
        item, what = (
            "data_transfer_internet_out_gb",
            "downloaded from the bucket through signed URLs",
        )
        yield each_use(name, item, "GB", "gb_out", what)


def _is_read_by_others(name: str, graph: Graph) -> bool:
    """Whether anything but CloudFront asks for files, whose requests stand on its own lines."""
    stated = graph.spec.traffic.usage.get(name)
    users = [graph.spec.components.get(edge.source) for edge in graph.edges_to(name)]
    only_cdn = bool(users) and all(isinstance(user, Cloudfront) for user in users)
    return not only_cdn or (stated is not None and stated.get_requests is not None)


def card(name: str, s3: S3, graph: Graph) -> Card:
    """A bucket with who reads and writes it."""
    users = listed(_users(name, graph))
    unused = "no logs are written here" if s3.purpose in ("alb_logs", "logs") else "not linked"
    return Card(
        f"Existing S3 {name}" if s3.existing else f"S3 {name}",
        Place.REGION,
        users,
        "\n".join(users),
        keeps_data=True,
        idle=unused,
        gateway="s3",
    )


def _users(name: str, graph: Graph) -> Iterator[str]:
    """For whom a bucket is an origin, which services use it, and whose logs it keeps."""
    reads = list(graph.edges_to(name, Relation.READS))
    origin_of = sorted({e.source for e in reads if e.detail == "origin"})
    reading = {e.source for e in reads}
    writing = {e.source for e in graph.edges_to(name, Relation.WRITES)}
    yield from (f"read by {n}" for n in origin_of)
    for who in sorted((reading | writing) - set(origin_of)):
        verbs = [v for v, doing in (("read", reading), ("written", writing)) if who in doing]
        yield f"{' and '.join(verbs)} by {who}"
    yield from (f"logs of {e.source}" for e in graph.edges_to(name, Relation.LOGS_TO))


_OWN_BLOCK = "this is set in separate blocks of the bucket, with which it would conflict"

GUARDS: Guards = {
    "aws_s3_bucket": {
        "acceleration_status": BILLED,
        "acl": PRIVATE,
        "bucket": set_field("bucket"),
        "bucket_namespace": set_field("bucket"),
        "bucket_prefix": set_field("bucket"),
        "force_destroy": set_field("force_destroy"),
        "grant": PRIVATE,
        "lifecycle_rule": set_field("lifecycle"),
        "logging": set_field("access_logs"),
        "policy": _OWN_BLOCK,
        "replication_configuration": BILLED,
        "server_side_encryption_configuration": _OWN_BLOCK,
        "versioning": set_field("versioning"),
        "website": "bucket websites are public; use a `cloudfront` component",
    },
    "aws_s3_bucket_lifecycle_configuration": {
        "bucket": set_field("lifecycle"),
        "rule.expiration": set_field("lifecycle.expire_days"),
        "rule.filter": set_field("lifecycle"),
        "rule.noncurrent_version_expiration": set_field("lifecycle.noncurrent_expire_days"),
        "rule.noncurrent_version_transition": "other storage classes have other prices",
        "rule.status": set_field("lifecycle"),
        "rule.transition": "other storage classes have other prices",
    },
    "aws_s3_bucket_logging": {ALL: set_field("access_logs")},
    "aws_s3_bucket_ownership_controls": {ALL: PRIVATE},
    "aws_s3_bucket_policy": {ALL: "it is derived from `origin`, `access_logs` and `uses`"},
    "aws_s3_bucket_public_access_block": {ALL: PRIVATE},
    "aws_s3_bucket_server_side_encryption_configuration": {ALL: PRIVATE},
    "aws_s3_bucket_versioning": {ALL: set_field("versioning")},
}


TOLD: Tellings = {
    "aws_s3_bucket": (Told("bucket", "bucket", "The bucket's name"),),
}

UNPRICED = (
    KMS_KEYS,
    Omission(
        "S3 storage classes other than Standard, versions, replication, inventory",
        "`stored_gb` is priced as Standard; include the size of versions in it",
    ),
)


# Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
NAMES: Names = {"aws_s3_bucket": Named("bucket", Scope.GLOBAL, 63, "bucket")}


KIND = Kind(
    noun="bucket",
    icon=ICON,
    usage=USAGE,
    blocks=blocks,
    meters=meters,
    unpriced=UNPRICED,
    card=card,
    references=_references,
    existing=lambda s3: s3.existing,
    edges=_edges,
    links=_links,
    gives=_gives,
    allows=_allows,
    outputs=outputs,
    lasting={"aws_s3_bucket": Lasting(("bucket", "bucket_prefix", "object_lock_enabled"))},
    names=NAMES,
    guards=GUARDS,
    told=TOLD,
)
