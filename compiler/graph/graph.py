"""The parts of an environment, written and implied, and what each needs; alone knows networkx."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from compiler.card import Card
from compiler.graph import silent
from compiler.graph.references import Reference, with_names
from compiler.plan.access import Firewall, Given, Lasting, PolicyStatement, Role
from compiler.plan.alarms import Alarm
from compiler.plan.fleet import Fleet
from compiler.plan.guards import Guards
from compiler.plan.listed import Listed, Refusal
from compiler.plan.names import Names
from compiler.plan.outputs import Tellings
from compiler.plan.plan import Assumption, Block, Meter, Omission, Output, Ref
from compiler.plan.variants import Circumstances, Pause, Variant
from trazo_spec.base import Access, Component, Linkable, Network, Placed
from trazo_spec.components import AnyComponent
from trazo_spec.components.certificate import Certificate
from trazo_spec.diagnostics import SpecPath
from trazo_spec.document import Spec

if TYPE_CHECKING:
    import networkx  # takes 0.3 s, most commands do without

IMPLIED_NETWORK = "network"
IMPLIED_SECURITY = "security"
PRODUCTION = ("live", "prod", "production")
"""Environments whose users mind an outage, and a loss even more."""

C = TypeVar("C", bound=Component)
Components = dict[str, AnyComponent]
Tier: TypeAlias = Literal["public", "private"]
"""The two halves of a VPC."""


class Relation(StrEnum):
    """Why one part depends on another."""

    ROUTES_TO = "routes to"
    CONNECTS_TO = "connects to"
    READS = "reads"
    WRITES = "writes"
    RUNS_IN = "runs in"
    RESOLVED_BY = "is resolved by"
    CERTIFIED_BY = "is validated by"
    LOGS_TO = "logs to"
    GRANTS = "grants to"
    WATCHES = "watches"


@dataclass(frozen=True, slots=True)
class Node:
    """A component, or an implied part of one such as its certificate."""

    name: str
    """The component's name; an implied part has its owner's name in front: `alb.certificate`."""
    kind: str
    """The component's kind, or `certificate`, `log_group`, `secret`."""
    owner: str
    """The component that the part belongs to; a component's own name."""
    existing: bool = False
    """Whether it is there already, so that it is only looked up."""

    @property
    def what(self) -> str:
        """The kind in words: `dns`, or `existing dns`."""
        return f"existing {self.kind}" if self.existing else self.kind


