"""How wide the columns of a VPC are, where each of them stands, and the frame of both."""

from dataclasses import dataclass

from compiler.backends.diagram.model.drawing import Image, Rect, Shape
from compiler.backends.diagram.model.picture import Link, Network, items_of
from compiler.backends.diagram.model.typeface import DETAIL_SIZE, text_width
from compiler.backends.diagram.placing.cards import TITLE_SIZE, Piece, chip_shapes, chip_width, text
from compiler.backends.diagram.placing.network_rows import CARD_PADDING, Parts, Rows, titles_beside
from compiler.backends.diagram.placing.table_band import drawn, widest_table
from compiler.backends.diagram.placing.wiring import (
    AFTER_TRACKS,
    BEFORE_TRACKS,
    TRACK,
    gap_width,
    label_width,
)

# Chosen by eye, in points.
EDGE = 14.0
"""From a group's line to what is inside."""
SUBNET_ICON = 25.0
ARROW = 21.0
"""From a label to what its arrow points at."""
_LEAST_SUBNET = 150.0
_BEFORE_DOOR = 22.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """The links of a VPC by the gap that they cross."""

    entering: tuple[Link, ...]
    """From users to load balancers."""
    routed: tuple[Link, ...]
    """From load balancers to services."""
    stored: tuple[Link, ...]
    """From services to databases and caches."""
    leaving: tuple[Link, ...]
    """From services to buckets and to endpoints of AWS services."""
    egress: tuple[Link, ...]
    """From services to NAT gateways."""
    outward: tuple[Link, ...]
    """From NAT gateways to the internet gateway."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The horizontal places in a VPC; x in points."""

    gateway_x: float
    zones: tuple[float, float]
    """Left and right side of every zone."""
    public: tuple[float, float] | None
    """None where nothing stands in public subnets; they are not drawn then."""
    title_width: float
    """Room for titles left of the contents of a subnet; 0 where they stand above."""
    balancers: tuple[float, float]
    nat_x: float
    private: tuple[float, float]
    services: tuple[float, float]
    stores_x: float
    doors_x: float
    width: float


def traffic(network: Network, links: tuple[Link, ...]) -> Traffic:
    """The links that have to do with a VPC, sorted by where they run."""
    balancers = {i.id for i in network.balancers}
    services = {s.item.id for s in network.services}
    stores = {s.item.id for s in network.stores}
    nats = {z.nat.id for z in network.zones if z.nat is not None}
    inside = {i.id for i in items_of(network)}
    ends = {network.interface_endpoints.id} if network.interface_endpoints else set()
    called = [link for link in links if link.source in services]
    return Traffic(
        entering=tuple(k for k in links if k.target in balancers),
        routed=tuple(k for k in links if k.source in balancers and k.target in services),
        stored=tuple(k for k in called if k.target in stores),
        leaving=tuple(k for k in called if k.target not in inside or k.target in ends),
        egress=tuple(k for k in called if k.target in nats),
        outward=tuple(k for k in links if k.source in nats),
    )


def columns(network: Network, parts: Parts, services: Piece | None, flow: Traffic) -> Columns:
    """Every column as wide as what stands in it, every gap as wide as its arrows need."""
    titles = _title_width(network) if titles_beside(len(network.zones)) else 0.0
    least = max(_LEAST_SUBNET, _subnet_title_width(network) + EDGE)
    gateway_width = parts.gateway.width if parts.gateway else 0.0
    zones_left = EDGE + (gateway_width + EDGE if gateway_width else 0.0)
    x = zones_left + EDGE
    public, balancers, nat_x = None, (x, x), x
    bare = services is None and not network.stores
    detailed = network.tables and any(z.public_cidr for z in network.zones)
    if parts.balancers is not None or any(parts.nats) or bare or detailed:
        public, balancers, nat_x = _public(parts, x, titles, least)
        x = public[1] + _routing_gap(flow, services)
    private, middle, stores_x = _private(parts, x, (titles, least), services, flow)
    widest = max(text_width(z.title, TITLE_SIZE, bold=True) for z in network.zones)
    private = (private[0], max(private[1], zones_left + widest + EDGE))
    x = private[1] + EDGE
    doors = [d.width for d in (parts.s3_endpoint, parts.interface_endpoints) if d is not None]
    doors_x = x + _BEFORE_DOOR + max(doors, default=0.0) / 2
    width = x + (_BEFORE_DOOR + max(doors) if doors else 0.0) + EDGE
    width = max(width, vpc_title(network)[1] + EDGE, widest_table(drawn(network.tables)) + 2 * EDGE)
    return Columns(
        EDGE + gateway_width / 2,
        (zones_left, x),
        public,
        titles,
        balancers,
        nat_x,
        private,
        middle,
        stores_x,
        doors_x,
        width,
    )


