"""Bills worked out by hand: tiers and free quantities over a period, unpriced lines, a budget."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest

from compiler.lower import lower
from compiler.plan.plan import Load, Meter
from cost.bill.bill import QUANTUM, Bill, Line, Share, bill, budget_finding, unpriced_findings
from cost.bill.calendar import Period, month
from cost.bill.closed_form import Work
from cost.bill.pricing import Conditions, Pricing
from cost.rates.allowances import Allowance
from cost.rates.catalogue import Catalogue, Confidence, Price, Tier, cost, parts
from cost.rates.terms import LIST, SavingsPlan, Terms
from tests.examples import graph_of
from trazo_spec.diagnostics import Severity
from trazo_spec.traffic import Profile

OHIO = "us-east-2"
# 10 at 10 cents, 90 at 5 cents, the rest at 1 cent.
TIERS = ((0, "0.10"), (10, "0.05"), (100, "0.01"))


def price(item: str, unit: str, *tiers: tuple[int, str], region: str = OHIO) -> Price:
    """A price of some tiers."""
    steps = tuple(Tier(Decimal(start), Decimal(usd)) for start, usd in tiers)
    return Price(item, region, unit, steps, date(2026, 9, 11), "a test", Confidence.OFFER_FILE)


GB = price("gb", "GB", *TIERS)
HOUR = price("hour", "hour", (0, "0.0225"))


def catalogue(*prices: Price) -> Catalogue:
    """Some prices."""
    return Catalogue("mine", {(p.item, p.region): p for p in prices})


def meter(component: str, quantity: float, item: str = "gb", unit: str = "GB", why: str = ""):
    """A meter that always counts the same."""
    return Meter(component, item, unit, lambda _: quantity, "fixed", why)


def billed(
    *meters: Meter, months: float = 1.0, free: Mapping[str, Allowance] | None = None
) -> Bill:
    """The bill of some meters, all of them in the same period."""
    loads = {m.component: Load(730.0 * months, months) for m in meters}
    return bill(meters, loads, {"a": "s3"}, catalogue(GB, HOUR), OHIO, free)


# Tiers


@pytest.mark.parametrize(
    ("quantity", "months", "usd"),
    [
        (4, 1, "0.40"),
        (10, 1, "1.00"),
        (25, 1, "1.75"),  # 10 x 0.10 + 15 x 0.05
        (100, 1, "5.50"),
        (250, 1, "7.00"),  # 10 x 0.10 + 90 x 0.05 + 150 x 0.01
        (20, 2, "2.00"),  # the first tier is 10 in each of the months
        (25, 2, "2.25"),  # 20 x 0.10 + 5 x 0.05
        (250, 2, "11.50"),  # 20 x 0.10 + 180 x 0.05 + 50 x 0.01
        (25, 3, "2.50"),
        (2500, 12, "79.00"),  # 120 x 0.10 + 1080 x 0.05 + 1300 x 0.01
    ],
)
def test_tiers_begin_anew_with_each_month(quantity, months, usd):
    """AWS counts tiers by the calendar month: what fits into two of them is not one large one."""
    assert cost(GB, Decimal(quantity), Decimal(months)) == Decimal(usd)


def test_a_quantity_is_cut_at_the_tiers_of_its_months():
    """A tier that it only touches has no part of it."""
    first, second, third = GB.tiers
    two = Decimal(2)

    assert parts(GB, Decimal(20), two) == ((first, Decimal(20)),)
    assert parts(GB, Decimal(21), two) == ((first, Decimal(20)), (second, Decimal(1)))
    assert parts(GB, Decimal(201), two)[-1] == (third, Decimal(1))
    assert parts(GB, Decimal(0)) == ()


@pytest.mark.parametrize(
    ("months", "usd"),
    [(1.0, "1.75"), (2.0, "2.25"), (1.5, "2.00"), (0.5, "1.75")],
    ids=["a month", "two", "one and a half: 15 x 0.10 + 10 x 0.05", "half of one has whole tiers"],
)
def test_a_bill_of_several_months_has_the_tiers_of_each(months, usd):
    """A bill of a year would else be too low, by every tier but the first."""
    [line] = billed(meter("a", 25.0), months=months).lines

    assert line.cost_usd == Decimal(usd)
    assert line.share.months == Decimal(repr(max(months, 1.0)))


def test_lines_of_one_item_share_its_tiers():
    """An account has one first tier, whichever components fill it."""
    found = billed(meter("b", 20.0), meter("a", 6.0), meter("c", 100.0))

    assert [(li.component, li.quantity, li.cost_usd) for li in found.lines] == [
        ("a", 6, Decimal("0.60")),
        ("b", 20, Decimal("1.20")),  # 4 x 0.10 + 16 x 0.05
        ("c", 100, Decimal("3.96")),  # 74 x 0.05 + 26 x 0.01
    ]
    assert [li.share.before for li in found.lines] == [0, 6, 26]
    assert found.total_usd == cost(GB, Decimal(126))


def test_what_is_free_is_free_in_every_month_and_for_all_lines_together():
    """4 GB a month are 8 in two months; what is free fills no tier."""
    free = Allowance("gb", Decimal(4), "GB", date(2026, 9, 11), "a test", Confidence.OFFER_FILE)
    meters = meter("a", 6.0), meter("b", 20.0), meter("c", 10.0), meter("d", 1.0, "hour", "hour")
    found = billed(*meters, months=2.0, free={"gb": free})

    assert [(li.share.free, li.share.before) for li in found.lines] == [
        (6, 0),
        (2, 0),
        (0, 18),
        (0, 0),
    ]
    assert [li.cost_usd for li in found.lines] == [
        0,
        Decimal("1.80"),  # 18 x 0.10, since two months have 20 in the first tier
        Decimal("0.60"),  # 2 x 0.10 + 8 x 0.05
        Decimal("0.0225"),
    ]


def test_a_line_that_stands_alone_pays_from_the_first_unit_on():
    """Nothing free, nothing before it, one month."""
    assert Share() == Share(free=Decimal(0), before=Decimal(0), months=Decimal(1))
    assert Share().cost_usd(GB, Decimal(25)) == Decimal("1.75")
    assert Share(free=Decimal(5), before=Decimal(8)).cost_usd(GB, Decimal(9)) == Decimal("0.30")


# Lines


def test_lines_stand_in_the_order_of_component_item_and_reason():
    """The same bill, whatever the order of the meters; what counts nothing has no line."""
    found = billed(
        meter("b", 1.0),
        meter("a", 1.0, "hour", "hour", "z"),
        meter("a", 2.0, "hour", "hour", "x"),
        meter("a", 3.0),
        meter("c", 0.0),
        meter("c", 4e-7),
    )

    assert [(li.component, li.item, li.why) for li in found.lines] == [
        ("a", "gb", ""),
        ("a", "hour", "x"),
        ("a", "hour", "z"),
        ("b", "gb", ""),
    ]
    assert [li.kind for li in found.lines] == ["s3", "s3", "s3", ""]


def test_quantities_and_costs_have_six_digits_behind_the_point():
    """A millionth of a dollar: a request at its price, and no dust of floats."""
    [line] = billed(meter("a", 1 / 3, "hour", "hour")).lines

    assert Decimal("0.000001") == QUANTUM
    assert f"{line.quantity} {line.cost_usd}" == "0.333333 0.007500"


def test_a_unit_price_is_told_where_there_is_one():
    """Not for a price of three tiers, and not for none."""
    found = billed(meter("a", 1.0), meter("b", 1.0, "hour", "hour"), meter("c", 1.0, "soap", "kg"))

    assert [li.unit_price_usd for li in found.lines] == [None, Decimal("0.0225"), None]


@pytest.mark.parametrize(
    ("item", "metered", "priced"), [("gb", "hour", "GB"), ("hour", "GB", "hour")]
)
def test_a_meter_in_another_unit_than_its_price_is_a_bug_and_stops(item, metered, priced):
    """Hours at the price of a GB would be a number like any other."""
    with pytest.raises(ValueError, match=f"{item} is metered in {metered} and priced in {priced}"):
        billed(meter("a", 1.0, item, metered))


# Sums


PRICED = billed(
    meter("a", 6.0),
    meter("a", 100.0, "hour", "hour"),
    meter("b", 20.0),
    meter("c", 3.0, "soap", "kg"),
)
"""0.60 + 2.25 for `a`, 1.20 for `b`, and no price for `c`."""


def test_sums_are_those_of_the_priced_lines():
    """An unpriced line is not free, and counts as nothing all the same: the bill says so."""
    assert PRICED.total_usd == Decimal("4.05")
    assert PRICED.by_component() == {"a": Decimal("2.85"), "b": Decimal("1.20"), "c": 0}
    assert [li.item for li in PRICED.unpriced] == ["soap"]
    assert not PRICED.complete
    assert Bill(PRICED.lines[:3]).complete


def test_items_are_summed_by_how_their_names_begin():
    """As `nat_gateway` is hours and GB."""
    assert PRICED.of("gb") == Decimal("1.80")
    assert PRICED.of("ho", "so") == Decimal("2.25")
    assert PRICED.of("soap") == 0


# Findings


def test_a_line_without_a_price_is_told():
    """With how much of it is needed, since that is what one then looks up."""
    [finding] = unpriced_findings(PRICED, OHIO)

    assert (finding.code, finding.severity) == ("TZ701", Severity.WARNING)
    assert finding.path == ("components", "c")
    assert "`c` uses 3.00 kg of `soap`" in finding.message
    assert OHIO in finding.message


@pytest.mark.parametrize("region", ["ap-south-1", "us-west-9"])
def test_a_region_without_any_price_is_told_once(region):
    """Not a line for every line of the bill, though global prices stand on some."""
    everywhere = price("zone", "zone", (0, "0.50"), region="global")
    meters = meter("a", 1.0), meter("b", 1.0), meter("c", 1.0, "zone", "zone")
    loads = {m.component: Load(730.0, 1.0) for m in meters}
    found = bill(meters, loads, {}, catalogue(GB, everywhere), region)
    [finding] = unpriced_findings(found, region)

    assert [li.price and li.price.region for li in found.lines] == [None, None, "global"]
    assert finding.path == ("region",)
    assert f"not contain prices for {region}" in finding.message


def test_a_bill_with_every_price_has_no_finding():
    """Also where all of them are global."""
    assert unpriced_findings(Bill(PRICED.lines[:3]), OHIO) == ()
    assert unpriced_findings(Bill(PRICED.lines[:3]), "ap-south-1") == ()


@pytest.mark.parametrize("total", ["0", "99.99", "100.00"])
def test_a_total_up_to_its_budget_is_within_it(total):
    """A budget is what may be spent, the last cent included."""
    assert budget_finding(Decimal(total), Decimal(100)) is None


def test_a_total_over_its_budget_is_told_with_the_difference():
    """One cent is enough."""
    finding = budget_finding(Decimal("1234.56"), Decimal(1000))

    assert finding is not None
    assert (finding.code, finding.severity, finding.path) == ("TZ702", Severity.ERROR, ())
    assert "1,234.56 USD, 234.56 USD over the budget of 1,000.00" in finding.message
    assert budget_finding(Decimal("100.01"), Decimal(100)) is not None


# An environment

SHOP = """\
network: {kind: networking}
edge: {kind: alb, hostname: www.example.com, routes: [{path: /x, to: api}, {to: web}]}
web: {kind: ecs, image: acme/web:1, uses: {media: read}}
api: {kind: ecs, image: acme/api:1}
media: {kind: s3}
"""
USED = """\
trazo: 1
name: shop
region: us-east-2
domain: example.com
state: {bucket: shop-terraform-state}
traffic: {usage: {media: {stored_gb: 7, requests: 100}, web: {log_gb: 3}}}
components:
"""


@dataclass(frozen=True)
class Shop:
    """A workload in which nothing is worked out."""

    asked: list[str] = field(default_factory=list)

    def work(self, service: str, scenario: str) -> Work:
        """Hours that tell services and scenarios apart."""
        self.asked.append(f"{service} {scenario}")
        return Work({"web": 10.0, "api": 20.0}[service], {"web": 1.0, "api": 2.0}[service], 5.0)

    def requests(self, service: str) -> float:
        """Requests in the period."""
        return {"web": 1000.0, "api": 500.0}[service]

    def baseline_tasks(self, service: str) -> int:
        """Not asked for."""
        raise AssertionError(service)

    def by_hour(self, service: str, scenario: str) -> list[tuple[float, float]]:
        """Two hours, with one and two tasks on demand."""
        assert scenario == "written"
        return [(1.0, 1.0), (2.0, 2.0)] if service == "web" else [(0.0, 0.0), (0.0, 0.0)]

    def service_level(self, service: str) -> None:
        """Not asked for."""
        raise AssertionError(service)


JANUARY = month("2027-01")
QUARTER = Period(JANUARY.start, month("2027-03").end, months=3.0)
VCPU = price("fargate_linux_x86_vcpu_hour", "vCPU-hour", (0, "0.04"))
MEMORY = price("fargate_linux_x86_gb_hour", "GB-hour", (0, "0.004"))


def pricing(
    profile: Profile = Profile.TYPICAL, terms: Terms = LIST, period: Period = QUARTER
) -> Pricing[Shop]:
    """The shop over a quarter."""
    graph = graph_of(SHOP, USED)
    conditions = Conditions(period, catalogue(VCPU, MEMORY), profile, terms)
    return Pricing(graph, lower(graph), conditions, Shop())


def test_use_that_is_written_goes_before_a_guess():
    """And guesses are those of the profile."""
    low, high = pricing(Profile.LOW).usage("media"), pricing(Profile.HIGH).usage("media")

    assert low["stored_gb"] == high["stored_gb"] == 7
    assert low["get_requests"] < high["get_requests"]


def test_requests_reach_what_stands_in_front_of_services():
    """A load balancer has those of all its services, what is written is a month's."""
    loads = pricing().loads("written")

    assert {name: load.requests for name, load in loads.items()} == {
        "network": 0.0,
        "edge": 1500.0,
        "web": 1000.0,
        "api": 500.0,
        "media": 300.0,
    }


