"""How a spec judges its own findings: switched off, or of another severity, and why."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Lines, Name, Strict


class Check(Strict):
    """How to treat the findings with one code: warnings, hints, and errors that can be lifted."""

    severity: Literal["off", "info", "warning", "error"]
    """`off` removes them from the results; `error` makes every command fail."""
    reason: Annotated[Lines, Field(min_length=1)]
    """The reason, for the next person who reads the spec."""
    components: tuple[Name, ...] = ()
    """The components it applies to; by default, the whole spec."""
