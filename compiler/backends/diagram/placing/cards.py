"""Single items with their words and chips, measured and drawn from their upper left corner."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from compiler.backends.diagram.model.drawing import (
    Anchor,
    Box,
    Color,
    Image,
    Mark,
    Point,
    Rect,
    Shape,
    Text,
    moved,
)
from compiler.backends.diagram.model.picture import Chip, Item, change_words
from compiler.backends.diagram.model.typeface import (
    DETAIL_LINE,
    DETAIL_SIZE,
    MOST_WIDTH,
    text_width,
)
from compiler.graph.change import Change

ICON = 48.0
SMALL_ICON = 34.0
TITLE_SIZE, TITLE_LINE = 13.0, 16.5
CHIP_SIZE, CHIP_HEIGHT, CHIP_PADDING, CHIP_GAP = 11.0, 19.0, 8.0, 4.0
GAP = 5.0
FRAME_HEAD, FRAME_PADDING = 18.0, 8.0
"""Around what has changed, in a picture of two specs."""

_BREAKS = " -_."


@dataclass(frozen=True, slots=True)
class Piece:
    """Marks with a place of their own, to be moved to where they belong."""

    width: float
    height: float
    marks: tuple[Mark, ...] = ()
    ports: Mapping[str, Point] = field(default_factory=dict)
    """Where lines end, by the item's id or the name of a side; the middle of its icon is first."""

    @property
    def icon_y(self) -> float:
        """The middle of the icon, or of the first one, below the upper side; in points."""
        return next(iter(self.ports.values()))[1]

    def at(self, x: float, y: float) -> "Piece":
        """The same piece with its upper left corner at a point."""
        ports = {name: (px + x, py + y) for name, (px, py) in self.ports.items()}
        return Piece(self.width, self.height, tuple(moved(m, x, y) for m in self.marks), ports)


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = DETAIL_SIZE,
    color: Color = "grey",
    bold: bool = False,
    anchor: Anchor = "start",
) -> Text:
    """A line of text with its baseline at `y`."""
    return Text(x, y, words, size, color, text_width(words, size, bold=bold), bold, anchor)


def fitted(words: str, size: float, most: float, *, bold: bool = False) -> str:
    """The text, or as much of its start as fits with an ellipsis behind."""
    if text_width(words, size, bold=bold) <= most:
        return words
    length = len(words)
    while length and text_width(words[:length].rstrip() + "…", size, bold=bold) > most:
        length -= 1
    return words[:length].rstrip() + "…"


def broken(words: str, size: float, most: float, *, bold: bool = False) -> tuple[str, ...]:
    """The text in one line or, where that is too wide, in two of about equal width."""
    if text_width(words, size, bold=bold) <= most:
        return (words,)
    places = [i + 1 for i, c in enumerate(words[:-1]) if c in _BREAKS and i]
    halves = [(words[:i].rstrip(), words[i:]) for i in places] or [(words, "")]

    def wider(half: tuple[str, str]) -> float:
        return max(text_width(h, size, bold=bold) for h in half)

    return tuple(fitted(h, size, most, bold=bold) for h in min(halves, key=wider) if h)


@dataclass(frozen=True, slots=True)
class Words:
    """Title, details and chips of an item, broken into lines that fit."""

    title: tuple[str, ...]
    details: tuple[str, ...]
    chips: tuple[Chip, ...]

    @property
    def width(self) -> float:
        """The widest line or chip, in points."""
        return max(
            *(text_width(t, TITLE_SIZE, bold=True) for t in self.title),
            *(text_width(d, DETAIL_SIZE) for d in self.details),
            *(chip_width(c) for c in self.chips),
            0.0,
            0.0,
        )

    @property
    def text_height(self) -> float:
        """The height of title and details, in points."""
        return TITLE_LINE * len(self.title) + DETAIL_LINE * len(self.details)

    @property
    def chip_height(self) -> float:
        """The height of the chips below each other, in points; 0 without any."""
        return max(0.0, (CHIP_HEIGHT + CHIP_GAP) * len(self.chips) - CHIP_GAP)

    @property
    def height(self) -> float:
        """The height of everything, in points."""
        return self.text_height + (GAP + self.chip_height if self.chips else 0)


