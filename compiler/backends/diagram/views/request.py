"""The ways of a request and of a static file, stop by stop, as numbered steps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from compiler.aws.names import is_existing
from compiler.aws.routing import LiveRoute, live_routes
from compiler.backends.diagram.model.lanes import Frame, Lane, Sheet, Stop, Way
from compiler.backends.diagram.model.picture import Item
from compiler.backends.diagram.views import items
from compiler.backends.diagram.views.folding import first_of, folded_ways
from compiler.backends.diagram.views.items import Overlays, listed
from compiler.backends.diagram.views.overview import HTTPS, USERS_ICON
from compiler.backends.diagram.views.overview_networks import which_network
from compiler.backends.diagram.views.request_steps import (
    distribution_tls,
    file_steps,
    listener_tls,
    request_steps,
    resolved,
)
from compiler.backends.diagram.views.supporting import SECRET_ICON
from compiler.components.ecs.permissions import secrets
from compiler.graph.graph import Graph, Relation
from compiler.lower import lower
from compiler.plan.plan import Plan
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.dns import Dns
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.components.s3 import S3

# Chosen: what a reader still takes in.
MOST_STORES = 4
MOST_BUCKETS = 3
_MOST_VARIABLES = 4


def service_stop(
    id_: str, name: str, graph: Graph, overlays: Overlays, column: int, number: int | None = None
) -> Stop:
    """A service with everything that it calls; `number` is that of its calls in the sequence."""
    service = graph.spec.components[name]
    if not isinstance(service, Ecs):
        message = f"{name} is no service"
        raise TypeError(message)
    item = items.service(name, service, overlays, 1, alone=True).item
    stores = list(_connections(id_, name, graph, column + 1, number))
    buckets = list(_buckets(id_, name, service, graph, column + 2, number))
    ways = (
        *folded_ways(stores, MOST_STORES, "databases and caches", _names(stores)),
        *folded_ways(buckets, MOST_BUCKETS, "buckets", _names(buckets)),
        *_secrets(id_, service, graph, column + 2),
    )
    return Stop(replace(item, id=id_), column, ways=ways)


def _names(ways: Sequence[Way]) -> tuple[str, ...]:
    """The components that ways lead to."""
    return tuple(w.to.item.id.rpartition(".")[2] for w in ways)


def _connections(
    id_: str, name: str, graph: Graph, column: int, number: int | None
) -> Iterator[Way]:
    """To databases and caches, which stand in the same VPC."""
    for edge in graph.edges_from(name, Relation.CONNECTS_TO):
        match graph.spec.components.get(edge.target):
            case Rds() as rds:
                item = items.database(edge.target, rds, _PLAIN)
            case Redis() as redis:
                item = items.cache(edge.target, redis, _PLAIN)
            case _:
                continue
        stop = Stop(replace(item, id=f"{id_}.{edge.target}"), column, "beside")
        yield Way(stop, f"TCP {edge.port}", number=number)


def _buckets(
    id_: str, name: str, service: Ecs, graph: Graph, column: int, number: int | None
) -> Iterator[Way]:
    """To buckets, which stand in no VPC."""
    network = graph.spec.components.get(service.network or "")
    ours = isinstance(network, Networking) and network.existing is None
    reads = {e.target for e in graph.edges_from(name, Relation.READS)}
    writes = {e.target for e in graph.edges_from(name, Relation.WRITES)}
    for bucket, _ in graph.of(S3):
        verbs = [v for v, of in (("read", reads), ("write", writes)) if bucket in of]
        if verbs:
            item = items.bucket(bucket, graph, _PLAIN)
            details = ("by the S3 gateway endpoint",) if ours else ()
            stop = Stop(replace(item, id=f"{id_}.{bucket}", details=details), column, "beside")
            yield Way(stop, HTTPS, " and ".join(verbs), number)


def _secrets(id_: str, service: Ecs, graph: Graph, column: int) -> Iterator[Way]:
    """From Secrets Manager, before a task can take any request."""
    variables = tuple(secrets(service, graph))
    if variables:
        item = Item(
            f"{id_}-secrets",
            SECRET_ICON,
            "Secrets Manager",
            listed(variables, _MOST_VARIABLES),
            tooltip="\n".join(variables),
        )
        yield Way(Stop(item, column, "beside"), HTTPS, "when a task starts", dashed=True)


# Chosen: what a reader still takes in.
MOST_LANES = 3
MOST_SERVICES = 5
_MOST_RULES = 4

_TARGETS_ICON = "aws.network.ElasticLoadBalancing"
_ACCESS_ICON = "aws.security.IdentityAndAccessManagementIam"

# Columns, from the left.
_USERS, _DNS, _ENTRY, _TARGETS, _SERVICE, _STORES = range(6)

_PLAIN = Overlays({}, {})

_BEFOREHAND: Mapping[str, str] = {"DNS": "name lookup", HTTPS: "secrets for a task that starts"}
"""What a dashed arrow means, by its label."""


def request(graph: Graph, schedules: Mapping[str, tuple[str, ...]]) -> Sheet:
    """One request's way through every load balancer, one file's way through every CDN.

    Args:
        graph: the environment.
        schedules: for each service with hours, its windows in words.
    """
    plan, overlays = lower(graph), Overlays({}, schedules)
    albs, more_albs = first_of(list(graph.of(Alb)), MOST_LANES, "load balancers")
    cdns, more_cdns = first_of(list(graph.of(Cloudfront)), MOST_LANES, "CDNs")
    workers, more_workers = first_of(_unasked(graph), MOST_SERVICES, "services without requests")
    lanes = (
        *(
            _requests(n, c, graph, plan, overlays, _drawn(albs[:i], graph))
            for i, (n, c) in enumerate(albs)
        ),
        *(_files(n, c, graph, plan) for n, c in cdns),
        *_work([n for n, _ in workers], graph, overlays),
    )
    nothing = ("Nothing is called here: there is no load balancer, no CDN and no service.",)
    return Sheet(
        title=f"{graph.spec.name} · {graph.environment}",
        subtitle="the way of a request",
        lanes=lanes,
        arrow="from caller to receiver, with protocol and port",
        dashed=_dashed(lanes),
        notes=(*more_albs, *more_cdns, *more_workers) if lanes else nothing,
    )


def _dashed(lanes: Sequence[Lane]) -> str:
    """What comes before a request, as far as it is drawn."""
    dashed = {k.label for lane in lanes for k in lane.links() if k.dashed}
    return "; ".join(words for label, words in _BEFOREHAND.items() if label in dashed)


def _drawn(albs: Sequence[tuple[str, Alb]], graph: Graph) -> frozenset[str]:
    """The services behind some load balancers that have a row: what they call is drawn there."""
    behind = [list(dict.fromkeys(r.service for r in live_routes(n, c, graph))) for n, c in albs]
    return frozenset(
        s for of in behind for s in (of if len(of) <= MOST_SERVICES else of[: MOST_SERVICES - 1])
    )


def _requests(
    name: str, alb: Alb, graph: Graph, plan: Plan, overlays: Overlays, drawn: frozenset[str]
) -> Lane:
    """One request through a load balancer; `drawn` are services whose calls stand above."""
    routes = live_routes(name, alb, graph)
    tls = listener_tls(name, plan)
    targets = list(_targets(name, routes, graph, overlays, drawn))
    names = [w.to.item.title.removeprefix("Target group ") for w in targets]
    ways = (
        *folded_ways(targets, MOST_SERVICES, "target groups", names),
        *_rest(name, routes, graph),
    )
    balancer = items.balancer(name, alb, _PLAIN)
    entry = Stop(balancer, _ENTRY, ways=ways)
    lane = f"{name}-requests"
    return Lane(
        id=lane,
        title=f"A request to {alb.hostname}",
        starts=(_users(name, entry, tls, graph),),
        frame=_frame(alb.network, graph, _STORES),
        steps=request_steps(name, alb, routes, graph, tls, overlays.schedules),
    )


def _users(name: str, entry: Stop, tls: str, graph: Graph) -> Stop:
    """Users with the name lookup that comes before their call."""
    call = Way(entry, HTTPS, tls, 1 + resolved(name, graph))
    zones = {e.target for e in graph.edges_from(name, Relation.RESOLVED_BY)}
    route53 = items.zones({n: c for n, c in graph.of(Dns) if n in zones}, _PLAIN)
    ways = [call]
    if route53 is not None:
        stop = Stop(replace(route53, id=f"{name}-{route53.id}"), _DNS)
        ways.insert(0, Way(stop, "DNS", number=1, dashed=True))
    return Stop(Item(f"{name}-users", USERS_ICON, "Users"), _USERS, ways=tuple(ways))


def _targets(
    name: str,
    routes: Sequence[LiveRoute],
    graph: Graph,
    overlays: Overlays,
    drawn: frozenset[str],
) -> Iterator[Way]:
    """The target groups that rules choose, each with its service."""
    number = 2 + resolved(name, graph)
    for service in dict.fromkeys(r.service for r in routes):
        ecs = graph.spec.components[service]
        if not isinstance(ecs, Ecs):
            continue
        conditions = [_condition(r, routes) for r in routes if r.service == service]
        check = f"health check {ecs.health_check.path}"
        item = Item(
            f"{name}.to.{service}",
            _TARGETS_ICON,
            f"Target group {service}",
            (
                *items.listed(conditions, _MOST_RULES),
                check,
                f"every {ecs.health_check.interval_s} s",
            ),
            tooltip="\n".join((*conditions, check)),
        )
        tasks = service_stop(f"{name}.{service}", service, graph, overlays, _SERVICE, number + 2)
        if service in drawn:
            again = replace(tasks.item, details=(*tasks.item.details, "calls as drawn above"))
            tasks = replace(tasks, item=again, ways=())
        way = Way(tasks, f"{ecs.protocol} {ecs.port}", "to a task", number + 1)
        yield Way(Stop(item, _TARGETS, "words", (way,)), "rule", number=number)


def _rest(name: str, routes: Sequence[LiveRoute], graph: Graph) -> Iterator[Way]:
    """What no rule takes, where there is such a thing."""
    if all(r.priority is not None for r in routes):
        item = Item(f"{name}-rest", _TARGETS_ICON, "All other requests", ("answered with 404",))
        yield Way(Stop(item, _TARGETS, "words"), "rule", number=2 + resolved(name, graph))


def _condition(route: LiveRoute, routes: Sequence[LiveRoute]) -> str:
    """Which requests a rule takes."""
    rest = "all other requests" if len(routes) > 1 else "all requests"
    return f"{route.route.host or ''}{route.route.path or ''}" or rest


def _frame(network: str | None, graph: Graph, last: int) -> Frame | None:
    """The VPC that the stops from the entry on stand in."""
    vpc = graph.spec.components.get(network or "")
    if not isinstance(vpc, Networking) or network is None:
        return None
    title = "VPC" if vpc.existing is None else "Existing VPC"
    return Frame(network, title, f"{network} · {which_network(vpc)}", _ENTRY, last)


def _files(name: str, cdn: Cloudfront, graph: Graph, plan: Plan) -> Lane:
    """One static file through a CDN."""
    tls = distribution_tls(name, plan)
    after = resolved(name, graph)
    bucket = replace(items.bucket(cdn.origin, graph, _PLAIN), id=f"{name}.{cdn.origin}")
    origin = Way(Stop(bucket, _SERVICE, "beside"), HTTPS, "s3:GetObject", 3 + after)
    title = "Origin access identity" if cdn.origin_access == "oai" else "Origin access control"
    access = Item(
        f"{name}-access", _ACCESS_ICON, title, ("signs what CloudFront", "asks of the bucket")
    )
    entry = Stop(
        items.cdn(name, cdn, _PLAIN),
        _ENTRY,
        ways=(Way(Stop(access, _TARGETS, "words", (origin,)), "not cached", number=2 + after),),
    )
    return Lane(
        id=f"{name}-files",
        title=f"A file of {cdn.hostname}",
        starts=(_users(name, entry, tls, graph),),
        steps=file_steps(name, cdn, graph, tls, ours=not is_existing(cdn.origin, graph)),
    )


def _unasked(graph: Graph) -> list[tuple[str, Ecs]]:
    """The services that no load balancer sends requests to."""
    asked = {r.service for name, alb in graph.of(Alb) for r in live_routes(name, alb, graph)}
    return [(n, c) for n, c in graph.of(Ecs) if n not in asked]


def _work(services: Sequence[str], graph: Graph, overlays: Overlays) -> Iterator[Lane]:
    """What the other services call, one lane for each VPC."""
    inside: dict[str | None, list[str]] = {}
    for service in services:
        ecs = graph.spec.components[service]
        inside.setdefault(ecs.network if isinstance(ecs, Ecs) else None, []).append(service)
    for network, names in inside.items():
        yield Lane(
            id=f"{network or 'no-network'}-work",
            title="Work without requests",
            detail="no load balancer sends anything here",
            starts=tuple(service_stop(f"{n}.work", n, graph, overlays, _ENTRY) for n in names),
            frame=_frame(network, graph, _ENTRY + 1),
        )
