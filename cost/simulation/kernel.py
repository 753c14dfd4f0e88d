"""Months of one service, step by step: bounds, alarms, starts, drains and interruptions.

The same in words, with every source: docs/explanation/simulation.md. All functions are compiled by
numba, so that a step takes nanoseconds.
"""

from enum import IntEnum
from math import ceil
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from numba import njit

from cost.bill.tasks import ROUNDING

compiled = njit(cache=True, nogil=True, error_model="numpy")

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Records: TypeAlias = npt.NDArray[np.void]
Record: TypeAlias = Any
"""One record of the dtype STATE or OUTCOME; numba knows its fields, Python's types do not."""

MISSING = -1.0
"""The CPU use of a service without a running task: CloudWatch gets no data then."""
EVERY_SLOT = -1
"""The slot of an interruption that hits all tasks of a zone."""
# Spreads what is a share of a task over many of them evenly, whichever share that is.
GOLDEN = 0.6180339887498949


class Mode(IntEnum):
    """What decides how many tasks are wanted."""

    FIXED = 0
    """A number that never changes."""
    IDEAL = 1
    """Demand, at once: the closed form."""
    TRACKING = 2
    """Target tracking, by CloudWatch's alarms."""


class Reaction(NamedTuple):
    """How a service reacts, the same at all times."""

    mode: int
    fixed_tasks: int
    """Tasks wanted in mode FIXED, before any bounds."""
    first_tasks: int
    """Tasks that run when the period begins, before any bounds."""
    target_share: float
    """CPU use that target tracking keeps, 0 to 1."""
    low_share: float
    """CPU use below which the low alarm counts, 0 to 1."""
    high_periods: int
    """Steps in a row above the target until tasks are added."""
    low_periods: int
    """Steps in a row below the low alarm's threshold until tasks are removed."""
    metric_delay_steps: int
    """How old the newest CPU use is that the alarms can see."""
    out_cooldown_steps: int
    in_cooldown_steps: int
    step_s: float
    """Length of a step, in seconds."""
    start_steps: int
    """From the request of a task until it serves."""
    unbilled_s: float
    """The part of a start that is not billed, in seconds."""
    drain_s: float
    """How long a task that is stopped goes on, and is billed, in seconds."""
    interrupted_s: float
    """How long a task that AWS interrupts goes on, and is billed, in seconds."""
    minimum_s: float
    """The least that is billed for a task, in seconds."""
    zones: int
    """Availability zones that tasks are spread over, one after the other."""


class Split(NamedTuple):
    """Tasks by capacity, for every number of tasks from 0 on; both have the shape (tasks + 1,)."""

    on_demand: Floats
    """Tasks on FARGATE among so many tasks."""
    spot: Floats
    """Tasks on FARGATE_SPOT among so many tasks."""


class Interruptions(NamedTuple):
    """Spot interruptions that hit whatever runs in their slot, of several months one after another.

    All but `first` have the shape (interruptions,), within each month in order of time.
    """

    first: Ints
    """Where each month begins in the other arrays, and the end; shape (months + 1,)."""
    step: Ints
    slot: Ints
    """The task that it hits, counted from 0, or EVERY_SLOT."""
    zone: Ints
    """The zone it happens in, counted from 0; used where it hits every slot."""
    chance: Floats
    """0 to 1: it hits a slot that is on Spot with more than this probability."""
    gap_steps: Ints
    """Until Spot capacity is back, at least 1."""


OUTCOME = np.dtype(
    [
        ("on_demand_s", "f8"),  # billed seconds of tasks on FARGATE
        ("spot_s", "f8"),  # billed seconds of tasks on FARGATE_SPOT
        ("on_s", "f8"),  # in which a task is billed
        ("demand", "f8"),  # the sum of demand over all steps, in tasks
        ("refused", "f8"),  # the part of it that found no task
        ("excess", "f8"),  # the part of it above what the tasks' CPUs could do
        ("outage_s", "f8"),  # without a task, though the bounds allow some
        ("longest_outage_s", "f8"),
        ("spot_lost_s", "f8"),  # seconds of tasks that are missing after interruptions
        ("interruptions", "i8"),  # tasks that were interrupted
        ("peak_tasks", "i8"),
    ]
)
"""What comes out of a month of a service."""

COURSE = ("desired", "serving", "starting", "held")
"""The columns of a month's course, tasks at each step."""


