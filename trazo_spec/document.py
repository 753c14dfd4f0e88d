"""A whole spec file as types."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue
from pydantic_core import PydanticCustomError

from trazo_spec.base import LINES, Name, Provider, Strict
from trazo_spec.checks import Check
from trazo_spec.components import AnyComponent
from trazo_spec.simulation import Simulation
from trazo_spec.text import AccountId, BucketName, Hostname, Region
from trazo_spec.traffic import Traffic


class State(Strict):
    """Where Terraform stores its state."""

    bucket: BucketName
    """The S3 bucket; the bootstrap stack creates it."""
    region: Region | None = None
    """The bucket's region; by default, the spec's `region`."""


# Source of the two of AWS:
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
RESERVED_ENVIRONMENTS = {
    "bootstrap": "is the folder of the stack that creates the state bucket",
    "internal": "produces load balancer names that begin with `internal-`, which AWS rejects",
    "sg": "produces security group names that begin with `sg-`, which AWS rejects",
}


def _not_reserved_prefix(prefix: str) -> str:
    first = prefix.partition("-")[0]
    if first in ("internal", "sg"):
        message = f"`{prefix}` {RESERVED_ENVIRONMENTS[first]}"
        raise PydanticCustomError("TZ691", message, {"help": "choose another prefix"})
    return prefix


class Names(Strict):
    """What the names of resources in AWS consist of."""

    prefix: (
        Annotated[
            str,
            Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=20),
            AfterValidator(_not_reserved_prefix),
        ]
        | None
    ) = None
    """What every name begins with, in front of the environment: with `shop`, a load balancer is
    called `shop-prod-alb` instead of `prod-alb`. A change replaces most resources.
    """


def _not_reserved(name: str) -> str:
    if reason := RESERVED_ENVIRONMENTS.get(name):
        message, advice = f"`{name}` {reason}", "choose another name, such as `staging`"
        raise PydanticCustomError("TZ216", message, {"help": advice})
    return name


EnvironmentName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9]*$", max_length=12), AfterValidator(_not_reserved)
]
"""The name of an environment; every AWS name begins with it."""


class Spec(Strict):
    """An AWS web application: its components, their use and its environments."""

    trazo: Literal[1]
    """Version of the language."""
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*[a-z0-9]$", max_length=24)]
    """The project name, in lowercase letters, digits and `-`; used in tags, the state key and
    bucket names.
    """
    region: Region
    """The AWS region of all resources that are not global."""
    account: AccountId | None = None
    """The ID of the AWS account; Terraform then refuses the credentials of any other account."""
    names: Names = Names()
    """What names in AWS consist of, where several specs share an account."""
    domain: Hostname | None = None
    """The project's domain; used by a `dns` component that does not set `zone`."""
    state: State
    """Where Terraform stores its state."""
    provider: Provider = 5
    """The major version of the AWS provider to write Terraform for."""
    components: Annotated[dict[Name, AnyComponent], Field(min_length=1)]
    """The components of the application by name; the name is used in Terraform addresses and in
    messages.
    """
    traffic: Traffic = Traffic()
    """Demand and usage from which the bill is estimated."""
    simulation: Simulation = Simulation()
    """Simulation assumptions for behavior that AWS does not document."""
    overrides: Annotated[dict[str, dict[str, JsonValue]], LINES] = {}
    """Terraform address -> arguments to set on that resource, for settings that the language does
    not cover.
    """
    checks: dict[str, Check] = {}
    """Finding code -> another severity for it, or `off`, with the reason."""
    environments: dict[EnvironmentName, dict[str, JsonValue]] = {}
    """Environment -> changes to all of the above, as a JSON Merge Patch; by default, a single
    environment `prod`.
    """
