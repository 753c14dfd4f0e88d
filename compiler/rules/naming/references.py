"""Rules about names: what a component refers to is there, and is of a kind that fits."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compiler.graph.graph import Graph, Kinds, cycle, references_of
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.base import Access, Component, Linkable, Placed
from trazo_spec.components import KINDS
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking
from trazo_spec.diagnostics import Remedy, Severity, SpecPath
from trazo_spec.document import Spec
from trazo_spec.validation.fields import did_you_mean, meant

Types = tuple[type[Component], ...]

LINKABLE: Types = (Linkable,)
"""What a service may name under `uses`."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a spec that names a component."""

    path: SpecPath
    source: str
    """The component that refers, empty for what stands outside of all components."""
    target: str
    sentence: str
    """What the reference says, up to the name that it gives."""
    kinds: Types
    """The kinds of component that fit."""


def references(spec: Spec, kinds: Kinds) -> Iterator[Place]:
    """Every place of a spec that names a component, in the order of the spec."""
    for name, c in spec.components.items():
        for ref in references_of(c, kinds):
            where, sentence = ("components", name, *ref.path), f"`{name}` {ref.verb}"
            yield Place(where, name, ref.target, sentence, ref.fitting)
    for service in spec.traffic.demand:
        yield Place(("traffic", "demand", service), "", service, "the demand is for", (Ecs,))
    for name in spec.traffic.usage:
        every = tuple(KINDS.values())
        yield Place(("traffic", "usage", name), "", name, "the usage is of", every)


@rule("TZ301", Severity.ERROR)
def unknown_component(graph: Graph) -> Iterator[Finding]:
    """A reference names a component that does not exist in the spec.

    A reference must name an existing component; the cause is usually a typo.

    ```yaml
    routes: [{to: wbe}]   # bad, when the service is called web
    routes: [{to: web}]   # good
    ```
    """
    components = graph.written.components
    unknown = [
        ref
        for ref in references(graph.written, graph.kinds)
        if ref.target not in components and not _is_implied(ref, graph)
    ]
    named = Counter(ref.target for ref in unknown)
    for ref in unknown:
        fitting = [n for n, c in components.items() if isinstance(c, ref.kinds)]
        free = [n for n in fitting if n not in _named_beside(ref, graph.written)]
        kinds = " or ".join(f"`{k}`" for k in _kind_names(ref.kinds))
        advice = did_you_mean(ref.target, free) if fitting else f"add a component of kind {kinds}"
        message = f"{ref.sentence} `{ref.target}`, but no component has that name"
        remedy = meant(ref.target, free, of_key=ref.path[-1] == ref.target)
        # Where two agree on a name, the slip of the pen may be the component's own name.
        yield Finding(ref.path, message, advice, remedy=remedy if named[ref.target] == 1 else None)


def _named_beside(ref: Place, spec: Spec) -> Container[str]:
    """The components that stand beside a reference already, as keys of the same mapping."""
    around: object = spec
    for step in ref.path[:-1]:
        match around:
            case Mapping():
                around = around[step]
            case tuple() | list():
                around = around[int(step)]
            case _:
                around = getattr(around, str(step))
    return around if isinstance(around, Mapping) else ()


def _is_implied(ref: Place, graph: Graph) -> bool:
    """Whether the name is one that is there without being written, such as the implied VPC."""
    return isinstance(graph.spec.components.get(ref.target), ref.kinds)


def _kind_names(kinds: Types) -> list[str]:
    return [name for name, kind in KINDS.items() if issubclass(kind, kinds)]


@rule("TZ302", Severity.ERROR, local=True)
def wrong_kind(graph: Graph) -> Iterator[Finding]:
    """A reference names a component of the wrong kind.

    A load balancer routes to services, CloudFront serves buckets, and logs go to buckets.

    ```yaml
    routes: [{to: database}]   # bad, a database answers no HTTP
    routes: [{to: web}]        # good
    ```
    """
    components = graph.written.components
    for ref in references(graph.written, graph.kinds):
        target = components.get(ref.target)
        if target is None or isinstance(target, ref.kinds) or _is_service_link(ref, target):
            continue
        expected = " or ".join(f"`{k}`" for k in _kind_names(ref.kinds))
        message = (
            f"{ref.sentence} `{ref.target}` of kind `{target.kind}`, but expected kind {expected}"
        )
        fitting = sorted(n for n, c in components.items() if isinstance(c, ref.kinds))
        advice = "use " + " or ".join(f"`{n}`" for n in fitting) if 0 < len(fitting) <= 6 else ""
        yield Finding(ref.path, message, advice, (("components", ref.target),))


def _is_service_link(ref: Place, target: Component) -> bool:
    return ref.kinds == LINKABLE and isinstance(target, Ecs)


