"""Simulated months: what is told of them, how many there are, and whose luck they share."""

import os
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest

from compiler.graph.graph import Graph
from compiler.lower import lower
from cost.advice.advice import Appraisal
from cost.bill.calendar import hours, month
from cost.bill.distribution import Distribution, shift_to_mean, together
from cost.bill.estimate import Estimate, estimate
from cost.bill.pricing import Conditions
from cost.bill.tasks import SCENARIOS, WRITTEN
from cost.rates.catalogue_file import read_catalogue
from cost.showing.document import as_json
from cost.simulation.months import Months, Runs, simulated
from cost.simulation.outlook import simulated_estimate
from cost.simulation.weather import Clock, Weather
from tests.examples import HEAD, SHOP, graph_of
from trazo_spec.simulation import SpotMarket

DECEMBER = month("2026-12")
CONDITIONS = Conditions(DECEMBER, read_catalogue())
OFFICE_HOURS = """\
  capacity: {spot: {weight: 1}}
  scaling:
    min: 1
    max: 3
    schedule: {windows: [{days: MON-FRI, from: "08:00", to: "20:00", min: 1, max: 3}]}
"""
DEMAND = "{profile: business_hours, peak_requests_per_s: 6, noise: 0.5}"


def shop(demand: str = DEMAND, simulation: str = "{}") -> Graph:
    """A shop on Spot with office hours."""
    parts = f"traffic: {{demand: {{web: {demand}}}}}\nsimulation: {simulation}\ncomponents:\n"
    return graph_of(SHOP + OFFICE_HOURS, HEAD.replace("components:\n", parts))


NOISY = shop()
CERTAIN = shop(
    "{peak_requests_per_s: 6}",
    "{lags: false, spot: {interruptions_per_task_month: 0, price_drift_share: 0}}",
)


def months(graph: Graph, count: int | None, seed: int = 1) -> Months:
    """So many months of December."""
    return simulated(graph, DECEMBER, Runs(count, seed), lambda _months: (100.0, 3.0))


def priced(graph: Graph, count: int | None = 20, seed: int = 1) -> Estimate:
    """The estimate from so many months of December."""
    plan = lower(graph)
    return simulated_estimate(graph, plan, CONDITIONS, Runs(count, seed))


def test_more_months_leave_the_first_ones_as_they_are():
    """Each has its own luck, whichever core runs it and however many there are."""
    few, many = months(NOISY, 60), months(NOISY, 130)

    for scenario in SCENARIOS:
        before, after = (m.courses[scenario]["web"].outcomes for m in (few, many))
        assert (before == after[:60]).all()


@pytest.mark.parametrize("cores", [1, 3])
def test_the_number_of_cores_changes_no_byte(monkeypatch, cores):
    """A number is found again on any other machine; 250 weeks are simulated in three parts."""
    week, count = hours(168, datetime(2026, 11, 22, tzinfo=UTC)), Runs(250)
    expected = simulated(NOISY, week, count, lambda _months: (0.0, 0.0)).courses[WRITTEN]["web"]
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    found = simulated(NOISY, week, count, lambda _months: (0.0, 0.0)).courses[WRITTEN]["web"]

    assert found.outcomes.tobytes() == expected.outcomes.tobytes()
    assert found.hourly.tobytes() == expected.hourly.tobytes()


def test_another_seed_is_other_weather():
    """Else a seed would mean nothing."""
    one, other = (months(NOISY, 5, seed).courses["autoscaled"]["web"].outcomes for seed in (1, 2))

    assert (one["demand"] != other["demand"]).all()


def test_all_scenarios_see_the_same_visitors():
    """So that what differs between them is what was chosen, not luck."""
    found = months(NOISY, 5).courses
    demands = [found[scenario]["web"].outcomes["demand"] for scenario in SCENARIOS]

    assert all((demand == demands[0]).all() for demand in demands)


def test_as_many_months_as_the_mean_needs():
    """A deviation of 3 % needs (1.96 x 3 / 0.5) squared months."""
    assert months(NOISY, None).count == 139


def test_without_luck_one_month_says_it_all():
    """Every other one would be the same."""
    assert months(CERTAIN, None).count == 1


def test_without_noise_and_lags_a_simulation_is_the_closed_form():
    """Two ways to the same number, one of them minute by minute."""
    closed = estimate(CERTAIN, lower(CERTAIN), CONDITIONS)
    found = priced(CERTAIN)

    assert [s.total_usd for s in found.savings] == [s.total_usd for s in closed.savings]
    assert [s.hours_on for s in found.services] == [s.hours_on for s in closed.services]


def test_lines_sum_to_the_mean_of_months():
    """Nobody should have to choose between the bill and the distribution."""
    found = priced(NOISY)

    assert found.distribution is not None
    assert found.distribution.mean_usd == pytest.approx(float(found.total_usd))


