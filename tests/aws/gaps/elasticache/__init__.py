"""ElastiCache: the nodes of a replication group, changes that wait, and deletions that end."""

from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.exceptions import CacheSubnetGroupNotFound
from moto.elasticache.models import ElastiCacheBackend, ReplicationGroup
from moto.elasticache.responses import ElastiCacheResponse

from tests.aws.gaps.elasticache.nodes import add_replicas, describe_cache_clusters, replicas_to
from tests.aws.gaps.elasticache.pending import change, pass_window
from tests.aws.gaps.elasticache.refusals import (
    check_group,
    check_in_use,
    check_replicas,
    check_subnets,
)

_delete = ElastiCacheBackend.delete_replication_group
_create = ElastiCacheResponse.create_replication_group


def _create_replication_group(self: ElastiCacheResponse) -> ActionResult:
    """Moto counts replicas per node group only; `NumCacheClusters` is what most people give."""
    answer = _create(self)
    group: ReplicationGroup = answer.result["ReplicationGroup"]
    add_replicas(group, self._get_int_param("NumCacheClusters") or len(group.member_clusters))
    return answer


def _group(self: ElastiCacheResponse) -> ReplicationGroup:
    name = self._get_param("ReplicationGroupId")
    group: ReplicationGroup = self.elasticache_backend.describe_replication_groups(name)[0]
    return group


def _modify_replication_group(self: ElastiCacheResponse) -> ActionResult:
    """Moto takes any change of a few members, and makes it at once."""
    group, given = _group(self), self._get_params()
    check_group(group, given)
    change(group, given)
    return ActionResult({"ReplicationGroup": group})


def _change_replica_count(self: ElastiCacheResponse) -> ActionResult:
    group, number = _group(self), self._get_int_param("NewReplicaCount")
    check_replicas(group, number, at_once=bool(self._get_bool_param("ApplyImmediately")))
    replicas_to(group, number)
    return ActionResult({"ReplicationGroup": group})


def _delete_replication_group(
    self: ElastiCacheBackend,
    replication_group_id: str,
    retain_primary_cluster: bool | None,
) -> ReplicationGroup:
    group: ReplicationGroup = _delete(self, replication_group_id, retain_primary_cluster)
    del self.replication_groups[replication_group_id]
    return group


def _modify_cache_subnet_group(self: ElastiCacheResponse) -> ActionResult:
    backend, name = self.elasticache_backend, self._get_param("CacheSubnetGroupName")
    before = backend.describe_cache_subnet_groups(name)[0]
    subnets = self._get_param("SubnetIds") or before.subnet_ids
    check_subnets(backend, before, subnets)
    text = self._get_param("CacheSubnetGroupDescription") or before.cache_subnet_group_description
    del backend.cache_subnet_groups[name]
    group = backend.create_cache_subnet_group(name, text, subnets, before.tags)
    return ActionResult({"CacheSubnetGroup": group})


def _delete_cache_subnet_group(self: ElastiCacheResponse) -> ActionResult:
    name = self._get_param("CacheSubnetGroupName")
    check_in_use(self.elasticache_backend, name)
    if self.elasticache_backend.cache_subnet_groups.pop(name, None) is None:
        raise CacheSubnetGroupNotFound(name)
    return EmptyResult()


def close() -> None:
    """Adds four actions and replaces four."""
    ElastiCacheBackend.describe_cache_clusters = describe_cache_clusters
    ElastiCacheBackend.delete_replication_group = _delete_replication_group
    ElastiCacheResponse.create_replication_group = _create_replication_group
    ElastiCacheResponse.modify_replication_group = _modify_replication_group
    ElastiCacheResponse.increase_replica_count = _change_replica_count
    ElastiCacheResponse.decrease_replica_count = _change_replica_count
    ElastiCacheResponse.modify_cache_subnet_group = _modify_cache_subnet_group
    ElastiCacheResponse.delete_cache_subnet_group = _delete_cache_subnet_group


__all__ = ["close", "pass_window"]
