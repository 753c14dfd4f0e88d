"""Hours of tasks: the closed form against other arithmetic, and their laws."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from math import ceil
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.components.ecs.fleet import fleet
from compiler.graph.graph import Graph
from compiler.kinds import build
from cost.bill.calendar import Period, month
from cost.bill.tasks import (
    Measures,
    demand_of,
    spot_tasks,
    task_hours,
    total_requests,
    wanted_tasks,
)
from tests.estimates import DECEMBER, SERVICE, WEEK, priced
from tests.examples import graph_of
from tests.strategies.sample import compiled
from tests.strategies.schedules import TIMEZONES
from trazo_spec.components.capacity import Capacity, CapacityProvider
from trazo_spec.components.ecs import Ecs
from trazo_spec.document import Spec
from trazo_spec.schedule import Schedule
from trazo_spec.traffic import Demand


def service(**fields: object) -> Ecs:
    """A service of a quarter vCPU with some fields."""
    return Ecs.model_validate({"image": "acme/web:1", **fields})


def scaled(low: int, high: int, target: int | None = 80, schedule: Schedule | None = None) -> Ecs:
    """A service with these bounds."""
    scaling = {"min": low, "max": high, "target_cpu_percent": target, "schedule": schedule}
    return service(scaling=scaling)


# The closed form against other arithmetic

RATES = st.integers(0, 4000).map(lambda n: Fraction(n, 8))
CPU_SECONDS = st.integers(1, 400).map(lambda n: Fraction(n, 100))


@given(RATES, CPU_SECONDS, st.sampled_from((256, 1024, 4096)), st.integers(1, 100))
def test_wanted_tasks_are_those_of_exact_fractions(rate, cpu_s, cpu, percent):
    """`4 x 0.05 / (0.25 x 0.8)` is one task, though floating point says a little more."""
    web = service(cpu=cpu, memory_mib=8192, scaling={"target_cpu_percent": percent})
    exact = ceil(rate * cpu_s / (Fraction(cpu, 1024) * Fraction(percent, 100)))

    assert wanted_tasks(fleet(web), float(rate), float(cpu_s)) == exact


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

    found = task_hours(fleet(scaled(1, 1, schedule=schedule)), Demand(), period.start, period.end)

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

    found = task_hours(fleet(scaled(low, high)), demand, DECEMBER.start, DECEMBER.end)

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
    graph = spec.graphs[spec.first]
    for name, web in graph.fleets():
        found = task_hours(web, demand_of(graph, name), WEEK.start, WEEK.end, measures)

        assert found.on_h + found.off_h == pytest.approx(168)


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
