"""What the rules say about schedules: the right finding, at the right place, and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.graph.graph import Graph
from compiler.kinds import build
from compiler.rules.scheduling import RULES
from tests.minutes import scaling
from trazo_spec.components.ecs import Ecs
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.document import Spec, State
from trazo_spec.schedule import Action, Schedule, Window, resolve
from trazo_spec.schedule.types import Scaling
from trazo_spec.schedule.week import DAY_NAMES
from trazo_spec.schedule.windows import overlaps

SCHEDULE = ("components", "web", "scaling", "schedule")
NIGHT = ("night", "0 20 ? * MON-FRI *", 0, 0)
MORNING = ("morning", "0 8 ? * MON-FRI *", 1, 2)


def action(name: str, cron: str, low: int | None = None, high: int | None = None) -> Action:
    return Action(name=name, cron=cron, min=low, max=high)


def window(days: str, begin: str, end: str, low: int | None = None, high: int | None = None):
    return Window.model_validate({"days": days, "from": begin, "to": end, "min": low, "max": high})


def of(*actions: tuple, timezone: str = "UTC") -> Schedule:
    return Schedule(timezone=timezone, actions=tuple(action(*a) for a in actions))


def graph(schedule: Schedule | None, low: int = 1, high: int = 2) -> Graph:
    web = Ecs(image="web:1", scaling=Scaling(min=low, max=high, schedule=schedule))
    state = State(bucket="shop-state")
    return build(
        Spec(trazo=1, name="shop", region="us-east-1", state=state, components={"web": web})
    )


def found(schedule: Schedule | None, low: int = 1, high: int = 2) -> list[Diagnostic]:
    this = graph(schedule, low, high)
    return [d for rule in RULES for d in rule.diagnostics(this)]


def places(schedule: Schedule | None, low: int = 1, high: int = 2) -> list[tuple]:
    """Code and the path from the schedule on of every finding."""
    return [(d.code, *d.path[len(SCHEDULE) :]) for d in found(schedule, low, high)]


LITERAL = of(
    ("weekday-stop", "0 20 ? * MON-FRI *", 0, 0),
    ("weekend-stop", "0 0 ? * SAT,SUN *", 0, 0),
    ("weekday-start", "0 8 ? * MON-FRI *", 1, 2),
    ("weekend-start", "0 10 ? * SAT,SUN *", 1, 1),
)
MEANT = of(
    ("weekday-stop", "0 20 ? * MON-FRI *", 0, 0),
    ("weekend-stop", "0 0 ? * SUN,MON *", 0, 0),
    ("weekday-start", "0 8 ? * MON-FRI *", 1, 2),
    ("weekend-start", "0 10 ? * SAT,SUN *", 1, 1),
)
PEAK = of(
    ("wake", "0 7 ? * MON-FRI *", 1, 2),
    ("peak", "0 9 ? * MON-FRI *", 2, 4),
    ("calm", "0 18 ? * MON-FRI *", 1, 2),
    ("stop", "0 22 ? * MON-FRI *", 0, 0),
)


def test_the_literal_weekend_has_exactly_its_two_warnings():
    """12AM on weekends read literally: Saturday's stop is idle and Sunday's start has no stop."""
    assert places(LITERAL) == [("TZ510", "actions", 3, "cron"), ("TZ511", "actions", 1, "cron")]


def test_the_literal_weekend_has_the_same_warnings_with_equal_bounds():
    """Monday's start then changes nothing, but only for the stop that is missing before it."""
    one_task = Schedule(actions=tuple(a.model_copy(update={"max": a.min}) for a in LITERAL.actions))

    assert [d.code for d in found(one_task, 1, 1)] == ["TZ510", "TZ511"]


def test_the_warning_of_the_literal_weekend_names_the_hours():
    """A user sees at once what runs on, and until when."""
    [message, _] = [d.message for d in found(LITERAL)]

    assert message == (
        "`weekend-start` starts `web` on Sunday at 10:00, and no action stops it before "
        "`weekday-start` on Monday at 08:00: it runs until Monday at 20:00, for 34 hours"
    )


def test_the_idle_stop_of_the_literal_weekend_names_its_day():
    """Sunday's run of the same action does work, so the day matters."""
    [_, message] = [d.message for d in found(LITERAL)]

    assert message == (
        "`weekend-stop` changes nothing on Saturday at 00:00: the limits are already "
        "`min: 0, max: 0` since `weekday-stop` on Friday at 20:00"
    )


