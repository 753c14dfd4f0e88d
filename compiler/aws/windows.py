"""Hours of the day and the week in which AWS takes backups, maintains, and applies what waits."""

from typing import Literal

from compiler.graph.graph import Graph
from compiler.plan.plan import Value

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES


def at_once(apply: Literal["at_once", "maintenance_window"] | None, graph: Graph) -> bool:
    """Whether changes do not wait for the maintenance window; in production they do by default."""
    return not graph.production if apply is None else apply == "at_once"


def written(**windows: str | None) -> dict[str, Value]:
    """The windows that are chosen, by argument; AWS chooses the others."""
    return {argument: window for argument, window in windows.items() if window is not None}


def minutes(window: str) -> tuple[int, int]:
    """Start in minutes of the week, or of the day for a daily window, and length.

    >>> minutes("sun:23:30-mon:00:30"), minutes("03:00-03:30")
    ((10050, 60), (180, 30))
    """
    start, end = (_minute(time) for time in window.split("-"))
    period = WEEK_MINUTES if window[0].isalpha() else DAY_MINUTES
    return start, (end - start) % period


def overlap(daily: str, weekly: str) -> bool:
    """Whether a window of each day reaches into one of a certain day.

    >>> overlap("03:00-04:00", "mon:03:30-mon:04:30"), overlap("03:00-04:00", "mon:04:00-mon:05:00")
    (True, False)
    """
    (start, length), (other, other_length) = minutes(daily), minutes(weekly)
    apart = (other - start) % DAY_MINUTES
    return apart < length or DAY_MINUTES - apart < other_length


def _minute(time: str) -> int:
    *day, hours, minute = time.split(":")
    weekday = DAYS.index(day[0]) if day else 0
    return weekday * DAY_MINUTES + int(hours) * 60 + int(minute)
