"""What may be written about secrets and alarms."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Component, Lines, Name, Strict
from trazo_spec.text import Email


class Secret(Strict):
    """A secret in AWS Secrets Manager; its value is never in the spec."""

    description: Lines = ""
    """What it is for."""
    generate: bool = False
    """Whether Terraform fills it once with 50 random characters that it does not store; otherwise,
    set it with the AWS CLI.
    """
    recovery_window_days: Annotated[int, Field(ge=0, le=30)] = 30
    """How long a deleted secret can be restored, in days: 7 to 30, or 0 for not at all."""


class Alarms(Strict):
    """When to send an email."""

    email: Email
    """The recipient, who must first confirm the subscription."""
    load_balancer_5xx_per_5min: Annotated[int, Field(ge=1)] | None = 10
    """Load balancer responses with a status of 500 or more within five minutes; null switches it
    off.
    """
    unhealthy_targets: Annotated[int, Field(ge=1)] | None = 1
    """Tasks that fail their health check; null switches it off."""
    cpu_percent: Annotated[int, Field(ge=1, le=100)] | None = 90
    """Average CPU utilization of a service over 15 minutes, in percent; null switches it off."""
    database_free_storage_gb: Annotated[int, Field(ge=1)] | None = 2
    """Free storage space of a database, in units of 2^30 bytes; null switches it off."""


class Security(Component):
    """Secrets and alarms; security groups are derived from links."""

    kind: Literal["security"] = "security"
    secrets: dict[Name, Secret] = {}
    """Secrets that services read, by name."""
    alarms: Alarms | None = None
    """When to send an email; by default, never."""