@dataclass(frozen=True, slots=True)
class Edge:
    """One dependency: `source` needs `target`."""

    source: str
    target: str
    relation: Relation
    path: SpecPath
    """What in the spec says so."""
    port: int | None = None
    """The TCP port, for what crosses the network."""
    detail: str = ""
    """Host name, path or protocol, where that tells edges apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a kind of component answers: the four first ones always, the others where they apply.

    No pass knows a kind. It asks, and a kind that says nothing is taken for the plainest one.
    """

    icon: str
    """The class of the icon, its path below the package `diagrams`."""
    usage: Mapping[str, Assumption]
    """The use per month that this kind is billed by, by the field names of `Usage`."""
    blocks: Callable[[str, Any, "Graph"], Iterable[Block]]
    """What a component becomes in Terraform."""
    meters: Callable[[str, Any, "Graph"], Iterable[Meter]]
    """What AWS bills for a component."""

    noun: str = ""
    """What findings call it, such as `database`; empty where its name says enough."""
    card: Callable[[str, Any, "Graph"], Card | None] = silent.no_card
    """What pictures say of a component; without, it is among the supporting services."""
    unpriced: tuple[Omission, ...] = ()
    """What AWS may bill with it and no meter counts."""
    fleet: Callable[[Any], Fleet | None] = silent.none
    """Its tasks, where their number follows demand."""
    variants: Callable[[str, Any, "Graph", Circumstances], Iterable[Variant]] = silent.nothing
    """The other ways to run it that save something, or give more."""
    pause: Pause | None = None
    """What a stop means, where it can stand still while nothing uses it."""
    shared_blocks: Callable[["Graph"], Iterable[Block]] = silent.nothing
    """What all components of this kind, or the environment, have once."""
    told: Tellings = field(default_factory=dict)
    """What is printed of its resources after an apply."""
    outputs: Callable[["Graph"], Iterable[Output]] = silent.nothing
    """What somebody has to do by hand outside of Terraform, or to know after an apply."""
    completed: Callable[[Any, Spec], AnyComponent] = silent.as_it_is
    """The component with what it says by leaving it out."""
    among: Callable[[Any, Spec, tuple[Spec, ...]], AnyComponent] = silent.as_it_is
    """The component with what other environments in the same account say of it."""
    implied: Callable[[Components, "Kinds"], Components] = silent.no_others
    """All components, with those of this kind that others need and nobody wrote."""
    switched_off: Callable[[Any], bool] = silent.no
    """Whether it is written and not there, so that links to it are left out too."""
    references: Callable[[Any], Iterable[Reference]] = silent.nothing
    """Where it names others, beside its network."""
    existing: Callable[[Any], bool] = silent.no
    """Whether it is there already, so that it is only looked up."""
    nodes: Callable[[str, Any], Iterable[Node]] = silent.nothing
    """Its implied parts, such as the log group of a service."""
    edges: Callable[[str, Any, Spec, "Kinds"], Iterable[Edge]] = silent.nothing
    """What it needs, beside its network, its names and its certificate."""
    links: Callable[[str, str, Any, Access, SpecPath], Iterable[Edge]] = silent.nothing
    """The edges by which a service (first) uses it (second, third) with an access."""
    lasting: Mapping[str, Lasting] = field(default_factory=dict)
    """Its resources that must not be lost, by Terraform's type."""
    guards: Guards = field(default_factory=dict)
    """What no override may set of its resources."""
    names: Names = field(default_factory=dict)
    """The names that its resources own in AWS, by Terraform's type."""
    changed_defaults: Callable[[str, Any, Mapping[str, Any]], Iterable[tuple[str, str]]] = (
        silent.nothing
    )
    """What changes in resources of an earlier version (third, by type and label) although the
    component does not, and how to keep it: a message and advice.
    """
    keeps_network: bool = False
    """Whether AWS cannot move it into another network."""
    gives: Callable[[str, Any, "Graph"], Iterable[tuple[str, Given]]] = silent.nothing
    """The variables that whoever links it gets, without its name in front: `HOST`."""
    allows: Callable[[Mapping[str, Access], "Graph"], Iterable[PolicyStatement]] = silent.nothing
    """What somebody may do who links components of this kind with these accesses."""
    roles: Callable[[str, Any, "Graph"], Iterable[Role]] = silent.nothing
    """The roles of its code."""
    secrets: Callable[[Any], Iterable[tuple[SpecPath, str]]] = silent.nothing
    """The secrets that it gets when it starts: where it says so, and their names."""
    alarms: Callable[[str, Any, "Graph"], Iterable[Alarm]] = silent.nothing
    """What can go wrong with it."""
    firewall: Callable[[Any], Firewall] = silent.closed
    """What its security group lets in and out, where it runs in a VPC."""
    groups: Callable[[str, Any, "Graph"], Iterable[Block]] = silent.nothing
    """Its security groups beside that one."""
    subnets: Callable[[str, Any, Tier, "Graph"], Iterable[Ref]] = silent.nothing
    """The subnets of one tier, one for each zone."""
    exits: Callable[[str, Any, "Graph"], Iterable[str]] = silent.nothing
    """The addresses without which nothing in it reaches AWS."""
    ways_out: Callable[[str, tuple[int, ...], str, Any, "Graph"], Iterable[Block]] = silent.nothing
    """The rules by which another component (first) reaches AWS and these ports of the internet."""
    grants: Callable[[str, Any, str], Iterable[str]] = silent.nothing
    """The addresses of what it adds to the roles of a component that it grants something."""
    hostnames: Callable[[Any], tuple[tuple[str, SpecPath], ...]] = silent.nothing
    """The host names that users call it by, each with its path inside of it."""
    certificate: Callable[[Any], Certificate | None] = silent.none
    """The certificate for its host names."""
    certificate_region: str = ""
    """The region that its certificates must be in; empty for that of the environment."""
    listed: Callable[[Any, str], Iterable[Listed]] = silent.nothing
    """What it says in names that only AWS can give, such as a size, in a region (second)."""
    refused_by: Mapping[str, Refusal] = field(default_factory=dict)
    """The partitions of AWS, such as `aws-us-gov`, that do not take what it becomes."""
    zone: Callable[[Any], str | None] = silent.none
    """The domain whose names it resolves."""

    @property
    def runs_code(self) -> bool:
        """Whether its components have roles."""
        return self.roles is not silent.nothing

    @property
    def is_watched(self) -> bool:
        """Whether something can go wrong with its components."""
        return self.alarms is not silent.nothing