@compiled
def swell(innovations: Floats, base: Floats, sigma: float, kept: float) -> None:
    """Turns standard normal numbers into demand, in place.

    Args:
        innovations: independent standard normal numbers, shape (months, steps).
        base: mean demand at each step, shape (steps,).
        sigma: standard deviation of the logarithm.
        kept: what is left of a swell after a step, 0 to 1.
    """
    fresh = np.sqrt(1.0 - kept * kept)
    for month in range(innovations.shape[0]):
        height = innovations[month, 0]
        for i in range(base.size):
            if i:
                height = kept * height + fresh * innovations[month, i]
            innovations[month, i] = base[i] * np.exp(sigma * height - sigma * sigma / 2.0)


@compiled
def simulate(  # noqa: PLR0913, PLR0917 compiled code takes arrays, and each is another one
    low: Ints,
    high: Ints,
    demand: Floats,
    split: Split,
    interruptions: Interruptions,
    reaction: Reaction,
    outcomes: Records,
    hourly: Floats,
    course: Ints,
) -> None:
    """Simulates some months of a service.

    Args:
        low: fewest tasks at each step, shape (steps,).
        high: most tasks at each step, shape (steps,).
        demand: CPU that is asked for, in tasks of 100 percent, shape (months, steps).
        split: tasks by capacity, for every number of tasks up to the largest of `high`.
        interruptions: of all months; none for a service without Spot.
        reaction: how the service reacts.
        outcomes: what comes out is written here, dtype OUTCOME, zeros of shape (months,).
        hourly: tasks serving and tasks on demand are added here, hour by hour, in hours of tasks
            over all months; shape (hours, 2).
        course: COURSE at each step of the last month is written here, shape (steps, 4) or (0, 4).
    """
    steps = low.size
    due = np.zeros(steps + reaction.start_steps + 1, np.int64)
    release = np.zeros(steps + 1, np.int64)
    served = np.zeros(steps, np.int64)
    for month in range(demand.shape[0]):
        due[:] = 0
        release[:] = 0
        luck = interruptions.first[month], interruptions.first[month + 1]
        _month(
            low,
            high,
            demand[month],
            split,
            interruptions,
            luck,
            reaction,
            due,
            release,
            served,
            outcomes[month],
            hourly,
            course,
        )


