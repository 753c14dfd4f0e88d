"""What tasks call: databases and caches in their VPC, buckets and secrets outside of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from compiler.aws.links import secrets
from compiler.backends.diagram.model.lanes import Stop, Way
from compiler.backends.diagram.model.picture import Item
from compiler.backends.diagram.views import items
from compiler.backends.diagram.views.items import Overlays, listed
from compiler.backends.diagram.views.lane_folding import folded_ways
from compiler.backends.diagram.views.overview_links import HTTPS
from compiler.backends.diagram.views.supporting import SECRET_ICON
from compiler.graph.graph import Graph, Relation
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.components.s3 import S3

# Chosen: what a reader still takes in.
MOST_STORES = 4
MOST_BUCKETS = 3
_MOST_VARIABLES = 4
_PLAIN = Overlays({}, {})


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
