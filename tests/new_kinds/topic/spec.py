"""What may be written about a topic."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from trazo_spec.base import Access, Linkable


class Topic(Linkable):
    """A topic of Amazon SNS, to which services publish."""

    ACCESSES: ClassVar[tuple[Access, ...]] = ("write",)

    kind: Literal["topic"] = "topic"
    display_name: Annotated[str, Field(max_length=100)] = ""
    """What mails of the topic have as their sender."""
    fifo: bool = False
    """Whether messages come in their order, each once."""
