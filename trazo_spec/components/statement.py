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
        message = (
            f"`{value[:60]}` contains U+{ord(beyond.group()):04X}, which is not allowed in a policy"
        )
        raise refused(
            "TZ219", message, "use characters up to U+00FF, or replace them with `*` or `?`"
        )
    return value


PolicyText = Annotated[str, AfterValidator(_policy_text)]
"""A text in a policy, where AWS takes no letters beyond U+00FF."""
PolicyLines = Annotated[Lines, AfterValidator(_policy_text)]
"""The same with tabs and line breaks, which AWS takes in a policy too."""


class Statement(Strict):
    """A statement in an IAM policy."""

    effect: Literal["Allow", "Deny"] = "Allow"
    """Whether the statement allows or denies the actions."""
    actions: Annotated[tuple[Action, ...], Field(min_length=1)]
    """The actions, such as `ses:SendEmail`."""
    resources: Annotated[tuple[PolicyText, ...], Field(min_length=1)]
    """The ARNs of the resources that the actions apply to."""
    condition: dict[PolicyText, dict[PolicyText, PolicyLines | tuple[PolicyLines, ...]]] = {}
    """When the statement applies: operator -> key -> value."""
