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

    Application Auto Scaling expects six fields: the last one is the year, and one of the two day
    fields must be `?`. It rejects five fields only when Terraform applies them.

    ```yaml
    cron: "0 20 * * 1-5"   # bad
    cron: "0 20 ? * MON-FRI *"   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.FIVE_FIELDS)


@rule("TZ502", Severity.ERROR, local=True)
def bad_cron_field(graph: Graph) -> Iterator[Finding]:
    """A field of a `cron` has a value that AWS does not accept.

    Values: minute 0-59, hour 0-23, day of month 1-31, month 1-12 or JAN-DEC, day of week 1-7 or
    SUN-SAT, year 1970-2199. Ranges must be in ascending order; `L`, `W` and `#` must be alone in
    their field.

    ```yaml
    cron: "0 24 ? * FRI-MON *"   # bad
    cron: "0 0 ? * FRI,SAT,SUN,MON *"   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.FIELD)


@rule("TZ503", Severity.ERROR, local=True)
def day_fields_of_cron(graph: Graph) -> Iterator[Finding]:
    """Not exactly one of the two day fields of a `cron` is `?`.

    AWS cannot combine a day of the month with a day of the week: one field must contain the day, or
    `*`, and the other must be `?`.

    ```yaml
    cron: "0 20 * * MON-FRI *"   # bad
    cron: "0 20 ? * MON-FRI *"   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.QUESTION_MARK)


@rule("TZ504", Severity.ERROR, local=True)
def weekday_zero(graph: Graph) -> Iterator[Finding]:
    """A `cron` uses 0 as a day of the week.

    Unix cron counts from 0 = Sunday, AWS from 1 = Sunday to 7 = Saturday. Names have the same
    meaning in both.

    ```yaml
    cron: "0 10 ? * 0,6 *"   # bad
    cron: "0 10 ? * SAT,SUN *"   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.WEEKDAY_ZERO)


@rule("TZ505", Severity.WARNING, local=True)
def unix_day_numbers(graph: Graph) -> Iterator[Finding]:
    """The day numbers of a `cron` look like those of Unix cron.

    In Unix cron, 1-5 is Monday to Friday and 6,7 is the weekend. AWS counts from 1 = Sunday, so
    they mean Sunday to Thursday, and Friday and Saturday. AWS accepts them without a warning.

    ```yaml
    cron: "0 20 ? * 1-5 *"   # bad
    cron: "0 20 ? * MON-FRI *"   # good
    ```
    """
    for service in services(graph):
        for i, action in enumerate(service.schedule.actions):
            if action.cron is not None and (names := unix_days(action.cron)):
                days = bare_cron(action.cron).split()[4]
                yield Finding(
                    service.at("actions", i, "cron"),
                    f"AWS reads the days of the week `{days}` as {names[0]}, because 1 is SUN",
                    f"write `{names[1]}` if you meant that, otherwise `{names[0]}` to be clear",
                )


@rule("TZ506", Severity.ERROR, local=True)
def unknown_time_zone(graph: Graph) -> Iterator[Finding]:
    """A schedule uses a time zone that does not exist.

    Times are in an IANA time zone, whose name is case-sensitive. Abbreviations such as PST are not
    allowed, because they do not follow daylight saving time.

    ```yaml
    timezone: America/NewYork   # bad
    timezone: America/New_York   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.TIMEZONE)


@rule("TZ513", Severity.ERROR, local=True)
def actions_and_windows(graph: Graph) -> Iterator[Finding]:
    """A schedule has both `actions` and `windows`.

    Windows become actions, one for every change. Additional actions would set other limits in
    between, and neither list would show when the service runs.

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
                "keep only one; `windows` are easier to get right",
                (service.at("actions"),),
            )


@rule("TZ514", Severity.ERROR, local=True)
def overlapping_windows(graph: Graph) -> Iterator[Finding]:
    """Two windows of a schedule cover the same minute.

    Each window sets the number of tasks during it, so a minute in two windows would be ambiguous. A
    window whose `to` is not after `from` continues into the next day.

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
                f"this window overlaps the window `{first.days}` from `{first.from_}` to "
                f"`{first.to}`, starting on {FULL_DAY_NAMES[day]} at "
                f"{clock // 60:02}:{clock % 60:02}",
                "end one where the other begins",
                (service.at("windows", i),),
            )


@rule("TZ515", Severity.ERROR, local=True)
def bad_window(graph: Graph) -> Iterator[Finding]:
    """The days or times of a window cannot be read.

    Days are three-letter names, combined with `,` and `-`; times are `HH:MM`, and the end is at
    most `24:00`.

    ```yaml
    windows: [{days: weekdays, from: "8am", to: "8pm"}]   # bad
    windows: [{days: MON-FRI, from: "08:00", to: "20:00"}]   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.WINDOW)


@rule("TZ517", Severity.ERROR, local=True)
def bad_time(graph: Graph) -> Iterator[Finding]:
    """The `at`, `rate`, `start` or `end` of an action is not valid.

    `at` is a clock time in the schedule's time zone; `start` and `end` are UTC timestamps, allowed
    only with `cron` or `rate`.

    ```yaml
    at: 24 December 2026   # bad
    at: "2026-12-24T18:00:00"   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.TIME)


@rule("TZ518", Severity.ERROR, local=True)
def one_time_for_an_action(graph: Graph) -> Iterator[Finding]:
    """An action does not have exactly one of `cron`, `at` and `rate`.

    ```yaml
    {name: night, min: 0, max: 0}   # bad
    {name: night, cron: "0 20 ? * MON-FRI *", min: 0, max: 0}   # good
    ```
    """
    yield from _of_kind(graph, ProblemKind.TIMING)


@rule("TZ519", Severity.ERROR, local=True)
def same_action_name(graph: Graph) -> Iterator[Finding]:
    """Two actions of a schedule have the same name.

    AWS identifies a scheduled action by its name, so the second would replace the first.

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
                    f"another action of `{service.name}` is also named `{action.name}`",
                    "give each action a unique name",
                    (service.at("actions", first[action.name], "name"),),
                )


@rule("TZ520", Severity.ERROR, local=True)
def cron_that_never_runs(graph: Graph) -> Iterator[Finding]:
    """No date matches a `cron`.

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
                f"the schedule of `{name}` does not have `actions` or `windows`",
                "add windows, or remove the schedule",
            )


def _of_kind(graph: Graph, kind: ProblemKind) -> Iterator[Finding]:
    for service in services(graph):
        for problem in problems(service.schedule):
            if problem.kind is kind:
                yield Finding(service.at(*problem.path), problem.message, problem.help)
