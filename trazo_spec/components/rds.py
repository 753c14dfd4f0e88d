"""What may be written about a PostgreSQL database."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from trazo_spec.base import Access, Linkable, Placed
from trazo_spec.text import DailyWindow, WeeklyWindow


class Rds(Placed, Linkable):
    """An Amazon RDS for PostgreSQL instance: private, encrypted and backed up."""

    ACCESSES: ClassVar[tuple[Access, ...]] = ("connect",)

    kind: Literal["rds"] = "rds"
    engine_version: Annotated[str, Field(pattern=r"^\d{2}(\.\d{1,2})?$")] = "16"
    """PostgreSQL version, such as `16` or `16.4`; with only the major version, AWS installs minor
    upgrades.
    """
    allow_major_upgrade: bool = False
    """Whether an existing database may get another major version, which cannot be undone; without
    it, AWS refuses the change.
    """
    instance_class: Annotated[str, Field(pattern=r"^db\.[a-z0-9-]+\.[a-z0-9]+$")] = "db.t4g.micro"
    """Instance class, such as `db.t4g.micro`."""
    storage_gb: Annotated[int, Field(ge=20, le=65_536)] = 20
    """Size of the disk, in units of 2^30 bytes, as AWS counts."""
    max_storage_gb: Annotated[int, Field(ge=21, le=65_536)] | None = None
    """Size up to which AWS lets the disk grow automatically; by default, it does not grow."""
    storage_type: Literal["gp2", "gp3", "io1"] = "gp3"
    """Storage type."""
    iops: Annotated[int, Field(ge=1000, le=256_000)] | None = None
    """Provisioned I/O operations per second; for gp3, only with 400 GiB or more."""
    throughput_mib_per_s: Annotated[int, Field(ge=125, le=4000)] | None = None
    """Provisioned throughput of gp3, in MiB/s; only with 400 GiB or more."""
    multi_az: bool = False
    """Whether a standby in another zone takes over if the primary fails."""
    database_name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,62}$")] = "app"
    """The name of the initial database."""
    username: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,15}$")] = "app"
    """The master user."""
    password: Literal["ephemeral", "rds_managed"] = "ephemeral"  # noqa: S105 # names who makes it
    """Who creates the password: Terraform, once, without storing it in its state; or RDS, which
    rotates it every week.
    """
    password_version: Annotated[int, Field(ge=1)] = 1
    """Increase it to have Terraform create a new password at the next apply."""
    backup_retention_days: Annotated[int, Field(ge=0, le=35)] = 7
    """How long automated backups are kept, in days; 0 switches them off."""
    apply: Literal["at_once", "maintenance_window"] | None = None
    """When AWS applies changes that interrupt; by default, in the maintenance window in production
    and at once elsewhere. Until the window, Terraform shows such a change at every plan, except for
    a new version.
    """
    maintenance_window: WeeklyWindow | None = None
    """When AWS may interrupt it, in UTC: 30 minutes of a week or more; by default, AWS chooses."""
    backup_window: DailyWindow | None = None
    """When AWS takes backups, in UTC: 30 minutes of a day or more; by default, AWS chooses."""
    deletion_protection: bool = True
    """Whether AWS refuses to delete the database."""
    final_snapshot: bool = True
    """Whether to take a final snapshot when the database is deleted."""
