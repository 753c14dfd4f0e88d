"""A picture of lanes with everything in its place."""

from collections.abc import Iterator, Mapping, Sequence

from compiler.backends.diagram.model.drawing import (
    Box,
    Drawing,
    Image,
    Mark,
    Point,
    Rect,
    Role,
    Text,
    area,
    moved,
)
from compiler.backends.diagram.model.lanes import Frame, Lane, Sheet, Stop, link_of
from compiler.backends.diagram.placing.cards import TITLE_SIZE, Piece, text
from compiler.backends.diagram.placing.frame_text import HEADING_SIZE
from compiler.backends.diagram.placing.lane_key import lane_key
from compiler.backends.diagram.placing.lane_pieces import steps_piece, stop_piece
from compiler.backends.diagram.placing.lane_places import (
    FRAME_ICON,
    FRAME_PADDING,
    LANE_PADDING,
    Column,
    columns,
    framed,
    stack,
)
from compiler.backends.diagram.placing.network_frame import ARROW_GAP
from compiler.backends.diagram.placing.page_places import BETWEEN, HEADER, MARGIN
from compiler.backends.diagram.placing.wiring import Bundle, Wire, wired

VPC_ICON = "aws.network.VPC"
_FRAME_TITLE = 40.0
_LANE_TITLE = 44.0
_HEADINGS = 26.0
_BEFORE_STEPS = 20.0
_LEAST_WIDTH = 560.0
_ORDER: tuple[Role, ...] = ("page", "heading", "group", "edge", "card", "node", "label", "legend")


def lane_layout(sheet: Sheet) -> Drawing:
    """Every shape of a picture of lanes in its place, in the order in which it is to be drawn."""
    pieces, across = _measured(sheet.lanes)
    ends = [c.right + FRAME_PADDING + LANE_PADDING for c in across]
    titles = [_title(lane)[-1].rect.right + LANE_PADDING for lane in sheet.lanes]
    width = max((*ends, *titles, _LEAST_WIDTH))
    marks = [_heading(sheet), *_headings(sheet, across)]
    y = HEADER + (_HEADINGS if sheet.headings else 0.0)
    for lane in sheet.lanes:
        placed, height = _lane(lane, pieces, across, width)
        marks += [moved(m, MARGIN, y) for m in placed]
        y += height + BETWEEN
    marks += lane_key(sheet, MARGIN, y, MARGIN + width)
    right = max(area(m).right for m in marks) + MARGIN
    bottom = max(area(m).bottom for m in marks) + MARGIN
    page = Mark("page", "page", (Box(Rect(0, 0, right, bottom), fill="page"),))
    ordered = sorted((page, *marks), key=lambda m: _ORDER.index(m.role))
    return Drawing(right, bottom, sheet.title, _description(sheet), tuple(ordered))


def _description(sheet: Sheet) -> str:
    """The picture in words, for those who do not see it."""
    names = {i.id: i.title for i in sheet.items()}
    arrows = (
        f"{names[k.source]} to {names[k.target]}{f' ({k.label})' if k.label else ''}"
        for k in sheet.links()
    )
    steps = (s.text for lane in sheet.lanes for s in lane.steps)
    return " ".join((f"{sheet.title}, {sheet.subtitle}.", "; ".join(arrows), *steps))


def _measured(lanes: Sequence[Lane]) -> tuple[Mapping[str, Piece], tuple[Column, ...]]:
    """Every stop with its size, cards as wide as their column, and the columns."""
    stops = [s for lane in lanes for s in lane.stops()]
    across = columns(lanes, {s.item.id: stop_piece(s) for s in stops})
    return {s.item.id: stop_piece(s, across[s.column].width) for s in stops}, across


def _heading(sheet: Sheet) -> Mark:
    """The title, and beside it what is shown."""
    title = text(MARGIN, MARGIN + 14, sheet.title, size=HEADING_SIZE, color="text", bold=True)
    subtitle = text(title.rect.right + 14, MARGIN + 11.5, sheet.subtitle, size=12)
    return Mark("heading", "heading", (title, subtitle))


