"""Windows on the minutes of a week, counted from Sunday 00:00 on the clock of the schedule."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from trazo_spec.schedule.clock import DAY_MINUTES, parse_time_of_day
from trazo_spec.schedule.types import Window
from trazo_spec.schedule.week import DAY_NAMES, next_day

WEEK_MINUTES = 7 * DAY_MINUTES


def parse_days(text: str) -> frozenset[int] | None:
    """The days of a window, 1 is Sunday, ranges over the weekend too; None for any other text.

    >>> sorted(parse_days("FRI-SUN"))
    [1, 6, 7]
    """
    days: set[int] = set()
    for item in text.upper().replace(" ", "").split(","):
        match = re.fullmatch(r"([A-Z]{3})(?:-([A-Z]{3}))?", item)
        if match is None or not {match[1], match[2] or match[1]} <= set(DAY_NAMES):
            return None
        day, last = (DAY_NAMES.index(name) + 1 for name in (match[1], match[2] or match[1]))
        days.add(day)
        while day != last:
            day = next_day(day)
            days.add(day)
    return frozenset(days)


def openings(window: Window) -> tuple[tuple[int, int], ...]:
    """Each opening in a week as its first minute of the week and its length in minutes.

    The window must have no finding of severity error.
    """
    days = parse_days(window.days)
    begin = parse_time_of_day(window.from_)
    end = parse_time_of_day(window.to, DAY_MINUTES)
    if days is None or begin is None or end is None:
        raise ValueError(
            f"the window {window.days!r} {window.from_!r} {window.to!r} was not checked"
        )
    length = end - begin if end > begin else end - begin + DAY_MINUTES
    return tuple(((day - 1) * DAY_MINUTES + begin, length) for day in sorted(days))


def overlaps(windows: Sequence[Window]) -> Iterator[tuple[int, int, int]]:
    """Two windows by position, and the first minute of the week that both have."""
    for (i, first), (j, second) in combinations(enumerate(windows), 2):
        shared = sorted(
            later % WEEK_MINUTES
            for a, a_length in openings(first)
            for b, b_length in openings(second)
            for later in _shared(a, a_length, b, b_length)
        )
        if shared:
            yield i, j, shared[0]


def _shared(a: int, a_length: int, b: int, b_length: int) -> Iterator[int]:
    """Where two stretches of a week that repeats begin to overlap."""
    if (b - a) % WEEK_MINUTES < a_length:
        yield b
    if (a - b) % WEEK_MINUTES < b_length:
        yield a
