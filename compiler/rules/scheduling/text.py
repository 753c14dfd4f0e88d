"""Rules about what is written in a schedule."""

from collections.abc import Iterator

from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, rule
from compiler.rules.scheduling.service import services
from trazo_spec.components.ecs import Ecs
from trazo_spec.diagnostics import Severity
from trazo_spec.schedule import ProblemKind, problems, unix_days
from trazo_spec.schedule.clock import DAY_MINUTES
from trazo_spec.schedule.cron_text import bare_cron
from trazo_spec.schedule.week import FULL_DAY_NAMES
from trazo_spec.schedule.windows import overlaps


@rule("TZ501", Severity.ERROR, local=True)
def five_field_cron(graph: Graph) -> Iterator[Finding]:
    """A `cron` has the five fields of Unix cron.

    Application Auto Scaling reads six fields, the last one is the year, and one of the two day
    fields is `?`. It refuses five when Terraform applies them, not before.

    ```yaml
    cron: "0 20 * * 1-5"   # bad
    cron: "0 20 ? * MON-FRI *"   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.FIVE_FIELDS)


@rule("TZ502", Severity.ERROR, local=True)
def bad_cron_field(graph: Graph) -> Iterator[Finding]:
    """A field of a `cron` has a value that AWS does not take.

    Values: minute 0-59, hour 0-23, day of month 1-31, month 1-12 or JAN-DEC, day of week 1-7 or
    SUN-SAT, year 1970-2199. A range goes up; `L`, `W` and `#` stand alone in their field.

    ```yaml
    cron: "0 24 ? * FRI-MON *"   # bad
    cron: "0 0 ? * FRI,SAT,SUN,MON *"   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.FIELD)


@rule("TZ503", Severity.ERROR, local=True)
def day_fields_of_cron(graph: Graph) -> Iterator[Finding]:
    """Not exactly one of the two day fields of a `cron` is `?`.

    AWS cannot combine a day of the month with a day of the week: one field says the day, `*`
    included, and the other is `?`.

    ```yaml
    cron: "0 20 * * MON-FRI *"   # bad
    cron: "0 20 ? * MON-FRI *"   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.QUESTION_MARK)


@rule("TZ504", Severity.ERROR, local=True)
def weekday_zero(graph: Graph) -> Iterator[Finding]:
    """A `cron` calls a day of the week 0.

    Unix cron counts from 0 = Sunday, AWS from 1 = Sunday to 7 = Saturday. Names are safe in both.

    ```yaml
    cron: "0 10 ? * 0,6 *"   # bad
    cron: "0 10 ? * SAT,SUN *"   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.WEEKDAY_ZERO)


@rule("TZ505", Severity.WARNING, local=True)
def unix_day_numbers(graph: Graph) -> Iterator[Finding]:
    """The day numbers of a `cron` look like those of Unix cron.

    In Unix cron 1-5 is Monday to Friday and 6,7 the weekend. AWS counts from 1 = Sunday, so there
    they are Sunday to Thursday, and Friday and Saturday. AWS takes them without a word.

    ```yaml
    cron: "0 20 ? * 1-5 *"   # bad
    cron: "0 20 ? * MON-FRI *"   # good
    ```
    """
    for service in services(graph):
        for i, action in enumerate(service.schedule.actions):
            if action.cron is not None and (found := unix_days(action.cron)):
                days = bare_cron(action.cron).split()[4]
                yield Finding(
                    service.at("actions", i, "cron"),
                    f"`{days}` as days of the week is {found[0]} for AWS, where 1 is SUN",
                    f"write `{found[1]}` if that was meant, or `{found[0]}` to be clear",
                )


@rule("TZ506", Severity.ERROR, local=True)
def unknown_time_zone(graph: Graph) -> Iterator[Finding]:
    """A schedule names a time zone that does not exist.

    Times are read on the clock of an IANA time zone, upper and lower case included. Abbreviations
    such as PST are none: they do not follow daylight saving time.

    ```yaml
    timezone: America/NewYork   # bad
    timezone: America/New_York   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.TIMEZONE)


@rule("TZ513", Severity.ERROR, local=True)
def actions_and_windows(graph: Graph) -> Iterator[Finding]:
    """A schedule has both `actions` and `windows`.

    Windows become actions, one at every change. Further actions would set other bounds in between,
    and neither list would say any more when the service runs.

    ```yaml
    schedule: {actions: [...], windows: [...]}   # bad
    schedule: {windows: [{days: MON-FRI, from: "08:00", to: "20:00"}]}   # good
    ```
    """
    for service in services(graph):
        if service.schedule.actions and service.schedule.windows:
            yield Finding(
                service.at("windows"),
                f"the schedule of `{service.name}` has both `actions` and `windows`",
                "keep one of the two; `windows` are easier to get right",
                (service.at("actions"),),
            )


@rule("TZ514", Severity.ERROR, local=True)
def overlapping_windows(graph: Graph) -> Iterator[Finding]:
    """Two windows of a schedule cover the same minute.

    Each window says how many tasks run inside of it, so a minute in two windows has two answers.
    A window whose `to` is not after `from` runs on into the next day.

    ```yaml
    - {days: FRI, from: "20:00", to: "06:00"}
    - {days: SAT, from: "00:00", to: "12:00"}   # bad
    - {days: SAT, from: "06:00", to: "12:00"}   # good
    ```
    """
    for service in services(graph):
        if problems(service.schedule):
            continue
        for i, j, minute in overlaps(service.schedule.windows):
            day, clock = divmod(minute, DAY_MINUTES)
            first = service.schedule.windows[i]
            yield Finding(
                service.at("windows", j),
                f"this window and the window `{first.days}` from `{first.from_}` to `{first.to}` "
                f"overlap, from {FULL_DAY_NAMES[day]} {clock // 60:02}:{clock % 60:02} on",
                "let one end where the other begins",
                (service.at("windows", i),),
            )


@rule("TZ515", Severity.ERROR, local=True)
def bad_window(graph: Graph) -> Iterator[Finding]:
    """The days or times of a window cannot be read.

    Days are three-letter names with `,` and `-`; times are `HH:MM`, the end at most `24:00`.

    ```yaml
    windows: [{days: weekdays, from: "8am", to: "8pm"}]   # bad
    windows: [{days: MON-FRI, from: "08:00", to: "20:00"}]   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.WINDOW)