def _headings(sheet: Sheet, across: Sequence[Column]) -> Iterator[Mark]:
    """What stands in each column, above the first lane."""
    for i, (words, column) in enumerate(zip(sheet.headings, across, strict=False)):
        shape = text(MARGIN + column.x, HEADER + 12, words, size=12, bold=True)
        yield Mark(f"column.{i}", "heading", (shape,))


def _title(lane: Lane) -> tuple[Text, ...]:
    name = text(LANE_PADDING, 26, lane.title, size=TITLE_SIZE + 1, color="text", bold=True)
    detail = text(name.rect.right + 8, 26, lane.detail)
    return (name, detail) if lane.detail else (name,)


def _lane(
    lane: Lane, pieces: Mapping[str, Piece], across: Sequence[Column], width: float
) -> tuple[tuple[Mark, ...], float]:
    """A lane with its upper left corner at the origin, and its height."""
    whole = stack(lane.starts, pieces)
    y = _LANE_TITLE
    if lane.frame:
        # Its title stands above the uppermost of its stops.
        y += max(0.0, _FRAME_TITLE - framed(lane.frame, lane, whole.tops, pieces)[0])
    tops = {id_: top + y for id_, top in whole.tops.items()}
    placed = {s.item.id: _placed(s, pieces, across, tops) for s in lane.stops()}
    marks = [m for piece in placed.values() for m in piece.marks]
    ports = {name: point for piece in placed.values() for name, point in piece.ports.items()}
    marks += _arrows(lane, ports, across)
    bottom = y + whole.height
    if lane.frame:
        frame = _frame(lane.frame, lane, tops, pieces, across)
        marks.append(frame)
        bottom = max(bottom, area(frame).bottom)
    if lane.steps:
        steps = steps_piece(lane.id, lane.steps, width - 2 * LANE_PADDING)
        marks += steps.at(LANE_PADDING, bottom + _BEFORE_STEPS).marks
        bottom += _BEFORE_STEPS + steps.height
    height = bottom + LANE_PADDING
    box = Box(Rect(0, 0, width, height), stroke="supporting", line_width=1.0, radius=10)
    return (Mark(lane.id, "group", (box, *_title(lane))), *marks), height


def _placed(
    stop: Stop, pieces: Mapping[str, Piece], across: Sequence[Column], tops: Mapping[str, float]
) -> Piece:
    """A stop in its column; an icon stands in the middle, all else at the left."""
    piece, column = pieces[stop.item.id], across[stop.column]
    shift = (column.width - piece.width) / 2 if stop.look == "icon" else 0.0
    return piece.at(column.x + shift, tops[stop.item.id])


def _arrows(lane: Lane, ports: Mapping[str, Point], across: Sequence[Column]) -> Iterator[Mark]:
    """From each stop to those that follow; no two stops share a height, so none cross."""
    for stop in lane.stops():
        start = ports[f"{stop.item.id}.right"]
        wires = []
        for way in stop.ways:
            x, y = ports[f"{way.to.item.id}.left"]
            wires.append(Wire(link_of(stop, way), start, (x - ARROW_GAP, y)))
        if wires:
            left = across[stop.column].right
            yield from wired([Bundle(tuple(wires))], left)


def _frame(
    frame: Frame,
    lane: Lane,
    tops: Mapping[str, float],
    pieces: Mapping[str, Piece],
    across: Sequence[Column],
) -> Mark:
    """The border of a VPC with its title."""
    upper, lower = framed(frame, lane, tops, pieces)
    last = across[frame.within(len(across) - 1).last]
    x, y = across[frame.first].x - FRAME_PADDING, upper - _FRAME_TITLE
    rect = Rect(x, y, last.right + FRAME_PADDING - x, lower + FRAME_PADDING - y)
    icon = Image(Rect(x, y, FRAME_ICON, FRAME_ICON), VPC_ICON)
    name = text(
        x + FRAME_ICON + 6, y + 18, frame.title, size=TITLE_SIZE, color="vpc_text", bold=True
    )
    detail = text(name.rect.right + 6, y + 18, frame.detail)
    shapes = (Box(rect, stroke="vpc"), icon, name, detail)
    return Mark(f"{lane.id}.{frame.id}", "group", shapes)
