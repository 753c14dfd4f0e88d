"""The simulation and its weather against what probability theory says of them.

All seeds are fixed: four standard errors are where a formula would be wrong, not unlucky.
"""

from math import exp, expm1, log, sqrt

import numpy as np
import pytest

from cost.simulation.kernel import (
    COURSE,
    EVERY_SLOT,
    OUTCOME,
    Interruptions,
    Mode,
    Reaction,
    Split,
    simulate,
)
from cost.simulation.weather import S_PER_MONTH, Clock, Weather
from trazo_spec.simulation import SpotMarket

DAY = Clock(1440, 60.0)
MOMENT_S = 1e-3
"""A gap that is over in the next step."""


def market(per_hour: float, **fields: float) -> SpotMarket:
    """A market that interrupts a task so often."""
    return SpotMarket(interruptions_per_task_month=per_hour * 730, **fields)


def ran(
    luck: Interruptions, clock: Clock, tasks: int, spot_share: float = 1.0, **rules: float
) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes of months with as many tasks wanted all the time, and the course of the last."""
    months = luck.first.size - 1
    outcomes, course = np.zeros(months, OUTCOME), np.zeros((clock.steps, len(COURSE)), np.int64)
    hours = np.zeros((int(np.ceil(clock.seconds / 3600)), 2))
    number = np.arange(tasks + 1.0)
    simulate(
        np.full(clock.steps, tasks),
        np.full(clock.steps, tasks),
        np.zeros((months, clock.steps)),
        Split(number * (1 - spot_share), number * spot_share),
        luck,
        reaction(tasks, clock, **rules),
        outcomes,
        hours,
        course,
    )
    return outcomes, course


def reaction(tasks: int, clock: Clock, start_steps: int = 0, zones: int = 1) -> Reaction:
    """A service that always wants the same."""
    return Reaction(
        mode=int(Mode.FIXED),
        fixed_tasks=tasks,
        first_tasks=tasks,
        target_share=0.7,
        low_share=0.63,
        high_periods=3,
        low_periods=15,
        metric_delay_steps=0,
        out_cooldown_steps=0,
        in_cooldown_steps=0,
        step_s=clock.step_s,
        start_steps=start_steps,
        unbilled_s=0.0,
        drain_s=0.0,
        interrupted_s=0.0,
        minimum_s=60.0,
        zones=zones,
    )


def errors(found: np.ndarray, expected: float) -> float:
    """How many standard errors the mean of independent numbers lies from what is expected."""
    return float((found.mean() - expected) / (found.std(ddof=1) / sqrt(found.size)))


def batches(course: np.ndarray) -> np.ndarray:
    """Means of long stretches of one course, which hardly depend on each other."""
    return course.reshape(100, -1).mean(1)


def missing_share(per_hour: float, gap_s: float, start_steps: int, step_s: float) -> float:
    """Share of time in which a Spot task is missing: the mean time without it over a whole cycle.

    An exponential time rounded up to steps has the mean step / (1 - exp(-step / mean)), and rounded
    down step / (exp(step / mean) - 1). A cycle is one of each, and the time of a start.
    Source: https://en.wikipedia.org/wiki/Renewal_theory#Alternating_renewal_processes
    """
    there_s = step_s / expm1(step_s * per_hour / 3600)
    gone_s = step_s / -expm1(-step_s / gap_s) + start_steps * step_s
    return gone_s / (there_s + gone_s)


# Spot


@pytest.mark.parametrize(
    ("per_hour", "gap_s", "start_steps", "together", "step_s"),
    [
        (0.5, 600.0, 0, 0.0, 60.0),
        (0.5, 600.0, 2, 0.0, 60.0),
        (2.0, 90.0, 1, 0.5, 60.0),
        (2.0, 90.0, 3, 1.0, 20.0),
        (0.1, 7200.0, 0, 0.5, 20.0),
    ],
)
def test_a_spot_task_is_missing_as_renewal_theory_says(
    per_hour, gap_s, start_steps, together, step_s
):
    """What Spot costs in service is this share, whatever part of it comes in shocks."""
    clock = Clock(50_000, step_s)
    spot = market(per_hour, gap_s=gap_s, together_share=together)
    luck = Weather(1, clock, spot).interruptions(range(40), "web", 1, 1)
    outcomes, _ = ran(luck, clock, 1, start_steps=start_steps)
    expected = missing_share(per_hour, gap_s, start_steps, step_s)

    assert abs(errors(outcomes["spot_lost_s"] / clock.seconds, expected)) < 4


def test_missing_time_is_an_outage_where_one_shock_takes_all():
    """In one zone, ten tasks that fall together are as little help as one."""
    clock = Clock(50_000, 60.0)
    spot = market(0.5, gap_s=600.0, together_share=1.0)
    luck = Weather(2, clock, spot).interruptions(range(40), "web", 10, 1)
    outcomes, _ = ran(luck, clock, 10)

    expected = missing_share(0.5, 600.0, 0, 60.0)
    assert abs(errors(outcomes["outage_s"] / clock.seconds, expected)) < 4


def test_two_zones_are_both_missing_as_often_as_chance_has_it():
    """Shocks of two zones know nothing of each other, so that their shares multiply."""
    clock = Clock(50_000, 60.0)
    spot = market(0.5, gap_s=600.0, together_share=1.0)
    luck = Weather(3, clock, spot).interruptions(range(40), "web", 2, 2)
    outcomes, _ = ran(luck, clock, 2, zones=2)

    expected = missing_share(0.5, 600.0, 0, 60.0) ** 2
    assert abs(errors(outcomes["outage_s"] / clock.seconds, expected)) < 4


@pytest.fixture(scope="module")
def twenty_tasks() -> tuple[np.ndarray, np.void]:
    """The course of twenty tasks that fall by themselves, over a year and ten months of minutes."""
    clock = Clock(1_000_000, 60.0)
    spot = market(0.5, gap_s=600.0, together_share=0.0)
    luck = Weather(4, clock, spot).interruptions(range(1), "web", 20, 1)
    outcomes, course = ran(luck, clock, 20, start_steps=3)
    return course, outcomes[0]


def test_tasks_that_fall_by_themselves_are_held_by_the_binomial_law(twenty_tasks):
    """Twenty independent renewal processes: both the mean and the variance follow."""
    course, _ = twenty_tasks
    away = (20 - course[:, 1]).astype(np.float64)
    share = missing_share(0.5, 600.0, 3, 60.0)

    assert abs(errors(batches(away), 20 * share)) < 4
    assert abs(errors(batches((away - 20 * share) ** 2), 20 * share * (1 - share))) < 4


def test_the_mean_number_of_held_tasks_is_littles_law(twenty_tasks):
    """Interruptions a step, times steps of a gap."""
    course, outcome = twenty_tasks
    gap_steps = 1 / -expm1(-60 / 600)
    rate = outcome["interruptions"] / len(course)

    assert abs(errors(batches(course[:, 3].astype(np.float64)), rate * gap_steps)) < 4


def test_every_task_that_comes_back_starts_for_as_long_as_a_start_takes(twenty_tasks):
    """Little's law again, here to the step: at most what is away at the end has not come back."""
    course, outcome = twenty_tasks
    away = outcome["interruptions"] * 3 - course[:, 2].sum()

    assert 0 <= away <= 20 * 3


