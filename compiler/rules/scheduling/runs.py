"""Rules about what the actions of a schedule do to each other, found by stepping through weeks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, rule
from compiler.rules.scheduling.course import (
    Course,
    Step,
    course,
    is_dated,
    is_weekly,
    once_a_day,
    years,
)
from compiler.rules.scheduling.service import ScaledService, services, sound
from trazo_spec.diagnostics import Severity, SpecPath
from trazo_spec.schedule import Cron, Event, ResolvedAction, Scaling, parse_cron, resolve, zone
from trazo_spec.schedule.cron_text import bare_cron
from trazo_spec.schedule.timeline import skipped_times
from trazo_spec.schedule.week import FULL_DAY_NAMES, day_field, day_text, next_day


@dataclass(frozen=True, slots=True)
class Unstopped:
    """A service that should have slept in between."""

    wake: Step
    """The run that starts the service."""
    again: tuple[Step, ...]
    """Later runs of starts that find it awake."""
    stop: Step
    """The run that puts it to sleep after all."""


@rule("TZ509", Severity.WARNING, local=True)
def sleep_without_wake(graph: Graph) -> Iterator[Finding]:
    """An action stops a service, and no later action starts it again.

    From then on, the service does not have any tasks and its load balancer responds with 503 until
    someone changes the limits by hand. Requests never start a stopped service.

    ```yaml
    - {name: night, cron: "0 20 ? * * *", min: 0, max: 0}   # bad alone
    - {name: morning, cron: "0 8 ? * * *", min: 1}   # good with it
    ```
    """
    for service in _with_actions(graph):
        for step in _last_sleeps(_course(service)):
            yield Finding(
                service.at("actions", step.event.position),
                f"`{step.event.action.name}` stops `{service.name}` on {_moment(step.event)}, "
                "and no later action starts it again",
                'add an action with `min: 1` or more, such as `cron: "0 8 ? * MON-FRI *"`',
            )


@rule("TZ510", Severity.WARNING, local=True)
def wake_without_sleep(graph: Graph) -> Iterator[Finding]:
    """A start is not followed by a stop before the next start.

    The service then keeps running during the hours in which it should be stopped. The cause is
    often a stop at midnight: 00:00 is the beginning of a day, so a stop at 00:00 on Sunday ends
    Saturday, and Sunday does not have a stop.

    ```yaml
    cron: "0 0 ? * SAT,SUN *"   # bad as the stop of starts at 10:00 on SAT,SUN
    cron: "0 0 ? * SUN,MON *"   # good
    ```
    """
    for service in _with_actions(graph):
        meant = meant_stops(service.scaling)
        first: dict[int, Unstopped] = {}
        for lapse in _unstopped(_course(service)):
            first.setdefault(lapse.wake.event.position, lapse)
        for position, lapse in sorted(first.items()):
            wake, again, stop = lapse.wake.event, lapse.again[0].event, lapse.stop.event
            hours = (stop.at - wake.at).total_seconds() / 3600
            yield Finding(
                service.at("actions", position, _time_key(service, position)),
                f"`{wake.action.name}` starts `{service.name}` on {_moment(wake)}, and no "
                f"action stops it before `{again.action.name}` on {_moment(again)}: it runs "
                f"until {_moment(stop)}, for {hours:g} hours",
                _stop_advice(service, meant)
                or "add an action with `min: 0, max: 0` between the two",
                tuple(service.at("actions", i, "cron") for i in sorted(meant)),
            )


@rule("TZ511", Severity.WARNING, local=True)
def action_without_effect(graph: Graph) -> Iterator[Finding]:
    """An action never changes the limits, either at all or on one of its days of the week.

    The limits that it sets already apply. Either it is not needed, or its time is wrong: a stop at
    00:00 on Saturday has no effect if the service has been stopped since Friday evening.

    ```yaml
    cron: "0 0 ? * SAT,SUN *"   # bad as the stop of a weekend that begins on Friday at 20:00
    cron: "0 0 ? * SUN,MON *"   # good
    ```
    """
    for service in _with_actions(graph):
        runs = _course(service)
        # A service that never runs, or never again, has a finding of its own.
        if any(_last_sleeps(runs)) or not any(s.awake for s in runs.settled):
            continue
        meant = meant_stops(service.scaling)
        for position, action in enumerate(service.schedule.actions):
            steps = [s for s in runs.settled if s.event.position == position]
            if idle := _unexplained(_idle(steps), runs):
                yield Finding(
                    service.at("actions", position, _time_key(service, position)),
                    f"`{action.name}` {_never_or_when(idle, steps)}: {_already(idle[0])}",
                    _idle_advice(action.cron, idle, steps, meant.get(position)),
                    _set_by_other(service, idle[0]),
                )


@rule("TZ512", Severity.WARNING, local=True)
def same_minute(graph: Graph) -> Iterator[Finding]:
    """Two actions set different limits in the same minute.

    AWS does not guarantee their order, so either limits may apply afterwards.

    ```yaml
    - {name: stop, cron: "0 8 ? * * *", min: 0, max: 0}
    - {name: start, cron: "0 8 ? * MON *", min: 1}   # bad
    - {name: start, cron: "5 8 ? * MON *", min: 1}   # good
    ```
    """
    for service in _with_actions(graph):
        clashes: dict[tuple[int, int], Event] = {}
        for a, b in pairwise(_course(service).steps):
            if a.event.at == b.event.at and a.bounds != b.bounds:
                clashes.setdefault((a.event.position, b.event.position), b.event)
        for (i, j), event in sorted(clashes.items()):
            first, second = service.schedule.actions[i], service.schedule.actions[j]
            yield Finding(
                service.at("actions", j, _time_key(service, j)),
                f"`{first.name}` and `{second.name}` both run on {_moment(event)}, and AWS does "
                "not guarantee their order",
                "move one of them by a few minutes",
                (service.at("actions", i, _time_key(service, i)),),
            )


@rule("TZ525", Severity.INFO, local=True)
def skipped_clock_time(graph: Graph) -> Iterator[Finding]:
    """An action runs at a time that clocks in its time zone skip once a year.

    In spring, clocks in many time zones skip an hour. AWS does not document what Application Auto
    Scaling does with an action in that hour; Amazon EventBridge Scheduler skips the run, and trazo
    assumes the same when it counts hours.

    ```yaml
    cron: "30 2 ? * SUN *"   # bad in America/New_York
    cron: "30 3 ? * SUN *"   # good
    ```
    """
    for service in services(graph):
        if not sound(service):
            continue
        for position, action in enumerate(resolve(service.scaling)):
            if skipped := skipped_times(action, *years(action)):
                listed = bool(service.schedule.actions)
                path = ("actions", position, "cron") if listed else ("windows",)
                what = f"`{action.name}` runs" if listed else "a window opens or closes"
                yield Finding(
                    service.at(*path),
                    f"{what} at {skipped[0]:%H:%M}, which clocks in `{action.timezone}` skip, "
                    f"for example {_day_of(skipped[0], action)}: trazo assumes that it does not "
                    "run then",
                    "choose a time that exists every day",
                )


def _with_actions(graph: Graph) -> Iterator[ScaledService]:
    """The services whose actions may be stepped through."""
    return (s for s in services(graph) if s.schedule.actions and sound(s))


def _course(service: ScaledService) -> Course:
    return course(service.scaling)


def _last_sleeps(runs: Course) -> Iterator[Step]:
    """The run that puts a service to sleep for good, if there is one."""
    later = None
    for step in runs.steps:
        if step.sleeps:
            later = step
        elif step.bounds[1] > 0:  # with `min: 0` it does not wake, but that is TZ516
            later = None
    if later is not None and later.event.at < runs.judged_until:
        yield later


def _unstopped(runs: Course) -> Iterator[Unstopped]:
    starters = {s.event.position for s in runs.settled if s.wakes and once_a_day(s.event.action)}
    wake, again = None, list[Step]()
    for step in runs.settled:
        if step.sleeps:
            if wake is not None and again:
                yield Unstopped(wake, tuple(again), step)
            wake = None
        elif step.wakes:
            wake, again = step, []
        elif step.event.position in starters and step.bounds[0] > 0:
            again.append(step)


@lru_cache(maxsize=64)
def meant_stops(scaling: Scaling) -> Mapping[int, str]:
    """Stops by position that make the schedule right when they run a day later, as that `cron`."""
    schedule = scaling.schedule
    if schedule is None or not any(_unstopped(course(scaling))):
        return {}
    stops: dict[int, str] = {}
    for position, action in enumerate(schedule.actions):
        read = parse_cron(action.cron or "")
        early = isinstance(read, Cron) and read.weekly and max(read.hours) < 12
        if isinstance(read, Cron) and early and scaling.max > 0 and action.max == 0:
            cron = _on_days(action.cron or "", [next_day(d) for d in read.weekdays])
            moved = action.model_copy(update={"cron": cron})
            actions = (*schedule.actions[:position], moved, *schedule.actions[position + 1 :])
            changed = schedule.model_copy(update={"actions": actions})
            runs = course(scaling.model_copy(update={"schedule": changed}))
            if not any(_unstopped(runs)) and not any(_last_sleeps(runs)):
                stops[position] = cron
    return stops


def _stop_advice(service: ScaledService, meant: Mapping[int, str]) -> str:
    for position, cron in sorted(meant.items()):
        action = service.schedule.actions[position]
        read = parse_cron(action.cron or "")
        if isinstance(read, Cron):
            clock = f"{read.hours[0]:02}:{read.minutes[0]:02}"
            return (
                f"`{action.name}` runs at {clock}, early on {day_text(read.weekdays)}; for the "
                f"night after these days, write `{cron}`"
            )
    return ""


def _idle(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The runs of one action that never change anything: all, or all of some days of the week."""
    idle = [s for s in steps if s.before == s.bounds]
    if len(idle) == len(steps) or not is_weekly(steps[0].event.action):
        return tuple(idle) if len(idle) == len(steps) else ()
    busy = {_weekday(s.event) for s in steps if s.before != s.bounds}
    return tuple(s for s in idle if _weekday(s.event) not in busy)


