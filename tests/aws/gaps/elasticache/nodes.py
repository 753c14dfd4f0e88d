"""The nodes of a replication group, which moto does not list as clusters."""

from moto.elasticache.models import CacheCluster, ElastiCacheBackend, ReplicationGroup

from tests.aws.gaps.elasticache.pending import of_nodes

_describe = ElastiCacheBackend.describe_cache_clusters


def _node(group: ReplicationGroup, identifier: str) -> CacheCluster:
    node: CacheCluster = CacheCluster.__new__(CacheCluster)
    node.__dict__ = {
        "cache_cluster_id": identifier,
        "replication_group_id": group.replication_group_id,
        "cache_cluster_status": "available",
        "cache_node_type": group.cache_node_type,
        "engine": group.engine,
        "engine_version": _full(group.engine_version),
        "num_cache_nodes": 1,
        "preferred_maintenance_window": group.preferred_maintenance_window or "sun:05:00-sun:06:00",
        "cache_subnet_group_name": group.cache_subnet_group_name,
        "cache_parameter_group": {
            "CacheParameterGroupName": group.cache_parameter_group_name or "default.redis7",
            "ParameterApplyStatus": "in-sync",
        },
        "security_groups": [
            {"SecurityGroupId": group, "Status": "active"}
            for group in group.security_group_ids or []
        ],
        "auto_minor_version_upgrade": group.auto_minor_version_upgrade,
        "snapshot_retention_limit": group.snapshot_retention_limit,
        "snapshot_window": group.snapshot_window,
        "transit_encryption_enabled": group.transit_encryption_enabled,
        "at_rest_encryption_enabled": group.at_rest_encryption_enabled,
        "network_type": "ipv4",
        "ip_discovery": "ipv4",
        "pending_modified_values": of_nodes(group),
        "arn": group.arn.replace(":replicationgroup:", ":cluster:").replace(
            group.replication_group_id, identifier
        ),
    }
    return node


def _full(version: str | None) -> str:
    """AWS chooses what was left open: `7.1` was given, `7.1.0` runs; `6.x` was, `6.2.0` does."""
    parts = (version or "7.1").replace("x", "2").split(".")
    return ".".join([*parts, *["0"] * (3 - len(parts))])


def describe_cache_clusters(
    self: ElastiCacheBackend, cache_cluster_id: str | None = None
) -> list[CacheCluster]:
    """The nodes of every group, and clusters without one."""
    nodes = {
        identifier: _node(group, identifier)
        for group in self.replication_groups.values()
        for identifier in group.member_clusters
    }
    if cache_cluster_id in nodes:
        return [nodes[cache_cluster_id]]
    others: list[CacheCluster] = _describe(self, cache_cluster_id)
    return others if cache_cluster_id else [*nodes.values(), *others]


def add_replicas(group: ReplicationGroup, number: int) -> None:
    """Adds replicas until the group has a number of nodes."""
    for position in range(len(group.member_clusters) + 1, number + 1):
        identifier = f"{group.replication_group_id}-{position:0>3}"
        first = group.node_groups[0]["node_group_members"][0]
        member = {**first, "cache_cluster_id": identifier, "current_role": "replica"}
        group.node_groups[0]["node_group_members"].append(member)
        group.member_clusters.append(identifier)


def replicas_to(group: ReplicationGroup, number: int) -> None:
    """Adds replicas, or removes the last ones, until there are so many."""
    add_replicas(group, number + 1)
    del group.member_clusters[number + 1 :]
    del group.node_groups[0]["node_group_members"][number + 1 :]
