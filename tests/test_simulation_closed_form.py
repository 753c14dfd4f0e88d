"""Without noise, interruptions and lags, many simulated months are what the closed form says."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.graph.graph import Graph
from compiler.kinds import build
from compiler.lower import lower
from cost.bill.calendar import Period
from cost.bill.estimate import Estimate, estimate
from cost.bill.pricing import Conditions
from cost.rates.catalogue_file import read_catalogue
from cost.simulation.months import Runs
from cost.simulation.outlook import simulated_estimate
from tests.strategies.sample import compiled
from tests.strategies.words import Document
from tests.strategies.written import as_spec

CATALOGUE = read_catalogue()
CENT = Decimal("0.01")
CERTAIN = {
    "lags": False,
    "spot": {"interruptions_per_task_month": 0.0, "price_drift_share": 0.0},
}


def certain(document: Document, metric_period_s: int = 60) -> Graph:
    """An environment like another one, in which nothing is random and nothing takes time."""
    traffic = document.get("traffic", {})
    demand = {name: {**one, "noise": 0.0} for name, one in traffic.get("demand", {}).items()}
    simulation = {**CERTAIN, "metric_period_s": metric_period_s}
    changed = {"traffic": {**traffic, "demand": demand}, "simulation": simulation}
    return build(as_spec({**document, **changed, "environments": {}}))


def week(start: datetime) -> Period:
    """Seven days from a moment on."""
    return Period(start, start + timedelta(days=7), months=168 / 730)


def both(graph: Graph, period: Period) -> tuple[Estimate, Estimate]:
    """The closed form and the simulation."""
    plan = lower(graph)
    conditions = Conditions(period, CATALOGUE)
    closed = estimate(graph, plan, conditions)
    return closed, simulated_estimate(graph, plan, conditions, Runs(3))


def cents(found: Estimate) -> dict[str, Decimal]:
    """The total of every scenario, rounded as it is printed."""
    return {saving.scenario: saving.total_usd.quantize(CENT) for saving in found.savings}


def services(found: Estimate) -> dict[tuple[str, str, int], float]:
    """What is said of each service: its peak, its hours and its tasks in each hour."""
    numbers: dict[tuple[str, str, int], float] = {}
    for one in found.services:
        numbers[one.component, "baseline", 0] = one.baseline_tasks
        numbers[one.component, "hours on", 0] = one.hours_on
        for hour, tasks in enumerate(one.tasks_by_hour):
            numbers[one.component, "tasks", hour] = tasks
    return numbers


WEEKS = (
    datetime(2026, 3, 6, tzinfo=UTC),  # the clocks of New York change on the 8th
    datetime(2026, 3, 27, tzinfo=UTC),  # Berlin: 29th
    datetime(2026, 10, 1, tzinfo=UTC),  # Lord Howe: 3rd
    datetime(2026, 10, 30, tzinfo=UTC),  # New York: 1 November
    datetime(2026, 12, 22, tzinfo=UTC),
)


@given(compiled(), st.sampled_from(WEEKS), st.sampled_from((20, 60)))
def test_a_certain_week_costs_what_the_closed_form_says(spec, start, step_s):
    """Two ways to the same cents, one of them step by step, in every scenario."""
    closed, found = both(certain(spec.document, step_s), week(start))

    assert cents(found) == cents(closed)


@given(compiled(), st.sampled_from(WEEKS))
def test_a_certain_week_runs_the_tasks_of_the_closed_form(spec, start):
    """Hour by hour, and at the peak that the baseline is taken from."""
    closed, found = both(certain(spec.document), week(start))

    assert services(found) == pytest.approx(services(closed))
