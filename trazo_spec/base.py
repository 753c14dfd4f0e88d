"""What every type of the language shares: strictness, names and component fields."""

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

NAME_PATTERN = r"^[a-z][a-z0-9_]*$"


class Strict(BaseModel):
    """A frozen value that knows its fields: nothing unknown, nothing converted."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        defer_build=True,  # the whole language is built once, as `Spec`
        populate_by_name=True,
    )


LINES = "lines"
"""Marks a text, or all texts of a field, in which tabs and line breaks may stand."""

Lines: TypeAlias = Annotated[str, LINES]
"""Text of one or more lines."""

Name: TypeAlias = Annotated[str, Field(pattern=NAME_PATTERN, max_length=24)]
"""The name of a component, environment or secret: a lowercase letter, then letters, digits and `_`.
"""

Provider: TypeAlias = Literal[5, 6]
"""A major version of Terraform's AWS provider."""


class Component(Strict):
    """What every kind of component may say."""

    was: Name | None = None
    """The component's previous name. Keep it: it becomes `moved` blocks and remains part of the AWS
    names, so that nothing is destroyed.
    """
    kind: str
    """The component's kind."""


Access: TypeAlias = Literal["connect", "read", "write", "read_write"]
"""What a service does: `connect` through the network, the others through an API of AWS."""


class Placed(Component):
    """What stands in a VPC."""

    network: Name | None = None
    """The VPC to run in; may be left out if there is only one."""


class Network(Component):
    """What is `Placed` runs in."""


class Linkable(Component):
    """What a service may name under `uses`."""

    ACCESSES: ClassVar[tuple[Access, ...]]
    """What `uses` may say of it."""
