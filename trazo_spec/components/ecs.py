"""What may be written about a service on ECS Fargate."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Access, Lines, Name, Placed, Strict
from trazo_spec.components.capacity import Capacity, CapacityProvider
from trazo_spec.components.statement import Statement
from trazo_spec.schedule.types import Scaling
from trazo_spec.text import UrlPath

EnvironmentVariable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
"""The name of an environment variable."""


class HealthCheck(Strict):
    """How the load balancer finds out that a task works."""

    path: UrlPath = "/"
    """The path that is asked for."""
    status: Annotated[str, Field(pattern=r"^[2-4]\d\d([-,][2-4]\d\d)*$")] = "200"
    """The HTTP status codes that mean healthy: one, a range `200-299` or a list `200,302`."""
    interval_s: Annotated[int, Field(ge=5, le=300)] = 30
    """Time between two checks of a task, in seconds."""
    timeout_s: Annotated[int, Field(ge=2, le=120)] = 5
    """How long an answer may take, in seconds."""
    healthy_threshold: Annotated[int, Field(ge=2, le=10)] = 2
    """Passed checks in a row that make a task healthy again."""
    unhealthy_threshold: Annotated[int, Field(ge=2, le=10)] = 3
    """Failed checks in a row that make a task unhealthy."""
    grace_period_s: Annotated[int, Field(ge=0, le=2147483647)] = 60
    """How long failed checks are ignored after a task has started, in seconds."""


class TaskRole(Strict):
    """What a task may do beyond what its links say."""

    statements: tuple[Statement, ...] = ()
    """Statements of the task role's policy."""


class Ecs(Placed):
    """A service of identical containers on AWS Fargate."""

    kind: Literal["ecs"] = "ecs"
    image: Annotated[str, Field(min_length=1, max_length=512, pattern=r"^\S+$")]
    """The container image with its tag or digest."""
    cpu: Literal[256, 512, 1024, 2048, 4096, 8192, 16384, 32768] = 256
    """CPU units of a task; 1024 are one vCPU."""
    memory_mib: Annotated[int, Field(ge=512, le=249_856)] = 512
    """Memory of a task, in MiB; which values go with `cpu` is fixed by AWS."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """The processor that the image is built for."""
    ephemeral_storage_gib: Annotated[int, Field(ge=21, le=200)] | None = None
    """Disk of a task, in GiB; left out, the 20 GiB that are free."""
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    """The TCP port that the container listens on; left out for a worker."""
    protocol: Literal["HTTP", "HTTPS"] = "HTTP"
    """What the load balancer speaks to the task; for HTTPS the container serves TLS itself."""
    health_check: HealthCheck = HealthCheck()
    """How the load balancer finds out that a task works."""
    command: tuple[Lines, ...] = ()
    """The command to run instead of the image's own, one argument an entry."""
    environment: dict[EnvironmentVariable, Lines] = {}
    """Environment variables of the container; never a secret."""
    secrets: dict[EnvironmentVariable, Name] = {}
    """Environment variables that are filled from Secrets Manager: variable -> name of a secret."""
    capacity: Capacity = Capacity(on_demand=CapacityProvider())
    """On which Fargate capacity tasks run."""
    scaling: Scaling = Scaling()
    """How many tasks run, and when."""
    uses: dict[Name, Access] = {}
    """The databases, caches and buckets that tasks use: security group rules, permissions and
    variables follow.
    """
    iam: TaskRole = TaskRole()
    """What no link can say."""
    egress_ports: tuple[Annotated[int, Field(ge=1, le=65_535)], ...] = (443,)
    """TCP ports of the internet that tasks may open connections to, through NAT."""
    stop_timeout_s: Annotated[int, Field(ge=2, le=120)] = 30
    """Time between SIGTERM and SIGKILL when a task is stopped, in seconds."""
    deregistration_delay_s: Annotated[int, Field(ge=0, le=3600)] = 60
    """How long the load balancer waits for open requests of a task that stops, in seconds."""
    log_retention_days: Literal[
        1,
        3,
        5,
        7,
        14,
        30,
        60,
        90,
        120,
        150,
        180,
        365,
        400,
        545,
        731,
        1096,
        1827,
        2192,
        2557,
        2922,
        3288,
        3653,
    ] = 30
    """How long CloudWatch keeps the container's output, in days."""
    execute_command: bool = False
    """Whether `aws ecs execute-command` may open a shell in a task."""
