"""RDS: every database has a resource id of its own, by which the provider looks for it."""

from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds.models import DBInstance

_init = DBInstance.__init__


def _initialise(self: DBInstance, *arguments: Any, **named: Any) -> None:
    _init(self, *arguments, **named)
    self.dbi_resource_id = f"db-{mock_random.get_random_string(length=26).upper()}"


def close() -> None:
    """Gives ids that differ."""
    DBInstance.__init__ = _initialise
