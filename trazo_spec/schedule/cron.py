"""A cron expression of AWS once it is read, and the days on which it runs."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

FIRST_YEAR = 1970
LAST_YEAR = 2199


@dataclass(frozen=True, slots=True)
class MonthDays:
    """Days of the month by number."""

    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day of the month: `L`."""


@dataclass(frozen=True, slots=True)
class NearestWeekday:
    """The Monday to Friday nearest to a day of the month, within that month: `15W`."""

    day: int


@dataclass(frozen=True, slots=True)
class WeekDays:
    """Days of the week, 1 is Sunday."""

    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class NthWeekDay:
    """The n-th time that a day of the week comes in the month: `2#1` is the first Monday."""

    day: int
    nth: int


@dataclass(frozen=True, slots=True)
class LastWeekDay:
    """The last time that a day of the week comes in the month: `6L` is the last Friday."""

    day: int


Days: TypeAlias = MonthDays | LastDay | NearestWeekday | WeekDays | NthWeekDay | LastWeekDay


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression of AWS, read."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: Days
    months: frozenset[int]
    years: frozenset[int]

    @property
    def runs_at_all(self) -> bool:
        """Whether any month that it names has a day that it names."""
        return any(
            days_of(self.days, y, m) for y in sorted(self.years) for m in sorted(self.months)
        )

    @property
    def weekly(self) -> bool:
        """Whether every week looks the same."""
        daily = MonthDays(frozenset(range(1, 32)))
        any_date = len(self.months) == 12 and len(self.years) == LAST_YEAR - FIRST_YEAR + 1
        return any_date and (isinstance(self.days, WeekDays) or self.days == daily)

    @property
    def weekdays(self) -> frozenset[int]:
        """The days of the week of a weekly expression, 1 is Sunday."""
        return self.days.days if isinstance(self.days, WeekDays) else frozenset(range(1, 8))


def days_of(days: Days, year: int, month: int) -> tuple[int, ...]:
    """The days of one month on which a cron runs, ascending.

    A day that the month lacks, such as `31` or `31W` in April, has no occurrence.
    """
    first, length = monthrange(year, month)
    weekday_of_first = (first + 1) % 7 + 1
    in_month = range(1, length + 1)
    match days:
        case MonthDays(chosen):
            return tuple(d for d in in_month if d in chosen)
        case LastDay():
            return (length,)
        case NearestWeekday(day):
            return (_nearest_weekday(date(year, month, day), length),) if day <= length else ()
        case WeekDays(chosen):
            return tuple(d for d in in_month if (weekday_of_first + d - 2) % 7 + 1 in chosen)
        case NthWeekDay(day, nth):
            occurrence = 1 + (day - weekday_of_first) % 7 + 7 * (nth - 1)
            return (occurrence,) if occurrence <= length else ()
        case LastWeekDay(day):
            weekday_of_last = (weekday_of_first + length - 2) % 7 + 1
            return (length - (weekday_of_last - day) % 7,)


def _nearest_weekday(day: date, length: int) -> int:
    if day.weekday() == 5:
        return day.day - 1 if day.day > 1 else 3
    if day.weekday() == 6:
        return day.day + 1 if day.day < length else day.day - 2
    return day.day
