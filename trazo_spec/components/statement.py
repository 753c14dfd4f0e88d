"""What may be written about permissions."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Strict

Action = Annotated[str, Field(pattern=r"^[a-z0-9-]+:[A-Za-z*?]+$|^\*$")]
"""An IAM action, `service:Name`."""


class Statement(Strict):
    """One statement of an IAM policy."""

    effect: Literal["Allow", "Deny"] = "Allow"
    """Whether the statement permits or forbids."""
    actions: Annotated[tuple[Action, ...], Field(min_length=1)]
    """What may be done, such as `ses:SendEmail`."""
    resources: Annotated[tuple[str, ...], Field(min_length=1)]
    """What it may be done to, as ARNs."""
    condition: dict[str, dict[str, str | tuple[str, ...]]] = {}
    """When the statement holds: operator -> key -> value."""