def test_the_help_of_the_literal_weekend_is_the_likely_meant_cron():
    """The end of Saturday is 00:00 on Sunday."""
    assert all("`0 0 ? * SUN,MON *`" in d.help for d in found(LITERAL))


@pytest.mark.parametrize("timezone", ["UTC", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize(
    ("schedule", "high"),
    [
        (MEANT, 2),
        (PEAK, 4),
        (of(NIGHT, MORNING), 2),
        (of(("fri", "0 20 ? * FRI *", 0, 0), ("mon", "0 8 ? * MON *", 1, 2)), 2),
        (of(("low", "0 20 * * ? *", 1, 1), ("high", "0 8 * * ? *", 1, 2)), 2),
        (of(("first", "0 8 1 * ? *", 1, 2), ("mid", "0 20 15W * ? *", 0, 0)), 2),
    ],
    ids=["meant", "peak", "nights", "weekend", "no-sleep", "monthly"],
)
def test_a_good_schedule_has_no_finding(schedule, high, timezone):
    """A warning on what is right teaches people to ignore warnings."""
    assert places(schedule.model_copy(update={"timezone": timezone}), 1, high) == []


CRONS = [
    ("TZ501", "0 20 * * 1-5"),
    ("TZ502", "0 25 ? * MON *"),
    ("TZ503", "0 20 * * MON *"),
    ("TZ504", "0 20 ? * 0 *"),
    ("TZ520", "0 20 30 FEB ? *"),
]


@pytest.mark.parametrize(("code", "cron"), CRONS)
def test_a_bad_cron_has_its_code_at_its_place(code, cron):
    """One mistake is one finding, and nothing is concluded from text that cannot be read."""
    schedule = of(MORNING, ("night", cron, 0, 0))

    assert places(schedule) == [(code, "actions", 1, "cron")]


ACTIONS = [
    (
        "unix days",
        [("a", "0 20 ? * 1-5 *", 0, 0), ("b", "0 8 ? * SUN-THU *")],
        [("TZ505", 0, "cron")],
    ),
    ("max below own min", [("a", "0 20 * * ? *", None, 0), MORNING], [("TZ507", 0, "max")]),
    ("min above max", [("a", "0 20 * * ? *", 2, 1), MORNING], [("TZ507", 0, "min")]),
    ("max above service", [NIGHT, ("a", "0 8 ? * MON-FRI *", 1, 3)], [("TZ508", 1, "max")]),
    ("min above service", [NIGHT, ("a", "0 8 ? * MON-FRI *", 3)], [("TZ508", 1, "min")]),
    ("no wake", [NIGHT], [("TZ509", 0)]),
    (
        "two starts, one stop",
        [("stop", "0 20 ? * FRI *", 0, 0), ("a", "0 8 ? * MON *"), ("b", "0 8 ? * SUN *", 1, 1)],
        [],
    ),
    ("no effect at all", [MORNING], [("TZ511", 0, "cron")]),
    (
        "same minute",
        [NIGHT, MORNING, ("more", "0 8 ? * MON-FRI *", 2, 2)],
        [("TZ512", 2, "cron")],
    ),
    ("stop with min only", [("a", "0 20 ? * MON-FRI *", 0), MORNING], [("TZ516", 0, "min")]),
    ("wake with min 0", [NIGHT, ("a", "0 8 ? * MON-FRI *", 0, 2)], [("TZ516", 1, "min")]),
    (
        "never awake, so nothing more to say about its stops",
        [NIGHT, ("a", "0 8 ? * MON-FRI *", 0, 2), ("b", "0 0 ? * SAT *", 0, 0)],
        [("TZ516", 1, "min")],
    ),
    ("same name", [NIGHT, ("night", "0 8 ? * MON-FRI *")], [("TZ519", 1, "name")]),
]


@pytest.mark.parametrize(
    ("actions", "expected"), [a[1:] for a in ACTIONS], ids=[a[0] for a in ACTIONS]
)
def test_actions_are_judged_by_what_they_do_together(actions, expected):
    """The findings of a list of actions, each at the action that is to blame."""
    assert places(of(*actions)) == [(code, "actions", *rest) for code, *rest in expected]


WINDOWS = [
    ([window("MON-FRI", "08:00", "20:00")], []),
    ([window("FRI", "20:00", "06:00"), window("SAT", "06:00", "12:00")], []),
    ([window("FRI", "20:00", "06:00"), window("SAT", "05:59", "12:00")], [("TZ514", 1)]),
    ([window("SAT", "20:00", "06:00"), window("SUN", "00:00", "12:00")], [("TZ514", 1)]),
    ([window("Mon-Fry", "08:00", "20:00")], [("TZ515", 0, "days")]),
    ([window("MON", "8h", "20:00")], [("TZ515", 0, "from")]),
    ([window("MON", "08:00", "20:00", 2, 1)], [("TZ507", 0, "min")]),
    ([window("MON", "08:00", "20:00", 1, 3)], [("TZ508", 0, "max")]),
    ([window("MON", "08:00", "20:00", 0, 2)], [("TZ516", 0, "min")]),
]


@pytest.mark.parametrize(("windows", "expected"), WINDOWS)
def test_windows_are_judged_one_by_one_and_together(windows, expected):
    """What is left to do wrong in the form that is easier to get right."""
    found_places = places(Schedule(windows=tuple(windows)))

    assert found_places == [(code, "windows", *rest) for code, *rest in expected]


TIMES = [
    ({}, [("TZ518", "actions", 0)]),
    ({"cron": "0 8 * * ? *", "rate": "1 day"}, [("TZ518", "actions", 0, "rate")]),
    ({"at": "24 December 2026"}, [("TZ517", "actions", 0, "at")]),
    ({"at": "2026-02-30T08:00:00"}, [("TZ517", "actions", 0, "at")]),
    ({"at": "0001-01-01T08:00:00"}, [("TZ517", "actions", 0, "at")]),
    ({"at": "2026-03-08T02:30:00"}, [("TZ517", "actions", 0, "at")]),
    ({"rate": "0 days"}, [("TZ517", "actions", 0, "rate")]),
    ({"rate": "1 week"}, [("TZ517", "actions", 0, "rate")]),
    ({"cron": "0 8 * * ? *", "start": "2026-01-01"}, [("TZ517", "actions", 0, "start")]),
    (
        {"cron": "0 8 * * ? *", "start": "2026-01-02T00:00:00Z", "end": "2026-01-01T00:00:00Z"},
        [("TZ517", "actions", 0, "end")],
    ),
    (
        {"at": "2026-01-01T00:00:00", "end": "2026-01-02T00:00:00Z"},
        [("TZ517", "actions", 0, "end")],
    ),
]


@pytest.mark.parametrize(("time", "expected"), TIMES)
def test_the_time_of_an_action_must_be_one_that_can_be_read(time, expected):
    """Also a clock time that its time zone skips, and an end before the start."""
    one = Action(name="once", min=1, max=1, **time)

    assert places(Schedule(timezone="America/New_York", actions=(one,))) == expected


def test_an_unknown_time_zone_comes_with_the_likely_one():
    """Upper and lower case matter to AWS."""
    [finding] = found(of(NIGHT, MORNING, timezone="america/new_york"))

    assert (finding.code, finding.help) == ("TZ506", "did you mean `America/New_York`?")


def test_actions_and_windows_exclude_each_other():
    """Two answers to one question."""
    schedule = LITERAL.model_copy(update={"windows": (window("MON", "08:00", "20:00"),)})

    assert places(schedule) == [("TZ513", "windows")]


def test_an_empty_schedule_is_told():
    """Somebody meant something by it."""
    assert places(Schedule()) == [("TZ521",)]


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(3, 2, "TZ522"), (0, 0, "TZ523"), (0, 2, "TZ524")]
)
def test_the_bounds_of_a_service_must_let_it_run(low, high, expected):
    """CPU tracking starts no first task, whatever the most is."""
    assert [d.code for d in found(None, low, high)] == [expected]


