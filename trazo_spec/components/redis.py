"""What may be written about a Redis cache."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from trazo_spec.base import Access, Linkable, Placed


class Redis(Placed, Linkable):
    """A Redis cache of Amazon ElastiCache: private, encrypted in transit and at rest."""

    ACCESSES: ClassVar[tuple[Access, ...]] = ("connect",)

    kind: Literal["redis"] = "redis"
    enabled: bool = True
    """Whether it exists; false leaves it and every link to it out."""
    engine_version: Annotated[str, Field(pattern=r"^(7\.[01]|6\.x)$")] = "7.1"
    """Redis version."""
    node_type: Annotated[str, Field(pattern=r"^cache\.[a-z0-9-]+\.[a-z0-9]+$")] = "cache.t4g.micro"
    """Size of a node, AWS's name."""
    nodes: Annotated[int, Field(ge=1, le=6)] = 1
    """One primary and its replicas; two or more fail over by themselves."""
    snapshot_retention_days: Annotated[int, Field(ge=0, le=35)] = 1
    """How long daily snapshots are kept, in days; 0 switches them off."""
