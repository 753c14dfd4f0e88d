"""A picture with everything in its place, and the arrows outside of VPCs."""

from collections.abc import Iterator, Mapping

from compiler.backends.diagram.model.drawing import (
    Box,
    Drawing,
    Line,
    Mark,
    Point,
    Rect,
    Role,
    area,
)
from compiler.backends.diagram.model.picture import Link, Picture
from compiler.backends.diagram.placing.cards import TITLE_SIZE, Piece, text
from compiler.backends.diagram.placing.frame_text import heading, key
from compiler.backends.diagram.placing.network_columns import ARROW_GAP
from compiler.backends.diagram.placing.page_places import (
    HEADER,
    INSIDE,
    MARGIN,
    Across,
    Down,
    PageParts,
    page_columns,
    page_parts,
    page_rows,
    supporting_box,
)
from compiler.backends.diagram.placing.wiring import (
    AFTER_TRACKS,
    BEFORE_TRACKS,
    TRACK,
    Bundle,
    Wire,
    arrow,
    edge_id,
    label,
    label_x,
    shared_change,
    wired,
)

Ports = Mapping[str, Point]


def page_edges(picture: Picture, ports: Ports, x: Across) -> Iterator[Mark]:
    """Every arrow that does not stay inside of one VPC."""
    if picture.users is not None:
        yield from _from_users(picture, picture.users.id, ports)
    yield from wired(list(_from_cdns(picture, ports)), x.region)
    free = BEFORE_TRACKS + TRACK * len(picture.networks) + AFTER_TRACKS
    yield from wired(list(_to_buckets(picture, ports)), x.buckets - free)


def _from_users(picture: Picture, users: str, ports: Ports) -> Iterator[Mark]:
    """Straight to load balancers, up to the DNS zone, down to the CDNs."""
    links = {k.target: k for k in picture.links if k.source == users}
    right = ports[f"{users}.right"]
    wires = list(_entering(picture, links, right, ports))
    tracks = 1 if len(picture.networks) > 1 else 0
    edge = [i.id for i in (*((picture.dns,) if picture.dns else ()), *picture.cdns)]
    for target in (t for t in edge if t in links):
        end = _before(ports[f"{target}.left"])
        if abs(end[1] - right[1]) < 1:
            wires.append(Wire(links[target], right, end))
        else:
            yield _around(links[target], users, end, ports)
            yield from label(links[target], label_x(right[0], tracks), end[1])
    yield from wired([Bundle(tuple(wires))] if wires else [], right[0])
    yield from _to_users(picture, users, ports)


def _to_users(picture: Picture, users: str, ports: Ports) -> Iterator[Mark]:
    """From the internet gateways of VPCs into which no arrow comes."""
    leaving = {k.source: k for k in picture.links if k.target == users}
    x, middle = ports[users]
    for network in picture.networks:
        link = leaving.get(network.gateway.id) if network.gateway is not None else None
        if link is None:
            continue
        start = ports[f"{network.id}.entry"]
        y = start[1]
        end = (ports[f"{users}.right"][0] + ARROW_GAP, y)
        if y < middle - 1:
            end = (x, ports[f"{users}.top"][1] - ARROW_GAP)
        elif y > middle + 1:
            end = (x, ports[f"{users}.bottom"][1] + ARROW_GAP)
        bends = () if end[1] == y else ((x, y),)
        yield Mark(edge_id(link), "edge", (arrow(link, (start, *bends, end)),))


def _entering(
    picture: Picture, links: Mapping[str, Link], start: Point, ports: Ports
) -> Iterator[Wire]:
    """One arrow into each VPC; where several load balancers stand there, it goes on inside."""
    for network in picture.networks:
        called = [b.id for b in network.balancers if b.id in links]
        if called:
            entry = ports[f"{network.id}.entry"]
            yield Wire(links[called[0]], start, entry, arrow=len(network.balancers) == 1)


def _around(link: Link, users: str, end: Point, ports: Ports) -> Mark:
    """An arrow that leaves the users upwards or downwards and then turns to the right."""
    x, y = ports[users]
    rises = end[1] < y
    start = (
        ports[f"{users}.top"][1] - ARROW_GAP if rises else ports[f"{users}.bottom"][1] + ARROW_GAP
    )
    return Mark(edge_id(link), "edge", (arrow(link, ((x, start), (x, end[1]), end)),))


def _from_cdns(picture: Picture, ports: Ports) -> Iterator[Bundle]:
    """From CDNs to the buckets that they serve, one bundle for each bucket."""
    cdns = {c.id for c in picture.cdns}
    for origin in picture.origins:
        end = _before(ports[f"{origin.id}.left"])
        read = [k for k in picture.links if k.source in cdns and k.target == origin.id]
        if read:
            yield Bundle(tuple(Wire(k, ports[f"{k.source}.right"], end) for k in read))


