"""The parts of an environment, written and implied, and what each needs; alone knows networkx."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from trazo_spec.base import Component, Placed
from trazo_spec.components import AnyComponent
from trazo_spec.components.alb import Alb
from trazo_spec.components.certificate import Certificate
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.dns import Dns
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.iam import Iam
from trazo_spec.components.networking import Networking
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.components.s3 import S3
from trazo_spec.components.security import Secret, Security
from trazo_spec.diagnostics import SpecPath
from trazo_spec.document import Spec

IMPLIED_NETWORK = "network"
IMPLIED_SECURITY = "security"

Components = dict[str, AnyComponent]


def expand(spec: Spec) -> Spec:
    """The same spec with nothing left to guess; applied twice, it changes nothing more."""
    components = _with_secrets(_with_network(_without_disabled(spec.components)))
    written_out = {n: _with_defaults(c, spec.domain) for n, c in sorted(components.items())}
    return spec.model_copy(update={"components": written_out})


def _without_disabled(components: Components) -> Components:
    """Leaves a switched-off cache out, with every link to it."""
    off = {n for n, c in components.items() if isinstance(c, Redis) and not c.enabled}
    return {n: _without_links(c, off) for n, c in components.items() if n not in off}


def _without_links(component: AnyComponent, off: set[str]) -> AnyComponent:
    if not isinstance(component, Ecs) or off.isdisjoint(component.uses):
        return component
    uses = {n: access for n, access in component.uses.items() if n not in off}
    return component.model_copy(update={"uses": uses})


def _with_network(components: Components) -> Components:
    """Adds a VPC where one is needed and none is written, and names it in what stands in it."""
    inside = {n: c for n, c in components.items() if isinstance(c, Placed)}
    networks = sorted(n for n, c in components.items() if isinstance(c, Networking))
    if not inside or len(networks) > 1:
        return components
    if not networks:
        if IMPLIED_NETWORK in components:
            return components
        components, networks = {**components, IMPLIED_NETWORK: Networking()}, [IMPLIED_NETWORK]
    placed = {
        n: c.model_copy(update={"network": networks[0]})
        for n, c in inside.items()
        if c.network is None
    }
    return {**components, **placed}


def _with_secrets(components: Components) -> Components:
    """Adds every secret that a service names and no `security` component declares."""
    security = {n: c for n, c in components.items() if isinstance(c, Security)}
    declared = {secret for c in security.values() for secret in c.secrets}
    named = {s for c in components.values() if isinstance(c, Ecs) for s in c.secrets.values()}
    missing = sorted(named - declared)
    owner = min(security, default=IMPLIED_SECURITY)
    if not missing or (owner in components and owner not in security):
        return components
    before = security.get(owner, Security())
    secrets = {**before.secrets, **{name: Secret() for name in missing}}
    return {**components, owner: before.model_copy(update={"secrets": secrets})}


def _with_defaults(component: AnyComponent, domain: str | None) -> AnyComponent:
    """Fills in what a component says by leaving it out."""
    match component:
        case Alb():
            hosts = dict.fromkeys(
                [component.hostname, *(r.host for r in component.routes if r.host is not None)]
            )
            logs = (
                component.access_logs
                if component.access_logs and component.access_logs.enabled
                else None
            )
            certificate = _with_names(component.certificate, tuple(hosts))
            return component.model_copy(update={"certificate": certificate, "access_logs": logs})
        case Cloudfront():
            certificate = _with_names(component.certificate, (component.hostname,))
            return component.model_copy(update={"certificate": certificate})
        case Dns(zone=None):
            return component.model_copy(update={"zone": domain})
        case _:
            return component


def _with_names(certificate: Certificate, names: tuple[str, ...]) -> Certificate:
    if certificate.arn is not None or certificate.names:
        return certificate
    return certificate.model_copy(update={"names": names})


if TYPE_CHECKING:
    import networkx  # takes 0.3 s, most commands do without

PRODUCTION = ("live", "prod", "production")
"""Environments whose users mind an outage, and a loss even more."""
POSTGRESQL_PORT = 5432
REDIS_PORT = 6379

C = TypeVar("C", bound=Component)


class Relation(StrEnum):
    """Why one part depends on another."""

    ROUTES_TO = "routes to"
    CONNECTS_TO = "connects to"
    READS = "reads"
    WRITES = "writes"
    RUNS_IN = "runs in"
    RESOLVED_BY = "is resolved by"
    CERTIFIED_BY = "is certified by"
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

    @property
    def production(self) -> bool:
        """Whether users mind an outage of this environment."""
        return self.environment in PRODUCTION

    def of(self, kind: type[C]) -> Iterator[tuple[str, C]]:
        """Every component of a kind with its name, sorted by name."""
        for name, component in self.spec.components.items():
            if isinstance(component, kind):
                yield name, component

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


def build(spec: Spec, environment: str = "prod") -> Graph:
    """The graph of one environment; references that point nowhere make no edge."""
    written, spec = spec, expand(spec)
    nodes = _nodes(spec)
    known = {n.name for n in nodes}
    edges = {e for e in _edges(spec) if e.source in known and e.target in known}
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
    )


def zone_of(hostname: str, spec: Spec) -> str | None:
    """The `dns` component whose zone holds a host name, of several the one of the longest zone."""
    bare = hostname.removeprefix("*.")
    zones = [
        (len(c.zone), name)
        for name, c in spec.components.items()
        if isinstance(c, Dns) and c.zone is not None and f".{bare}".endswith(f".{c.zone}")
    ]
    return max(zones)[1] if zones else None


def hostnames_of(component: AnyComponent) -> tuple[tuple[str, SpecPath], ...]:
    """The host names that users call a component by, each with its path inside of it."""
    match component:
        case Alb():
            hosts: dict[str, SpecPath] = {component.hostname: ("hostname",)}
            for i, route in enumerate(component.routes):
                if route.host is not None:
                    hosts.setdefault(route.host, ("routes", i, "host"))
            return tuple(hosts.items())
        case Cloudfront():
            return ((component.hostname, ("hostname",)),)
        case _:
            return ()


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


def _nodes(spec: Spec) -> list[Node]:
    nodes = [Node(name, c.kind, name, _is_existing(c)) for name, c in spec.components.items()]
    for name, c in spec.components.items():
        match c:
            case Alb() | Cloudfront() if c.certificate.arn is None:
                nodes.append(Node(f"{name}.certificate", "certificate", name))
            case Ecs():
                nodes.append(Node(f"{name}.logs", "log_group", name))
            case Rds():
                nodes.append(Node(f"{name}.credentials", "secret", name))
            case Security():
                nodes += [Node(f"{name}.{secret}", "secret", name) for secret in c.secrets]
    return nodes


def _is_existing(component: AnyComponent) -> bool:
    return isinstance(component, Dns | Networking | S3) and bool(component.existing)


def _edges(spec: Spec) -> Iterator[Edge]:
    for name, c in spec.components.items():
        path: SpecPath = ("components", name)
        yield from _placement(name, c, path)
        yield from _names(name, c, path, spec)
        match c:
            case Alb():
                yield from _alb(name, c, path, spec)
            case Cloudfront():
                yield Edge(name, c.origin, Relation.READS, (*path, "origin"), 443, "origin")
            case Ecs():
                yield from _ecs(name, c, path, spec)
            case S3() if c.access_logs is not None:
                yield Edge(
                    name, c.access_logs.bucket, Relation.LOGS_TO, (*path, "access_logs", "bucket")
                )
            case Iam():
                for service in c.services or sorted(_named(spec, Ecs)):
                    yield Edge(name, service, Relation.GRANTS, path)
            case Security() if c.alarms is not None:
                for watched in sorted(_named(spec, Alb, Ecs, Rds)):
                    yield Edge(name, watched, Relation.WATCHES, (*path, "alarms"))


def _named(spec: Spec, *kinds: type[Component]) -> Iterable[str]:
    return (n for n, c in spec.components.items() if isinstance(c, kinds))


def _placement(name: str, c: AnyComponent, path: SpecPath) -> Iterator[Edge]:
    if isinstance(c, Placed) and c.network is not None:
        yield Edge(name, c.network, Relation.RUNS_IN, (*path, "network"))


def _names(name: str, c: AnyComponent, path: SpecPath, spec: Spec) -> Iterator[Edge]:
    """Who resolves the host names of a component, and who certifies them."""
    for host, where in hostnames_of(c):
        if zone := zone_of(host, spec):
            yield Edge(name, zone, Relation.RESOLVED_BY, (*path, *where), detail=host)
    if isinstance(c, Alb | Cloudfront):
        certificate = f"{name}.certificate"
        yield Edge(name, certificate, Relation.CERTIFIED_BY, (*path, "certificate"))
        for i, host in enumerate(c.certificate.names):
            if zone := zone_of(host, spec):
                where = (*path, "certificate", "names", i)
                yield Edge(certificate, zone, Relation.RESOLVED_BY, where, detail=host)


def _alb(name: str, c: Alb, path: SpecPath, spec: Spec) -> Iterator[Edge]:
    for i, route in enumerate(c.routes):
        service = spec.components.get(route.to)
        if isinstance(service, Ecs):
            detail = f"{route.host or ''}{route.path or ''}"
            where = (*path, "routes", i, "to")
            yield Edge(name, route.to, Relation.ROUTES_TO, where, service.port, detail)
    if c.access_logs is not None:
        yield Edge(name, c.access_logs.bucket, Relation.LOGS_TO, (*path, "access_logs", "bucket"))


def _ecs(name: str, c: Ecs, path: SpecPath, spec: Spec) -> Iterator[Edge]:
    yield Edge(name, f"{name}.logs", Relation.LOGS_TO, path)
    for variable, secret in c.secrets.items():
        for owner, holder in spec.components.items():
            if isinstance(holder, Security) and secret in holder.secrets:
                yield Edge(name, f"{owner}.{secret}", Relation.READS, (*path, "secrets", variable))
    for target, access in c.uses.items():
        where = (*path, "uses", target)
        match spec.components.get(target):
            case Rds():
                yield Edge(name, target, Relation.CONNECTS_TO, where, POSTGRESQL_PORT)
                yield Edge(name, f"{target}.credentials", Relation.READS, where)
            case Redis():
                yield Edge(name, target, Relation.CONNECTS_TO, where, REDIS_PORT)
            case S3():
                if access in ("read", "read_write"):
                    yield Edge(name, target, Relation.READS, where, 443)
                if access in ("write", "read_write"):
                    yield Edge(name, target, Relation.WRITES, where, 443)
            case _:
                pass
