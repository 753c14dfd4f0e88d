"""The hours of a period as one week: mean tasks by weekday and hour."""

from collections.abc import Sequence
from datetime import timedelta
from statistics import fmean

from cost.bill.calendar import Period
from trazo_spec.schedule import zone

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
QUARTERS_PER_H = 4
QUARTER = timedelta(minutes=15)
"""Every time zone is off UTC by whole quarters of an hour."""

Week = tuple[tuple[float | None, ...], ...]
"""Tasks for each of 7 days from Monday on and each of 24 hours; None for hours that the period
lacks.
"""


def week(tasks_by_hour: Sequence[float], period: Period, timezone: str) -> Week:
    """The mean week of a period on the clock of a time zone.

    An hour of UTC that lies in two hours of the clock counts in both, in proportion.

    Args:
        tasks_by_hour: mean tasks in each hour from the period's start on.
        period: what they cover; a last hour that is cut off is left out.
        timezone: an IANA name.
    """
    clock = zone(timezone)
    found: list[list[list[float]]] = [[[] for _ in range(24)] for _ in DAYS]
    for quarter in range(int(period.hours) * QUARTERS_PER_H):
        local = (period.start + quarter * QUARTER).astimezone(clock)
        found[local.weekday()][local.hour].append(tasks_by_hour[quarter // QUARTERS_PER_H])
    return tuple(tuple(fmean(cell) if cell else None for cell in day) for day in found)


def most(of: Week) -> float:
    """The tasks of its busiest hour, 0.0 for a week without any."""
    return max((tasks for day in of for tasks in day if tasks is not None), default=0.0)
