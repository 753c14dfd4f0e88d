"""How a spec judges its own findings: switched off, or of another severity, and why."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Lines, Name, Strict


class Check(Strict):
    """What becomes of the warnings and hints of one code. What is an error stays one."""

    severity: Literal["off", "info", "warning", "error"]
    """`off` leaves them out of the result, and `error` lets every command fail."""
    reason: Annotated[Lines, Field(min_length=1)]
    """Why, for whoever reads the spec next."""
    components: tuple[Name, ...] = ()
    """The components that it holds for; left out, the whole spec."""
