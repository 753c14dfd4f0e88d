"""The overview of one environment: every component in its place, and who calls whom."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from compiler.backends.cards import cards_of, placed
from compiler.backends.diagram.model.picture import Area, Item, Link, Network, Picture, one
from compiler.backends.diagram.views import items
from compiler.backends.diagram.views.folding import folded
from compiler.backends.diagram.views.items import Overlays
from compiler.backends.diagram.views.overview_networks import networks
from compiler.backends.diagram.views.supporting import supporting
from compiler.card import Card, Place
from compiler.graph.graph import Edge, Graph, Relation
from trazo_spec.diagnostics import Diagnostic

HTTPS = "HTTPS 443"
CALLS = (Relation.CONNECTS_TO, Relation.READS, Relation.WRITES)
"""Why an arrow leads from a service onwards."""
ONWARD = (*CALLS, Relation.ROUTES_TO)
"""Why an arrow leads from the edge of the cloud onwards."""


def links(graph: Graph, cards: Mapping[str, Card], picture: Picture) -> tuple[Link, ...]:
    """Every arrow, with a number on those that one request follows."""
    known = {i.id for i in picture.items()}
    arrows = [k for k in _links(graph, cards, picture) if k.source in known and k.target in known]
    path = _path(graph, picture, arrows)
    return tuple(
        replace(k, number=path.index((k.source, k.target)) + 1)
        if (k.source, k.target) in path
        else k
        for k in arrows
    )


def _links(graph: Graph, cards: Mapping[str, Card], picture: Picture) -> Iterator[Link]:
    called = (*placed(cards, Place.ENTRY), *placed(cards, Place.EDGE))
    if picture.users is not None:
        users = picture.users.id
        if picture.dns is not None and _resolved(graph, called):
            yield Link(users, picture.dns.id, "DNS", dashed=True)
        for name in called:
            yield Link(users, name, HTTPS)
    for name in placed(cards, Place.EDGE):
        yield from _calls(name, graph, ONWARD)
    for name in placed(cards, Place.ENTRY):
        yield from _routes(name, cards, graph)
    region = {i.id for i in picture.buckets}
    for name in placed(cards, Place.SERVICE):
        yield from _calls(name, graph, (Relation.CONNECTS_TO,))
        files = _calls(name, graph, (Relation.READS, Relation.WRITES))
        yield from (k for k in files if k.target in region)
    for vpc in picture.networks:
        yield from _egress(vpc, cards)


def _calls(name: str, graph: Graph, relations: Sequence[Relation]) -> Iterator[Link]:
    """One arrow to each component that something calls."""
    ports = {e.target: e.port for e in graph.edges_from(name, *relations)}
    for target in sorted(ports):
        yield Link(name, target, port_words(ports[target]))


def port_words(port: int | None) -> str:
    """What an arrow says of a port.

    >>> port_words(443), port_words(5432)
    ('HTTPS 443', 'TCP 5432')
    """
    return HTTPS if port in (443, None) else f"TCP {port}"


def _resolved(graph: Graph, called: Collection[str]) -> bool:
    """Whether a zone of ours holds the name of something that users call."""
    return any(e.relation is Relation.RESOLVED_BY and e.source in called for e in graph.edges)


def _routes(name: str, cards: Mapping[str, Card], graph: Graph) -> Iterator[Link]:
    """One arrow to each service, with the requests that it gets where there are several."""
    edges: dict[str, list[Edge]] = {}
    for edge in sorted(graph.edges_from(name, Relation.ROUTES_TO), key=_as_written):
        edges.setdefault(edge.target, []).append(edge)
    for target, routes in edges.items():
        listening = cards[target].listening
        protocol = listening.protocol if listening is not None else "HTTP"
        conditions = [_condition(e.detail, cards[name].hostname) for e in routes]
        detail = "" if len(edges) == 1 else ", ".join(sorted(conditions, key=_last_if_rest))
        yield Link(name, target, f"{protocol} {routes[0].port}", detail)


def _as_written(edge: Edge) -> list[tuple[int, str]]:
    """Sorts edges in the order of the spec."""
    return [(part, "") if isinstance(part, int) else (-1, part) for part in edge.path]


def _condition(detail: str, hostname: str) -> str:
    """Which requests a route takes; the load balancer's own host name goes without saying."""
    return (detail.removeprefix(hostname) or detail) or "all else"


def _last_if_rest(condition: str) -> tuple[bool, str]:
    return condition == "all else", condition


def _egress(network: Network, cards: Mapping[str, Card]) -> Iterator[Link]:
    """From services to NAT and interface endpoints, and from NAT to the internet."""
    drawn = drawn_nats(network)
    ports = {port for s in network.services for port in cards[s.item.id].egress_ports}
    words = f"TCP {', '.join(str(p) for p in sorted(ports))}" if ports else "TCP"
    for service in network.services:
        for nat in drawn:
            yield Link(
                service.item.id,
                nat,
                words if nat == drawn[0] else "",
                "to the internet" if nat == drawn[0] else "",
            )
        if network.interface_endpoints is not None:
            yield Link(service.item.id, network.interface_endpoints.id, HTTPS)
    if network.gateway is not None:
        for nat in drawn:
            yield Link(nat, network.gateway.id)


