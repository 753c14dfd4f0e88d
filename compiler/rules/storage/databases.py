"""Rules about databases and caches."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compiler.aws.lists import Support, support
from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.diagnostics import Severity, SpecPath

# From this size on a gp3 disk of PostgreSQL is striped, and its speed can be chosen.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
GP3_STRIPED_GB = 400
GP3_IOPS = (12_000, 64_000)
GP3_THROUGHPUT_MIB_PER_S = (500, 4_000)
GP3_IOPS_PER_MIB_PER_S = 4
IO1_LEAST_GB = 100
IO1_IOPS_PER_GB = (0.5, 50)
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
LEAST_GROWTH_PERCENT = 10
# Source: https://github.com/aws-cloudformation/cfn-lint/pull/4425, tried against AWS
RESERVED_USERS = re.compile(r"admin|rdsadmin|pg_.*|rds_.*", re.IGNORECASE)
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
POSTGRESQL_VERSIONS = range(11, 19)
OFFERED = {"PostgreSQL": tuple(map(str, POSTGRESQL_VERSIONS)), "Redis": ("6.x", "7.0", "7.1")}
"""The versions that may be written, the oldest first."""
# Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
NODES_WITHOUT_FAILOVER = ("cache.t1.", "cache.m1.", "cache.m2.", "cache.c1.")


@rule("TZ435", Severity.ERROR, local=True)
def disk_speed(graph: Graph) -> Iterator[Finding]:
    """A disk cannot have the requested performance.

    A gp3 disk below 400 GiB always has 3,000 IOPS and 125 MiB/s; from 400 GiB, both can be
    increased. The performance of a gp2 disk depends on its size. `throughput_mib_per_s` is only for
    gp3.

    ```yaml
    {storage_gb: 100, storage_type: gp3, iops: 6000}    # bad
    {storage_gb: 400, storage_type: gp3, iops: 12000}   # good
    ```
    """
    for name, database in graph.of(Rds):
        for field, message, advice in _disk_problems(database):
            yield Finding(("components", name, field), message, advice)


def _disk_problems(database: Rds) -> Iterator[tuple[str, str, str]]:
    """Field, message and advice for each speed that the disk cannot have."""
    throughput, iops, size_gb = database.throughput_mib_per_s, database.iops, database.storage_gb
    kind = database.storage_type
    if throughput is not None and kind != "gp3":
        message = f"`throughput_mib_per_s` is only for `gp3`, but the disk is `{kind}`"
        yield "throughput_mib_per_s", message, "remove it"
    if kind == "gp2" and iops is not None:
        message = "a `gp2` disk does not support `iops`; it has 3 for each GiB"
        yield "iops", message, "remove it, or use `gp3` or `io1`"
    if kind != "gp3":
        return
    fastest = min(GP3_THROUGHPUT_MIB_PER_S[1], (iops or GP3_IOPS[0]) // GP3_IOPS_PER_MIB_PER_S)
    limits = (
        ("iops", iops, *GP3_IOPS),
        ("throughput_mib_per_s", throughput, GP3_THROUGHPUT_MIB_PER_S[0], fastest),
    )
    for field, value, least, most in limits:
        if value is not None and size_gb < GP3_STRIPED_GB:
            message = (
                f"`{field}: {value}` requires a `gp3` disk of {GP3_STRIPED_GB} GiB or more, but "
                f"this one has {size_gb}"
            )
            yield field, message, f"remove it, or write `storage_gb: {GP3_STRIPED_GB}`"
        elif value is not None and not least <= value <= most:
            ends = f"write `{field}: {least if value < least else most}`"
            faster = min(GP3_IOPS[1], value * GP3_IOPS_PER_MIB_PER_S)
            raised = field == "throughput_mib_per_s" and value <= GP3_THROUGHPUT_MIB_PER_S[1]
            advice = f"{ends}, or `iops: {faster}`" if raised and value > most else ends
            yield field, f"`{field}: {value}` is not between {least} and {most}", advice


@rule("TZ436", Severity.ERROR, local=True)
def provisioned_disk(graph: Graph) -> Iterator[Finding]:
    """An io1 disk does not set its IOPS, or has a size or ratio that AWS does not offer.

    An io1 disk must have 100 GiB or more, and between 0.5 and 50 IOPS for each GiB.

    ```yaml
    {storage_gb: 20, storage_type: io1}                # bad
    {storage_gb: 100, storage_type: io1, iops: 3000}   # good
    ```
    """
    for name, database in graph.of(Rds):
        size_gb, iops = database.storage_gb, database.iops
        if database.storage_type != "io1":
            continue
        least, most = (int(ratio * size_gb) for ratio in IO1_IOPS_PER_GB)
        if iops is None:
            message = f"the `io1` disk of `{name}` does not set `iops`"
            yield Finding(("components", name, "storage_type"), message, "add `iops: 3000`")
        if size_gb < IO1_LEAST_GB:
            message = (
                f"an `io1` disk must have {IO1_LEAST_GB} GiB or more, but `{name}` has {size_gb}"
            )
            field = "storage_gb" if "storage_gb" in database.model_fields_set else "storage_type"
            advice = f"write `storage_gb: {IO1_LEAST_GB}`, or use `storage_type: gp3`"
            yield Finding(("components", name, field), message, advice)
        elif iops is not None and not least <= iops <= most:
            message = (
                f"`iops: {iops}` is not valid for {size_gb} GiB, which allow {least} to {most}"
            )
            yield Finding(("components", name, "iops"), message, _io1_advice(size_gb, iops))


def _io1_advice(size_gb: int, iops: int) -> str:
    """Both ways to make a disk's size and speed go together."""
    least, most = (int(ratio * size_gb) for ratio in IO1_IOPS_PER_GB)
    slowest, fastest = IO1_IOPS_PER_GB
    size = -(-iops // int(fastest)) if iops > most else int(iops / slowest)
    return f"write `iops: {most if iops > most else least}`, or `storage_gb: {size}`"


@rule("TZ437", Severity.ERROR, local=True)
def growth_limit(graph: Graph) -> Iterator[Finding]:
    """A disk does not have enough room to grow.

    AWS lets a disk grow automatically up to `max_storage_gb`, which must be at least 10 percent
    above its size.

    ```yaml
    {storage_gb: 100, max_storage_gb: 100}   # bad
    {storage_gb: 100, max_storage_gb: 200}   # good
    ```
    """
    for name, database in graph.of(Rds):
        limit_gb = database.max_storage_gb
        least_gb = -(-database.storage_gb * (100 + LEAST_GROWTH_PERCENT) // 100)
        if limit_gb is not None and limit_gb < least_gb:
            message = (
                f"`max_storage_gb: {limit_gb}` does not leave a disk of {database.storage_gb} "
                f"GiB enough room to grow; AWS requires {least_gb} or more"
            )
            advice = (
                f"write `max_storage_gb: {least_gb}` or more, or remove it if the disk should "
                "not grow"
            )
            yield Finding(("components", name, "max_storage_gb"), message, advice)


@rule("TZ438", Severity.ERROR, local=True)
def reserved_user(graph: Graph) -> Iterator[Finding]:
    """The master user has a name that PostgreSQL or RDS reserves.

    ```yaml
    username: admin   # bad, good is any other name
    ```
    """
    for name, database in graph.of(Rds):
        if RESERVED_USERS.fullmatch(database.username):
            message = f"`{database.username}` is a reserved name in RDS for PostgreSQL"
            path = ("components", name, "username")
            yield Finding(path, message, "choose another name, such as `app`")


@rule("TZ439", Severity.WARNING, local=True)
def unknown_version(graph: Graph) -> Iterator[Finding]:
    """RDS does not offer this PostgreSQL version, as far as trazo knows.

    ```yaml
    engine_version: "61"   # bad
    engine_version: "16"   # good
    ```
    """
    for name, database in graph.of(Rds):
        if int(database.engine_version.partition(".")[0]) not in POSTGRESQL_VERSIONS:
            first, last = POSTGRESQL_VERSIONS[0], POSTGRESQL_VERSIONS[-1]
            message = (
                f"PostgreSQL `{database.engine_version}` is not a known version; RDS offers "
                f"{first} to {last}"
            )
            yield Finding(("components", name, "engine_version"), message)


@rule("TZ440", Severity.WARNING, local=True)
def extended_support(graph: Graph) -> Iterator[Finding]:
    """A version of PostgreSQL or Redis is so old that AWS charges for its support.

    Extended Support of RDS is charged per vCPU and hour, which for a small instance is more than
    the price of the instance itself; that of ElastiCache per node and hour. The days are those of
    AWS's calendar when trazo's list was made.

    ```yaml
    engine_version: "12"   # bad
    engine_version: "16"   # good
    ```
    """
    for version in _versions(graph):
        if version.support.ended:
            message = (
                f"{version.called} is in Extended Support, which AWS charges per {version.unit} "
                f"and hour since {version.support.charged}, and which ends on {version.support.end}"
            )
            yield Finding(version.path, message, f"use {version.newer} or newer")


@dataclass(frozen=True, slots=True)
class _Version:
    """The version of an engine that has an end, and where it stands in the spec."""

    path: SpecPath
    called: str
    unit: str
    """What Extended Support is charged by, beside the hour."""
    newer: str
    """The oldest version whose standard support does not end soon."""
    support: Support


def _versions(graph: Graph) -> Iterator[_Version]:
    written = [(name, "PostgreSQL", d.engine_version) for name, d in graph.of(Rds)]
    written += [(name, "Redis", cache.engine_version) for name, cache in graph.of(Redis)]
    for name, engine, version in written:
        if (days := support(engine, version)) is not None:
            unit = "vCPU" if engine == "PostgreSQL" else "node"
            newer = next(v for v in OFFERED[engine] if _lasts(engine, v))
            path = ("components", name, "engine_version")
            yield _Version(path, f"{engine} `{version}`", unit, newer, days)


def _lasts(engine: str, version: str) -> bool:
    days = support(engine, version)
    return days is None or not (days.ended or days.ending)


@rule("TZ441", Severity.WARNING, local=True)
def weekly_password(graph: Graph) -> Iterator[Finding]:
    """RDS rotates the password every week, but running tasks keep the old one.

    ECS reads secrets only when a task starts. After RDS rotates the password, new connections from
    running tasks are refused until the tasks are replaced.

    ```yaml
    password: rds_managed   # bad, unless the application reads the secret itself
    password: ephemeral     # good
    ```
    """
    for name, database in graph.of(Rds):
        if database.password == "rds_managed":  # noqa: S105 - a choice of the language
            message = (
                f"RDS rotates the password of `{name}` every 7 days, but running tasks keep the "
                "old one"
            )
            advice = (
                "make the application read the secret before it connects, or write `password: "
                "ephemeral`"
            )
            yield Finding(("components", name, "password"), message, advice)


@rule("TZ442", Severity.ERROR, local=True)
def failover_of_old_nodes(graph: Graph) -> Iterator[Finding]:
    """A cache has replicas, but its node type does not support failover.

    ```yaml
    {node_type: cache.t1.micro, nodes: 2}    # bad
    {node_type: cache.t4g.micro, nodes: 2}   # good
    ```
    """
    for name, cache in graph.of(Redis):
        if cache.nodes > 1 and cache.node_type.startswith(NODES_WITHOUT_FAILOVER):
            message = (
                f"`{cache.node_type}` does not support failover, but `{name}` has {cache.nodes} "
                "nodes"
            )
            advice = "use a newer type, such as `cache.t4g.micro`, or write `nodes: 1`"
            yield Finding(("components", name, "node_type"), message, advice)


@rule("TZ725", Severity.INFO, local=True)
def support_ends(graph: Graph) -> Iterator[Finding]:
    """A version of PostgreSQL or Redis leaves standard support within a year of trazo's list.

    AWS then charges for Extended Support, unless the version is upgraded before. An upgrade to
    another major version interrupts the database and cannot be undone, so it takes preparation.

    ```yaml
    engine_version: "14"   # bad: until 2027-02-28
    engine_version: "16"   # good
    ```
    """
    for version in _versions(graph):
        if version.support.ending:
            message = (
                f"standard support of {version.called} ends on {version.support.standard}; AWS "
                f"charges for Extended Support per {version.unit} and hour from "
                f"{version.support.charged}"
            )
            yield Finding(version.path, message, f"plan an upgrade to {version.newer} or newer")


RULES: tuple[Rule, ...] = (
    disk_speed,
    provisioned_disk,
    growth_limit,
    reserved_user,
    unknown_version,
    extended_support,
    weekly_password,
    failover_of_old_nodes,
    support_ends,
)
