"""Changes of replication groups, and which of them wait for the maintenance window."""

from collections.abc import Mapping
from typing import Any

from moto.elasticache.models import ReplicationGroup, elasticache_backends

KEPT: Mapping[str, str] = {
    "AutoMinorVersionUpgrade": "auto_minor_version_upgrade",
    "PreferredMaintenanceWindow": "preferred_maintenance_window",
    "ReplicationGroupDescription": "description",
    "SecurityGroupIds": "security_group_ids",
    "TransitEncryptionEnabled": "transit_encryption_enabled",
    "TransitEncryptionMode": "transit_encryption_mode",
}
"""What changes at once: argument of the API -> attribute of moto's group."""
WAITING: Mapping[str, str] = {
    "AutomaticFailoverEnabled": "automatic_failover",
    "CacheNodeType": "cache_node_type",
    "CacheParameterGroupName": "cache_parameter_group_name",
    "Engine": "engine",
    "EngineVersion": "engine_version",
    "MultiAZEnabled": "multi_az",
    "SnapshotRetentionLimit": "snapshot_retention_limit",
    "SnapshotWindow": "snapshot_window",
}
"""What waits unless it is applied at once.

Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html
"""
SWITCHES = ("AutomaticFailoverEnabled", "MultiAZEnabled")
"""Given as booleans, and reported as words."""
OF_NODES = ("CacheNodeType", "EngineVersion")
"""What nodes report as pending.

Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_PendingModifiedValues.html
"""


def change(group: ReplicationGroup, given: Mapping[str, Any]) -> None:
    """Changes a group, in all or in what does not wait; what is applied at once ends the wait."""
    pending = {**_pending(group), **{k: _word(k, given[k]) for k in WAITING if k in given}}
    for argument in KEPT.keys() & given.keys():
        setattr(group, KEPT[argument], _value(given[argument]))
    if _value(given.get("ApplyImmediately")) is True:
        for argument, value in pending.items():
            setattr(group, WAITING[argument], value)
        pending = {}
    group.waiting = {k: v for k, v in pending.items() if getattr(group, WAITING[k]) != v}
    group.pending_modified_values = of_group(group)


def pass_window() -> None:
    """Applies what is pending, of every account and region."""
    for regions in elasticache_backends.values():
        for backend in regions.values():
            for group in backend.replication_groups.values():
                change(group, {"ApplyImmediately": True})


def of_group(group: ReplicationGroup) -> dict[str, Any]:
    """What a group reports as pending.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroupPendingModifiedValues.html
    """
    failover = _pending(group).get("AutomaticFailoverEnabled")
    return {"AutomaticFailoverStatus": failover} if failover else {}


def of_nodes(group: ReplicationGroup) -> dict[str, Any]:
    """What each node of a group reports as pending."""
    return {k: v for k, v in _pending(group).items() if k in OF_NODES}


def _pending(group: ReplicationGroup) -> dict[str, Any]:
    waiting: dict[str, Any] = getattr(group, "waiting", {})
    return waiting


def _word(argument: str, given: object) -> object:
    value = _value(given)
    if argument in SWITCHES:
        return "enabled" if value else "disabled"
    return int(str(value)) if argument == "SnapshotRetentionLimit" else value


def _value(given: object) -> object:
    """Moto hands over what the query says: text."""
    return {"true": True, "false": False}.get(given, given) if isinstance(given, str) else given