class UnansweredError(RuntimeError):
    """A kind lets others use it and does not say what follows: a mistake of ours, not a spec's."""

    def __init__(self, kind: str, answer: str, access: Access) -> None:
        """Say which answer is missing and where to write it."""
        where = f"`KIND` in compiler/components/{kind}"
        super().__init__(f"{where} must define `{answer}`: it does not say what `{access}` grants")


Kinds = Mapping[str, Kind]
"""Every kind by the name that a spec uses."""


@dataclass(frozen=True, slots=True)
class Graph:
    """One environment: its written-out spec, the parts and the edges between them."""

    environment: str
    spec: Spec
    nodes: tuple[Node, ...]
    """Sorted by name."""
    edges: tuple[Edge, ...]
    """Sorted by source, target and relation."""
    written: Spec
    """The spec as it was written, with what is switched off and without what is implied."""
    kinds: Kinds = field(repr=False, compare=False)
    """What the kinds answer."""

    @property
    def production(self) -> bool:
        """Whether users mind an outage of this environment."""
        return self.environment in PRODUCTION

    def of(self, kind: type[C]) -> Iterator[tuple[str, C]]:
        """Every component of a kind with its name, sorted by name."""
        for name, component in self.spec.components.items():
            if isinstance(component, kind):
                yield name, component

    def fleets(self) -> Iterator[tuple[str, Fleet]]:
        """The tasks of every component that has some, with its name, sorted by name."""
        for name, component in self.spec.components.items():
            if (fleet := self.kind(component).fleet(component)) is not None:
                yield name, fleet

    def kind(self, component: AnyComponent) -> Kind:
        """What the kind of a component answers."""
        return self.kinds[component.kind]

    def edges_from(self, source: str, *relations: Relation) -> Iterator[Edge]:
        """The edges that leave a part, of any relation when none is given."""
        return (
            e
            for e in self.edges
            if e.source == source and (not relations or e.relation in relations)
        )

    def edges_to(self, target: str, *relations: Relation) -> Iterator[Edge]:
        """The edges that reach a part, of any relation when none is given."""
        return (
            e
            for e in self.edges
            if e.target == target and (not relations or e.relation in relations)
        )

    def parts_of(self, owner: str, kind: str) -> Iterator[Node]:
        """The implied parts of a component."""
        return (n for n in self.nodes if n.owner == owner and n.kind == kind)


def build(spec: Spec, environment: str, kinds: Kinds) -> Graph:
    """The graph of one environment; references that point nowhere make no edge."""
    written, spec = spec, expand(spec, kinds)
    nodes = _nodes(spec, kinds)
    known = {n.name for n in nodes}
    edges = {e for e in _edges(spec, kinds) if e.source in known and e.target in known}
    return Graph(
        environment,
        spec,
        tuple(sorted(nodes, key=lambda n: n.name)),
        tuple(
            sorted(
                edges,
                key=lambda e: (e.source, e.target, e.relation, e.port or 0, e.detail, str(e.path)),
            )
        ),
        written,
        kinds,
    )


def expand(spec: Spec, kinds: Kinds) -> Spec:
    """The same spec with nothing left to guess; applied twice, it changes nothing more."""
    components = _without_disabled(spec.components, kinds)
    for kind in kinds.values():
        components = kind.implied(components, kinds)
    completed = {n: kinds[c.kind].completed(c, spec) for n, c in sorted(components.items())}
    return spec.model_copy(update={"components": completed})


def _without_disabled(components: Components, kinds: Kinds) -> Components:
    """Leaves out what is switched off, with every link to it."""
    off = {n for n, c in components.items() if kinds[c.kind].switched_off(c)}
    if not off:
        return components
    without = {}
    for name, component in components.items():
        if name not in off:
            gone = (link for link, _ in links_of(component, kinds) if link.target in off)
            without[name] = with_names(component, gone, lambda _: None)
    return without


def references_of(component: AnyComponent, kinds: Kinds) -> Iterator[Reference]:
    """Every place of a component that names another one."""
    if isinstance(component, Placed) and component.network is not None:
        yield Reference(("network",), component.network, "runs in", (Network,))
    yield from kinds[component.kind].references(component)


def links_of(component: AnyComponent, kinds: Kinds) -> Iterator[tuple[Reference, Access]]:
    """Every link of a component to another one, with the access that it asks for."""
    for reference in kinds[component.kind].references(component):
        if reference.access is not None:
            yield reference, reference.access


