"""A CDN: HTTPS only, a private origin, strict headers."""

from typing import Any

import pytest

from compiler.components import cloudfront
from compiler.plan.plan import Block, Ref
from tests.examples import by_address, graph_of, month, quantities
from trazo_spec.components.cloudfront import Cloudfront

EXAMPLE = {"hostname": "www.example.com", "origin": "s3"}

BUCKET = "static: {kind: s3, purpose: static}\n"
ARN = "arn:aws:acm:us-east-1:123456789012:certificate/1"


def blocks(settings: str = "") -> dict[str, Block]:
    """The blocks of the distribution `cdn` by address."""
    graph = graph_of(
        f"{BUCKET}cdn: {{kind: cloudfront, hostname: s.example.com, origin: static, {settings}}}"
    )
    component = graph.spec.components["cdn"]
    assert isinstance(component, Cloudfront)
    return by_address(cloudfront.blocks("cdn", component, graph))


def distribution(settings: str = "") -> Any:
    """The arguments of the distribution."""
    return blocks(settings)["aws_cloudfront_distribution.cdn"].body


def test_http_is_redirected_to_https():
    """A browser that types the name alone asks over HTTP first."""
    (behavior,) = distribution()["default_cache_behavior"]

    assert behavior["viewer_protocol_policy"] == "redirect-to-https"


def test_only_tls_1_2_or_newer_is_spoken():
    """The default of CloudFront is TLS 1.0."""
    (certificate,) = distribution()["viewer_certificate"]

    expected = ("TLSv1.2_2021", "sni-only")
    assert expected == (certificate["minimum_protocol_version"], certificate["ssl_support_method"])


def test_the_certificate_is_used_once_it_is_issued():
    """CloudFront refuses one that still waits for its record."""
    (certificate,) = distribution()["viewer_certificate"]

    issued = Ref("aws_acm_certificate_validation.cdn", "certificate_arn")
    assert certificate["acm_certificate_arn"] == issued


def test_an_existing_certificate_is_used_as_it_is():
    """A team may have bought one."""
    (certificate,) = distribution(f"certificate: {{arn: '{ARN}'}}")["viewer_certificate"]

    assert certificate["acm_certificate_arn"] == ARN


def test_the_distribution_answers_for_its_host_name():
    """Without the alias CloudFront answers 403."""
    assert distribution()["aliases"] == ["s.example.com"]


def test_every_answer_is_cached_by_a_policy():
    """A behaviour with neither policy nor forwarded values passes validate and fails on AWS."""
    (behavior,) = distribution()["default_cache_behavior"]

    assert behavior["cache_policy_id"] == "658327ea-f89d-4fab-a63d-7e88639e58f6"


def test_the_bucket_is_reached_by_origin_access_control():
    """The way that AWS recommends, with signed requests."""
    found = blocks()
    (origin,) = distribution()["origin"]

    control = found["aws_cloudfront_origin_access_control.cdn"].body
    assert (control["signing_behavior"], control["signing_protocol"]) == ("always", "sigv4")
    assert origin["origin_access_control_id"] == Ref(
        "aws_cloudfront_origin_access_control.cdn", "id"
    )
    assert "s3_origin_config" not in origin


def test_the_bucket_is_reached_by_origin_access_identity_when_asked():
    """Some infrastructures have one already."""
    found = blocks("origin_access: oai")
    (origin,) = distribution("origin_access: oai")["origin"]

    assert "aws_cloudfront_origin_access_identity.cdn" in found
    assert "aws_cloudfront_origin_access_control.cdn" not in found
    assert "origin_access_control_id" not in origin


def test_the_origin_is_the_bucket_in_its_region():
    """The global name answers with redirects to the region for the first hours."""
    (origin,) = distribution()["origin"]

    assert origin["domain_name"] == Ref("aws_s3_bucket.static", "bucket_regional_domain_name")


