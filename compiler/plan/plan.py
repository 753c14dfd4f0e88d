"""What the compiler emits: Terraform blocks and billing meters, as plain data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pydantic import JsonValue

from compiler.plan.guards import Guards
from compiler.plan.names import Names
from trazo_spec.base import Provider


@dataclass(frozen=True, slots=True)
class Ref:
    """An attribute of a block: `Ref("aws_vpc.network", "id")` reads `${aws_vpc.network.id}`."""

    address: str
    """The block's Terraform address, with `data.` or `ephemeral.` in front where it has one."""
    attribute: str
    """The attribute, with any index or nested name: `master_user_secret[0].secret_arn`."""
    late: bool = False
    """Whether it may not be there yet when Terraform plans, but is when it applies."""


@dataclass(frozen=True, slots=True)
class Expr:
    """A Terraform expression that we wrote, such as a `for`; no text of a spec ever enters one."""

    text: str
    addresses: tuple[str, ...] = ()
    """Every block that the expression reads."""


@dataclass(frozen=True, slots=True)
class Join:
    """Text with references inside: `Join((Ref("aws_s3_bucket.media", "arn"), "/*"))`."""

    parts: tuple["str | Ref | Expr", ...]


@dataclass(frozen=True, slots=True)
class Json:
    """A document that AWS takes as JSON text, such as an IAM policy."""

    document: "Value"


Scalar: TypeAlias = str | int | float | bool | None
Value: TypeAlias = "Scalar | Ref | Expr | Join | Json | Sequence[Value] | Mapping[str, Value]"
"""An argument of a block. A plain string is data: the backend escapes `${` and `%{` in it."""

Overrides: TypeAlias = Mapping[str, Mapping[str, JsonValue]]
"""Address of a block -> its arguments as a spec sets them; null takes one away."""

Mode: TypeAlias = Literal["managed", "data", "ephemeral"]


@dataclass(frozen=True, slots=True)
class Block:
    """One resource, data source or ephemeral resource of Terraform."""

    type: str
    """The provider's type, such as `aws_ecs_service`."""
    name: str
    """The label behind the type; the component's own name, where that component has one such block.
    """
    body: Mapping[str, Value]
    """Arguments and nested blocks; a repeated nested block is a sequence of mappings."""
    component: str = ""
    """The component that this block belongs to; empty for what a whole environment shares."""
    mode: Mode = "managed"
    provider: str = ""
    """The alias of the provider to use, such as `us_east_1`; empty for the default one."""
    depends_on: tuple[str, ...] = ()
    """Addresses of blocks that must be there first, where no reference says so."""
    lifecycle: Mapping[str, Value] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The Terraform address: `aws_lb.alb`, `data.aws_route53_zone.zone`."""
        prefix = {"managed": "", "data": "data.", "ephemeral": "ephemeral."}[self.mode]
        return f"{prefix}{self.type}.{self.name}"


@dataclass(frozen=True, slots=True)
class Output:
    """A value that Terraform prints after an apply."""

    name: str
    value: Value
    description: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A block that got another address: nothing is destroyed."""

    source: str
    target: str


STATE_FILE = "terraform.tfstate"
"""What a state is called, behind the project and the environment."""


@dataclass(frozen=True, slots=True)
class StateBackend:
    """Where Terraform keeps the state of one environment."""

    bucket: str
    key: str
    region: str


Basis: TypeAlias = Literal["fixed", "assumed", "simulated"]


@dataclass(frozen=True, slots=True)
class Load:
    """What one component does in the period that is priced."""

    hours: float
    """Length of the period, in hours."""
    months: float
    """Length of the period as a share of its calendar month: 1.0 for a whole month."""
    usage: Mapping[str, float] = field(default_factory=dict)
    """Usage per month by the field names of `trazo_spec.traffic.Usage`, defaults filled in."""
    on_demand_task_h: float = 0.0
    """Hours of Fargate tasks on demand, over all tasks."""
    spot_task_h: float = 0.0
    """Hours of Fargate tasks on Spot, over all tasks."""
    requests: float = 0.0
    """HTTP requests in the period that reach this component."""


@dataclass(frozen=True, slots=True)
class Meter:
    """One line that AWS bills for a component: an item of the catalogue and how much of it."""

    component: str
    item: str
    """The catalogue's name of the item, such as `nat_gateway_hour`."""
    unit: str
    """The unit of quantity and price, such as `hour`; the catalogue states the same one."""
    quantity: Callable[[Load], float]
    """Quantity of the item in the period, in `unit`."""
    basis: Basis
    """Whether the quantity follows from the spec, from an assumption, or from the load of tasks."""
    why: str = ""
    """How the quantity comes about, in words: `2 zones x 1 address`."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """What is assumed about use that a spec does not state, per month."""

    low: float
    typical: float
    high: float
    unit: str
    """The unit of the three numbers, such as `GB`."""
    reason: str
    """Why these numbers, and what would change them."""
    stored: bool = False
    """Whether it lies there even if nobody comes; all other use stops with the tasks."""


@dataclass(frozen=True, slots=True)
class Omission:
    """Something that AWS bills and trazo does not price."""

    name: str
    why: str
    """Why it has no line, and when it would cost something."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that one environment of a spec becomes."""

    project: str
    environment: str
    region: str
    state: StateBackend | None
    """None only for the bootstrap stack, which creates the state bucket and keeps a local state."""
    blocks: tuple[Block, ...]
    """Sorted by address; addresses are unique."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Further providers: alias -> region."""
    outputs: tuple[Output, ...] = ()
    moved: tuple[Moved, ...] = ()
    meters: tuple[Meter, ...] = ()
    default_tags: Mapping[str, str] = field(default_factory=dict)
    provider: Provider = 5
    """The major version of the AWS provider that reads it."""

    @property
    def resources(self) -> int:
        """How many resources Terraform will manage."""
        return sum(1 for block in self.blocks if block.mode == "managed")

    overrides: Overrides = field(default_factory=dict)
    """What the spec overrides, as it says so; the blocks have it already."""
    guards: Guards = field(default_factory=dict)
    """What no override may set."""
    account: str | None = None
    """The only account that it may be applied in; None for that of whatever credentials there are.
    """
    names: Names = field(default_factory=dict)
    """The names that its resources own in AWS."""
