"""Rules about what survives a failure, a mistake or a bad day at AWS."""

from collections.abc import Iterator

from compiler.aws.routing import live_routes
from compiler.components.alb import sleeps
from compiler.components.networking.subnets import zone_names
from compiler.graph.graph import Graph, Relation
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
    """A production database does not have automated backups.

    A deleted table or a lost disk then cannot be restored.

    ```yaml
    backup_retention_days: 0   # bad in production
    backup_retention_days: 7   # good
    ```
    """
    for name, database in graph.of(Rds):
        if graph.production and database.backup_retention_days == 0:
            message = f"the database `{name}` of `{graph.environment}` does not have backups"
            path = ("components", name, "backup_retention_days")
            yield Finding(path, message, "write `backup_retention_days: 7`", remedy=Remedy(7))


@rule("TZ458", Severity.WARNING, local=True)
def unprotected(graph: Graph) -> Iterator[Finding]:
    """A single wrong apply can delete a production database or load balancer.

    ```yaml
    deletion_protection: false   # bad in production, good in an environment to throw away
    ```
    """
    for name, c in graph.spec.components.items():
        risky = isinstance(c, Alb | Rds) and not c.deletion_protection
        if graph.production and risky:
            message = f"`{name}` of `{graph.environment}` is not protected from deletion"
            path = ("components", name, "deletion_protection")
            advice = "remove this line; protection is on by default"
            yield Finding(path, message, advice, remedy=Remedy(value=True))


@rule("TZ459", Severity.WARNING, local=True)
def no_last_snapshot(graph: Graph) -> Iterator[Finding]:
    """A production database is deleted without a final snapshot.

    AWS deletes automated backups together with the instance.

    ```yaml
    final_snapshot: false   # bad in production, good in an environment to throw away
    ```
    """
    for name, database in graph.of(Rds):
        if graph.production and not database.final_snapshot:
            message = (
                f"the data of `{name}` is lost if the database of `{graph.environment}` is deleted"
            )
            path = ("components", name, "final_snapshot")
            advice = "remove this line; a final snapshot is taken by default"
            yield Finding(path, message, advice, remedy=Remedy(value=True))


@rule("TZ460", Severity.WARNING, local=True)
def emptied_bucket(graph: Graph) -> Iterator[Finding]:
    """Terraform may delete a production bucket with everything in it.

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
    """Tasks run in several zones, but a resource that they need is in only one.

    A production service with two tasks or more survives the failure of a zone, but its database,
    cache or NAT gateway does not. A second one doubles the cost, so this is a choice, not a
    mistake.

    ```yaml
    web:      {kind: ecs, image: acme/web:1, scaling: {min: 2, max: 4}, uses: {database: connect}}
    database: {kind: rds}                   # bad
    database: {kind: rds, multi_az: true}   # good
    ```
    """
    findings: dict[SpecPath, Finding] = {}
    for name, service in graph.of(Ecs):
        least = service.scaling.min
        if not graph.production or not 2 <= least <= service.scaling.max:
            continue
        for path, what in _single(graph, service):
            message = f"`{name}` always runs {least} tasks or more, but {what} in a single zone"
            advice = "this may be intended; a second one doubles its cost"
            findings.setdefault(path, Finding(path, message, advice, (("components", name),)))
    yield from findings.values()


def _single(graph: Graph, service: Ecs) -> Iterator[tuple[SpecPath, str]]:
    for target in sorted(service.uses):
        match graph.spec.components.get(target):
            case Rds(multi_az=False):
                yield ("components", target, "multi_az"), f"its database `{target}` is"
            case Redis(nodes=1):
                yield ("components", target, "nodes"), f"its cache `{target}` is"
    network = graph.spec.components.get(service.network or "")
    if not isinstance(network, Networking) or len(zone_names(network, graph.spec.region)) < 2:
        return
    if network.egress.nat == "single" and network.existing is None:
        path = ("components", service.network or "", "egress", "nat")
        yield path, f"the NAT gateway of `{service.network}` is"


@rule("TZ462", Severity.WARNING, local=True)
def alarm_that_always_rings(graph: Graph) -> Iterator[Finding]:
    """An alarm fires in normal operation.

    Target tracking keeps the CPU of a service at its target, so an alarm at or below it fires every
    busy day. The free space on a disk never exceeds its size.

    ```yaml
    alarms: {email: ops@acme.io, cpu_percent: 70}   # bad, with target_cpu_percent: 80
    alarms: {email: ops@acme.io, cpu_percent: 90}   # good
    ```
    """
    for path, limit, what, related in _useless_limits(graph):
        yield Finding(path, f"the alarm at {limit} always fires: {what}", "", (related,))


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
                what = f"target tracking keeps `{service}` at {target}%"
                where = ("components", service, "scaling", "target_cpu_percent")
                yield (*path, "cpu_percent"), f"{cpu_percent}% CPU", what, where
        for database, d in graph.of(Rds):
            if free_gb is not None and free_gb >= d.storage_gb:
                what = f"the whole disk of `{database}` has only {d.storage_gb} GiB"
                disk = ("components", database, "storage_gb")
                yield (
                    (*path, "database_free_storage_gb"),
                    f"{free_gb} GiB of free space",
                    what,
                    disk,
                )


@rule("TZ708", Severity.INFO)
def alarm_while_asleep(graph: Graph) -> Iterator[Finding]:
    """An alarm cannot tell a service that sleeps from one that is down.

    A load balancer answers 503 when a service has no tasks, by its schedule or because all of them
    have failed. Where a service can be at 0 tasks, `load_balancer_5xx_per_5min` therefore leaves
    out these answers, and without tasks there are no `unhealthy_targets` either: an outage in which
    no task starts does not send an email. Watch the host name from outside as well.

    ```yaml
    scaling: {min: 0, max: 2}   # bad, with alarms
    scaling: {min: 1, max: 2}   # good
    ```
    """
    for name, security in graph.of(Security):
        settings = security.alarms
        if settings is None or settings.load_balancer_5xx_per_5min is None:
            continue
        for edge in graph.edges_from(name, Relation.WATCHES):
            alb = graph.spec.components[edge.target]
            if not isinstance(alb, Alb):
                continue
            services = dict.fromkeys(r.service for r in live_routes(edge.target, alb, graph))
            for service in filter(lambda s: sleeps(s, graph), services):
                message = (
                    f"the 5xx alarm of `{edge.target}` does not count 503, because `{service}` "
                    "can be at 0 tasks: it does not tell sleep from an outage"
                )
                path = ("components", name, "alarms")
                related = (("components", service, "scaling"),)
                yield Finding(path, message, "watch the host name from outside, too", related)


RULES: tuple[Rule, ...] = (
    no_backups,
    unprotected,
    no_last_snapshot,
    emptied_bucket,
    single_point_of_failure,
    alarm_that_always_rings,
    alarm_while_asleep,
)
