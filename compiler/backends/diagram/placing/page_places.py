"""What stands on a page outside of VPCs, measured, and where: columns from users to buckets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compiler.backends.diagram.model.drawing import Box, Mark, Rect
from compiler.backends.diagram.model.picture import Item, Link, Picture
from compiler.backends.diagram.placing.cards import (
    ICON,
    TITLE_SIZE,
    Piece,
    column,
    framed_row,
    joined,
    stacked,
    text,
)
from compiler.backends.diagram.placing.network_layout import network_piece
from compiler.backends.diagram.placing.wiring import (
    AFTER_TRACKS,
    BEFORE_TRACKS,
    TRACK,
    gap_width,
    label_width,
    label_x,
)

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
        origins=tuple(framed_row(o, size=ORIGIN_ICON) for o in picture.origins),
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
    pieces = [framed_row(i, most=SUPPORTING_TEXT) for i in items]
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


# Chosen by eye, in points.
MARGIN = 20.0
HEADER = 52.0
CLOUD_TITLE = 38.0
REGION_TITLE = 32.0
INSIDE = 16.0
BETWEEN = 18.0
_AFTER_LABEL = 20.0
_LEAST_REGION = 400.0
_DNS_ABOVE = 44.0
"""From the words of the DNS zone to the line of requests."""


@dataclass(frozen=True, slots=True)
class Across:
    """The horizontal places on a page; x in points."""

    users: float
    """Middle of the users' icon."""
    cloud: float
    """Left side of the cloud."""
    edge: float
    """Middle of what stands in the cloud but in no region."""
    region: float
    """Left side of the region."""
    origins: float
    """Left side of the buckets that CDNs serve."""
    buckets: float
    """Left side of the buckets that services use."""
    right: float
    """Right side of the region."""


@dataclass(frozen=True, slots=True)
class Down:
    """The vertical places on a page; y in points."""

    networks: tuple[float, ...]
    """Upper side of each VPC."""
    buckets: float
    """Upper side of the buckets that services use."""
    main: float
    """The line of requests."""
    dns: float
    """Middle of the DNS zone's icon."""
    cdns: tuple[float, ...]
    """Middle of each CDN's icon."""
    origins: tuple[float, ...]
    """Middle of each icon of a bucket that a CDN serves."""
    region: tuple[float, float]
    supporting: float
    """Upper side of the supporting services."""
    bottom: float
    """Lower side of the cloud."""


def page_columns(picture: Picture, parts: PageParts) -> Across:
    """Columns as wide as what stands in them, gaps as wide as their arrows need."""
    users, cloud = _users(picture, parts)
    width = max((p.width for p in (parts.dns, *parts.cdns) if p is not None), default=0.0)
    region = cloud + INSIDE + (width + BETWEEN if width else 0.0)
    served = links_from(picture, [c.id for c in picture.cdns])
    readers = [sum(k.target == o.id for k in served) for o in picture.origins]
    shared = sum(count > 1 for count in readers)
    below = sum(max(0, len(o) - 1) for o in _first_served(picture).values())
    origins = region + gap_width(shared + below, served) + _AFTER_LABEL
    right = origins + max((o.width for o in parts.origins), default=0.0)
    buckets = region + INSIDE
    if parts.networks:
        inner = region + INSIDE + max(n.width for n in parts.networks)
        right = max(right, inner)
        buckets = inner + BEFORE_TRACKS + TRACK * len(parts.networks) + AFTER_TRACKS
    if parts.buckets is not None:
        right = max(right, buckets + parts.buckets.width)
    return Across(
        users=users,
        cloud=cloud,
        edge=cloud + INSIDE + width / 2,
        region=region,
        origins=origins,
        buckets=buckets,
        right=max(right + INSIDE, region + _LEAST_REGION),
    )


def _users(picture: Picture, parts: PageParts) -> tuple[float, float]:
    """The middle of the users' icon, and the left side of the cloud behind their labels."""
    if parts.users is None or picture.users is None:
        return MARGIN, MARGIN
    middle = MARGIN + parts.users.width / 2
    tracks = 1 if len(parts.networks) > 1 else 0
    labels = label_width(links_from(picture, [picture.users.id]))
    start = label_x(middle + ICON / 2, tracks)
    return middle, max(start + labels + _AFTER_LABEL, MARGIN + parts.users.width + _AFTER_LABEL)


