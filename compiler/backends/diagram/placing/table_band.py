"""Tables of words in a band below the zones of a VPC, as many beside each other as fit."""

from collections.abc import Iterator, Sequence

from compiler.backends.diagram.model.drawing import Box, Mark, Rect, Shape
from compiler.backends.diagram.model.picture import Table
from compiler.backends.diagram.model.typeface import DETAIL_LINE, DETAIL_SIZE, text_width
from compiler.backends.diagram.placing.cards import TITLE_SIZE, Piece, image, joined, text

# Chosen by eye, in points.
GAP = 12.0
"""Between two tables."""
_PADDING = 12.0
_ICON = 26.0
_HEAD = 38.0
"""Above the first line: icon, title, and what the table holds for."""
_FOOT = 9.0
_COLUMN_GAP = 16.0


def drawn(tables: Sequence[Table]) -> Sequence[Table]:
    """The tables that say what zones do not."""
    return [t for t in tables if not t.in_zones]


def table_band(tables: Sequence[Table], width: float) -> Piece | None:
    """Tables in rows of equal width; nothing without any."""
    if not tables:
        return None
    placed = []
    y = 0.0
    for shelf in _shelves(tables, width):
        height = max(map(_height, shelf))
        x = 0.0
        for table, wide in zip(shelf, _widths(shelf, width), strict=True):
            placed.append(_card(table, wide, height).at(x, y))
            x += wide + GAP
        y += height + GAP
    return joined(placed, width, y - GAP)


def widest_table(tables: Sequence[Table]) -> float:
    """The least width that every one of some tables fits into, in points; 0 without any."""
    return max(map(_width, tables), default=0.0)


def _widths(shelf: Sequence[Table], width: float) -> Sequence[float]:
    """The widths of the tables of a row: all the same where that is enough for each."""
    free = width - GAP * (len(shelf) - 1)
    least = [_width(table) for table in shelf]
    if max(least) <= free / len(shelf):
        return [free / len(shelf)] * len(shelf)
    return [wide + (free - sum(least)) / len(shelf) for wide in least]


def _shelves(tables: Sequence[Table], most: float) -> Sequence[Sequence[Table]]:
    """As few rows as fit into a width, and these as equally long as they can be."""
    count = len(tuple(_filled(tables, most)))
    narrower = (sum(map(_width, tables)) * share / 100 for share in range(1, 100))
    for limit in narrower:
        shelves = tuple(_filled(tables, limit))
        if len(shelves) <= count and limit <= most:
            return shelves
    return tuple(_filled(tables, most))


def _filled(tables: Sequence[Table], most: float) -> Iterator[Sequence[Table]]:
    """Each row with as many tables as fit, at least one."""
    shelf: list[Table] = []
    length = 0.0
    for table in tables:
        wide = _width(table) + GAP
        if shelf and length + wide - GAP > most:
            yield shelf
            shelf, length = [], 0.0
        shelf.append(table)
        length += wide
    if shelf:
        yield shelf


def _columns(table: Table) -> tuple[float, float]:
    """The widths of both columns, in points."""
    first, second = (max(text_width(row[i], DETAIL_SIZE) for row in table.rows) for i in range(2))
    return first, second


def _width(table: Table) -> float:
    title = max(
        text_width(table.title, TITLE_SIZE, bold=True), text_width(table.detail, DETAIL_SIZE)
    )
    inside = max(sum(_columns(table)) + _COLUMN_GAP, _ICON + 9 + title)
    return inside + 2 * _PADDING


def _height(table: Table) -> float:
    return _PADDING + _HEAD + DETAIL_LINE * len(table.rows) + _FOOT


def _card(table: Table, width: float, height: float) -> Piece:
    """One table in a box."""
    left = _PADDING + _ICON + 9
    second = _PADDING + _columns(table)[0] + _COLUMN_GAP
    shapes: list[Shape] = [
        image(table.icon, _PADDING + _ICON / 2, _PADDING + _ICON / 2, _ICON),
        text(left, _PADDING + 10.5, table.title, size=TITLE_SIZE, color="text", bold=True),
        text(left, _PADDING + 24.5, table.detail),
    ]
    y = _PADDING + _HEAD
    for first, other in table.rows:
        y += DETAIL_LINE
        shapes += [text(_PADDING, y - 3.5, first, color="text"), text(second, y - 3.5, other)]
    box = Box(Rect(0, 0, width, height), fill="page", stroke="supporting", line_width=1.0, radius=8)
    marks = (Mark(f"{table.id}.card", "card", (box,)), Mark(table.id, "node", tuple(shapes)))
    return Piece(width, height, marks)
