"""Certificates of an environment, and one record for each name that has to be proved."""

import pytest

from compiler.aws import certificates
from compiler.plan.plan import Block, Expr, Ref
from tests.examples import HEAD, by_address, graph_of, of_type

ALB = """\
edge: {kind: alb, hostname: api.example.com, certificate: %s, routes: [{to: web}]}
web: {kind: ecs, image: x, port: 80}
"""
CDN = """\
cdn: {kind: cloudfront, hostname: s.example.com, certificate: %s, origin: static}
static: {kind: s3, purpose: static}
"""
ZONE = "zone: {kind: dns}\n"
ARN = "{arn: 'arn:aws:acm:us-east-1:123456789012:certificate/1'}"


def blocks(components: str, region: str = "us-east-2") -> dict[str, Block]:
    """The blocks of all certificates by address."""
    graph = graph_of(components, HEAD.replace("us-east-2", region))
    return by_address(certificates.blocks(graph))


def records(components: str) -> dict[str, Block]:
    """The records that prove names, by label."""
    return of_type(blocks(components).values(), "aws_route53_record")


def test_a_load_balancer_has_its_certificate_in_the_specs_region():
    """It takes no other."""
    assert blocks(ZONE + ALB % "{}")["aws_acm_certificate.edge"].provider == ""


def test_a_cdn_has_its_certificate_in_us_east_1():
    """CloudFront takes no other; the validation must look there too."""
    found = blocks(ZONE + CDN % "{}")

    providers = (
        found["aws_acm_certificate.cdn"].provider,
        found["aws_acm_certificate_validation.cdn"].provider,
    )
    assert providers == ("us_east_1", "us_east_1")


def test_a_spec_in_us_east_1_needs_no_second_provider():
    """Two providers for one region would only confuse."""
    found = blocks(ZONE + CDN % "{}", "us-east-1")

    assert {b.provider for b in found.values()} == {""}


def test_the_host_names_are_certified_when_nothing_else_is_asked():
    """Including those of routes."""
    alb = (ALB % "{}").replace("{to: web}", "{host: b.example.com, to: web}, {to: web}")
    certificate = blocks(ZONE + alb)["aws_acm_certificate.edge"]

    assert certificate.body["domain_name"] == "api.example.com"
    assert certificate.body["subject_alternative_names"] == ["b.example.com"]


def test_an_existing_certificate_needs_nothing():
    """It was proved when it was made."""
    assert blocks(ZONE + ALB % ARN + CDN % ARN) == {}


def test_a_certificate_is_replaced_before_the_old_one_goes():
    """AWS deletes none that a listener uses."""
    certificate = blocks(ZONE + ALB % "{}")["aws_acm_certificate.edge"]

    assert certificate.lifecycle == {"create_before_destroy": True}


# Proofs


def test_a_name_is_proved_by_one_record():
    """Read from its certificate by name, so that the address is readable and known at once."""
    block = blocks(ZONE + ALB % "{}")["aws_route53_record.validation_api_example_com"]

    expected = Expr(
        "one([for o in aws_acm_certificate.edge.domain_validation_options : "
        'o.resource_record_name if o.domain_name == "api.example.com"])',
        ("aws_acm_certificate.edge",),
    )
    assert expected == block.body["name"]
    assert block.body["zone_id"] == Ref("aws_route53_zone.zone", "zone_id")


def test_a_name_and_its_wildcard_share_a_record():
    """AWS asks for the same one, and the second would collide with the first."""
    names = "{names: [example.com, '*.example.com']}"

    assert list(records(ZONE + CDN % names)) == ["validation_example_com"]


def test_two_certificates_with_one_base_name_share_a_record():
    """In every region of an account the record is the same."""
    both = ZONE + ALB % "{names: ['*.example.com']}" + CDN % "{names: ['*.example.com']}"
    found = blocks(both)

    assert list(records(both)) == ["validation_example_com"]
    fqdns = [
        b.body["validation_record_fqdns"]
        for b in found.values()
        if b.type == "aws_acm_certificate_validation"
    ]
    assert fqdns == [[Ref("aws_route53_record.validation_example_com", "fqdn")]] * 2


def test_a_shared_record_belongs_to_nobody_alone():
    """Its costs and its removal are no single component's."""
    both = ZONE + ALB % "{names: ['*.example.com']}" + CDN % "{names: [example.com]}"
    (record,) = records(both).values()

    assert record.component == ""


def test_a_bare_name_is_proved_by_the_certificate_that_holds_it():
    """Where only one certificate has the name itself, the others come and go."""
    both = ZONE + ALB % "{names: ['*.example.com']}" + CDN % "{names: [example.com]}"
    (record,) = records(both).values()
    name = record.body["name"]

    assert isinstance(name, Expr)
    assert name.addresses == ("aws_acm_certificate.cdn",)


def test_a_record_goes_into_the_narrowest_zone():
    """A zone of a subdomain hides what its parent says about it."""
    zones = f"{ZONE}inner: {{kind: dns, zone: api.example.com}}\n"
    (record,) = records(zones + ALB % "{}").values()

    assert record.body["zone_id"] == Ref("aws_route53_zone.inner", "zone_id")


def test_a_record_of_an_existing_zone_goes_into_it():
    """Staging proves its names in prod's zone."""
    (record,) = records("zone: {kind: dns, existing: true}\n" + ALB % "{}").values()

    assert record.body["zone_id"] == Ref("data.aws_route53_zone.zone", "zone_id")


# Names outside of our zones


@pytest.mark.parametrize("zone", ["", "zone: {kind: dns, zone: example.org}\n"])
def test_a_name_without_a_zone_is_only_waited_for(zone):
    """Somebody makes the record elsewhere, and the apply goes on when it is there."""
    found = blocks(zone + ALB % "{}")

    assert set(found) == {"aws_acm_certificate.edge", "aws_acm_certificate_validation.edge"}
    assert set(found["aws_acm_certificate_validation.edge"].body) == {"certificate_arn"}


def test_a_certificate_that_is_ours_in_part_waits_for_our_records_first():
    """The provider takes the records of all names or none."""
    found = blocks(ZONE + ALB % "{names: [api.example.com, api.example.org]}")
    validation = found["aws_acm_certificate_validation.edge"]

    assert validation.depends_on == ("aws_route53_record.validation_api_example_com",)
    assert set(validation.body) == {"certificate_arn"}


def test_the_records_to_make_elsewhere_are_printed():
    """Nobody can guess them."""
    (output,) = certificates.outputs(graph_of(ALB % "{}"))

    assert output.name == "edge_validation_records"


def test_nothing_is_printed_where_every_record_is_ours():
    """There is nothing left to do."""
    assert list(certificates.outputs(graph_of(ZONE + ALB % "{}"))) == []
