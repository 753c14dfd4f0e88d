"""What a reader would stumble over in a drawing: overlaps, lines through words, hidden arrows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from compiler.backends.diagram.model.drawing import (
    Box,
    Drawing,
    Image,
    Line,
    Mark,
    Point,
    Rect,
    Text,
    area,
)

BORDERS = ("group", "card")
TOUCH = 0.75
"""So much two things may touch, in points: lines have a width, letters seldom fill their box."""
HUGGING = 2.5


@dataclass(frozen=True)
class Piece:
    """A straight part of a line or a border, as a very thin rectangle."""

    rect: Rect
    order: int
    owner: str


def problems(drawing: Drawing) -> list[str]:
    """Everything that is wrong with the places in a drawing, in words."""
    return [
        *_outside(drawing),
        *_texts(drawing),
        *_items(drawing),
        *_borders(drawing),
        *_arrows(drawing),
        *_bundles(drawing),
    ]


def _outside(drawing: Drawing) -> Iterator[str]:
    page = Rect(0, 0, drawing.width, drawing.height)
    for mark in drawing.marks:
        if not page.holds(area(mark)):
            yield f"{mark.id} leaves the page"


def _texts(drawing: Drawing) -> Iterator[str]:
    texts = [
        (m.id, s.text, s.rect.grown(-TOUCH / 2))
        for m in drawing.marks
        for s in m.shapes
        if isinstance(s, Text)
    ]
    for (a, first, here), (b, second, there) in combinations(texts, 2):
        if here.overlaps(there):
            yield f"the texts {first!r} of {a} and {second!r} of {b} overlap"


def _items(drawing: Drawing) -> Iterator[str]:
    """Items, cards and labels on top of each other; a label may stand beside an item's icon."""
    items = [(m, area(m)) for m in drawing.marks if m.role in ("node", "card", "label")]
    for (first, whole), (second, other) in combinations(items, 2):
        if not whole.overlaps(other):
            continue
        labels = "label" in (first.role, second.role)
        for a in _areas(first, exact=labels):
            for b in _areas(second, exact=labels):
                inside = (first.role == "card" and a.holds(b)) or (
                    second.role == "card" and b.holds(a)
                )
                if a.grown(-TOUCH).overlaps(b.grown(-TOUCH)) and not inside:
                    yield f"{first.id} ({first.role}) and {second.id} ({second.role}) overlap"


def _areas(mark: Mark, *, exact: bool) -> list[Rect]:
    if exact:
        return [s.rect for s in mark.shapes if isinstance(s, Box | Text | Image)]
    return [area(mark)]


def _borders(drawing: Drawing) -> Iterator[str]:
    """Borders through words or icons, as far as nothing is drawn over them."""
    borders = [p for i, m in enumerate(drawing.marks) for p in _border(m, i)]
    for i, mark in enumerate(drawing.marks):
        for shape in mark.shapes:
            if not isinstance(shape, Text | Image):
                continue
            rect = shape.rect.grown(-TOUCH)
            # The icon of a group stands flush in its corner.
            if isinstance(shape, Image) and mark.role == "group":
                continue
            for border in borders:
                if rect.overlaps(border.rect) and not _hidden(drawing, border, rect, i):
                    what = shape.text if isinstance(shape, Text) else shape.icon
                    yield f"a border of {border.owner} runs through {what!r} of {mark.id}"


def _border(mark: Mark, order: int) -> Iterator[Piece]:
    for box in mark.shapes:
        if isinstance(box, Box) and box.stroke and mark.role in BORDERS:
            r = box.rect
            for rect in (
                Rect(r.x, r.y, r.width, 0.01),
                Rect(r.x, r.bottom, r.width, 0.01),
                Rect(r.x, r.y, 0.01, r.height),
                Rect(r.right, r.y, 0.01, r.height),
            ):
                yield Piece(rect, order, mark.id)


def _hidden(drawing: Drawing, line: Piece, by_text: Rect, until: int) -> bool:
    """Whether something filled covers the line where it meets a text."""
    r = line.rect
    x, y = max(r.x, by_text.x), max(r.y, by_text.y)
    seen = Rect(x, y, min(r.right, by_text.right) - x, min(r.bottom, by_text.bottom) - y)
    return any(line.order < order <= until and rect.holds(seen) for order, rect in _filled(drawing))


