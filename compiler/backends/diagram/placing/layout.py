"""A picture with everything in its place: what the file formats draw."""

from collections.abc import Iterator

from compiler.backends.diagram.model.drawing import Box, Drawing, Line, Mark, Rect, Role, area
from compiler.backends.diagram.model.picture import Picture
from compiler.backends.diagram.placing.cards import TITLE_SIZE, Piece, text
from compiler.backends.diagram.placing.frame_text import heading, key
from compiler.backends.diagram.placing.page_edges import page_edges
from compiler.backends.diagram.placing.page_parts import PageParts, page_parts, supporting_box
from compiler.backends.diagram.placing.page_places import (
    HEADER,
    INSIDE,
    MARGIN,
    Across,
    Down,
    across,
    down,
)

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
