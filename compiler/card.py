"""What a picture says of one component, as its kind answers it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from trazo_spec.components.certificate import Certificate
from trazo_spec.schedule.types import Scaling

MOST_NAMES = 3
"""Of a longer list, the first ones are named and the rest is counted."""


class Place(StrEnum):
    """Where a component stands in a picture."""

    NAMES = "names"
    """At the edge of the cloud, where host names are looked up; one mark for all of them."""
    EDGE = "edge"
    """At the edge of the cloud, called by users."""
    FRAME = "frame"
    """Around others: it is a VPC."""
    ENTRY = "entry"
    """In a VPC, called by users."""
    SERVICE = "service"
    """In a VPC, spread over its zones."""
    ZONE = "zone"
    """In a zone of a VPC, called by services."""
    REGION = "region"
    """Beside the VPCs, where something calls it; else among the supporting services."""
    SUPPORTING = "supporting"
    """Among the supporting services, which no arrow shows."""


class Mark(StrEnum):
    """A mark among the supporting services that stands for parts of several components."""

    CERTIFICATES = "certificates"
    SECRETS = "secrets"
    LOGS = "logs"
    ALARMS = "alarms"
    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Shared:
    """What a component adds to a mark that stands for parts of several components."""

    mark: Mark
    lines: tuple[str, ...] = ()
    """What the mark says of it; of logs, for how many days they are kept."""
    priced: bool = False
    """Whether the component has its price there, for it has no mark of its own."""


@dataclass(frozen=True, slots=True)
class Listening:
    """How a service takes requests."""

    protocol: str
    port: int | None
    check: tuple[str, ...] = ()
    """Its health check, line by line."""


@dataclass(frozen=True, slots=True)
class Door:
    """How users come in by HTTPS, in words."""

    noun: str
    """What an alias in DNS is one of."""
    where: str
    """Where a connection is opened to."""
    certificate: str
    """What is shown there, as `shown` says it."""
    redirect: str
    """What else happens there, a sentence."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which requests an entry passes on to a service."""

    target: str
    condition: str = ""
    """Host and path; empty for all that is left."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry gets files from that it does not have, and what signs these requests."""

    name: str
    access: tuple[str, ...]
    """What signs them, a title and a few words."""
    action: str
    """What is asked for, an IAM action."""
    steps: tuple[str, ...]
    """What happens then, sentence by sentence."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What stands by for a component in another zone."""

    id: str
    """What its id has behind the component's name."""
    title: str


@dataclass(frozen=True, slots=True)
class Zone:
    """One availability zone of a VPC."""

    name: str
    """AWS's name, such as `us-east-2a`."""
    letter: str = ""
    """What tells it apart in its region, such as `a`."""
    public: str = ""
    """The public subnet in CIDR form, or its id; empty without one."""
    private: str = ""
    """The private subnet in CIDR form, or its id; empty where none fits into the VPC."""
    nat: bool = False
    """Whether a NAT gateway stands in it."""


@dataclass(frozen=True, slots=True)
class Vpc:
    """What a VPC has, for pictures of what stands in it."""

    zones: tuple[Zone, ...]
    existing: bool = False
    """Whether it is there already, so that its routes are not known."""
    gateway_services: tuple[str, ...] = ()
    """The services of AWS with a gateway endpoint."""
    interface_services: tuple[str, ...] = ()
    """Those with an interface endpoint."""


@dataclass(frozen=True, slots=True)
class Card:
    """All that pictures need to know of a component."""

    title: str
    place: Place = Place.SUPPORTING
    details: tuple[str, ...] = ()
    """One line each, below the title."""
    tooltip: str = ""
    """What a viewer shows when the pointer rests on it, such as a list that was too long."""
    icon: str = ""
    """A class of the `diagrams` package; left out, the icon of the kind."""
    keeps_data: bool = False
    """Whether something is lost with it: texts draw it as a cylinder."""
    hostname: str = ""
    """What users call it by."""
    door: Door | None = None
    rules: tuple[Rule, ...] = ()
    """To which services it passes requests on, in the order in which they are matched."""
    origin: Origin | None = None
    fleet: Scaling | None = None
    """How many of it run, where that is more than one thing."""
    listening: Listening | None = None
    egress_ports: tuple[int, ...] = ()
    """The TCP ports that it calls on the internet."""
    secrets: tuple[str, ...] = ()
    """The variables that it gets from Secrets Manager when it starts."""
    copies: tuple[Copy, ...] = ()
    """What stands by for it."""
    idle: str = "not linked"
    """What is said of it where nothing calls it and it has no details."""
    gateway: str = ""
    """The service whose gateway endpoint leads to it without the internet, such as `s3`."""
    vpc: Vpc | None = None
    """What it has, where it is a VPC: its place is a frame."""
    shared: tuple[Shared, ...] = ()
    """What it adds to marks for several components; such a mark may be all that shows it."""


def shown(certificate: Certificate) -> str:
    """What a connection shows, in words."""
    if certificate.arn is not None:
        return "an existing certificate"
    return f"the certificate of {', '.join(listed(certificate.names, 2))}"


def listed(names: Iterable[str], most: int = MOST_NAMES) -> tuple[str, ...]:
    """Names as lines; of too many, the first ones and how many more there are.

    >>> listed(["a", "b", "c", "d"])
    ('a', 'b', '2 more')
    """
    every = tuple(names)
    return every if len(every) <= most else (*every[: most - 1], f"{len(every) - most + 1} more")
