"""What a Valkey cache becomes and what it costs."""

from collections.abc import Iterator

from compiler.aws.metering import each_hour
from compiler.aws.names import aws_name
from compiler.aws.placement import subnet_ids
from compiler.card import Card, Place
from compiler.graph.graph import Edge, Graph, Kind, Relation
from compiler.plan.plan import Block, Meter, Ref
from trazo_spec.base import Access
from trazo_spec.components.valkey import Valkey
from trazo_spec.diagnostics import SpecPath

PORT = 6379


def _links(source: str, name: str, _: Valkey, __: Access, path: SpecPath) -> Iterator[Edge]:
    yield Edge(source, name, Relation.CONNECTS_TO, path, PORT)


def _gives(name: str, _valkey: Valkey, _graph: Graph) -> Iterator[tuple[str, Ref]]:
    yield "HOST", Ref(f"aws_elasticache_replication_group.{name}", "primary_endpoint_address")


def blocks(name: str, valkey: Valkey, graph: Graph) -> Iterator[Block]:
    """One node in the private subnets."""
    subnets = subnet_ids(valkey.network, "private", graph)
    body = {"name": aws_name(graph, name), "subnet_ids": subnets}
    yield Block("aws_elasticache_subnet_group", name, body, name)
    yield Block(
        "aws_elasticache_replication_group",
        name,
        {
            "replication_group_id": aws_name(graph, name),
            "description": "Valkey",
            "engine": "valkey",
            "node_type": valkey.size,
            "port": PORT,
            "subnet_group_name": Ref(f"aws_elasticache_subnet_group.{name}", "name"),
            "security_group_ids": [Ref(f"aws_security_group.{name}", "id")],
        },
        name,
    )


def meters(name: str, valkey: Valkey, _graph: Graph) -> Iterator[Meter]:
    """Each hour of the node."""
    yield each_hour(name, f"valkey_cache_hour:{valkey.size}", "node-hour", 1, "1 node every hour")


def card(name: str, valkey: Valkey, _graph: Graph) -> Card:
    """A cache in a zone of its VPC."""
    return Card("ElastiCache Valkey", Place.ZONE, (name, valkey.size), keeps_data=True)


KIND = Kind(
    noun="cache",
    icon="aws.database.ElastiCache",
    usage={},
    blocks=blocks,
    meters=meters,
    card=card,
    links=_links,
    gives=_gives,
)
