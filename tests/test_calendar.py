"""Tests of the period that a bill covers."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from cost.bill.calendar import HOURS_PER_MONTH, Period, coming_month, hours, month

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "length_h"),
    [("2026-11", 720), ("2026-12", 744), ("2027-02", 672), ("2028-02", 696), ("2026-03", 744)],
)
def test_a_month_has_its_real_hours(text, length_h):
    """Hours are counted, not assumed; UTC knows no daylight saving time, so March is whole."""
    period = month(text)

    assert period.hours == length_h


def test_a_month_begins_and_ends_at_midnight_utc():
    """AWS bills by the calendar month of UTC."""
    period = month("2026-12")

    assert period == Period(
        datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), months=1.0
    )


@pytest.mark.parametrize(
    "text",
    [
        *("2026-13", "2026-00", "2026-1", "26-11", "0000-01", "november", ""),
        *("0001-01", "2005-12", "2200-01", "9998-12", "9999-12", "\uff12026-11"),
    ],
)
def test_what_is_no_month_is_refused_in_the_users_words(text):
    """A wrong `--month` shows what was typed and how to write it."""
    with pytest.raises(ValueError, match=f"`{text}` is not a month: .* such as 2026-11"):
        month(text)


def test_the_default_is_the_month_that_begins_next():
    """A cost is asked for before a deployment, so the running month is never the answer."""
    period = coming_month(NOON)

    assert period == month("2026-12")


def test_the_first_moment_of_a_month_is_already_part_of_it():
    """At midnight on the 1st the coming month is the one after."""
    period = coming_month(datetime(2026, 12, 1, tzinfo=UTC))

    assert period == month("2027-01")


def test_the_coming_month_is_found_by_utc():
    """The same moment gives the same bill, whatever the time zone of the machine."""
    late_in_new_york = datetime(2026, 11, 30, 21, tzinfo=timezone(timedelta(hours=-5)))

    assert coming_month(late_in_new_york) == month("2027-01")


def test_730_hours_are_one_month():
    """AWS's own calculator counts so; monthly prices are then charged once."""
    period = hours(HOURS_PER_MONTH, NOON)

    assert (period.hours, period.months) == (730.0, 1.0)


def test_fewer_hours_are_a_share_of_a_month():
    """Half the hours carry half of a monthly price."""
    period = hours(365, NOON)

    assert (period.start, period.months) == (datetime(2026, 12, 1, tzinfo=UTC), 0.5)


@pytest.mark.parametrize("count", [0.25, 1, 8760])
def test_a_period_lasts_up_to_a_year(count):
    """A quarter of an hour and twelve months are both taken as they are."""
    period = hours(count, NOON)

    assert (period.hours, period.months) == (count, count / 730)


@pytest.mark.parametrize("count", [0, -1, 1e-300, float("nan"), float("inf"), 8761])
def test_a_senseless_number_of_hours_is_refused(count):
    """A wrong `--hours` must not become a bill."""
    with pytest.raises(ValueError, match=r"hours are not allowed: use 0\.01 to 8,760"):
        hours(count, NOON)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-06", 1), ("2026-09", 7), ("2026-11", 2), ("2026-08", 3), ("2026-10", 5)],
)
def test_the_first_week_of_a_month_begins_on_its_first_monday(text, day):
    """Looked up in a calendar, for months that begin on different days of the week."""
    monday = month(text).first_monday

    assert (monday.weekday(), monday.month, monday.day) == (0, int(text[5:]), day)


@pytest.mark.parametrize(
    ("text", "sound"), [("2005-12", 0), ("2006-01", 1), ("2199-12", 1), ("2200-01", 0)]
)
def test_months_are_known_from_the_first_bill_on(text, sound):
    """AWS has sent bills since 2006, and rules of time zones are known for some centuries."""
    if sound:
        assert month(text).months == 1.0
    else:
        with pytest.raises(ValueError, match="from 2006 to 2199, such as"):
            month(text)


def test_of_a_long_text_forty_letters_are_repeated():
    """A whole file in the place of a month would fill the screen."""
    with pytest.raises(ValueError, match=f"^`{'9' * 40}` is not a month"):
        month("9" * 41)


def test_the_shortest_period_is_taken():
    """What the message says is the least is enough."""
    assert hours(0.01, NOON).months == 0.01 / 730
