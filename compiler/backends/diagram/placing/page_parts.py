"""What stands on a page outside of VPCs, each part drawn and measured before it has a place."""

from collections.abc import Sequence
from dataclasses import dataclass

from compiler.backends.diagram.model.drawing import Box, Mark, Rect
from compiler.backends.diagram.model.picture import Item, Link, Picture
from compiler.backends.diagram.placing.cards import (
    TITLE_SIZE,
    Piece,
    beside,
    column,
    joined,
    stacked,
    text,
)
from compiler.backends.diagram.placing.network_layout import network_piece

# Chosen by eye, in points.
STORE_GAP = 18.0
ORIGIN_ICON = 44.0
SUPPORTING_TITLE = 34.0
SUPPORTING_PADDING = 16.0
SUPPORTING_GAP = 26.0
SUPPORTING_TEXT = 190.0


@dataclass(frozen=True, slots=True)
class PageParts:
    """The parts of a page without places."""

    users: Piece | None
    dns: Piece | None
    cdns: tuple[Piece, ...]
    origins: tuple[Piece, ...]
    networks: tuple[Piece, ...]
    buckets: Piece | None


def page_parts(picture: Picture) -> PageParts:
    """Everything on a page with its size."""
    buckets = column([stacked(b) for b in picture.buckets], STORE_GAP)
    return PageParts(
        users=stacked(picture.users) if picture.users else None,
        dns=stacked(picture.dns) if picture.dns else None,
        cdns=tuple(stacked(c) for c in picture.cdns),
        origins=tuple(beside(o, size=ORIGIN_ICON) for o in picture.origins),
        networks=tuple(network_piece(n, picture.links) for n in picture.networks),
        buckets=buckets if picture.buckets else None,
    )


def links_from(picture: Picture, ids: Sequence[str]) -> tuple[Link, ...]:
    """The links that leave some items."""
    return tuple(k for k in picture.links if k.source in ids)


def supporting_box(items: Sequence[Item], width: float) -> Piece | None:
    """Services without arrows in a box of a given width, in as many rows as they need."""
    if not items:
        return None
    pieces = [beside(i, most=SUPPORTING_TEXT) for i in items]
    inside = width - 2 * SUPPORTING_PADDING
    widest = max(p.width for p in pieces)
    fit = max(1, int((inside + SUPPORTING_GAP) / (widest + SUPPORTING_GAP)))
    rows = -(-len(pieces) // fit)
    per_row = -(-len(pieces) // rows)
    pitch = (inside + SUPPORTING_GAP) / per_row
    placed = []
    y = SUPPORTING_TITLE
    for start in range(0, len(pieces), per_row):
        row = pieces[start : start + per_row]
        placed += [p.at(SUPPORTING_PADDING + i * pitch, y) for i, p in enumerate(row)]
        y += max(p.height for p in row) + SUPPORTING_PADDING
    title = text(
        SUPPORTING_PADDING, 21, "Supporting services", size=TITLE_SIZE, color="grey", bold=True
    )
    box = Box(Rect(0, 0, width, y), stroke="supporting", dashed=True)
    frame = Piece(width, y, (Mark("supporting", "group", (box, title)),))
    return joined((frame, *placed), width, y)
