"""A picture of lanes with everything in its place: columns that all lanes share, and the key."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from compiler.backends.diagram.model.drawing import (
    Box,
    Drawing,
    Image,
    Line,
    Mark,
    Point,
    Rect,
    Role,
    Shape,
    Text,
    area,
    moved,
)
from compiler.backends.diagram.model.lanes import Frame, Lane, Sheet, Stop, Way, link_of
from compiler.backends.diagram.model.typeface import DETAIL_SIZE, text_width
from compiler.backends.diagram.placing.cards import (
    CHIP_HEIGHT,
    TITLE_SIZE,
    Piece,
    chip_shapes,
    chip_width,
    text,
)
from compiler.backends.diagram.placing.frame_text import HEADING_SIZE, Sample, key_lines
from compiler.backends.diagram.placing.lane_pieces import steps_piece, stop_piece
from compiler.backends.diagram.placing.network_columns import ARROW_GAP
from compiler.backends.diagram.placing.page_places import BETWEEN, HEADER, MARGIN
from compiler.backends.diagram.placing.wiring import BADGE, Bundle, Wire, badge, gap_width, wired

# Chosen by eye, in points.
LANE_PADDING = 18.0
FRAME_PADDING = 16.0
FRAME_ICON = 26.0
_AFTER_LABEL = 18.0
_LEAF_GAP = 14.0
_ROW_GAP = 24.0
_ASIDE_ABOVE = 36.0
"""From the words of an aside to the arrow below it."""
_LABEL = 20.0
"""From an arrow to the end of its words, above and below."""
_SNAP = 22.0
"""An arrow that would climb by less than this is straight."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of stops, from its left side; in points."""

    x: float
    width: float

    @property
    def right(self) -> float:
        """The x of its right side."""
        return self.x + self.width


def columns(lanes: Iterable[Lane], pieces: Mapping[str, Piece]) -> tuple[Column, ...]:
    """Columns as wide as what stands in them, with the room that their arrows need between."""
    known = tuple(lanes)
    stops = [s for lane in known for s in lane.stops()]
    last = max((s.column for s in stops), default=-1)
    frames = [lane.frame.clip(last) for lane in known if lane.frame is not None]
    slots: list[Column] = []
    x = LANE_PADDING
    for number in range(last + 1):
        here = [s for s in stops if s.column == number]
        x += FRAME_PADDING * any(f.first == number for f in frames)
        width = max((pieces[s.item.id].width for s in here), default=0.0)
        ending = [f for f in frames if f.last == number]
        starts = [slots[f.first].x if f.first < number else x for f in ending]
        ends = [start + title_width(f) for start, f in zip(starts, ending, strict=True)]
        width = max((width, *(end - x for end in ends)))
        slots.append(Column(x, width))
        x += width + FRAME_PADDING * bool(ending) + _gap(here)
    return tuple(slots)


def title_width(frame: Frame) -> float:
    """How wide the title of a frame is with its icon, in points."""
    title = text_width(frame.title, TITLE_SIZE, bold=True)
    return FRAME_ICON + title + text_width(frame.detail, DETAIL_SIZE)


def _gap(stops: Iterable[Stop]) -> float:
    """The room behind a column: for the labels of its arrows where some leave it."""
    known = tuple(stops)
    links = [link_of(s, w) for s in known for w in s.ways]
    if links:
        return gap_width(1, links) + _AFTER_LABEL
    return _AFTER_LABEL if known else 0.0


@dataclass(frozen=True, slots=True)
class Band:
    """A stop with all that follows it, from its upper side down; in points."""

    height: float
    port: float
    """Where the arrow into the stop ends."""
    tops: Mapping[str, float]
    """The upper side of every stop in it."""


def band(stop: Stop, pieces: Mapping[str, Piece]) -> Band:
    """A stop beside the middle of those that follow it, with its asides above its arrow."""
    piece = pieces[stop.item.id]
    own_port = piece.ports[stop.item.id][1]
    asides = [w.to for w in stop.ways if _aside(w, stop.ways)]
    after = [w.to for w in stop.ways if w.to not in asides]
    inner = stack(after, pieces)
    ports = [_port(inner, pieces, s.item.id) for s in after]
    port = _settled((ports[0] + ports[-1]) / 2, ports) if ports else own_port
    tops = {**inner.tops, stop.item.id: port - own_port}
    upper = port - _ASIDE_ABOVE
    for aside in reversed(asides):
        upper -= pieces[aside.item.id].height
        tops[aside.item.id] = upper
        upper -= _LEAF_GAP
    shift = -min(0.0, *tops.values(), 0.0)
    height = max(inner.height, port - own_port + piece.height) + shift
    return Band(height, port + shift, {id_: y + shift for id_, y in tops.items()})


