"""What takes long to know of the simulation: whole months, a year of minutes, a thousand specs."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.components.ecs.fleet import fleet
from compiler.lower import lower
from cost.bill.bill import bill
from cost.bill.calendar import Period, month
from cost.bill.estimate import Estimate
from cost.bill.pricing import Conditions
from cost.bill.tasks import AS_WRITTEN, WRITTEN, task_hours
from cost.rates.catalogue_file import read_catalogue
from cost.simulation.months import Months, Runs, simulated
from cost.simulation.outlook import simulated_estimate
from cost.simulation.service import clock_of, per_step
from tests.examples import HEAD, SHOP, graph_of
from tests.minutes import bounds_by_minute, scaling
from tests.reference_simulation import Market, Month, struck, swelling
from tests.strategies.documents import documents
from tests.strategies.words import Document
from tests.test_schedule_timeline import LITERAL, MIXED
from tests.test_simulation_closed_form import both, cents, certain
from tests.test_simulation_reference import check_scenario, scenario
from trazo_spec.components.ecs import Ecs
from trazo_spec.schedule import Schedule, bounds_over
from trazo_spec.schedule.types import Scaling
from trazo_spec.simulation import Simulation
from trazo_spec.traffic import Demand

CATALOGUE = read_catalogue()
LONG = 40
MONTHS = tuple(month(f"2026-{n:02}") for n in range(1, 13))


@pytest.mark.parametrize("seed", range(1000, 1000 + LONG))
def test_a_whole_month_is_the_same_minute_for_minute(seed):
    """Nothing drifts apart in weeks that stays together for a day."""
    check_scenario(scenario(seed, days=(7, 30)))


# Hours


@pytest.mark.parametrize(
    "timezone", ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]
)
@pytest.mark.parametrize("actions", [LITERAL, MIXED], ids=["literal", "mixed"])
def test_the_bounds_at_every_step_of_a_year_are_those_of_its_minutes(actions, timezone):
    """Twelve months, both changes of the clocks, and what each month carries into the next."""
    schedule = Schedule(timezone=timezone, actions=actions)
    counted = bounds_by_minute(schedule, 1, 2, MONTHS[0].start, MONTHS[-1].end)
    for period in MONTHS:
        clock = clock_of(period, Simulation())
        bounds = bounds_over(scaling(schedule, 1, 2), period.start, period.end)
        low, high = per_step(bounds, clock, 0.0)

        assert list(zip(low, high, strict=True)) == list(islice(counted, clock.steps)), period.start


@pytest.mark.parametrize(
    "timezone", ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]
)
@pytest.mark.parametrize("actions", [LITERAL, MIXED], ids=["literal", "mixed"])
def test_the_hours_of_a_year_are_those_of_its_minutes(actions, timezone):
    """Flat demand for two tasks, clamped minute by minute; a service that sleeps runs none."""
    schedule = Schedule(timezone=timezone, actions=actions)
    service = Ecs(image="x", scaling=Scaling(min=1, max=2, schedule=schedule))
    demand = Demand(peak_requests_per_s=6.0)  # 0.3 vCPU of 0.2 that a task has at 80 percent
    counted = bounds_by_minute(schedule, 1, 2, MONTHS[0].start, MONTHS[-1].end)
    for period in MONTHS:
        minutes = list(islice(counted, round(period.hours * 60)))
        tasks = [max(low, min(2, high)) for low, high in minutes]
        found = task_hours(fleet(service), demand, period.start, period.end, AS_WRITTEN)

        assert found.on_demand_h + found.spot_h == pytest.approx(sum(tasks) / 60), period.start
        assert found.on_h == pytest.approx(sum(n > 0 for n in tasks) / 60), period.start


# A thousand specs


def serves(document: Document) -> bool:
    """Whether a spec has a service; the others have nothing to simulate."""
    return any(component["kind"] == "ecs" for component in document["components"].values())


@settings(max_examples=settings.default.max_examples * 10 // 3)
@given(
    documents(environments=False).filter(serves), st.sampled_from(MONTHS), st.sampled_from((20, 60))
)
def test_a_certain_month_costs_what_the_closed_form_says(document, period, step_s):
    """On 1,000 specs under the profile `ci`."""
    closed, found = both(certain(document, step_s), period)

    assert cents(found) == cents(closed)


# Calibration

WEEK = Period(datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 8, tzinfo=UTC), 168 / 730)
HELD_OUT = 600
LONG_DAYS = """\
  capacity: {spot: {weight: 2}, on_demand: {base: 1, weight: 1}}
  scaling:
    min: 1
    max: 6
    target_cpu_percent: 60
    schedule: {windows: [{days: MON-FRI, from: "07:00", to: "22:00", min: 2, max: 6}]}
