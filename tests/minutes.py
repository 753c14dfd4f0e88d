"""A schedule counted minute by minute, sharing no code with the one that knows its events."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from trazo_spec.schedule import Scaling, Schedule

MINUTE = timedelta(minutes=1)
NAMES = {n: str(i) for i, n in enumerate(["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], 1)}


def scaling(schedule: Schedule | None, low: int, high: int) -> Scaling:
    """The bounds of a service with a schedule."""
    return Scaling(min=low, max=high, schedule=schedule)


def matches(field: str, value: int) -> bool:
    """Whether a value is in a field of `*`, numbers, ranges, steps and names of days."""
    for name, number in NAMES.items():
        field = field.replace(name, number)
    for item in field.split(","):
        span, _, step = item.partition("/")
        low, _, high = (span if span not in "*?" else "0-9999").partition("-")
        inside = int(low) <= value <= int(high or (9999 if step else low))
        if inside and (value - int(low)) % int(step or 1) == 0:
            return True
    return False


def on_day(field: list[str], local: datetime) -> bool:
    """Whether the parts of a cron for days are those of a moment."""
    return (
        matches(field[2], local.day)
        and matches(field[3], local.month)
        and matches(field[4], local.isoweekday() % 7 + 1)
        and matches(field[5], local.year)
    )


def bounds_by_minute(
    schedule: Schedule, low: int, high: int, start: datetime, end: datetime
) -> Iterator[tuple[int, int]]:
    """The bounds in each minute from `start` to `end`, looked for from two weeks before on."""
    zone = ZoneInfo(schedule.timezone)
    fields = [(a.cron.split(), (a.min, a.max)) for a in schedule.actions]
    clock = {
        (hour, minute): [f for f in fields if matches(f[0][1], hour) and matches(f[0][0], minute)]
        for hour in range(24)
        for minute in range(60)
    }
    bounds = low, high
    now = start - timedelta(days=14)
    while now < end:
        local = now.astimezone(zone)
        for field, new in clock[local.hour, local.minute]:
            # A time that the clock shows twice counts the first time.
            if on_day(field, local) and local.fold == 0:
                bounds = new
        if now >= start:
            yield bounds
        now += MINUTE
