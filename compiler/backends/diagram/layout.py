"""A picture with everything in its place: what the file formats draw."""

from collections.abc import Iterator

from compiler.backends.diagram.cards import ICON, TITLE_SIZE, Piece, text
from compiler.backends.diagram.drawing import Box, Drawing, Line, Mark, Point, Rect, Role, area
from compiler.backends.diagram.frame_text import heading, key
from compiler.backends.diagram.network_layout import ARROW_GAP
from compiler.backends.diagram.page_parts import ORIGIN_ICON, PageParts, page_parts, supporting_box
from compiler.backends.diagram.page_places import HEADER, INSIDE, MARGIN, Across, Down, across, down
from compiler.backends.diagram.picture import Link, Network, Picture
from compiler.backends.diagram.wiring import Bundle, Wire, edge_id, label, label_x, wired

_ORDER: tuple[Role, ...] = ("page", "heading", "group", "edge", "card", "node", "label", "legend")


def layout(picture: Picture) -> Drawing:
    """Every shape of a picture in its place, in the order in which it is to be drawn."""
    parts = page_parts(picture)
    x = across(picture, parts)
    supporting = supporting_box(picture.supporting, x.right - x.region)
    y = down(picture, parts, supporting)
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
        *_edges(picture, parts, x, y, ports),
        *key(picture, x.cloud, y.bottom + INSIDE, right),
    )
    width = max(area(m).right for m in marks) + MARGIN
    height = max(area(m).bottom for m in marks) + MARGIN
    page = Mark("page", "page", (Box(Rect(0, 0, width, height), fill="page"),))
    ordered = sorted((page, *marks), key=lambda m: _ORDER.index(m.role))
    return Drawing(width, height, picture.title, _description(picture), tuple(ordered))


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
        yield parts.users.at(x.users - parts.users.width / 2, y.main - ICON / 2)
    if parts.dns is not None:
        yield parts.dns.at(x.edge - parts.dns.width / 2, y.dns - ICON / 2)
    for cdn, middle in zip(parts.cdns, y.cdns, strict=True):
        yield cdn.at(x.edge - cdn.width / 2, middle - ICON / 2)
    for origin, middle in zip(parts.origins, y.origins, strict=True):
        yield origin.at(x.origins, middle - ORIGIN_ICON / 2)
    for network, top in zip(parts.networks, y.networks, strict=True):
        yield network.at(x.region + INSIDE, top)
    if parts.buckets is not None:
        yield parts.buckets.at(x.buckets, y.buckets)


def _groups(picture: Picture, x: Across, y: Down) -> Iterator[Mark]:
    """The cloud and the region."""
    cloud = Rect(x.cloud, HEADER, x.right + INSIDE - x.cloud, y.bottom - HEADER)
    title = text(x.cloud + 14, HEADER + 22, "AWS Cloud", size=TITLE_SIZE, color="text", bold=True)
    yield Mark("cloud", "group", (Box(cloud, stroke="cloud"), title))
    top, bottom = y.region
    region = Rect(x.region, top, x.right - x.region, bottom - top)
    name = text(x.region + 14, top + 21, "Region", size=TITLE_SIZE, color="region_text", bold=True)
    code = text(name.rect.right + 6, top + 21, picture.region)
    yield Mark("region", "group", (Box(region, stroke="region", dashed=True), name, code))


def _edges(
    picture: Picture, parts: PageParts, x: Across, y: Down, ports: dict[str, Point]
) -> Iterator[Mark]:
    """The arrows outside of VPCs."""
    if picture.users is not None:
        yield from _from_users(picture, parts, x, y, ports)
    bundles: dict[str, list[Wire]] = {}
    cdns = {c.id for c in picture.cdns}
    for link in picture.links:
        if link.source in cdns:
            start, end = ports[f"{link.source}.right"], _before(ports[f"{link.target}.left"])
            bundles.setdefault(link.target, []).append(Wire(link, start, end))
    yield from wired([Bundle(tuple(w)) for w in bundles.values()], x.region)
    yield from wired(list(_to_buckets(picture, parts, x, y, ports)), x.buckets - 32)


def _before(point: Point) -> Point:
    """Where an arrow into an icon ends."""
    return point[0] - ARROW_GAP, point[1]


def _from_users(
    picture: Picture, parts: PageParts, x: Across, y: Down, ports: dict[str, Point]
) -> Iterator[Mark]:
    """From users up to the DNS zone, straight to the first load balancer, down to the CDNs."""
    users = picture.users.id if picture.users else ""
    links = {k.target: k for k in picture.links if k.source == users}
    entries = dict(_entries(picture, parts, x, y, links))
    right = ports[f"{users}.right"]
    wires = [Wire(links[t], right, point, arrow) for t, (point, arrow) in entries.items()]
    words_x = label_x(right[0], 1 if len(entries) > 1 else 0)
    for target in links:
        if target in entries or f"{target}.left" not in ports or _inside(picture, target):
            continue
        end = _before(ports[f"{target}.left"])
        if abs(end[1] - y.main) < 1:
            wires.append(Wire(links[target], right, end))
            continue
        side = "top" if end[1] < y.main else "bottom"
        start_y = ports[f"{users}.{side}"][1] + (-ARROW_GAP if side == "top" else ARROW_GAP)
        points = ((x.users, start_y), (x.users, end[1]), end)
        line = Line(points, dashed=links[target].dashed, arrow=True)
        yield Mark(edge_id(links[target]), "edge", (line,))
        yield label(links[target], words_x, end[1])
    yield from wired([Bundle(tuple(wires))] if wires else [], right[0])


def _inside(picture: Picture, target: str) -> bool:
    return any(target == b.id for n in picture.networks for b in n.balancers)


def _entries(
    picture: Picture, parts: PageParts, x: Across, y: Down, links: dict[str, Link]
) -> Iterator[tuple[str, tuple[Point, bool]]]:
    """For each VPC with load balancers: the first of them that users call, and where its arrow ends."""
    for network, part, top in zip(picture.networks, parts.networks, y.networks, strict=True):
        called = [b.id for b in network.balancers if b.id in links]
        if called:
            entry_x, entry_y = part.ports["entry"]
            point = (entry_x + x.region + INSIDE, entry_y + top)
            yield called[0], (point, len(network.balancers) == 1)


def _to_buckets(
    picture: Picture, parts: PageParts, x: Across, y: Down, ports: dict[str, Point]
) -> Iterator[Bundle]:
    """From each VPC's lane to the buckets that its services use."""
    buckets = {b.id for b in picture.buckets}
    for network, part, top in zip(picture.networks, parts.networks, y.networks, strict=True):
        lane_x, lane_y = part.ports["lane"]
        start = (lane_x + x.region + INSIDE, lane_y + top)
        used = {k.target: k for k in _used(picture, network) if k.target in buckets}
        wires = (
            Wire(Link(network.id, target), start, _before(ports[f"{target}.left"]))
            for target in used
        )
        if used:
            yield Bundle(tuple(wires))


def _used(picture: Picture, network: Network) -> Iterator[Link]:
    services = {s.item.id for s in network.services}
    return (k for k in picture.links if k.source in services)
