"""What may be written about a Redis cache."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from trazo_spec.base import Access, Linkable, Placed
from trazo_spec.text import DailyWindow, WeeklyWindow


class Redis(Placed, Linkable):
    """An Amazon ElastiCache for Redis cache: private, encrypted in transit and at rest."""

    ACCESSES: ClassVar[tuple[Access, ...]] = ("connect",)

    kind: Literal["redis"] = "redis"
    enabled: bool = True
    """Whether the cache exists; false leaves out the cache and every link to it."""
    engine_version: Annotated[str, Field(pattern=r"^(7\.[01]|6\.x)$")] = "7.1"
    """Redis version: `7.1`, `7.0` or `6.x`; later ones are Valkey."""
    node_type: Annotated[str, Field(pattern=r"^cache\.[a-z0-9-]+\.[a-z0-9]+$")] = "cache.t4g.micro"
    """Node type, such as `cache.t4g.micro`."""
    nodes: Annotated[int, Field(ge=1, le=6)] = 1
    """Number of nodes: one primary and its replicas. With two or more, failover is automatic."""
    snapshot_retention_days: Annotated[int, Field(ge=0, le=35)] = 1
    """How long daily snapshots are kept, in days; 0 switches them off."""
    apply: Literal["at_once", "maintenance_window"] | None = None
    """When AWS applies changes that interrupt; by default, in the maintenance window in production
    and at once elsewhere. Until the window, Terraform shows such a change at every plan.
    """
    maintenance_window: WeeklyWindow | None = None
    """When AWS may interrupt it, in UTC: 60 minutes of a week or more; by default, AWS chooses."""
    backup_window: DailyWindow | None = None
    """When AWS takes snapshots, in UTC: 60 minutes of a day or more; by default, AWS chooses."""
