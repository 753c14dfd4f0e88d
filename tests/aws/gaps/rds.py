"""RDS: ids, Performance Insights and sources of parameters; groups survive their change."""

from collections.abc import Iterable
from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds.models import DBInstance, DBParameterGroup, DBSubnetGroup, RDSBackend

_init = DBInstance.__init__
_modify_subnet_group = RDSBackend.modify_db_subnet_group
_update_parameters = DBParameterGroup.update_parameters


def _initialise(self: DBInstance, *arguments: Any, **named: Any) -> None:
    _init(self, *arguments, **named)
    self.dbi_resource_id = f"db-{mock_random.get_random_string(length=26).upper()}"
    self.enable_performance_insights = named.get("enable_performance_insights", False)


def _insights(self: DBInstance) -> bool:
    """AWS takes it by one name and reports it by another; moto forgets it."""
    return bool(self.enable_performance_insights)


def _modify(self: RDSBackend, name: str, *arguments: Any, **named: Any) -> DBSubnetGroup:
    """Moto takes the group out to change it, and does not put it back."""
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
    RDSBackend.modify_db_subnet_group = _modify
    DBParameterGroup.update_parameters = _update