def _aside(way: Way, ways: Iterable[Way]) -> bool:
    """Whether a way leads to a dead end in a column of its own, such as a name lookup."""
    others = [w.to.column for w in ways if w is not way]
    dead_end = way.dashed and not way.to.ways
    return dead_end and way.to.column < min(others, default=0)


def _port(branches: Band, pieces: Mapping[str, Piece], id_: str) -> float:
    return branches.tops[id_] + pieces[id_].ports[id_][1]


def _settled(middle: float, ports: Iterable[float]) -> float:
    """The middle, or the arrow beside it that becomes a straight one."""
    nearest = min(ports, key=lambda port: (abs(port - middle), port))
    return nearest if abs(nearest - middle) < _SNAP else middle


def stack(stops: Iterable[Stop], pieces: Mapping[str, Piece]) -> Band:
    """Stops with all that follows them, below each other."""
    y, port = 0.0, 0.0
    tops: dict[str, float] = {}
    before: Stop | None = None
    for stop in stops:
        part = band(stop, pieces)
        if before is not None:
            y += _ROW_GAP if _branches(before) or _branches(stop) else _LEAF_GAP
        tops |= {id_: top + y for id_, top in part.tops.items()}
        port = port if before is not None else part.port
        y += part.height
        before = stop
    return Band(y, port, tops)


def _branches(stop: Stop) -> bool:
    """Whether a stop has more behind it than a last one."""
    return any(way.to.ways for way in stop.ways)


def framed(
    frame: Frame, lane: Lane, tops: Mapping[str, float], pieces: Mapping[str, Piece]
) -> tuple[float, float]:
    """From where to where a frame reaches: around its stops and the arrows that leave them."""
    first = [s for s in lane.stops() if frame.holds(s)]
    after = [w.to for s in first for w in s.ways]
    upper = [tops[s.item.id] for s in first]
    lower = [tops[s.item.id] + pieces[s.item.id].height for s in first]
    arrows = [tops[s.item.id] + pieces[s.item.id].ports[s.item.id][1] for s in after]
    return (
        min((*upper, *(y - _LABEL for y in arrows))),
        max((*lower, *(y + _LABEL for y in arrows))),
    )


_ARROW = 26.0
"""Length of a sample arrow, in points."""


def lane_key(sheet: Sheet, x: float, y: float, right: float) -> tuple[Mark, ...]:
    """What the marks mean, then the notes; `y` is the top of the first line."""
    return key_lines(_samples(sheet), sheet.notes, x, y, right)


def _samples(sheet: Sheet) -> Iterator[Sample]:
    links = sheet.links()
    numbers = [(k.source, k.number) for k in links if k.number is not None]
    if numbers:
        shared = (
            "; arrows of the same step share a number" if len({*numbers}) < len(numbers) else ""
        )
        yield Sample("number", BADGE, f"order of steps in one request{shared}", _number)
    chips = [c for i in sheet.items() for c in i.chips if c.kind == "schedule"]
    if chips:
        shapes = partial(chip_shapes, chips[0])
        yield Sample("schedule", chip_width(chips[0]), "runs only during these hours", shapes)
    if sheet.arrow and any(not k.dashed for k in links):
        yield Sample("arrow", _ARROW, sheet.arrow, _arrow)
    if sheet.dashed and any(k.dashed for k in links):
        yield Sample("dashed", _ARROW, sheet.dashed, partial(_arrow, dashed=True))


def _number(x: float, y: float) -> tuple[Shape, ...]:
    return badge("n", x, y + 1)


def _arrow(x: float, y: float, *, dashed: bool = False) -> tuple[Shape, ...]:
    middle = y + CHIP_HEIGHT / 2
    return (Line(((x, middle), (x + _ARROW, middle)), dashed=dashed, arrow=True),)


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
    last = across[frame.clip(len(across) - 1).last]
    x, y = across[frame.first].x - FRAME_PADDING, upper - _FRAME_TITLE
    rect = Rect(x, y, last.right + FRAME_PADDING - x, lower + FRAME_PADDING - y)
    icon = Image(Rect(x, y, FRAME_ICON, FRAME_ICON), VPC_ICON)
    name = text(
        x + FRAME_ICON + 6, y + 18, frame.title, size=TITLE_SIZE, color="vpc_text", bold=True
    )
    detail = text(name.rect.right + 6, y + 18, frame.detail)
    shapes = (Box(rect, stroke="vpc"), icon, name, detail)
    return Mark(f"{lane.id}.{frame.id}", "group", shapes)
