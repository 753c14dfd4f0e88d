"""The overview of one environment: every component in its place, and who calls whom."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from compiler.backends.diagram.model.picture import Item, Link, Network, Picture
from compiler.backends.diagram.views import items
from compiler.backends.diagram.views.folding import folded
from compiler.backends.diagram.views.items import Overlays
from compiler.backends.diagram.views.overview_networks import network
from compiler.backends.diagram.views.supporting import supporting
from compiler.graph.graph import Edge, Graph, Relation
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.dns import Dns
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.components.s3 import S3
from trazo_spec.diagnostics import Diagnostic

HTTPS = "HTTPS 443"


def links(graph: Graph, picture: Picture) -> tuple[Link, ...]:
    """Every arrow, with a number on those that one request follows."""
    known = {i.id for i in picture.items()}
    found = [k for k in _links(graph, picture) if k.source in known and k.target in known]
    path = _path(graph, picture, found)
    return tuple(
        replace(k, number=path.index((k.source, k.target)) + 1)
        if (k.source, k.target) in path
        else k
        for k in found
    )


def _links(graph: Graph, picture: Picture) -> Iterator[Link]:
    if picture.users is not None:
        users = picture.users.id
        if picture.dns is not None and _resolved(graph):
            yield Link(users, picture.dns.id, "DNS", dashed=True)
        for name, _ in (*graph.of(Alb), *graph.of(Cloudfront)):
            yield Link(users, name, HTTPS)
    for name, cloudfront in graph.of(Cloudfront):
        yield Link(name, cloudfront.origin, HTTPS)
    for name, alb in graph.of(Alb):
        yield from _routes(name, alb, graph)
    buckets = {b.id for b in picture.buckets}
    for name, _ in graph.of(Ecs):
        for edge in graph.edges_from(name, Relation.CONNECTS_TO):
            yield Link(name, edge.target, f"TCP {edge.port}")
        edges = graph.edges_from(name, Relation.READS, Relation.WRITES)
        for target in sorted({e.target for e in edges} & buckets):
            yield Link(name, target, HTTPS)
    for vpc in picture.networks:
        yield from _egress(vpc, graph)


def _resolved(graph: Graph) -> bool:
    """Whether a zone of ours holds the name of something that users call."""
    called = {name for name, _ in (*graph.of(Alb), *graph.of(Cloudfront))}
    return any(e.relation is Relation.RESOLVED_BY and e.source in called for e in graph.edges)


def _routes(name: str, alb: Alb, graph: Graph) -> Iterator[Link]:
    """One arrow to each service, with the requests that it gets where there are several."""
    edges: dict[str, list[Edge]] = {}
    for edge in graph.edges_from(name, Relation.ROUTES_TO):
        edges.setdefault(edge.target, []).append(edge)
    order = [r.to for r in alb.routes]
    for target in sorted(edges, key=order.index):
        service = graph.spec.components[target]
        protocol = service.protocol if isinstance(service, Ecs) else "HTTP"
        conditions = [_condition(e.detail, alb.hostname) for e in edges[target]]
        detail = "" if len(edges) == 1 else ", ".join(sorted(conditions, key=_last_if_rest))
        yield Link(name, target, f"{protocol} {edges[target][0].port}", detail)


def _condition(detail: str, hostname: str) -> str:
    """Which requests a route takes; the load balancer's own host name goes without saying."""
    return (detail.removeprefix(hostname) or detail) or "all else"


def _last_if_rest(condition: str) -> tuple[bool, str]:
    return condition == "all else", condition


def _egress(network: Network, graph: Graph) -> Iterator[Link]:
    """From services to NAT and interface endpoints, and from NAT to the internet."""
    drawn = drawn_nats(network)
    components: Mapping[str, object] = graph.spec.components
    ports: set[int] = set()
    for service in network.services:
        ecs = components[service.item.id]
        ports |= set(ecs.egress_ports) if isinstance(ecs, Ecs) else set()
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


def _path(graph: Graph, picture: Picture, found: list[Link]) -> list[tuple[str, str]]:
    """The arrows that one request follows, in order; empty where nobody calls."""
    users = picture.users.id if picture.users else ""
    steps = [(k.source, k.target) for k in found if k.dashed]
    entry = next((k.target for k in found if k.source == users and not k.dashed), None)
    if entry is None:
        return []
    steps.append((users, entry))
    alb = graph.spec.components.get(entry)
    onward = alb.routes[-1].to if isinstance(alb, Alb) else ""
    inner = [k for k in found if k.source == entry]
    chosen = next((k for k in inner if k.target == onward), next(iter(inner), None))
    if chosen is not None:
        steps.append((chosen.source, chosen.target))
        stores = {s.item.id for n in picture.networks for s in n.stores}
        called = [k for k in found if k.source == chosen.target and k.target in stores]
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
    cdns = dict(graph.of(Cloudfront))
    origins = tuple(
        dict.fromkeys(c.origin for c in cdns.values() if c.origin in dict(graph.of(S3)))
    )
    buckets = tuple(n for n in _used_buckets(graph) if n not in origins)
    picture = Picture(
        title=f"{graph.spec.name} · {graph.environment}",
        region=graph.spec.region,
        users=_users(graph),
        dns=items.zones(dict(graph.of(Dns)), overlays),
        cdns=tuple(items.cdn(n, c, overlays) for n, c in cdns.items()),
        origins=tuple(items.bucket(n, graph, overlays) for n in origins),
        networks=tuple(network(n, c, graph, overlays, buckets) for n, c in graph.of(Networking)),
        buckets=tuple(items.bucket(n, graph, overlays) for n in buckets),
        supporting=supporting(graph, overlays, frozenset((*origins, *buckets, *_placed(graph)))),
    )
    return replace(picture, links=links(graph, picture))


def findings_by_component(
    findings: Sequence[Diagnostic],
) -> Mapping[str, tuple[Diagnostic, ...]]:
    """What is found in each component; what is said of the whole spec only counts."""
    found: dict[str, tuple[Diagnostic, ...]] = {}
    for d in findings:
        match d.path:
            case ("components", str() as name, *_):
                found[name] = (*found.get(name, ()), d)
            case _:
                pass
    return found


def _users(graph: Graph) -> Item | None:
    called = any(True for _ in (*graph.of(Alb), *graph.of(Cloudfront)))
    return Item(USERS, USERS_ICON, "Users") if called else None


def _used_buckets(graph: Graph) -> Iterator[str]:
    """The buckets that services read or write."""
    services = {name for name, _ in graph.of(Ecs)}
    for name, _ in graph.of(S3):
        edges = graph.edges_to(name, Relation.READS, Relation.WRITES)
        if any(e.source in services for e in edges):
            yield name


def _placed(graph: Graph) -> Iterator[str]:
    """The components that stand in a VPC or at the edge of the cloud."""
    for kind in (Alb, Cloudfront, Dns, Ecs, Networking, Rds, Redis):
        yield from (name for name, _ in graph.of(kind))
