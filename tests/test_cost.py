"""The estimate: bills worked out by hand, and what a reader of the numbers is told."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from cost.advice.advice import Appraisal
from cost.bill.calendar import hours
from cost.bill.estimate import SCENARIOS, Estimate
from cost.bill.tasks import AS_WRITTEN
from cost.showing.document import as_json
from tests.estimates import SERVICE, priced, shipped
from tests.examples import graph_of

CENT = Decimal("0.01")


def line_usd(found: Estimate, item: str) -> Decimal:
    """USD of an item over all components, to the cent."""
    usd = [line.cost_usd for line in found.bill.lines if line.item == item]
    return sum((u for u in usd if u is not None), Decimal(0)).quantize(CENT)


# Bills by hand

# specs/smallest.yaml in us-east-1 over the 744 hours of December 2026. Prices of the AWS pages
# https://aws.amazon.com/fargate/pricing/, https://aws.amazon.com/elasticloadbalancing/pricing/,
# https://aws.amazon.com/vpc/pricing/ and https://aws.amazon.com/route53/pricing/.
SMALLEST = {
    "fargate_linux_x86_vcpu_hour": "7.53",  # 0.25 vCPU x 744 h x 0.04048
    "fargate_linux_x86_gb_hour": "1.65",  # 0.5 GB x 744 h x 0.004445
    "alb_hour": "16.74",  # 744 h x 0.0225
    "nat_gateway_hour": "33.48",  # 744 h x 0.045
    "public_ipv4_in_use_hour": "11.16",  # (2 of the load balancer + 1 of NAT) x 744 h x 0.005
    "route53_hosted_zone_month": "0.50",
}


@pytest.mark.parametrize(("item", "usd"), SMALLEST.items())
def test_the_smallest_web_app_costs_what_a_pocket_calculator_says(item, usd):
    """The first bill that a new user sees is checked line by line."""
    assert line_usd(shipped("smallest.yaml", "prod"), item) == Decimal(usd)


# specs/trazo.yaml, literally read: the weekend stop runs at 00:00 of Saturday and Sunday, so that
# Sunday's start at 10:00 lasts until the stop of Monday at 20:00.
#   Monday 0-20, Tuesday to Friday 8-20, Saturday and Sunday 10-24
#   December 2026: 4 Mondays, 19 Tuesdays to Fridays, 4 Saturdays, 4 Sundays
TRAZO_HOURS_ON = 4 * 20 + 19 * 12 + 4 * 14 + 4 * 14


def test_the_schedule_of_the_source_document_has_the_hours_of_the_calendar():
    """The schedule that is deployed is the one that is priced, to the hour."""
    (web,) = shipped("trazo.yaml", "prod").services

    assert (web.hours_on, web.hours_off) == (TRAZO_HOURS_ON, 744 - TRAZO_HOURS_ON)


def test_spot_hours_of_the_source_document_are_the_hours_on():
    """One task on Spot, nothing on demand: 4 requests/s x 0.05 s are one task of a quarter vCPU."""
    found = shipped("trazo.yaml", "prod")
    quantities = {line.item: line.quantity for line in found.bill.lines if line.component == "web"}

    assert quantities["fargate_spot_linux_x86_vcpu_hour"] == TRAZO_HOURS_ON * Decimal("0.25")


def test_a_calculator_month_has_730_hours():
    """`--hours 730` is what AWS's own calculator counts."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    found = priced(graph_of(SERVICE % ", capacity: {on_demand: {}}"), hours(730, now))
    (line,) = (li for li in found.bill.lines if li.item == "fargate_linux_x86_vcpu_hour")

    assert line.quantity == Decimal("182.5")


def test_without_hours_on_there_is_no_compute():
    """A service that may run no task costs what its storage costs, and nothing by the hour."""
    found = priced(graph_of(SERVICE % ", scaling: {min: 0, max: 0}"))

    assert [li.item for li in found.bill.lines if li.item.startswith("fargate")] == []


def test_a_service_that_sleeps_all_month_has_no_compute():
    """A stop in October without a start is a stop until somebody changes it."""
    asleep = """\
web:
  kind: ecs
  image: acme/web:1
  scaling: {schedule: {actions: [{name: stop, at: "2026-10-01T00:00:00", min: 0, max: 0}]}}
"""
    found = priced(graph_of(asleep))

    assert (found.services[0].hours_on, found.bill.of("fargate_")) == (0, 0)


# What a reader of the numbers is told


def test_every_scenario_of_the_table_is_there_once():
    """Four steps, and Spot and schedule alone, so that interactions show."""
    found = shipped("trazo.yaml", "prod")

    assert [s.scenario for s in found.savings] == list(SCENARIOS)


def test_the_scenario_as_written_uses_all_measures():
    """The bill is what will be paid, not what could be."""
    assert SCENARIOS["autoscaled_schedule_spot"] == AS_WRITTEN


def test_a_missing_price_is_a_line_and_a_finding():
    """Never 0, and never the price of another region."""
    head = "trazo: 1\nname: shop\nregion: sa-east-1\nstate: {bucket: shop-state}\ncomponents:\n"
    found = priced(graph_of(SERVICE % "", head))
    unpriced = {line.item for line in found.bill.unpriced}

    assert "fargate_linux_x86_vcpu_hour" in unpriced
    assert [
        li["cost_usd"] for li in as_json(Appraisal(found))["lines"] if li["item"] in unpriced
    ] == [None for _ in found.bill.unpriced]


def test_every_priced_line_says_where_its_price_is_from():
    """A number without a source is an opinion."""
    document = as_json(Appraisal(shipped("trazo.yaml", "prod")))

    assert [li["item"] for li in document["lines"] if not li["price_source"]] == []


def test_every_assumption_has_a_reason():
    """What nobody knows beforehand is said, with why and from where."""
    document = as_json(Appraisal(shipped("trazo.yaml", "prod")))

    assert [a["name"] for a in document["assumptions"] if not a["reason"]] == []


FIELDS = """
schema spec environment region period seed runs currency lines total_usd floor_usd savings
services findings assumptions unpriced catalogue
"""


def test_the_document_has_the_fields_that_were_promised():
    """Programs read `trazo cost --json`; fields may be added, not renamed."""
    document = as_json(Appraisal(shipped("trazo.yaml", "prod")))

    assert set(FIELDS.split()) <= set(document)
    assert document["schema"] == "trazo.cost/1"
    assert document["period"] == {
        "start": "2026-12-01T00:00:00+00:00",
        "end": "2027-01-01T00:00:00+00:00",
        "hours": 744,
    }


LINE_FIELDS = """
component kind item unit quantity cost_usd basis price_source price_effective
"""


def test_every_line_of_the_document_has_its_fields():
    """A line says what it counts, in which unit, and at which price: one, or tiers."""
    lines = as_json(Appraisal(shipped("trazo.yaml", "prod")))["lines"]

    assert [li for li in lines if not set(li) >= set(LINE_FIELDS.split())] == []
    assert [li for li in lines if ("unit_price_usd" in li) == ("tiers" in li)] == []


def test_without_a_simulation_the_percentiles_are_the_mean():
    """A closed form has no spread, and what only a simulation knows is null."""
    document = as_json(Appraisal(shipped("trazo.yaml", "prod")))

    assert len(set(document["total_usd"].values())) == 1
    assert [s["refused_share"] for s in document["services"]] == [None]
