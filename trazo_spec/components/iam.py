"""What may be written about roles."""

from typing import Literal

from trazo_spec.base import Component, Name
from trazo_spec.components.statement import Statement
from trazo_spec.text import Arn


class Iam(Component):
    """Permissions that several services share, and limits on their roles."""

    kind: Literal["iam"] = "iam"
    services: tuple[Name, ...] = ()
    """The services whose roles it is about; left out, all of them."""
    statements: tuple[Statement, ...] = ()
    """What their tasks may do beyond what their links say."""
    permissions_boundary: Arn | None = None
    """A managed policy that limits what their roles may ever do."""
