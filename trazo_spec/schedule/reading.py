"""Everything that is wrong with the text of a schedule."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from trazo_spec.schedule.clock import (
    DAY_MINUTES,
    known_zone,
    parse_instant,
    parse_local,
    parse_rate,
    parse_time_of_day,
    similar_zones,
    to_utc,
    zone,
)
from trazo_spec.schedule.cron import Cron
from trazo_spec.schedule.cron_text import parse_cron
from trazo_spec.schedule.problem import Problem, ProblemKind, Steps
from trazo_spec.schedule.types import Action, Schedule, Window
from trazo_spec.schedule.windows import parse_days


@lru_cache(maxsize=256)
def problems(schedule: Schedule) -> tuple[Problem, ...]:
    """Every mistake in the text of a schedule, with paths from the schedule on.

    Only a schedule without any may be resolved or put on a timeline.
    """
    mistakes = [*_timezone(schedule.timezone)]
    for i, action in enumerate(schedule.actions):
        mistakes += (
            replace(p, path=("actions", i, *p.path)) for p in _action(action, schedule.timezone)
        )
    for i, window in enumerate(schedule.windows):
        mistakes += (replace(p, path=("windows", i, *p.path)) for p in _window(window))
    return tuple(mistakes)


def _timezone(name: str) -> Iterator[Problem]:
    if not known_zone(name):
        similar = " or ".join(f"`{z}`" for z in similar_zones(name))
        yield Problem(
            ProblemKind.TIMEZONE,
            f"`{name}` is not a time zone in the IANA database",
            f"did you mean {similar}?" if similar else "for example `UTC` or `America/New_York`",
            ("timezone",),
        )


def _action(action: Action, timezone: str) -> Iterator[Problem]:
    given = [key for key in ("cron", "at", "rate") if getattr(action, key) is not None]
    if len(given) != 1:
        what = f"`{action.name}` has {' and '.join(f'`{g}`' for g in given) or 'no time'}"
        yield Problem(
            ProblemKind.TIMING,
            f"{what}; an action needs exactly one of `cron`, `at` and `rate`",
            "create one action for each time"
            if given
            else 'for example `cron: "0 20 ? * MON-FRI *"`',
            (given[1],) if given else (),
        )
    if action.cron is not None:
        read = parse_cron(action.cron)
        yield from (replace(p, path=("cron",)) for p in (() if isinstance(read, Cron) else read))
    if action.at is not None:
        yield from _at(action.at, timezone)
    if action.rate is not None and parse_rate(action.rate) is None:
        text = "a whole number of minutes, hours or days such as `15 minutes`"
        yield _bad_time("rate", action.rate, text)
    yield from _start_and_end(action)


def _at(text: str, timezone: str) -> Iterator[Problem]:
    local = parse_local(text)
    if local is None:
        expected = "a clock time in the schedule's time zone such as `2026-12-24T18:00:00`"
        yield _bad_time("at", text, expected)
    elif known_zone(timezone) and to_utc(local, zone(timezone)) is None:
        message = f"`{text}` does not exist: clocks in `{timezone}` skip it"
        yield Problem(ProblemKind.TIME, message, "choose a time that exists on that day", ("at",))


def _start_and_end(action: Action) -> Iterator[Problem]:
    for key, text in (("start", action.start), ("end", action.end)):
        if text is not None and parse_instant(text) is None:
            yield _bad_time(key, text, "a UTC timestamp such as `2026-11-01T00:00:00Z`")
        elif text is not None and action.at is not None:
            message = (
                f"`{key}` applies only to `cron` and `rate`, but `{action.name}` runs once, "
                "`at` a given time"
            )
            yield Problem(ProblemKind.TIME, message, f"remove `{key}`", (key,))
    start, end = parse_instant(action.start or ""), parse_instant(action.end or "")
    if start is not None and end is not None and end <= start:
        message = (
            f"`{action.name}` ends at `{action.end}`, which is not after its start `{action.start}`"
        )
        yield Problem(ProblemKind.TIME, message, "", ("end",))


def _window(window: Window) -> Iterator[Problem]:
    if parse_days(window.days) is None:
        text = "days such as `MON-FRI` or `SAT,SUN`"
        yield _bad_window("days", window.days, text)
    if parse_time_of_day(window.from_) is None:
        yield _bad_window("from", window.from_, "a time of day from `00:00` to `23:59`")
    if parse_time_of_day(window.to, DAY_MINUTES) is None:
        yield _bad_window("to", window.to, "a time of day from `00:00` to `24:00`")


def _bad_time(key: str, text: str, expected: str) -> Problem:
    return Problem(
        ProblemKind.TIME, f"`{text}` is not a valid `{key}`: expected {expected}", "", _path(key)
    )


def _bad_window(key: str, text: str, expected: str) -> Problem:
    message = f"`{text}` is not a valid `{key}` for a window: expected {expected}"
    return Problem(ProblemKind.WINDOW, message, "", _path(key))


def _path(key: str) -> Steps:
    return (key,)