def test_only_services_have_hours_of_tasks():
    """In a scenario; without one no task runs and visitors come all the same."""
    shop = pricing()
    loads, idle = shop.loads("written"), shop.loads(None)

    assert {n: (li.on_demand_task_h, li.spot_task_h) for n, li in loads.items()} == {
        "network": (0.0, 0.0),
        "edge": (0.0, 0.0),
        "web": (10.0, 1.0),
        "api": (20.0, 2.0),
        "media": (0.0, 0.0),
    }
    assert sorted(shop.workload.asked) == ["api written", "web written"]
    assert {(li.on_demand_task_h, li.spot_task_h) for li in idle.values()} == {(0.0, 0.0)}
    assert idle["edge"].requests == 1500.0
    assert (loads["web"].hours, loads["web"].months) == (QUARTER.hours, 3.0)
    assert shop.load("api", "written") == loads["api"]


def test_an_abandoned_environment_keeps_what_it_stores():
    """Nobody comes and no task runs, but a bucket does not empty itself."""
    loads = pricing().abandoned()
    media = {name: value for name, value in loads["media"].usage.items() if value}

    assert media == {"stored_gb": 7.0}
    assert loads["web"].usage["log_gb"] == 0.0
    assert loads["web"].usage["image_gb"] > 0.0
    assert (loads["edge"].requests, loads["web"].on_demand_task_h) == (0.0, 0.0)
    assert (loads["edge"].hours, loads["edge"].months) == (QUARTER.hours, 3.0)


