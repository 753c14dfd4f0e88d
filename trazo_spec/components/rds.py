"""What may be written about a PostgreSQL database."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from trazo_spec.base import Access, Linkable, Placed


class Rds(Placed, Linkable):
    """A PostgreSQL instance of Amazon RDS: private, encrypted, backed up."""

    ACCESSES: ClassVar[tuple[Access, ...]] = ("connect",)

    kind: Literal["rds"] = "rds"
    engine_version: Annotated[str, Field(pattern=r"^\d{2}(\.\d{1,2})?$")] = "16"
    """PostgreSQL version; only the major one lets AWS install minor upgrades."""
    instance_class: Annotated[str, Field(pattern=r"^db\.[a-z0-9-]+\.[a-z0-9]+$")] = "db.t4g.micro"
    """Size of the instance, AWS's name."""
    storage_gb: Annotated[int, Field(ge=20, le=65_536)] = 20
    """Size of the disk; AWS counts 2^30 bytes."""
    max_storage_gb: Annotated[int, Field(ge=21, le=65_536)] | None = None
    """Up to which size AWS lets the disk grow by itself; left out, it does not grow."""
    storage_type: Literal["gp2", "gp3", "io1"] = "gp3"
    """Kind of disk."""
    iops: Annotated[int, Field(ge=1000, le=256_000)] | None = None
    """Provisioned I/O operations per second; for gp3 only from 400 GiB on."""
    throughput_mib_per_s: Annotated[int, Field(ge=125, le=4000)] | None = None
    """Provisioned throughput of gp3, in MiB/s; only from 400 GiB on."""
    multi_az: bool = False
    """Whether a standby in another zone takes over when the first one fails."""
    database_name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,62}$")] = "app"
    """The database that is created at first."""
    username: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,15}$")] = "app"
    """The master user."""
    password: Literal["ephemeral", "rds_managed"] = "ephemeral"  # noqa: S105 # names who makes it
    """Who makes the password: Terraform, once, without keeping it in its state; or RDS, which
    changes it every week.
    """
    password_version: Annotated[int, Field(ge=1)] = 1
    """Raise it to have Terraform make a new password at the next apply."""
    backup_retention_days: Annotated[int, Field(ge=0, le=35)] = 7
    """How long automatic backups are kept, in days; 0 switches them off."""
    deletion_protection: bool = True
    """Whether AWS refuses to delete the database."""
    final_snapshot: bool = True
    """Whether a last snapshot is taken when the database is deleted."""
