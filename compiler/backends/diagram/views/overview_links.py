"""The arrows of an overview: who calls whom, over which protocol, and the way of one request."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from compiler.backends.diagram.model.picture import Link, Network, Picture
from compiler.graph.graph import Edge, Graph, Relation
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.ecs import Ecs

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
    for network in picture.networks:
        yield from _egress(network, graph)


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
