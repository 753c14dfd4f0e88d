"""A picture made of lanes: ways that branch from left to right, before anything has a place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from compiler.backends.diagram.model.picture import Item, Link

Look: TypeAlias = Literal["icon", "beside", "card", "words"]
"""How a stop is drawn: its words below the icon, beside it, that on a card, or words alone."""


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow to the next stop."""

    to: "Stop"
    label: str = ""
    """Protocol and port."""
    detail: str = ""
    """In grey below the line."""
    number: int | None = None
    """Its place in the sequence; arrows of which one is taken have the same number."""
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing in a column, and where the way goes on from there."""

    item: Item
    column: int
    """From the left, 0 is the first; greater than that of the stop before."""
    look: Look = "icon"
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """A VPC around the stops of some columns."""

    id: str
    title: str
    detail: str
    first: int
    last: int

    def holds(self, stop: Stop) -> bool:
        """Whether a stop stands in one of its columns."""
        return self.first <= stop.column <= self.last

    def clip(self, last: int) -> "Frame":
        """The same without the columns behind the last one that anything stands in."""
        return replace(self, last=min(self.last, last))


@dataclass(frozen=True, slots=True)
class Step:
    """What happens at a number, in a sentence or two."""

    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One way through the architecture, or several that belong together."""

    id: str
    title: str
    detail: str = ""
    starts: tuple[Stop, ...] = ()
    frame: Frame | None = None
    steps: tuple[Step, ...] = ()

    def stops(self) -> Iterator[Stop]:
        """Every stop, each before those that follow it."""
        for start in self.starts:
            yield from following(start)

    def links(self) -> tuple[Link, ...]:
        """Every arrow."""
        return tuple(link_of(stop, way) for stop in self.stops() for way in stop.ways)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a picture of lanes shows."""

    title: str
    subtitle: str
    lanes: tuple[Lane, ...]
    headings: tuple[str, ...] = ()
    """What stands in each column."""
    arrow: str = ""
    """What an arrow means, for the key."""
    dashed: str = ""
    """What a dashed arrow means, for the key."""
    notes: tuple[str, ...] = ()
    """What the picture leaves out, a sentence each."""

    def items(self) -> tuple[Item, ...]:
        """Every item, lane by lane."""
        return tuple(stop.item for lane in self.lanes for stop in lane.stops())

    def links(self) -> tuple[Link, ...]:
        """Every arrow, lane by lane."""
        return tuple(link for lane in self.lanes for link in lane.links())


def following(stop: Stop) -> Iterator[Stop]:
    """A stop and all that the way reaches from it."""
    yield stop
    for way in stop.ways:
        yield from following(way.to)


def link_of(stop: Stop, way: Way) -> Link:
    """An arrow with both of its ends."""
    return Link(stop.item.id, way.to.item.id, way.label, way.detail, way.number, way.dashed)