@lru_cache(maxsize=2)
def _filled(drawing: Drawing) -> tuple[tuple[int, Rect], ...]:
    return tuple(
        (order, s.rect)
        for order, m in enumerate(drawing.marks)
        for s in m.shapes
        if isinstance(s, Box) and s.fill is not None
    )


def _arrows(drawing: Drawing) -> Iterator[str]:
    """Arrows through words, through icons and cards, or along a border."""
    borders = [p for i, m in enumerate(drawing.marks) for p in _border(m, i)]
    solids = [(i, m, r, what) for i, m in enumerate(drawing.marks) for r, what in _solid(m)]
    pieces = [p for i, m in enumerate(drawing.marks) if m.role == "edge" for p in _pieces(m, i)]
    for piece in pieces:
        for i, other, rect, what in solids:
            if rect.overlaps(piece.rect) and not (
                isinstance(what, Text) and _hidden(drawing, piece, rect, i)
            ):
                yield f"{piece.owner} runs through {what} of {other.id}"
        for border in borders:
            if _along(piece.rect, border.rect) and not _hidden(
                drawing, border, piece.rect.grown(HUGGING), piece.order
            ):
                yield f"{piece.owner} runs along the border of {border.owner}"


def _solid(mark: Mark) -> Iterator[tuple[Rect, object]]:
    """What no arrow may cross; a gateway on the way has a disc, behind which the arrow runs."""
    passable = any(isinstance(s, Box) and s.fill == "page" for s in mark.shapes)
    for shape in mark.shapes:
        if isinstance(shape, Text):
            yield shape.rect.grown(-TOUCH), shape
        elif isinstance(shape, Image) and mark.role == "node" and not passable:
            yield shape.rect.grown(-TOUCH), shape.icon
        elif isinstance(shape, Box) and mark.role == "card":
            yield shape.rect.grown(-TOUCH), "the card"


def _pieces(mark: Mark, order: int) -> Iterator[Piece]:
    for line in mark.shapes:
        if isinstance(line, Line):
            for start, end in zip(line.points, line.points[1:], strict=False):
                yield Piece(_thin(start, end), order, mark.id)


def _thin(start: Point, end: Point) -> Rect:
    x, y = min(start[0], end[0]), min(start[1], end[1])
    return Rect(x, y, max(abs(start[0] - end[0]), 0.01), max(abs(start[1] - end[1]), 0.01))


def _along(a: Rect, b: Rect) -> bool:
    """Whether two thin pieces run beside each other, closer than a reader can tell apart."""
    flat, other_flat = a.width > a.height, b.width > b.height
    if flat != other_flat:
        return False
    grown = Rect(a.x, a.y - HUGGING, a.width, a.height + 2 * HUGGING)
    if not flat:
        grown = Rect(a.x - HUGGING, a.y, a.width + 2 * HUGGING, a.height)
    return grown.overlaps(b) and _shared(a, b, flat=flat) > 8


def _shared(a: Rect, b: Rect, *, flat: bool) -> float:
    if flat:
        return min(a.right, b.right) - max(a.x, b.x)
    return min(a.bottom, b.bottom) - max(a.y, b.y)


def _bundles(drawing: Drawing) -> Iterator[str]:
    """Arrows that run on top of each other though they have neither start nor end in common."""
    lines = [
        (m.id, m.id.split("-to-"), s.points, list(_pieces(m, i)))
        for i, m in enumerate(drawing.marks)
        if m.role == "edge"
        for s in m.shapes
        if isinstance(s, Line)
    ]
    for (a, ends_a, points_a, first), (b, ends_b, points_b, second) in combinations(lines, 2):
        if ends_a[0] == ends_b[0] or ends_a[-1] == ends_b[-1] or points_a[-1] == points_b[-1]:
            continue
        starts = ((points_b[0], first), (points_a[0], second))
        if any(_on(point, pieces) for point, pieces in starts):
            continue  # one branches off the other
        if any(_along(p.rect, q.rect) for p in first for q in second):
            yield f"{a} and {b} run on top of each other"


def _on(point: Point, pieces: list[Piece]) -> bool:
    return any(p.rect.grown(0.1).overlaps(Rect(*point, 0.01, 0.01)) for p in pieces)