def _unexplained(idle: tuple[Step, ...], runs: Course) -> tuple[Step, ...]:
    """Without the starts that do nothing only because a stop before them is missing: TZ510."""
    missing = {(s.event.position, _weekday(s.event)) for u in _unstopped(runs) for s in u.again}
    left = tuple(s for s in idle if (s.event.position, _weekday(s.event)) not in missing)
    return left if len(left) == len(idle) or (idle and is_weekly(idle[0].event.action)) else ()


def _never_or_when(idle: Sequence[Step], steps: Sequence[Step]) -> str:
    if len(idle) == len(steps) > 1:
        return "never changes anything"
    if len(idle) == len(steps):
        return f"changes nothing on {_moment(idle[0].event)}"
    days = day_text(_weekday(s.event) for s in idle)
    clocks = {f"{_local(s.event):%H:%M}" for s in idle}
    return f"changes nothing on {days}" + (f" at {min(clocks)}" if len(clocks) == 1 else "")


def _already(step: Step) -> str:
    low, high = step.bounds
    bounds = f"the limits are already `min: {low}, max: {high}`"
    if step.since is None:
        return f"{bounds}, the service's own"
    return f"{bounds} since `{step.since.action.name}` on {_moment(step.since)}"


def _set_by_other(service: ScaledService, step: Step) -> tuple[SpecPath, ...]:
    """Where the other action stands that had set the bounds."""
    if step.since is None or step.since.position == step.event.position:
        return ()
    position = step.since.position
    return (service.at("actions", position, _time_key(service, position)),)


