"""First and last moments of a schedule: worked by hand, where being off by one costs a night."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from tests.minutes import scaling
from trazo_spec.schedule import (
    Action,
    Cron,
    Interval,
    ProblemKind,
    Schedule,
    Window,
    awake,
    bounds_over,
    events,
    known_zone,
    parse_cron,
    problems,
    resolve,
    similar_zones,
    unix_days,
    zone,
)
from trazo_spec.schedule.clock import parse_instant, parse_local, parse_time_of_day
from trazo_spec.schedule.summary import describe
from trazo_spec.schedule.timeline import last_event, skipped_times, timing_of
from trazo_spec.schedule.week import day_field, day_text, runs_of_days
from trazo_spec.schedule.windows import openings, overlaps

START, END = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def runs(action: Action, start: datetime = START, end: datetime = END, timezone: str = "UTC"):
    """When an action runs from `start` until before `end`."""
    actions = resolve(scaling(Schedule(timezone=timezone, actions=(action,)), 1, 2))
    return [event.at for event in events(actions, start, end)]


def stop(**when: str) -> Action:
    """An action that stops everything."""
    return Action.model_validate({"name": "stop", "min": 0, "max": 0, **when})


def cron(text: str) -> Cron:
    """A cron that can be read."""
    found = parse_cron(text)
    assert isinstance(found, Cron)
    return found


def window(days: str, begin: str, end: str, low: int | None = None, high: int | None = None):
    """A window."""
    return Window.model_validate({"days": days, "from": begin, "to": end, "min": low, "max": high})


# The first moment of a period is part of it, the last one is not

AT_THE_START = [
    {"at": "2026-12-01T00:00:00"},
    {"cron": "0 0 1 12 ? 2026"},
    {"rate": "500 days", "start": "2026-12-01T00:00:00Z"},
    {"cron": "0 12 1 1 ? 2020", "start": "2026-12-01T00:00:00Z"},
]
AT_THE_END = [
    {"at": "2027-01-01T00:00:00"},
    {"cron": "0 0 1 1 ? 2027"},
    {"rate": "500 days", "start": "2027-01-01T00:00:00Z"},
    {"cron": "0 12 1 1 ? 2020", "start": "2027-01-01T00:00:00Z"},
]


@pytest.mark.parametrize("when", AT_THE_START, ids=["at", "cron", "rate", "start of a cron"])
def test_an_action_at_the_first_moment_of_a_period_is_part_of_it(when):
    """A bill of December begins stopped when the stop is at midnight of the first."""
    assert runs(stop(**when)) == [START]
    assert bounds_over(scaling(Schedule(actions=(stop(**when),)), 1, 2), START, END) == (
        Interval(START, END, 0, 0),
    )


@pytest.mark.parametrize("when", AT_THE_START, ids=["at", "cron", "rate", "start of a cron"])
def test_an_action_a_moment_before_the_period_is_carried_in(when):
    """It is no run of the period, and its bounds hold all the same."""
    later = START + SECOND

    assert runs(stop(**when), later) == []
    assert bounds_over(scaling(Schedule(actions=(stop(**when),)), 1, 2), later, END) == (
        Interval(later, END, 0, 0),
    )


@pytest.mark.parametrize("when", AT_THE_END, ids=["at", "cron", "rate", "start of a cron"])
def test_an_action_at_the_end_of_a_period_is_not_part_of_it(when):
    """That moment is the first of the next one."""
    assert runs(stop(**when)) == []
    assert runs(stop(**when), END, END + DAY) == [END]
    assert bounds_over(scaling(Schedule(actions=(stop(**when),)), 1, 2), START, END) == (
        Interval(START, END, 1, 2),
    )


def test_an_action_within_a_period_cuts_it_in_two():
    """At noon of the second day: a day and a half at 1 to 2, the rest at nothing."""
    noon = START + 1.5 * DAY

    assert bounds_over(
        scaling(Schedule(actions=(stop(at="2026-12-02T12:00:00"),)), 1, 2), START, START + 2 * DAY
    ) == (Interval(START, noon, 1, 2), Interval(noon, START + 2 * DAY, 0, 0))


def test_the_last_run_before_a_moment_is_before_it():
    """One at the moment itself is a run of what follows."""
    actions = resolve(scaling(Schedule(actions=(stop(cron="0 0 * * ? *"),)), 1, 2))

    assert last_event(actions, START).at == START - DAY
    assert last_event(actions, START + SECOND).at == START
    assert last_event((), START) is None


@pytest.mark.parametrize("days_ago", [1, 13, 14, 15, 399, 400, 414, 415, 1826])
def test_a_run_of_the_last_five_years_is_remembered(days_ago):
    """However far back it lies, and whichever stretch of the search it falls into."""
    day = START - days_ago * DAY
    actions = resolve(scaling(Schedule(actions=(stop(at=f"{day:%Y-%m-%dT%H:%M:%S}"),)), 1, 2))

    assert last_event(actions, START).at == day


# Start and end of a recurring action


def test_a_start_that_is_also_a_time_of_the_cron_is_one_run():
    """Two events at one moment would be two changes of the bounds."""
    at_eight = stop(cron="0 20 * * ? *", start="2026-12-03T20:00:00Z", end="2026-12-05T20:00:00Z")

    assert runs(at_eight) == [START + timedelta(days=d, hours=20) for d in (2, 3, 4)]


def test_a_cron_runs_within_start_and_end_only():
    """A second too late is too late."""
    short = stop(cron="0 20 * * ? *", start="2026-12-03T20:00:01Z", end="2026-12-05T19:59:59Z")

    assert runs(short) == [
        START + timedelta(days=2, hours=20, seconds=1),
        START + timedelta(days=3, hours=20),
    ]


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        ("2 days", [0, 2, 4]),  # 1 December 2026 is day 20788 since 1970, an even one
        ("3 days", [2]),  # 20788 = 3 x 6929 + 1, so that the next is two days later
        ("36 hours", [0.5, 2, 3.5]),  # 20788.5 = 13859 x 1.5
    ],
)
def test_a_rate_without_a_start_counts_from_1970(rate, expected):
    """AWS counts from when the action was made, which nobody knows; ours is at least the same."""
    since = (START - datetime(1970, 1, 1, tzinfo=UTC)) // DAY
    assert since == 20788

    found = runs(stop(rate=rate), START, START + 5 * DAY)

    assert found == [START + days * DAY for days in expected]


def test_a_rate_in_minutes_and_a_period_that_ends_with_it():
    """The end is not part of the period."""
    quarter = stop(rate="15 minutes", start="2026-12-01T00:05:00Z", end="2026-12-01T00:35:00Z")

    assert runs(quarter, START, START + timedelta(minutes=20)) == [START + timedelta(minutes=5)]
    assert runs(quarter) == [START + timedelta(minutes=m) for m in (5, 20, 35)]


def test_a_cron_runs_in_its_years_and_months_only():
    """Over new year, with a list of months and a range of years."""
    found = runs(
        stop(cron="30 6 1,15 1,12 ? 2025-2026"),
        datetime(2025, 11, 1, tzinfo=UTC),
        datetime(2027, 2, 1, tzinfo=UTC),
    )

    assert [f"{at:%Y-%m-%d}" for at in found] == [
        "2025-12-01",
        "2025-12-15",
        "2026-01-01",
        "2026-01-15",
        "2026-12-01",
        "2026-12-15",
    ]


def test_the_days_of_a_period_are_those_of_the_clock():
    """In Tokyo the first of December begins at 15:00 UTC the day before."""
    first = stop(cron="0 0 1 * ? *")

    assert runs(first, START - DAY, START, "Asia/Tokyo") == [START - timedelta(hours=9)]
    assert runs(first, START, START + DAY, "America/New_York") == [START + timedelta(hours=5)]


# Times that the clocks skip: on 8 March 2026 New York goes from 02:00 to 03:00


def skipped(text: str, first: date, last: date, timezone: str = "America/New_York") -> list[str]:
    """The skipped times of a cron."""
    [action] = resolve(scaling(Schedule(timezone=timezone, actions=(stop(cron=text),)), 1, 2))
    return [f"{moment:%m-%d %H:%M}" for moment in skipped_times(action, first, last)]


YEAR = date(2026, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 2 ? * SUN *", ["03-08 02:00"]),
        ("59 2 ? * SUN *", ["03-08 02:59"]),
        ("0 3 ? * SUN *", []),  # the first moment after the gap
        ("59 1 ? * SUN *", []),  # the last one before it
        ("0,30 2 ? * SUN *", ["03-08 02:00", "03-08 02:30"]),
        ("30 1,2 ? * SUN *", []),  # it runs that day all the same, at 01:30
        ("30 2,3 ? * SUN *", []),
        ("0/30 2-3 ? * SUN *", []),
        ("30 2 ? * MON *", []),
        ("30 2 8 3 ? 2027", []),
        ("30 1 1 11 ? *", []),  # 01:30 of 1 November comes twice
    ],
)
def test_only_a_day_without_any_run_is_told(text, expected):
    """A stop at 01:30 and 02:30 is a stop that night; one at 02:00 and 02:30 is none."""
    assert skipped(text, *YEAR) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 3, 8), date(2026, 3, 8), ["03-08 02:30"]),
        (date(2026, 3, 1), date(2026, 3, 8), ["03-08 02:30"]),
        (date(2026, 3, 8), date(2026, 3, 31), ["03-08 02:30"]),
        (date(2026, 3, 1), date(2026, 3, 7), []),
        (date(2026, 3, 9), date(2026, 3, 31), []),
    ],
)
def test_skipped_times_are_looked_for_from_the_first_day_to_the_last(first, last, expected):
    """Both included."""
    assert skipped("30 2 * * ? *", first, last) == expected


def test_utc_skips_nothing():
    """Nor does what is no cron."""
    [once] = resolve(
        scaling(Schedule(timezone="America/New_York", actions=(stop(rate="1 hour"),)), 1, 2)
    )

    assert skipped("30 2 * * ? *", *YEAR, "UTC") == []
    assert skipped_times(once, *YEAR) == ()


def test_an_at_in_the_gap_never_runs():
    """And the moments around the gap are what the clock shows."""
    night = datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)

    assert runs(stop(at="2026-03-08T02:30:00"), *night, "America/New_York") == []
    assert runs(stop(at="2026-03-08T01:59:59"), *night, "America/New_York") == [
        datetime(2026, 3, 8, 6, 59, 59, tzinfo=UTC)
    ]
    assert runs(stop(at="2026-03-08T03:00:00"), *night, "America/New_York") == [
        datetime(2026, 3, 8, 7, tzinfo=UTC)
    ]


# Text


@pytest.mark.parametrize("read", [parse_local, lambda text: parse_instant(f"{text}Z")])
def test_the_years_of_a_moment_are_those_of_a_cron(read):
    """1970 to 2199, both included, as AWS has them."""
    assert read("1970-01-01T00:00") is not None
    assert read("2199-12-31T23:59:59") is not None
    assert read("1969-12-31T23:59:59") is None
    assert read("2200-01-01T00:00") is None
    assert cron("0 0 1 1 ? 1970-2199").years == frozenset(range(1970, 2200))
    assert not isinstance(parse_cron("0 0 1 1 ? 2200"), Cron)


def test_the_last_minute_of_a_day_is_a_time_of_day():
    """Midnight at its end is one only where a window closes."""
    assert parse_time_of_day("23:59") == 1439
    assert parse_time_of_day("00:00") == 0
    assert parse_time_of_day("24:00") is None
    assert parse_time_of_day("24:00", 1440) == 1440
    assert parse_time_of_day("24:01", 1440) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Indianapolis", "America/Indianapolis"),  # and not America/Indiana/Indianapolis
        ("berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Amerika/New_York", "America/New_York"),
        ("Europe/Saratow", "Europe/Saratov"),  # Sarajevo is near, too
    ],
)
def test_one_zone_is_proposed(written, meant):
    """By its last part too, and the shorter name of two."""
    assert similar_zones(written) == (meant,)


def test_a_zone_is_known_by_its_exact_name():
    """Whatever its place in the alphabet; no other name is UTC."""
    summer = datetime(2026, 7, 1)  # noqa: DTZ001 the clock of the zone

    assert known_zone("UTC")
    assert [known_zone(name) for name in ("Mars/Olympus", "Vulcan", "utc")] == [False] * 3
    assert zone("WET").utcoffset(summer) == timedelta(hours=1)
    assert zone("America/New_York").utcoffset(summer) == timedelta(hours=-4)


# Advice on a cron


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* * 1-31 1-12 ? *", (range(60), range(24))),
        ("0-59 0-23 1-31 JAN-DEC ? *", (range(60), range(24))),
        ("59 23 31 12 ? *", ([59], [23])),
        ("CRON(0 0\n1 1 ? *)", ([0], [0])),
        (" Cron ( 0,59 0,23 * * ? * ) ", ([0, 59], [0, 23])),
    ],
)
def test_a_field_takes_its_first_and_its_last_value(text, expected):
    """And `*` is all of them, no one more."""
    found = cron(text)

    assert (found.minutes, found.hours) == tuple(map(tuple, expected))


@pytest.mark.parametrize(
    ("text", "item", "expected"),
    [
        ("60 0 ? * MON *", "`60` cannot be", "0 to 59, with"),
        ("0 1,60 ? * MON *", "`60` in `1,60` cannot be", "0 to 23, with"),
        ("60,1 0 ? * MON *", "`60` in `60,1` cannot be", "0 to 59, with"),
        ("0 5-24 ? * MON *", "`5-24` cannot be", "0 to 23, with"),
        ("0 24-25 ? * MON *", "`24-25` cannot be", "0 to 23, with"),
        ("0 24-5 ? * MON *", "`24-5` cannot be", "0 to 23, with"),
        ("0 0 0 * ? *", "`0` cannot be", "1 to 31, with"),
        ("0 0 15L * ? *", "`15L` cannot be", "1 to 31, with"),
        ("0 0 3#1 * ? *", "`3#1` cannot be", "1 to 31, with"),
        ("0 0 1 13 ? *", "`13` cannot be", "1 to 12 or JAN to DEC, with"),
        ("0 0 ? * MON-8 *", "`MON-8` cannot be", "1 to 7 or SUN to SAT, with"),
        ("0 0 1 1 ? 2200", "`2200` cannot be", "1970 to 2199, with"),
        ("5/0 0 1 1 ? *", "`5/0` cannot be", "a step of 1 or more after `/`"),
        ("30-20 0 1 1 ? *", "`30-20` cannot be", "such as `30-59,0-20`"),
        ("59-0 0 1 1 ? *", "`59-0` cannot be", "such as `59,0`"),
        ("0 0 1 DEC-JAN ? *", "`DEC-JAN` cannot be", "such as `DEC,JAN`"),
        ("0 0 ? * fri-mon *", "`fri-mon` cannot be", "such as `FRI-SAT,SUN-MON`"),
    ],
)
def test_a_bad_value_is_told_with_what_may_stand_there(text, item, expected):
    """The item itself, the list that it stands in, and the values of this field."""
    [found] = parse_cron(text)

    assert found.kind is ProblemKind.FIELD
    assert found.message.startswith(item)
    assert f": expected {expected}" in found.message or expected in found.message.split(":")[-1]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("0 24 ? * MON *", "midnight is `0`, the start of the day"),
        ("0 25 ? * MON *", ""),
        ("0 1,,2 ? * MON *", ""),
        ("24 30 ? * MON *", ""),
        ("0 0 1 24 ? *", ""),
        ("0 0 ? * Monday *", "write `MON`"),
        ("0 0 1 january ? *", "write `JAN`"),
        ("0 0 ? * MON1 *", ""),
        ("0 0 ? * FOO *", ""),
    ],
)
def test_a_near_miss_is_told_what_was_likely_meant(text, advice):
    """And nothing else is."""
    [found] = parse_cron(text)

    assert found.help == advice


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("0 20 ? * MON-WED", "0 20 ? * MON-WED *"),
        ("0 20 * * ?", "0 20 * * ? *"),
        ("0 20 1 * ?", "0 20 1 * ? *"),
        ("0 20 * * MON", "0 20 ? * MON *"),
        ("0 20 * 5 MON", "0 20 ? 5 MON *"),
        ("0 20 1 5 *", "0 20 1 5 ? *"),
        ("0 20 * * 1-3", "0 20 ? * MON-WED *"),
        ("0 20 * * 7", "0 20 ? * SUN *"),
        ("0 20 * * 0-2", "0 20 ? * SUN-TUE *"),
        ("0 20 * * 5-7", "0 20 ? * FRI,SAT,SUN *"),
        ("0 20 * 5 *", "0 20 * 5 ? *"),
        # Where no one fix is right, an example stands.
        ("0 20 1 * 1", "0 20 ? * MON-FRI *"),
        ("0 25 * * *", "0 20 ? * MON-FRI *"),
    ],
)
def test_five_fields_become_six(text, fixed):
    """With the meaning that Unix gives them."""
    [found] = parse_cron(text)

    assert found.kind is ProblemKind.FIVE_FIELDS
    assert found.help == f"add the year field and use `?` in one day field: `{fixed}`"


@pytest.mark.parametrize(
    ("text", "says", "advice"),
    [
        ("0 20 * 5 MON *", "neither day field is `?`", "write `0 20 ? 5 MON *`"),
        ("0 20 15 5 * *", "neither day field is `?`", "write `0 20 15 5 ? *`"),
        ("0 20 * 5 * *", "neither day field is `?`", "write `0 20 * 5 ? *`"),
        ("0 20 ? 5 ? 2027", "both day fields are `?`", "write `0 20 ? 5 * 2027`"),
        (
            "0 20 1 5 MON *",
            "neither day field is `?`",
            "create two actions, one for each day field",
        ),
    ],
)
def test_one_day_field_must_be_a_question_mark(text, says, advice):
    """The one that says nothing."""
    [found] = parse_cron(text)

    assert found.kind is ProblemKind.QUESTION_MARK
    assert found.message.startswith(says)
    assert found.help == advice


@pytest.mark.parametrize(
    ("text", "says", "advice"),
    [
        ("@daily", "has 1 field,", "for example `0 20 ? * MON-FRI *`"),
        ("0 20", "has 2 fields,", "for example `0 20 ? * MON-FRI *`"),
        ("", "has 0 fields,", "for example `0 20 ? * MON-FRI *`"),
        ("0 21 ? * MON * 0", "has 7 fields,", "for example `0 20 ? * MON-FRI *`"),
        ("0 0 0 21 ? * MON *", "has 8 fields,", "for example `0 20 ? * MON-FRI *`"),
        ("0 0 21 ? * MON *", "begins with a seconds field", "write `0 21 ? * MON *`"),
        ("0 0 21 ? * MON", "begins with a seconds field", "write `0 21 ? * MON *`"),
    ],
)
def test_another_number_of_fields_is_counted(text, says, advice):
    """Seven of them, or six that end with a day, begin with seconds."""
    [found] = parse_cron(text)

    assert found.kind is ProblemKind.FIELD
    assert says in found.message
    assert found.help == advice


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("0", "SUN"),
        ("0,6", "SAT,SUN"),
        ("0-4", "SUN-THU"),
        ("1,0", "SUN,MON"),
        ("0-8", "SUN"),  # no day of Unix: an example
    ],
)
def test_a_zero_in_the_day_of_the_week_is_that_of_unix(days, expected):
    """AWS counts from 1, so that the digits of Unix would be a day off."""
    [found] = parse_cron(f"0 10 ? * {days} *")

    assert found.kind is ProblemKind.WEEKDAY_ZERO
    assert found.help.startswith(f"write `{expected}`;")


@pytest.mark.parametrize("days", ["MON#0", "*/0", "10", "2-10"])
def test_not_every_zero_is_a_day(days):
    """It may count occurrences or steps, or end another number."""
    [found] = parse_cron(f"0 10 ? * {days} *")

    assert found.kind is ProblemKind.FIELD


@pytest.mark.parametrize("text", ["0 20 ? * 1-5", "0 20 ? * 1-5 * *", "0 20 ? * MON *"])
def test_only_six_fields_with_digits_look_like_unix(text):
    """A warning on anything else would be noise."""
    assert unix_days(text) is None


# Weeks


@pytest.mark.parametrize(
    ("text", "weekly", "weekdays"),
    [
        ("0 8 ? * MON-FRI *", True, {2, 3, 4, 5, 6}),
        ("0 8 * * ? *", True, {1, 2, 3, 4, 5, 6, 7}),
        ("0 8 1-30 * ? *", False, {1, 2, 3, 4, 5, 6, 7}),
        ("0 8 L * ? *", False, {1, 2, 3, 4, 5, 6, 7}),
        ("0 8 ? 1-11 MON *", False, {2}),
        ("0 8 ? * MON 2026-2199", False, {2}),
        ("0 8 ? * MON 1970-2198", False, {2}),
    ],
)
def test_a_cron_is_weekly_when_every_week_is_the_same(text, weekly, weekdays):
    """Every month and every year, and days by their names or all of them."""
    found = cron(text)

    assert (found.weekly, found.weekdays) == (weekly, weekdays)


@pytest.mark.parametrize(
    ("days", "expected", "field", "text"),
    [
        ([4], ((4,),), "WED", "Wednesday"),
        ([1, 7], ((7, 1),), "SAT,SUN", "Saturday and Sunday"),
        ([1, 4], ((1,), (4,)), "SUN,WED", "Sunday and Wednesday"),
        ([2, 4, 6], ((2,), (4,), (6,)), "MON,WED,FRI", "Monday, Wednesday and Friday"),
        # Both gaps are a day long: then a week begins on Monday.
        (
            [2, 3, 5, 6, 7],
            ((2, 3), (5, 6, 7)),
            "MON,TUE,THU-SAT",
            "Monday, Tuesday, Thursday, Friday and Saturday",
        ),
        (
            [7, 1, 2, 3],
            ((7, 1, 2, 3),),
            "SAT,SUN-TUE",
            "Saturday, Sunday, Monday and Tuesday",
        ),
        ([1, 3, 7], ((7, 1), (3,)), "SAT,SUN,TUE", "Saturday, Sunday and Tuesday"),
        ([2, 3, 4], ((2, 3, 4),), "MON-WED", "Monday, Tuesday and Wednesday"),
        (range(1, 8), ((2, 3, 4, 5, 6, 7, 1),), "*", "every day of the week"),
    ],
)
def test_days_stand_in_the_order_in_which_they_are_spoken(days, expected, field, text):
    """After the longest gap; a range of AWS ends on Saturday."""
    assert (runs_of_days(days), day_field(days), day_text(days)) == (expected, field, text)


def test_no_day_is_no_run():
    """A set of days may be empty while a field is read."""
    assert (runs_of_days(()), day_field(())) == ((), "")


# Windows


def test_minutes_of_a_window_stand_in_its_actions():
    """One minute before midnight is hour 23 and minute 59."""
    actions = resolve(scaling(Schedule(windows=(window("MON", "07:05", "23:59"),)), 1, 2))

    assert [(a.name, a.expression) for a in actions] == [
        ("run-mon-0705", "cron(5 7 ? * MON *)"),
        ("stop-mon-2359", "cron(59 23 ? * MON *)"),
    ]


def test_windows_that_fill_the_week_set_their_bounds_on_sunday():
    """At its first minute, once."""
    [action] = resolve(
        scaling(Schedule(windows=(window("MON-SUN", "00:00", "24:00", 3, 4),)), 1, 2)
    )

    assert (action.name, action.expression) == ("run-sun-0000", "cron(0 0 ? * SUN *)")
    assert (action.min, action.max) == (3, 4)


@pytest.mark.parametrize(
    ("begin", "end", "length"),
    [
        ("08:00", "20:00", 720),
        ("08:00", "08:00", 1440),
        ("08:00", "08:01", 1),
        ("08:00", "07:59", 1439),
        ("22:00", "06:00", 480),
        ("00:00", "24:00", 1440),
    ],
)
def test_a_window_lasts_at_most_a_day(begin, end, length):
    """One that closes when it opened lasts until the next day."""
    first = int(begin[:2]) * 60

    assert openings(window("SUN,TUE", begin, end)) == ((first, length), (2 * 1440 + first, length))


@pytest.mark.parametrize(
    ("first", "second", "minute"),
    [
        (("MON", "08:00", "12:00"), ("MON", "10:00", "14:00"), 1440 + 600),
        (("MON", "10:00", "14:00"), ("MON", "08:00", "12:00"), 1440 + 600),
        (("MON", "08:00", "12:00"), ("MON", "08:00", "09:00"), 1440 + 480),
        (("MON,TUE", "08:00", "12:00"), ("TUE,WED", "11:59", "14:00"), 2 * 1440 + 719),
        (("SAT", "22:00", "06:00"), ("SUN", "05:00", "07:00"), 300),
        (("SUN", "05:00", "07:00"), ("SAT", "22:00", "06:00"), 300),
        (("MON,WED", "08:00", "12:00"), ("MON-FRI", "09:00", "10:00"), 1440 + 540),
        (("MON", "08:00", "12:00"), ("MON", "12:00", "14:00"), None),
        (("MON", "12:00", "14:00"), ("MON", "08:00", "12:00"), None),
        (("SAT", "22:00", "24:00"), ("SUN", "00:00", "07:00"), None),
    ],
)
def test_an_overlap_is_told_by_its_first_minute(first, second, minute):
    """One minute is enough, and two windows that touch share none."""
    expected = [] if minute is None else [(0, 1, minute)]

    assert list(overlaps([window(*first), window(*second)])) == expected


# Actions that cannot be


@pytest.mark.parametrize(
    ("when", "says", "advice", "path"),
    [
        ({}, "`stop` has no time;", 'for example `cron: "0 20 ? * MON-FRI *"`', ()),
        (
            {"cron": "0 20 ? * MON *", "rate": "1 day"},
            "`stop` has `cron` and `rate`;",
            "create one action for each time",
            ("rate",),
        ),
        (
            {"cron": "0 20 ? * MON *", "at": "2026-12-24T18:00", "rate": "1 day"},
            "`stop` has `cron` and `at` and `rate`;",
            "create one action for each time",
            ("at",),
        ),
    ],
)
def test_an_action_has_one_time(when, says, advice, path):
    """None and two are each told as what they are."""
    [found] = problems(Schedule(actions=(stop(**when),)))

    assert (found.kind, found.help) == (ProblemKind.TIMING, advice)
    assert found.message.startswith(says)
    assert found.path == ("actions", 0, *path)


@pytest.mark.parametrize(
    ("end", "right"),
    [("2026-12-01T00:00:01Z", True), ("2026-12-01T00:00Z", False), ("2026-11-30T23:59:59Z", False)],
)
def test_an_action_ends_after_it_starts(end, right):
    """Not at the same moment: nothing would be left of it."""
    action = stop(cron="0 20 ? * MON *", start="2026-12-01T00:00:00Z", end=end)
    found = problems(Schedule(actions=(stop(rate="1 day"), action)))

    assert [(p.kind, p.path) for p in found] == (
        [] if right else [(ProblemKind.TIME, ("actions", 1, "end"))]
    )


@pytest.mark.parametrize("key", ["start", "end"])
def test_one_moment_has_neither_start_nor_end(key):
    """Both are for what comes again."""
    action = stop(at="2026-12-24T18:00", **{key: "2026-12-01T00:00:00Z"})
    [found] = problems(Schedule(actions=(action,)))

    assert (found.kind, found.help) == (ProblemKind.TIME, f"remove `{key}`")
    assert found.path == ("actions", 0, key)


@pytest.mark.parametrize("seconds", ["0 */2 21 ? * MON", "15 0 21 ? * MON"])
def test_a_digit_before_six_fields_is_a_second(seconds):
    """Whatever the minute looks like."""
    [found] = parse_cron(seconds)

    assert found.help == f"write `{seconds.partition(' ')[2]} *`"


def test_what_is_no_digit_is_no_second():
    """Then each field is told on its own."""
    found = parse_cron("*/5 0 21 ? * MON")

    assert isinstance(found, tuple)
    assert len(found) > 1
    assert all("seconds field" not in p.message for p in found)


# The hours of a week in words: that of Monday 23 November 2026

A_WEEK = date(2026, 11, 25)


def told(*, begin: str, end: str | None = None) -> str:
    """What is said of a service that is off but for one stretch."""
    wake = Action(name="wake", at=begin, min=1, max=1)
    sleep = (Action(name="sleep", at=end, min=0, max=0),) if end else ()
    text = describe(scaling(Schedule(actions=(wake, *sleep)), 0, 0), A_WEEK)
    return text.replace("\N{EN DASH}", "-")


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("2026-11-23T00:00", "2026-11-30T00:00", "always on"),
        ("2026-11-22T20:00", "2026-11-30T08:00", "always on"),
        ("2026-11-23T00:00", "2026-11-29T23:00", "Mon 00-Sun 23 UTC"),
        ("2026-11-23T00:00", "2026-11-25T12:00", "Mon 00-Wed 12 UTC"),
        ("2026-11-30T00:00", "2026-11-30T08:00", "always off"),
        ("2026-11-30T08:00", "2026-12-01T10:00", "always off"),
        ("2026-11-22T20:00", "2026-11-23T00:00", "always off"),
        ("2026-11-22T20:00", "2026-11-23T00:01", "Sun 20:00-00:01 UTC"),
        ("2026-11-23T00:00", "2026-11-24T00:00", "Mon 00-24 UTC"),
        ("2026-11-23T08:00", "2026-11-24T08:00", "Mon 08-Tue 08 UTC"),
        ("2026-11-23T08:00", "2026-11-24T07:00", "Mon 08-07 UTC"),
        # Longer than a week: only one of its ends lies in this one.
        ("2026-11-24T08:00", "2026-12-01T07:00", "Tue 08-Tue 07 UTC"),
        ("2026-11-24T08:00", "2026-12-01T08:00", "from Tue 08 UTC"),
        ("2026-11-24T08:00", "2026-12-04T08:00", "from Tue 08 UTC"),
        ("2026-11-24T08:00", None, "from Tue 08 UTC"),
        ("2026-11-18T18:00", "2026-11-25T17:00", "Wed 18-Wed 17 UTC"),
        ("2026-11-18T18:00", "2026-11-25T18:00", "until Wed 18 UTC"),
        ("2026-11-10T12:00", "2026-11-25T18:00", "until Wed 18 UTC"),
        ("2026-10-01T12:00", "2026-11-25T18:00", "until Wed 18 UTC"),
        # It opens in this week and closes in the next one.
        ("2026-11-29T12:00", "2026-12-01T00:00", "Sun 12-Tue 00 UTC"),
        ("2026-11-29T12:00", "2026-12-03T08:30", "Sun 12-Thu 08:30 UTC"),
        ("2026-11-29T23:00", "2026-12-06T22:00", "Sun 23-Sun 22 UTC"),
    ],
)
def test_a_stretch_is_told_in_the_week_in_which_it_opens(begin, end, expected):
    """Or as what is carried into it; what belongs to the next week is not told here."""
    assert told(begin=begin, end=end) == expected


def test_what_is_always_so_needs_no_zone():
    """A clock would add nothing."""
    full = Schedule(timezone="Asia/Tokyo", windows=(window("MON-SUN", "00:00", "24:00"),))

    assert describe(scaling(full, 1, 2), A_WEEK) == "always on"


def test_a_run_over_new_week_is_told_whole():
    """Sunday noon until Monday midnight: two windows, one run."""
    schedule = Schedule(windows=(window("SUN", "12:00", "24:00"), window("MON", "00:00", "24:00")))

    assert describe(scaling(schedule, 1, 2), A_WEEK) == "Sun 12\N{EN DASH}Tue 00 UTC"


# Tasks that run


@pytest.mark.parametrize(
    ("bounds", "awake_ones"),
    [
        ([(0, 2)], [0]),  # nothing has stopped it yet
        ([(0, 1), (0, 0), (0, 1), (1, 1), (0, 1)], [0, 3, 4]),
        ([(0, 0), (0, 5)], []),
        ([(2, 2), (0, 0)], [0]),
    ],
)
def test_a_service_is_awake_until_its_max_is_zero(bounds, awake_ones):
    """And again from a min above zero on, since zero tasks have no CPU to track."""
    intervals = [Interval(START + n * DAY, START + (n + 1) * DAY, *b) for n, b in enumerate(bounds)]

    assert awake(intervals) == tuple(intervals[n] for n in awake_ones)


def test_a_cron_a_second_after_its_start_is_a_second_run():
    """19:59:59 is its start, and 20:00:00 a time of its own."""
    found = runs(
        stop(cron="0 20 * * ? *", start="2026-12-01T19:59:59Z", end="2026-12-01T20:00:00Z")
    )

    assert found == [START + timedelta(hours=20) - SECOND, START + timedelta(hours=20)]


@pytest.mark.parametrize("text", ["cron(0 25 * * ? *)", "at(noon)", "rate(soon)", "daily"])
def test_an_expression_that_was_not_checked_is_a_bug_and_stops(text):
    """It would else be an action that never runs."""
    with pytest.raises(ValueError, match="was not checked"):
        timing_of(text)


@pytest.mark.parametrize(
    ("fields", "right"),
    [
        ({"min": 0, "max": 5000}, True),
        ({"min": -1}, False),
        ({"max": 5001}, False),
        ({"name": "a" * 64}, True),
        ({"name": "a" * 65}, False),
    ],
)
def test_an_action_keeps_to_what_aws_takes(fields, right):
    """Names of up to 64 letters, bounds of up to 5000 tasks."""
    action = {"name": "stop", "rate": "1 day", **fields}
    refused = nullcontext() if right else pytest.raises(ValidationError)
    with refused:
        assert Action.model_validate(action).rate == "1 day"


@pytest.mark.parametrize(
    "bad", [("Mo", "08:00", "20:00"), ("MON", "8", "20:00"), ("MON", "08:00", "24:01")]
)
def test_a_window_that_was_not_checked_is_a_bug_and_stops(bad):
    """It would else be hours that nobody wrote."""
    with pytest.raises(ValueError, match="was not checked"):
        openings(window(*bad))


def test_a_period_that_ends_before_it_begins_has_no_bounds():
    """Nor has one of no length."""
    assert (
        bounds_over(scaling(None, 1, 2), END, START)
        == bounds_over(scaling(None, 1, 2), START, START)
        == ()
    )
