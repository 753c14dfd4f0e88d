"""What may be written about a bucket."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from trazo_spec.base import Access, Linkable, Name, Strict
from trazo_spec.text import BucketName


class Lifecycle(Strict):
    """When objects are deleted automatically."""

    expire_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    """Age at which an object is deleted, in days; by default, never."""
    noncurrent_expire_days: Annotated[int, Field(ge=1, le=36_500)] | None = 30
    """Age at which an overwritten or deleted version is removed, in days; null, never."""


class ServerAccessLogs(Strict):
    """Where S3 writes a log line for each request to the bucket."""

    bucket: Name
    """The `s3` component with purpose `logs` that stores them."""


class S3(Linkable):
    """A private, encrypted bucket."""

    ACCESSES: ClassVar[tuple[Access, ...]] = ("read", "write", "read_write")

    kind: Literal["s3"] = "s3"
    purpose: Literal["static", "media", "alb_logs", "logs", "general"] = "general"
    """What the bucket stores: files for CloudFront, uploads, load balancer logs, bucket access
    logs, or anything.
    """
    bucket: BucketName | None = None
    """The bucket name; by default, `{project}-{environment}-{component}`."""
    existing: bool = False
    """Whether the bucket already exists and is looked up by its name instead of created."""
    versioning: bool = True
    """Whether overwritten and deleted objects are kept as versions."""
    lifecycle: Lifecycle = Lifecycle()
    """When objects are deleted automatically."""
    access_logs: ServerAccessLogs | None = None
    """Where to log requests; by default, they are not logged."""
    force_destroy: bool = False
    """Whether Terraform may delete the bucket with everything in it; if not, Terraform refuses to
    delete a production bucket (`prod`, `production`, `live`) at all.
    """
