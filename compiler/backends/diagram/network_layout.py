"""A VPC with everything in its place: zones are rows, subnets columns, and cards span the zones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compiler.backends.diagram.cards import (
    GAP,
    TITLE_SIZE,
    Piece,
    Words,
    chip_column,
    chip_shapes,
    image,
    lines,
    text,
    words,
)
from compiler.backends.diagram.drawing import Box, Color, Image, Line, Mark, Point, Rect, Shape
from compiler.backends.diagram.network_columns import (
    EDGE,
    SUBNET_ICON,
    Columns,
    Traffic,
    columns,
    traffic,
)
from compiler.backends.diagram.network_heights import arrivals, departures
from compiler.backends.diagram.network_parts import (
    CARD_PADDING,
    DOOR,
    SERVICE_COLORS,
    TASK,
    TASK_HEIGHT,
    Parts,
    parts,
    stretched,
)
from compiler.backends.diagram.network_rows import (
    OVERLAP,
    Row,
    Rows,
    balancer_reach,
    chip_share,
    lane_row,
    solved,
    title_height,
)
from compiler.backends.diagram.picture import Link, Network, Service
from compiler.backends.diagram.wiring import Bundle, Wire, edge_id, label, label_x, wired

ARROW_GAP = 4.0
"""Between the head of an arrow and an icon, in points."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A VPC whose rows and columns are known."""

    network: Network
    parts: Parts
    flow: Traffic
    rows: Rows
    columns: Columns


def network_piece(network: Network, links: tuple[Link, ...]) -> Piece:
    """A VPC drawn; its ports are `entry` and `lane`, where arrows from and to the outside go on."""
    flow = traffic(network, links)
    known = parts(network)
    rows = solved(known, lane_used=bool(flow.leaving))
    services = known.services
    if services is not None:
        services = stretched(services, "services", rows.bottom - rows.top)
    if known.service is not None:
        services = _service_card(known.service, rows)
    frame = Frame(network, known, flow, rows, columns(network, known, services, flow))
    placed = tuple(_placed(frame, services))
    ports = {name: point for piece in placed for name, point in piece.ports.items()}
    marks = (
        *_groups(frame),
        *(m for piece in placed for m in piece.marks),
        *_edges(frame, ports),
    )
    return Piece(frame.columns.width, rows.height, marks, {**ports, **_outer_ports(frame, ports)})


def _placed(frame: Frame, services: Piece | None) -> Iterator[Piece]:
    """Everything but groups and arrows, where it belongs."""
    known, rows, cols = frame.parts, frame.rows, frame.columns
    title = title_height(len(rows.rows))
    if known.balancers is not None:
        yield _balancers(frame, known.balancers)
    for nat, row in zip(known.nats, rows.rows, strict=True):
        if nat is not None:
            y = row.content[1] - nat.height if row.mirrored else row.content[0] + title
            yield nat.at(cols.nat_x - nat.width / 2, y)
    if services is not None:
        yield services.at(cols.services[0], rows.top)
    for stores, row in zip(known.stores, rows.rows, strict=True):
        if stores.marks:
            y = (row.content[0] + title + row.content[1] - stores.height) / 2
            yield stores.at(cols.stores_x - stores.width / 2, y)
    yield from _doors(frame)


def _balancers(frame: Frame, piece: Piece) -> Piece:
    """The load balancers across the zones; a single one on a card that reaches into each of them."""
    rows, (left, right) = frame.rows, frame.columns.balancers
    item = frame.parts.balancer
    up, down = balancer_reach(frame.parts)
    if item is None:
        return piece.at(left, rows.main_y - up)
    top = min(rows.main_y - up, rows.rows[0].subnet[1] - OVERLAP)
    bottom = max(rows.main_y + down, rows.rows[-1].subnet[0] + OVERLAP)
    inner = piece.at(left + CARD_PADDING, rows.main_y - up + CARD_PADDING)
    rect = Rect(left, top, right - left, bottom - top)
    card = Mark(f"{item.id}.card", "card", (Box(rect, "page", "balancer", radius=10),))
    ports = {
        **inner.ports,
        f"{item.id}.left": (left, rows.main_y),
        f"{item.id}.right": (right, rows.main_y),
    }
    return Piece(rect.width, rect.height, (card, *inner.marks), ports)