@pytest.mark.parametrize("access", ["oac", "oai"])
def test_what_the_distribution_names_is_replaced_after_it_lets_go(access):
    """AWS deletes no policy and no identity that is in use."""
    found = blocks(f"origin_access: {access}")
    named = [b for b in found.values() if b.type != "aws_cloudfront_distribution"]

    assert [b.lifecycle for b in named] == [{"create_before_destroy": True}] * 2


def test_every_security_header_wins_over_the_buckets():
    """Metadata of an object must not loosen them."""
    (headers,) = blocks()["aws_cloudfront_response_headers_policy.cdn"].body[
        "security_headers_config"
    ]

    assert all(header[0]["override"] for header in headers.values())
    assert set(headers) == {
        "content_security_policy",
        "content_type_options",
        "frame_options",
        "referrer_policy",
        "strict_transport_security",
    }


def test_browsers_are_not_told_to_preload_the_domain():
    """With that word anybody could enter the domain into their lists for months."""
    (headers,) = blocks()["aws_cloudfront_response_headers_policy.cdn"].body[
        "security_headers_config"
    ]

    assert "preload" not in headers["strict_transport_security"][0]


@pytest.mark.parametrize(
    ("hsts", "header"),
    [
        ("", {"access_control_max_age_sec": 63_072_000, "include_subdomains": False}),
        (
            "hsts: {max_age_days: 0}",
            {"access_control_max_age_sec": 0, "include_subdomains": False},
        ),
        (
            "hsts: {max_age_days: 365, include_subdomains: true, preload: true}",
            {
                "access_control_max_age_sec": 31_536_000,
                "include_subdomains": True,
                "preload": True,
            },
        ),
    ],
)
def test_browsers_use_https_for_as_long_and_as_widely_as_the_spec_says(hsts, header):
    """By default for two years and for the distribution's own host name."""
    headers = blocks(hsts)["aws_cloudfront_response_headers_policy.cdn"].body
    (security,) = headers["security_headers_config"]
    (written,) = security["strict_transport_security"]

    assert written == {**header, "override": True}


def test_the_content_security_policy_is_the_one_that_is_written():
    """Only its authors know what their pages load."""
    found = blocks('content_security_policy: "img-src https:"')
    (headers,) = found["aws_cloudfront_response_headers_policy.cdn"].body["security_headers_config"]

    policy = headers["content_security_policy"][0]["content_security_policy"]
    assert policy == "img-src https:"


def test_a_single_page_app_answers_every_path():
    """A private bucket says 403 for what is not there, and its router knows the path."""
    found = distribution("single_page_app: true, default_root_object: app.html")

    answers = {
        (e["error_code"], e["response_code"], e["response_page_path"])
        for e in found["custom_error_response"]
    }
    assert answers == {(403, 200, "/app.html"), (404, 200, "/app.html")}


def test_a_single_page_app_begins_with_index_html():
    """What every bundler writes."""
    assert distribution("single_page_app: true")["default_root_object"] == "index.html"


def test_static_files_answer_missing_paths_with_an_error():
    """A page in place of a style sheet hides the mistake."""
    assert {"custom_error_response", "default_root_object"} & distribution().keys() == set()


@pytest.mark.parametrize(("existing", "missed"), [("false", 100_000.0), ("true", None)])
def test_data_and_requests_are_billed(existing, missed):
    """400,000 requests are 40 times 10,000; a quarter of them goes on to a bucket of ours."""
    bucket = f"static: {{kind: s3, purpose: static, bucket: files-of-acme, existing: {existing}}}\n"
    graph = graph_of(f"{bucket}cdn: {{kind: cloudfront, hostname: s.example.com, origin: static}}")
    component = graph.spec.components["cdn"]
    assert isinstance(component, Cloudfront)
    load = month({"gb_out": 20.0, "requests": 400_000.0, "cache_hit_share": 0.75})
    found = quantities(cloudfront.meters("cdn", component, graph), load)

    assert found.pop("s3_standard_get_and_other_request", None) == missed
    assert found == {
        "cloudfront_data_transfer_out_gb": 20,
        "cloudfront_https_request_per_10k": 40,
    }
