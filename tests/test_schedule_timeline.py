"""Bounds over time, against a count of every minute that shares no code with them."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.minutes import MINUTE, bounds_by_minute, scaling
from trazo_spec.schedule import Action, Interval, Schedule, awake, bounds_over, events, resolve
from trazo_spec.schedule.timeline import skipped_times


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def action(name: str, cron: str, low: int, high: int, **more: str) -> Action:
    return Action(name=name, cron=cron, min=low, max=high, **more)


LITERAL = (
    action("weekday-stop", "0 20 ? * MON-FRI *", 0, 0),
    action("weekend-stop", "0 0 ? * SAT,SUN *", 0, 0),
    action("weekday-start", "0 8 ? * MON-FRI *", 1, 2),
    action("weekend-start", "0 10 ? * SAT,SUN *", 1, 1),
)

# Times in both hours that change with the clocks, lists, ranges, steps, and days of the month.
MIXED = (
    action("a", "30 2 ? * SUN *", 0, 0),
    action("b", "*/20 9-17/4 ? * MON-FRI *", 1, 2),
    action("c", "0 20 1,15,31 * ? *", 0, 0),
    action("d", "15,35 1 ? * SUN,WED *", 2, 3),
    action("e", "45 1 ? * SUN *", 1, 1),
    action("f", "50 2 * 3-11 ? 2025-2027", 1, 3),
)


def minutes_by_bounds(intervals: tuple[Interval, ...]) -> Counter:
    total = Counter()
    for i in intervals:
        total[i.min, i.max] += (i.end - i.start) // MINUTE
    return total


@pytest.mark.parametrize(
    ("timezone", "month"),
    [
        ("UTC", 2),
        ("America/New_York", 3),
        ("America/New_York", 11),
        ("Europe/Berlin", 3),
        ("Europe/Berlin", 10),
        ("Australia/Lord_Howe", 4),
        ("Australia/Lord_Howe", 10),
    ],
)
@pytest.mark.parametrize("actions", [LITERAL, MIXED], ids=["literal", "mixed"])
def test_the_bounds_of_a_month_equal_a_count_of_its_minutes(actions, timezone, month):
    """Hours are money: every minute of a month, clock changes included, has the right bounds."""
    schedule = Schedule(timezone=timezone, actions=actions)
    start, end = utc(2026, month, 1), utc(2026, month + 1, 1)

    intervals = bounds_over(scaling(schedule, 1, 2), start, end)

    assert minutes_by_bounds(intervals) == Counter(bounds_by_minute(schedule, 1, 2, start, end))


def test_the_literal_weekend_runs_from_sunday_to_monday_evening():
    """The Sunday start has no stop before Monday 20:00: 34 hours that nobody planned."""
    intervals = bounds_over(
        scaling(Schedule(actions=LITERAL), 1, 2), utc(2026, 11, 7), utc(2026, 11, 10)
    )

    assert intervals == (
        Interval(utc(2026, 11, 7), utc(2026, 11, 7, 10), 0, 0),
        Interval(utc(2026, 11, 7, 10), utc(2026, 11, 8), 1, 1),
        Interval(utc(2026, 11, 8), utc(2026, 11, 8, 10), 0, 0),
        Interval(utc(2026, 11, 8, 10), utc(2026, 11, 9, 8), 1, 1),
        Interval(utc(2026, 11, 9, 8), utc(2026, 11, 9, 20), 1, 2),
        Interval(utc(2026, 11, 9, 20), utc(2026, 11, 10), 0, 0),
    )


def test_a_service_without_a_schedule_keeps_its_bounds():
    """Always on is one interval, not none."""
    start, end = utc(2026, 11, 1), utc(2026, 12, 1)

    assert bounds_over(scaling(None, 1, 2), start, end) == (Interval(start, end, 1, 2),)


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 0 1 JAN ? *", (0, 0)),
        ("0 0 29 FEB ? *", (0, 0)),
        ("0 0 1 JAN ? 2015", (1, 2)),
        ("0 0 1 JAN ? 2031", (1, 2)),
    ],
)
def test_bounds_are_carried_in_from_the_last_run(cron, expected):
    """A yearly stop in January still holds in November; five years back is as far as we look."""
    schedule = Schedule(actions=(action("stop", cron, 0, 0),))

    [interval] = bounds_over(scaling(schedule, 1, 2), utc(2026, 11, 1), utc(2026, 12, 1))

    assert (interval.min, interval.max) == expected


def test_a_time_in_the_gap_of_spring_is_skipped():
    """EventBridge Scheduler skips it, and Application Auto Scaling states no other rule."""
    schedule = Schedule(timezone="America/New_York", actions=(action("a", "30 2 * * ? *", 0, 0),))
    runs = events(resolve(scaling(schedule, 1, 2)), utc(2026, 3, 7), utc(2026, 3, 10))

    assert [run.at for run in runs] == [utc(2026, 3, 7, 7, 30), utc(2026, 3, 9, 6, 30)]


def test_a_time_that_comes_twice_in_autumn_runs_once():
    """01:30 comes in summer time first, at 05:30 UTC."""
    schedule = Schedule(timezone="America/New_York", actions=(action("a", "30 1 * * ? *", 0, 0),))
    runs = events(resolve(scaling(schedule, 1, 2)), utc(2026, 11, 1), utc(2026, 11, 2))

    assert [run.at for run in runs] == [utc(2026, 11, 1, 5, 30)]


def test_a_skipped_time_is_found_for_the_warning():
    """The one Sunday on which a weekly stop at 02:30 in New York does not run."""
    schedule = Schedule(timezone="America/New_York", actions=(action("a", "30 2 ? * SUN *", 0, 0),))
    [resolved] = resolve(scaling(schedule, 1, 2))
    skipped = skipped_times(resolved, date(2026, 1, 1), date(2026, 12, 31))

    assert [str(moment) for moment in skipped] == ["2026-03-08 02:30:00"]


def test_at_runs_once_on_the_clock_of_the_schedule():
    """18:00 in Berlin is 17:00 UTC in December."""
    christmas = Action(name="x", at="2026-12-24T18:00:00", min=0, max=0)
    schedule = Schedule(timezone="Europe/Berlin", actions=(christmas,))
    runs = events(resolve(scaling(schedule, 1, 2)), utc(2026, 1, 1), utc(2028, 1, 1))

    assert [run.at for run in runs] == [utc(2026, 12, 24, 17)]


def test_a_rate_counts_from_its_start():
    """A start makes the moments of a rate known."""
    every = Action(name="x", rate="36 hours", min=0, max=0, start="2026-11-01T06:00:00Z")
    runs = events(
        resolve(scaling(Schedule(actions=(every,)), 1, 2)), utc(2026, 10, 1), utc(2026, 11, 5)
    )

    assert [run.at for run in runs] == [
        utc(2026, 11, 1, 6),
        utc(2026, 11, 2, 18),
        utc(2026, 11, 4, 6),
    ]


def test_an_action_runs_at_its_start_and_not_after_its_end():
    """AWS runs a recurring action at its start time too; nothing is put back at its end."""
    stop = action(
        "x", "0 20 * * ? *", 0, 0, start="2026-11-03T12:00:00Z", end="2026-11-04T20:00:00Z"
    )
    runs = events(
        resolve(scaling(Schedule(actions=(stop,)), 1, 2)), utc(2026, 11, 1), utc(2026, 11, 9)
    )

    assert [run.at for run in runs] == [
        utc(2026, 11, 3, 12),
        utc(2026, 11, 3, 20),
        utc(2026, 11, 4, 20),
    ]


def test_two_actions_in_one_minute_run_in_the_order_of_the_spec():
    """AWS publishes no order; ours is at least always the same."""
    schedule = Schedule(
        actions=(action("z", "0 8 * * ? *", 0, 0), action("a", "0 8 * * ? *", 1, 1))
    )
    runs = events(resolve(scaling(schedule, 1, 2)), utc(2026, 11, 1), utc(2026, 11, 2))

    assert [run.action.name for run in runs] == ["z", "a"]


def test_bounds_left_out_are_those_of_the_service():
    """So that one schedule fits environments of different size."""
    start = Action(name="start", cron="0 8 ? * MON-FRI *")
    [resolved] = resolve(scaling(Schedule(actions=(start,)), 2, 5))

    assert (resolved.min, resolved.max) == (2, 5)


@pytest.mark.parametrize(
    ("given_action", "expression"),
    [
        (Action(name="x", cron=" cron(0  20 ? * mon-fri *) "), "cron(0 20 ? * mon-fri *)"),
        (Action(name="x", at="2026-12-24T18:00"), "at(2026-12-24T18:00:00)"),
        (Action(name="x", at="at(2026-12-24T18:00:00)"), "at(2026-12-24T18:00:00)"),
        (Action(name="x", rate="1 hours"), "rate(1 hour)"),
        (Action(name="x", rate="rate(15 minute)"), "rate(15 minutes)"),
    ],
)
def test_the_expression_is_what_aws_reads(given_action, expression):
    """It goes into Terraform as it is."""
    [resolved] = resolve(scaling(Schedule(actions=(given_action,)), 1, 2))

    assert resolved.expression == expression


def test_only_a_min_of_one_wakes_a_service():
    """CPU tracking has nothing to measure at zero tasks."""
    bounds = [(1, 2), (0, 2), (0, 0), (0, 2), (1, 2)]
    hours = [utc(2026, 11, 1, h) for h in range(6)]
    intervals = [Interval(a, b, *m) for (a, b), m in zip(pairwise(hours), bounds, strict=True)]

    assert awake(intervals) == (intervals[0], intervals[1], intervals[4])


minutes_of_a_year = st.integers(0, 365 * 24 * 60)
minutes_of_a_month = st.integers(0, 60 * 24 * 60)


@given(
    minutes_of_a_year,
    minutes_of_a_month,
    minutes_of_a_month,
    st.sampled_from([LITERAL, MIXED]),
)
def test_two_halves_of_a_period_make_the_whole(first, more, rest, actions):
    """What is carried in at any moment is what held just before it."""
    schedule = Schedule(timezone="Europe/Berlin", actions=actions)
    start = utc(2026, 1, 1) + first * MINUTE
    middle = start + more * MINUTE
    end = middle + rest * MINUTE
    halves = [
        i
        for a, b in ((start, middle), (middle, end))
        for i in bounds_over(scaling(schedule, 1, 2), a, b)
    ]

    assert minute_edges(halves) == minute_edges(bounds_over(scaling(schedule, 1, 2), start, end))


@given(minutes_of_a_year, minutes_of_a_month, st.sampled_from([LITERAL, MIXED]))
def test_intervals_fill_the_period_and_neighbours_differ(first, more, actions):
    """No minute is missing or counted twice."""
    start = utc(2026, 1, 1) + first * MINUTE
    end = start + (more + 1) * MINUTE
    found = bounds_over(scaling(Schedule(actions=actions), 1, 2), start, end)

    assert (found[0].start, found[-1].end) == (start, end)
    assert all(a.end == b.start and (a.min, a.max) != (b.min, b.max) for a, b in pairwise(found))


def minute_edges(intervals) -> list:
    """Where the bounds change, equal neighbours as one."""
    edges = []
    for i in intervals:
        if not edges or edges[-1][1:] != (i.min, i.max):
            edges.append((i.start, i.min, i.max))
    return edges