def _service_card(service: Service, rows: Rows) -> Piece:
    """A single service: its words at the top, a task in every zone, its chips where the lane runs."""
    line, color, fill = SERVICE_COLORS
    shown = words(service.item)
    width = max(shown.width, TASK) + 2 * CARD_PADDING
    height = rows.bottom - rows.top
    texts, below = lines(shown, width / 2, CARD_PADDING, "middle", color)
    shapes: list[Shape] = [*texts]
    tops = tuple(_task_tops(shown, rows, below))
    for top, caption in zip(tops, service.tasks, strict=True):
        shapes += [
            image(service.item.icon, width / 2, top + TASK / 2, TASK),
            text(width / 2, top + TASK + 13, caption, anchor="middle"),
        ]
    alone = len(rows.rows) == 1
    middle = rows.lane_y - rows.top - shown.chip_height / 2
    chips_y = tops[0] + TASK_HEIGHT + 2 * GAP if alone else middle
    shapes += chip_column(shown.chips, width / 2, chips_y, "middle")
    id_ = service.item.id
    box = Box(Rect(0, 0, width, height), fill, line, dashed=True, radius=10)
    marks = (
        Mark(f"{id_}.card", "card", (box,)),
        Mark(id_, "node", tuple(shapes), service.item.tooltip),
    )
    return Piece(width, height, marks, {id_: (width / 2, height / 2)})


def _task_tops(shown: Words, rows: Rows, below: float) -> Iterator[float]:
    """The upper side of the task icon in each row, in the middle of what words and chips leave."""
    lane = lane_row(len(rows.rows))
    for i, row in enumerate(rows.rows):
        top, bottom = row.content[0] - rows.top, row.content[1] - rows.top
        top = below if i == 0 else top + chip_share(shown) * (i == lane + 1)
        bottom -= chip_share(shown) * (i == lane)
        yield below + 2 * GAP if len(rows.rows) == 1 else (top + bottom - TASK_HEIGHT) / 2


def _doors(frame: Frame) -> Iterator[Piece]:
    """The internet gateway on the left, the endpoints on the right."""
    known, rows, cols = frame.parts, frame.rows, frame.columns
    if known.gateway is not None:
        yield known.gateway.at(
            cols.gateway_x - known.gateway.width / 2, _gateway_y(frame) - DOOR / 2
        )
    y = rows.lane_y - DOOR / 2
    for door in (known.s3_endpoint, known.interface_endpoints):
        if door is not None:
            yield door.at(cols.doors_x - door.width / 2, y)
            y += door.height + EDGE


def _gateway_y(frame: Frame) -> float:
    """The line of requests; without them, the line of the only NAT gateway."""
    nats = [n for n in frame.parts.nats if n is not None]
    if frame.parts.balancers is None and len(nats) == 1 and frame.parts.nats[0] is not None:
        return frame.rows.top + title_height(len(frame.rows.rows)) + DOOR / 2
    return frame.rows.main_y


def _outer_ports(frame: Frame, ports: dict[str, Point]) -> dict[str, Point]:
    """Where arrows from the left and to the right go on."""
    rows, balancer, known = frame.rows, frame.parts.balancer, frame.parts
    entry = (0.0, rows.main_y)
    if balancer is not None:
        entry = ports[f"{balancer.id}.left"]
    elif frame.network.gateway is not None:
        entry = ports[f"{frame.network.gateway.id}.left"]
    lane_x = frame.columns.doors_x if known.s3_endpoint else frame.columns.zones[1]
    return {"entry": entry, "lane": (lane_x, rows.lane_y)}


