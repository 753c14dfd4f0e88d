"""Months of one service, step by step: bounds, alarms, starts, drains and interruptions.

The same in words, with every source: docs/explanation/simulation.md. Each rule there is a
function here. numba compiles them, so that a step takes nanoseconds.
"""

from collections.abc import Callable
from math import ceil
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
from numba import njit

from cost.bill.tasks import ROUNDING
from cost.simulation.state import (
    COURSE,
    OUTCOME,
    Alarms,
    Counted,
    Floats,
    Interruptions,
    Ints,
    Luck,
    Mode,
    Moment,
    Notes,
    Reaction,
    Seconds,
    Setting,
    Split,
    Tasks,
)

__all__ = [
    "COURSE",
    "EVERY_SLOT",
    "OUTCOME",
    "Interruptions",
    "Mode",
    "Reaction",
    "Split",
    "simulate",
    "swell",
]

Function = TypeVar("Function", bound=Callable[..., object])

# Compiled code allocates nothing and need not count references to arrays (`_nrt`, which numba's
# types leave out): counting them would take 25 times as long as all else. numba copies what is
# `inlined` into what calls it, so that a step calls nothing. Functions stay in this file:
# numba's cache looks for changes here only.
compiled: Callable[[Function], Function] = njit(  # type: ignore[call-overload]
    cache=True, nogil=True, error_model="numpy", _nrt=False
)
inlined = njit(inline="always")

Records: TypeAlias = npt.NDArray[np.void]
Record: TypeAlias = Any
"""One record of the dtype OUTCOME; numba knows its fields, Python's types do not."""

MISSING = -1.0
"""The CPU use of a service without a running task: CloudWatch gets no data then."""
EVERY_SLOT = -1
"""The slot of an interruption that hits all tasks of a zone."""
# Spreads what is a share of a task over many of them evenly, whichever share that is.
GOLDEN = 0.6180339887498949


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
    release, served = np.zeros(steps + 1, np.int64), np.zeros(steps, np.int64)
    notes = Notes(due, release, served, hourly, course)
    _months(Setting(low, high, demand, split, interruptions, reaction, notes), outcomes)


@compiled
def _months(setting: Setting, outcomes: Records) -> None:
    """Simulates months one after the other, by the rules of docs/explanation/simulation.md."""
    low, high, demand, reaction = setting.low, setting.high, setting.demand, setting.reaction
    first = setting.interruptions.first
    for month in range(demand.shape[0]):
        setting.notes.due[:] = 0
        setting.notes.release[:] = 0
        desired = max(low[0], min(reaction.first_tasks, high[0]))
        tasks, awake, alarms = Tasks(desired, desired, 0, 0), True, Alarms(0, 0, 0, 0, 0)
        luck = Luck(first[month], first[month + 1], 0, 0)
        seconds, counted = Seconds(0.0, 0.0, 0.0), Counted(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0)
        for i in range(low.size):
            now = Moment(month, i, low[i], high[i], demand[month, i])
            tasks, awake = _bounds(tasks, awake, now, reaction)  # rule 1
            tasks, seconds = _starts_that_end(tasks, seconds, now, setting)  # rule 2
            tasks, seconds, luck = _interruptions(tasks, seconds, luck, now, setting)  # rule 3
            tasks, seconds = _following(tasks, seconds, luck, now, setting)  # rule 4
            seconds, counted = _counting(tasks, seconds, counted, now, setting)  # rule 5
            tasks, alarms = _tracking(tasks, alarms, now, setting)  # rule 6
        _written(outcomes[month], seconds, counted, luck)


@inlined
def _bounds(tasks: Tasks, awake: bool, now: Moment, reaction: Reaction) -> tuple[Tasks, bool]:
    """Keeps the number of tasks wanted within the bounds of the moment; asleep it is 0."""
    desired = tasks.desired
    if now.low > 0:
        awake = True
    elif now.high == 0:
        awake = False
    if reaction.mode == Mode.FIXED:
        desired = reaction.fixed_tasks
    elif reaction.mode == Mode.IDEAL:
        desired = _proportional(now.demand, reaction)
    desired = max(now.low, min(desired, now.high)) if awake else 0
    return Tasks(desired, tasks.serving, tasks.starting, tasks.held), awake


