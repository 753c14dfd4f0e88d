"""The names that resources own in AWS: how long they may be, and where each can exist once."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias


class Scope(IntEnum):
    """Where a name can exist only once, from the narrowest to the widest."""

    VPC = 1
    REGION = 2
    """In a region of an account."""
    ACCOUNT = 3
    GLOBAL = 4
    """In all accounts together."""


@dataclass(frozen=True, slots=True)
class Named:
    """The argument of a type of resource that is its name in AWS."""

    noun: str
    """What findings call the resource."""
    scope: Scope
    most: int
    """The most characters that AWS allows."""
    argument: str = "name"


Names: TypeAlias = Mapping[str, Named]
"""Terraform's type -> its name, for what can exist once and what AWS limits."""


# Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
# read 2026-11-29
LOG_GROUP = Named("log group", Scope.REGION, 512)
SECRET = Named("secret", Scope.REGION, 512)
SHARED: Names = {"aws_security_group": Named("security group", Scope.VPC, 255)}
"""Of what the components of several kinds have."""
