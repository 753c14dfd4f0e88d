"""What may be written about roles."""

from typing import Literal

from trazo_spec.base import Component, Name
from trazo_spec.components.statement import Statement
from trazo_spec.text import Arn


class Iam(Component):
    """Permissions that several services share, and limits on their roles."""

    kind: Literal["iam"] = "iam"
    services: tuple[Name, ...] = ()
    """The services whose roles it applies to; by default, all of them."""
    statements: tuple[Statement, ...] = ()
    """What their tasks may do in addition to what `uses` grants."""
    permissions_boundary: Arn | None = None
    """A managed policy that limits the maximum permissions of their roles."""
