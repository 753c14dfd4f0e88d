"""What stands in a VPC, measured, how high its zones are, and where the middle lane runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from compiler.backends.diagram.model.drawing import Box, Color, Mark, Rect, moved
from compiler.backends.diagram.model.picture import Item, Network, TaskRows
from compiler.backends.diagram.placing.cards import (
    FRAME_HEAD,
    GAP,
    Piece,
    Words,
    column,
    framed,
    headed,
    joined,
    outlined,
    row,
    stacked,
    text,
    words,
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
    service: TaskRows | None
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


def _services(services: Sequence[TaskRows]) -> Piece | None:
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


# Chosen by eye, in points.
VPC_TITLE = 34.0
ZONE_TITLE = 25.0
SUBNET_TITLE = 38.0
SUBNET_PADDING = 13.0
ZONE_PADDING = 11.0
LANE = 46.0
"""Free height between two rows: the way of a request runs in it."""
ROW_GAP = 12.0
"""Between two rows without a lane."""
DOOR_GAP = 14.0
"""Between the endpoints."""
FOOT = 14.0
LEAST_ROW = 74.0
OVERLAP = 18.0
"""How far what spans zones reaches into each of them, at least."""
CLEAR = 14.0


@dataclass(frozen=True, slots=True)
class Row:
    """Upper and lower side of a zone, its subnets, and what stands in them; y in points."""

    zone: tuple[float, float]
    subnet: tuple[float, float]
    content: tuple[float, float]
    mirrored: bool
    """Whether titles stand at the bottom, so that the lane above stays free."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The vertical places in a VPC."""

    rows: tuple[Row, ...]
    main_y: float
    """Where requests come in."""
    lane_y: float
    """Where traffic to buckets and AWS services leaves, between two rows or below the only one."""
    height: float
    """Of the whole VPC."""

    @property
    def top(self) -> float:
        """Where the contents of the first row start."""
        return self.rows[0].content[0]

    @property
    def bottom(self) -> float:
        """Where the contents of the last row end."""
        return self.rows[-1].content[1]


def titles_beside(rows: int) -> bool:
    """Whether titles stand beside what spans the rows: above it, the middle one has no room."""
    return rows > 2


def title_height(rows: int) -> float:
    """What titles take of the height of a row's contents, in points; 0 where they stand above."""
    return SUBNET_TITLE - SUBNET_PADDING if titles_beside(rows) else 0.0


def solved(parts: Parts, *, lane_used: bool) -> Rows:
    """Rows in which everything has room, each as high as it needs."""
    heights = _least_heights(parts)
    if parts.services is not None:
        places = _stacked(heights, parts, lane_used=lane_used)
        missing = parts.services.height - (places.bottom - places.top)
        heights = _raised(heights, missing, range(len(heights)))
    for above in (True, False):
        places = _stacked(heights, parts, lane_used=lane_used)
        missing = _missing(parts, places, above=above)
        side = [
            i
            for i, row in enumerate(places.rows)
            if (sum(row.content) / 2 < places.main_y) is above
        ]
        heights = _raised(heights, missing, side or range(len(heights)))
    return _stacked(heights, parts, lane_used=lane_used)


def _raised(heights: Sequence[float], missing: float, rows: Sequence[int]) -> tuple[float, ...]:
    """Heights with what is missing spread evenly over some rows."""
    share = max(0.0, missing) / len(rows)
    return tuple(h + share * (i in rows) for i, h in enumerate(heights))


def _stacked(heights: Sequence[float], parts: Parts, *, lane_used: bool) -> Rows:
    """Rows whose contents have these heights, in points."""
    count = len(heights)
    lane_after = lane_row(count)
    y = VPC_TITLE
    rows = []
    lane = 0.0
    for i, height in enumerate(heights):
        row = _row(y, height, count, mirrored=count == 2 and i == 1)
        rows.append(row)
        y = row.zone[1]
        if i == lane_after and (count > 1 or lane_used):
            lane = y + LANE / 2
            y += LANE
        elif i < count - 1:
            y += ROW_GAP
    doors = [d for d in (parts.s3_endpoint, parts.interface_endpoints) if d is not None]
    first = doors[0].icon_y if doors else 0.0
    lowest = lane - first + sum(d.height for d in doors) + DOOR_GAP * len(doors)
    return Rows(tuple(rows), _main_y(rows, lane, parts), lane, max(y, lowest) + FOOT)


