"""A VPC of an overview: its zones as rows, and what runs in them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from compiler.aws.names import is_existing
from compiler.backends.cards import placed, vpcs
from compiler.backends.diagram.model.picture import (
    Inside,
    Item,
    Network,
    Store,
    TaskRows,
    Zone,
    one,
)
from compiler.backends.diagram.views import items
from compiler.backends.diagram.views.items import Overlays
from compiler.card import Card, Place, Vpc, listed
from compiler.card import Zone as Subnets
from compiler.graph.graph import Graph, Relation

GATEWAY_ICON = "aws.network.InternetGateway"
NAT_ICON = "aws.network.NATGateway"
ENDPOINT_ICON = "aws.network.Endpoint"

MOST_ROWS = 3
"""More zones than these share the last row of an overview."""
MOST_ENDPOINTS = 5
"""Of more interface endpoints, an overview counts the rest."""


def networks(
    graph: Graph, cards: Mapping[str, Card], overlays: Overlays, region: Collection[str]
) -> tuple[Network, ...]:
    """Every VPC with all that stands in it; `region` are what services have arrows to outside."""
    return tuple(network(n, v, graph, cards, overlays, region) for n, v in vpcs(cards).items())


def network(
    name: str,
    vpc: Vpc,
    graph: Graph,
    cards: Mapping[str, Card],
    overlays: Overlays,
    region: Collection[str],
    most_rows: int = MOST_ROWS,
) -> Network:
    """One VPC with all that stands in it.

    Args:
        name: the component's name.
        vpc: what it has.
        graph: the environment.
        cards: what a picture says of each component.
        overlays: what is shown on top.
        region: what services have arrows to outside of the VPC.
        most_rows: more zones than these share the last row.
    """
    running = frozenset(e.source for e in graph.edges_to(name, Relation.RUNS_IN))
    inside = {n: c for n, c in cards.items() if n in running}
    rows, own = _rows(name, vpc, most_rows), cards[name]
    by_gateway = [n for n in region if cards[n].gateway == "s3"]
    balancers, services = placed(inside, Place.ENTRY), placed(inside, Place.SERVICE)
    return Network(
        id=name,
        title=own.title,
        detail=own.details[0],
        zones=rows,
        chips=overlays.chips(name),
        areas={
            Inside.GATEWAY: one(_gateway(name, rows, has_balancer=bool(balancers))),
            Inside.BALANCERS: tuple(items.item_of(n, cards[n], overlays) for n in balancers),
            Inside.S3_ENDPOINT: one(_s3_endpoint(name, graph, services, by_gateway)),
            Inside.INTERFACE_ENDPOINTS: one(interface_endpoints(name, vpc) if services else None),
        },
        services=tuple(_services({n: cards[n] for n in services}, overlays, len(rows))),
        stores=tuple(_stores(inside, overlays, len(rows))),
    )


def _services(cards: Mapping[str, Card], overlays: Overlays, rows: int) -> Iterator[TaskRows]:
    """The services of a VPC; the only one of its kind says so in its title."""
    count = Counter(c.icon for c in cards.values())
    for name, card in cards.items():
        yield items.service(name, card, overlays, rows, alone=count[card.icon] == 1)


def in_a_new_network(name: str, graph: Graph) -> bool:
    """Whether a component runs in a VPC that is made here, so that its routes are known."""
    return any(not is_existing(e.target, graph) for e in graph.edges_from(name, Relation.RUNS_IN))


def _rows(name: str, vpc: Vpc, most: int) -> tuple[Zone, ...]:
    """One row for each zone; of too many, the last ones share a row."""
    known = vpc.zones
    if not any(zone.private for zone in known):
        return tuple(Zone(f"Availability Zone {z.name}") for z in known[:most])
    groups = [known[i : i + 1] for i in range(len(known))]
    if len(groups) > most:
        groups = [*groups[: most - 1], known[most - 1 :]]
    short = len(groups) > 2
    return tuple(_row(name, group, short=short) for group in groups)


def _row(name: str, group: Sequence[Subnets], *, short: bool) -> Zone:
    first, *others = group
    nats = [z for z in group if z.nat]
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


def _stores(inside: Mapping[str, Card], overlays: Overlays, rows: int) -> Iterator[Store]:
    """Databases and caches spread over the rows, what stands by for them in the row below."""
    filled = [0] * rows

    def put(item: Item, row: int) -> Store:
        filled[row] += 1
        return Store(item, row)

    for name in placed(inside, Place.ZONE):
        card = inside[name]
        row = min(range(rows), key=lambda row: (filled[row], row))
        yield put(items.item_of(name, card, overlays), row)
        for copy in card.copies if rows > 1 else ():
            by_its_side = Item(
                f"{name}.{copy.id}",
                card.icon,
                copy.title,
                (f"of {name}",),
                keeps_data=card.keeps_data,
            )
            yield put(by_its_side, (row + 1) % rows)


def _s3_endpoint(
    name: str, graph: Graph, services: Sequence[str], reached: Collection[str]
) -> Item | None:
    """The gateway endpoint, where a service of this VPC has an arrow to a bucket."""
    used = (e for s in services for e in graph.edges_from(s, Relation.READS, Relation.WRITES))
    if not any(e.target in reached for e in used):
        return None
    return Item(f"{name}.s3_endpoint", ENDPOINT_ICON, "S3 gateway endpoint")


def interface_endpoints(name: str, vpc: Vpc, most: int = MOST_ENDPOINTS) -> Item | None:
    """The interface endpoints together, with the services that they stand for."""
    services = vpc.interface_services
    if not services:
        return None
    details = listed(services, most)
    return Item(
        f"{name}.endpoints",
        ENDPOINT_ICON,
        "Interface endpoints",
        details,
        tooltip="\n".join(services),
    )
