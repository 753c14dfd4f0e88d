"""RDS: ids, Performance Insights and sources of parameters; groups survive; changes wait or not."""

from collections.abc import Iterable
from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds.models import DBInstance, DBParameterGroup, DBSubnetGroup, RDSBackend

from tests.aws.gaps.rds.pending import change, pass_window
from tests.aws.gaps.rds.refusals import (
    check_instance,
    check_parameters,
    check_parameters_in_use,
    check_subnets,
    check_subnets_in_use,
)

_init = DBInstance.__init__
_modify_subnet_group = RDSBackend.modify_db_subnet_group
_delete_parameter_group = RDSBackend.delete_db_parameter_group
_delete_subnet_group = RDSBackend.delete_subnet_group
_update_parameters = DBParameterGroup.update_parameters


def _initialise(self: DBInstance, *arguments: Any, **named: Any) -> None:
    self.waiting, self.pending_modified_values = {}, {}
    _init(self, *arguments, **named)
    self.dbi_resource_id = f"db-{mock_random.get_random_string(length=26).upper()}"
    self.enable_performance_insights = named.get("enable_performance_insights", False)


def _insights(self: DBInstance) -> bool:
    """AWS takes it by one name and reports it by another; moto forgets it."""
    return bool(self.enable_performance_insights)


def _modify(self: RDSBackend, name: str, changes: dict[str, Any]) -> DBInstance:
    """Moto takes any change and makes it at once."""
    check_instance(self, self.describe_db_instances(name)[0], changes)
    return change(self, name, dict(changes))


def _modify_group(self: RDSBackend, name: str, *arguments: Any, **named: Any) -> DBSubnetGroup:
    """Moto takes the group out to change it, and does not put it back."""
    check_subnets(self, name, named.get("subnets", arguments[-1]))
    group = _modify_subnet_group(self, name, *arguments, **named)
    self.subnet_groups[name] = group
    return group


def _update(self: DBParameterGroup, new_parameters: Iterable[dict[str, Any]]) -> None:
    """Says who has set a parameter, without which Terraform does not see that it is set."""
    parameters = list(new_parameters)
    check_parameters(parameters)
    _update_parameters(self, [{**parameter, "Source": "user"} for parameter in parameters])


def _delete_subnets(self: RDSBackend, subnet_name: str) -> DBSubnetGroup:
    """Moto deletes what a database is in."""
    check_subnets_in_use(self, subnet_name)
    group: DBSubnetGroup = _delete_subnet_group(self, subnet_name)
    return group


def _delete_parameters(self: RDSBackend, db_parameter_group_name: str) -> DBParameterGroup:
    """Moto deletes what a database uses."""
    check_parameters_in_use(self, db_parameter_group_name)
    group: DBParameterGroup = _delete_parameter_group(self, db_parameter_group_name)
    return group


def close() -> None:
    """Gives ids that differ, keeps what was given and changed, and changes as AWS does."""
    DBInstance.__init__ = _initialise
    DBInstance.performance_insights_enabled = property(_insights)
    RDSBackend.modify_db_instance = _modify
    RDSBackend.modify_db_subnet_group = _modify_group
    RDSBackend.delete_db_parameter_group = _delete_parameters
    RDSBackend.delete_subnet_group = _delete_subnets
    DBParameterGroup.update_parameters = _update


__all__ = ["close", "pass_window"]
