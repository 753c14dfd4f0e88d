"""Where the stops of lanes stand: columns that all lanes share, rows that never cross."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compiler.backends.diagram.model.lanes import Frame, Lane, Stop, Way, link_of
from compiler.backends.diagram.model.typeface import DETAIL_SIZE, text_width
from compiler.backends.diagram.placing.cards import TITLE_SIZE, Piece
from compiler.backends.diagram.placing.wiring import gap_width

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
    frames = [lane.frame.within(last) for lane in known if lane.frame is not None]
    found: list[Column] = []
    x = LANE_PADDING
    for number in range(last + 1):
        here = [s for s in stops if s.column == number]
        x += FRAME_PADDING * any(f.first == number for f in frames)
        width = max((pieces[s.item.id].width for s in here), default=0.0)
        ending = [f for f in frames if f.last == number]
        starts = [found[f.first].x if f.first < number else x for f in ending]
        ends = [start + title_width(f) for start, f in zip(starts, ending, strict=True)]
        width = max((width, *(end - x for end in ends)))
        found.append(Column(x, width))
        x += width + FRAME_PADDING * bool(ending) + _gap(here)
    return tuple(found)


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
    at = piece.ports[stop.item.id][1]
    asides = [w.to for w in stop.ways if _aside(w, stop.ways)]
    after = [w.to for w in stop.ways if w.to not in asides]
    inner = stack(after, pieces)
    ports = [_port(inner, pieces, s.item.id) for s in after]
    port = _settled((ports[0] + ports[-1]) / 2, ports) if ports else at
    tops = {**inner.tops, stop.item.id: port - at}
    upper = port - _ASIDE_ABOVE
    for aside in reversed(asides):
        upper -= pieces[aside.item.id].height
        tops[aside.item.id] = upper
        upper -= _LEAF_GAP
    down = -min(0.0, *tops.values(), 0.0)
    height = max(inner.height, port - at + piece.height) + down
    return Band(height, port + down, {id_: y + down for id_, y in tops.items()})


def _aside(way: Way, ways: Iterable[Way]) -> bool:
    """Whether a way leads to a dead end in a column of its own, such as a name lookup."""
    others = [w.to.column for w in ways if w is not way]
    dead_end = way.dashed and not way.to.ways
    return dead_end and way.to.column < min(others, default=0)


def _port(of: Band, pieces: Mapping[str, Piece], id_: str) -> float:
    return of.tops[id_] + pieces[id_].ports[id_][1]


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