def _groups(frame: Frame) -> Iterator[Mark]:
    """The VPC, its zones and their subnets."""
    network, rows, cols = frame.network, frame.rows, frame.columns
    rect = Rect(0, 0, cols.width, rows.height)
    yield Mark(network.id, "group", (Box(rect, stroke="vpc"), *_vpc_title(network)))
    left, right = cols.zones
    for i, (zone, row) in enumerate(zip(network.zones, rows.rows, strict=True)):
        top, bottom = row.zone
        y = bottom - 8.5 if row.mirrored else top + 17.5
        title = text(
            left + 12 if cols.title_width else (left + right) / 2,
            y,
            zone.title,
            size=TITLE_SIZE,
            color="zone_text",
            bold=True,
            anchor="start" if cols.title_width else "middle",
        )
        box = Box(Rect(left, top, right - left, bottom - top), stroke="zone", dashed=True)
        yield Mark(f"{network.id}.zone{i}", "group", (box, title))
        if cols.public is not None:
            words = ("Public subnet", zone.public_cidr)
            yield _subnet(f"{network.id}.public{i}", words, cols.public, row, "public")
        if cols.private is not None:
            words = ("Private subnet", zone.private_cidr)
            id_ = f"{network.id}.private{i}"
            yield _subnet(id_, words, cols.private, row, "private", cols.title_width)


def _vpc_title(network: Network) -> tuple[Shape, ...]:
    name = text(32, 17.5, network.title, size=TITLE_SIZE, color="vpc_text", bold=True)
    detail = text(name.rect.right + 6, 17.5, network.detail)
    shapes: list[Shape] = [Image(Rect(0.7, 0.7, 25, 25), "aws.network.VPC"), name, detail]
    x = detail.rect.right + 10
    for chip in network.chips:
        shapes += chip_shapes(chip, x, 4)
    return tuple(shapes)


def _subnet(
    id_: str,
    words: tuple[str, str],
    columns: tuple[float, float],
    row: Row,
    color: Color,
    from_right: float = 0.0,
) -> Mark:
    """A subnet with icon and title in its corner, or that far from the right side."""
    (left, right), (top, bottom) = columns, row.subnet
    y = bottom - SUBNET_ICON - 0.7 if row.mirrored else top + 0.7
    x = right - from_right - 6 if from_right else left + 0.7
    first = y - 3.5 if row.mirrored else y
    icon = f"aws.network.{color.title()}Subnet"
    shapes = (
        Box(Rect(left, top, right - left, bottom - top), fill=f"{color}_fill", stroke=color),
        Image(Rect(x, y, SUBNET_ICON, SUBNET_ICON), icon),
        text(x + 31, first + 12, words[0], size=TITLE_SIZE, color=f"{color}_text", bold=True),
        text(x + 31, first + 26, words[1]),
    )
    return Mark(id_, "group", shapes)


def _edges(frame: Frame, ports: dict[str, Point]) -> Iterator[Mark]:
    cols = frame.columns
    yield from _entering(frame, ports)
    if cols.public is not None:
        yield from wired(_routed(frame, ports), cols.public[1], background="page")
    yield from wired(_called(frame, ports), cols.services[1])
    yield from _egress(frame, ports)
    yield from _branched(frame, ports)
    yield from _outward(frame, ports)


def _entering(frame: Frame, ports: dict[str, Point]) -> tuple[Mark, ...]:
    """From the internet gateway to several load balancers; a single one is reached from outside."""
    gateway = frame.network.gateway
    if gateway is None or frame.parts.balancer is not None or not frame.flow.entering:
        return ()
    start = ports[f"{gateway.id}.right"]
    wires = tuple(Wire(k, start, ports[f"{k.target}.left"]) for k in frame.flow.entering)
    bare = tuple(Wire(Link(w.link.source, w.link.target), w.start, w.end) for w in wires)
    return wired((Bundle(bare),), frame.columns.zones[0] - 26)


def _routed(frame: Frame, ports: dict[str, Point]) -> tuple[Bundle, ...]:
    """From load balancers to services, one bundle for each load balancer."""
    heights = arrivals(frame.network, frame.rows, ports)
    by_source: dict[str, list[Wire]] = {}
    for link in frame.flow.routed:
        x = ports.get(f"{link.target}.left", (frame.columns.services[0], 0.0))[0]
        end = (x, heights.get(link.target, frame.rows.main_y))
        start = ports[f"{link.source}.right"]
        by_source.setdefault(link.source, []).append(Wire(link, start, end))
    return tuple(Bundle(tuple(w)) for w in by_source.values())