@compiled
def _month(  # noqa: PLR0912, PLR0913, PLR0915, PLR0917 one loop keeps its numbers in registers
    low: Ints,
    high: Ints,
    demand: Floats,
    split: Split,
    interruptions: Interruptions,
    luck: tuple[int, int],
    reaction: Reaction,
    due: Ints,
    release: Ints,
    served: Ints,
    outcome: Record,
    hourly: Floats,
    course: Ints,
) -> None:
    """Simulates a month; the numbers in its comments are those of docs/explanation/simulation.md.

    `luck` is where the month's interruptions begin and end. There is room in `due` for tasks that
    begin to serve at each step, in `release` for held tasks whose gap ends then or after the
    period, and in `served` for the tasks that serve at each step; all else is as in `simulate`.
    """
    steps, step_s, start_steps = low.size, reaction.step_s, reaction.start_steps
    steps_per_hour = int(3600 / step_s)
    event, last_event = luck
    awake = True
    desired = max(low[0], min(reaction.first_tasks, high[0]))
    serving, starting, held = desired, 0, 0
    above = below = added_before = last_release = 0
    out_until = in_until = 0
    on_demand_s = spot_s = on_s = asked = refused = excess = spot_lost_s = 0.0
    outage_s = longest_outage_s = this_outage_s = 0.0
    interrupted = peak_tasks = 0

    for i in range(steps):
        # 1. Bounds
        if low[i] > 0:
            awake = True
        elif high[i] == 0:
            awake = False
        if reaction.mode == Mode.FIXED:
            desired = reaction.fixed_tasks
        elif reaction.mode == Mode.IDEAL:
            desired = ceil(demand[i] / reaction.target_share - ROUNDING)
        desired = max(low[i], min(desired, high[i])) if awake else 0

        # 2. Starts that end
        if due[i]:
            starting -= due[i]
            serving += due[i]
            due[i] = 0
        if release[i]:
            back = release[i]
            release[i] = 0
            held -= back
            spot_s -= back * min(reaction.unbilled_s, (steps - i) * step_s)
            spot_lost_s += back * start_steps * step_s
            if start_steps:
                due[i + start_steps] += back
                starting += back
            else:
                serving += back

        # 3. Interruptions
        while event < last_event and interruptions.step[event] <= i:
            slot, chance, hit = interruptions.slot[event], interruptions.chance[event], 0
            if slot == EVERY_SLOT:
                for n in range(interruptions.zone[event], serving, reaction.zones):
                    if split.spot[n + 1] - split.spot[n] > (chance + n * GOLDEN) % 1.0:
                        hit += 1
            elif slot < serving and split.spot[slot + 1] - split.spot[slot] > chance:
                hit = 1
            if hit:
                back_at = min(i + interruptions.gap_steps[event], steps)
                last_release = max(last_release, back_at)
                release[back_at] += hit
                serving -= hit
                held += hit
                interrupted += hit
                spot_s += hit * min(reaction.interrupted_s, (steps - i) * step_s)
            event += 1

        # 4. Following
        slots = serving + starting + held
        if slots < desired:
            missing = desired - slots
            unbilled_s = min(reaction.unbilled_s, (steps - i) * step_s)
            on_demand_s -= (split.on_demand[desired] - split.on_demand[slots]) * unbilled_s
            spot_s -= (split.spot[desired] - split.spot[slots]) * unbilled_s
            slots = desired
            if start_steps:
                due[i + start_steps] += missing
                starting += missing
            else:
                serving += missing
        elif slots > desired:
            at = last_release
            while slots > desired and held:
                dropped = min(slots - desired, release[at])
                release[at] -= dropped
                held -= dropped
                slots -= dropped
                at -= 1
            at = i + start_steps
            while slots > desired and starting:
                dropped = min(slots - desired, due[at])
                due[at] -= dropped
                starting -= dropped
                requested = at - start_steps
                unbilled_s = min(reaction.unbilled_s, (steps - requested) * step_s)
                billed_s = (i - requested) * step_s - unbilled_s
                short_s = max(reaction.minimum_s - billed_s, 0.0)
                on_demand_s += (split.on_demand[slots] - split.on_demand[slots - dropped]) * short_s
                spot_s += (split.spot[slots] - split.spot[slots - dropped]) * short_s
                slots -= dropped
                at -= 1
            if slots > desired:
                serving -= slots - desired
                drain_s = min(reaction.drain_s, (steps - i) * step_s)
                on_demand_s += (split.on_demand[slots] - split.on_demand[desired]) * drain_s
                spot_s += (split.spot[slots] - split.spot[desired]) * drain_s
                slots = desired

        # 5. Counting
        if course.shape[0]:
            course[i, 0], course[i, 1] = desired, serving
            course[i, 2], course[i, 3] = starting, held
        on_demand_s += split.on_demand[slots] * step_s
        spot_s += (split.spot[slots] - held) * step_s
        spot_lost_s += held * step_s
        asked += demand[i]
        hourly[i // steps_per_hour, 0] += serving / steps_per_hour
        hourly[i // steps_per_hour, 1] += split.on_demand[slots] / steps_per_hour
        if slots > held:
            on_s += step_s
        served[i] = serving
        if serving:
            this_outage_s = 0.0
            peak_tasks = max(peak_tasks, serving)
            excess += max(demand[i] - serving, 0.0)
        else:
            refused += demand[i]
            if high[i] > 0:
                this_outage_s += step_s
                outage_s += step_s
                longest_outage_s = max(longest_outage_s, this_outage_s)
            else:
                this_outage_s = 0.0

        # 6. Target tracking
        if reaction.mode == Mode.TRACKING and i >= reaction.metric_delay_steps:
            then = i - reaction.metric_delay_steps
            use = min(demand[then] / served[then], 1.0) if served[then] else MISSING
            above = above + 1 if use > reaction.target_share else 0
            below = below + 1 if MISSING != use < reaction.low_share else 0
            if not serving:
                continue
            if above >= reaction.high_periods:
                proportional = ceil(served[then] * use / reaction.target_share - ROUNDING)
                added = min(proportional, high[i]) - desired
                if added > 0 and (i >= out_until or added > added_before):
                    desired += added
                    added_before = added
                    out_until = i + reaction.out_cooldown_steps
                    in_until = i
            elif below >= reaction.low_periods and i >= in_until:
                proportional = ceil(served[then] * use / reaction.target_share - ROUNDING)
                fewer = max(proportional, low[i], 1)
                if fewer < desired:
                    desired = fewer
                    in_until = i + reaction.in_cooldown_steps

    outcome.on_demand_s, outcome.spot_s, outcome.on_s = on_demand_s, spot_s, on_s
    outcome.demand, outcome.refused, outcome.excess = asked, refused, excess
    outcome.outage_s, outcome.longest_outage_s = outage_s, longest_outage_s
    outcome.spot_lost_s, outcome.interruptions = spot_lost_s, interrupted
    outcome.peak_tasks = peak_tasks
