"""Rules about when AWS backs up and maintains databases and caches."""

from collections.abc import Iterator

from compiler.aws.windows import at_once, minutes, overlap
from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.diagnostics import Severity

# Sources: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html and
# https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html
SHORTEST_MINUTES = {"rds": 30, "redis": 60}
FIELDS = ("maintenance_window", "backup_window")


@rule("TZ675", Severity.ERROR, local=True)
def short_window(graph: Graph) -> Iterator[Finding]:
    """A maintenance or backup window is shorter than AWS allows.

    It must have 30 minutes or more for a database and 60 for a cache.

    ```yaml
    db: {kind: rds, maintenance_window: "sun:03:00-sun:03:15"}   # bad
    db: {kind: rds, maintenance_window: "sun:03:00-sun:03:30"}   # good
    ```
    """
    for name, component, field, window in _windows(graph):
        least, length = SHORTEST_MINUTES[component.kind], minutes(window)[1]
        if length < least:
            message = f"`{field}` of `{name}` has {length} minutes, but AWS wants {least} or more"
            yield Finding(("components", name, field), message, "write a later end")


@rule("TZ676", Severity.ERROR, local=True)
def overlapping_windows(graph: Graph) -> Iterator[Finding]:
    """The backup window reaches into the maintenance window.

    AWS refuses that, for it does not maintain what it backs up.

    ```yaml
    {backup_window: "03:00-04:00", maintenance_window: "sun:03:30-sun:04:30"}   # bad
    {backup_window: "03:00-04:00", maintenance_window: "sun:04:00-sun:05:00"}   # good
    ```
    """
    for name, component in _components(graph):
        daily, weekly = component.backup_window, component.maintenance_window
        if daily and weekly and overlap(daily, weekly):
            message = f"`backup_window: {daily}` of `{name}` reaches into `{weekly}`"
            path = ("components", name, "backup_window")
            yield Finding(path, message, "choose another time of the day")


@rule("TZ679", Severity.WARNING, local=True)
def upgrade_in_the_window(graph: Graph) -> Iterator[Finding]:
    """A major upgrade would wait for the maintenance window.

    Terraform cannot wait with it: until the window, every apply ends with an error, because the
    parameter group of the new version cannot be set and the one of the old version not be deleted.
    Choose the time yourself, apply with `apply: at_once`, and remove both fields afterwards.

    ```yaml
    {engine_version: "17", allow_major_upgrade: true}                   # bad in production
    {engine_version: "17", allow_major_upgrade: true, apply: at_once}   # good
    ```
    """
    for name, database in graph.of(Rds):
        if database.allow_major_upgrade and not at_once(database.apply, graph):
            message = (
                f"a major upgrade of `{name}` would wait for its maintenance window, and every "
                "`terraform apply` until then would end with an error"
            )
            path = ("components", name, "allow_major_upgrade")
            advice = "write `apply: at_once` for the upgrade; remove both fields after it"
            yield Finding(path, message, advice)


def _components(graph: Graph) -> Iterator[tuple[str, Rds | Redis]]:
    yield from graph.of(Rds)
    yield from graph.of(Redis)


def _windows(graph: Graph) -> Iterator[tuple[str, Rds | Redis, str, str]]:
    """Every window that is written, with its component and field."""
    for name, component in _components(graph):
        for field in FIELDS:
            if window := getattr(component, field):
                yield name, component, field, window


RULES: tuple[Rule, ...] = (short_window, overlapping_windows, upgrade_in_the_window)
