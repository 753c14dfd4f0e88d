"""What an overview shows, before anything has a place: items, where they stand, and links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from compiler.graph.change import Change

TABLES_TITLE = "Subnets, routes and network ACLs"
"""What the tables of a VPC are, together."""

ChipKind: TypeAlias = Literal[
    "cost",
    "schedule",
    "security_group",
    "error",
    "warning",
    "info",
    "added",
    "changed",
    "removed",
]

CHANGE_MARKS: Mapping[Change, str] = {
    Change.ADDED: "+",
    Change.CHANGED: "~",
    Change.REMOVED: "\N{MINUS SIGN}",
}
"""The sign of each change."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A short coloured mark on an item, such as a price."""

    text: str
    kind: ChipKind
    tooltip: str = ""
    """What a viewer shows when the pointer rests on its item, behind the item's own words."""

    @property
    def in_words(self) -> str:
        """The text, with its kind where only a colour would tell it."""
        return f"security group {self.text}" if self.kind == "security_group" else self.text


@dataclass(frozen=True, slots=True)
class Item:
    """One thing with an icon and a few words."""

    id: str
    """Unique in a picture; a component's own name where it is one."""
    icon: str
    """A class of the `diagrams` package, such as `aws.network.Route53`."""
    title: str
    details: tuple[str, ...] = ()
    """One line each, in grey below the title."""
    chips: tuple[Chip, ...] = ()
    tooltip: str = ""
    """What a viewer shows when the pointer rests on it, such as a list that was too long."""
    change: Change | None = None
    """What happened to it, in a picture of two specs."""
    keeps_data: bool = False
    """Whether data is lost with it, as with a database: texts draw it as a cylinder."""

    @property
    def in_words(self) -> tuple[str, ...]:
        """All that a text says of it, line by line."""
        head = (change_words(self.change),) if self.change is not None else ()
        return *head, self.title, *self.details, *(c.in_words for c in self.chips)


@dataclass(frozen=True, slots=True)
class Zone:
    """One row of a network: an availability zone, or several that look alike."""

    title: str
    public_cidr: str = ""
    private_cidr: str = ""
    nat: Item | None = None
    """The NAT gateway in the zone's public subnet."""


@dataclass(frozen=True, slots=True)
class Store:
    """A database or cache, in the row of the zone where it stands."""

    item: Item
    row: int


@dataclass(frozen=True, slots=True)
class Service:
    """A service whose tasks are spread over the zones."""

    item: Item
    tasks: tuple[str, ...] = ()
    """What stands below the task icon of each row, from the first zone on."""


@dataclass(frozen=True, slots=True)
class Table:
    """Lines of words in columns, such as the routes of some subnets."""

    id: str
    icon: str
    title: str
    detail: str
    """What it holds for, in grey below the title."""
    rows: tuple[tuple[str, str], ...]
    in_zones: bool = False
    """Whether zones show the same, each in its row; then only texts have the table."""

    def lines(self) -> tuple[str, ...]:
        """All of it, line by line."""
        return f"{self.title}, {self.detail}", *(f"{first}: {other}" for first, other in self.rows)


@dataclass(frozen=True, slots=True)
class Network:
    """A VPC with what runs in it."""

    id: str
    title: str
    detail: str
    zones: tuple[Zone, ...]
    chips: tuple[Chip, ...] = ()
    gateway: Item | None = None
    """The internet gateway, where traffic comes in or goes out through it."""
    balancers: tuple[Item, ...] = ()
    services: tuple[Service, ...] = ()
    stores: tuple[Store, ...] = ()
    s3_endpoint: Item | None = None
    interface_endpoints: Item | None = None
    tables: tuple[Table, ...] = ()
    """What no arrow shows: routes and network ACLs."""


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from who calls to who is called."""

    source: str
    target: str
    label: str = ""
    """Protocol and port."""
    detail: str = ""
    """Which requests, in grey below the line."""
    number: int | None = None
    """Its place in the way of one request."""
    dashed: bool = False
    change: Change | None = None
    """What happened to it, in a picture of two specs."""


@dataclass(frozen=True, slots=True)
class Picture:
    """All that an overview shows."""

    title: str
    region: str
    subtitle: str = ""
    total: Chip | None = None
    findings: Chip | None = None
    """How many findings there are in all."""
    users: Item | None = None
    dns: Item | None = None
    cdns: tuple[Item, ...] = ()
    origins: tuple[Item, ...] = ()
    """Buckets that a CDN serves."""
    networks: tuple[Network, ...] = ()
    buckets: tuple[Item, ...] = ()
    """Buckets that services use, or services that they reach by a gateway endpoint."""
    supporting: tuple[Item, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
    """What the picture leaves out, a sentence each."""

    def items(self) -> tuple[Item, ...]:
        """Every item, from left to right."""
        edge = (*filter(None, (self.users, self.dns)), *self.cdns, *self.origins)
        inside = tuple(i for n in self.networks for i in items_of(n))
        return (*edge, *inside, *self.buckets, *self.supporting)


def items_of(network: Network) -> tuple[Item, ...]:
    """Every item of a network, from left to right."""
    return (
        *filter(None, (network.gateway,)),
        *network.balancers,
        *(z.nat for z in network.zones if z.nat is not None),
        *(s.item for s in network.services),
        *(s.item for s in network.stores),
        *filter(None, (network.s3_endpoint, network.interface_endpoints)),
    )


def change_words(change: Change) -> str:
    """What happened, as a picture says it, so that colour never tells it alone.

    >>> change_words(Change.ADDED)
    '+ added'
    """
    return f"{CHANGE_MARKS[change]} {change}"


def connected(network: Network, links: Iterable[Link]) -> tuple[Item, ...]:
    """The items of a network without what only lies on an arrow's way, such as S3's endpoint."""
    ends = {end for k in links for end in (k.source, k.target)}
    stores = {s.item.id for s in network.stores}
    return tuple(i for i in items_of(network) if i.id in ends or i.id in stores)