"""
WEATHER = """\
traffic: {demand: {web: {profile: business_hours, peak_requests_per_s: 10, noise: 0.4,
  noise_correlation_s: 7200}}}
simulation: {spot: {interruptions_per_task_month: 60, gap_s: 1800, together_share: 0.4,
  price_drift_share: 0.05}}
components:
"""
GRAPH = graph_of(SHOP + LONG_DAYS, HEAD.replace("components:\n", WEATHER))


@pytest.fixture(scope="module")
def simulation() -> tuple[Months, Estimate]:
    """Many weeks by the compiled simulation."""
    runs, plan = Runs(3000, seed=1), lower(GRAPH)
    months = simulated(GRAPH, WEEK, runs, lambda _months: (0.0, 0.0))
    return months, simulated_estimate(GRAPH, plan, Conditions(WEEK, CATALOGUE), runs)


@pytest.fixture(scope="module")
def held_out(simulation) -> dict[str, np.ndarray]:
    """Weeks of the plain simulation in weather of its own; what came out, and the total."""
    [service] = simulation[0].services
    written, spot = service.demand, GRAPH.spec.simulation.spot
    market = Market(spot.interruptions_per_task_month, spot.together_share, spot.gap_s)
    low, high = (bounds.tolist() for bounds in service.limits(AS_WRITTEN, 0.0))
    on_spot, rules, base = service.split(AS_WRITTEN).spot.tolist(), service.reaction, service.base
    steps = len(low)
    rows = []
    for seed in range(HELD_OUT):
        random = Random(f"week {seed}")  # noqa: S311 the same for the same seed
        demand = swelling(base, written.noise, written.noise_correlation_s, rules.step_s, random)
        hits = struck(market, steps, rules.step_s, service.most_tasks, rules.zones, random)
        factor = random.uniform(1 - spot.price_drift_share, 1 + spot.price_drift_share)
        outcome = Month(rules, on_spot, low, high, demand, hits).run().outcome()
        requests = outcome["demand"] * rules.step_s * service.requests_per_task_s
        rows.append({**outcome, "total_usd": total_usd(simulation[1], outcome, requests, factor)})
    return {field: np.array([row[field] for row in rows]) for field in rows[0]}


def total_usd(found: Estimate, outcome: dict[str, float], requests: float, factor: float) -> float:
    """What a week costs whose tasks and requests are known."""
    loads = dict(found.loads)
    loads["web"] = replace(
        loads["web"],
        on_demand_task_h=outcome["on_demand_s"] / 3600,
        spot_task_h=outcome["spot_s"] / 3600,
        requests=requests,
    )
    loads["alb"] = replace(loads["alb"], requests=requests)
    kinds = {name: component.kind for name, component in GRAPH.spec.components.items()}
    plan = lower(GRAPH)
    one = bill(plan.meters, loads, kinds, CATALOGUE, plan.region, found.terms.allowances)
    return float(one.total_usd) + float(one.of("fargate_spot_")) * (factor - 1)


def weeks(simulation: tuple[Months, Estimate], field: str) -> np.ndarray:
    """The same numbers of the compiled simulation."""
    months, found = simulation
    if field == "total_usd":
        return np.array(found.distribution.totals_usd)
    return months.courses[WRITTEN]["web"].outcomes[field].astype(np.float64)


CONTINUOUS = ("on_demand_s", "spot_s", "demand", "refused", "excess", "total_usd")


@pytest.mark.parametrize("field", CONTINUOUS)
def test_ninety_of_a_hundred_weeks_lie_in_the_90_percent_interval(simulation, held_out, field):
    """What is said of a week that nobody has seen yet is true as often as is said."""
    low, high = np.percentile(weeks(simulation, field), [5, 95])
    inside = ((low <= held_out[field]) & (held_out[field] <= high)).mean()

    assert 0.85 <= inside <= 0.95


@pytest.mark.parametrize(
    "field", [*CONTINUOUS, "on_s", "outage_s", "longest_outage_s", "spot_lost_s", "interruptions"]
)
def test_both_simulations_have_the_same_distribution(simulation, held_out, field):
    """Kolmogorov and Smirnov's largest distance, which chance exceeds once in a thousand times.

    Source: https://en.wikipedia.org/wiki/Kolmogorov%E2%80%93Smirnov_test#Two-sample_Kolmogorov%E2%80%93Smirnov_test
    """
    one, other = np.sort(weeks(simulation, field)), np.sort(held_out[field])
    at = np.concatenate([one, other])
    below = (np.searchsorted(n, at, side="right") / n.size for n in (one, other))
    distance = np.abs(np.subtract(*below)).max()

    assert distance < 1.95 * np.sqrt(1 / one.size + 1 / other.size)