@inlined
def _proportional(demand: float, reaction: Reaction) -> int:
    """Gives the tasks whose CPU use is at the target with so much demand."""
    return ceil(demand / reaction.target_share - ROUNDING)


@inlined
def _starts_that_end(
    tasks: Tasks, seconds: Seconds, now: Moment, setting: Setting
) -> tuple[Tasks, Seconds]:
    """Lets tasks serve whose start ends, and requests those again whose gap ends."""
    reaction, notes = setting.reaction, setting.notes
    started, back = notes.due[now.step], notes.release[now.step]
    if started:
        notes.due[now.step] = 0
        tasks = Tasks(tasks.desired, tasks.serving + started, tasks.starting - started, tasks.held)
    if back:
        notes.release[now.step] = 0
        tasks = Tasks(tasks.desired, tasks.serving, tasks.starting, tasks.held - back)
        tasks = _requested(back, tasks, now, setting)
        spot_s = seconds.spot_s - back * _until_end_s(reaction.unbilled_s, now.step, setting)
        lost_s = seconds.spot_lost_s + back * reaction.start_steps * reaction.step_s
        seconds = Seconds(seconds.on_demand_s, spot_s, lost_s)
    return tasks, seconds


@inlined
def _requested(count: int, tasks: Tasks, now: Moment, setting: Setting) -> Tasks:
    """Requests tasks: they serve when their start ends, or at once if that takes no time."""
    start_steps = setting.reaction.start_steps
    if not start_steps:
        return Tasks(tasks.desired, tasks.serving + count, tasks.starting, tasks.held)
    setting.notes.due[now.step + start_steps] += count
    return Tasks(tasks.desired, tasks.serving, tasks.starting + count, tasks.held)


@inlined
def _until_end_s(seconds: float, step: int, setting: Setting) -> float:
    """Gives a time from a step on, as far as it lies in the period."""
    return min(seconds, (setting.low.size - step) * setting.reaction.step_s)


@inlined
def _interruptions(
    tasks: Tasks, seconds: Seconds, luck: Luck, now: Moment, setting: Setting
) -> tuple[Tasks, Seconds, Luck]:
    """Holds the tasks that an interruption hits now until their gap ends."""
    step, gap_steps = setting.interruptions.step, setting.interruptions.gap_steps
    release = setting.notes.release
    while luck.event < luck.end and step[luck.event] <= now.step:
        hit, last_release = _hit(luck.event, tasks.serving, setting), luck.last_release
        if hit:
            back_at = min(now.step + gap_steps[luck.event], setting.low.size)
            release[back_at] += hit
            last_release = max(last_release, back_at)
            tasks = Tasks(tasks.desired, tasks.serving - hit, tasks.starting, tasks.held + hit)
            goes_on_s = _until_end_s(setting.reaction.interrupted_s, now.step, setting)
            spot_s = seconds.spot_s + hit * goes_on_s
            seconds = Seconds(seconds.on_demand_s, spot_s, seconds.spot_lost_s)
        luck = Luck(luck.event + 1, luck.end, last_release, luck.interrupted + hit)
    return tasks, seconds, luck


@inlined
def _hit(event: int, serving: int, setting: Setting) -> int:
    """Counts the serving tasks that an interruption hits."""
    spot, interruptions = setting.split.spot, setting.interruptions
    slot, chance = interruptions.slot[event], interruptions.chance[event]
    if slot != EVERY_SLOT:
        return 1 if slot < serving and spot[slot + 1] - spot[slot] > chance else 0
    hit = 0
    for n in range(interruptions.zone[event], serving, setting.reaction.zones):
        if spot[n + 1] - spot[n] > (chance + n * GOLDEN) % 1.0:
            hit += 1
    return hit


@inlined
def _following(
    tasks: Tasks, seconds: Seconds, luck: Luck, now: Moment, setting: Setting
) -> tuple[Tasks, Seconds]:
    """Requests the tasks that are missing, or gives up those that are too many."""
    slots = _slots(tasks)
    if slots < tasks.desired:
        unbilled_s = _until_end_s(setting.reaction.unbilled_s, now.step, setting)
        seconds = _added(seconds, tasks.desired, slots, -unbilled_s, setting.split)
        tasks = _requested(tasks.desired - slots, tasks, now, setting)
    elif slots > tasks.desired:
        tasks = _gaps_given_up(tasks, luck, setting.notes)
        tasks, seconds = _starts_given_up(tasks, seconds, now, setting)
        tasks, seconds = _stopped(tasks, seconds, now, setting)
    return tasks, seconds