def test_a_schedule_may_start_the_first_task():
    """A service that begins at zero and is woken is what a schedule is for."""
    assert places(of(NIGHT, MORNING), 0, 2) == []


def test_stops_alone_start_nothing():
    """A service that begins at zero has one mistake, not one a stop."""
    assert [d.code for d in found(of(NIGHT), 0, 2)] == ["TZ524"]


def test_a_time_that_the_clocks_skip_is_told():
    """The weekly stop at 02:30 on Sunday does not run on one Sunday of the year."""
    stop, start = ("a", "30 2 ? * SUN *", 0, 0), ("b", "0 8 ? * MON *", 1, 2)
    schedule = of(stop, start, timezone="America/New_York")
    [finding] = found(schedule)

    assert (finding.code, "on a Sunday in March" in finding.message) == ("TZ525", True)


@pytest.mark.parametrize(
    ("cron", "when"),
    [
        ("30 2 ? 3 SUN 2031", "on Sunday 9 March 2031"),
        ("30 2 9 3 ? *", "on a Sunday in March"),
        ("30 2 14 3 ? 2038-2090", "on Sunday 14 March 2038"),
    ],
)
def test_a_time_that_the_clocks_skip_is_told_in_any_year(cron, when):
    """What is right now must not become wrong, or stay unseen, as the years pass."""
    stop, start = ("a", cron, 0, 0), ("b", "0 8 ? * * *", 1, 2)
    messages = [d.message for d in found(of(stop, start, timezone="America/New_York"))]

    assert [when in m for m in messages if "skip" in m] == [True]


