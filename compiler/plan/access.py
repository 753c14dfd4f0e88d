"""What one component gives and allows another: secrets in variables, statements, roles."""

from dataclasses import dataclass
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


Given: TypeAlias = "Value | InjectedSecret"
"""What a variable holds that a link gives."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a component that runs code."""

    name: str
    """What it is to its component, such as `task`."""
    trusted: PolicyStatement
    """Who may take it."""
    statements: tuple[PolicyStatement, ...]
    """What it may do."""
