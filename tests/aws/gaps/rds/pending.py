"""Changes of instances that wait for the maintenance window."""

from collections.abc import Mapping
from typing import Any

from moto.rds.models import DBInstance, RDSBackend, rds_backends

WAITING: Mapping[str, str] = {
    "allocated_storage": "AllocatedStorage",
    "backup_retention_period": "BackupRetentionPeriod",
    "ca_certificate_identifier": "CACertificateIdentifier",
    "db_instance_class": "DBInstanceClass",
    "enable_iam_database_authentication": "IAMDatabaseAuthenticationEnabled",
    "engine_version": "EngineVersion",
    "iops": "Iops",
    "multi_az": "MultiAZ",
    "network_type": "NetworkType",
    "new_db_instance_identifier": "DBInstanceIdentifier",
    "storage_throughput": "StorageThroughput",
    "storage_type": "StorageType",
}
"""What waits unless it is applied at once -> its name in `PendingModifiedValues`.

AWS does not list the network type there. Everything else of an instance changes at once.
Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
and https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PendingModifiedValues.html
"""
STORAGE = ("allocated_storage", "iops", "storage_throughput", "storage_type")
"""After a change of one of these RDS optimizes the storage for hours."""
DAYS = "backup_retention_period"
GROUP = "db_parameter_group_name"
RENAMED = "new_db_instance_identifier"

_modify = RDSBackend.modify_db_instance


def change(backend: RDSBackend, name: str, changes: Mapping[str, Any]) -> DBInstance:
    """The instance after a change, all of it or what does not wait for the window.

    What is applied at once takes all that is pending with it.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html
    """
    instance: DBInstance = backend.describe_db_instances(name)[0]
    pending = {**instance.waiting, **_later(instance, changes)}
    if changes.get("apply_immediately"):
        _keep(instance, {})
        return _apply(backend, name, {**changes, **pending})
    _keep(instance, {k: v for k, v in pending.items() if differs(instance, k, v)})
    return _apply(backend, name, {k: v for k, v in changes.items() if k not in pending})


def pass_window() -> None:
    """Applies what is pending, of every account and region; storage was optimized long before."""
    for regions in rds_backends.values():
        for backend in regions.values():
            for name, instance in list(backend.databases.items()):
                instance.storage_optimizing = False
                change(backend, name, {"apply_immediately": True})


def differs(instance: DBInstance, name: str, value: object) -> bool:
    """Whether a change says another value than the one that counts now."""
    attribute = "db_instance_identifier" if name == RENAMED else name
    return value is not None and str(getattr(instance, attribute, None)) != str(value)


def family(version: str) -> str:
    """The family of parameter groups that a version of PostgreSQL takes, from 10 on.

    >>> family("16.4")
    'postgres16'
    """
    return f"postgres{version.partition('.')[0]}"


def _later(instance: DBInstance, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What of a change may wait; backups do only when they are switched on or off.

    A group of parameters waits for the version that it belongs to.
    Source: https://github.com/hashicorp/terraform-provider-aws/pull/47121
    """
    version = changes.get("engine_version") or instance.engine_version
    grouped = {GROUP} if family(version) != family(instance.engine_version) else set()
    waiting = WAITING.keys() | grouped
    later = {k: v for k, v in changes.items() if k in waiting and v is not None}
    if later.get(DAYS) and instance.backup_retention_period:
        del later[DAYS]
    return later


def _apply(backend: RDSBackend, name: str, changes: dict[str, Any]) -> DBInstance:
    instance = backend.describe_db_instances(name)[0]
    if any(differs(instance, k, changes.get(k)) for k in STORAGE):
        instance.storage_optimizing = True
    changed: DBInstance = _modify(backend, name, changes)
    return changed


def _keep(instance: DBInstance, waiting: Mapping[str, Any]) -> None:
    """Notes what waits, and of that what AWS shows."""
    instance.waiting = dict(waiting)
    shown = {WAITING[k]: v for k, v in waiting.items() if k in WAITING}
    instance.pending_modified_values = shown
