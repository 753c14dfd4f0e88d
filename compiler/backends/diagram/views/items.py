"""What each kind of component looks like on a diagram: icon, title, a few words, its price."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from compiler.backends.diagram.model.picture import Chip, Item, Service
from compiler.graph.graph import Graph, Relation
from compiler.kinds import KINDS
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.dns import Dns
from trazo_spec.components.ecs import Capacity, Ecs
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.components.s3 import S3
from trazo_spec.diagnostics import Diagnostic, Severity

DASH = "\N{EN DASH}"

MOST_NAMES = 3
"""Of a longer list, the first ones are named and the rest is counted."""

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Overlays:
    """What is shown on top of the architecture."""

    costs_usd: Mapping[str, Decimal]
    """USD per month of each component, in whole cents; empty for a diagram without prices."""
    schedules: Mapping[str, tuple[str, ...]]
    """For each service with hours: its windows in words."""
    findings: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict)
    """What is found in each component; empty for a diagram without findings."""

    def chips(self, *components: str) -> tuple[Chip, ...]:
        """What some components cost together, and what is found in them."""
        found = [d for c in components for d in self.findings.get(c, ())]
        return (*self.cost(*components), *finding_chip(found))

    def cost(self, *components: str) -> tuple[Chip, ...]:
        """The price of some components together; nothing for what has no bill."""
        known = [self.costs_usd[c] for c in components if c in self.costs_usd]
        usd = sum(known, Decimal(0))
        return (Chip(money(usd), "cost"),) if usd else ()


def finding_chip(found: Sequence[Diagnostic]) -> tuple[Chip, ...]:
    """How many findings there are, in the colour of the worst; nothing for none."""
    counts = Counter(d.severity for d in found)
    there = [(severity, counts[severity]) for severity in Severity if counts[severity]]
    if not there:
        return ()
    words = ", ".join(f"{count} {s}{'s' if count > 1 else ''}" for s, count in there)
    tooltip = "\n".join(f"{d.severity} {d.code}: {d.message}" for d in found)
    return (Chip(words, there[0][0].value, tooltip),)


def money(usd: Decimal) -> str:
    """An amount with cents.

    >>> money(Decimal("1234.5"))
    '$1,234.50'
    """
    return f"${usd:,.2f}"


def total_chip(costs_usd: Mapping[str, Decimal]) -> Chip:
    """What everything costs together."""
    return Chip(f"{money(sum(costs_usd.values(), Decimal(0)))} / month", "cost")


def in_cents(costs_usd: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    """The same amounts in whole cents, so that they add up to the rounded total.

    >>> a_third = Decimal(1) / 3
    >>> [str(usd) for usd in in_cents({"a": a_third, "b": a_third, "c": a_third}).values()]
    ['0.34', '0.33', '0.33']
    """
    total = sum(costs_usd.values(), Decimal(0)).quantize(_CENT)
    down = {name: usd // _CENT * _CENT for name, usd in sorted(costs_usd.items())}
    missing = int((total - sum(down.values(), Decimal(0))) / _CENT)
    by_rest = sorted(down, key=lambda name: (down[name] - costs_usd[name], name))
    return {name: usd + _CENT * (name in by_rest[:missing]) for name, usd in down.items()}


def icon(kind: str) -> str:
    """The icon class of a kind of component."""
    return f"{KINDS[kind].icon}"


def listed(names: Iterable[str], most: int = MOST_NAMES) -> tuple[str, ...]:
    """Names as lines; of too many, the first ones and how many more there are.

    >>> listed(["a", "b", "c", "d"])
    ('a', 'b', '2 more')
    """
    every = tuple(names)
    return every if len(every) <= most else (*every[: most - 1], f"{len(every) - most + 1} more")


def balancer(name: str, alb: Alb, overlays: Overlays) -> Item:
    """A load balancer with the host name that users call."""
    hosts = dict.fromkeys([alb.hostname, *(r.host for r in alb.routes if r.host is not None)])
    details = (name, *listed(hosts, 2))
    return Item(name, icon("alb"), "Load balancer", details, overlays.chips(name), "\n".join(hosts))


def cdn(name: str, cloudfront: Cloudfront, overlays: Overlays) -> Item:
    """A CDN with the host name that users call."""
    details = (name, cloudfront.hostname)
    return Item(name, icon("cloudfront"), "CloudFront", details, overlays.chips(name))


def zones(components: Mapping[str, Dns], overlays: Overlays) -> Item | None:
    """All hosted zones as one item, for they are one service to a reader."""
    if not components:
        return None
    names = [
        f"{c.zone or name}{' (existing)' if c.existing else ''}" for name, c in components.items()
    ]
    return Item(
        "route-53",
        icon("dns"),
        "Route 53",
        listed(names),
        overlays.chips(*components),
        "\n".join(names),
    )


def service(name: str, ecs: Ecs, overlays: Overlays, rows: int, *, alone: bool) -> Service:
    """A service: its capacity and size, and what stands below the task icon of each zone."""
    windows = overlays.schedules.get(name, ())
    zone = ecs.scaling.schedule.timezone if ecs.scaling.schedule else "UTC"
    chips = [Chip(w.removesuffix(f" {zone}") if "/" in zone else w, "schedule") for w in windows]
    low, high = ecs.scaling.min, ecs.scaling.max
    tasks = f"{low} task{'s' * (low != 1)}" if low == high else f"{low}{DASH}{high} tasks"
    memory = f"{ecs.memory_mib / 1024:g} GiB" if ecs.memory_mib >= 1024 else f"{ecs.memory_mib} MiB"
    details = (
        f"{_capacity(ecs.capacity)}{' · ARM64' if ecs.architecture == 'arm64' else ''}",
        f"{ecs.cpu / 1024:g} vCPU · {memory}",
        tasks if not windows or "/" not in zone else f"{tasks} · hours in {_city(zone)}",
    )
    title = f"ECS service {name}" if alone else name
    item = Item(
        name, icon("ecs"), title, details, (*overlays.chips(name), *chips), f"{ecs.image}\n{zone}"
    )
    captions = tuple(
        "tasks" if high > rows else "task" if high > row else "or here" for row in range(rows)
    )
    return Service(item, captions)


def _city(zone: str) -> str:
    """A time zone as people say it.

    >>> _city("America/New_York")
    'New York'
    """
    return zone.rpartition("/")[2].replace("_", " ")


def _capacity(capacity: Capacity) -> str:
    """On which Fargate capacity tasks run, in a few words."""
    base, spot = capacity.on_demand, capacity.spot
    if spot is None or (spot.weight == 0 and spot.base == 0):
        return "Fargate"
    if base is None or (base.weight == 0 and base.base == 0):
        return "Fargate Spot"
    if base.weight == 0:
        return f"Fargate {base.base}, then Spot"
    mixed = f"Fargate {base.weight} : {spot.weight} Spot"
    return f"{mixed}, {base.base} first" if base.base else mixed


def database(name: str, rds: Rds, overlays: Overlays) -> Item:
    """A PostgreSQL database."""
    details = (name, f"{rds.instance_class} · {rds.storage_gb} GB")
    title = f"RDS PostgreSQL {rds.engine_version}"
    return Item(name, icon("rds"), title, details, overlays.chips(name))


def cache(name: str, redis: Redis, overlays: Overlays) -> Item:
    """A Redis cache."""
    title = f"ElastiCache Redis {redis.engine_version}"
    return Item(name, icon("redis"), title, (name, redis.node_type), overlays.chips(name))


def bucket(name: str, graph: Graph, overlays: Overlays) -> Item:
    """A bucket with who reads and writes it."""
    details = bucket_users(name, graph)
    s3 = graph.spec.components.get(name)
    title = f"Existing S3 {name}" if isinstance(s3, S3) and s3.existing else f"S3 {name}"
    return Item(name, icon("s3"), title, details, overlays.chips(name), "\n".join(details))


def bucket_users(name: str, graph: Graph) -> tuple[str, ...]:
    """Which services read or write a bucket, which logs it keeps, and whether a CDN serves it."""
    reading = {e.source for e in graph.edges_to(name, Relation.READS)}
    writing = {e.source for e in graph.edges_to(name, Relation.WRITES)}
    cdns = sorted(n for n, _ in graph.of(Cloudfront) if n in reading)
    lines = [f"read by {n}" for n in cdns]
    for who in sorted((reading | writing) - set(cdns)):
        verbs = [v for v, doing in (("read", reading), ("written", writing)) if who in doing]
        lines.append(f"{' and '.join(verbs)} by {who}")
    lines += [f"logs of {e.source}" for e in graph.edges_to(name, Relation.LOGS_TO)]
    return listed(lines)