def test_where_capacity_is_mixed_spot_loses_what_is_missing_and_on_demand_nothing():
    """Weights 1 to 1: a task is on Spot with probability 1/2, and is hit half as often."""
    clock = Clock(50_000, 60.0)
    spot = market(0.5, gap_s=600.0, together_share=0.5)
    luck = Weather(5, clock, spot).interruptions(range(40), "web", 1, 1)
    outcomes, _ = ran(luck, clock, 1, spot_share=0.5)

    share = missing_share(0.25, 600.0, 0, 60.0)
    assert outcomes["on_demand_s"] == pytest.approx(clock.seconds / 2)
    assert abs(errors(outcomes["spot_s"] / clock.seconds, 0.5 - share)) < 4


def interruptions(seed: int, service: str, together: float, months: int = 2000) -> np.ndarray:
    """How often the one task of a service falls in each of some days, at 6 times a day."""
    spot = market(0.25, gap_s=MOMENT_S, together_share=together)
    luck = Weather(seed, DAY, spot).interruptions(range(months), service, 1, 1)
    outcomes, _ = ran(luck, DAY, 1)
    return outcomes["interruptions"].astype(np.float64)


@pytest.mark.parametrize("together", [0.0, 0.3, 1.0])
def test_interruptions_are_counted_by_poissons_law(together):
    """Their variance is their mean; a step swallows the second of two in it."""
    counts = interruptions(6, "web", together)
    expected = DAY.steps * -expm1(-0.25 / 60)

    assert abs(errors(counts, expected)) < 4
    assert abs(errors((counts - expected) ** 2, expected)) < 4


