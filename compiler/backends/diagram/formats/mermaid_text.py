"""A picture as a Mermaid flowchart: the same items and arrows, in places of Mermaid's choice."""

from collections.abc import Iterable, Iterator, Mapping

from compiler.backends.diagram.model.picture import (
    TABLES_TITLE,
    Item,
    Link,
    Network,
    Picture,
    connected,
    items_of,
)
from compiler.backends.mermaid import mermaid_ids, mermaid_text
from compiler.graph.change import Change
from trazo_spec.visible import visible

# Line colours of AWS's architecture icons; groups are not filled, so that both themes work.
# Source: https://aws.amazon.com/architecture/icons/
CLASSES = (
    "classDef network stroke:#8c4fff",
    "classDef compute stroke:#ed7100",
    "classDef database stroke:#3b48cc",
    "classDef storage stroke:#7aa116",
    "classDef security stroke:#dd344c",
    "classDef management stroke:#e7157b",
    "classDef general stroke:#7d8998",
    "classDef group fill:none,stroke:#7d8998",
)
_CHANGED_CLASSES: Mapping[Change, str] = {
    Change.ADDED: "stroke:#1a7f37,stroke-width:4px",
    Change.CHANGED: "stroke:#9a6700,stroke-width:4px",
    Change.REMOVED: "stroke:#cf222e,stroke-width:2px,stroke-dasharray:6 4",
}


def picture_mermaid(picture: Picture) -> str:
    """The text of a flowchart."""
    groups = ("cloud", "region", "supporting-services", *(f"{n.id}-vpc" for n in picture.networks))
    tables = (t.id for n in picture.networks for t in n.tables)
    groups += tuple(_tables_id(n) for n in picture.networks)
    ids = mermaid_ids((*(i.id for i in picture.items()), *groups, *tables))
    total = f" · {picture.total.text}" if picture.total else ""
    body = [
        *nodes([picture.users] if picture.users else [], ids, 1),
        *group("cloud", "AWS Cloud", _cloud(picture, ids), ids),
        *(f"  {arrow(k, ids)}" for k in picture.links),
        *(f"  {line}" for line in CLASSES),
        *_classes(picture, ids),
        f"  class {','.join(ids[g] for g in groups if g in _used(picture))} group",
        *_changed(picture, ids),
    ]
    notes = [f"%% {comment(note)}" for note in picture.notes]
    return "\n".join((f"%% {comment(picture.title + total)}", *notes, "flowchart LR", *body, ""))


def _used(picture: Picture) -> Iterator[str]:
    yield "cloud"
    yield "region"
    if picture.supporting:
        yield "supporting-services"
    for network in picture.networks:
        yield f"{network.id}-vpc"
        if network.tables:
            yield _tables_id(network)


def _tables_id(network: Network) -> str:
    return f"{network.id}-tables"


def _cloud(picture: Picture, ids: Mapping[str, str]) -> Iterator[str]:
    edge = [*([picture.dns] if picture.dns else []), *picture.cdns]
    yield from nodes(edge, ids, 2)
    region = (
        *(line for n in picture.networks for line in _network(n, picture, ids)),
        *nodes((*picture.origins, *picture.buckets), ids, 3),
    )
    yield from group("region", f"Region {picture.region}", region, ids, 2)
    if picture.supporting:
        # Links that are not drawn put what has no arrows side by side.
        row = " ~~~ ".join(ids[i.id] for i in picture.supporting)
        body = ("      direction LR", *nodes(picture.supporting, ids, 3), f"      {row}")
        yield from group("supporting-services", "Supporting services", body, ids, 2)


def _network(network: Network, picture: Picture, ids: Mapping[str, str]) -> Iterator[str]:
    """A VPC without what only lies on the way of an arrow, such as S3's endpoint."""
    shown = connected(network, picture.links)
    chips = "".join(f" · {c.text}" for c in network.chips)
    zones = " · ".join(z.title.removeprefix("Availability Zone ") for z in network.zones)
    title = f"{network.title} {network.detail} · {zones}{chips}"
    body = (*nodes(shown, ids, 4), *_tables(network, ids))
    yield from group(f"{network.id}-vpc", title, body, ids, 3)


def _tables(network: Network, ids: Mapping[str, str]) -> Iterator[str]:
    """Subnets, routes and network ACLs side by side."""
    if not network.tables:
        return
    space = "  " * 5
    # Links that are not drawn put what has no arrows side by side.
    row = " ~~~ ".join(ids[t.id] for t in network.tables)
    body = (
        f"{space}direction LR",
        *(f'{space}{ids[t.id]}["{mermaid_text(t.lines())}"]' for t in network.tables),
        f"{space}{row}",
    )
    yield from group(_tables_id(network), TABLES_TITLE, body, ids, 4)


def group(
    id_: str, title: str, body: Iterable[str], ids: Mapping[str, str], depth: int = 1
) -> Iterator[str]:
    """A subgraph around the lines of its body; `depth` is how far it is indented."""
    space = "  " * depth
    yield f'{space}subgraph {ids[id_]}["{mermaid_text((title,))}"]'
    yield from body
    yield f"{space}end"


def nodes(items: Iterable[Item], ids: Mapping[str, str], depth: int) -> Iterator[str]:
    """Items with their words."""
    for item in items:
        first, last = ('[("', '")]') if item.keeps_data else ('["', '"]')
        yield f"{'  ' * depth}{ids[item.id]}{first}{mermaid_text(item.in_words)}{last}"


def arrow(link: Link, ids: Mapping[str, str]) -> str:
    """An arrow with its words."""
    number = f"({link.number}) " if link.number is not None else ""
    words = [w for w in (f"{number}{link.label}".strip(), link.detail) if w]
    label = f'|"{mermaid_text(words)}"|' if words else ""
    return f"{ids[link.source]} {'-.->' if link.dashed else '-->'}{label} {ids[link.target]}"


def _classes(picture: Picture, ids: Mapping[str, str]) -> Iterator[str]:
    """The line colour of each item that is in the text."""
    yield from colored(_shown(picture), ids)


def colored(items: Iterable[Item], ids: Mapping[str, str]) -> Iterator[str]:
    """The line colour of each item, by the family of its icon."""
    members: dict[str, list[str]] = {}
    for item in items:
        members.setdefault(item.icon.split(".")[1], []).append(ids[item.id])
    known = {line.split()[1] for line in CLASSES}
    for name, colored_ids in sorted(members.items()):
        if name in known:
            yield f"  class {','.join(colored_ids)} {name}"


def _shown(picture: Picture) -> Iterator[Item]:
    """Every item that is in the text."""
    inside = {i.id for n in picture.networks for i in items_of(n)}
    shown = {i.id for n in picture.networks for i in connected(n, picture.links)}
    yield from (i for i in picture.items() if i.id in shown or i.id not in inside)


def _changed(picture: Picture, ids: Mapping[str, str]) -> Iterator[str]:
    """The lines of what has changed, in a picture of two specs."""
    # Mermaid counts links that are not drawn, too.
    first = max(0, len(picture.supporting) - 1)
    for change, style in _CHANGED_CLASSES.items():
        items = [ids[i.id] for i in _shown(picture) if i.change is change]
        if items:
            yield f"  classDef {change} {style}"
            yield f"  class {','.join(items)} {change}"
        numbers = [str(n) for n, link in enumerate(picture.links, first) if link.change is change]
        if numbers:
            yield f"  linkStyle {','.join(numbers)} {style}"


def comment(text: str) -> str:
    """Text for a comment; `{` and `}` would make Mermaid look for settings in it."""
    return " ".join(visible(text).split()).replace("{", "(").replace("}", ")")
