"""What ElastiCache refuses: changes of replication groups and subnet groups."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from moto.elasticache.exceptions import (
    ElastiCacheException,
    InvalidParameterCombinationException,
    InvalidParameterValueException,
)
from moto.elasticache.models import CacheSubnetGroup, ElastiCacheBackend, ReplicationGroup


def check_group(group: ReplicationGroup, given: Mapping[str, Any]) -> None:
    """Raise what ElastiCache answers to a change that breaks a rule.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html
    The page has these rules and codes, but does not say which rule is answered with which code.
    """
    for message in (*_failover(group, given), *_versions(group, given), *_encryption(group, given)):
        raise InvalidParameterCombinationException(message)


def _failover(group: ReplicationGroup, given: Mapping[str, Any]) -> Iterable[str]:
    """Failover needs a replica, and more than one zone needs failover.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/red-ug/AutoFailover.html
    """
    failover = _after(given, "AutomaticFailoverEnabled", group.automatic_failover == "enabled")
    zones = _after(given, "MultiAZEnabled", group.multi_az == "enabled")
    if failover and len(group.member_clusters) < 2:
        yield "Replication group must have at least one read replica to enable autofailover."
    if zones and not failover:
        yield "Must enable automatic failover to enable Multi-AZ."


def _after(given: Mapping[str, Any], name: str, before: bool) -> bool:
    return str(given[name]).lower() == "true" if name in given else before


def _versions(group: ReplicationGroup, given: Mapping[str, Any]) -> Iterable[str]:
    old, new = _numbers(group.engine_version), _numbers(given.get("EngineVersion"))
    if new and new < old[: len(new)]:
        yield f"Cannot downgrade from {group.engine_version} to {given['EngineVersion']}"


def _numbers(version: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in (version or "").split(".") if part.isdigit())


def _encryption(group: ReplicationGroup, given: Mapping[str, Any]) -> Iterable[str]:
    """Encryption in transit goes over `preferred`, where TLS may be used and need not.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/red-ug/in-transit-encryption-enable.html
    """
    on = _after(given, "TransitEncryptionEnabled", group.transit_encryption_enabled)
    preferred = given.get("TransitEncryptionMode") == "preferred"
    if on and not group.transit_encryption_enabled and not preferred:
        yield "Set TransitEncryptionMode to preferred, and to required in a later change."


def check_replicas(group: ReplicationGroup, number: int, *, at_once: bool) -> None:
    """Raise what ElastiCache answers where too few replicas would be left.

    Sources: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DecreaseReplicaCount.html
    and https://github.com/hashicorp/terraform-provider-aws/issues/24244
    """
    if not at_once:
        raise InvalidParameterValueException("ApplyImmediately=False is not supported.")
    if number < 1 and group.automatic_failover == "enabled":
        words = "when cluster mode is disabled with auto failover enabled."
        raise InvalidParameterValueException(f"Must have at least 1 replica {words}")


class SubnetInUse(ElastiCacheException):
    """A subnet that a node is in."""

    code = "SubnetInUse"


class CacheSubnetGroupInUse(ElastiCacheException):
    """A subnet group that a cache is in."""

    code = "CacheSubnetGroupInUse"


def check_in_use(backend: ElastiCacheBackend, name: str) -> None:
    """Raise what ElastiCache answers where a group would go that a cache is in.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DeleteCacheSubnetGroup.html
    """
    if any(c.cache_subnet_group_name == name for c in backend.replication_groups.values()):
        raise CacheSubnetGroupInUse(f"Cache subnet group {name} is currently in use.")


def uses_subnet(backend: ElastiCacheBackend, subnet_id: str) -> bool:
    """Whether a cache is in a subnet: the first one of its group, here."""
    names = {cache.cache_subnet_group_name for cache in backend.replication_groups.values()}
    groups = (backend.cache_subnet_groups.get(name) for name in names)
    return any(group and group.subnet_ids[0] == subnet_id for group in groups)


def check_subnets(
    backend: ElastiCacheBackend, group: CacheSubnetGroup, subnets: Collection[str]
) -> None:
    """Raise what ElastiCache answers where a group would lose what is in use.

    Here a cache uses the first subnet of its group.
    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyCacheSubnetGroup.html
    """
    name, groups = group.cache_subnet_group_name, backend.replication_groups.values()
    used = any(cache.cache_subnet_group_name == name for cache in groups)
    if used and group.subnet_ids[0] not in subnets:
        raise SubnetInUse(f"The subnet {group.subnet_ids[0]} is in use.")
