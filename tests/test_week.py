"""A period's hours as one week, on the clock of a time zone."""

import pytest

from cost.bill.calendar import Period, month
from cost.showing.plots import DAYS, most, week
from trazo_spec.schedule import zone

DECEMBER = month("2026-12")


def by_clock(period: Period, timezone: str) -> list[float]:
    """Tasks that tell the hour of the clock at the start of each hour."""
    hours = range(int(period.hours))
    starts = (period.start.timestamp() + hour * 3600 for hour in hours)
    return [float(period.start.fromtimestamp(at, zone(timezone)).hour) for at in starts]


@pytest.mark.parametrize("timezone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_an_hour_stands_where_the_clock_says(timezone):
    """A team reads the week on its own clock."""
    found = week(by_clock(DECEMBER, timezone), DECEMBER, timezone)

    assert found == tuple(tuple(map(float, range(24))) for _ in DAYS)


def test_half_an_hour_off_utc_counts_half_in_each_hour():
    """India is 5:30 ahead: an hour of UTC begins in the middle of one of theirs."""
    found = week([float(hour == 1) for hour in range(24)], Period(*day(), 1.0), "Asia/Kolkata")

    assert found[1][6:8] == (0.5, 0.5)


def day() -> tuple:
    """The first day of December 2026, a Tuesday."""
    return DECEMBER.start, DECEMBER.start.replace(day=2)


def test_hours_that_the_period_lacks_are_none():
    """A day says nothing of the other six."""
    found = week([1.0] * 24, Period(*day(), 1.0), "UTC")

    assert [{*hours} for hours in found] == [{None}, {1.0}, *[{None}] * 5]


def test_hours_are_means_over_all_weeks():
    """December 2026 has five Tuesdays; a task in one of them is a fifth of one."""
    found = week([1.0] * 24 + [0.0] * 720, DECEMBER, "UTC")

    assert {*found[1]} == {0.2}


def test_a_day_that_skips_an_hour_stays_whole():
    """2026-03-08 in New York has no 2:00, and the other Sundays of the month have."""
    march = month("2026-03")
    found = week(by_clock(march, "America/New_York"), march, "America/New_York")

    assert found[6] == tuple(map(float, range(24)))


def test_the_busiest_hour_of_no_hours_is_none():
    """A period shorter than an hour has no week."""
    assert most(week([], Period(DECEMBER.start, DECEMBER.start, 0.0), "UTC")) == 0.0