def _to_buckets(picture: Picture, ports: Ports) -> Iterator[Bundle]:
    """From the lane of each VPC to the buckets that its services use."""
    buckets = {b.id for b in picture.buckets}
    for network in picture.networks:
        services = {s.item.id for s in network.services}
        used: dict[str, list[Link]] = {}
        for link in picture.links:
            if link.source in services and link.target in buckets:
                used.setdefault(link.target, []).append(link)
        start = ports[f"{network.id}.lane"]
        wires = tuple(
            Wire(
                Link(network.id, b, change=shared_change(arrows)),
                start,
                _before(ports[f"{b}.left"]),
            )
            for b, arrows in sorted(used.items())
        )
        if wires:
            yield Bundle(wires)


def _before(point: Point) -> Point:
    """Where an arrow into an icon ends."""
    return point[0] - ARROW_GAP, point[1]


_ORDER: tuple[Role, ...] = ("page", "heading", "group", "edge", "card", "node", "label", "legend")


def layout(picture: Picture) -> Drawing:
    """Every shape of a picture in its place, in the order in which it is to be drawn."""
    parts = page_parts(picture)
    x = page_columns(picture, parts)
    supporting = supporting_box(picture.supporting, x.right - x.region)
    y = page_rows(picture, parts, supporting)
    placed = (
        *_placed(parts, x, y),
        *((supporting.at(x.region, y.supporting),) if supporting else ()),
    )
    ports = {name: point for piece in placed for name, point in piece.ports.items()}
    right = x.right + INSIDE
    marks = (
        heading(picture, MARGIN, MARGIN + 14),
        *_groups(picture, x, y),
        *(m for piece in placed for m in piece.marks),
        *page_edges(picture, ports, x),
        *key(picture, x.cloud, y.bottom + INSIDE, right),
    )
    width = max(area(m).right for m in marks) + MARGIN
    height = max(area(m).bottom for m in marks) + MARGIN
    page = Mark("page", "page", (Box(Rect(0, 0, width, height), fill="page"),))
    ordered = sorted((page, *marks), key=lambda m: (_ORDER.index(m.role), _is_changed(m)))
    return Drawing(width, height, picture.title, _description(picture), tuple(ordered))


def _is_changed(mark: Mark) -> bool:
    """Whether an arrow is not what it was; it must not hide below others."""
    return any(isinstance(s, Line) and s.stroke != "edge" for s in mark.shapes)


def _description(picture: Picture) -> str:
    """The picture in words, for those who do not see it."""
    names = {i.id: i.title for i in picture.items()}
    arrows = (
        f"{names[k.source]} to {names[k.target]}{f' ({k.label})' if k.label else ''}"
        for k in picture.links
    )
    return f"Architecture of {picture.title}. " + "; ".join(arrows)


def _placed(parts: PageParts, x: Across, y: Down) -> Iterator[Piece]:
    """Everything but groups, arrows and supporting services, where it belongs."""
    if parts.users is not None:
        yield parts.users.at(x.users - parts.users.width / 2, y.main - parts.users.icon_y)
    if parts.dns is not None:
        yield parts.dns.at(x.edge - parts.dns.width / 2, y.dns - parts.dns.icon_y)
    for cdn, middle in zip(parts.cdns, y.cdns, strict=True):
        yield cdn.at(x.edge - cdn.width / 2, middle - cdn.icon_y)
    for origin, middle in zip(parts.origins, y.origins, strict=True):
        yield origin.at(x.origins, middle - origin.icon_y)
    for network, top in zip(parts.networks, y.networks, strict=True):
        yield network.at(x.region + INSIDE, top)
    if parts.buckets is not None:
        yield parts.buckets.at(x.buckets, y.buckets)


def _groups(picture: Picture, x: Across, y: Down) -> Iterator[Mark]:
    """The cloud, and the region where something stands in it."""
    cloud = Rect(x.cloud, HEADER, x.right + INSIDE - x.cloud, y.bottom - HEADER)
    title = text(x.cloud + 14, HEADER + 22, "AWS Cloud", size=TITLE_SIZE, color="text", bold=True)
    yield Mark("cloud", "group", (Box(cloud, stroke="cloud"), title))
    if not (picture.networks or picture.origins or picture.buckets):
        return
    top, bottom = y.region
    region = Rect(x.region, top, x.right - x.region, bottom - top)
    name = text(x.region + 14, top + 21, "Region", size=TITLE_SIZE, color="region_text", bold=True)
    code = text(name.rect.right + 6, top + 21, picture.region)
    yield Mark("region", "group", (Box(region, stroke="region", dashed=True), name, code))
