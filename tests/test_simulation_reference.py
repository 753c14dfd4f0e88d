"""The compiled simulation against a second one, which knows the same prose and no line of it."""

from collections import Counter
from dataclasses import dataclass, replace
from math import ceil
from random import Random

import numpy as np
import pytest

from cost.bill.tasks import spot_tasks
from cost.simulation.kernel import (
    COURSE,
    EVERY_SLOT,
    OUTCOME,
    Interruptions,
    Mode,
    Reaction,
    Split,
    simulate,
    swell,
)
from tests.reference_simulation import Hit, Month
from trazo_spec.components.capacity import Capacity

SCENARIOS = 200
CAPACITIES = (
    {"on_demand": {}},
    {"spot": {"weight": 1}},
    {"spot": {"weight": 3}, "on_demand": {"base": 1, "weight": 0}},
    {"on_demand": {"weight": 1}, "spot": {"base": 2, "weight": 4}},
    {"on_demand": {"base": 2, "weight": 2}, "spot": {"weight": 1}},
    {"spot": {"base": 1, "weight": 0}, "on_demand": {"weight": 1}},
)


@dataclass(frozen=True)
class Scenario:
    """A month of one service as both simulations take it."""

    reaction: Reaction
    spot_tasks: list[float]
    low: list[int]
    high: list[int]
    demand: list[float]
    hits: list[Hit]


def scenario(seed: int, days: tuple[int, ...] = (1,)) -> Scenario:
    """A scenario that no one would think of, the same for the same seed."""
    random = Random(seed)  # noqa: S311 the same for the same seed
    step_s = random.choice((60.0, 60.0, 20.0))
    steps = int(random.choice(days) * 86_400 / step_s) + random.choice((0, 0, 7))
    most = random.choice((1, 2, 3, 4, 8, 20))
    low, high = bounds(random, steps, most)
    capacity = Capacity.model_validate(random.choice(CAPACITIES))
    spot = [spot_tasks(capacity, n) for n in range(most + 1)]
    rules = reaction(random, step_s, most)
    found = hits(random, steps, most, rules.zones)
    return Scenario(rules, spot, low, high, demand(random, steps, most, rules), found)


def bounds(random: Random, steps: int, most: int) -> tuple[list[int], list[int]]:
    """Fewest and most tasks at each step, as a schedule of any kind may set them."""
    edges = sorted(random.sample(range(1, steps), random.choice((0, 3, 12, 60))))
    low: list[int] = []
    high: list[int] = []
    for start, end in zip([0, *edges], [*edges, steps], strict=True):
        upper = random.choice((0, most, most, most, random.randint(0, most)))
        lower = random.choice((0, min(1, upper), random.randint(0, upper)))
        low += [lower] * (end - start)
        high += [upper] * (end - start)
    return low, high


def demand(random: Random, steps: int, most: int, rules: Reaction) -> list[float]:
    """Demand in tasks: a level that now and then jumps, with noise that has a memory.

    Half of the levels are what so many tasks do at their target, where rounding could go wrong.
    """
    noise = random.choice((0.0, 0.0, 0.1, 0.3, 1.0))
    kept = random.choice((0.0, 0.9, 0.99, 0.99))
    jump = rules.step_s / random.choice((900, 1800, 7200, 86_400))
    found, swell, level = [], 0.0, random.uniform(0, most)
    for _ in range(steps):
        if random.random() < jump:
            whole = random.randint(0, most) * rules.target_share
            level = random.choice((0.0, whole, whole, random.uniform(0, 1.3 * most)))
        swell = kept * swell + (1 - kept**2) ** 0.5 * random.gauss(0, 1)
        found.append(max(level * (1 + noise * swell), 0.0))
    return found