def words(item: Item, most: float = MOST_WIDTH) -> Words:
    """The words of an item in lines no wider than `most` points."""
    return Words(
        broken(item.title, TITLE_SIZE, most, bold=True),
        tuple(fitted(d, DETAIL_SIZE, most) for d in item.details),
        item.chips,
    )


def lines(
    caption: Words, x: float, y: float, anchor: Anchor, color: Color = "text"
) -> tuple[tuple[Text, ...], float]:
    """Title and details from `y` down, and the y below them."""
    shapes = []
    for title in caption.title:
        shapes.append(
            text(x, y + 12.5, title, size=TITLE_SIZE, color=color, bold=True, anchor=anchor)
        )
        y += TITLE_LINE
    for detail in caption.details:
        shapes.append(text(x, y + 10.5, detail, anchor=anchor))
        y += DETAIL_LINE
    return tuple(shapes), y


def chip_width(chip: Chip) -> float:
    """How wide a chip is, in points."""
    return text_width(chip.text, CHIP_SIZE, bold=True) + 2 * CHIP_PADDING


def chip_shapes(chip: Chip, x: float, y: float, anchor: Anchor = "start") -> tuple[Shape, ...]:
    """A chip with its upper side at `y`."""
    width = chip_width(chip)
    left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width
    label = text(
        left + width / 2,
        y + 13.3,
        chip.text,
        size=CHIP_SIZE,
        color=f"{chip.kind}_text",
        bold=True,
        anchor="middle",
    )
    return Box(Rect(left, y, width, CHIP_HEIGHT), fill=f"{chip.kind}_fill", radius=6), label


def chip_column(
    chips: Sequence[Chip], x: float, y: float, anchor: Anchor = "start"
) -> tuple[Shape, ...]:
    """Chips below each other, the first one's upper side at `y`."""
    step = CHIP_HEIGHT + CHIP_GAP
    return tuple(s for i, c in enumerate(chips) for s in chip_shapes(c, x, y + i * step, anchor))


def image(icon: str, cx: float, cy: float, size: float = ICON) -> Image:
    """An icon around a point."""
    return Image(Rect(cx - size / 2, cy - size / 2, size, size), icon)


def side_ports(id_: str, x: float, y: float, size: float) -> dict[str, Point]:
    """The centre of an icon and its sides: `id`, `id.left`, `id.right`, `id.top`."""
    half = size / 2
    return {
        id_: (x, y),
        f"{id_}.left": (x - half, y),
        f"{id_}.right": (x + half, y),
        f"{id_}.top": (x, y - half),
    }


def stacked(item: Item, *, size: float = ICON, most: float = MOST_WIDTH) -> Piece:
    """An icon with its words centred below."""
    shown = words(item, most)
    width = max(shown.width, size)
    texts, y = lines(shown, width / 2, size + GAP, "middle")
    chips = chip_column(shown.chips, width / 2, y + GAP, "middle")
    height = size + GAP + shown.height
    ports = {
        **side_ports(item.id, width / 2, size / 2, size),
        f"{item.id}.bottom": (width / 2, height),
    }
    shapes = (image(item.icon, width / 2, size / 2, size), *texts, *chips)
    return framed(Piece(width, height, (_node(item, shapes),), ports), item)


def _node(item: Item, shapes: tuple[Shape, ...]) -> Mark:
    return Mark(item.id, "node", shapes, tooltip(item))


def tooltip(item: Item) -> str:
    """What a viewer shows when the pointer rests on an item, its chips explained."""
    own = item.tooltip or "\n".join((item.title, *item.details))
    return "\n".join((own, *(c.tooltip for c in item.chips if c.tooltip)))


def framed_row(item: Item, *, size: float = SMALL_ICON, most: float = MOST_WIDTH) -> Piece:
    """An icon with its words to the right, their first lines beside it."""
    return framed(row(item, size=size, most=most), item)


def row(item: Item, *, size: float, most: float, centred: bool = False) -> Piece:
    """The same without a frame; the words' first lines or their middle are beside the icon."""
    shown = words(item, most)
    text_top = max(0.0, (size - shown.text_height) / 2)
    height = max(size, text_top + shown.height)
    icon_y = size / 2
    if centred:
        icon_y, text_top = height / 2, (height - shown.height) / 2
    left = size + 10
    texts, y = lines(shown, left, text_top, "start")
    chips = chip_column(shown.chips, left, y + GAP)
    shapes = (image(item.icon, size / 2, icon_y, size), *texts, *chips)
    ports = side_ports(item.id, size / 2, icon_y, size)
    return Piece(left + shown.width, height, (_node(item, shapes),), ports)