def vpc_title(network: Network) -> tuple[tuple[Shape, ...], float]:
    """The words in the corner of a VPC, and the x where they end."""
    name = text(32, 17.5, network.title, size=TITLE_SIZE, color="vpc_text", bold=True)
    detail = text(name.rect.right + 6, 17.5, network.detail)
    shapes: list[Shape] = [Image(Rect(0.7, 0.7, 25, 25), "aws.network.VPC"), name, detail]
    x = detail.rect.right + 10
    for chip in network.chips:
        shapes += chip_shapes(chip, x, 4)
        x += chip_width(chip) + 6
    return tuple(shapes), x


def _title_width(network: Network) -> float:
    """The widest title of a zone, or of a subnet with its icon, in points."""
    zones = [text_width(z.title, TITLE_SIZE, bold=True) for z in network.zones]
    return max(_subnet_title_width(network), *zones)


def _subnet_title_width(network: Network) -> float:
    """The widest title of a subnet with its icon: addresses, or the id of an existing one."""
    cidrs = [c for z in network.zones for c in (z.public_cidr, z.private_cidr)]
    title = text_width("Private subnet", TITLE_SIZE, bold=True)
    return SUBNET_ICON + 8 + max(title, *(text_width(c, DETAIL_SIZE) for c in cidrs))


def _public(
    parts: Parts, x: float, titles: float, least: float
) -> tuple[tuple[float, float], tuple[float, float], float]:
    """The public subnets, the load balancers in them, and the middle of the NAT gateways."""
    nat = max((n.width for n in parts.nats if n is not None), default=0.0)
    card = tracks = 0.0
    if parts.balancers is not None:
        card = parts.balancers.width + (2 * CARD_PADDING if parts.balancer is not None else 0.0)
        tracks = 0.0 if parts.balancer is not None else BEFORE_TRACKS + TRACK
    if titles:
        left = max(titles, nat)
        cards = x + EDGE + left + (EDGE if card else 0.0) + tracks
        return (x, cards + card + EDGE), (cards, cards + card), x + EDGE + left / 2
    inside = max(card, nat, least - 2 * EDGE)
    middle = x + EDGE + tracks + inside / 2
    right = x + inside + tracks + 2 * EDGE
    return (x, right), (middle - card / 2, middle + card / 2), middle


def _routing_gap(flow: Traffic, services: Piece | None) -> float:
    """Between public and private subnets: the arrows to services and to NAT gateways."""
    if services is None:
        return EDGE
    sources = {k.source for k in flow.routed}
    bent = len(sources) if len({k.target for k in flow.routed}) > 1 or len(sources) > 1 else 0
    return gap_width(bent, (*flow.routed, *flow.egress)) + ARROW


def _private(
    parts: Parts,
    x: float,
    widths: tuple[float, float],
    services: Piece | None,
    flow: Traffic,
) -> tuple[tuple[float, float], tuple[float, float], float]:
    """The private subnets, the services in them, and the middle of databases and caches."""
    titles, least_width = widths
    right = x + EDGE
    middle = (right, right)
    if services is not None:
        middle = (right, right + services.width)
        right = middle[1]
    stores = max((s.width for s in parts.stores), default=0.0)
    least = x + least_width
    # Titles that have no room above stand on the right: arrows come in from the left.
    free = max(stores, titles)
    if services is None and not stores:
        return (x, max(x + titles + 2 * EDGE, least)), middle, right
    if not stores:
        lane = gap_width(_data_tracks(parts, flow), flow.leaving) if flow.leaving else 0.0
        needed = max(lane, EDGE + titles if titles else 0.0)
        return (x, max(right + needed + EDGE, least)), middle, right
    if services is None:
        return (x, max(right + free + EDGE, least)), middle, right + free / 2
    tracks = _data_tracks(parts, flow)
    words_start = right + BEFORE_TRACKS + TRACK * tracks + AFTER_TRACKS
    by_label = words_start + label_width((*flow.stored, *flow.leaving)) + ARROW + _reach(parts)
    stores_x = max(by_label, words_start + free / 2)
    return (x, max(stores_x + free / 2 + EDGE, least)), middle, stores_x


def _reach(parts: Parts) -> float:
    """How far the icon, or the frame, of a database or cache reaches to the left, in points."""
    return max(
        s.width / 2 - x
        for s in parts.stores
        for name, (x, _) in s.ports.items()
        if name.endswith(".left")
    )


def _data_tracks(parts: Parts, flow: Traffic) -> int:
    """How many tracks arrows to databases, caches and the lane may need."""
    if parts.service is not None:
        return 1 if flow.leaving and len(parts.nats) == 1 else 0
    return len({k.target for k in flow.stored}) + (1 if flow.leaving else 0)


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
