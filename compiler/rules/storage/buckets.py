"""Rules about buckets and what CloudFront serves from them."""

from collections.abc import Iterator

from compiler.aws.names import bucket_name
from compiler.graph.graph import Graph, Relation
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.s3 import S3
from trazo_spec.diagnostics import Remedy, Severity, SpecPath
from trazo_spec.text import bucket_problem

OF_A_NEW_BUCKET = ("versioning", "lifecycle", "access_logs", "force_destroy")
LOG_PURPOSES = ("alb_logs", "logs")

# Regions that opened after December 2022, where an origin access identity cannot read buckets.
# Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
REGIONS_WITHOUT_OAI = frozenset(
    {
        "ap-east-2",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "il-central-1",
        "mx-central-1",
    }
)


@rule("TZ445", Severity.ERROR, local=True)
def generated_bucket_name(graph: Graph) -> Iterator[Finding]:
    """The generated name of a bucket is not valid in S3.

    The name consists of the project, the environment and the component, with `-` for `_`.

    ```yaml
    media_: {kind: s3}   # bad, acme-prod-media- ends with a hyphen
    media:  {kind: s3}   # good
    ```
    """
    for name, bucket in graph.of(S3):
        made = bucket_name(graph, name, bucket.bucket)
        if bucket.bucket is None and (problem := bucket_problem(made)):
            message = f"the bucket of `{name}` would be named `{made}`, but this name {problem}"
            yield Finding(("components", name), message, "set its name with `bucket:`")


@rule("TZ446", Severity.ERROR, local=True)
def bucket_name_twice(graph: Graph) -> Iterator[Finding]:
    """Two buckets have the same name, or one has the name of the state bucket.

    A bucket name must be unique across all of AWS.

    ```yaml
    state: {bucket: acme-state}
    media: {kind: s3, bucket: acme-state}   # bad
    media: {kind: s3, bucket: acme-media}   # good
    ```
    """
    first: dict[str, SpecPath] = {graph.spec.state.bucket: ("state", "bucket")}
    for name, bucket in graph.of(S3):
        made = bucket_name(graph, name, bucket.bucket)
        path: SpecPath = ("components", name, "bucket")
        if made in first:
            other = first[made]
            whose = "Terraform's state" if other[0] == "state" else f"`{other[1]}`"
            message = f"the bucket of `{name}` is named `{made}`, like the bucket of {whose}"
            yield Finding(path, message, "give it another name", (other,))
        first.setdefault(made, path)


@rule("TZ447", Severity.ERROR, local=True)
def purpose_of_log_bucket(graph: Graph) -> Iterator[Finding]:
    """Logs go to a bucket that is not intended for them.

    A load balancer writes to a bucket with purpose `alb_logs`, S3 to one with purpose `logs`.

    ```yaml
    {kind: s3, purpose: media}      # bad for access_logs of an alb component
    {kind: s3, purpose: alb_logs}   # good
    ```
    """
    components = graph.written.components
    for name, c in components.items():
        if not isinstance(c, Alb | S3) or c.access_logs is None:
            continue
        wanted = "alb_logs" if isinstance(c, Alb) else "logs"
        target = c.access_logs.bucket
        bucket = components.get(target)
        if isinstance(bucket, S3) and bucket.purpose != wanted:
            message = (
                f"`{name}` logs to `{target}`, which has the purpose `{bucket.purpose}` instead "
                f"of `{wanted}`"
            )
            path = ("components", name, "access_logs", "bucket")
            related = (("components", target, "purpose"),)
            advice = f"set `purpose: {wanted}` on `{target}`, or log to another bucket"
            yield Finding(path, message, advice, related)


@rule("TZ448", Severity.ERROR, local=True)
def published_logs(graph: Graph) -> Iterator[Finding]:
    """CloudFront publicly serves a log bucket, with purpose `alb_logs` or `logs`.

    ```yaml
    cdn: {kind: cloudfront, hostname: static.acme.io, origin: logs}     # bad
    cdn: {kind: cloudfront, hostname: static.acme.io, origin: static}   # good
    ```
    """
    for name, cdn, bucket in _origins(graph):
        if bucket.purpose in LOG_PURPOSES:
            message = f"`{name}` makes `{cdn.origin}` public, but its purpose is `{bucket.purpose}`"
            related = (("components", cdn.origin, "purpose"),)
            advice = "serve a bucket with purpose `static`"
            yield Finding(("components", name, "origin"), message, advice, related)


