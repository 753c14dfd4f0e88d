"""Windows: the actions that they become, and the words for the hours of a service."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.minutes import scaling
from trazo_spec.schedule import (
    Action,
    ProblemKind,
    Scaling,
    Schedule,
    Window,
    bounds_over,
    problems,
    resolve,
)
from trazo_spec.schedule.summary import describe, weekly_windows
from trazo_spec.schedule.week import DAY_NAMES, day_field
from trazo_spec.schedule.windows import overlaps, parse_days

A_WEEK = date(2026, 11, 25)


def window(days: str, begin: str, end: str, low: int | None = None, high: int | None = None):
    return Window.model_validate({"days": days, "from": begin, "to": end, "min": low, "max": high})


def dashed(*texts: str) -> tuple[str, ...]:
    return tuple(text.replace("-", "\N{EN DASH}") for text in texts)


def test_windows_become_one_action_a_change():
    """Days with the same time and bounds share an action; outside of all windows nothing runs."""
    schedule = Schedule(
        timezone="Europe/Berlin",
        windows=(window("MON-FRI", "08:00", "20:00"), window("SAT,SUN", "10:00", "24:00", 1, 1)),
    )
    found = [(a.name, a.expression, a.min, a.max) for a in resolve(scaling(schedule, 1, 2))]

    assert found == [
        ("stop-sun_mon-0000", "cron(0 0 ? * SUN,MON *)", 0, 0),
        ("run-mon-fri-0800", "cron(0 8 ? * MON-FRI *)", 1, 2),
        ("run-sat_sun-1000", "cron(0 10 ? * SAT,SUN *)", 1, 1),
        ("stop-mon-fri-2000", "cron(0 20 ? * MON-FRI *)", 0, 0),
    ]


def test_a_window_that_follows_another_changes_the_bounds_without_a_stop():
    """A stop in between would end every task for nothing."""
    schedule = Schedule(
        windows=(window("MON", "08:00", "12:00", 1, 1), window("MON", "12:00", "20:00", 2, 2))
    )
    found = [(a.name, a.min, a.max) for a in resolve(scaling(schedule, 1, 2))]

    assert found == [("run-mon-0800", 1, 1), ("run-mon-1200", 2, 2), ("stop-mon-2000", 0, 0)]


def test_windows_that_fill_the_week_still_set_their_bounds():
    """Nothing changes then, but the bounds of the windows may not be those of the service."""
    schedule = Schedule(windows=(window("MON-SUN", "00:00", "24:00", 1, 1),))

    assert [(a.min, a.max) for a in resolve(scaling(schedule, 1, 2))] == [(1, 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MON-FRI", {2, 3, 4, 5, 6}),
        ("FRI-MON", {6, 7, 1, 2}),
        ("MON-SUN", {1, 2, 3, 4, 5, 6, 7}),
        ("sat, sun", {7, 1}),
        ("WED", {4}),
    ],
)
def test_days_of_a_window_may_run_over_the_weekend(text, expected):
    """`FRI-MON` has one meaning for people, so a window takes it, other than a cron."""
    assert parse_days(text) == expected


@pytest.mark.parametrize(
    ("bad", "paths"),
    [
        (window("Mo-Fr", "08:00", "20:00"), [("windows", 0, "days")]),
        (window("", "08:00", "20:00"), [("windows", 0, "days")]),
        (window("MON", "8am", "20:00"), [("windows", 0, "from")]),
        (window("MON", "24:00", "24:01"), [("windows", 0, "from"), ("windows", 0, "to")]),
        (window("MON", "08:60", "20"), [("windows", 0, "from"), ("windows", 0, "to")]),
    ],
)
def test_bad_text_of_a_window_is_found_where_it_stands(bad, paths):
    """Each value is its own mistake."""
    found = problems(Schedule(windows=(bad,)))

    assert [(p.kind, p.path) for p in found] == [(ProblemKind.WINDOW, path) for path in paths]


days = st.sets(st.integers(1, 7), min_size=1).map(lambda s: ",".join(DAY_NAMES[d - 1] for d in s))
clock = st.integers(0, 47).map(lambda half: f"{half // 2:02}:{half % 2 * 30:02}")
some_windows = st.lists(
    st.builds(window, days, clock, clock, st.integers(1, 2), st.integers(2, 3)),
    min_size=1,
    max_size=3,
)


def week_of(given_window: Window) -> dict[int, tuple[int, int]]:
    """Half hours of a week in a window with its bounds, counted one by one from Sunday 00:00."""
    begin, end = (int(t[:2]) * 2 + int(t[3:]) // 30 for t in (given_window.from_, given_window.to))
    found = {}
    for day in given_window.days.split(","):
        half = DAY_NAMES.index(day) * 48 + begin
        while True:
            found[half % 336] = (given_window.min, given_window.max)
            half += 1
            if half % 48 == end % 48:
                break
    return found


@given(some_windows)
def test_overlaps_are_found_exactly_where_half_hours_are_shared(found):
    """An overlap that is missed would be settled by chance."""
    pairs = {(i, j) for i in range(len(found)) for j in range(i + 1, len(found))}
    expected = {(i, j) for i, j in pairs if week_of(found[i]).keys() & week_of(found[j]).keys()}

    assert {(i, j) for i, j, _ in overlaps(found)} == expected


@given(some_windows)
def test_compiled_windows_hold_in_every_half_hour_of_the_week(found):
    """What is deployed is what was written."""
    kept = [w for i, w in enumerate(found) if not any(overlaps([*found[:i], w]))]
    expected = {}
    for w in kept:
        expected |= week_of(w)
    sunday = datetime(2026, 11, 1, tzinfo=UTC)
    intervals = bounds_over(
        scaling(Schedule(windows=tuple(kept)), 1, 2), sunday, sunday + timedelta(days=7)
    )
    halves = [sunday + timedelta(minutes=30 * n) for n in range(336)]
    bounds = [(i.min, i.max) for h in halves for i in intervals if i.start <= h < i.end]

    assert bounds == [expected.get(n, (0, 0)) for n in range(336)]


@given(some_windows)
def test_names_of_compiled_actions_are_unique(found):
    """AWS knows an action by its name, Terraform by its address."""
    kept = [w for i, w in enumerate(found) if not any(overlaps([*found[:i], w]))]
    names = [a.name for a in resolve(scaling(Schedule(windows=tuple(kept)), 1, 2))]

    assert len(set(names)) == len(names)


@given(st.sets(st.integers(1, 7), min_size=1, max_size=6))
def test_a_day_field_reads_back_as_its_days(chosen):
    """No range of a compiled cron may run past Saturday, since AWS documents none."""
    pieces = [p.split("-") for p in day_field(chosen).split(",")]
    ranges = [(DAY_NAMES.index(p[0]) + 1, DAY_NAMES.index(p[-1]) + 1) for p in pieces]

    assert {d for low, high in ranges for d in range(low, high + 1)} == chosen


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((("MON-FRI", "08:00", "20:00"),), ("Mon-Fri 08-20 UTC",)),
        ((("MON-SUN", "08:00", "20:00"),), ("daily 08-20 UTC",)),
        ((("MON,WED", "08:30", "20:00"),), ("Mon, Wed 08:30-20:00 UTC",)),
        ((("FRI,SAT", "22:00", "06:00"),), ("Fri-Sat 22-06 UTC",)),
        ((("SAT,SUN", "10:00", "24:00"),), ("Sat-Sun 10-24 UTC",)),
        ((("SAT", "10:00", "24:00"), ("SUN", "00:00", "12:00")), ("Sat 10-Sun 12 UTC",)),
        ((("SUN", "20:00", "24:00"), ("MON", "00:00", "08:00")), ("Sun 20-08 UTC",)),
        ((("MON-SUN", "00:00", "24:00"),), ("always on",)),
        (
            (("MON-FRI", "08:00", "20:00"), ("SAT", "10:00", "12:00")),
            ("Mon-Fri 08-20 UTC", "Sat 10-12 UTC"),
        ),
    ],
)
def test_the_hours_of_a_week_fit_on_a_chip(found, expected):
    """The diagram shows them beside the service."""
    schedule = Schedule(windows=tuple(window(*w) for w in found))

    assert weekly_windows(scaling(schedule, 1, 2), A_WEEK) == dashed(*expected)


def test_hours_are_told_on_the_clock_of_the_schedule():
    """Also in the week in which that clock changes."""
    schedule = Schedule(timezone="America/New_York", windows=(window("MON-SUN", "08:00", "20:00"),))

    assert (
        describe(scaling(schedule, 1, 2), date(2026, 11, 1))
        == "daily 08\N{EN DASH}20 America/New_York"
    )


def test_the_literal_weekend_shows_its_long_sunday():
    """The chip of the source document's schedule gives the mistake away."""
    crons = ("0 20 ? * MON-FRI *", "0 0 ? * SAT,SUN *", "0 8 ? * MON-FRI *", "0 10 ? * SAT,SUN *")
    bounds = ((0, 0), (0, 0), (1, 2), (1, 1))
    actions = tuple(
        Action(name=f"a{i}", cron=cron, min=low, max=high)
        for i, (cron, (low, high)) in enumerate(zip(crons, bounds, strict=True))
    )
    text = describe(scaling(Schedule(actions=actions), 1, 2), A_WEEK)

    assert (text,) == dashed("Tue-Fri 08-20, Sat 10-24, Sun 10-Mon 20 UTC")


