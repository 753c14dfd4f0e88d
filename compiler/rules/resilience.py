"""Rules about what survives a failure, a mistake or a bad day at AWS."""

from collections.abc import Iterator

from compiler.components.networking.subnets import zone_names
from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.alb import Alb
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.components.s3 import S3
from trazo_spec.components.security import Security
from trazo_spec.diagnostics import Remedy, Severity, SpecPath


@rule("TZ457", Severity.WARNING, local=True)
def no_backups(graph: Graph) -> Iterator[Finding]:
    """A database in production has no automatic backups.

    Neither a deleted table nor a lost disk can then be brought back.

    ```yaml
    backup_retention_days: 0   # bad in production
    backup_retention_days: 7   # good
    ```
    """
    for name, database in graph.of(Rds):
        if graph.production and database.backup_retention_days == 0:
            message = f"the database `{name}` of `{graph.environment}` has no backups"
            path = ("components", name, "backup_retention_days")
            yield Finding(path, message, "write `backup_retention_days: 7`", remedy=Remedy(7))


@rule("TZ458", Severity.WARNING, local=True)
def unprotected(graph: Graph) -> Iterator[Finding]:
    """A database or load balancer of production can be deleted by one wrong apply.

    ```yaml
    deletion_protection: false   # bad in production, good in an environment to throw away
    ```
    """
    for name, c in graph.spec.components.items():
        risky = isinstance(c, Alb | Rds) and not c.deletion_protection
        if graph.production and risky:
            message = f"nothing keeps `{name}` of `{graph.environment}` from being deleted"
            path = ("components", name, "deletion_protection")
            advice = "remove the line; protection is the default"
            yield Finding(path, message, advice, remedy=Remedy(value=True))


@rule("TZ459", Severity.WARNING, local=True)
def no_last_snapshot(graph: Graph) -> Iterator[Finding]:
    """A database of production goes without a last snapshot.

    AWS deletes automatic backups together with the instance.

    ```yaml
    final_snapshot: false   # bad in production, good in an environment to throw away
    ```
    """
    for name, database in graph.of(Rds):
        if graph.production and not database.final_snapshot:
            message = (
                f"the data of `{name}` is gone when the database of `{graph.environment}` is "
                "deleted"
            )
            path = ("components", name, "final_snapshot")
            advice = "remove the line; a last snapshot is the default"
            yield Finding(path, message, advice, remedy=Remedy(value=True))


@rule("TZ460", Severity.WARNING, local=True)
def emptied_bucket(graph: Graph) -> Iterator[Finding]:
    """Terraform may delete a bucket of production with all that is in it.

    ```yaml
    force_destroy: true   # bad in production, good in an environment to throw away
    ```
    """
    for name, bucket in graph.of(S3):
        if graph.production and bucket.force_destroy:
            message = f"Terraform may delete `{name}` of `{graph.environment}` with all its objects"
            path = ("components", name, "force_destroy")
            yield Finding(path, message, "remove the line", remedy=Remedy(value=False))


@rule("TZ461", Severity.INFO)
def single_point_of_failure(graph: Graph) -> Iterator[Finding]:
    """Tasks run in several zones, and what they need stands in one.

    A service with two tasks or more in production survives the loss of a zone; its database, cache
    or NAT gateway does not. A second one doubles what it costs, so this is a choice, not a
    mistake.

    ```yaml
    web:      {kind: ecs, image: acme/web:1, scaling: {min: 2, max: 4}, uses: {database: connect}}
    database: {kind: rds}                   # bad
    database: {kind: rds, multi_az: true}   # good
    ```
    """
    found: dict[SpecPath, Finding] = {}
    for name, service in graph.of(Ecs):
        least = service.scaling.min
        if not graph.production or not 2 <= least <= service.scaling.max:
            continue
        for path, what in _single(graph, service):
            message = f"`{name}` always runs {least} tasks or more, but {what} in one zone"
            advice = "a choice: a second one costs as much again"
            found.setdefault(path, Finding(path, message, advice, (("components", name),)))
    yield from found.values()


def _single(graph: Graph, service: Ecs) -> Iterator[tuple[SpecPath, str]]:
    for target in sorted(service.uses):
        match graph.spec.components.get(target):
            case Rds(multi_az=False):
                yield ("components", target, "multi_az"), f"its database `{target}` stands"
            case Redis(nodes=1):
                yield ("components", target, "nodes"), f"its cache `{target}` stands"
    network = graph.spec.components.get(service.network or "")
    if not isinstance(network, Networking) or len(zone_names(network, graph.spec.region)) < 2:
        return
    if network.egress.nat == "single" and network.existing is None:
        path = ("components", service.network or "", "egress", "nat")
        yield path, f"the NAT gateway of `{service.network}` stands"


@rule("TZ462", Severity.WARNING, local=True)
def alarm_that_always_rings(graph: Graph) -> Iterator[Finding]:
    """An alarm's limit lies where things are when all is well.

    Target tracking keeps the CPU of a service at its target, so an alarm at or below it rings
    every busy day. A disk never has more free space than it is large.

    ```yaml
    alarms: {email: ops@acme.io, cpu_percent: 70}   # bad, with target_cpu_percent: 80
    alarms: {email: ops@acme.io, cpu_percent: 90}   # good
    ```
    """
    for path, limit, what, related in _useless_limits(graph):
        yield Finding(path, f"the alarm at {limit} always rings: {what}", "", (related,))


def _useless_limits(graph: Graph) -> Iterator[tuple[SpecPath, str, str, SpecPath]]:
    for name, security in graph.of(Security):
        alarms = security.alarms
        if alarms is None:
            continue
        path: SpecPath = ("components", name, "alarms")
        cpu_percent, free_gb = alarms.cpu_percent, alarms.database_free_storage_gb
        for service, c in graph.of(Ecs):
            target = c.scaling.target_cpu_percent
            tracked = c.scaling.max > c.scaling.min and target is not None
            if tracked and cpu_percent is not None and cpu_percent <= (target or 0):
                what = f"`{service}` is kept at {target} %"
                where = ("components", service, "scaling", "target_cpu_percent")
                yield (*path, "cpu_percent"), f"{cpu_percent} % of CPU", what, where
        for database, d in graph.of(Rds):
            if free_gb is not None and free_gb >= d.storage_gb:
                what = f"the whole disk of `{database}` has {d.storage_gb} GiB"
                disk = ("components", database, "storage_gb")
                yield (*path, "database_free_storage_gb"), f"{free_gb} GiB free", what, disk


RULES: tuple[Rule, ...] = (
    no_backups,
    unprotected,
    no_last_snapshot,
    emptied_bucket,
    single_point_of_failure,
    alarm_that_always_rings,
)