def page_rows(picture: Picture, parts: PageParts, supporting: Piece | None) -> Down:
    """Rows from the top: VPCs and their buckets, then CDNs and theirs, then supporting services.

    Without a VPC there is room beside the DNS zone, so supporting services stand at the top.
    """
    top = HEADER + CLOUD_TITLE
    box = supporting.height if supporting else 0.0
    region = top + (box + BETWEEN if box and not parts.networks else _below_dns(picture, parts))
    y = region + REGION_TITLE
    networks = []
    for piece in parts.networks:
        networks.append(y)
        y += piece.height + BETWEEN
    buckets = _buckets(picture, parts, networks, y)
    if parts.buckets is not None:
        y = max(y, buckets + parts.buckets.height + BETWEEN)
    cdns, origins = _served(picture, parts, y)
    entered = _entries(picture, parts, networks)
    main = next(iter((*entered, *cdns)), y)
    ends = [y - BETWEEN]
    ends += [o - p.icon_y + p.height for o, p in zip(origins, parts.origins, strict=True)]
    ends += [c + ICON / 2 for c in cdns]
    region_end = max(ends) + INSIDE
    below = region_end + BETWEEN if parts.networks else top
    lows = [below + box if box else region_end]
    lows += [c - p.icon_y + p.height for c, p in zip(cdns, parts.cdns, strict=True)]
    zone, zone_icon = (parts.dns.height, parts.dns.icon_y) if parts.dns else (0.0, 0.0)
    first = 0.0 if entered or not parts.cdns else parts.cdns[0].icon_y + BETWEEN
    beside_users = picture.users is not None and parts.networks
    dns = main - max(_DNS_ABOVE, first) - zone + zone_icon if beside_users else 0.0
    dns = max(top + zone_icon, dns)
    lows.append(dns - zone_icon + zone)
    return Down(
        networks=tuple(networks),
        buckets=buckets,
        main=main,
        dns=dns,
        cdns=cdns,
        origins=origins,
        region=(region, region_end),
        supporting=below,
        bottom=max(lows) + INSIDE,
    )


def _below_dns(picture: Picture, parts: PageParts) -> float:
    """How far VPCs have to move down, so that the DNS zone has room above the line of requests."""
    entries = _entries(picture, parts, [0.0] * len(parts.networks))
    if parts.dns is None or not entries:
        return 0.0
    return max(0.0, parts.dns.height + _DNS_ABOVE - REGION_TITLE - entries[0])


def _entries(picture: Picture, parts: PageParts, tops: Sequence[float]) -> Sequence[float]:
    """The heights of VPCs' doors: those through which users come, then those that only lead out."""
    users = picture.users.id if picture.users is not None else ""
    outward = {k.source for k in picture.links if k.target == users}
    doors = [
        (network, top + piece.ports[f"{network.id}.entry"][1])
        for top, piece, network in zip(tops, parts.networks, picture.networks, strict=True)
    ]
    inward = [y for network, y in doors if network.balancers]
    return (*inward, *(y for n, y in doors if n.gateway is not None and n.gateway.id in outward))


def _buckets(picture: Picture, parts: PageParts, networks: list[float], y: float) -> float:
    """The upper side of the buckets, so that the lane of the first VPC meets their middle."""
    if parts.buckets is None or not parts.networks:
        return y
    ys = [parts.buckets.ports[b.id][1] for b in picture.buckets]
    lane = networks[0] + parts.networks[0].ports[f"{picture.networks[0].id}.lane"][1]
    return max(networks[0], lane - (ys[0] + ys[-1]) / 2)


def _served(
    picture: Picture, parts: PageParts, y: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The middles of the CDNs' icons, and of their buckets' beside the first reader of each."""
    if not parts.cdns:
        return (), ()
    above = max(p.icon_y for p in (*parts.cdns, *parts.origins))
    first = y + above
    if parts.dns is not None:
        below_zone = HEADER + CLOUD_TITLE + parts.dns.height + BETWEEN + above
        first = max(first, below_zone)
    pitch = max(p.height for p in (*parts.cdns, *parts.origins)) + STORE_GAP
    cdns: list[float] = []
    origins: dict[str, float] = {}
    row = 0
    for served in _first_served(picture).values():
        cdns.append(first + row * pitch)
        for i, origin in enumerate(served):
            origins[origin] = first + (row + i) * pitch
        row += max(1, len(served))
    return tuple(cdns), tuple(origins[o.id] for o in picture.origins)


def _first_served(picture: Picture) -> Mapping[str, tuple[str, ...]]:
    """CDN -> the buckets that stand in its row, or below: those that it serves as the first one.

    It serves two only in a picture of two specs, in which it has got another bucket.
    """
    origins = {o.id for o in picture.origins}
    reader: dict[str, str] = {}
    served: dict[str, tuple[str, ...]] = {c.id: () for c in picture.cdns}
    for link in picture.links:
        if link.source in served and link.target in origins and link.target not in reader:
            reader[link.target] = link.source
            served[link.source] = (*served[link.source], link.target)
    return served
