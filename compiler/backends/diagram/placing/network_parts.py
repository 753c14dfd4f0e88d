"""What stands in a VPC, each part drawn and measured before it has a place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from compiler.backends.diagram.model.drawing import Box, Color, Mark, Rect, moved
from compiler.backends.diagram.model.picture import Item, Network, Service
from compiler.backends.diagram.placing.cards import (
    Piece,
    column,
    framed,
    headed,
    joined,
    outlined,
    row,
    stacked,
    text,
)

DOOR = 36.0
"""Size of the icons where traffic enters and leaves a VPC, in points."""
TASK = 44.0
TASK_HEIGHT = TASK + 18.0
CARD_PADDING = 13.0
STORE_GAP = 18.0
_DOOR_WIDTH = 96.0
_ROW_TEXT_WIDTH = 190.0
_ROW_PADDING = 10.0
BOX_HEAD = 46.0
"""Above the first card of a box: its title, and room for an arrow to the NAT gateway."""
BOX_FOOT = 30.0

BALANCER_COLORS = ("balancer", "vpc_text", "page")
SERVICE_COLORS = ("service", "service_text", "service_fill")
"""Line, title and inside of a box."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a VPC without places."""

    balancers: Piece | None
    """The only load balancer's icon and words, or several in one box."""
    balancer: Item | None
    """The only load balancer; it gets a card that spans the rows."""
    nats: tuple[Piece | None, ...]
    """One for each row."""
    services: Piece | None
    """Several services in one box; None where there is only one, which spans all rows."""
    service: Service | None
    stores: tuple[Piece, ...]
    """One column for each row."""
    gateway: Piece | None
    s3_endpoint: Piece | None
    interface_endpoints: Piece | None


def parts(network: Network) -> Parts:
    """Everything in a VPC with its size."""
    rows = len(network.zones)
    alone = network.services[0] if len(network.services) == 1 else None
    return Parts(
        balancers=_balancers(network.balancers),
        balancer=network.balancers[0] if len(network.balancers) == 1 else None,
        nats=tuple(
            _nat(zone.nat, last=rows == 2 and i == 1) for i, zone in enumerate(network.zones)
        ),
        services=_services(network.services),
        service=alone,
        stores=tuple(
            column([stacked(s.item) for s in network.stores if s.row == i], STORE_GAP)
            for i in range(rows)
        ),
        gateway=_door(network.gateway),
        s3_endpoint=_door(network.s3_endpoint),
        interface_endpoints=_door(network.interface_endpoints),
    )


def _balancers(items: Sequence[Item]) -> Piece | None:
    if not items:
        return None
    if len(items) == 1:
        return headed(items[0])
    return _boxed(items, "load-balancers", "Load balancers", "in every zone", BALANCER_COLORS)


def _services(services: Sequence[Service]) -> Piece | None:
    if len(services) < 2:
        return None
    items = [s.item for s in services]
    return _boxed(items, "services", "ECS services", "tasks in every zone", SERVICE_COLORS)


def _boxed(
    items: Sequence[Item], id_: str, title: str, detail: str, colors: tuple[Color, Color, Color]
) -> Piece:
    """Cards of equal width below each other in a dashed box with a title."""
    line, words_color, fill = colors
    rows = [row(i, size=40, most=_ROW_TEXT_WIDTH, centred=True) for i in items]
    widest = max(r.width for r in rows) + 2 * _ROW_PADDING
    cards = column(
        [
            outlined(r, i.id, padding=_ROW_PADDING, stroke=line, width=widest)
            if i.change is None
            else framed(r, i, widest)
            for r, i in zip(rows, items, strict=True)
        ],
        12,
    )
    rect = Rect(0, 0, widest + 2 * CARD_PADDING, BOX_HEAD + cards.height + BOX_FOOT)
    shapes = (
        Box(rect, fill=fill, stroke=line, dashed=True, radius=10),
        text(rect.cx, 20, title, size=13, bold=True, color=words_color, anchor="middle"),
        text(rect.cx, 35, detail, anchor="middle"),
    )
    box = Piece(rect.width, rect.height, (Mark(id_, "group", shapes),))
    return joined((box, cards.at(CARD_PADDING, BOX_HEAD)), rect.width, rect.height)


def stretched(box: Piece, id_: str, height: float) -> Piece:
    """A box of cards made as high as what it spans, its cards in the middle of what is free."""
    shift = (height - box.height) / 2
    marks = []
    for mark in box.marks:
        if mark.id != id_:
            marks.append(moved(mark, 0, shift))
            continue
        frame, *words = mark.shapes
        if isinstance(frame, Box):
            tall = replace(frame, rect=replace(frame.rect, height=height))
            marks.append(replace(mark, shapes=(tall, *words)))
    ports = {name: (x, y + shift) for name, (x, y) in box.ports.items()}
    return Piece(box.width, height, tuple(marks), ports)


def _nat(item: Item | None, *, last: bool) -> Piece | None:
    """A NAT gateway; in the lower one of two rows its words stand above, as in a mirror."""
    if item is None:
        return None
    return headed(item, size=DOOR) if last else stacked(item, size=DOOR)


def _door(item: Item | None) -> Piece | None:
    return None if item is None else _backed(stacked(item, size=DOOR, most=_DOOR_WIDTH))


def _backed(piece: Piece) -> Piece:
    """The piece with a disc of the page's colour behind its icon, for lines that run behind it."""
    *frame, mark = piece.marks
    top = piece.icon_y - DOOR / 2
    disc = Box(Rect(piece.width / 2 - DOOR / 2, top, DOOR, DOOR), fill="page", radius=DOOR / 2)
    backed = replace(mark, shapes=(disc, *mark.shapes))
    # Lines run through a frame to the icon, so it lies below them as a group does.
    below = (replace(m, role="group") for m in frame)
    return replace(piece, marks=(*below, backed))