def framed(piece: Piece, item: Item, least: float = 0.0) -> Piece:
    """A piece in a frame that says what happened to it; lines end there. Else the piece itself.

    Args:
        piece: What stands in the frame.
        item: What it shows.
        least: The frame's least width, in points; what is narrower stands on the left then.
    """
    if item.change is None:
        return piece
    words = text_width(change_words(item.change), CHIP_SIZE, bold=True) + 2 * CHIP_PADDING
    width = max(least, max(piece.width, words) + 2 * FRAME_PADDING)
    height = FRAME_HEAD + piece.height + 2 * FRAME_PADDING
    left = FRAME_PADDING if least else (width - piece.width) / 2
    inner = piece.at(left, FRAME_HEAD + FRAME_PADDING)
    x, y = inner.ports[item.id]
    sides = {"left": (0.0, y), "right": (width, y), "top": (x, 0.0), "bottom": (x, height)}
    ports = {**inner.ports, **{f"{item.id}.{side}": point for side, point in sides.items()}}
    frame = Mark(f"{item.id}.change", "card", frame_shapes(item.change, Rect(0, 0, width, height)))
    return Piece(width, height, (frame, *inner.marks), ports)


def frame_shapes(change: Change, rect: Rect, fill: Color = "page") -> tuple[Shape, ...]:
    """A frame with a head row in which a word stands; of what is removed, it is dashed."""
    color = f"{change}_fill"
    head = Rect(rect.x, rect.y, rect.width, FRAME_HEAD)
    return (
        Box(rect, fill, color, 2.0, dashed=change is Change.REMOVED, radius=3),
        Box(head, color, radius=3),
        text(
            head.cx,
            head.y + 13.3,
            change_words(change),
            size=CHIP_SIZE,
            color=f"{change}_text",
            bold=True,
            anchor="middle",
        ),
    )


def outlined(
    piece: Piece,
    id_: str,
    *,
    padding: float,
    stroke: Color,
    width: float = 0.0,
) -> Piece:
    """A piece on a card at least `width` wide; its sides become `id.left` and `id.right`."""
    inner = piece.at(padding, padding)
    width, height = max(width, piece.width + 2 * padding), piece.height + 2 * padding
    box = Box(Rect(0, 0, width, height), fill="page", stroke=stroke, radius=10)
    _, y = inner.ports[id_]
    ports = {**inner.ports, f"{id_}.left": (0.0, y), f"{id_}.right": (width, y)}
    card = Mark(f"{id_}.card", "card", (box,))
    return Piece(width, height, (card, *inner.marks), ports)


def headed(item: Item, *, size: float = ICON) -> Piece:
    """An icon with its words above and its chips below."""
    shown = words(item)
    width = max(shown.width, size)
    texts, y = lines(shown, width / 2, 0, "middle")
    cy = y + GAP + size / 2
    chips = chip_column(shown.chips, width / 2, cy + size / 2 + GAP + 2, "middle")
    height = cy + size / 2 + (GAP + 2 + shown.chip_height if chips else 0)
    shapes = (*texts, image(item.icon, width / 2, cy, size), *chips)
    ports = side_ports(item.id, width / 2, cy, size)
    return framed(Piece(width, height, (_node(item, shapes),), ports), item)


def column(
    pieces: Iterable[Piece], gap: float, align: Literal["start", "middle"] = "middle"
) -> Piece:
    """Pieces below each other."""
    all_pieces = tuple(pieces)
    width = max((p.width for p in all_pieces), default=0.0)
    y = 0.0
    placed = []
    for piece in all_pieces:
        placed.append(piece.at((width - piece.width) / 2 if align == "middle" else 0.0, y))
        y += piece.height + gap
    return joined(placed, width, max(0.0, y - gap))


def joined(pieces: Iterable[Piece], width: float, height: float) -> Piece:
    """Pieces that have their places already, as one."""
    marks: list[Mark] = []
    ports: dict[str, Point] = {}
    for piece in pieces:
        marks += piece.marks
        ports.update(piece.ports)
    return Piece(width, height, tuple(marks), ports)
