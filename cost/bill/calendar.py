"""The period that a bill covers: a calendar month, or a number of hours."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

HOURS_PER_MONTH = 730
"""Hours of the month that AWS's calculator and others count with: 365 x 24 / 12, in hours."""
# Source: HourToMonthUnitMultiplier in https://github.com/infracost/infracost/blob/95ba4f49/internal/schema/resource.go

FIRST_YEAR, LAST_YEAR = 2006, 2199
"""When AWS began to send bills, and far beyond any plan; rules of time zones hold no longer."""
LEAST_HOURS = 0.01
"""Half a minute: less than AWS bills of anything, and not yet lost in rounding."""

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time in UTC, as AWS bills it."""

    start: datetime
    end: datetime
    """The first moment that is no longer part of it."""
    months: float
    """What share of a monthly price falls into it: 1.0 for any calendar month."""

    @property
    def hours(self) -> float:
        """Its length, in hours."""
        return (self.end - self.start) / timedelta(hours=1)

    @property
    def first_monday(self) -> date:
        """The day from which its first whole week is shown.

        >>> month("2026-11").first_monday
        datetime.date(2026, 11, 2)
        """
        return (self.start + timedelta(days=-self.start.weekday() % 7)).date()


def month(text: str) -> Period:
    """The calendar month that is written as `2026-11`; `ValueError` if that is no month.

    >>> month("2026-11").hours
    720.0
    """
    match = _MONTH.fullmatch(text)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        between = f"from {FIRST_YEAR} to {LAST_YEAR}"
        raise ValueError(
            f"`{text[:40]}` is not a month: write the year and month, {between}, such as 2026-11"
        )
    start = datetime(int(match[1]), int(match[2]), 1, tzinfo=UTC)
    return Period(start, _next_month(start), months=1.0)


def coming_month(now: datetime) -> Period:
    """The first calendar month that begins after a moment, which must have a time zone."""
    start = _next_month(_start_of_month(now))
    return Period(start, _next_month(start), months=1.0)


def hours(count: float, now: datetime) -> Period:
    """So many hours from the start of the coming month on, 730 of them counted as one month."""
    if not LEAST_HOURS <= count <= HOURS_PER_MONTH * 12:
        most = HOURS_PER_MONTH * 12
        raise ValueError(
            f"{count:g} hours are not allowed: use {LEAST_HOURS} to {most:,}, usually 730"
        )
    start = coming_month(now).start
    return Period(start, start + timedelta(hours=count), months=count / HOURS_PER_MONTH)


def _start_of_month(now: datetime) -> datetime:
    """The first moment of the month around a moment, by UTC."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _next_month(start: datetime) -> datetime:
    """The start of the month that follows the start of a month."""
    return (start + timedelta(days=31)).replace(day=1)