def test_a_run_that_repeats_each_year_is_told_without_one():
    """A year of ours would be one that nobody wrote."""
    [finding] = [d for d in found(of(("a", "0 20 1 2 ? *", 0, 0))) if d.code == "TZ509"]

    assert "on 1 February at 20:00" in finding.message


def test_a_stop_by_date_without_a_wake_is_told_with_its_date():
    """A day of the week would not say which one."""
    stop = Action(name="close", at="2026-12-24T18:00:00", min=0, max=0)
    [finding] = found(Schedule(actions=(stop,)))

    assert (finding.code, "Thursday 24 December 2026 at 18:00" in finding.message) == (
        "TZ509",
        True,
    )


def test_a_closed_fortnight_by_date_is_no_finding():
    """A stop and a start by date belong together, years after any weekly run."""
    stop = Action(name="close", at="2026-12-24T18:00:00", min=0, max=0)
    start = Action(name="open", at="2027-01-04T08:00:00")

    assert places(Schedule(actions=(stop, start))) == []


def test_a_start_that_runs_every_hour_is_no_forgotten_stop():
    """A rate that keeps a service awake finds it awake most of the time."""
    keep = Action(name="keep", rate="1 hour", min=1, max=2)
    stop = action("stop", "30 2 ? * SUN *", 0, 0)

    assert places(Schedule(actions=(keep, stop))) == []


def test_a_day_without_its_stop_is_told():
    """A daily start with stops on four days leaves Friday to Monday running."""
    schedule = of(("wake", "0 8 * * ? *", 1, 2), ("stop", "0 20 ? * MON-THU *", 0, 0))

    assert places(schedule) == [("TZ510", "actions", 0, "cron")]


half_hours = st.integers(0, 47).map(lambda half: f"{half // 2:02}:{half % 2 * 30:02}")
day_lists = st.sets(st.sampled_from(DAY_NAMES), min_size=1).map(lambda s: ",".join(sorted(s)))


@given(st.lists(st.builds(window, day_lists, half_hours, half_hours), min_size=1, max_size=3))
def test_windows_as_actions_sleep_and_wake_in_turn(windows):
    """What we compile passes our own rules about actions."""
    kept = [w for i, w in enumerate(windows) if not any(overlaps([*windows[:i], w]))]
    compiled = resolve(scaling(Schedule(windows=tuple(kept)), 1, 2))
    actions = tuple(Action(name=a.name, cron=a.expression, min=a.min, max=a.max) for a in compiled)
    always_on = all(a.max for a in actions)

    assert always_on or places(Schedule(actions=actions)) == []


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3).map(lambda n: f"a{n}"),
            st.text("0123456789 *?,-/LW#MONFRI", max_size=16),
            st.one_of(st.none(), st.integers(0, 4)),
            st.one_of(st.none(), st.integers(0, 4)),
        ),
        max_size=4,
    ),
    st.sampled_from(["UTC", "PST", "", "America/New_York", "../etc/passwd"]),
)
def test_no_schedule_raises(actions, timezone):
    """Bad input is findings, never a traceback."""
    assert all(d.message for d in found(of(*actions, timezone=timezone)))


def test_codes_are_unique_and_in_order():
    """A code's meaning never changes, so no two rules share one."""
    codes = [rule.code for rule in RULES]

    assert codes == sorted(set(codes))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_says_why(rule):
    """The docstring is the rule's entry in the reference: a sentence and two examples."""
    assert rule.doc.count("# bad") >= 1
    assert rule.doc.count("# good") >= 1