@rule("TZ517", Severity.ERROR, local=True)
def bad_time(graph: Graph) -> Iterator[Finding]:
    """The `at`, `rate`, `start` or `end` of an action cannot be read or makes no sense.

    `at` is a clock time in the schedule's time zone, `start` and `end` are moments in UTC, which
    only a `cron` or `rate` has.

    ```yaml
    at: 24 December 2026   # bad
    at: "2026-12-24T18:00:00"   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.TIME)


@rule("TZ518", Severity.ERROR, local=True)
def one_time_for_an_action(graph: Graph) -> Iterator[Finding]:
    """An action has no time, or more than one of `cron`, `at` and `rate`.

    ```yaml
    {name: night, min: 0, max: 0}   # bad
    {name: night, cron: "0 20 ? * MON-FRI *", min: 0, max: 0}   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.TIMING)


@rule("TZ519", Severity.ERROR, local=True)
def same_action_name(graph: Graph) -> Iterator[Finding]:
    """Two actions of a schedule have the same name.

    AWS knows a scheduled action by its name: the second would replace the first.

    ```yaml
    actions: [{name: stop, ...}, {name: stop, ...}]   # bad
    actions: [{name: weekday-stop, ...}, {name: weekend-stop, ...}]   # good
    ```
    """
    for service in services(graph):
        first: dict[str, int] = {}
        for i, action in enumerate(service.schedule.actions):
            if first.setdefault(action.name, i) != i:
                yield Finding(
                    service.at("actions", i, "name"),
                    f"another action of `{service.name}` is called `{action.name}` too",
                    "give every action its own name",
                    (service.at("actions", first[action.name], "name"),),
                )


@rule("TZ520", Severity.ERROR, local=True)
def cron_that_never_runs(graph: Graph) -> Iterator[Finding]:
    """No date in any year fits a `cron`.

    ```yaml
    cron: "0 0 30 FEB ? *"   # bad
    cron: "0 0 L FEB ? *"   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.NEVER)


@rule("TZ521", Severity.WARNING, local=True)
def empty_schedule(graph: Graph) -> Iterator[Finding]:
    """A schedule has neither `actions` nor `windows`, so it changes nothing.

    ```yaml
    schedule: {timezone: UTC}   # bad
    schedule: {timezone: UTC, windows: [{days: MON-FRI, from: "08:00", to: "20:00"}]}   # good
    ```
    """
    for name, ecs in graph.of(Ecs):
        schedule = ecs.scaling.schedule
        if schedule is not None and not schedule.actions and not schedule.windows:
            yield Finding(
                ("components", name, "scaling", "schedule"),
                f"the schedule of `{name}` has neither `actions` nor `windows`",
                "add windows or remove the schedule",
            )


def _of_kind(graph: Graph, kind: ProblemKind) -> Iterator[Finding]:
    for service in services(graph):
        for problem in problems(service.schedule):
            if problem.kind is kind:
                yield Finding(service.at(*problem.path), problem.message, problem.help)