def hits(random: Random, steps: int, most: int, zones: int) -> list[Hit]:
    """Interruptions, often several in a step."""
    count = random.choice((0, 40, 100, steps // 10))
    longest = random.choice((1, 5, 60, 300))
    found = []
    for step in sorted(random.randrange(steps) for _ in range(count)):
        shock = random.random() < 0.4
        slot, zone = (None, random.randrange(zones)) if shock else (random.randrange(most), None)
        found.append(Hit(step, slot, zone, random.random(), random.randint(1, longest)))
    return found


def reaction(random: Random, step_s: float, most: int) -> Reaction:
    """How a service reacts; half of all by target tracking."""
    mode = random.choice((Mode.FIXED, Mode.IDEAL, Mode.TRACKING, Mode.TRACKING, Mode.TRACKING))
    lags = mode != Mode.IDEAL and random.random() < 0.9
    tasks, target = random.randint(0, most + 1), random.choice((0.2, 0.5, 0.7, 0.8, 1.0))
    start_steps = random.choice((0, 1, 2, 5, 20)) if lags else 0
    return Reaction(
        mode=int(mode),
        fixed_tasks=tasks if mode == Mode.FIXED else 0,
        first_tasks=tasks,
        target_share=target,
        low_share=0.9 * target,
        high_periods=3,
        low_periods=15,
        metric_delay_steps=random.choice((0, 1, 2, 4)),
        out_cooldown_steps=random.choice((0, 1, 5, 15, 60)),
        in_cooldown_steps=random.choice((0, 1, 5, 60)),
        step_s=step_s,
        start_steps=start_steps,
        unbilled_s=min(random.choice((0.0, 20.0, 33.0, 90.0)), start_steps * step_s),
        drain_s=random.choice((0.0, 30.0, 300.0, 7200.0)) if lags else 0.0,
        interrupted_s=random.choice((0.0, 30.0, 120.0)) if lags else 0.0,
        minimum_s=60.0,
        zones=random.choice((1, 2, 3)),
    )


def compiled(*months: Scenario) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What the kernel makes of months that differ in demand and hits only.

    The course of the last one, the outcome of each, and the sum of all hours.
    """
    one = months[0]
    hits = [
        (h.step, EVERY_SLOT if h.slot is None else h.slot, h.zone or 0, h.u, h.gap_steps)
        for month in months
        for h in month.hits
    ]
    step, slot, zone, chance, gap = (
        np.array([hit[k] for hit in hits], np.float64 if k == 3 else np.int64) for k in range(5)
    )
    first = np.cumsum([0, *(len(month.hits) for month in months)])
    steps, spot = len(one.demand), np.array(one.spot_tasks)
    outcomes = np.zeros(len(months), OUTCOME)
    hourly = np.zeros((ceil(steps * one.reaction.step_s / 3600), 2))
    course = np.zeros((steps, len(COURSE)), np.int64)
    simulate(
        np.array(one.low),
        np.array(one.high),
        np.array([month.demand for month in months]),
        Split(np.arange(spot.size) - spot, spot),
        Interruptions(first, step, slot, zone, chance, gap),
        one.reaction,
        with_fields(outcomes),
        hourly,
        course,
    )
    return course, outcomes, hourly


def with_fields(outcomes: np.ndarray) -> np.ndarray:
    """Outcomes whose fields are attributes, as they are for compiled code anyway."""
    return outcomes if hasattr(swell, "py_func") else outcomes.view(np.recarray)


def reference(given: Scenario) -> Month:
    """What the plain simulation makes of it."""
    return Month(
        given.reaction, given.spot_tasks, given.low, given.high, given.demand, given.hits
    ).run()


def check_scenario(given: Scenario) -> None:
    """Fails where the two simulations differ in any task, second or hour."""
    month = reference(given)
    course, [outcome], hourly = compiled(given)

    assert course.tolist() == [list(tasks) for tasks in month.course]
    assert dict(zip(OUTCOME.names, outcome, strict=True)) == pytest.approx(month.outcome())
    assert hourly.tolist() == [pytest.approx(hour) for hour in month.hourly()]


@pytest.mark.parametrize("seed", range(SCENARIOS))
def test_a_month_is_the_same_minute_for_minute(seed):
    """The two know the same prose: a task, a minute or a second of difference is a mistake."""
    check_scenario(scenario(seed))


def test_the_scenarios_show_everything_that_a_month_can_hold():
    """Two simulations agree easily on what never happens."""
    shown = Counter()
    for month in map(reference, map(scenario, range(SCENARIOS // 5))):
        shown.update(field for field, value in month.outcome().items() if value)
        shown.update(event for event, count in month.events.items() if count)

    assert {name for name, scenarios in shown.items() if scenarios > 1} == {
        *OUTCOME.names,
        *("gap ended", "gap given up", "hit", "shock of several tasks"),
        *("scaled in", "scaled out", "scaled out in the cooldown", "start given up", "stopped"),
    }


def test_a_month_knows_nothing_of_the_one_before():
    """A thread simulates many months in the same room."""
    given = scenario(4)
    others = [scenario(seed) for seed in range(SCENARIOS // 5)]
    others = [other for other in others if len(other.demand) == len(given.demand)]
    months = [replace(given, demand=o.demand, hits=o.hits) for o in others]
    _, outcomes, hourly = compiled(*months)
    alone = [compiled(month) for month in months]

    assert outcomes.tolist() == [outcome[0].item() for _, outcome, _ in alone]
    assert hourly == pytest.approx(sum(hours for _, _, hours in alone))


def test_a_start_at_the_end_of_the_period_is_billed_for_no_less_than_nothing():
    """A task asked for in the last minute, with a provisioning longer than that."""
    slow = scenario(0).reaction._replace(
        mode=int(Mode.FIXED), fixed_tasks=2, first_tasks=0, step_s=60.0, start_steps=2,
        unbilled_s=90.0,
    )  # fmt: skip
    bounds = [0, 0, 0, 0, 2]
    last = Scenario(slow, [0.0, 0.0, 0.0], bounds, bounds, [1.0] * 5, [])
    _, [outcome], _ = compiled(last)

    assert outcome["on_demand_s"] == reference(last).outcome()["on_demand_s"] == 0.0
