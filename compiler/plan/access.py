"""What kinds answer with, beside blocks: secrets, statements, roles, firewalls, what lasts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from compiler.plan.plan import Join, Ref, Value

PolicyStatement: TypeAlias = dict[str, Value]


@dataclass(frozen=True, slots=True)
class InjectedSecret:
    """A secret that ECS puts into a variable when a task starts."""

    arn: Ref
    """The secret."""
    key: str = ""
    """The key of a secret that is a JSON object; empty for the whole secret."""
    version: str = ""
    """The block that gives the secret its value; empty when somebody else does."""

    @property
    def value_from(self) -> Value:
        """The secret as a container definition names it: the ARN, with its key where it has one.

        Source:
        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
        """
        return Join((self.arn, f":{self.key}::")) if self.key else self.arn


@dataclass(frozen=True, slots=True)
class Firewall:
    """What the security group of a component in a VPC is, beside the rules that links make."""

    title: str = ""
    """Its description; empty for the name of the kind."""
    public: Mapping[int, str] = field(default_factory=dict)
    """The TCP ports that are open to anybody, each with the description of its rule."""
    egress_ports: tuple[int, ...] | None = None
    """The TCP ports of the internet that it opens connections to, beside AWS's own services; None
    where it opens none but to what it links.
    """


Given: TypeAlias = "Value | InjectedSecret"
"""What a variable holds that a link gives."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """A resource that holds what nothing brings back: data, or a promise to a registrar.

    Terraform itself is asked about each argument that there is in tests/apply.
    Source: `ForceNew` in
    https://github.com/hashicorp/terraform-provider-aws/tree/v5.100.0/internal/service
    """

    fixed: tuple[str, ...]
    """The arguments that the provider cannot change in place."""
    regional: bool = True
    """Whether it is in one region; the provider looks for it in its own one only."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a component that runs code."""

    name: str
    """What it is to its component, such as `task`."""
    trusted: PolicyStatement
    """Who may take it."""
    statements: tuple[PolicyStatement, ...]
    """What it may do."""
