"""A drawing as plain shapes with places: what every file format is written from."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Color: TypeAlias = str
"""A field of `theme.Palette`."""

Point: TypeAlias = tuple[float, float]
"""x to the right and y down, in points of 1/72 inch."""

Anchor: TypeAlias = Literal["start", "middle", "end"]

Role: TypeAlias = Literal["page", "group", "edge", "card", "node", "label", "heading", "legend"]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle by its upper left corner and its size, in points."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.y + self.height

    @property
    def cx(self) -> float:
        """The x of the centre."""
        return self.x + self.width / 2

    @property
    def cy(self) -> float:
        """The y of the centre."""
        return self.y + self.height / 2

    def grown(self, margin: float) -> "Rect":
        """The same rectangle with every side moved outwards, inwards for a negative `margin`."""
        return Rect(
            self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin
        )

    def overlaps(self, other: "Rect") -> bool:
        """Whether the two share an area; touching sides do not."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def holds(self, other: "Rect") -> bool:
        """Whether the other lies wholly inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and self.right >= other.right
            and self.bottom >= other.bottom
        )


def bounds(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle around others; there must be at least one."""
    known = tuple(rects)
    x, y = min(r.x for r in known), min(r.y for r in known)
    return Rect(x, y, max(r.right for r in known) - x, max(r.bottom for r in known) - y)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that is seen: filled, outlined, or both."""

    rect: Rect
    fill: Color | None = None
    stroke: Color | None = None
    line_width: float = 1.4
    dashed: bool = False
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    size: float
    color: Color
    width: float
    """How wide the text is in the font, in points."""
    bold: bool = False
    anchor: Anchor = "start"

    @property
    def rect(self) -> Rect:
        """The area of its letters."""
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.width
        return Rect(self.x - shift, self.y - 0.74 * self.size, self.width, 0.96 * self.size)


@dataclass(frozen=True, slots=True)
class Image:
    """An icon."""

    rect: Rect
    icon: str


@dataclass(frozen=True, slots=True)
class Line:
    """Straight pieces from point to point with rounded corners."""

    points: tuple[Point, ...]
    stroke: Color = "edge"
    line_width: float = 1.6
    dashed: bool = False
    arrow: bool = False
    """Whether a head stands at the last point."""


Shape: TypeAlias = Box | Text | Image | Line


@dataclass(frozen=True, slots=True)
class Mark:
    """The shapes of one thing, with a name for links, style sheets and tests."""

    id: str
    role: Role
    shapes: tuple[Shape, ...]
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A page of marks; later ones cover earlier ones."""

    width: float
    height: float
    title: str
    description: str
    marks: tuple[Mark, ...]


def moved(mark: Mark, dx: float, dy: float) -> Mark:
    """The same mark at another place."""
    return replace(mark, shapes=tuple(_moved(s, dx, dy) for s in mark.shapes))


def _moved(shape: Shape, dx: float, dy: float) -> Shape:
    match shape:
        case Box(rect=r) | Image(rect=r):
            return replace(shape, rect=Rect(r.x + dx, r.y + dy, r.width, r.height))
        case Line(points=points):
            return replace(shape, points=tuple((x + dx, y + dy) for x, y in points))
        case Text():
            return replace(shape, x=shape.x + dx, y=shape.y + dy)


def area(mark: Mark) -> Rect:
    """The smallest rectangle around all shapes of a mark."""
    return bounds(_area(s) for s in mark.shapes)


def _area(shape: Shape) -> Rect:
    match shape:
        case Box(rect=rect) | Image(rect=rect) | Text(rect=rect):
            return rect
        case Line(points=points):
            return bounds(Rect(x, y, 0, 0) for x, y in points)
