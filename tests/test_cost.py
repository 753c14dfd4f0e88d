"""Tests of the estimate: bills worked out by hand, other arithmetic, and laws."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import ceil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.check import check
from compiler.graph import Graph, build
from compiler.lower import lower
from cost.calendar import Period, hours, month
from cost.catalogue import read_catalogue
from cost.demand import demand_of, total_requests
from cost.document import as_json
from cost.estimate import SCENARIOS, Estimate, Profile, estimate
from cost.tasks import AS_WRITTEN, Measures, baseline_tasks, spot_tasks, task_hours, wanted_tasks
from tests.examples import graph_of
from tests.strategies.sample import Compiled, compiled, sample
from tests.strategies.schedules import TIMEZONES
from trazo_spec.components.ecs import Capacity, CapacityProvider, Ecs
from trazo_spec.document import Spec
from trazo_spec.load import load
from trazo_spec.schedule import Schedule
from trazo_spec.traffic import Demand

SPECS = Path(__file__).parent.parent / "specs"
CATALOGUE = read_catalogue()
DECEMBER = month("2026-12")  # 744 hours; it begins on a Tuesday
WEEK = hours(7 * 24, datetime(2026, 11, 22, tzinfo=UTC))
CENT = Decimal("0.01")

SERVICE = "web: {kind: ecs, image: acme/web:1%s}"


def priced(graph: Graph, period: Period = DECEMBER, profile: Profile = Profile.TYPICAL) -> Estimate:
    """The estimate of one environment."""
    return estimate(graph, lower(graph), period, CATALOGUE, profile)


@cache
def _estimated(position: int) -> Estimate:
    return priced(first_graph(sample(settings.default.max_examples)[position]), WEEK)


def first_graph(spec: Compiled) -> Graph:
    """The first environment of a generated spec."""
    return spec.graphs[spec.first]


def estimated(spec: Compiled) -> Estimate:
    """The estimate of its first environment over a week, worked out once for all laws."""
    return _estimated(spec.position)


def shipped(name: str, environment: str) -> Estimate:
    """The estimate of a shipped spec in December 2026."""
    checked = check(load((SPECS / name).read_text(encoding="utf-8")))
    return priced(checked.graphs[environment])


def line_usd(found: Estimate, item: str) -> Decimal:
    """USD of an item over all components, to the cent."""
    usd = [line.cost_usd for line in found.bill.lines if line.item == item]
    return sum((u for u in usd if u is not None), Decimal(0)).quantize(CENT)


def service(**fields: object) -> Ecs:
    """A service of a quarter vCPU with some fields."""
    return Ecs.model_validate({"image": "acme/web:1", **fields})


def scaled(low: int, high: int, target: int | None = 80, schedule: Schedule | None = None) -> Ecs:
    """A service with these bounds."""
    scaling = {"min": low, "max": high, "target_cpu_percent": target, "schedule": schedule}
    return service(scaling=scaling)


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


# The closed form against other arithmetic

RATES = st.integers(0, 4000).map(lambda n: Fraction(n, 8))
CPU_SECONDS = st.integers(1, 400).map(lambda n: Fraction(n, 100))


@given(RATES, CPU_SECONDS, st.sampled_from((256, 1024, 4096)), st.integers(1, 100))
def test_wanted_tasks_are_those_of_exact_fractions(rate, cpu_s, cpu, percent):
    """`4 x 0.05 / (0.25 x 0.8)` is one task, though floating point says a little more."""
    web = service(cpu=cpu, memory_mib=8192, scaling={"target_cpu_percent": percent})
    exact = ceil(rate * cpu_s / (Fraction(cpu, 1024) * Fraction(percent, 100)))

    assert wanted_tasks(web, float(rate), float(cpu_s)) == exact


@st.composite
def windows(draw) -> tuple[Schedule, str, set[int], int, int]:
    """A schedule of one window, and the same as days (0 is Monday) and minutes.

    Between 5 and 24 o'clock no zone of these changes its clock.
    """
    zone = draw(st.sampled_from([z for z in TIMEZONES if z != "Pacific/Apia"]))
    names = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
    days = draw(st.sets(st.integers(0, 6), min_size=1))
    begin = draw(st.integers(20, 60)) * 15
    end = draw(st.integers(begin // 15 + 1, 96)) * 15
    text = {
        "days": ",".join(names[d] for d in sorted(days)),
        "from": f"{begin // 60:02}:{begin % 60:02}",
        "to": f"{end // 60:02}:{end % 60:02}",
    }
    schedule = Schedule.model_validate_json(
        f'{{"timezone": "{zone}", "windows": [{str(text).replace(chr(39), chr(34))}]}}'
    )
    return schedule, zone, days, begin, end


MONTHS = st.sampled_from(["2026-12", "2027-03", "2027-02", "2028-02", "2026-10"])


@given(windows(), MONTHS)
def test_hours_on_are_counted_as_a_clock_on_the_wall_would(window, text):
    """Each quarter of an hour is asked what the clock shows, changes of clocks included."""
    schedule, zone, days, begin, end = window
    period = month(text)
    clock = ZoneInfo(zone)
    expected = 0.0
    for quarter in _quarters(period):
        local = quarter.astimezone(clock)
        minute = local.hour * 60 + local.minute
        expected += 0.25 if local.weekday() in days and begin <= minute < end else 0.0

    found = task_hours(scaled(1, 1, schedule=schedule), Demand(), period.start, period.end)

    assert found.on_h == expected


def _quarters(period: Period) -> Iterator[datetime]:
    at = period.start
    while at < period.end:
        yield at
        at += timedelta(minutes=15)


@given(st.lists(RATES, min_size=24, max_size=24), st.integers(0, 3), st.integers(3, 9))
def test_task_hours_are_the_sum_of_the_closed_form_hour_by_hour(rates, low, high):
    """In each hour clamp(ceil(requests x CPU / (vCPU x target)), min, max) tasks run."""
    demand = Demand(hourly=tuple(map(float, rates)), cpu_s_per_request=0.05)
    wanted = [ceil(r * Fraction(1, 20) / (Fraction(1, 4) * Fraction(4, 5))) for r in rates]
    expected = 31 * sum(max(low, min(high, w)) for w in wanted)

    found = task_hours(scaled(low, high), demand, DECEMBER.start, DECEMBER.end)

    assert found.on_demand_h + found.spot_h == pytest.approx(expected, rel=1e-12)


def test_demand_follows_the_clock_of_its_audience():
    """Business hours of New York are 14 to 23 o'clock UTC in winter."""
    demand = Demand(profile="business_hours", timezone="America/New_York", peak_requests_per_s=10)
    noon = datetime(2026, 12, 1, 14, tzinfo=UTC)

    assert total_requests(demand, noon, noon + timedelta(hours=9)) == 10 * 9 * 3600


