"""The ways of a request and of a static file, stop by stop, as numbered steps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from compiler.backends.cards import Scene, cards_of, placed
from compiler.backends.diagram.model.lanes import Frame, Lane, Sheet, Stop, Way
from compiler.backends.diagram.model.picture import Item
from compiler.backends.diagram.views import items
from compiler.backends.diagram.views.folding import first_of, folded_ways
from compiler.backends.diagram.views.items import Overlays
from compiler.backends.diagram.views.overview import CALLS, HTTPS, ONWARD, USERS_ICON, port_words
from compiler.backends.diagram.views.overview_networks import in_a_new_network
from compiler.backends.diagram.views.request_steps import (
    entry_steps,
    file_steps,
    request_steps,
    resolved,
    tls_words,
)
from compiler.backends.diagram.views.supporting import SECRET_ICON
from compiler.card import Card, Origin, Place, Rule, listed
from compiler.graph.graph import Graph, Relation
from compiler.lower import lower
from compiler.plan.plan import Plan

# Chosen: what a reader still takes in.
MOST_STORES = 4
MOST_BUCKETS = 3
_VERBS: Mapping[Relation, str] = {Relation.READS: "read", Relation.WRITES: "write"}
_MOST_VARIABLES = 4


def service_stop(
    id_: str, name: str, scene: Scene, overlays: Overlays, column: int, number: int | None = None
) -> Stop:
    """A service with everything that it calls; `number` is that of its calls in the sequence."""
    item = items.service(name, scene.cards[name], overlays, 1, alone=True).item
    stores = list(_connections(id_, name, scene, column + 1, number))
    buckets = list(_buckets(id_, name, scene, column + 2, number))
    ways = (
        *folded_ways(stores, MOST_STORES, "databases and caches", _names(stores)),
        *folded_ways(buckets, MOST_BUCKETS, "buckets", _names(buckets)),
        *_secrets(id_, name, scene, column + 2),
    )
    return Stop(replace(item, id=id_), column, ways=ways)


def _names(ways: Sequence[Way]) -> tuple[str, ...]:
    """The components that ways lead to."""
    return tuple(w.to.item.id.rpartition(".")[2] for w in ways)


def _connections(
    id_: str, name: str, scene: Scene, column: int, number: int | None
) -> Iterator[Way]:
    """To databases and caches, which stand in the same VPC."""
    cards = scene.cards
    for edge in scene.graph.edges_from(name, Relation.CONNECTS_TO):
        if edge.target in cards:
            item = items.item_of(edge.target, cards[edge.target], _PLAIN)
            stop = Stop(replace(item, id=f"{id_}.{edge.target}"), column, "beside")
            yield Way(stop, f"TCP {edge.port}", number=number)


def _buckets(id_: str, name: str, scene: Scene, column: int, number: int | None) -> Iterator[Way]:
    """To buckets and others, which stand in no VPC."""
    ours = in_a_new_network(name, scene.graph)
    cards = scene.cards
    edges = list(scene.graph.edges_from(name, Relation.READS, Relation.WRITES))
    for target in (n for n in cards if any(e.target == n for e in edges)):
        verbs = {_VERBS[e.relation]: None for e in edges if e.target == target}
        item = items.item_of(target, cards[target], _PLAIN)
        gateway = cards[target].gateway.upper()
        details = (f"through the {gateway} gateway endpoint",) if ours and gateway else ()
        stop = Stop(replace(item, id=f"{id_}.{target}", details=details), column, "beside")
        port = next(e.port for e in edges if e.target == target)
        yield Way(stop, port_words(port), " and ".join(verbs), number)


def _secrets(id_: str, name: str, scene: Scene, column: int) -> Iterator[Way]:
    """From Secrets Manager, before a task can take any request."""
    variables = scene.cards[name].secrets
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

_BEFOREHAND: Mapping[str, str] = {"DNS": "name lookup", HTTPS: "secrets when a task starts"}
"""What a dashed arrow means, by its label."""


def request(graph: Graph, schedules: Mapping[str, tuple[str, ...]]) -> Sheet:
    """One request's way through every load balancer, one file's way through every CDN.

    Args:
        graph: the environment.
        schedules: for each service with hours, its windows in words.
    """
    plan, overlays = lower(graph), Overlays({}, schedules)
    scene = Scene(graph, cards_of(graph))
    called = _entries(scene)
    balancing = [(n, c) for n, c in called if c.rules]
    albs, more_albs = first_of(balancing, MOST_LANES, "load balancers")
    serving = [(n, c) for n, c in called if c.origin is not None and not c.rules]
    cdns, more_cdns = first_of(serving, MOST_LANES, "CDNs")
    others = [entry for entry in called if entry not in (*balancing, *serving)]
    entries, more_entries = first_of(others, MOST_LANES, "entries")
    workers, more_workers = first_of(
        _unasked(scene), MOST_SERVICES, "services without incoming requests"
    )
    lanes = (
        *(
            _requests(n, c, scene, plan, overlays, _drawn([c for _, c in albs[:i]]))
            for i, (n, c) in enumerate(albs)
        ),
        *(_files(n, c, c.origin, scene, plan) for n, c in cdns if c.origin is not None),
        *(_others(n, c, scene, plan, overlays) for n, c in entries),
        *_work([n for n, _ in workers], scene, overlays),
    )
    nothing = ("There are no requests to show: there is no load balancer, CDN or service.",)
    return Sheet(
        title=f"{graph.spec.name} · {graph.environment}",
        subtitle="the path of a request",
        lanes=lanes,
        arrow="from caller to receiver, with protocol and port",
        dashed=_dashed(lanes),
        notes=(*more_albs, *more_cdns, *more_entries, *more_workers) if lanes else nothing,
    )


def _dashed(lanes: Sequence[Lane]) -> str:
    """What comes before a request, as far as it is drawn."""
    dashed = {k.label for lane in lanes for k in lane.links() if k.dashed}
    return "; ".join(words for label, words in _BEFOREHAND.items() if label in dashed)


def _drawn(entries: Sequence[Card]) -> frozenset[str]:
    """The services behind some load balancers that have a row: what they call is drawn there."""
    behind = [list(dict.fromkeys(r.target for r in c.rules)) for c in entries]
    return frozenset(
        s
        for targets in behind
        for s in (targets if len(targets) <= MOST_SERVICES else targets[: MOST_SERVICES - 1])
    )


def _requests(
    name: str, own: Card, scene: Scene, plan: Plan, overlays: Overlays, drawn: frozenset[str]
) -> Lane:
    """One request through a load balancer; `drawn` are services whose calls stand above."""
    tls = tls_words(name, plan)
    targets = list(_targets(name, own.rules, scene, overlays, drawn))
    names = [w.to.item.title.removeprefix("Target group ") for w in targets]
    ways = (
        *folded_ways(targets, MOST_SERVICES, "target groups", names),
        *_rest(name, own.rules, scene),
    )
    entry = Stop(items.item_of(name, own, _PLAIN), _ENTRY, ways=ways)
    lane = f"{name}-requests"
    return Lane(
        id=lane,
        title=f"A request to {own.hostname}",
        starts=(_users(name, entry, tls, scene),),
        frame=_frame(_network(name, scene), scene, _STORES),
        steps=request_steps(name, own, scene, tls, overlays.schedules),
    )


def _users(name: str, entry: Stop, tls: str, scene: Scene) -> Stop:
    """Users with the name lookup that comes before their call."""
    call = Way(entry, HTTPS, tls, 1 + resolved(name, scene))
    zones = {e.target for e in scene.graph.edges_from(name, Relation.RESOLVED_BY)}
    route53 = items.zones({n: c for n, c in scene.cards.items() if n in zones}, _PLAIN)
    ways = [call]
    if route53 is not None:
        stop = Stop(replace(route53, id=f"{name}-{route53.id}"), _DNS)
        ways.insert(0, Way(stop, "DNS", number=1, dashed=True))
    return Stop(Item(f"{name}-users", USERS_ICON, "Users"), _USERS, ways=tuple(ways))


def _targets(
    name: str,
    rules: Sequence[Rule],
    scene: Scene,
    overlays: Overlays,
    drawn: frozenset[str],
) -> Iterator[Way]:
    """The target groups that rules choose, each with its service."""
    number = 2 + resolved(name, scene)
    for service in dict.fromkeys(r.target for r in rules):
        listening = scene.cards[service].listening
        if listening is None:
            continue
        conditions = [_condition(r, rules) for r in rules if r.target == service]
        item = Item(
            f"{name}.to.{service}",
            _TARGETS_ICON,
            f"Target group {service}",
            (
                *listed(conditions, _MOST_RULES),
                *listening.check,
            ),
            tooltip="\n".join((*conditions, *listening.check[:1])),
        )
        tasks = service_stop(f"{name}.{service}", service, scene, overlays, _SERVICE, number + 2)
        if service in drawn:
            again = replace(tasks.item, details=(*tasks.item.details, "calls as drawn above"))
            tasks = replace(tasks, item=again, ways=())
        way = Way(tasks, f"{listening.protocol} {listening.port}", "to a task", number + 1)
        yield Way(Stop(item, _TARGETS, "words", (way,)), "rule", number=number)


def _rest(name: str, rules: Sequence[Rule], scene: Scene) -> Iterator[Way]:
    """What no rule takes, where there is such a thing."""
    if all(r.condition for r in rules):
        item = Item(f"{name}-rest", _TARGETS_ICON, "All other requests", ("404 response",))
        yield Way(Stop(item, _TARGETS, "words"), "rule", number=2 + resolved(name, scene))


def _condition(rule: Rule, rules: Sequence[Rule]) -> str:
    """Which requests a rule takes."""
    rest = "all other requests" if len(rules) > 1 else "all requests"
    return rule.condition or rest


def _frame(network: str | None, scene: Scene, last: int) -> Frame | None:
    """The VPC that the stops from the entry on stand in."""
    frame = scene.cards.get(network or "")
    if frame is None or network is None or frame.place is not Place.FRAME:
        return None
    return Frame(network, frame.title, frame.details[0], _ENTRY, last)


def _network(name: str, scene: Scene) -> str | None:
    """The VPC that a component runs in."""
    return next((e.target for e in scene.graph.edges_from(name, Relation.RUNS_IN)), None)


def _files(name: str, own: Card, origin: Origin, scene: Scene, plan: Plan) -> Lane:
    """One static file through a CDN."""
    tls, after = tls_words(name, plan), resolved(name, scene)
    source = items.item_of(origin.name, scene.cards[origin.name], _PLAIN)
    stop = Stop(replace(source, id=f"{name}.{origin.name}"), _SERVICE, "beside")
    way = Way(stop, HTTPS, origin.action, 3 + after)
    title, *words = origin.access
    access = Item(f"{name}-access", _ACCESS_ICON, title, tuple(words))
    entry = Stop(
        items.item_of(name, own, _PLAIN),
        _ENTRY,
        ways=(Way(Stop(access, _TARGETS, "words", (way,)), "not cached", number=2 + after),),
    )
    return Lane(
        id=f"{name}-files",
        title=f"A file of {own.hostname}",
        starts=(_users(name, entry, tls, scene),),
        steps=file_steps(name, own, origin, scene, tls),
    )


def _entries(scene: Scene) -> list[tuple[str, Card]]:
    """What users call."""
    places = (Place.ENTRY, Place.EDGE)
    return [(n, c) for n, c in scene.cards.items() if c.place in places]


def _others(name: str, own: Card, scene: Scene, plan: Plan, overlays: Overlays) -> Lane:
    """One request through an entry without rules, straight to whatever it calls."""
    tls = tls_words(name, plan) if own.door is not None else ""
    after = resolved(name, scene)
    ports = {e.target: e.port for e in scene.graph.edges_from(name, *ONWARD)}
    called = {n: scene.cards[n].title for n in sorted(ports) if n in scene.graph.spec.components}
    ways = [
        Way(
            service_stop(f"{name}.{n}", n, scene, overlays, _SERVICE, 3 + after),
            port_words(ports[n]),
            number=2 + after,
        )
        for n in called
    ]
    entry = Stop(
        items.item_of(name, own, _PLAIN),
        _ENTRY,
        ways=folded_ways(ways, MOST_SERVICES, "receivers", list(called)),
    )
    return Lane(
        id=f"{name}-requests",
        title=f"A request to {own.hostname or name}",
        starts=(_users(name, entry, tls, scene),),
        steps=entry_steps(name, own, list(called.values()), scene, tls),
    )


def _unasked(scene: Scene) -> list[tuple[str, Card]]:
    """The services that no entry sends requests to, and what else calls something by itself."""
    cards = scene.cards
    entries = _entries(scene)
    asked = {r.target for _, c in entries for r in c.rules}
    without = [n for n, c in entries if not c.rules]
    asked |= {e.target for n in without for e in scene.graph.edges_from(n, *ONWARD)}
    calling = {e.source for e in scene.graph.edges if e.relation in CALLS}
    callers = [
        n for n, c in cards.items() if n in calling and c.place not in (Place.ENTRY, Place.EDGE)
    ]
    services = dict.fromkeys((*placed(cards, Place.SERVICE), *callers))
    return [(n, cards[n]) for n in services if n not in asked]


def _work(services: Sequence[str], scene: Scene, overlays: Overlays) -> Iterator[Lane]:
    """What the other services call, one lane for each VPC."""
    inside: dict[str | None, list[str]] = {}
    for service in services:
        inside.setdefault(_network(service, scene), []).append(service)
    for network, names in inside.items():
        yield Lane(
            id=f"{network or 'no-network'}-work",
            title="Background work",
            detail="not behind a load balancer",
            starts=tuple(service_stop(f"{n}.work", n, scene, overlays, _ENTRY) for n in names),
            frame=_frame(network, scene, _ENTRY + 1),
        )