@rule("TZ449", Severity.WARNING, local=True)
def published_uploads(graph: Graph) -> Iterator[Finding]:
    """CloudFront serves a bucket whose purpose is not `static`, so everything in it is public.

    Anyone who knows or guesses the path of an upload can read it.

    ```yaml
    media: {kind: s3, purpose: media}    # bad as the origin of a cloudfront component
    media: {kind: s3, purpose: static}   # good, when all of it may be public
    ```
    """
    for name, cdn, bucket in _origins(graph):
        if bucket.purpose != "static" and bucket.purpose not in LOG_PURPOSES:
            message = (
                f"`{name}` makes everything in `{cdn.origin}` public, but its purpose is "
                f"`{bucket.purpose}`"
            )
            related = (("components", cdn.origin),)
            advice = (
                f"set `purpose: static` on `{cdn.origin}` if everyone may read everything in it"
            )
            yield Finding(("components", name, "origin"), message, advice, related)


def _origins(graph: Graph) -> Iterator[tuple[str, Cloudfront, S3]]:
    for name, cdn in graph.of(Cloudfront):
        bucket = graph.spec.components.get(cdn.origin)
        if isinstance(bucket, S3):
            yield name, cdn, bucket


@rule("TZ450", Severity.INFO, local=True)
def page_of_single_page_app(graph: Graph) -> Iterator[Finding]:
    """A single-page application does not set its `default_root_object`.

    The response to every path that is not a file is `default_root_object`, or `index.html` if that
    is not set.

    ```yaml
    {single_page_app: true}                                    # bad
    {single_page_app: true, default_root_object: index.html}   # good
    ```
    """
    for name, cdn in graph.of(Cloudfront):
        if cdn.single_page_app and cdn.default_root_object is None:
            message = (
                f"`{name}` responds to every missing file with `index.html`, because "
                "`default_root_object` is not set"
            )
            path = ("components", name, "single_page_app")
            yield Finding(path, message, "add `default_root_object`")


@rule("TZ451", Severity.ERROR, local=True)
def identity_in_new_region(graph: Graph) -> Iterator[Finding]:
    """CloudFront's origin access identity cannot read buckets in this region.

    Regions launched after December 2022 support only origin access control.

    ```yaml
    region: il-central-1
    origin_access: oai   # bad
    origin_access: oac   # good
    ```
    """
    for name, cdn in graph.of(Cloudfront):
        if cdn.origin_access == "oai" and graph.spec.region in REGIONS_WITHOUT_OAI:
            message = f"`origin_access: oai` cannot read buckets in `{graph.spec.region}`"
            path = ("components", name, "origin_access")
            related, remedy = (("region",),), Remedy("oac")
            yield Finding(path, message, "write `origin_access: oac`", related, remedy=remedy)


@rule("TZ452", Severity.ERROR, local=True)
def settings_of_existing_bucket(graph: Graph) -> Iterator[Finding]:
    """An existing bucket does not have a name, or has settings that trazo cannot change.

    trazo only looks the bucket up. Its owner decides about versions, retention and logs.

    ```yaml
    media: {kind: s3, existing: true}                       # bad
    media: {kind: s3, existing: true, bucket: acme-media}   # good
    ```
    """
    for name, bucket in graph.of(S3):
        if not bucket.existing:
            continue
        path: SpecPath = ("components", name)
        related = ((*path, "existing"),)
        if bucket.bucket is None:
            message = f"`{name}` already exists, but its bucket name is missing"
            yield Finding((*path, "existing"), message, "set its name with `bucket:`")
        for field in OF_A_NEW_BUCKET:
            if field in bucket.model_fields_set:
                message = f"`{name}` already exists, so trazo cannot set its `{field}`"
                yield Finding((*path, field), message, "remove it", related)


@rule("TZ453", Severity.WARNING)
def policy_of_existing_bucket(graph: Graph) -> Iterator[Finding]:
    """CloudFront reads an existing bucket, or logs go there, but trazo cannot change its policy.

    A policy written by trazo would replace the existing one, so trazo does not write it. After the
    first apply, the output `{component}_policy_statements` contains the statements to add. A load
    balancer cannot even be created before its bucket accepts logs.

    ```yaml
    static: {kind: s3, purpose: static, existing: true, bucket: acme-static}   # bad, as an origin
    static: {kind: s3, purpose: static}                                        # good
    ```
    """
    for name, bucket in graph.of(S3):
        if not bucket.existing:
            continue
        served = (e for e in graph.edges_to(name, Relation.READS) if e.detail == "origin")
        for edge in (*served, *graph.edges_to(name, Relation.LOGS_TO)):
            verb = "reads" if edge.relation is Relation.READS else "logs to"
            message = f"`{edge.source}` {verb} `{name}`, whose policy trazo cannot change"
            advice = f"add the statements in the output `{name}_policy_statements` to its policy"
            related = (("components", name, "existing"),)
            yield Finding(edge.path, message, advice, related)


RULES: tuple[Rule, ...] = (
    generated_bucket_name,
    bucket_name_twice,
    purpose_of_log_bucket,
    published_logs,
    published_uploads,
    page_of_single_page_app,
    identity_in_new_region,
    settings_of_existing_bucket,
    policy_of_existing_bucket,
)
