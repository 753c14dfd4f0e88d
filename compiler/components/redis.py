"""What a Redis cache becomes and what it costs."""

from collections.abc import Iterator, Mapping

from compiler.aws.lists import node_types
from compiler.aws.metering import KMS_KEYS, between_zones, each_hour
from compiler.aws.names import aws_name
from compiler.aws.placement import subnet_ids
from compiler.aws.windows import at_once, written
from compiler.card import Card, Copy, Place
from compiler.graph.graph import Edge, Graph, Kind, Relation
from compiler.plan.access import Firewall
from compiler.plan.guards import LINKS, NEVER_A_VALUE, PRIVATE, Guards, set_field
from compiler.plan.listed import Listed
from compiler.plan.names import Named, Names, Scope
from compiler.plan.outputs import Tellings, Told
from compiler.plan.plan import Assumption, Block, Load, Meter, Omission, Ref, Value
from trazo_spec.base import Access
from trazo_spec.components.redis import Redis
from trazo_spec.diagnostics import SpecPath

ICON = "aws.database.ElasticacheForRedis"

USAGE: Mapping[str, Assumption] = {
    "backup_gb": Assumption(
        0.05,
        0.25,
        5,
        "GB",
        "all snapshots together; the size of one is at most the memory of a node",
        stored=True,
    ),
    "gb_exchanged": Assumption(
        0.5,
        5,
        100,
        "GB",
        "a few kB for each request, at about one request per second, in both directions",
    ),
}

REDIS_PORT = 6379


def _links(
    source: str, name: str, _redis: Redis, _access: Access, path: SpecPath
) -> Iterator[Edge]:
    yield Edge(source, name, Relation.CONNECTS_TO, path, REDIS_PORT)


def _gives(name: str, _redis: Redis, _graph: Graph) -> Iterator[tuple[str, Value]]:
    group = f"aws_elasticache_replication_group.{name}"
    yield "HOST", Ref(group, "primary_endpoint_address")
    yield "PORT", str(REDIS_PORT)


def _listed(redis: Redis, _region: str) -> Iterator[Listed]:
    yield Listed(("node_type",), redis.node_type, node_types())


def blocks(name: str, redis: Redis, graph: Graph) -> Iterator[Block]:
    """The nodes as one replication group, and what they stand in."""
    yield Block(
        "aws_elasticache_subnet_group",
        name,
        {
            "name": aws_name(graph, name),
            "description": "Private subnets",
            "subnet_ids": subnet_ids(redis.network, "private", graph),
        },
        name,
    )
    several = redis.nodes > 1
    yield Block(
        "aws_elasticache_replication_group",
        name,
        {
            "replication_group_id": aws_name(graph, name),
            "description": "Redis",
            "engine": "redis",
            "engine_version": redis.engine_version,
            "parameter_group_name": _parameters(redis),
            "node_type": redis.node_type,
            "num_cache_clusters": redis.nodes,
            "automatic_failover_enabled": several,
            "multi_az_enabled": several,
            "port": REDIS_PORT,
            "subnet_group_name": Ref(f"aws_elasticache_subnet_group.{name}", "name"),
            "security_group_ids": [Ref(f"aws_security_group.{name}", "id")],
            # The provider takes this one as text, so that left out differs from false.
            "at_rest_encryption_enabled": "true",
            "transit_encryption_enabled": True,
            "snapshot_retention_limit": redis.snapshot_retention_days,
            # Else AWS waits for the maintenance window: every plan until then has the change again,
            # and replicas cannot be removed, for failover to them is still on.
            # https://github.com/hashicorp/terraform-provider-aws/issues/18737
            "apply_immediately": at_once(redis.apply, graph),
            **written(
                snapshot_window=redis.backup_window, maintenance_window=redis.maintenance_window
            ),
        },
        name,
    )