def _row(y: float, height: float, count: int, *, mirrored: bool) -> Row:
    """A zone from `y` down; a mirrored one has its titles at the bottom."""
    title = SUBNET_PADDING if titles_beside(count) else SUBNET_TITLE
    above = (ZONE_PADDING, SUBNET_PADDING) if mirrored else (ZONE_TITLE, title)
    below = (ZONE_TITLE, title) if mirrored else (ZONE_PADDING, SUBNET_PADDING)
    subnet = y + above[0]
    top = subnet + above[1]
    end = top + height + below[1]
    return Row((y, end + below[0]), (subnet, end), (top, top + height), mirrored)


def lane_row(count: int) -> int:
    """The row above the lane."""
    return (count - 1) // 2


def _main_y(rows: Sequence[Row], lane: float, parts: Parts) -> float:
    """The lane of two rows; the middle of one or three, unless a NAT gateway stands there."""
    if len(rows) % 2 == 0 or (len(rows) > 1 and parts.nats[len(rows) // 2] is not None):
        return lane
    return sum(rows[len(rows) // 2].content) / 2


def _least_heights(parts: Parts) -> tuple[float, ...]:
    """What the contents of each row need by themselves, in points."""
    return tuple(
        max(
            LEAST_ROW,
            stores.height + title_height(len(parts.nats)) * bool(stores.marks),
            _nat_height(parts, i),
            _service_height(parts, i),
        )
        for i, stores in enumerate(parts.stores)
    )


def _nat_height(parts: Parts, row: int) -> float:
    nat = parts.nats[row]
    return title_height(len(parts.nats)) + (nat.height if nat is not None else 0.0)


def _missing(parts: Parts, places: Rows, *, above: bool) -> float:
    """By how much the load balancers do not fit above or below the line of requests, in points."""
    if parts.balancers is None:
        return 0.0
    rise, drop = balancer_reach(parts)
    nat = None if titles_beside(len(parts.nats)) else parts.nats[0 if above else -1]
    if len(parts.nats) == 1:  # both halves grow together
        room = (places.bottom - places.top) / 2
        return 2 * (max(rise + (nat.height + CLEAR if nat else 0.0), drop) - room)
    beyond = nat.height + CLEAR if nat is not None else 0.0
    if above:
        return rise + beyond - (places.main_y - places.top)
    return drop + beyond - (places.bottom - places.main_y)


def balancer_reach(parts: Parts) -> tuple[float, float]:
    """How far the load balancers' card reaches above and below the line of requests, in points."""
    piece = parts.balancers
    if piece is None:
        return 0.0, 0.0
    if parts.balancer is None:
        return piece.height / 2, piece.height / 2
    _, y = piece.ports[parts.balancer.id]
    return y + CARD_PADDING, piece.height - y + CARD_PADDING


def _service_height(parts: Parts, row: int) -> float:
    """What the card of a single service needs of a row: a task, its words at the top, chips."""
    if parts.service is None:
        return 0.0
    shown = words(parts.service.item)
    count = len(parts.nats)
    framed = FRAME_HEAD if parts.service.item.change is not None else 0.0
    head = shown.text_height + framed if row == 0 else 0.0
    if count == 1:
        return 2 * CARD_PADDING + head + TASK_HEIGHT + shown.chip_height + 4 * GAP
    beside_lane = row in (lane_row(count), lane_row(count) + 1)
    share = chip_share(shown) if beside_lane else 0.0
    return CARD_PADDING + head + 2 * GAP + TASK_HEIGHT + share


def chip_share(shown: Words) -> float:
    """How far the chips of a single service reach out of the lane into a row, in points."""
    free = LANE / 2 + ZONE_PADDING + SUBNET_PADDING
    return max(0.0, shown.chip_height / 2 + 2 * GAP - free)