@pytest.mark.parametrize(
    ("at", "low", "high", "expected"),
    [
        ("2026-11-25T18:00:00", 0, 0, ("until Wed 18 UTC",)),
        ("2026-11-20T18:00:00", 0, 0, ("always off",)),
        ("2026-12-25T18:00:00", 0, 0, ("always on",)),
    ],
)
def test_a_single_stop_is_told_in_its_week(at, low, high, expected):
    """A week around a one-off action reads as it will happen."""
    schedule = Schedule(actions=(Action(name="x", at=at, min=low, max=high),))

    assert weekly_windows(scaling(schedule, 1, 2), A_WEEK) == expected


@pytest.mark.parametrize(("low", "high", "expected"), [(1, 2, "always on"), (0, 0, "always off")])
def test_no_schedule_is_always(low, high, expected):
    """A service without a schedule has words too."""
    assert describe(scaling(None, low, high), A_WEEK) == expected


def test_a_service_without_a_word_about_scaling_runs_one_task():
    """The defaults that the language's reference promises."""
    assert Scaling().model_dump(mode="json") == {
        "min": 1,
        "max": 1,
        "target_cpu_percent": 80,
        "scale_out_cooldown_s": 60,
        "scale_in_cooldown_s": 300,
        "schedule": None,
    }