@pytest.mark.parametrize("together", [0.0, 0.3, 0.8])
def test_two_services_fall_together_in_the_share_that_is_written(together):
    """In the common shock model that share is the correlation of the counts."""
    web, api = (interruptions(7, name, together) for name in ("web", "api"))
    correlation = np.corrcoef(web, api)[0, 1]

    assert abs(correlation - together) < 4 * (1 - together**2) / sqrt(web.size)


def test_interruptions_hit_all_slots_and_zones_alike():
    """A place that is hit more often would make a number of tasks better than another."""
    luck = Weather(8, DAY, market(1.0)).interruptions(range(500), "web", 4, 3)
    own, shocks = luck.slot[luck.slot != EVERY_SLOT], luck.zone[luck.slot == EVERY_SLOT]
    expected = 500 * 24 * 0.5

    for count in [*np.bincount(own, minlength=4), *np.bincount(shocks, minlength=3)]:
        assert abs(count - expected) < 4 * sqrt(expected)


def test_a_months_spot_price_is_even_around_that_of_the_catalogue():
    """An even distribution of half width d has the standard deviation d / sqrt(3)."""
    factors = Weather(9, DAY, SpotMarket(price_drift_share=0.06)).price_factors(range(4000))

    assert abs(errors(factors, 1.0)) < 4
    assert abs(errors((factors - 1.0) ** 2, 0.06**2 / 3)) < 4
    assert 0.94 <= factors.min() < 0.941
    assert 1.059 < factors.max() <= 1.06


# Demand


@pytest.fixture(scope="module", params=[(0.2, 1800.0), (1.0, 600.0)], ids=["calm", "wild"])
def swells(request) -> tuple[float, float, np.ndarray]:
    """Noise, its memory in seconds, and many stretches of demand around a profile of 3 tasks."""
    noise, memory_s = request.param
    weather = Weather(10, Clock(120, 60.0), SpotMarket())
    return noise, memory_s, weather.demand(range(5000), np.full(120, 3.0), noise, memory_s)


@pytest.mark.parametrize("step", [0, 1, 119])
def test_noise_keeps_the_mean_and_has_the_deviation_that_is_written(swells, step):
    """At every step alike: nothing to warm up."""
    noise, _, demand = swells

    assert abs(errors(demand[:, step], 3.0)) < 4
    assert abs(errors((demand[:, step] - 3.0) ** 2, (3.0 * noise) ** 2)) < 4


@pytest.mark.parametrize(("since", "lag"), [(0, 1), (0, 30), (60, 10), (60, 59)])
def test_a_swell_is_forgotten_at_the_rate_that_is_written(swells, since, lag):
    """Its correlation in the logarithm falls by the factor e in each such time."""
    noise, memory_s, demand = swells
    sigma = sqrt(log(1 + noise**2))
    height = (np.log(demand / 3.0) + sigma**2 / 2) / sigma
    expected = exp(-lag * 60.0 / memory_s)

    assert abs(errors(height[:, since] * height[:, since + lag], expected)) < 4


def test_without_memory_each_step_has_a_swell_of_its_own():
    """Zero seconds is no division by zero."""
    weather = Weather(11, Clock(120, 60.0), SpotMarket())
    demand = weather.demand(range(5000), np.full(120, 3.0), 0.2, 0.0)
    height = np.log(demand) - np.log(demand).mean()

    assert abs(errors(height[:, 0] * height[:, 1], 0.0)) < 4


def test_a_month_of_the_formulas_has_730_hours():
    """Else "a month" of interruptions would be another one than that of prices."""
    assert S_PER_MONTH == 730 * 3600
