"""What RDS refuses: changes of instances, subnet groups and parameters."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBInstance, RDSBackend

from tests.aws.gaps.rds.pending import GROUP, STORAGE, differs, family

COMBINATION = "InvalidParameterCombination"
STATIC = frozenset(
    {
        "autovacuum_freeze_max_age",
        "autovacuum_max_workers",
        "huge_pages",
        "max_connections",
        "max_locks_per_transaction",
        "max_prepared_transactions",
        "max_replication_slots",
        "max_wal_senders",
        "max_worker_processes",
        "rds.logical_replication",
        "shared_buffers",
        "shared_preload_libraries",
        "track_activity_query_size",
        "wal_buffers",
    }
)
"""Static parameters of PostgreSQL, which count only after a restart; those people set.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html
"""


def check_instance(backend: RDSBackend, instance: DBInstance, changes: Mapping[str, Any]) -> None:
    """Raise what RDS answers to changes that break a rule.

    Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
    and https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html; the
    messages are those of issues of the provider.
    """
    for code, message in (
        *_storage(instance, changes),
        *_version(instance, changes),
        *_subnets(backend, instance, changes),
        *_parameters(backend, instance, changes),
    ):
        raise RDSClientError(code, message)


def _storage(instance: DBInstance, changes: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Code and message of each rule about the disk that changes break.

    AWS's guide calls less than 10 % more an error; its API reference says that it is rounded up.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html
    """
    size = int(changes.get("allocated_storage") or instance.allocated_storage)
    most = changes.get("max_allocated_storage")
    if size * 10 < int(instance.allocated_storage) * 11 and size != int(instance.allocated_storage):
        yield COMBINATION, "Invalid storage size for engine name postgres"
    if most and int(most) * 10 < size * 11:
        yield COMBINATION, "Max storage size must be greater than storage size"
    changed = any(differs(instance, name, changes.get(name)) for name in STORAGE)
    if changed and getattr(instance, "storage_optimizing", False):
        words = "because the previous storage change is being optimized"
        yield COMBINATION, f"You can't currently modify the storage of this DB instance {words}."


def _version(instance: DBInstance, changes: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    old, new = (_numbers(v) for v in (instance.engine_version, changes.get("engine_version")))
    words = f"from {instance.engine_version} to {changes.get('engine_version')}"
    if new and new < old[: len(new)]:
        yield COMBINATION, f"Cannot upgrade postgres {words}"
    if new and new[:1] > old[:1] and not changes.get("allow_major_version_upgrade"):
        yield COMBINATION, f"The AllowMajorVersionUpgrade flag: {words}"


def _numbers(text: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in (text or "").split(".") if part.isdigit())


def _subnets(
    backend: RDSBackend, instance: DBInstance, changes: Mapping[str, Any]
) -> Iterable[tuple[str, str]]:
    """A database moves to another network only, not to another group of its own.

    Source: https://github.com/hashicorp/terraform-provider-aws/issues/512
    """
    old, new = _group_of(instance), changes.get("db_subnet_group_name")
    networks = {backend.subnet_groups[name].vpc_id for name in (old, new or old) if name}
    if new and new != old and len(networks) == 1:
        yield "InvalidVPCNetworkStateFault", "The specified DB subnet group is in the same VPC"


def _parameters(
    backend: RDSBackend, instance: DBInstance, changes: Mapping[str, Any]
) -> Iterable[tuple[str, str]]:
    """A group of another major version goes with that version only, in the same change.

    Source: https://github.com/hashicorp/terraform-provider-aws/pull/47121
    """
    group = backend.db_parameter_groups.get(changes.get(GROUP) or "")
    version = changes.get("engine_version") or instance.engine_version
    if instance.engine == "postgres" and group and group.family != family(version):
        words = f"with DBParameterGroupFamily {group.family} can't be used for this instance"
        yield COMBINATION, f"The parameter group {group.name} {words}"


def check_parameters_in_use(backend: RDSBackend, name: str) -> None:
    """Raise what RDS answers where a group of parameters would go that a database uses.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBParameterGroup.html
    """
    if any(each.db_parameter_group_name == name for each in backend.databases.values()):
        words = "One or more database instances are still members of this parameter group"
        raise RDSClientError("InvalidDBParameterGroupState", f"{words} {name}")


def _group_of(instance: DBInstance) -> str:
    """The subnet group that an instance is in; moto lets nobody read what it was given."""
    group = getattr(instance, "db_subnet_group", None)
    return "" if group is None else str(group.name)


def check_subnets(backend: RDSBackend, name: str, subnets: Sequence[Any]) -> None:
    """Raise what RDS answers where a group would lose what is in use, or all zones but one.

    Here an instance uses the first subnet of its group.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html
    """
    used = [i for i in backend.databases.values() if _group_of(i) == name]
    kept = {subnet.id for subnet in subnets}
    if used and backend.subnet_groups[name].subnets[0]["SubnetIdentifier"] not in kept:
        raise RDSClientError("SubnetAlreadyInUse", "The DB subnet is already in use")
    if len({subnet.availability_zone for subnet in subnets}) < 2:
        raise RDSClientError("DBSubnetGroupDoesNotCoverEnoughAZs", "Add subnets in two zones")


def uses_subnet(backend: RDSBackend, subnet_id: str) -> bool:
    """Whether an instance is in a subnet: the first one of its group, here."""
    groups = (backend.subnet_groups.get(_group_of(i)) for i in backend.databases.values())
    return any(group and group.subnets[0]["SubnetIdentifier"] == subnet_id for group in groups)


def check_subnets_in_use(backend: RDSBackend, name: str) -> None:
    """Raise what RDS answers where a group of subnets would go that a database is in.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBSubnetGroup.html
    """
    if any(_group_of(each) == name for each in backend.databases.values()):
        raise RDSClientError("InvalidDBSubnetGroupStateFault", f"{name} is in use")


def check_parameters(parameters: Iterable[Mapping[str, Any]]) -> None:
    """Raise what RDS answers where a static parameter would change at once.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html
    """
    at_once = {p["ParameterName"] for p in parameters if p.get("ApplyMethod") == "immediate"}
    if at_once & STATIC:
        raise RDSClientError(COMBINATION, "cannot use immediate apply method for static parameter")
