"""ElastiCache: the nodes of a replication group, and deletions that end."""

from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.exceptions import CacheSubnetGroupNotFound
from moto.elasticache.models import CacheCluster, ElastiCacheBackend, ReplicationGroup
from moto.elasticache.responses import ElastiCacheResponse

_describe = ElastiCacheBackend.describe_cache_clusters
_delete = ElastiCacheBackend.delete_replication_group
_create = ElastiCacheResponse.create_replication_group


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
        "arn": group.arn.replace(":replicationgroup:", ":cluster:").replace(
            group.replication_group_id, identifier
        ),
    }
    return node


def _full(version: str | None) -> str:
    """AWS chooses what was left open: `7.1` was given, `7.1.0` runs; `6.x` was, `6.2.0` does."""
    parts = (version or "7.1").replace("x", "2").split(".")
    return ".".join([*parts, *["0"] * (3 - len(parts))])


def _describe_cache_clusters(
    self: ElastiCacheBackend, cache_cluster_id: str | None = None
) -> list[CacheCluster]:
    nodes = {
        identifier: _node(group, identifier)
        for group in self.replication_groups.values()
        for identifier in group.member_clusters
    }
    if cache_cluster_id in nodes:
        return [nodes[cache_cluster_id]]
    others: list[CacheCluster] = _describe(self, cache_cluster_id)
    return others if cache_cluster_id else [*nodes.values(), *others]


def _create_replication_group(self: ElastiCacheResponse) -> ActionResult:
    """Moto counts replicas per node group only; `NumCacheClusters` is what most people give."""
    answer = _create(self)
    group: ReplicationGroup = answer.result["ReplicationGroup"]
    number = self._get_int_param("NumCacheClusters") or len(group.member_clusters)
    for position in range(len(group.member_clusters) + 1, number + 1):
        identifier = f"{group.replication_group_id}-{position:0>3}"
        first = group.node_groups[0]["node_group_members"][0]
        member = {**first, "cache_cluster_id": identifier, "current_role": "replica"}
        group.node_groups[0]["node_group_members"].append(member)
        group.member_clusters.append(identifier)
    return answer


def _delete_replication_group(
    self: ElastiCacheBackend,
    replication_group_id: str,
    retain_primary_cluster: bool | None,
) -> ReplicationGroup:
    group: ReplicationGroup = _delete(self, replication_group_id, retain_primary_cluster)
    del self.replication_groups[replication_group_id]
    return group


def _delete_cache_subnet_group(self: ElastiCacheResponse) -> ActionResult:
    name = self._get_param("CacheSubnetGroupName")
    if self.elasticache_backend.cache_subnet_groups.pop(name, None) is None:
        raise CacheSubnetGroupNotFound(name)
    return EmptyResult()


def close() -> None:
    """Adds one action and replaces three."""
    ElastiCacheBackend.describe_cache_clusters = _describe_cache_clusters
    ElastiCacheBackend.delete_replication_group = _delete_replication_group
    ElastiCacheResponse.create_replication_group = _create_replication_group
    ElastiCacheResponse.delete_cache_subnet_group = _delete_cache_subnet_group