@inlined
def _slots(tasks: Tasks) -> int:
    """Counts the slots that are taken."""
    return tasks.serving + tasks.starting + tasks.held


@inlined
def _added(seconds: Seconds, upper: int, lower: int, each_s: float, split: Split) -> Seconds:
    """Bills the tasks in the slots from `lower` up to `upper` for so long, by their capacity."""
    on_demand_s = (split.on_demand[upper] - split.on_demand[lower]) * each_s
    spot_s = (split.spot[upper] - split.spot[lower]) * each_s
    return Seconds(seconds.on_demand_s + on_demand_s, seconds.spot_s + spot_s, seconds.spot_lost_s)


@inlined
def _gaps_given_up(tasks: Tasks, luck: Luck, notes: Notes) -> Tasks:
    """Gives up held tasks as long as there are too many, first those whose gap ends last."""
    held, step = tasks.held, luck.last_release
    others = tasks.serving + tasks.starting
    while others + held > tasks.desired and held:
        dropped = min(others + held - tasks.desired, notes.release[step])
        notes.release[step] -= dropped
        held -= dropped
        step -= 1
    return Tasks(tasks.desired, tasks.serving, tasks.starting, held)


@inlined
def _starts_given_up(
    tasks: Tasks, seconds: Seconds, now: Moment, setting: Setting
) -> tuple[Tasks, Seconds]:
    """Gives up starting tasks as long as there are too many, the newest first."""
    reaction, due = setting.reaction, setting.notes.due
    starting, slots, requested = tasks.starting, _slots(tasks), now.step
    while slots > tasks.desired and starting:
        dropped = min(slots - tasks.desired, due[requested + reaction.start_steps])
        due[requested + reaction.start_steps] -= dropped
        unbilled_s = _until_end_s(reaction.unbilled_s, requested, setting)
        billed_s = (now.step - requested) * reaction.step_s - unbilled_s
        short_s = max(reaction.minimum_s - billed_s, 0.0)
        seconds = _added(seconds, slots, slots - dropped, short_s, setting.split)
        starting -= dropped
        slots -= dropped
        requested -= 1
    return Tasks(tasks.desired, tasks.serving, starting, tasks.held), seconds


@inlined
def _stopped(
    tasks: Tasks, seconds: Seconds, now: Moment, setting: Setting
) -> tuple[Tasks, Seconds]:
    """Stops serving tasks that are too many; they go on for their drain."""
    slots = _slots(tasks)
    if slots > tasks.desired:
        drain_s = _until_end_s(setting.reaction.drain_s, now.step, setting)
        seconds = _added(seconds, slots, tasks.desired, drain_s, setting.split)
        serving = tasks.serving - (slots - tasks.desired)
        tasks = Tasks(tasks.desired, serving, tasks.starting, tasks.held)
    return tasks, seconds


@inlined
def _counting(
    tasks: Tasks, seconds: Seconds, counted: Counted, now: Moment, setting: Setting
) -> tuple[Seconds, Counted]:
    """Counts what is billed and what is served in this step."""
    split, step_s, slots = setting.split, setting.reaction.step_s, _slots(tasks)
    counted = _served(tasks, counted, now, step_s)
    seconds = Seconds(
        seconds.on_demand_s + split.on_demand[slots] * step_s,
        seconds.spot_s + (split.spot[slots] - tasks.held) * step_s,
        seconds.spot_lost_s + tasks.held * step_s,
    )
    _noted(tasks, now, setting)
    return seconds, counted


