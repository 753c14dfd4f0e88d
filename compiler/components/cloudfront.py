"""What a content delivery network becomes and what it costs."""

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.aws.metering import WAF, each_use
from compiler.aws.names import aws_name, bucket_ref
from compiler.card import Card, Door, Mark, Origin, Place, Shared, shown
from compiler.graph.graph import Edge, Graph, Kind, Kinds, Relation
from compiler.graph.references import Reference
from compiler.plan.guards import ALL, BILLED, Guards, set_field
from compiler.plan.listed import Refusal
from compiler.plan.names import Named, Names, Scope
from compiler.plan.outputs import Tellings, Told
from compiler.plan.plan import Assumption, Block, Load, Meter, Omission, Ref, Value
from trazo_spec.components.cloudfront import Cloudfront, Hsts
from trazo_spec.components.s3 import S3
from trazo_spec.diagnostics import SpecPath
from trazo_spec.document import Spec

ICON = "aws.network.CloudFront"

USAGE: Mapping[str, Assumption] = {
    "gb_out": Assumption(5, 20, 500, "GB", "styles, scripts and images of a small website"),
    "requests": Assumption(
        100_000, 400_000, 10_000_000, "request", "about 50 kB for each response of a small website"
    ),
    "cache_hit_share": Assumption(
        0.98, 0.9, 0.7, "share", "files are cached for a day or more, then fetched again"
    ),
}

# CloudFront takes certificates of this region only.
# Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
CERTIFICATE_REGION = "us-east-1"

# The policy CachingOptimized: one copy for each path, gzip and brotli, no cookies or queries.
# Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"

DAY_S = 86_400

# Chosen: a file that is missing during a deployment is there a moment later.
ERROR_CACHING_S = 10


def _hostnames(cloudfront: Cloudfront) -> tuple[tuple[str, SpecPath], ...]:
    return ((cloudfront.hostname, ("hostname",)),)


def _completed(cloudfront: Cloudfront, _spec: Spec) -> Cloudfront:
    certificate = cloudfront.certificate.completed((cloudfront.hostname,))
    return cloudfront.model_copy(update={"certificate": certificate})


def _references(cloudfront: Cloudfront) -> Iterator[Reference]:
    yield Reference(("origin",), cloudfront.origin, "serves the files of", (S3,))


def _edges(name: str, cloudfront: Cloudfront, _spec: Spec, _kinds: Kinds) -> Iterator[Edge]:
    where = ("components", name, "origin")
    yield Edge(name, cloudfront.origin, Relation.READS, where, 443, "origin")


def blocks(name: str, cloudfront: Cloudfront, graph: Graph) -> Iterator[Block]:
    """The distribution, how it reaches its bucket, and the headers that it adds."""
    yield _access(name, cloudfront, graph)
    yield _headers(name, cloudfront, graph)
    body: dict[str, Value] = {
        "enabled": True,
        "comment": aws_name(graph, name),
        "aliases": [cloudfront.hostname],
        "http_version": "http2and3",
        "is_ipv6_enabled": True,
        "price_class": cloudfront.price_class,
        "origin": [_origin(name, cloudfront, graph)],
        "default_cache_behavior": [_behavior(name, cloudfront)],
        "viewer_certificate": [
            {
                "acm_certificate_arn": _certificate(name, cloudfront),
                "minimum_protocol_version": "TLSv1.2_2021",
                "ssl_support_method": "sni-only",
            }
        ],
        "restrictions": [{"geo_restriction": [{"restriction_type": "none"}]}],
    }
    if root := _root(cloudfront):
        body["default_root_object"] = root
    if cloudfront.single_page_app:
        body["custom_error_response"] = list(_fallbacks(root))
    yield Block("aws_cloudfront_distribution", name, body, name)


def _access(name: str, cloudfront: Cloudfront, graph: Graph) -> Block:
    """What the bucket's policy knows the distribution by.

    Made before the old one goes: AWS deletes neither while the distribution still names it.
    """
    lifecycle: dict[str, Value] = {"create_before_destroy": True}
    if cloudfront.origin_access == "oai":
        comment = aws_name(graph, name)
        kind = "aws_cloudfront_origin_access_identity"
        return Block(kind, name, {"comment": comment}, name, lifecycle=lifecycle)
    return Block(
        "aws_cloudfront_origin_access_control",
        name,
        {
            "name": aws_name(graph, name),
            "description": "Signs requests to the bucket",
            "origin_access_control_origin_type": "s3",
            "signing_behavior": "always",
            "signing_protocol": "sigv4",
        },
        name,
        lifecycle=lifecycle,
    )


def _origin(name: str, cloudfront: Cloudfront, graph: Graph) -> dict[str, Value]:
    origin: dict[str, Value] = {
        "origin_id": cloudfront.origin,
        "domain_name": bucket_ref(cloudfront.origin, "bucket_regional_domain_name", graph),
    }
    if cloudfront.origin_access == "oai":
        identity = Ref(
            f"aws_cloudfront_origin_access_identity.{name}", "cloudfront_access_identity_path"
        )
        return {**origin, "s3_origin_config": [{"origin_access_identity": identity}]}
    control = Ref(f"aws_cloudfront_origin_access_control.{name}", "id")
    return {**origin, "origin_access_control_id": control}