def test_a_stopped_service_refuses_what_comes_at_night():
    """A tenth of the peak comes in 12 hours of 23 weekdays and in all hours of 8 weekend days."""
    refused, served = 23 * 12 * 0.1 + 8 * 24 * 0.1, 23 * (9 * 1.0 + 3 * 0.1)
    (web,) = priced(NOISY).services

    assert web.level is not None
    assert web.level.refused_share == pytest.approx(refused / (refused + served), abs=0.01)
    assert web.hours_off > 400


def test_every_assumption_of_the_simulation_is_listed():
    """What AWS does not publish stands in the output with its reason."""
    listed = {(a.component, a.name) for a in priced(NOISY, 2).assumptions}
    spot = {("simulation.spot", name) for name in SpotMarket.model_fields}

    assert spot <= listed
    assert ("web", "noise") in listed
    assert ("simulation", "image_pull_s") in listed


def test_what_the_spec_states_is_no_default():
    """The reader has to know which numbers are a guess."""
    graph = shop(DEMAND, "{spot: {gap_s: 60}}")
    sources = {a.name: a.source for a in priced(graph, 2).assumptions if "spot" in a.component}

    assert (sources["gap_s"], sources["together_share"]) == ("spec", "default")


def test_spot_prices_drift_within_their_range():
    """The range is an assumption, so it must be kept."""
    weather = Weather(1, Clock(60, 60.0), SpotMarket(price_drift_share=0.1))
    factors = weather.price_factors(range(500))

    assert 0.9 <= factors.min() < 0.92
    assert 1.08 < factors.max() <= 1.1


def test_drift_widens_the_spread_and_leaves_the_mean():
    """The mean is at the catalogue's price."""
    calm = priced(shop(DEMAND, "{spot: {price_drift_share: 0}}"), 60)
    wild = priced(shop(DEMAND, "{spot: {price_drift_share: 0.5}}"), 60)

    assert calm.total_usd == wild.total_usd
    assert calm.distribution is not None
    assert wild.distribution is not None
    assert wild.distribution.deviation_usd > 1.3 * calm.distribution.deviation_usd


def test_services_share_the_weather():
    """The same visitors come to both."""
    weather = Weather(1, Clock(1440, 60.0), SpotMarket())
    one, two = (weather.demand(range(3), np.full(1440, base), 0.3, 600.0) for base in (1.0, 2.0))

    assert two == pytest.approx(2 * one)


def test_one_more_zone_changes_no_shock_of_the_others():
    """A zone added to a spec must not reshuffle everything."""
    weather = Weather(1, Clock(44_640, 60.0), SpotMarket(interruptions_per_task_month=20))
    two, three = (weather.interruptions(range(1), "web", 4, zones) for zones in (2, 3))
    kept = (three.slot >= 0) | (three.zone < 2)

    assert three.step[kept].tolist() == two.step.tolist()


def test_percentiles_lie_between_months():
    """Inclusive: the smallest month is the lowest percentile there is."""
    spread = Distribution(0, 5, (5.0, 1.0, 2.0, 3.0, 4.0))

    assert [spread.percentile_usd(n) for n in (10, 50, 90)] == pytest.approx([1.4, 3.0, 4.6])


def test_the_share_over_a_budget_counts_months():
    """A month that costs just the budget is within it."""
    assert Distribution(0, 4, (1.0, 2.0, 3.0, 4.0)).share_over(2.0) == 0.5


def test_environments_add_up_month_by_month():
    """They share their weather; only months that all have can be added."""
    prod, staging = Distribution(7, 3, (1.0, 2.0, 3.0)), Distribution(7, 2, (0.5, 0.25))

    assert together([prod, staging]) == Distribution(7, 3, (1.5, 2.25))
    assert together([prod, None]) is None


def test_the_document_knows_how_many_months_are_over_the_budget():
    """The mean alone says nothing about the bad months."""
    found = priced(NOISY, 25)
    spread = found.distribution

    assert spread is not None
    middle = spread.percentile_usd(50)
    assert as_json(Appraisal(found), middle)["over_budget_share"] == 0.48
    assert as_json(Appraisal(found))["over_budget_share"] is None


def test_totals_are_moved_to_the_bill():
    """Their spread stays as it is."""
    assert shift_to_mean(10.0, [1.0, 2.0, 3.0]) == (9.0, 10.0, 11.0)


def test_total_and_error_are_of_the_same_months():
    """Standard error: deviation over the root of the count."""
    found = priced(NOISY, 25)

    assert found.distribution is not None
    assert found.total_usd > Decimal(0)
    assert found.distribution.standard_error_usd == pytest.approx(
        found.distribution.deviation_usd / 5
    )
