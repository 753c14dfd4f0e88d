"""Arrows through the free space between two columns, each bundle on a track of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from compiler.backends.diagram.model.drawing import (
    Box,
    Color,
    Line,
    Mark,
    Point,
    Rect,
    Shape,
    Text,
)
from compiler.backends.diagram.model.picture import Link
from compiler.backends.diagram.model.typeface import DETAIL_SIZE, text_width
from compiler.backends.diagram.placing.cards import fitted, text
from compiler.graph.change import Change

TRACK = 12.0
"""Between two tracks, in points."""
BEFORE_TRACKS, AFTER_TRACKS = 12.0, 8.0
BADGE = 17.0
_BADGE_GAP = 5.0
_LABEL_RISE = 6.0
_MOST_LABEL = 140.0
_FEW = 6
"""With more tracks than this, trying out every order would take too long."""


@dataclass(frozen=True, slots=True)
class Wire:
    """One arrow from the right side of something to the left side of something."""

    link: Link
    start: Point
    end: Point
    arrow: bool = True


@dataclass(frozen=True, slots=True)
class Bundle:
    """Wires that share a track, since they leave or reach the same thing."""

    wires: tuple[Wire, ...]

    @property
    def straight(self) -> bool:
        """Whether no wire has to change its height."""
        return all(abs(w.start[1] - w.end[1]) < 0.5 for w in self.wires)

    @property
    def span(self) -> tuple[float, float]:
        """From where to where its track reaches, as two y."""
        ys = [y for w in self.wires for y in (w.start[1], w.end[1])]
        return min(ys), max(ys)


def edge_id(link: Link) -> str:
    """The name of an arrow in a drawing."""
    return f"{link.source}-to-{link.target}"


def arrow(link: Link, points: tuple[Point, ...], *, head: bool = True) -> Line:
    """The line of an arrow: thick where it is added, dashed where it is removed."""
    if link.change is None:
        return Line(points, dashed=link.dashed, arrow=head)
    width = 2.6 if link.change is Change.ADDED else 1.6
    dashed = link.dashed or link.change is Change.REMOVED
    return Line(points, f"{link.change}_fill", width, dashed, head)


def shared_change(links: Iterable[Link]) -> Change | None:
    """What happened to an arrow that stands for several: nothing as long as one is as it was."""
    changes = {k.change for k in links}
    if None in changes or not changes:
        return None
    return changes.pop() if len(changes) == 1 else Change.CHANGED


def label_width(links: Iterable[Link]) -> float:
    """How wide the widest label of some arrows is, in points; 0 without any."""
    return max((_label_width(link) for link in links), default=0.0)


def _label_width(link: Link) -> float:
    badge = BADGE + _BADGE_GAP if link.number is not None else 0.0
    first = badge + text_width(link.label, DETAIL_SIZE)
    return max(first, text_width(_detail(link), DETAIL_SIZE))


def _detail(link: Link) -> str:
    return fitted(link.detail, DETAIL_SIZE, _MOST_LABEL)


def gap_width(bundles: int, links: Iterable[Link]) -> float:
    """The free space that arrows need: their tracks, then their labels; in points."""
    return BEFORE_TRACKS + TRACK * bundles + AFTER_TRACKS + label_width(links)


def label_x(left: float, bundles: int) -> float:
    """Where labels start in a gap that starts at `left`."""
    return left + BEFORE_TRACKS + TRACK * bundles + AFTER_TRACKS


def label(link: Link, x: float, y: float, background: Color | None = None) -> tuple[Mark, ...]:
    """The words of an arrow, above and below its line, from `x` on; nothing without words.

    With a background, the border of a group that runs there is hidden behind the words.
    """
    shapes: list[Shape] = []
    start = x
    if link.number is not None:
        shapes += badge(link.number, start, y - _LABEL_RISE - BADGE + 3)
        start += BADGE + _BADGE_GAP
    if link.label:
        shapes.append(text(start, y - _LABEL_RISE, link.label, color="text"))
    if link.detail:
        shapes.append(text(x, y + _LABEL_RISE + 8, _detail(link)))
    behind = [Box(s.rect.grown(1.5), background) for s in shapes if isinstance(s, Text)]
    under = tuple(behind) if background else ()
    mark = Mark(f"{edge_id(link)}.label", "label", (*under, *shapes))
    return (mark,) if shapes else ()


def badge(number: int | str, x: float, y: float) -> tuple[Shape, ...]:
    """A number on a small dark square."""
    words = text(
        x + BADGE / 2,
        y + 12.4,
        str(number),
        size=DETAIL_SIZE,
        color="badge_text",
        bold=True,
        anchor="middle",
    )
    return Box(Rect(x, y, BADGE, BADGE), fill="badge_fill", radius=5), words


def wired(
    bundles: Sequence[Bundle], left: float, background: Color | None = None
) -> tuple[Mark, ...]:
    """The arrows of a gap that starts at `left`, with a label at each end that has one."""
    bent = [b for b in bundles if not b.straight]
    order = _order(bent)
    tracks = {id(b): left + BEFORE_TRACKS + TRACK * i for i, b in enumerate(order)}
    marks = [
        Mark(edge_id(w.link), "edge", (_line(w, tracks.get(id(b), left)),))
        for b in bundles
        for w in b.wires
    ]
    return (*marks, *_labels(bundles, label_x(left, len(bent)), background))


def _line(wire: Wire, track: float) -> Line:
    (x1, y1), (x2, y2) = wire.start, wire.end
    bends = () if abs(y1 - y2) < 0.5 else ((track, y1), (track, y2))
    return arrow(wire.link, ((x1, y1), *bends, (x2, y2)), head=wire.arrow)


def _labels(bundles: Sequence[Bundle], x: float, background: Color | None) -> tuple[Mark, ...]:
    """One label at each end point; what several arrows into it say is said once."""
    links: dict[Point, list[Link]] = {}
    for bundle in bundles:
        for wire in bundle.wires:
            links.setdefault(wire.end, []).append(wire.link)
    return tuple(
        mark
        for (_, y), arrivals in links.items()
        for mark in label(_together(arrivals), x, y, background)
    )


def _together(links: Sequence[Link]) -> Link:
    """One arrow for the words of several: number, label, and the detail if all agree on it."""
    details = {k.detail for k in links}
    first = min(links, key=_by_number)
    kept = next((k.label for k in links if k.change is None), first.label)
    return replace(first, label=kept, detail=details.pop() if len(details) == 1 else "")


def _by_number(link: Link) -> tuple[bool, int, bool]:
    return link.number is None, link.number or 0, not link.label


def _order(bundles: Sequence[Bundle]) -> Sequence[Bundle]:
    """The bundles from left to right so that no arrow runs on another one, and few cross."""
    by_height = sorted(bundles, key=lambda b: b.span)
    if len(bundles) > _FEW:
        return by_height
    return min(permutations(by_height), key=lambda order: (_overlaps(order), _crossings(order)))


def _overlaps(order: Sequence[Bundle]) -> int:
    """How often an arrow ends at the height at which one with a track behind its own begins."""
    return sum(
        abs(arriving.end[1] - leaving.start[1]) < 0.5
        for i, first in enumerate(order)
        for second in order[i + 1 :]
        for arriving in first.wires
        for leaving in second.wires
    )


def _crossings(order: Sequence[Bundle]) -> int:
    """How often a track of one bundle meets an arrow of another."""
    return sum(
        _crosses(first, second) + _crosses(second, first, before=False)
        for i, first in enumerate(order)
        for second in order[i + 1 :]
    )


def _crosses(track: Bundle, other: Bundle, *, before: bool = True) -> int:
    """How many arrows of `other` cross a track that stands before, or behind, its own one."""
    low, high = track.span
    ys = {w.start[1] if before else w.end[1] for w in other.wires}
    return sum(low < y < high for y in ys)