def _behavior(name: str, cloudfront: Cloudfront) -> dict[str, Value]:
    return {
        "target_origin_id": cloudfront.origin,
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": ["GET", "HEAD", "OPTIONS"],
        "cached_methods": ["GET", "HEAD"],
        "compress": True,
        "cache_policy_id": CACHING_OPTIMIZED,
        "response_headers_policy_id": Ref(f"aws_cloudfront_response_headers_policy.{name}", "id"),
    }


def _certificate(name: str, cloudfront: Cloudfront) -> Value:
    if cloudfront.certificate.arn is not None:
        return cloudfront.certificate.arn
    return Ref(f"aws_acm_certificate_validation.{name}", "certificate_arn")


def _root(cloudfront: Cloudfront) -> str | None:
    if cloudfront.default_root_object is None and cloudfront.single_page_app:
        return "index.html"
    return cloudfront.default_root_object


def _fallbacks(root: str | None) -> Iterator[Value]:
    """A private bucket answers 403 for a missing file, since CloudFront may not list it."""
    for code in (403, 404):
        yield {
            "error_code": code,
            "response_code": 200,
            "response_page_path": f"/{root}",
            "error_caching_min_ttl": ERROR_CACHING_S,
        }


def _headers(name: str, cloudfront: Cloudfront, graph: Graph) -> Block:
    """Headers of every answer; those of the bucket's objects do not win over them."""
    security: dict[str, Value] = {
        "content_security_policy": {
            "content_security_policy": cloudfront.content_security_policy,
        },
        "content_type_options": {},
        "frame_options": {"frame_option": "DENY"},
        "referrer_policy": {"referrer_policy": "strict-origin-when-cross-origin"},
        "strict_transport_security": _hsts(cloudfront.hsts),
    }
    overriding: dict[str, Value] = {
        header: [{**value, "override": True}]
        for header, value in security.items()
        if isinstance(value, Mapping)
    }
    return Block(
        "aws_cloudfront_response_headers_policy",
        name,
        {
            "name": aws_name(graph, name),
            "comment": "Strict security headers",
            "security_headers_config": [overriding],
        },
        name,
        lifecycle={"create_before_destroy": True},
    )


def _hsts(hsts: Hsts) -> dict[str, Value]:
    """The header by which browsers use HTTPS only.

    `preload` is left out unless it is asked for: with it, anybody could enter the domain into the
    lists of browsers.
    """
    header: dict[str, Value] = {
        "access_control_max_age_sec": hsts.max_age_days * DAY_S,
        "include_subdomains": hsts.include_subdomains,
    }
    return {**header, "preload": True} if hsts.preload else header


