"""Price books: negotiated prices, discounts and Savings Plans."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from compiler.lower import lower
from cost.calendar import hours
from cost.catalogue import Confidence, read_catalogue
from cost.estimate import Estimate, estimate
from cost.price_book import PriceBook, PriceBookError, apply, read_price_book
from cost.terms import Terms
from tests.examples import graph_of

SHIPPED = read_catalogue()
AWS_MONTH = hours(730, datetime(2026, 11, 22, tzinfo=UTC))


def book(tmp_path, text: str, name: str = "own.yaml") -> PriceBook:
    """A price book with some text."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return read_price_book(path)


def rate(catalogue, item: str, region: str = "us-east-2") -> Decimal:
    """The first rate of an item."""
    price = catalogue.price(item, region)
    assert price is not None
    return price.tiers[0].usd


def test_a_negotiated_price_replaces_the_list_price_in_its_region(tmp_path):
    """And in no other."""
    text = "prices:\n  - {item: nat_gateway_hour, region: us-east-2, usd: 0.04}\n"
    found = apply(book(tmp_path, text), SHIPPED)

    assert (rate(found, "nat_gateway_hour"), rate(found, "nat_gateway_hour", "us-east-1")) == (
        Decimal("0.04"),
        Decimal("0.045"),
    )


def test_a_price_without_a_region_holds_everywhere(tmp_path):
    """Also where the catalogue has none."""
    found = apply(book(tmp_path, "prices:\n  - {item: alb_hour, usd: 0.02}\n"), SHIPPED)

    assert {rate(found, "alb_hour", r) for r in ("us-east-1", "eu-west-1", "ap-south-1")} == {
        Decimal("0.02")
    }


def test_a_discount_takes_its_share_off_every_tier(tmp_path):
    """15 % off 0.09, 0.085, 0.07 and 0.05."""
    text = "prices:\n  - {item: data_transfer_internet_*, discount_percent: 15}\n"
    price = apply(book(tmp_path, text), SHIPPED).price("data_transfer_internet_out_gb", "us-east-2")

    assert [t.usd for t in price.tiers] == [
        Decimal(usd) * Decimal("0.85") for usd in ("0.09", "0.085", "0.07", "0.05")
    ]


def test_a_negotiated_price_says_what_it_is(tmp_path):
    """The bill names the file, and the list price's source stays in the note."""
    text = "prices:\n  - {item: alb_hour, discount_percent: 10, note: contract 7}\n"
    found = apply(book(tmp_path, text), SHIPPED)
    price = found.price("alb_hour", "us-east-2")

    assert (found.name, price.source, price.confidence) == (
        "shipped + own.yaml",
        "own.yaml",
        Confidence.NEGOTIATED,
    )
    assert re.fullmatch(r"10 % off .*; contract 7", price.note)


def test_the_last_entry_about_a_price_wins(tmp_path):
    """A general discount first, then the exception."""
    text = (
        "prices:\n  - {item: '*', discount_percent: 10}\n"
        "  - {item: alb_hour, region: us-east-2, usd: 0.001}\n"
    )
    found = apply(book(tmp_path, text), SHIPPED)

    assert (rate(found, "alb_hour"), rate(found, "nat_gateway_hour")) == (
        Decimal("0.001"),
        Decimal("0.0405"),
    )


def test_tiers_can_be_negotiated(tmp_path):
    """0.05 up to 10 TB, 0.03 beyond."""
    text = (
        "prices:\n  - item: cloudfront_data_transfer_out_gb\n    region: edge-us\n"
        "    tiers: [{from: 0, usd: 0.05}, {from: 10240, usd: 0.03}]\n"
    )
    price = apply(book(tmp_path, text), SHIPPED).price(
        "cloudfront_data_transfer_out_gb", "us-east-2"
    )

    assert [(t.from_quantity, t.usd) for t in price.tiers] == [
        (Decimal(0), Decimal("0.05")),
        (Decimal(10240), Decimal("0.03")),
    ]


