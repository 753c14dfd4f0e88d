"""Bounds of a service over time: when actions run, and what holds between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from trazo_spec.schedule.actions import ResolvedAction, resolve
from trazo_spec.schedule.clock import parse_instant, parse_local, parse_rate, to_utc, zone
from trazo_spec.schedule.cron import Cron, days_of
from trazo_spec.schedule.cron_text import parse_cron
from trazo_spec.schedule.problem import Problem
from trazo_spec.schedule.types import Scaling

# How far back the bounds at a moment are looked for: most schedules repeat weekly, some yearly.
LOOK_BACK = (timedelta(days=14), timedelta(days=400), timedelta(days=5 * 366))

# AWS counts a rate from the moment the action was made, which no spec knows; we count from here.
RATE_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)

Timing: TypeAlias = Cron | datetime | timedelta
"""A recurring clock time, a clock time, or a period."""


@dataclass(frozen=True, slots=True)
class Event:
    """One run of an action."""

    at: datetime
    """The moment, in UTC."""
    position: int
    """Which of the actions, counted from 0."""
    action: ResolvedAction


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time in which the bounds stay the same."""

    start: datetime
    """The first moment, in UTC."""
    end: datetime
    """The first moment after it, in UTC."""
    min: int
    """The fewest tasks."""
    max: int
    """The most tasks."""


def events(actions: Sequence[ResolvedAction], start: datetime, end: datetime) -> tuple[Event, ...]:
    """Every run of the actions from `start` until before `end`, in order.

    AWS publishes no order for two actions in the same minute; here the one listed later runs later.
    """
    runs = [
        Event(moment, position, action)
        for position, action in enumerate(actions)
        for moment in _runs(action, start.astimezone(UTC), end.astimezone(UTC))
    ]
    return tuple(sorted(runs, key=lambda event: (event.at, event.position)))


def bounds_over(scaling: Scaling, start: datetime, end: datetime) -> tuple[Interval, ...]:
    """The bounds of a service from `start` until `end`, without gaps, equal neighbours as one."""
    actions = resolve(scaling)
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    before = last_event(actions, start)
    state = (before.action.min, before.action.max) if before else (scaling.min, scaling.max)
    intervals: list[Interval] = []
    since = start
    for event in events(actions, start, end):
        bounds = (event.action.min, event.action.max)
        if bounds != state:
            _append(intervals, since, event.at, state)
            since, state = event.at, bounds
    _append(intervals, since, end, state)
    return tuple(intervals)


def last_event(actions: Sequence[ResolvedAction], moment: datetime) -> Event | None:
    """The last run before a moment; None when there was none in five years."""
    end = moment
    for back in LOOK_BACK if actions else ():
        start = moment - back
        if runs := events(actions, start, end):
            return runs[-1]
        end = start
    return None


def awake(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    """The intervals in which tasks can run.

    Not every interval with a `max` above zero: CPU tracking starts no first task, so that a service
    comes back from zero only with a `min` of 1 or more.
    """
    running, stretches = True, []
    for interval in intervals:
        running = interval.min > 0 or (running and interval.max > 0)
        if running:
            stretches.append(interval)
    return tuple(stretches)


def skipped_times(action: ResolvedAction, first: date, last: date) -> tuple[datetime, ...]:
    """The clock times of a `cron` that do not exist on a day on which it then never runs, naive."""
    timing, tz = timing_of(action.expression), zone(action.timezone)
    if not isinstance(timing, Cron) or tz is UTC:
        return ()
    clock_times: list[datetime] = []
    for day in _days_of_clock_change(action.timezone, first, last):
        times = tuple(_clock_times(timing, day, day))
        clock_times += times if all(to_utc(t, tz) is None for t in times) else ()
    return tuple(clock_times)


@lru_cache(maxsize=64)
def _days_of_clock_change(timezone: str, first: date, last: date) -> tuple[date, ...]:
    midnights = [
        datetime.combine(first + timedelta(n), time()) for n in range((last - first).days + 2)
    ]
    offsets = [midnight.replace(tzinfo=zone(timezone)).utcoffset() for midnight in midnights]
    changes = zip(midnights, pairwise(offsets), strict=False)
    return tuple(midnight.date() for midnight, (before, after) in changes if before != after)


@lru_cache(maxsize=1024)
def timing_of(expression: str) -> Timing:
    """What an expression that was checked before means."""
    kind = expression.partition("(")[0]
    timing: Timing | tuple[Problem, ...] | None
    match kind:
        case "at":
            timing = parse_local(expression)
        case "rate":
            timing = parse_rate(expression)
        case _:
            timing = parse_cron(expression)
    if timing is None or isinstance(timing, tuple):
        raise ValueError(f"the expression {expression!r} was not checked")
    return timing


def _runs(action: ResolvedAction, start: datetime, end: datetime) -> Iterator[datetime]:
    """The moments in UTC from `start` until before `end` at which an action runs, each once."""
    timing = timing_of(action.expression)
    if isinstance(timing, datetime):
        moment = to_utc(timing, zone(action.timezone))
        if moment is not None and start <= moment < end:
            yield moment
        return
    first = parse_instant(action.start_time) if action.start_time else None
    last = parse_instant(action.end_time) if action.end_time else None
    # "If you specify a start time, Application Auto Scaling performs the action at this time":
    # https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
    if first is not None and start <= first < end:
        yield first
    begin = start if first is None else max(start, first + timedelta(seconds=1))
    stop = end if last is None else min(end, last + timedelta(seconds=1))
    if begin < stop:
        repeated = (
            _cron_runs(timing, zone(action.timezone), begin, stop)
            if isinstance(timing, Cron)
            else (_rate_runs(timing, first or RATE_ORIGIN, begin, stop))
        )
        yield from repeated


def _cron_runs(cron: Cron, tz: tzinfo, start: datetime, end: datetime) -> Iterator[datetime]:
    for local in _clock_times(cron, start.astimezone(tz).date(), end.astimezone(tz).date()):
        moment = to_utc(local, tz)
        if moment is not None and start <= moment < end:
            yield moment


def _clock_times(cron: Cron, first: date, last: date) -> Iterator[datetime]:
    """The naive clock times of a cron on the days from `first` to `last`."""
    for year in range(first.year, last.year + 1):
        for month in range(1, 13) if year in cron.years else ():
            inside = (first.year, first.month) <= (year, month) <= (last.year, last.month)
            for day in days_of(cron.days, year, month) if inside and month in cron.months else ():
                if first <= date(year, month, day) <= last:
                    for hour in cron.hours:
                        for minute in cron.minutes:
                            yield datetime(year, month, day, hour, minute)  # noqa: DTZ001 clock time


def _rate_runs(
    period: timedelta, origin: datetime, start: datetime, end: datetime
) -> Iterator[datetime]:
    moment = origin + -(-(start - origin) // period) * period
    while moment < end:
        yield moment
        moment += period


def _append(
    intervals: list[Interval], start: datetime, end: datetime, bounds: tuple[int, int]
) -> None:
    if start < end:
        intervals.append(Interval(start, end, *bounds))