def _changed_defaults(
    name: str, cloudfront: Cloudfront, resources: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Subdomains were included until version 1 had a field for it."""
    policies = resources.get("aws_cloudfront_response_headers_policy", {})
    before = policies.get(name, policies.get(cloudfront.was, {}))
    written = "include_subdomains" in cloudfront.hsts.model_fields_set
    if not written and _includes_subdomains(before):
        yield (
            f"the HSTS header of `{name}` no longer includes subdomains of `{cloudfront.hostname}`",
            "to keep them, write `hsts: {include_subdomains: true}`",
        )


def _includes_subdomains(policy: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether the header of a policy holds for subdomains, in whatever blocks it is written."""
    match policy:
        case Mapping():
            included = policy.get("include_subdomains") is True
            return included or any(map(_includes_subdomains, policy.values()))
        case list():
            return any(map(_includes_subdomains, policy))
        case _:
            return False


def meters(name: str, cloudfront: Cloudfront, graph: Graph) -> Iterator[Meter]:
    """Data and requests; there is no charge for a distribution that nobody uses.

    What leaves the bucket for CloudFront costs nothing, but the requests for it do.
    """
    item, what = "cloudfront_data_transfer_out_gb", "data sent to viewers"
    yield each_use(name, item, "GB", "gb_out", what)
    item, what = "cloudfront_https_request_per_10k", "viewer requests, all over HTTPS"
    yield each_use(name, item, "10k requests", "requests", what, per=10_000)
    origin = graph.spec.components.get(cloudfront.origin)
    if not isinstance(origin, S3) or origin.existing:
        return

    def missed(load: Load) -> float:
        return load.usage["requests"] * (1 - load.usage["cache_hit_share"]) * load.months

    item, what = (
        "s3_standard_get_and_other_request",
        "requests that the cache forwards to the bucket",
    )
    yield Meter(name, item, "request", missed, "assumed", what)


def card(name: str, cloudfront: Cloudfront, graph: Graph) -> Card:
    """A CDN with the host name that users call; its certificate is in a region of its own."""
    where = "" if graph.spec.region == CERTIFICATE_REGION else f"{CERTIFICATE_REGION}: "
    names = tuple(f"{where}{n}" for n in cloudfront.certificate.names)
    return Card(
        "CloudFront",
        Place.EDGE,
        (name, cloudfront.hostname),
        hostname=cloudfront.hostname,
        door=Door(
            "distribution",
            "the nearest edge location",
            shown(cloudfront.certificate),
            "HTTP is redirected to HTTPS; cached files are returned immediately.",
        ),
        origin=_fetched(cloudfront, graph),
        shared=(Shared(Mark.CERTIFICATES, names),),
    )


def _fetched(cloudfront: Cloudfront, graph: Graph) -> Origin:
    """The bucket of the files, and whether the policy that lets CloudFront read it is ours."""
    ours = not any(n.existing for n in graph.nodes if n.name == cloudfront.origin)
    by_identity = cloudfront.origin_access == "oai"
    identity = "as its origin access identity" if by_identity else "with SigV4"
    policy = (
        "lets CloudFront read" if ours else "must let CloudFront read, and trazo cannot change it"
    )
    public = "The bucket is not public: its policy" if ours else "The policy of the bucket"
    missing = " For a missing file, the response is the start page."
    return Origin(
        cloudfront.origin,
        (
            f"Origin access {'identity' if by_identity else 'control'}",
            "signs what CloudFront",
            "requests from the bucket",
        ),
        "s3:GetObject",
        (
            f"CloudFront requests any other file from S3, and signs that request {identity}.",
            f"{public} {policy}.{missing if cloudfront.single_page_app else ''}",
        ),
    )


GUARDS: Guards = {
    "aws_cloudfront_distribution": {
        "aliases": set_field("hostname"),
        "anycast_ip_list_id": BILLED,
        "connection_function_association": BILLED,
        "default_cache_behavior.function_association": BILLED,
        "default_cache_behavior.lambda_function_association": BILLED,
        "default_cache_behavior.realtime_log_config_arn": BILLED,
        "default_cache_behavior.response_headers_policy_id": set_field("content_security_policy"),
        "default_cache_behavior.target_origin_id": set_field("origin"),
        "default_cache_behavior.viewer_protocol_policy": "it serves only HTTPS",
        "enabled": "remove the component from the environment instead",
        "origin": set_field("origin", "origin_access"),
        "price_class": set_field("price_class"),
        "viewer_certificate": set_field("certificate"),
    },
    "aws_cloudfront_origin_access_control": {ALL: set_field("origin_access")},
    "aws_cloudfront_response_headers_policy": {
        "security_headers_config.content_security_policy": set_field("content_security_policy"),
        "security_headers_config.strict_transport_security": set_field("hsts"),
    },
}


TOLD: Tellings = {
    "aws_cloudfront_distribution": (
        Told("domain_name", "domain_name", "CloudFront's own name of the distribution"),
        Told("id", "distribution_id", "What an invalidation asks for"),
    ),
}

UNPRICED = (
    WAF,
    Omission(
        "CloudFront outside North America and Europe, flat-rate plans, functions, real-time logs, "
        "more than 1,000 invalidated paths",
        "viewers are assumed to be on the same continent as the region",
    ),
)


_ABSENT = Refusal(
    "this partition of AWS does not have CloudFront",
    "serve the files from an account in a commercial region, or remove the component",
)

REFUSED_BY: Mapping[str, Refusal] = {
    # Source: https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/setting-up-cloudfront.html
    "aws-us-gov": _ABSENT,
    # Source: endpoints.json of botocore 1.44.5
    **dict.fromkeys(("aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"), _ABSENT),
    # Source: https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html
    "aws-cn": Refusal(
        "CloudFront in China takes only certificates that were uploaded to IAM, does not serve "
        "from its own domain, and needs an ICP filing; trazo creates a certificate in AWS "
        f"Certificate Manager in {CERTIFICATE_REGION}, which is not in this partition",
        "create the distribution without trazo, or serve the files from a load balancer",
    ),
}

# Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html
# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ResponseHeadersPolicyConfig.html
# read 2026-11-29
NAMES: Names = {
    "aws_cloudfront_origin_access_control": Named("origin access control", Scope.ACCOUNT, 64),
    "aws_cloudfront_response_headers_policy": Named("response headers policy", Scope.ACCOUNT, 128),
}


KIND = Kind(
    icon=ICON,
    usage=USAGE,
    blocks=blocks,
    meters=meters,
    unpriced=UNPRICED,
    card=card,
    completed=_completed,
    references=_references,
    edges=_edges,
    hostnames=_hostnames,
    certificate=lambda cloudfront: cloudfront.certificate,
    certificate_region=CERTIFICATE_REGION,
    refused_by=REFUSED_BY,
    names=NAMES,
    changed_defaults=_changed_defaults,
    guards=GUARDS,
    told=TOLD,
)
