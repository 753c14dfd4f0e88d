"""A zone: made or looked up, with the records of the spec and those of what it serves."""

from typing import Any

import pytest

from compiler.components import dns
from compiler.components.dns import txt_value
from compiler.plan.plan import Block, Ref
from tests.examples import by_address, graph_of, month, quantities
from trazo_spec.components.dns import Dns

EXAMPLE = {"records": [{"name": "@", "type": "TXT", "values": ["a"]}]}

SERVED = """\
edge: {kind: alb, hostname: api-1.example.com, routes: [{to: web}]}
web: {kind: ecs, image: x, port: 80}
cdn: {kind: cloudfront, hostname: static.example.com, origin: static}
static: {kind: s3, purpose: static}
"""


def blocks(settings: str = "", others: str = "", environment: str = "prod") -> dict[str, Block]:
    """The blocks of the zone `zone` by address."""
    graph = graph_of(f"zone: {{kind: dns, {settings}}}\n{others}", environment=environment)
    component = graph.spec.components["zone"]
    assert isinstance(component, Dns)
    return by_address(dns.blocks("zone", component, graph))


def record(record: str) -> Any:
    """The only record that a zone with this one has, beside itself."""
    found = blocks(f"records: [{record}]")
    (block,) = (b for b in found.values() if b.type == "aws_route53_record")
    return block


def bill(settings: str = "") -> dict[str, float]:
    """What the zone costs in a month with 3 million queries."""
    graph = graph_of(f"zone: {{kind: dns, {settings}}}")
    component = graph.spec.components["zone"]
    assert isinstance(component, Dns)
    return quantities(dns.meters("zone", component, graph), month({"queries": 3e6}))


# The zone


def test_a_zone_is_called_after_the_specs_domain():
    """One domain needs to be written once only."""
    assert blocks()["aws_route53_zone.zone"].body["name"] == "example.com"


def test_an_existing_zone_is_looked_up():
    """A second zone of one name would get other name servers and answer nobody."""
    found = blocks("existing: true")

    assert list(found) == ["data.aws_route53_zone.zone"]


@pytest.mark.parametrize(("environment", "kept"), [("prod", True), ("staging", False)])
def test_the_zone_of_prod_is_kept(environment, kept):
    """A new one has other name servers, and the domain is gone until the registrar knows them."""
    zone = blocks(environment=environment)["aws_route53_zone.zone"]

    assert zone.lifecycle == ({"prevent_destroy": True} if kept else {})


# Records of load balancers and CDNs


def test_a_host_name_leads_to_its_load_balancer():
    """An alias follows the load balancer's addresses, and its queries are free."""
    block = blocks(others=SERVED)["aws_route53_record.api-1_example_com"]

    assert block.component == "edge"
    assert block.body == {
        "zone_id": Ref("aws_route53_zone.zone", "zone_id"),
        "name": "api-1.example.com",
        "type": "A",
        "alias": [
            {
                "name": Ref("aws_lb.edge", "dns_name"),
                "zone_id": Ref("aws_lb.edge", "zone_id"),
                "evaluate_target_health": False,
            }
        ],
    }


def test_a_cdn_answers_over_ipv6_too_and_a_load_balancer_does_not():
    """The load balancer has IPv4 addresses only; a record for more would lead nowhere."""
    found = blocks(others=SERVED)

    expected = {
        "aws_route53_zone.zone",
        "aws_route53_record.api-1_example_com",
        "aws_route53_record.static_example_com",
        "aws_route53_record.static_example_com_aaaa",
    }
    assert expected == set(found)


def test_every_host_of_a_load_balancer_has_a_record():
    """Routes by host name are dead without one."""
    others = SERVED.replace("{to: web}", "{host: b.example.com, to: web}, {to: web}")

    assert "aws_route53_record.b_example_com" in blocks(others=others)


def test_hosts_that_differ_in_a_dash_have_records_of_their_own():
    """`api-1` and `api.1` are two names; one Terraform address for both would lose one."""
    others = SERVED.replace("{to: web}", "{host: api.1.example.com, to: web}, {to: web}")
    found = blocks(others=others)

    assert found["aws_route53_record.api-1_example_com"].body["name"] == "api-1.example.com"
    assert found["aws_route53_record.api_1_example_com"].body["name"] == "api.1.example.com"


def test_a_host_that_begins_with_a_digit_has_a_terraform_label():
    """Terraform takes no label that begins with a digit."""
    others = SERVED.replace("static.example.com", "1.example.com")

    assert "aws_route53_record._1_example_com" in blocks(others=others)


def test_records_of_an_existing_zone_go_into_it():
    """Staging has its names in prod's zone."""
    block = blocks("existing: true", SERVED)["aws_route53_record.api-1_example_com"]

    assert block.body["zone_id"] == Ref("data.aws_route53_zone.zone", "zone_id")


# Records of the spec


def test_a_record_is_named_below_its_zone():
    """Route 53 wants whole names."""
    block = record("{name: mail, type: CNAME, values: [mx.example.net], ttl_s: 60}")

    assert block.address == "aws_route53_record.zone_mail_cname"
    assert (block.body["name"], block.body["ttl"]) == ("mail.example.com", 60)
    assert block.body["records"] == ["mx.example.net"]


def test_a_record_can_be_of_the_zone_itself():
    """Mail goes to the bare domain."""
    block = record('{name: "@", type: MX, values: ["10 mx.example.net"]}')

    assert block.address == "aws_route53_record.zone_mx"
    assert block.body["name"] == "example.com"


def test_a_wildcard_record_has_a_terraform_label():
    """`*` is no letter."""
    block = record('{name: "*.dev", type: A, values: [192.0.2.1]}')

    assert block.address == "aws_route53_record.zone_wildcard_dev_a"


def test_the_provider_puts_the_quotes_around_a_txt_value():
    """Ours beside its own would become a part of the value."""
    block = record('{name: "@", type: TXT, values: ["v=spf1 -all"]}')

    assert block.body["records"] == ["v=spf1 -all"]


def test_a_long_txt_value_becomes_several_strings():
    """A DKIM key has 400 characters, one string of a record has 255."""
    assert txt_value("a" * 255 + "b" * 255 + "c") == "a" * 255 + '""' + "b" * 255 + '""c'


def test_quotes_and_backslashes_of_a_txt_value_are_escaped():
    """A quote would end the string, and what follows would begin another."""
    assert txt_value(r'a"b\c') == r"a\"b\\c"


def test_a_txt_value_outside_of_ascii_is_written_in_octal():
    """Route 53 takes nothing else, byte by byte."""
    assert txt_value("é") == r"\303\251"


def test_an_escaped_character_counts_as_one():
    """255 quotes are one string, though they are written with 510 characters."""
    assert txt_value('"' * 255) == r"\"" * 255


# The bill


def test_a_zone_is_billed_by_the_month_and_by_queries():
    """50 cents, and a little for what is not an alias."""
    assert bill() == {
        "route53_hosted_zone_month": 1,
        "route53_standard_query_per_million": 3,
    }


def test_a_zone_that_is_looked_up_is_on_another_bill():
    """Counted twice, two environments would seem to have two zones."""
    assert bill("existing: true") == {}
