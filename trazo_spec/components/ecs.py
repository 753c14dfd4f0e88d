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
    """How the load balancer checks that a task is healthy."""

    path: UrlPath = "/"
    """The path to request."""
    status: Annotated[str, Field(pattern=r"^[2-4]\d\d([-,][2-4]\d\d)*$")] = "200"
    """The HTTP status codes that mean healthy: one, a range `200-299` or a list `200,302`."""
    interval_s: Annotated[int, Field(ge=5, le=300)] = 30
    """Time between two checks of a task, in seconds."""
    timeout_s: Annotated[int, Field(ge=2, le=120)] = 5
    """How long to wait for a response, in seconds."""
    healthy_threshold: Annotated[int, Field(ge=2, le=10)] = 2
    """Consecutive successful checks after which a task is healthy again."""
    unhealthy_threshold: Annotated[int, Field(ge=2, le=10)] = 3
    """Consecutive failed checks after which a task is unhealthy."""
    grace_period_s: Annotated[int, Field(ge=0, le=2147483647)] = 60
    """How long failed checks are ignored after a task starts, in seconds."""


class TaskRole(Strict):
    """What a task may do in addition to what `uses` grants."""

    statements: tuple[Statement, ...] = ()
    """Policy statements of the task role."""


class Ecs(Placed):
    """A service of identical containers on AWS Fargate."""

    kind: Literal["ecs"] = "ecs"
    image: Annotated[str, Field(min_length=1, max_length=512, pattern=r"^\S+$")]
    """The container image with its tag or digest."""
    cpu: Literal[256, 512, 1024, 2048, 4096, 8192, 16384, 32768] = 256
    """CPU units of a task; 1024 units are one vCPU."""
    memory_mib: Annotated[int, Field(ge=512, le=249_856)] = 512
    """Memory of a task, in MiB; AWS defines which values are valid for each `cpu`."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """The CPU architecture that the image is built for."""
    ephemeral_storage_gib: Annotated[int, Field(ge=21, le=200)] | None = None
    """Ephemeral storage of a task, in GiB; by default, the 20 GiB that are free."""
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    """The TCP port that the container listens on; leave it out for a worker."""
    protocol: Literal["HTTP", "HTTPS"] = "HTTP"
    """The protocol between the load balancer and the task; for HTTPS, the container serves TLS
    itself."""
    health_check: HealthCheck = HealthCheck()
    """How the load balancer checks that a task is healthy."""
    command: tuple[Lines, ...] = ()
    """The command to run instead of the image's own, one argument per entry."""
    environment: dict[EnvironmentVariable, Lines] = {}
    """Environment variables of the container; never put secrets here."""
    secrets: dict[EnvironmentVariable, Name] = {}
    """Environment variables filled from Secrets Manager: variable -> name of the secret."""
    capacity: Capacity = Capacity(on_demand=CapacityProvider())
    """The Fargate capacity that tasks run on."""
    scaling: Scaling = Scaling()
    """How many tasks run, and when."""
    uses: dict[Name, Access] = {}
    """The databases, caches and buckets that tasks use; trazo derives security group rules,
    permissions and variables from them.
    """
    iam: TaskRole = TaskRole()
    """Permissions that `uses` cannot express."""
    egress_ports: tuple[Annotated[int, Field(ge=1, le=65_535)], ...] = (443,)
    """TCP ports on the internet that tasks may connect to through NAT."""
    stop_timeout_s: Annotated[int, Field(ge=2, le=120)] = 30
    """Time between SIGTERM and SIGKILL when a task is stopped, in seconds."""
    deregistration_delay_s: Annotated[int, Field(ge=0, le=3600)] = 60
    """How long the load balancer waits for open requests of a stopping task, in seconds."""
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
    """How long CloudWatch Logs keeps the container's output, in days."""
    execute_command: bool = False
    """Whether `aws ecs execute-command` may open a shell in a task."""
