"""What may be written about a VPC."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Network, Strict
from trazo_spec.text import Ipv4Network, SubnetId, VpcId

EndpointName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]
"""What AWS writes behind `com.amazonaws.{region}.`; it stands in a Terraform address too."""


class Egress(Strict):
    """How private tasks reach AWS's services and the internet."""

    nat: Literal["none", "single", "per_zone"] = "none"
    """NAT gateways: none, one for the whole VPC, or one in every zone."""
    endpoints: tuple[EndpointName, ...] = ()
    """AWS services with an interface endpoint in the VPC, such as `ecr.api`; S3's free gateway
    endpoint is always there.
    """


class ExistingVpc(Strict):
    """A VPC that is there already, by the ids that AWS gave."""

    vpc: VpcId
    """The VPC's id."""
    private_subnets: Annotated[tuple[SubnetId, ...], Field(min_length=1)]
    """The private subnet of each zone, in the order of `availability_zones`."""
    public_subnets: tuple[SubnetId, ...] = ()
    """The public subnet of each zone; left out where nothing is reached from the internet."""


class Networking(Network):
    """A VPC with public and private subnets over several availability zones."""

    kind: Literal["networking"] = "networking"
    cidr: Ipv4Network = "10.0.0.0/16"
    """The addresses of the VPC."""
    availability_zones: Annotated[int, Field(ge=1, le=6)] | tuple[str, ...] = 2
    """How many zones to use, from `a` on, or their names."""
    egress: Egress = Egress(nat="single")
    """How private tasks reach what is outside of the VPC."""
    public_subnets: tuple[Ipv4Network, ...] = ()
    """One network for each zone; left out, the first half of `cidr` is cut into eight."""
    private_subnets: tuple[Ipv4Network, ...] = ()
    """One network for each zone; left out, the second half of `cidr` is cut into eight."""
    existing: ExistingVpc | None = None
    """A VPC to use instead of a new one; `egress` then says which ways out it has."""
