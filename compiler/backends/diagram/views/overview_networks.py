"""A VPC of an overview: its zones as rows, and what runs in them."""

from collections.abc import Collection, Iterator, Sequence

from compiler.backends.diagram.model.picture import Item, Network, Store, Zone
from compiler.backends.diagram.views import items
from compiler.backends.diagram.views.items import Overlays
from compiler.components.networking.egress import interface_services, nat_zones
from compiler.components.networking.subnets import Zone as Subnets
from compiler.components.networking.subnets import zone_names, zones
from compiler.graph.graph import Graph, Relation
from trazo_spec.base import Component
from trazo_spec.components.alb import Alb
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis

GATEWAY_ICON = "aws.network.InternetGateway"
NAT_ICON = "aws.network.NATGateway"
ENDPOINT_ICON = "aws.network.Endpoint"

MOST_ROWS = 3
"""More zones than these share the last row of an overview."""
MOST_ENDPOINTS = 5
"""Of more interface endpoints, an overview counts the rest."""


def network(
    name: str,
    networking: Networking,
    graph: Graph,
    overlays: Overlays,
    buckets: Collection[str],
    most_rows: int = MOST_ROWS,
) -> Network:
    """One VPC with all that stands in it.

    Args:
        name: the component's name.
        networking: the component.
        graph: the environment.
        overlays: what is shown on top.
        buckets: those that services have arrows to.
        most_rows: more zones than these share the last row.
    """
    inside = frozenset(e.source for e in graph.edges_to(name, Relation.RUNS_IN))
    rows = _rows(name, networking, graph, most_rows)
    services = [(n, c) for n, c in graph.of(Ecs) if n in inside]
    return Network(
        id=name,
        title="VPC" if networking.existing is None else "Existing VPC",
        detail=f"{name} · {which_network(networking)}",
        zones=rows,
        chips=overlays.chips(name),
        gateway=_gateway(name, rows, has_balancer=_any(graph, Alb, inside)),
        balancers=tuple(items.balancer(n, c, overlays) for n, c in graph.of(Alb) if n in inside),
        services=tuple(
            items.service(n, c, overlays, len(rows), alone=len(services) == 1) for n, c in services
        ),
        stores=tuple(_stores(graph, inside, overlays, len(rows))),
        s3_endpoint=_s3_endpoint(name, graph, [n for n, _ in services], buckets),
        interface_endpoints=interface_endpoints(name, networking) if services else None,
    )


def which_network(networking: Networking) -> str:
    """The addresses of a new VPC, the id of one that is there already."""
    return networking.cidr if networking.existing is None else networking.existing.vpc


def _any(graph: Graph, kind: type[Component], inside: frozenset[str]) -> bool:
    return any(n in inside for n, _ in graph.of(kind))


def _rows(name: str, networking: Networking, graph: Graph, most: int) -> tuple[Zone, ...]:
    """One row for each zone; of too many, the last ones share a row."""
    known = zones(networking, graph.spec.region)
    if not known:
        named = zone_names(networking, graph.spec.region)
        return tuple(Zone(f"Availability Zone {n}") for n in named[:most])
    gateways = nat_zones(networking, known)
    groups = [known[i : i + 1] for i in range(len(known))]
    if len(groups) > most:
        groups = [*groups[: most - 1], known[most - 1 :]]
    short = len(groups) > 2
    return tuple(_row(name, group, gateways, short=short) for group in groups)


def _row(name: str, group: Sequence[Subnets], gateways: Sequence[Subnets], *, short: bool) -> Zone:
    first, *others = group
    nats = [z for z in group if z in gateways]
    nat = None
    if nats:
        title = "NAT gateway" if len(nats) == 1 else f"{len(nats)} NAT gateways"
        nat = Item(f"{name}.nat_{nats[0].letter}", NAT_ICON, title)
    word = "AZ" if short else "Availability Zone"
    if not others:
        return Zone(f"{word} {first.name}", first.public, first.private, nat)
    title = f"{word} {first.name}, {', '.join(z.letter for z in others)}"
    return Zone(title, f"{first.public}, …", f"{first.private}, …", nat)


def _gateway(name: str, rows: Sequence[Zone], *, has_balancer: bool) -> Item | None:
    """The internet gateway, where something uses it."""
    if not has_balancer and not any(row.nat for row in rows):
        return None
    return internet_gateway(name)


def internet_gateway(name: str) -> Item:
    """The internet gateway of a VPC."""
    return Item(f"{name}.gateway", GATEWAY_ICON, "Internet gateway")


def _stores(graph: Graph, inside: frozenset[str], overlays: Overlays, rows: int) -> Iterator[Store]:
    """Databases and caches spread over the rows, what stands by for them in the row below."""
    filled = [0] * rows

    def put(item: Item, row: int) -> Store:
        filled[row] += 1
        return Store(item, row)

    def emptiest() -> int:
        return min(range(rows), key=lambda row: (filled[row], row))

    for name, rds in graph.of(Rds):
        if name in inside:
            row = emptiest()
            yield put(items.database(name, rds, overlays), row)
            if rds.multi_az and rows > 1:
                standby = Item(f"{name}.standby", items.icon("rds"), "Standby", (f"of {name}",))
                yield put(standby, (row + 1) % rows)
    for name, redis in graph.of(Redis):
        if name in inside:
            row = emptiest()
            yield put(items.cache(name, redis, overlays), row)
            if redis.nodes > 1 and rows > 1:
                count = redis.nodes - 1
                title = "Replica" if count == 1 else f"{count} replicas"
                replica = Item(f"{name}.replica", items.icon("redis"), title, (f"of {name}",))
                yield put(replica, (row + 1) % rows)


def _s3_endpoint(
    name: str, graph: Graph, services: Sequence[str], buckets: Collection[str]
) -> Item | None:
    """The gateway endpoint, where a service of this VPC has an arrow to a bucket."""
    used = (e for s in services for e in graph.edges_from(s, Relation.READS, Relation.WRITES))
    if not any(e.target in buckets for e in used):
        return None
    return Item(f"{name}.s3_endpoint", ENDPOINT_ICON, "S3 gateway endpoint")


def interface_endpoints(
    name: str, networking: Networking, most: int = MOST_ENDPOINTS
) -> Item | None:
    """The interface endpoints together, with the services that they stand for."""
    services = interface_services(networking)
    if not services:
        return None
    details = items.listed(services, most)
    return Item(
        f"{name}.endpoints",
        ENDPOINT_ICON,
        "Interface endpoints",
        details,
        tooltip="\n".join(services),
    )