@rule("TZ303", Severity.ERROR, local=True)
def wrong_access(graph: Graph) -> Iterator[Finding]:
    """A link has an access type that its target does not support.

    For a database or cache, use `connect`; its own users decide what may be read or written there.
    For a bucket, use `read`, `write` or `read_write`, from which trazo derives the task's
    permissions.

    ```yaml
    uses: {database: read, media: connect}           # bad
    uses: {database: connect, media: read_write}     # good
    ```
    """
    for name, service in graph.written.components.items():
        if not isinstance(service, Ecs):
            continue
        for target, access in service.uses.items():
            used: Component | None = graph.written.components.get(target)
            if not isinstance(used, Linkable) or access in used.ACCESSES:
                continue
            message = (
                f"`{name}` uses `{target}` with `{access}`, which is not valid for the kind "
                f"`{used.kind}`"
            )
            path = ("components", name, "uses", target)
            advice = f"write {_one_of(used.ACCESSES)}"
            only = used.ACCESSES[0] if len(used.ACCESSES) == 1 else None
            yield Finding(path, message, advice, remedy=Remedy(only) if only else None)


def _one_of(accesses: Sequence[Access]) -> str:
    """Return the accesses in words: `read`, `write` or `read_write`."""
    *before, last = (f"`{access}`" for access in accesses)
    return f"{', '.join(before)} or {last}" if before else last


@rule("TZ304", Severity.ERROR, local=True)
def service_uses_service(graph: Graph) -> Iterator[Finding]:
    """A service names another service under `uses`.

    Tasks come and go with changing addresses, so services must call each other by a stable name,
    that of a load balancer.

    ```yaml
    uses: {api: connect}                        # bad, api is of kind ecs
    environment: {API_URL: https://api.acme.io} # good, with a route of the load balancer to api
    ```
    """
    for ref in references(graph.written, graph.kinds):
        component = graph.written.components.get(ref.target)
        if component is not None and _is_service_link(ref, component):
            message = (
                f"`{ref.source}` uses the service `{ref.target}`, but services cannot be linked"
            )
            advice = (
                f"add a load balancer route with a host name to `{ref.target}`, and call that name"
            )
            yield Finding(ref.path, message, advice, (("components", ref.target),))


@rule("TZ305", Severity.ERROR)
def circular_links(graph: Graph) -> Iterator[Finding]:
    """Components depend on each other in a cycle.

    None of them could be created first. A bucket that logs to itself is the smallest such cycle:
    each log line would cause another one, endlessly.

    ```yaml
    logs: {kind: s3, purpose: logs, access_logs: {bucket: logs}}   # bad
    media: {kind: s3, access_logs: {bucket: logs}}                 # good
    ```
    """
    edges = cycle(graph)
    if not edges:
        return
    start = edges.index(min(edges, key=lambda e: e.source))
    edges = edges[start:] + edges[:start]
    first, *rest = edges
    steps = "; ".join(f"`{e.source}` {e.relation} `{e.target}`" for e in edges)
    message = f"circular dependency: {steps}"
    yield Finding(first.path, message, "remove one of these links", tuple(e.path for e in rest))


@rule("TZ306", Severity.ERROR, local=True)
def ambiguous_network(graph: Graph) -> Iterator[Finding]:
    """A component does not set which of several VPCs it runs in.

    With one VPC, `network` is optional; with several, guessing could put a database in the wrong
    network.

    ```yaml
    web: {kind: ecs, image: acme/web:1}                  # bad, with the VPCs blue and green
    web: {kind: ecs, image: acme/web:1, network: blue}   # good
    ```
    """
    networks = [name for name, _ in graph.of(Networking)]
    if len(networks) < 2:
        return
    choices = ", ".join(f"`{n}`" for n in networks)
    for name, c in graph.spec.components.items():
        if isinstance(c, Placed) and c.network is None:
            message = f"`{name}` does not set its VPC, which can be {choices}"
            related = tuple(("components", n) for n in networks)
            yield Finding(("components", name), message, f"add `network: {networks[0]}`", related)


@rule("TZ307", Severity.ERROR)
def link_across_networks(graph: Graph) -> Iterator[Finding]:
    """A link connects components in different VPCs.

    VPCs are isolated from each other, so the connection would always time out.

    ```yaml
    web:      {kind: ecs, network: blue, uses: {database: connect}}
    database: {kind: rds, network: green}   # bad
    database: {kind: rds, network: blue}    # good
    ```
    """
    for edge in graph.edges:
        if edge.port is None:
            continue
        source, target = (graph.spec.components.get(n) for n in (edge.source, edge.target))
        here, there = _network(source), _network(target)
        if here is not None and there is not None and here != there:
            message = (
                f"`{edge.source}` in the VPC `{here}` {edge.relation} `{edge.target}`"
                f" in the VPC `{there}`, which it cannot reach"
            )
            related = (("components", edge.target),)
            yield Finding(edge.path, message, "put both in the same `network`", related)


def _network(component: Component | None) -> str | None:
    return component.network if isinstance(component, Placed) else None


RULES: tuple[Rule, ...] = (
    unknown_component,
    wrong_kind,
    wrong_access,
    service_uses_service,
    circular_links,
    ambiguous_network,
    link_across_networks,
)
