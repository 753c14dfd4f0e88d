"""A VPC with everything in its place: zones are rows, subnets columns, and cards span the zones."""

from collections.abc import Iterator

from compiler.backends.diagram.model.drawing import (
    Anchor,
    Box,
    Color,
    Image,
    Mark,
    Point,
    Rect,
    Shape,
)
from compiler.backends.diagram.model.picture import Link, Network, TaskRows
from compiler.backends.diagram.placing.cards import (
    FRAME_HEAD,
    GAP,
    TITLE_SIZE,
    Piece,
    Words,
    chip_column,
    frame_shapes,
    image,
    joined,
    lines,
    text,
    tooltip,
    words,
)
from compiler.backends.diagram.placing.network_columns import (
    EDGE,
    SUBNET_ICON,
    Columns,
    Frame,
    columns,
    traffic,
    vpc_title,
)
from compiler.backends.diagram.placing.network_edges import network_edges
from compiler.backends.diagram.placing.network_rows import (
    CARD_PADDING,
    DOOR_GAP,
    OVERLAP,
    SERVICE_COLORS,
    TASK,
    TASK_HEIGHT,
    Row,
    Rows,
    balancer_reach,
    chip_share,
    lane_row,
    parts,
    solved,
    stretched,
    title_height,
)
from compiler.backends.diagram.placing.table_band import drawn, table_band


def network_piece(network: Network, links: tuple[Link, ...]) -> Piece:
    """A VPC drawn; at its ports `id.entry` and `id.lane` arrows from and to the outside go on."""
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
    band = _tables(frame)
    height = max(rows.height, band.height)
    ports = {name: point for piece in placed for name, point in piece.ports.items()}
    marks = (
        *_groups(frame, height),
        *(m for piece in placed for m in piece.marks),
        *network_edges(frame, ports),
        *band.marks,
    )
    return Piece(frame.columns.width, height, marks, {**ports, **_outer_ports(frame, ports)})


def _tables(frame: Frame) -> Piece:
    """The tables below everything else, as wide as the VPC."""
    width, top = frame.columns.width, frame.rows.height
    band = table_band(drawn(frame.network.tables), width - 2 * EDGE)
    if band is None:
        return Piece(0.0, 0.0)
    return joined((band.at(EDGE, top),), width, top + band.height + EDGE)


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
    """The load balancers across the zones; a single one on a card that reaches into each."""
    rows, (left, right) = frame.rows, frame.columns.balancers
    item = frame.parts.balancer
    rise, drop = balancer_reach(frame.parts)
    if item is None:
        return piece.at(left, rows.main_y - rise)
    top = min(rows.main_y - rise, rows.rows[0].subnet[1] - OVERLAP)
    bottom = max(rows.main_y + drop, rows.rows[-1].subnet[0] + OVERLAP)
    inner = piece.at(left + CARD_PADDING, rows.main_y - rise + CARD_PADDING)
    rect = Rect(left, top, right - left, bottom - top)
    card = Mark(f"{item.id}.card", "card", (Box(rect, "page", "balancer", radius=10),))
    ports = {
        **inner.ports,
        f"{item.id}.left": (left, rows.main_y),
        f"{item.id}.right": (right, rows.main_y),
    }
    return Piece(rect.width, rect.height, (card, *inner.marks), ports)


def _service_card(service: TaskRows, rows: Rows) -> Piece:
    """A single service: words at the top, a task in every zone, chips where the lane runs."""
    line, color, fill = SERVICE_COLORS
    shown = words(service.item)
    width = max(shown.width, TASK) + 2 * CARD_PADDING
    height = rows.bottom - rows.top
    head = FRAME_HEAD if service.item.change is not None else 0.0
    texts, below = lines(shown, width / 2, head + CARD_PADDING, "middle", color)
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
    rect = Rect(0, 0, width, height)
    box: tuple[Shape, ...] = (Box(rect, fill, line, dashed=True, radius=10),)
    if service.item.change is not None:
        box = frame_shapes(service.item.change, rect, fill)
    marks = (
        Mark(f"{id_}.card", "card", box),
        Mark(id_, "node", tuple(shapes), tooltip(service.item)),
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
            cols.gateway_x - known.gateway.width / 2, _gateway_y(frame) - known.gateway.icon_y
        )
    doors = [d for d in (known.s3_endpoint, known.interface_endpoints) if d is not None]
    y = rows.lane_y - (doors[0].icon_y if doors else 0.0)
    for door in doors:
        yield door.at(cols.doors_x - door.width / 2, y)
        y += door.height + DOOR_GAP


def _gateway_y(frame: Frame) -> float:
    """The line of requests; without them, the line of the only NAT gateway."""
    nats = [n for n in frame.parts.nats if n is not None]
    if frame.parts.balancers is None and len(nats) == 1 and frame.parts.nats[0] is not None:
        return frame.rows.top + title_height(len(frame.rows.rows)) + nats[0].icon_y
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
    id_ = frame.network.id
    return {f"{id_}.entry": entry, f"{id_}.lane": (lane_x, rows.lane_y)}


def _groups(frame: Frame, height: float) -> Iterator[Mark]:
    """The VPC, its zones and their subnets."""
    network, rows, cols = frame.network, frame.rows, frame.columns
    rect = Rect(0, 0, cols.width, height)
    words_of_chips = "\n".join(c.tooltip for c in network.chips if c.tooltip)
    frame_and_title = (Box(rect, stroke="vpc"), *vpc_title(network)[0])
    yield Mark(network.id, "group", frame_and_title, words_of_chips)
    left, right = cols.zones
    x, anchor = _title_place(cols)
    for i, (zone, row) in enumerate(zip(network.zones, rows.rows, strict=True)):
        top, bottom = row.zone
        y = bottom - 8.5 if row.mirrored else top + 17.5
        title = text(
            x,
            y,
            zone.title,
            size=TITLE_SIZE,
            color="zone_text",
            bold=True,
            anchor=anchor,
        )
        box = Box(Rect(left, top, right - left, bottom - top), stroke="zone", dashed=True)
        yield Mark(f"{network.id}.zone{i}", "group", (box, title))
        if cols.public is not None:
            words = ("Public subnet", zone.public_cidr)
            yield _subnet(f"{network.id}.public{i}", words, cols.public, row, "public")
        words = ("Private subnet", zone.private_cidr)
        id_ = f"{network.id}.private{i}"
        yield _subnet(id_, words, cols.private, row, "private", cols.title_width)


def _title_place(cols: Columns) -> tuple[float, Anchor]:
    """Where zone titles stand: in the middle, or where nothing spans three rows."""
    left, right = cols.zones
    if not cols.title_width:
        return (left + right) / 2, "middle"
    return (left + 12, "start") if cols.public is not None else (right - 12, "end")


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