def _called(frame: Frame, ports: dict[str, Point]) -> tuple[Bundle, ...]:
    """From services to databases and caches, a bundle for each of these, and one for the lane."""
    ends = {
        k.target: (ports[f"{k.target}.left"][0] - ARROW_GAP, ports[f"{k.target}.left"][1])
        for k in frame.flow.stored
    }
    lane, arrow = _lane_end(frame, ports)
    heights = {target: y for target, (_, y) in ends.items()}
    leaves = departures(frame.network, frame.rows, frame.flow.stored, ports, heights)
    by_target: dict[str, list[Wire]] = {}
    for link in frame.flow.stored:
        start = _start(frame, ports, link, leaves, ends[link.target][1])
        by_target.setdefault(link.target, []).append(Wire(link, start, ends[link.target]))
    for link in frame.flow.leaving:
        start = _start(frame, ports, link, leaves, lane[1])
        by_target.setdefault("", []).append(Wire(link, start, lane, arrow))
    return tuple(Bundle(tuple(w)) for w in by_target.values())


def _start(
    frame: Frame, ports: dict[str, Point], link: Link, leaves: Mapping[str, float], end_y: float
) -> Point:
    """Where an arrow leaves a service: a single one spans all rows, so its arrows run straight."""
    if frame.parts.service is not None:
        top, bottom = frame.rows.top + CARD_PADDING, frame.rows.bottom - CARD_PADDING
        return frame.columns.services[1], min(max(end_y, top), bottom)
    return ports[f"{link.source}.right"][0], leaves[link.source]


def _lane_end(frame: Frame, ports: dict[str, Point]) -> tuple[Point, bool]:
    """Where the lane's line ends inside of the VPC, and whether with an arrow."""
    known, y = frame.parts, frame.rows.lane_y
    if known.s3_endpoint is not None:
        return (frame.columns.doors_x, y), False
    endpoints = frame.network.interface_endpoints
    if endpoints is not None:
        return (ports[f"{endpoints.id}.left"][0] - ARROW_GAP, y), True
    return (frame.columns.zones[1], y), False


def _egress(frame: Frame, ports: dict[str, Point]) -> Iterator[Mark]:
    """From services to NAT gateways, against the reading direction."""
    cols = frame.columns
    if cols.public is None:
        return
    drawn = {k.target: k for k in reversed(frame.flow.egress)}
    for id_, link in sorted(drawn.items()):
        x, y = ports[f"{id_}.right"]
        line = Line(((cols.services[0], y), (x + ARROW_GAP, y)), arrow=True)
        yield Mark(edge_id(link), "edge", (line,))
        yield label(link, label_x(cols.public[1], 0), y)


def _branched(frame: Frame, ports: dict[str, Point]) -> Iterator[Mark]:
    """From the lane down to the interface endpoints, where S3's endpoint has the lane itself."""
    endpoints = frame.network.interface_endpoints
    if endpoints is None or frame.parts.s3_endpoint is None or not frame.flow.leaving:
        return
    x, y = ports[f"{endpoints.id}.left"]
    start, lane_y = frame.columns.zones[1], frame.rows.lane_y
    turn = start + 10
    points = ((start, lane_y), (turn, lane_y), (turn, y), (x - ARROW_GAP, y))
    yield Mark(f"lane-to-{endpoints.id}", "edge", (Line(points, arrow=True),))


def _outward(frame: Frame, ports: dict[str, Point]) -> Iterator[Mark]:
    """From NAT gateways to the internet gateway, from above and below."""
    gateway = frame.network.gateway
    if gateway is None:
        return
    x, y = ports[gateway.id]
    for link in frame.flow.outward:
        start = ports[f"{link.source}.left"]
        if abs(start[1] - y) < 1:
            points: tuple[Point, ...] = (start, (ports[f"{gateway.id}.right"][0] + ARROW_GAP, y))
        elif start[1] < y:
            points = (start, (x, start[1]), (x, ports[f"{gateway.id}.top"][1] - ARROW_GAP))
        else:
            points = (start, (x, start[1]), (x, ports[f"{gateway.id}.bottom"][1] + ARROW_GAP))
        yield Mark(edge_id(link), "edge", (Line(points, arrow=True),))