def drawn_nats(network: Network) -> list[str]:
    """The NAT gateways that have arrows.

    With three rows, the load balancer's card stands between the lower ones and the services.
    """
    nats = [zone.nat.id for zone in network.zones if zone.nat is not None]
    return nats if len(network.zones) < 3 else nats[:1]


def _path(graph: Graph, picture: Picture, arrows: list[Link]) -> list[tuple[str, str]]:
    """The arrows that one request follows, in order; empty where nobody calls."""
    users = picture.users.id if picture.users else ""
    steps = [(k.source, k.target) for k in arrows if k.dashed]
    entry = next((k.target for k in arrows if k.source == users and not k.dashed), None)
    if entry is None:
        return []
    steps.append((users, entry))
    routes = sorted(graph.edges_from(entry, Relation.ROUTES_TO), key=_as_written)
    onward = routes[-1].target if routes else ""
    inner = [k for k in arrows if k.source == entry]
    chosen = next((k for k in inner if k.target == onward), next(iter(inner), None))
    if chosen is not None:
        steps.append((chosen.source, chosen.target))
        stores = {s.item.id for n in picture.networks for s in n.stores}
        called = [k for k in arrows if k.source == chosen.target and k.target in stores]
        steps += [(k.source, k.target) for k in called[:1]]
    return steps


USERS = "end-users"
USERS_ICON = "aws.general.Users"


def overview(
    graph: Graph,
    costs_usd: Mapping[str, Decimal] | None = None,
    schedules: Mapping[str, tuple[str, ...]] | None = None,
    findings: Sequence[Diagnostic] = (),
) -> Picture:
    """The picture of an environment.

    Args:
        graph: the environment.
        costs_usd: USD per month of each component; None for a picture without prices.
        schedules: for each service with hours, its windows in words.
        findings: what is found in the environment, to be marked.
    """
    overlays = Overlays(
        items.in_cents(costs_usd or {}), schedules or {}, findings_by_component(findings)
    )
    picture = architecture(graph, overlays)
    total = items.total_chip(overlays.costs_usd) if costs_usd is not None else None
    counted = next(iter(items.finding_chip(findings)), None)
    return folded(replace(picture, total=total, findings=counted), overlays.chips)


def architecture(graph: Graph, overlays: Overlays) -> Picture:
    """Everything in an environment with its links, however much it is, without a total."""
    cards = cards_of(graph)
    edge, region = placed(cards, Place.EDGE), placed(cards, Place.REGION)
    read = dict.fromkeys(e.target for n in edge for e in graph.edges_from(n, *ONWARD))
    origins = [n for n in read if n in region]
    used = [n for n in _used(graph, cards) if n not in origins]
    names = {n: cards[n] for n in placed(cards, Place.NAMES)}
    areas = {
        Area.USERS: one(_users(cards)),
        Area.DNS: one(items.zones(names, overlays)),
        Area.CDNS: tuple(items.item_of(n, cards[n], overlays) for n in edge),
        Area.ORIGINS: tuple(items.item_of(n, cards[n], overlays) for n in origins),
        Area.BUCKETS: tuple(items.item_of(n, cards[n], overlays) for n in used),
    }
    title, vpcs = f"{graph.spec.name} · {graph.environment}", networks(graph, cards, overlays, used)
    picture = Picture(title, graph.spec.region, areas=areas, networks=vpcs)
    shown = frozenset((*(i.id for i in picture.items()), *(n.id for n in vpcs), *names))
    areas[Area.SUPPORTING] = supporting(graph, cards, overlays, shown)
    picture = replace(picture, areas=areas)
    return replace(picture, links=links(graph, cards, picture))


def findings_by_component(
    findings: Sequence[Diagnostic],
) -> Mapping[str, tuple[Diagnostic, ...]]:
    """What is found in each component; what is said of the whole spec only counts."""
    groups: dict[str, tuple[Diagnostic, ...]] = {}
    for d in findings:
        match d.path:
            case ("components", str() as name, *_):
                groups[name] = (*groups.get(name, ()), d)
            case _:
                pass
    return groups


def _users(cards: Mapping[str, Card]) -> Item | None:
    called = placed(cards, Place.ENTRY) or placed(cards, Place.EDGE)
    return Item(USERS, USERS_ICON, "Users") if called else None


def _used(graph: Graph, cards: Mapping[str, Card]) -> Iterator[str]:
    """What stands in the region and is called by services."""
    services = placed(cards, Place.SERVICE)
    for name in placed(cards, Place.REGION):
        edges = graph.edges_to(name, *CALLS)
        if any(e.source in services for e in edges):
            yield name
