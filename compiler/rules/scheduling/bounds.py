"""Rules about the number of tasks that a service and its schedule allow."""

from collections.abc import Iterator

from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, rule
from compiler.rules.scheduling.service import ScaledService, services
from trazo_spec.diagnostics import Severity, SpecPath
from trazo_spec.schedule import Action, Window


@rule("TZ507", Severity.ERROR, local=True)
def action_min_above_max(graph: Graph) -> Iterator[Finding]:
    """An action or window has a `min` above its `max`.

    AWS rejects such limits when the action runs and keeps the old ones: a stop action written this
    way never stops anything. A limit that is not set defaults to the service's own.

    ```yaml
    {name: night, cron: "0 20 ? * * *", max: 0}   # bad where scaling.min is 1
    {name: night, cron: "0 20 ? * * *", min: 0, max: 0}   # good
    ```
    """
    for service in services(graph):
        for path, item, title in service.items():
            low, high = service.bounds(item)
            # A bound above the service's own is TZ508, and a service of that kind TZ522.
            if low <= high or low > service.scaling.max or service.upside_down:
                continue
            known = f"its `min` is {low}{_own(item.min)} and its `max` {high}{_own(item.max)}"
            yield Finding(
                (*path, "max" if item.min is None else "min"),
                f"{title} does not allow any number of tasks: {known}",
                f"add `min: {high}`" if item.min is None else f"at most `min: {high}`",
            )


@rule("TZ508", Severity.ERROR, local=True)
def bounds_above_service(graph: Graph) -> Iterator[Finding]:
    """An action or window allows more tasks than the service.

    `scaling.max` limits what this service may ever run and cost, so a schedule can only lower it.

    ```yaml
    {days: MON-FRI, from: "08:00", to: "20:00", max: 4}   # bad where scaling.max is 2
    {days: MON-FRI, from: "08:00", to: "20:00", max: 2}   # good
    ```
    """
    for service in services(graph):
        for path, item, title in service.items():
            for key, bound in (("min", item.min), ("max", item.max)):
                if bound is not None and bound > service.scaling.max:
                    yield Finding(
                        (*path, key),
                        f"`{key}: {bound}` of {title} is above the `max: {service.scaling.max}` "
                        f"of `{service.name}`",
                        f"increase `scaling.max` to {bound}, or decrease this value",
                        ((*service.path, "max"),),
                    )


@rule("TZ516", Severity.WARNING, local=True)
def neither_stop_nor_start(graph: Graph) -> Iterator[Finding]:
    """An action sets `min: 0` with a `max` above zero, which neither stops nor starts any tasks.

    Running tasks continue to run, because CPU tracking keeps the last one. With zero tasks there is
    no CPU to measure, so tracking never starts the first one. To stop a service, set `min: 0, max:
    0`; to start it, set `min` to 1 or more.

    ```yaml
    {name: weekday-start, cron: "0 8 ? * MON-FRI *", min: 0, max: 2}   # bad
    {name: weekday-start, cron: "0 8 ? * MON-FRI *", min: 1, max: 2}   # good
    ```
    """
    for service in services(graph):
        for path, item, title in service.items():
            low, high = service.bounds(item)
            if low == 0 < high:
                yield Finding(
                    _bound_path(path, item, "min"),
                    f"{title} sets `min` to 0{_own(item.min)} and `max` to "
                    f"{high}{_own(item.max)}: running tasks continue to run, and a service with "
                    "zero tasks does not start",
                    "write `min: 1` to run tasks, or `max: 0` to stop them",
                )


@rule("TZ522", Severity.ERROR, local=True)
def service_min_above_max(graph: Graph) -> Iterator[Finding]:
    """A service has a `min` above its `max`.

    ```yaml
    scaling: {min: 3, max: 2}   # bad
    scaling: {min: 2, max: 3}   # good
    ```
    """
    for service in services(graph):
        least = service.scaling.min
        if service.upside_down:
            yield Finding(
                (*service.path, "min"),
                f"`{service.name}` has `min: {least}` above its `max: {service.scaling.max}`",
                f"increase `max` to {least} or decrease `min`",
                ((*service.path, "max"),),
            )


@rule("TZ523", Severity.WARNING, local=True)
def service_never_runs(graph: Graph) -> Iterator[Finding]:
    """A service can never run a task.

    With `max: 0` it never has tasks, and an action cannot increase that limit, but its load
    balancer, logs and images still cost money.

    ```yaml
    scaling: {min: 0, max: 0}   # bad
    scaling: {min: 1, max: 1}   # good
    ```
    """
    for service in services(graph):
        if service.scaling.max == 0 and service.scaling.min == 0:
            yield Finding(
                (*service.path, "max"),
                f"`{service.name}` never runs any tasks, because its `max` is 0",
                "increase `max`, or remove the component",
            )


@rule("TZ524", Severity.WARNING, local=True)
def nothing_starts_the_first_task(graph: Graph) -> Iterator[Finding]:
    """A service begins with zero tasks, and nothing ever starts the first one.

    A service starts with `min` tasks. With zero tasks there is no CPU to measure, so CPU tracking
    does not add any, and requests do not start tasks either. Only an action with a `min` of 1 or
    more does.

    ```yaml
    scaling: {min: 0, max: 2}   # bad
    scaling: {min: 1, max: 2}   # good
    ```
    """
    for service in services(graph):
        if service.scaling.min == 0 < service.scaling.max and not _ever_started(service):
            yield Finding(
                (*service.path, "min"),
                f"`{service.name}` begins with 0 tasks, and nothing starts the first one",
                "write `min: 1`, or add a schedule with an action or window whose `min` is 1 or "
                "more",
            )


def _ever_started(service: ScaledService) -> bool:
    return any(service.bounds(item)[0] > 0 for _, item, _ in service.items())


def _own(bound: int | None) -> str:
    return " (the service's own)" if bound is None else ""


def _bound_path(path: SpecPath, item: Action | Window, key: str) -> SpecPath:
    """The bound where it is written, else what it was left out of."""
    return (*path, key) if getattr(item, key) is not None else path
