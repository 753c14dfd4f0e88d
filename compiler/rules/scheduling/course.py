"""What a schedule does to its service, run by run, over weeks or years."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from trazo_spec.schedule import Cron, Event, ResolvedAction, Scaling, events, resolve
from trazo_spec.schedule.clock import parse_instant, parse_local
from trazo_spec.schedule.cron import LAST_YEAR
from trazo_spec.schedule.timeline import timing_of

# A rule knows no clock, and what holds today must be found in ten years too. In the last years
# that AWS's cron expressions know, each zone keeps the rule that its clocks follow now. This is in
# the last leap year of them, on a Monday far from every change of clocks.
REFERENCE = datetime(LAST_YEAR - LAST_YEAR % 4, 1, 18, tzinfo=UTC)
A_CYCLE_YEARS = 28
"""Years after which every date falls on the same day of the week again, leap years included."""

# A schedule that repeats weekly is watched for two weeks after two that settle it, any other for
# years, so that the first days and the leap days of months come up.
WEEKLY_SETTLE = timedelta(days=14)
YEARLY_SETTLE = timedelta(days=400)

# Chosen: more runs than any schedule of a team has in years, few enough to step through at once.
MOST_RUNS = 50_000


@dataclass(frozen=True, slots=True)
class Step:
    """One run of an action and what it found."""

    event: Event
    before: tuple[int, int]
    """The bounds until then."""
    since: Event | None
    """The run that set them; None for the bounds of the service."""
    awake: bool
    """Whether tasks could run until then."""

    @property
    def bounds(self) -> tuple[int, int]:
        """The bounds from then on."""
        return self.event.action.min, self.event.action.max

    @property
    def sleeps(self) -> bool:
        """Whether it stops every task of a service that runs."""
        return self.awake and self.bounds[1] == 0

    @property
    def wakes(self) -> bool:
        """Whether it starts the first task of a service that stands at zero."""
        return not self.awake and self.bounds[0] > 0


@dataclass(frozen=True, slots=True)
class Course:
    """The runs of a schedule in order."""

    steps: tuple[Step, ...]
    settled: tuple[Step, ...]
    """Those after the first weeks, in which only the bounds of the service came before."""
    judged_until: datetime
    """A sleep before this moment has had time enough for the next wake."""


@lru_cache(maxsize=256)
def course(scaling: Scaling) -> Course:
    """The runs of a sound schedule, begun with the bounds of the service."""
    actions = resolve(scaling)
    settle = WEEKLY_SETTLE if all(_weekly(a) for a in actions) else YEARLY_SETTLE
    dated = [moment for action in actions for moment in _dates(action)]
    begin = min(dated, default=REFERENCE) - 2 * settle
    end = max(dated, default=REFERENCE) + 2 * settle
    end = min(
        end, begin + max(6 * WEEKLY_SETTLE, timedelta(days=MOST_RUNS / (1 + _runs_a_day(actions))))
    )
    steps = _steps(events(actions, begin, end), scaling)
    settled = tuple(s for s in steps if s.event.at >= begin + settle)
    return Course(steps, settled, end - settle)


def is_weekly(action: ResolvedAction) -> bool:
    """Whether an action is a `cron` that looks the same every week, without start and end."""
    read = timing_of(action.expression)
    return isinstance(read, Cron) and read.weekly and not action.start_time and not action.end_time


def once_a_day(action: ResolvedAction) -> bool:
    """Whether an action runs at most once on any day."""
    return _runs_a_day((action,)) <= 1


def is_dated(action: ResolvedAction) -> bool:
    """Whether an action runs only in certain years."""
    return bool(_dates(action))


def first_year(actions: Iterable[ResolvedAction]) -> int:
    """The year of the first date that actions name; where they name none, that of `REFERENCE`."""
    return min((d.year for a in actions for d in _dates(a)), default=REFERENCE.year)


def years(action: ResolvedAction) -> tuple[date, date]:
    """The first and the last day of the years in which each change of clocks comes up."""
    if is_dated(action):
        first = first_year([action])
        read = timing_of(action.expression)
        last = max(read.years) if isinstance(read, Cron) else first
        return date(first, 1, 1), date(min(last, first + A_CYCLE_YEARS - 1), 12, 31)
    count = 2 if is_weekly(action) else A_CYCLE_YEARS
    return date(LAST_YEAR - count + 1, 1, 1), date(LAST_YEAR, 12, 31)


def _weekly(action: ResolvedAction) -> bool:
    read = timing_of(action.expression)
    if isinstance(read, Cron):
        return read.weekly
    return isinstance(read, datetime) or read <= timedelta(days=7)


def _dates(action: ResolvedAction) -> list[datetime]:
    """The moments between which a schedule is more than a repetition."""
    dates = [parse_instant(text) for text in (action.start_time, action.end_time) if text]
    read = timing_of(action.expression)
    if action.expression.startswith("at"):
        dates.append(parse_local(action.expression))
    elif isinstance(read, Cron) and LAST_YEAR not in read.years:
        dates += [datetime(min(read.years), 1, 1), datetime(max(read.years), 12, 31)]  # noqa: DTZ001
    return [moment.replace(tzinfo=UTC) for moment in dates if moment is not None]


def _runs_a_day(actions: Sequence[ResolvedAction]) -> float:
    """At most so many runs a day, over all actions."""
    total = 0.0
    for action in actions:
        read = timing_of(action.expression)
        if isinstance(read, Cron):
            total += len(read.hours) * len(read.minutes)
        elif isinstance(read, timedelta):
            total += timedelta(days=1) / read
    return total


def _steps(runs: Sequence[Event], scaling: Scaling) -> tuple[Step, ...]:
    steps: list[Step] = []
    bounds, since, awake = (scaling.min, scaling.max), None, scaling.min > 0
    for event in runs:
        step = Step(event, bounds, since, awake)
        steps.append(step)
        awake = step.bounds[0] > 0 or (awake and step.bounds[1] > 0)
        if step.bounds != bounds:
            bounds, since = step.bounds, event
    return tuple(steps)
