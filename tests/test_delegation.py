"""A zone below another one is delegated, or its owner is told what to do by hand."""

import pytest

from compiler.findings.check import Checked, check
from compiler.lower import lower
from compiler.plan.plan import Block, Ref
from compiler.provider_schema import check as check_plan
from trazo_spec.load import load

HEAD = """\
trazo: 1
name: shop
region: us-east-2
state: {bucket: shop-terraform-state}
"""
BELOW = "{components: {zone: {zone: staging.acme.io}}}"
TWO = f"""{HEAD}components: {{zone: {{kind: dns, zone: acme.io}}}}
environments: {{prod: {{}}, staging: {BELOW}}}
"""


def _checked(text: str) -> Checked:
    return check(load(text, "spec.yaml"))


def _blocks(text: str, environment: str = "prod") -> dict[str, Block]:
    plan = lower(_checked(text).graphs[environment])
    assert check_plan(plan) == ()
    return {block.address: block for block in plan.blocks}


def _codes(text: str) -> list[str]:
    return [d.code for d in _checked(text).diagnostics]


def test_the_stack_of_the_new_zone_writes_its_record_into_the_zone_above():
    """Without it, no resolver asks the name servers of the new zone."""
    blocks = _blocks(TWO, "staging")
    record = blocks["aws_route53_record.zone_delegation"].body

    assert blocks["data.aws_route53_zone.zone-parent"].body["name"] == "acme.io"
    assert record == {
        "zone_id": Ref("data.aws_route53_zone.zone-parent", "zone_id"),
        "name": "staging.acme.io",
        "type": "NS",
        "ttl": 300,
        "records": Ref("aws_route53_zone.zone", "name_servers"),
    }
    assert _codes(TWO) == []


def test_the_zone_above_stays_as_it_is():
    """Production does not know of staging."""
    assert sorted(_blocks(TWO)) == ["aws_route53_zone.zone"]


@pytest.mark.parametrize(
    ("above", "zone_id"),
    [
        ("{kind: dns, zone: acme.io}", Ref("aws_route53_zone.top", "zone_id")),
        (
            "{kind: dns, zone: acme.io, existing: true}",
            Ref("data.aws_route53_zone.top", "zone_id"),
        ),
    ],
    ids=["new", "existing"],
)
def test_a_zone_above_in_the_same_environment_is_used(above, zone_id):
    """It is created or looked up there already."""
    text = f"{HEAD}components: {{top: {above}, zone: {{kind: dns, zone: dev.acme.io}}}}\n"

    assert _blocks(text)["aws_route53_record.zone_delegation"].body["zone_id"] == zone_id


def test_of_several_zones_above_the_nearest_one_delegates():
    """A record in the other one would never be asked for."""
    text = f"""{HEAD}components:
  a: {{kind: dns, zone: acme.io}}
  b: {{kind: dns, zone: dev.acme.io}}
  c: {{kind: dns, zone: x.dev.acme.io}}
"""
    record = _blocks(text)["aws_route53_record.c_delegation"]

    assert record.body["zone_id"] == Ref("aws_route53_zone.b", "zone_id")


@pytest.mark.parametrize(
    "components",
    [
        "zone: {kind: dns, zone: dev.acme.io, delegate: false}, top: {kind: dns, zone: acme.io}",
        "zone: {kind: dns, zone: dev.acme.io, existing: true}, top: {kind: dns, zone: acme.io}",
        "zone: {kind: dns, zone: dev.acme.io}, top: {kind: dns, zone: acme.io, "
        "records: [{name: dev, type: NS, values: [ns-1.example.com]}]}",
        "zone: {kind: dns, zone: devacme.io}, top: {kind: dns, zone: acme.io}",
    ],
    ids=["switched off", "existing", "by hand", "not below"],
)
def test_no_record_is_written_where_there_is_one_or_none_is_wanted(components):
    """AWS refuses a second record of the same name and type."""
    text = f"{HEAD}components: {{{components}}}\n"

    assert "aws_route53_record.zone_delegation" not in _blocks(text)
    assert "TZ697" not in _codes(text)


def test_a_parent_that_is_written_is_looked_up():
    """It may belong to another project in the account."""
    text = f"{HEAD}components: {{zone: {{kind: dns, zone: dev.acme.io, parent: acme.io}}}}\n"

    assert _blocks(text)["data.aws_route53_zone.zone-parent"].body["name"] == "acme.io"


def test_a_parent_that_is_not_above_is_refused():
    """Route 53 would refuse the record."""
    text = f"{HEAD}components: {{zone: {{kind: dns, zone: dev.acme.io, parent: other.io}}}}\n"

    assert _codes(text) == ["TZ200"]


ACCOUNTS = TWO.replace("prod: {}", 'prod: {account: "123456789012"}').replace(
    "staging: {", 'staging: {account: "210987654321", '
)


def test_another_account_is_told_what_to_do_by_hand():
    """Credentials of one account cannot write into the zone of another one."""
    (finding,) = _checked(ACCOUNTS).diagnostics

    assert finding.message == (
        "`staging.acme.io` is below `acme.io`, which `prod` has in another account, so nothing "
        "delegates it"
    )
    assert finding.help == (
        "create its NS record in `acme.io` by hand; then write `delegate: false`"
    )
    assert "aws_route53_record.zone_delegation" not in _blocks(ACCOUNTS, "staging")


def test_one_zone_in_two_accounts_is_told():
    """Each account may create it, but the domain leads to one of them only."""
    text = ACCOUNTS.replace(", components: {zone: {zone: staging.acme.io}}", "")

    assert _codes(text) == ["TZ697"]


def test_a_zone_below_the_domain_is_told_to_name_its_parent():
    """Whether that zone is in the account, the spec does not say."""
    text = f"{HEAD}domain: acme.io\ncomponents: {{zone: {{kind: dns, zone: dev.acme.io}}}}\n"
    (finding,) = _checked(text).diagnostics

    assert (finding.code, finding.environment) == ("TZ697", "")
    assert finding.help.startswith("write `parent: acme.io` if that zone is in the account")
