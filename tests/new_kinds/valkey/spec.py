"""What may be written about a Valkey cache."""

from typing import ClassVar, Literal

from trazo_spec.base import Access, Linkable, Placed


class Valkey(Placed, Linkable):
    """A Valkey cache of Amazon ElastiCache."""

    ACCESSES: ClassVar[tuple[Access, ...]] = ("connect",)

    kind: Literal["valkey"] = "valkey"
    size: Literal["cache.t4g.micro", "cache.t4g.small"]
    """Size of its node, AWS's name."""
