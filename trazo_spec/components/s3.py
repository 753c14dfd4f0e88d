"""What may be written about a bucket."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from trazo_spec.base import Access, Linkable, Name, Strict
from trazo_spec.text import BucketName


class Lifecycle(Strict):
    """When objects are deleted by themselves."""

    expire_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    """Age at which an object is deleted, in days; left out, never."""
    noncurrent_expire_days: Annotated[int, Field(ge=1, le=36_500)] | None = 30
    """Age at which an overwritten or deleted version is removed, in days; null, never."""


class ServerAccessLogs(Strict):
    """Where S3 writes a line for each request to the bucket."""

    bucket: Name
    """The `s3` component of purpose `logs` that keeps them."""


class S3(Linkable):
    """A private, encrypted bucket."""

    ACCESSES: ClassVar[tuple[Access, ...]] = ("read", "write", "read_write")

    kind: Literal["s3"] = "s3"
    purpose: Literal["static", "media", "alb_logs", "logs", "general"] = "general"
    """What it holds: files for CloudFront, uploads, logs of a load balancer, logs of buckets, or
    anything.
    """
    bucket: BucketName | None = None
    """The bucket's name; left out, `{project}-{environment}-{component}`."""
    existing: bool = False
    """Whether the bucket is there already and is looked up, by its name, instead of made."""
    versioning: bool = True
    """Whether overwritten and deleted objects are kept as versions."""
    lifecycle: Lifecycle = Lifecycle()
    """When objects are deleted by themselves."""
    access_logs: ServerAccessLogs | None = None
    """Where requests are logged; left out, nowhere."""
    force_destroy: bool = False
    """Whether Terraform may delete the bucket with all that is in it; if not, Terraform refuses to
    delete a bucket of production (`prod`, `production`, `live`) at all.
    """