def test_a_savings_plan_is_paid_whether_or_not_tasks_run():
    """It takes something off only where they do."""
    plan = SavingsPlan(Decimal("0.01"), Decimal("0.20"), "a test")
    shop = pricing(terms=Terms(savings_plan=plan))
    running = lines_of_plan(shop.bill(shop.loads("written"), "written"))
    idle = lines_of_plan(shop.bill(shop.abandoned(), None))
    listed = pricing()

    # A task is 0.25 vCPU and 0.5 GB: 0.012 USD an hour, of which the plan covers 0.01 / 0.8.
    assert [li.cost_usd for li in running] == [Decimal("21.60"), Decimal("-0.0245")]
    assert [li.cost_usd for li in idle] == [Decimal("21.60")]
    (covered,) = (li.price for li in running if li.quantity and li.cost_usd < 0 and li.price)
    assert [(tier.from_quantity, tier.usd) for tier in covered.tiers] == [(0, -1)]
    assert lines_of_plan(listed.bill(listed.loads("written"), "written")) == []


def lines_of_plan(found: Bill) -> list[Line]:
    """The lines of the savings plan."""
    return [line for line in found.lines if line.component == "savings_plan"]


def test_the_total_of_a_scenario_is_that_of_its_bill():
    """30 hours of 0.25 vCPU at 0.04 and of 0.5 GB at 0.004."""
    assert pricing().total_usd("written") == Decimal("0.36")
    assert pricing().total_usd(None) == 0