def _idle_advice(
    cron: str | None, idle: Sequence[Step], steps: Sequence[Step], meant: str | None
) -> str:
    if cron is None or len(idle) == len(steps):
        return "remove it, or correct its time"
    out = {_weekday(s.event) for s in idle}
    left = {_weekday(s.event) for s in steps} - out
    advice = f"remove {day_text(out)}: `{_on_days(cron, left)}`"
    return f"{advice}, or for the night after, write `{meant}`" if meant else advice


def _on_days(cron: str, days: Iterable[int]) -> str:
    """The same `cron` on other days of the week."""
    minute, hour, _, month, _, year = bare_cron(cron).split()
    return f"{minute} {hour} ? {month} {day_field(days)} {year}"


def _time_key(service: ScaledService, position: int) -> str:
    action = service.schedule.actions[position]
    return next(key for key in ("cron", "at", "rate") if getattr(action, key) is not None)


def _local(event: Event) -> datetime:
    return event.at.astimezone(zone(event.action.timezone))


def _weekday(event: Event) -> int:
    return _local(event).isoweekday() % 7 + 1


def _moment(event: Event) -> str:
    """Weekday and time of a run; for one that does not repeat weekly its date."""
    local = _local(event)
    if _repeats(event.action):
        return f"{FULL_DAY_NAMES[_weekday(event) - 1]} at {local:%H:%M}"
    day = _date(local) if is_dated(event.action) else f"{local.day} {local:%B}"
    return f"{day} at {local:%H:%M}"


def _day_of(moment: datetime, action: ResolvedAction) -> str:
    """When an action would run; for one that runs in any year, without a year of ours."""
    if is_dated(action):
        return f"on {_date(moment)}"
    return f"on a {FULL_DAY_NAMES[moment.isoweekday() % 7]} in {moment:%B}"


def _repeats(action: ResolvedAction) -> bool:
    return is_weekly(action) or action.expression.startswith("rate")


def _date(moment: datetime) -> str:
    day = FULL_DAY_NAMES[moment.isoweekday() % 7]
    return f"{day} {moment.day} {moment:%B %Y}"