@inlined
def _noted(tasks: Tasks, now: Moment, setting: Setting) -> None:
    """Writes down how many tasks there are."""
    i, notes = now.step, setting.notes
    notes.served[i] = tasks.serving
    steps_per_hour = int(3600 / setting.reaction.step_s)
    on_demand = setting.split.on_demand[_slots(tasks)]
    notes.hourly[i // steps_per_hour, 0] += tasks.serving / steps_per_hour
    notes.hourly[i // steps_per_hour, 1] += on_demand / steps_per_hour
    if notes.course.shape[0]:
        notes.course[i, 0], notes.course[i, 1] = tasks.desired, tasks.serving
        notes.course[i, 2], notes.course[i, 3] = tasks.starting, tasks.held


@inlined
def _served(tasks: Tasks, counted: Counted, now: Moment, step_s: float) -> Counted:
    """Counts what becomes of this step's demand."""
    on_s, demand, refused, excess, outage_s, longest_s, this_s, peak_tasks = counted
    demand += now.demand
    if tasks.serving + tasks.starting:
        on_s += step_s
    if tasks.serving:
        this_s = 0.0
        peak_tasks = max(peak_tasks, tasks.serving)
        excess += max(now.demand - tasks.serving, 0.0)
    else:
        refused += now.demand
        if now.high > 0:
            this_s += step_s
            outage_s += step_s
            longest_s = max(longest_s, this_s)
        else:
            this_s = 0.0
    return Counted(on_s, demand, refused, excess, outage_s, longest_s, this_s, peak_tasks)


@inlined
def _tracking(tasks: Tasks, alarms: Alarms, now: Moment, setting: Setting) -> tuple[Tasks, Alarms]:
    """Changes the number of tasks wanted where an alarm says so, as target tracking does."""
    reaction, then = setting.reaction, now.step - setting.reaction.metric_delay_steps
    if reaction.mode != Mode.TRACKING or then < 0:
        return tasks, alarms
    served, desired = setting.notes.served[then], tasks.desired
    use = min(setting.demand[now.month, then] / served, 1.0) if served else MISSING
    alarms = _seen(alarms, use, reaction)
    if tasks.serving and alarms.above >= reaction.high_periods:
        desired, alarms = _scaled_out(desired, alarms, served * use, now, reaction)
    elif tasks.serving and alarms.below >= reaction.low_periods and now.step >= alarms.in_until:
        desired, alarms = _scaled_in(desired, alarms, served * use, now, reaction)
    return Tasks(desired, tasks.serving, tasks.starting, tasks.held), alarms


@inlined
def _seen(alarms: Alarms, use: float, reaction: Reaction) -> Alarms:
    """Counts the steps in a row in which CPU use was above and below."""
    above = alarms.above + 1 if use > reaction.target_share else 0
    below = alarms.below + 1 if MISSING != use < reaction.low_share else 0
    return Alarms(above, below, alarms.added, alarms.out_until, alarms.in_until)


@inlined
def _scaled_out(
    desired: int, alarms: Alarms, busy: float, now: Moment, reaction: Reaction
) -> tuple[int, Alarms]:
    """Adds tasks in proportion; within the cooldown only more of them than last time."""
    added = min(_proportional(busy, reaction), now.high) - desired
    if added > 0 and (now.step >= alarms.out_until or added > alarms.added):
        desired += added
        out_until = now.step + reaction.out_cooldown_steps
        alarms = Alarms(alarms.above, alarms.below, added, out_until, now.step)
    return desired, alarms


@inlined
def _scaled_in(
    desired: int, alarms: Alarms, busy: float, now: Moment, reaction: Reaction
) -> tuple[int, Alarms]:
    """Takes tasks away in proportion, down to the min and to one."""
    fewer = max(_proportional(busy, reaction), now.low, 1)
    if fewer < desired:
        desired = fewer
        in_until = now.step + reaction.in_cooldown_steps
        alarms = Alarms(alarms.above, alarms.below, alarms.added, alarms.out_until, in_until)
    return desired, alarms


@inlined
def _written(outcome: Record, seconds: Seconds, counted: Counted, luck: Luck) -> None:
    """Writes down what came out of a month."""
    outcome.on_demand_s, outcome.spot_s = seconds.on_demand_s, seconds.spot_s
    outcome.spot_lost_s, outcome.interruptions = seconds.spot_lost_s, luck.interrupted
    outcome.on_s, outcome.peak_tasks = counted.on_s, counted.peak_tasks
    outcome.demand, outcome.refused, outcome.excess = (
        counted.demand,
        counted.refused,
        counted.excess,
    )
    outcome.outage_s, outcome.longest_outage_s = counted.outage_s, counted.longest_outage_s
