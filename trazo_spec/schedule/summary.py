"""The hours of a service in a few words, for diagrams and summaries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from trazo_spec.schedule.clock import zone
from trazo_spec.schedule.timeline import Interval, awake, bounds_over
from trazo_spec.schedule.types import Scaling

SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DASH = "\N{EN DASH}"

WEEK = timedelta(days=7)
# The weeks before settle what is carried into a week, the one after it ends what opens in it: what
# is longer than a week has only one of its ends there.
AROUND = 2 * WEEK


@dataclass(frozen=True, slots=True)
class Run:
    """An unbroken stretch in which tasks can run, on the clock of the schedule."""

    start: datetime
    end: datetime


def weekly_windows(scaling: Scaling, week_of: date) -> tuple[str, ...]:
    """The hours in which tasks can run in the week of a day: `Mon-Fri 08-20 UTC` with en dashes.

    Each window stands where it opens; `always on` and `always off` where none opens.
    """
    plain, schedule = _plain(scaling, week_of), scaling.schedule
    suffix = f" {schedule.timezone}" if schedule and not plain[0].startswith("always") else ""
    return tuple(f"{text}{suffix}" for text in plain)


def describe(scaling: Scaling, week_of: date) -> str:
    """The same in one line: `Mon-Fri 08-20, Sat-Sun 10-24 UTC` with en dashes."""
    plain, schedule = _plain(scaling, week_of), scaling.schedule
    suffix = f" {schedule.timezone}" if schedule and not plain[0].startswith("always") else ""
    return ", ".join(plain) + suffix


def _plain(scaling: Scaling, week_of: date) -> tuple[str, ...]:
    """The windows of a week without their time zone."""
    tz = zone(scaling.schedule.timezone) if scaling.schedule else UTC
    monday = datetime.combine(week_of - timedelta(days=week_of.weekday()), time())
    begin, end = (monday - AROUND).replace(tzinfo=tz), (monday + AROUND).replace(tzinfo=tz)
    running = awake(bounds_over(scaling, begin, end))
    runs = [Run(*(m.astimezone(tz).replace(tzinfo=None) for m in run)) for run in _joined(running)]
    sunday = monday + WEEK
    if any(run.start <= monday and run.end >= sunday for run in runs):
        return ("always on",)
    opening = [_label(run, monday) for run in runs if monday <= run.start < sunday]
    carried = [_label(run, monday) for run in runs if run.start < monday < run.end]
    return _grouped([*(c for c in carried if c not in opening), *opening]) or ("always off",)


def _joined(intervals: Sequence[Interval]) -> Iterator[tuple[datetime, datetime]]:
    """Neighbours as one, whatever their bounds."""
    start = end = None
    for interval in intervals:
        if start is not None and end is not None and end != interval.start:
            yield start, end
            start = None
        start, end = start or interval.start, interval.end
    if start is not None and end is not None:
        yield start, end


def _label(run: Run, monday: datetime) -> tuple[str, int | None]:
    """The hours of one window; for one that ends within a day, its day apart, 0 is Monday."""
    midnight = datetime.combine(run.start.date() + timedelta(days=1), time())
    if run.end - run.start >= WEEK:
        carried = run.start < monday
        return f"until {_moment(run.end)}" if carried else f"from {_moment(run.start)}", None
    if run.end > midnight and run.end - run.start >= timedelta(days=1):
        return f"{_moment(run.start)}{DASH}{_moment(run.end)}", None
    begin, end = f"{run.start:%H:%M}", "24:00" if run.end == midnight else f"{run.end:%H:%M}"
    return f"{_short(begin, end)}{DASH}{_short(end, begin)}", run.start.weekday()


def _grouped(labels: Sequence[tuple[str, int | None]]) -> tuple[str, ...]:
    """Labels in order, with the days of the same hours joined."""
    days: dict[str, list[int]] = {}
    for hours, day in labels:
        days.setdefault(hours, []).extend(() if day is None else (day,))
    return tuple(f"{_days(days[hours])} {hours}".strip() for hours in days)


def _days(days: Sequence[int]) -> str:
    """Days, 0 is Monday, as runs: from Monday to Friday, or `Mon, Wed`."""
    if len(set(days)) == 7:
        return "daily"
    starts = [d for d in sorted(set(days)) if d - 1 not in days]
    ends = [d for d in sorted(set(days)) if d + 1 not in days]
    return ", ".join(
        SHORT_DAYS[a] if a == b else f"{SHORT_DAYS[a]}{DASH}{SHORT_DAYS[b]}"
        for a, b in zip(starts, ends, strict=True)
    )


def _moment(moment: datetime) -> str:
    return f"{SHORT_DAYS[moment.weekday()]} {_short(f'{moment:%H:%M}')}"


def _short(clock: str, other: str = "00:00") -> str:
    """`08:00` as `08`, unless it or the other end of the window has minutes."""
    return clock[:2] if clock.endswith(":00") and other.endswith(":00") else clock