def test_a_csv_says_the_same(tmp_path):
    """Whoever keeps prices in a spreadsheet exports it."""
    text = "item,region,usd,discount_percent\nalb_hour,us-east-2,0.02,\nnat_gateway_hour,,,50\n"
    found = apply(book(tmp_path, text, "own.csv"), SHIPPED)

    assert (rate(found, "alb_hour"), rate(found, "nat_gateway_hour")) == (
        Decimal("0.02"),
        Decimal("0.0225"),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prices: 3", "`prices` is a list"),
        ("prices:\n  - {usd: 1}", "entry 1: an `item` is missing"),
        ("prices:\n  - {item: alb_hour}", "give either `usd` or `discount_percent`"),
        ("prices:\n  - {item: alb_hour, usd: 1, discount_percent: 1}", "give either"),
        ("prices:\n  - {item: alb_hour, usd: -1}", "it is 0 or more"),
        ("prices:\n  - {item: alb_hour, usd: NaN}", "it is 0 or more"),
        ("prices:\n  - {item: alb_hour, usd: cheap}", "`usd` is `cheap`, not a number"),
        ("prices:\n  - {item: alb_hour, discount_percent: 100}", "it lies below 100"),
        ("prices:\n  - {item: alb_hours, usd: 1}", "did you mean `alb_hour`"),
        ("prices:\n  - {item: alb_hour, unit: GB, usd: 1}", "counted per hour, not per GB"),
        ("prices:\n  - {item: alb_hour, price: 1}", "there is no `price`"),
        ("prices:\n  - {item: alb_hour, region: mars, discount_percent: 1}", "no price in `mars`"),
        ("prices:\n  - {item: alb_hour, tiers: [{from: 5, usd: 1}]}", "begins at 0"),
        ("savings_plan: {discount_percent: 20}", "`commitment_usd_per_h` is missing"),
        ("prices: [", "own.yaml:1"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path, text, message):
    """A discount that silently does nothing would be believed."""
    with pytest.raises(PriceBookError) as caught:
        apply(book(tmp_path, text), SHIPPED)

    assert message in str(caught.value)
    assert str(caught.value).startswith("own.yaml")


# Savings Plans: one vCPU and 2 GB in us-east-1 are 0.04048 + 2 x 0.004445 = 0.04937 USD an hour.

TASK = "web: {kind: ecs, image: 'acme/web:1', cpu: 1024, memory_mib: 2048, scaling: %s%s}"
ALWAYS = "{target_cpu_percent: null}"
HEAD = (
    "trazo: 1\nname: shop\nregion: us-east-1\nstate: {bucket: shop-terraform-state}\n"
    "traffic: {usage: {web: {log_gb: 0}}}\ncomponents:\n"
)


def planned(tmp_path, commitment: str, components: str) -> Estimate:
    """The estimate with a plan of so many USD an hour, 20 % below on-demand rates."""
    plan = f"savings_plan: {{commitment_usd_per_h: {commitment}, discount_percent: 20}}\n"
    graph = graph_of(components, HEAD)
    terms = Terms({}, book(tmp_path, plan).savings_plan)
    return estimate(graph, lower(graph), AWS_MONTH, SHIPPED, terms=terms)


def test_a_plan_that_covers_all_saves_its_discount(tmp_path):
    """0.8 x 0.04937 = 0.039496 an hour for 730 hours, and nothing on demand beside it."""
    found = planned(tmp_path, "0.039496", TASK % (ALWAYS, ""))

    assert found.saving("autoscaled_schedule_spot").compute_usd == pytest.approx(
        Decimal("0.039496") * 730, abs=Decimal("0.001")
    )


def test_what_is_beyond_the_commitment_is_paid_on_demand(tmp_path):
    """0.02 an hour covers 0.025 of 0.04937; 0.02437 stay."""
    found = planned(tmp_path, "0.02", TASK % (ALWAYS, ""))

    assert found.saving("autoscaled_schedule_spot").compute_usd == pytest.approx(
        (Decimal("0.02") + Decimal("0.02437")) * 730, abs=Decimal("0.001")
    )


def test_a_plan_covers_no_spot(tmp_path):
    """The commitment comes on top then."""
    spot = TASK % (ALWAYS, ", capacity: {spot: {}}")
    found = planned(tmp_path, "0.02", spot)

    assert [li.item for li in found.bill.lines if li.component == "savings_plan"] == [
        "compute_savings_plan_commitment_hour"
    ]


def test_hours_off_strand_the_commitment(tmp_path):
    """Hours are not added up: what one leaves unused, no other can use."""
    windows = "windows: [{days: MON-SUN, from: '00:00', to: '12:00', min: 1, max: 1}]"
    nights = f"{{min: 0, max: 1, target_cpu_percent: null, schedule: {{{windows}}}}}"
    found = planned(tmp_path, "0.039496", TASK % (nights, ""))
    (covered,) = [li for li in found.bill.lines if li.item.endswith("covered_usage")]

    on_h = Decimal(str(found.services[0].hours_on))
    assert covered.quantity == pytest.approx(on_h * Decimal("0.04937"), abs=Decimal("0.001"))


def test_a_plan_is_part_of_the_floor(tmp_path):
    """It is paid with no task at all."""
    without = planned(tmp_path, "0", TASK % (ALWAYS, ""))
    found = planned(tmp_path, "0.02", TASK % (ALWAYS, ""))

    assert found.floor_usd - without.floor_usd == Decimal("14.60")
