"""How high the zones of a VPC are, and where the lane in the middle runs."""

from dataclasses import dataclass

from compiler.backends.diagram.cards import GAP, words
from compiler.backends.diagram.network_parts import CARD_PADDING, TASK_HEIGHT, Parts

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
    """Whether subnet titles stand left of the contents: with three rows, nothing else is free."""
    return rows > 2


def solved(parts: Parts, *, lane_used: bool) -> Rows:
    """Rows of equal height that everything fits into."""
    count = len(parts.nats)
    return _stacked(
        _row_height(parts, _stacked(0.0, count, lane_used=lane_used)), count, lane_used=lane_used
    )


def _stacked(height: float, count: int, *, lane_used: bool) -> Rows:
    """Rows whose contents are `height` points high."""
    middle = (count - 1) // 2
    y = VPC_TITLE
    rows = []
    lane = 0.0
    for i in range(count):
        mirrored = count == 2 and i == 1
        title = 0.0 if titles_beside(count) else SUBNET_TITLE
        above = ZONE_PADDING if mirrored else ZONE_TITLE
        below = ZONE_TITLE if mirrored else ZONE_PADDING
        subnet = y + above
        top = subnet + (SUBNET_PADDING if mirrored or not title else title)
        end = top + height + (title if mirrored else SUBNET_PADDING)
        rows.append(Row((y, end + below), (subnet, end), (top, top + height), mirrored))
        y = end + below
        if i == middle and (count > 1 or lane_used):
            lane = y + LANE / 2
            y += LANE
        elif i < count - 1:
            y += ROW_GAP
    main = lane if count > 1 else (rows[0].content[0] + rows[0].content[1]) / 2
    return Rows(tuple(rows), main, lane, y + FOOT)


def _row_height(parts: Parts, empty: Rows) -> float:
    """The least height of a row's contents, in points; `empty` are the rows without any height."""
    count = len(empty.rows)
    nat = [n.height for n in parts.nats if n is not None]
    heights = [LEAST_ROW, *(s.height for s in parts.stores)]
    if titles_beside(count):
        heights.append(SUBNET_TITLE + max(nat, default=0.0))
    if parts.services is not None:
        heights.append((parts.services.height - (empty.bottom - empty.top)) / count)
    if parts.service is not None:
        heights.append(_service_height(parts, count))
    return max(*heights, *_balancer_heights(parts, empty))


def _balancer_heights(parts: Parts, empty: Rows) -> tuple[float, ...]:
    """What the load balancer and the NAT gateways above and below it need of each row, in points."""
    if parts.balancers is None:
        return tuple(n.height for n in parts.nats if n is not None)
    count = len(empty.rows)
    up, down = balancer_reach(parts)
    if count == 1:
        return (up + down,)
    above = (count - 1) // 2 + 1
    over = under = 0.0
    if not titles_beside(count):
        over, under = (n.height + CLEAR if n is not None else 0.0 for n in parts.nats)
    return (
        (up + over - (empty.main_y - empty.top)) / above,
        (down + under - (empty.bottom - empty.main_y)) / (count - above),
    )


def balancer_reach(parts: Parts) -> tuple[float, float]:
    """How far the load balancers' card reaches above and below the line of requests, in points."""
    piece = parts.balancers
    if piece is None:
        return 0.0, 0.0
    if parts.balancer is None:
        return piece.height / 2, piece.height / 2
    _, y = piece.ports[parts.balancer.id]
    return y + CARD_PADDING, piece.height - y + CARD_PADDING


def _service_height(parts: Parts, count: int) -> float:
    """What the card of a single service needs of each row: words, a task, and its share of the chips."""
    if parts.service is None:
        return 0.0
    shown = words(parts.service.item)
    head = CARD_PADDING + shown.text_height + 2 * GAP + TASK_HEIGHT
    if count == 1:
        return head + 2 * GAP + shown.chip_height + CARD_PADDING
    free = LANE / 2 + ZONE_PADDING + SUBNET_PADDING
    return head + max(0.0, shown.chip_height / 2 + 2 * GAP - free)
