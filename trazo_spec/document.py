"""A whole spec file as types."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue
from pydantic_core import PydanticCustomError

from trazo_spec.base import LINES, Name, Strict
from trazo_spec.checks import Check
from trazo_spec.components import AnyComponent
from trazo_spec.simulation import Simulation
from trazo_spec.text import BucketName, Hostname, Region
from trazo_spec.traffic import Traffic


class State(Strict):
    """Where Terraform keeps what it knows."""

    bucket: BucketName
    """The S3 bucket; the bootstrap stack creates it."""
    region: Region | None = None
    """The bucket's region; left out, the spec's."""


# Source of the two of AWS:
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
RESERVED_ENVIRONMENTS = {
    "bootstrap": "is the folder of the stack that creates the state bucket",
    "internal": "makes names in AWS that begin with `internal-`, which no load balancer may have",
    "sg": "makes names in AWS that begin with `sg-`, which no security group may have",
}


def _not_reserved(name: str) -> str:
    if reason := RESERVED_ENVIRONMENTS.get(name):
        message, advice = f"`{name}` {reason}", "choose another name, such as `staging`"
        raise PydanticCustomError("TZ216", message, {"help": advice})
    return name


EnvironmentName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9]*$", max_length=12), AfterValidator(_not_reserved)
]
"""The name of an environment; it stands in front of every AWS name."""


class Spec(Strict):
    """An AWS web application: its components, their use and its environments."""

    trazo: Literal[1]
    """Version of the language."""
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*[a-z0-9]$", max_length=24)]
    """The project, in lower case letters, digits and `-`; it stands in tags, the state's key and
    bucket names.
    """
    region: Region
    """The AWS region of everything that is not global."""
    domain: Hostname | None = None
    """The project's domain; the zone of a `dns` component that names none."""
    state: State
    """Where Terraform keeps what it knows."""
    components: Annotated[dict[Name, AnyComponent], Field(min_length=1)]
    """The parts of the application by name; the name is the address in Terraform and in messages.
    """
    traffic: Traffic = Traffic()
    """Demand and use, from which the bill is estimated."""
    simulation: Simulation = Simulation()
    """What a simulation assumes where AWS publishes nothing."""
    overrides: Annotated[dict[str, dict[str, JsonValue]], LINES] = {}
    """Terraform address -> arguments to set on that resource, for what the language does not say.
    """
    checks: dict[str, Check] = {}
    """Code of a finding -> another severity for it, or `off`, with the reason.
    """
    environments: dict[EnvironmentName, dict[str, JsonValue]] = {}
    """Environment -> changes to all of the above, as a JSON Merge Patch; left out, one environment
    `prod`.
    """
