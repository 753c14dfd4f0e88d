"""The overview of one environment: every component in its place, and the way of a request."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from compiler.backends.diagram.model.picture import Item, Picture
from compiler.backends.diagram.views import items
from compiler.backends.diagram.views.folding import folded
from compiler.backends.diagram.views.items import Overlays
from compiler.backends.diagram.views.overview_links import links
from compiler.backends.diagram.views.overview_networks import network
from compiler.backends.diagram.views.supporting import supporting
from compiler.graph.graph import Graph, Relation
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.dns import Dns
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.components.s3 import S3
from trazo_spec.diagnostics import Diagnostic

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