def test_requests_of_flat_demand_are_rate_times_time():
    """Request-based prices multiply this number."""
    assert total_requests(Demand(peak_requests_per_s=2), DECEMBER.start, DECEMBER.end) == (
        2 * 744 * 3600
    )


@pytest.mark.parametrize(
    ("on_demand", "spot", "tasks", "on_spot"),
    [
        ((0, 1), None, 3, 0),
        (None, (0, 1), 3, 3),
        ((1, 0), (0, 1), 0, 0),
        ((1, 0), (0, 1), 1, 0),
        ((1, 0), (0, 1), 3, 2),
        ((0, 1), (2, 1), 1, 1),
        ((0, 1), (2, 1), 4, 3),
        ((0, 1), (0, 3), 4, 3),
        ((5, 1), (0, 1), 3, 0),
    ],
)
def test_bases_come_first_and_the_rest_goes_by_weight(on_demand, spot, tasks, on_spot):
    """So AWS says: a base is filled before any weight counts."""

    def provider(values: tuple[int, int] | None) -> CapacityProvider | None:
        return CapacityProvider(base=values[0], weight=values[1]) if values else None

    capacity = Capacity(on_demand=provider(on_demand), spot=provider(spot))

    assert spot_tasks(capacity, tasks) == on_spot


# Laws of task hours

MEASURES = st.builds(
    Measures, autoscaled=st.booleans(), scheduled=st.booleans(), spot=st.booleans()
)


@given(compiled(), MEASURES)
def test_every_hour_of_the_period_is_on_or_off(spec, measures):
    """No hour is lost between two intervals, none is counted twice."""
    graph = first_graph(spec)
    for name, web in graph.of(Ecs):
        found = task_hours(web, demand_of(graph, name), WEEK.start, WEEK.end, measures)

        assert found.on_h + found.off_h == pytest.approx(168)


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


@given(windows(), st.integers(1, 8))
def test_more_hours_are_never_cheaper(window, quarters):
    """Whoever opens longer pays at least as much."""
    schedule, _, _, _, end = window
    later = min(end + quarters * 15, 24 * 60)
    (only,) = schedule.windows
    longer = only.model_copy(update={"to": f"{later // 60:02}:{later % 60:02}"})
    both = (schedule, schedule.model_copy(update={"windows": (longer,)}))

    usd = [priced(_with_schedule(s), WEEK).total_usd for s in both]

    assert usd[0] <= usd[1]


def _with_schedule(schedule: Schedule) -> Graph:
    web = scaled(1, 1, schedule=schedule)
    return build(_smallest().model_copy(update={"components": {"web": web}}))


