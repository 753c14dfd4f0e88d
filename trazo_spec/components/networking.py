"""What may be written about a VPC."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Network, Strict
from trazo_spec.text import Ipv4Network, SubnetId, VpcId

EndpointName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]
"""What AWS writes behind `com.amazonaws.{region}.`; it stands in a Terraform address too."""
BucketPattern = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9.*-]*$", min_length=3, max_length=63)
]
"""The name of a bucket, or with `*` those of several."""


class Egress(Strict):
    """How private tasks reach AWS services and the internet."""

    nat: Literal["none", "single", "per_zone"] = "none"
    """NAT gateways: none, one for the whole VPC, or one in each zone."""
    endpoints: tuple[EndpointName, ...] = ()
    """AWS services with an interface endpoint in the VPC, such as `ecr.api`; the free S3 gateway
    endpoint always exists.
    """


class ExistingVpc(Strict):
    """An existing VPC, identified by its AWS IDs."""

    vpc: VpcId
    """The VPC ID."""
    private_subnets: Annotated[tuple[SubnetId, ...], Field(min_length=1)]
    """The private subnet in each zone, in the order of `availability_zones`."""
    public_subnets: tuple[SubnetId, ...] = ()
    """The public subnet in each zone; leave it out if nothing is reachable from the internet."""


class Networking(Network):
    """A VPC with public and private subnets in several Availability Zones."""

    kind: Literal["networking"] = "networking"
    cidr: Ipv4Network = "10.0.0.0/16"
    """The addresses of the VPC."""
    availability_zones: Annotated[int, Field(ge=1, le=6)] | tuple[str, ...] = 2
    """The number of Availability Zones to use, starting with `a`, or their names."""
    egress: Egress = Egress(nat="single")
    """How private tasks reach destinations outside the VPC."""
    s3_buckets: Literal["any"] | tuple[BucketPattern, ...] = ()
    """Buckets that the S3 endpoint lets through besides those of the spec, of its statements and of
    images; `*` matches any characters, and `any` lets every bucket through.
    """
    public_subnets: tuple[Ipv4Network, ...] = ()
    """One network for each zone; by default, an eighth of the first half of `cidr` each."""
    private_subnets: tuple[Ipv4Network, ...] = ()
    """One network for each zone; by default, an eighth of the second half of `cidr` each."""
    existing: ExistingVpc | None = None
    """An existing VPC to use instead of a new one; `egress` then describes the NAT and endpoints it
    has."""