def _parameters(redis: Redis) -> str:
    """AWS's own parameters for the version, named so that an upgrade changes both at once."""
    major = redis.engine_version.partition(".")[0]
    return f"default.redis{major}" + (".x" if major == "6" else "")


def meters(name: str, redis: Redis, graph: Graph) -> Iterator[Meter]:
    """Node hours, data of tasks in other zones, and snapshots beyond the one that is free."""
    item, what = f"redis_node_hour:{redis.node_type}", "node" if redis.nodes == 1 else "nodes"
    yield each_hour(name, item, "node-hour", redis.nodes, f"{redis.nodes} {what} every hour")
    # Source: data transfer in https://aws.amazon.com/elasticache/pricing/
    yield from between_zones(name, redis.network, graph, sides=1)
    days = redis.snapshot_retention_days
    if days < 2:
        return

    def billed_gb_month(load: Load) -> float:
        # One backup of each active cluster is free.
        # Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/red-ug/backups.html
        return load.usage["backup_gb"] * (days - 1) / days * load.months

    yield Meter(
        name,
        "redis_backup_storage_gb_month",
        "GB-month",
        billed_gb_month,
        "assumed",
        f"{days} daily snapshots, one of them free",
    )


def card(name: str, redis: Redis, _: Graph) -> Card:
    """A Redis cache and its replicas."""
    replicas = redis.nodes - 1
    words = "Replica" if replicas == 1 else f"{replicas} replicas"
    return Card(
        f"ElastiCache Redis {redis.engine_version}",
        Place.ZONE,
        (name, redis.node_type),
        keeps_data=True,
        copies=(Copy("replica", words),) if replicas else (),
    )


GUARDS: Guards = {
    "aws_elasticache_replication_group": {
        "at_rest_encryption_enabled": PRIVATE,
        "auth_token": NEVER_A_VALUE,
        "auth_token_wo": NEVER_A_VALUE,
        "automatic_failover_enabled": set_field("nodes"),
        "cluster_mode": set_field("nodes"),
        "engine": "it is priced as Redis",
        "engine_version": set_field("engine_version"),
        "multi_az_enabled": set_field("nodes"),
        "node_group_configuration": set_field("nodes"),
        "node_type": set_field("node_type"),
        "num_cache_clusters": set_field("nodes"),
        "num_node_groups": set_field("nodes"),
        "port": "links and security group rules use Redis's own port",
        "replicas_per_node_group": set_field("nodes"),
        "security_group_ids": LINKS,
        "security_group_names": LINKS,
        "snapshot_retention_limit": set_field("snapshot_retention_days"),
        "subnet_group_name": set_field("network"),
        "transit_encryption_enabled": PRIVATE,
        "transit_encryption_mode": PRIVATE,
    },
    "aws_elasticache_subnet_group": {"subnet_ids": set_field("network")},
}


TOLD: Tellings = {
    "aws_elasticache_replication_group": (
        Told("primary_endpoint_address", "cache_endpoint", "Host of the cache"),
    ),
}

UNPRICED = (
    KMS_KEYS,
    Omission("ElastiCache reserved nodes and Serverless", "only on-demand nodes are priced"),
)


# Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
# https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheSubnetGroup.html
# read 2026-11-29
NAMES: Names = {
    "aws_elasticache_replication_group": Named(
        "replication group", Scope.REGION, 40, "replication_group_id"
    ),
    "aws_elasticache_subnet_group": Named("cache subnet group", Scope.REGION, 255),
}


KIND = Kind(
    noun="cache",
    icon=ICON,
    usage=USAGE,
    blocks=blocks,
    meters=meters,
    unpriced=UNPRICED,
    card=card,
    switched_off=lambda redis: not redis.enabled,
    listed=_listed,
    links=_links,
    gives=_gives,
    firewall=lambda _: Firewall("Cache"),
    keeps_network=True,
    names=NAMES,
    guards=GUARDS,
    told=TOLD,
)