def fits(access: Access, used: AnyComponent) -> bool:
    """Whether a component may be used like that, by its own type."""
    return isinstance(used, Linkable) and access in used.ACCESSES


def zone_of(hostname: str, graph: Graph) -> str | None:
    """The component whose zone holds a host name, of several the one of the longest zone."""
    return _zone_of(hostname, graph.spec, graph.kinds)


def _zone_of(hostname: str, spec: Spec, kinds: Kinds) -> str | None:
    bare = hostname.removeprefix("*.")
    zones = ((kinds[c.kind].zone(c), name) for name, c in spec.components.items())
    holding = [
        (len(zone), name) for zone, name in zones if zone and f".{bare}".endswith(f".{zone}")
    ]
    return max(holding)[1] if holding else None


def hostnames_of(component: AnyComponent, graph: Graph) -> tuple[tuple[str, SpecPath], ...]:
    """The host names that users call a component by, each with its path inside of it."""
    return graph.kind(component).hostnames(component)


def cycle(graph: Graph) -> tuple[Edge, ...]:
    """The edges of one cycle, empty when there is none."""
    after: dict[str, set[str]] = {}
    for edge in graph.edges:
        after.setdefault(edge.source, set()).add(edge.target)
    try:
        TopologicalSorter({s: sorted(t) for s, t in sorted(after.items())}).prepare()
    except CycleError as error:
        names: list[str] = list(reversed(error.args[1]))
        steps = pairwise(names)
        return tuple(next(e for e in graph.edges_from(s) if e.target == t) for s, t in steps)
    return ()


def to_networkx(graph: Graph) -> "networkx.MultiDiGraph[str]":
    """The same graph for networkx's algorithms; edges carry relation, port and detail."""
    import networkx  # noqa: PLC0415 # takes 0.3 s, most commands do without

    result: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for node in graph.nodes:
        result.add_node(node.name, kind=node.what, owner=node.owner)
    for e in graph.edges:
        result.add_edge(e.source, e.target, relation=str(e.relation), port=e.port, detail=e.detail)
    return result


def impact(graph: Graph, name: str) -> tuple[str, ...]:
    """Every part that depends on a part, directly or through others, nearest first."""
    import networkx  # noqa: PLC0415 # takes 0.3 s, most commands do without

    distance = networkx.single_source_shortest_path_length(to_networkx(graph).reverse(), name)
    return tuple(sorted((n for n in distance if n != name), key=lambda n: (distance[n], n)))


def _nodes(spec: Spec, kinds: Kinds) -> list[Node]:
    nodes = []
    for name, c in spec.components.items():
        kind = kinds[c.kind]
        nodes += [Node(name, c.kind, name, kind.existing(c)), *kind.nodes(name, c)]
        certificate = kind.certificate(c)
        if certificate is not None and certificate.arn is None:
            nodes.append(Node(f"{name}.certificate", "certificate", name))
    return nodes


def _edges(spec: Spec, kinds: Kinds) -> Iterator[Edge]:
    for name, c in spec.components.items():
        path: SpecPath = ("components", name)
        yield from kinds[c.kind].edges(name, c, spec, kinds)
        yield from _names(name, c, spec, kinds)
        if isinstance(c, Placed) and c.network is not None:
            yield Edge(name, c.network, Relation.RUNS_IN, (*path, "network"))
        for link, access in links_of(c, kinds):
            if (used := spec.components.get(link.target)) is not None:
                where = (*path, *link.path)
                edges = tuple(kinds[used.kind].links(name, link.target, used, access, where))
                if not edges and fits(access, used):
                    raise UnansweredError(used.kind, "links", access)
                yield from edges


def _names(name: str, c: AnyComponent, spec: Spec, kinds: Kinds) -> Iterator[Edge]:
    """Who resolves the host names of a component, and who certifies them."""
    path: SpecPath = ("components", name)
    for host, where in kinds[c.kind].hostnames(c):
        if zone := _zone_of(host, spec, kinds):
            yield Edge(name, zone, Relation.RESOLVED_BY, (*path, *where), detail=host)
    certificate = kinds[c.kind].certificate(c)
    if certificate is None:
        return
    part = f"{name}.certificate"
    yield Edge(name, part, Relation.CERTIFIED_BY, (*path, "certificate"))
    for i, host in enumerate(certificate.names):
        if zone := _zone_of(host, spec, kinds):
            where = (*path, "certificate", "names", i)
            yield Edge(part, zone, Relation.RESOLVED_BY, where, detail=host)
