"""RDS: ids, Performance Insights and sources of parameters; groups survive; refusals of changes."""

from collections.abc import Iterable
from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBInstance, DBParameterGroup, DBSubnetGroup, RDSBackend

_init = DBInstance.__init__
_modify_instance = RDSBackend.modify_db_instance
_modify_subnet_group = RDSBackend.modify_db_subnet_group
_update_parameters = DBParameterGroup.update_parameters


def _initialise(self: DBInstance, *arguments: Any, **named: Any) -> None:
    _init(self, *arguments, **named)
    self.dbi_resource_id = f"db-{mock_random.get_random_string(length=26).upper()}"
    self.enable_performance_insights = named.get("enable_performance_insights", False)


def _insights(self: DBInstance) -> bool:
    """AWS takes it by one name and reports it by another; moto forgets it."""
    return bool(self.enable_performance_insights)


def _change(self: RDSBackend, name: str, changes: dict[str, Any]) -> DBInstance:
    """Moto takes any change; AWS refuses those that the table of changes calls refused."""
    instance = self.describe_db_instances(name)[0]
    for code, message in _refused(self, instance, changes):
        raise RDSClientError(code, message)
    changed: DBInstance = _modify_instance(self, name, changes)
    return changed


def _refused(
    backend: RDSBackend, instance: DBInstance, changes: dict[str, Any]
) -> Iterable[tuple[str, str]]:
    """Code and message of each rule that changes break.

    Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
    and https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html; the
    messages are those of issues of the provider.
    """
    size = int(changes.get("allocated_storage") or instance.allocated_storage)
    most = changes.get("max_allocated_storage")
    if size < int(instance.allocated_storage):
        yield "InvalidParameterCombination", "Invalid storage size for engine name postgres"
    if most and int(most) * 10 < size * 11:
        yield "InvalidParameterCombination", "Max storage size must be greater than storage size"
    old, new = (_version(v) for v in (instance.engine_version, changes.get("engine_version")))
    words = f"from {instance.engine_version} to {changes.get('engine_version')}"
    if new and new < old[: len(new)]:
        yield "InvalidParameterCombination", f"Cannot upgrade postgres {words}"
    if new and new[:1] > old[:1] and not changes.get("allow_major_version_upgrade"):
        yield "InvalidParameterCombination", f"The AllowMajorVersionUpgrade flag: {words}"
    group = changes.get("db_subnet_group_name")
    if group and group != _group_of(instance):
        groups = backend.subnet_groups
        if groups[group].vpc_id == groups[_group_of(instance)].vpc_id:
            yield "InvalidVPCNetworkStateFault", "The specified DB subnet group is in the same VPC"


def _group_of(instance: DBInstance) -> str:
    """The subnet group that an instance is in; moto lets nobody read what it was given."""
    group = getattr(instance, "db_subnet_group", None)
    return "" if group is None else str(group.name)


def _version(text: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in (text or "").split(".") if part.isdigit())


def _modify(self: RDSBackend, name: str, *arguments: Any, **named: Any) -> DBSubnetGroup:
    """Moto takes the group out to change it, and does not put it back.

    AWS refuses to take away what an instance uses; here it uses the first subnet of its group.
    """
    subnets = named.get("subnets", arguments[-1])
    used = [i for i in self.databases.values() if _group_of(i) == name]
    kept = {subnet.id for subnet in subnets}
    if used and self.subnet_groups[name].subnets[0]["SubnetIdentifier"] not in kept:
        raise RDSClientError("SubnetAlreadyInUse", "The DB subnet is already in use")
    if len({subnet.availability_zone for subnet in subnets}) < 2:
        raise RDSClientError("DBSubnetGroupDoesNotCoverEnoughAZs", "Add subnets in two zones")
    group = _modify_subnet_group(self, name, *arguments, **named)
    self.subnet_groups[name] = group
    return group


def _update(self: DBParameterGroup, new_parameters: Iterable[dict[str, Any]]) -> None:
    """Says who has set a parameter, without which Terraform does not see that it is set."""
    _update_parameters(self, [{**parameter, "Source": "user"} for parameter in new_parameters])


def close() -> None:
    """Gives ids that differ, and keeps what was given and changed."""
    DBInstance.__init__ = _initialise
    DBInstance.performance_insights_enabled = property(_insights)
    RDSBackend.modify_db_instance = _change
    RDSBackend.modify_db_subnet_group = _modify
    DBParameterGroup.update_parameters = _update
