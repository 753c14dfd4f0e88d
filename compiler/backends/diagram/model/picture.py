"""What an overview shows, before anything has a place: items, where they stand, and links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
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
class TaskRows:
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


class Inside(StrEnum):
    """Where single things stand in a VPC, from left to right, beside its zones."""

    GATEWAY = "gateway"
    """The internet gateway, where traffic comes in or goes out through it."""
    BALANCERS = "balancers"
    S3_ENDPOINT = "s3 endpoint"
    INTERFACE_ENDPOINTS = "interface endpoints"


@dataclass(frozen=True, slots=True)
class Network:
    """A VPC with what runs in it."""

    id: str
    title: str
    detail: str
    zones: tuple[Zone, ...]
    chips: tuple[Chip, ...] = ()
    areas: Mapping[Inside, tuple[Item, ...]] = field(default_factory=dict)
    """What stands at each place; a place that is left out is empty."""
    services: tuple[TaskRows, ...] = ()
    stores: tuple[Store, ...] = ()
    tables: tuple[Table, ...] = ()
    """What no arrow shows: routes and network ACLs."""

    @property
    def gateway(self) -> Item | None:
        """The internet gateway."""
        return _first(self.areas.get(Inside.GATEWAY, ()))

    @property
    def balancers(self) -> tuple[Item, ...]:
        """What users call."""
        return self.areas.get(Inside.BALANCERS, ())

    @property
    def s3_endpoint(self) -> Item | None:
        """The gateway endpoint."""
        return _first(self.areas.get(Inside.S3_ENDPOINT, ()))

    @property
    def interface_endpoints(self) -> Item | None:
        """All interface endpoints as one."""
        return _first(self.areas.get(Inside.INTERFACE_ENDPOINTS, ()))


def _first(items: tuple[Item, ...]) -> Item | None:
    return items[0] if items else None


def one(item: Item | None) -> tuple[Item, ...]:
    """An item as all that stands somewhere; nothing for None."""
    return () if item is None else (item,)


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


class Area(StrEnum):
    """Where single things stand in a picture, from left to right, beside the VPCs."""

    USERS = "users"
    DNS = "dns"
    CDNS = "cdns"
    ORIGINS = "origins"
    """In the region, called from the edge of the cloud, such as the buckets of a CDN."""
    BUCKETS = "buckets"
    """In the region, called by services, or by their gateway endpoint."""
    SUPPORTING = "supporting"


AFTER_NETWORKS = (Area.BUCKETS, Area.SUPPORTING)
"""The areas to the right of the VPCs."""


@dataclass(frozen=True, slots=True)
class Picture:
    """All that an overview shows."""

    title: str
    region: str
    subtitle: str = ""
    total: Chip | None = None
    findings: Chip | None = None
    """How many findings there are in all."""
    areas: Mapping[Area, tuple[Item, ...]] = field(default_factory=dict)
    """What stands in each area; an area that is left out is empty."""
    networks: tuple[Network, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
    """What the picture leaves out, a sentence each."""

    @property
    def users(self) -> Item | None:
        """Who calls."""
        return _first(self.areas.get(Area.USERS, ()))

    @property
    def dns(self) -> Item | None:
        """All that resolves host names as one."""
        return _first(self.areas.get(Area.DNS, ()))

    @property
    def cdns(self) -> tuple[Item, ...]:
        """What users call at the edge of the cloud."""
        return self.areas.get(Area.CDNS, ())

    @property
    def origins(self) -> tuple[Item, ...]:
        """What is called from the edge of the cloud."""
        return self.areas.get(Area.ORIGINS, ())

    @property
    def buckets(self) -> tuple[Item, ...]:
        """What services call outside of their VPC."""
        return self.areas.get(Area.BUCKETS, ())

    @property
    def supporting(self) -> tuple[Item, ...]:
        """What no arrow shows."""
        return self.areas.get(Area.SUPPORTING, ())

    def items(self) -> tuple[Item, ...]:
        """Every item, from left to right."""
        before = (i for a in Area if a not in AFTER_NETWORKS for i in self.areas.get(a, ()))
        inside = (i for n in self.networks for i in items_of(n))
        after = (i for a in AFTER_NETWORKS for i in self.areas.get(a, ()))
        return (*before, *inside, *after)


def items_of(network: Network) -> tuple[Item, ...]:
    """Every item of a network, from left to right."""
    places = {place: network.areas.get(place, ()) for place in Inside}
    return (
        *places.pop(Inside.GATEWAY),
        *places.pop(Inside.BALANCERS),
        *(z.nat for z in network.zones if z.nat is not None),
        *(s.item for s in network.services),
        *(s.item for s in network.stores),
        *(item for items in places.values() for item in items),
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
    own = {i.id for i in network.balancers}
    own |= {s.item.id for s in network.services} | {s.item.id for s in network.stores}
    return tuple(i for i in items_of(network) if i.id in ends or i.id in own)