@cache
def _smallest() -> Spec:
    return graph_of(SERVICE % "").written


# Laws of estimates


@given(compiled())
def test_the_lines_sum_to_the_total(spec):
    """A total that its lines do not explain is not a bill."""
    document = as_json(estimated(spec))
    lines = [line["cost_usd"] for line in document["lines"] if line["cost_usd"] is not None]

    assert sum(lines) == pytest.approx(document["total_usd"]["mean"], abs=1e-5)


@given(compiled())
def test_savings_are_differences_to_the_same_baseline(spec):
    """Rows of one table must not be measured against different things."""
    found = estimated(spec)
    baseline = found.saving("on_demand_always_on")

    assert [s.saved_usd for s in found.savings] == [
        baseline.total_usd - s.total_usd for s in found.savings
    ]
    assert baseline.saved_usd == 0
    assert found.saving("autoscaled_schedule_spot").total_usd == found.total_usd


@given(compiled())
def test_the_baseline_is_the_peak_on_demand_all_month(spec):
    """`baseline_tasks` x hours x on-demand rates, worked out without the bill."""
    graph, found = first_graph(spec), estimated(spec)
    region = graph.spec.region
    expected = Decimal(0)
    for name, web in graph.of(Ecs):
        peak = baseline_tasks(web, demand_of(graph, name), WEEK.start, WEEK.end)
        processor = "arm" if web.architecture == "arm64" else "x86"
        per_task = web.cpu * _rate(f"fargate_linux_{processor}_vcpu_hour", region) / 1024
        per_task += web.memory_mib * _rate(f"fargate_linux_{processor}_gb_hour", region) / 1024
        extra_gib = (web.ephemeral_storage_gib or 20) - 20
        disk = _rate("fargate_ephemeral_storage_over_20gb_gb_hour", region)
        expected += peak * 168 * (per_task + extra_gib * disk)

    assert float(found.saving("on_demand_always_on").compute_usd) == pytest.approx(float(expected))


def _rate(item: str, region: str) -> Decimal:
    price = CATALOGUE.price(item, region)
    assert price is not None
    return price.tiers[0].usd


@given(compiled())
def test_neither_autoscaling_nor_spot_ever_costs_more(spec):
    """Fewer tasks than at the peak, or the same tasks at a lower price."""
    found = estimated(spec)
    baseline = found.saving("on_demand_always_on").compute_usd

    assert found.saving("autoscaled").compute_usd <= baseline
    assert found.saving("spot_only").compute_usd <= baseline


@given(compiled())
def test_the_floor_is_below_every_scenario(spec):
    """What is billed at zero tasks is billed with tasks too."""
    found = estimated(spec)

    assert [s.scenario for s in found.savings if s.total_usd < found.floor_usd] == []


@given(compiled())
def test_higher_use_is_never_cheaper(spec):
    """The three profiles are a range, from low to high."""
    graph = first_graph(spec)
    low, typical, high = (priced(graph, WEEK, p).total_usd for p in Profile)

    assert low <= typical <= high


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
    assert {d.code for d in found.findings} == {"TZ701"}
    assert [li["cost_usd"] for li in as_json(found)["lines"] if li["item"] in unpriced] == [
        None for _ in found.bill.unpriced
    ]


def test_every_priced_line_says_where_its_price_is_from():
    """A number without a source is an opinion."""
    document = as_json(shipped("trazo.yaml", "prod"))

    assert [li["item"] for li in document["lines"] if not li["price_source"]] == []


def test_every_assumption_has_a_reason():
    """What nobody knows beforehand is said, with why and from where."""
    document = as_json(shipped("trazo.yaml", "prod"))

    assert [a["name"] for a in document["assumptions"] if not a["reason"]] == []


FIELDS = """
schema spec environment region period seed runs currency lines total_usd floor_usd savings
services findings assumptions unpriced catalogue
"""


def test_the_document_has_the_fields_that_were_promised():
    """Programs read `trazo cost --json`; fields may be added, not renamed."""
    document = as_json(shipped("trazo.yaml", "prod"))

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
    lines = as_json(shipped("trazo.yaml", "prod"))["lines"]

    assert [li for li in lines if not set(li) >= set(LINE_FIELDS.split())] == []
    assert [li for li in lines if ("unit_price_usd" in li) == ("tiers" in li)] == []


def test_without_a_simulation_the_percentiles_are_the_mean():
    """A closed form has no spread, and what only a simulation knows is null."""
    document = as_json(shipped("trazo.yaml", "prod"))

    assert len(set(document["total_usd"].values())) == 1
    assert [s["refused_share"] for s in document["services"]] == [None]
