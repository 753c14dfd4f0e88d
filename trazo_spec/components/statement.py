"""What may be written about permissions."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from trazo_spec.base import Lines, Strict
from trazo_spec.text import refused

Action = Annotated[str, Field(pattern=r"^[a-z0-9-]+:[A-Za-z*?]+$|^\*$")]
"""An IAM action, `service:Name`."""


_BEYOND = re.compile("[^\x00-\xff]")


def _policy_text(value: str) -> str:
    """A text as AWS takes it in a policy.

    Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
    """
    if beyond := _BEYOND.search(value):
        message = f"`{value[:60]}` holds U+{ord(beyond.group()):04X}, which no policy may hold"
        raise refused("TZ219", message, "use letters up to U+00FF, or `*` and `?` in their place")
    return value


PolicyText = Annotated[str, AfterValidator(_policy_text)]
"""A text in a policy, where AWS takes no letters beyond U+00FF."""
PolicyLines = Annotated[Lines, AfterValidator(_policy_text)]
"""The same with tabs and line breaks, which AWS takes in a policy too."""


class Statement(Strict):
    """One statement of an IAM policy."""

    effect: Literal["Allow", "Deny"] = "Allow"
    """Whether the statement permits or forbids."""
    actions: Annotated[tuple[Action, ...], Field(min_length=1)]
    """What may be done, such as `ses:SendEmail`."""
    resources: Annotated[tuple[PolicyText, ...], Field(min_length=1)]
    """What it may be done to, as ARNs."""
    condition: dict[PolicyText, dict[PolicyText, PolicyLines | tuple[PolicyLines, ...]]] = {}
    """When the statement holds: operator -> key -> value."""
