"""A picture as DOT: the same items, groups and arrows, in places of Graphviz's choice."""

from collections.abc import Iterable, Iterator, Mapping

from compiler.backends.diagram.model.picture import (
    TABLES_TITLE,
    Item,
    Link,
    Network,
    Picture,
    connected,
)
from compiler.graph.change import Change
from trazo_spec.visible import visible

HEAD = (
    "rankdir=LR",
    "compound=true",
    'fontname="Helvetica"',
    "nodesep=0.35",
    "ranksep=0.9",
    'node [shape=box style=rounded fontname="Helvetica" fontsize=11]',
    'edge [fontname="Helvetica" fontsize=10]',
)
_CENTRED, _LEFT = r"\n", r"\l"
"""What ends a line: the next one is centred, or this one stands on the left."""
_CHANGED: Mapping[Change, str] = {
    Change.ADDED: ' color="#1a7f37" penwidth=3 style="rounded,solid"',
    Change.CHANGED: ' color="#9a6700" penwidth=3 style="rounded,solid"',
    Change.REMOVED: ' color="#cf222e" penwidth=2 style="rounded,dashed"',
}


def dot_text(picture: Picture) -> str:
    """DOT that any Graphviz draws with `dot`; it needs no icons and no fonts of ours."""
    total = f" · {picture.total.text}" if picture.total else ""
    edge = [*([picture.dns] if picture.dns else []), *picture.cdns]
    body = (
        *(f"  {line}" for line in HEAD),
        f"  label={quoted((picture.title + total, *picture.notes))} labelloc=t",
        *nodes([picture.users] if picture.users else [], 1),
        *cluster("cloud", "AWS Cloud", (*nodes(edge, 2), *_region(picture), *_rest(picture)), 1),
        *(f"  {arrow(k)}" for k in picture.links),
    )
    return "\n".join((f"digraph {quoted((picture.title,))} {{", *body, "}", ""))


def _region(picture: Picture) -> Iterator[str]:
    body = (
        *(line for n in picture.networks for line in _network(n, picture.links)),
        *nodes((*picture.origins, *picture.buckets), 3),
    )
    yield from cluster("region", f"Region {picture.region}", body, 2)


def _network(network: Network, links: Iterable[Link]) -> Iterator[str]:
    chips = "".join(f" · {c.text}" for c in network.chips)
    title = f"{network.title} {network.detail}{chips}"
    body = (*nodes(connected(network, links), 4), *_tables(network))
    yield from cluster(f"vpc {network.id}", title, body, 3)


def _tables(network: Network) -> Iterator[str]:
    """Subnets, routes and network ACLs, each as one node of left-aligned lines."""
    if network.tables:
        lines = (
            f"{'  ' * 5}{quoted((t.id,))} [label={quoted(t.lines(), _LEFT)}]"
            for t in network.tables
        )
        yield from cluster(f"tables {network.id}", TABLES_TITLE, lines, 4)


def _rest(picture: Picture) -> Iterator[str]:
    if picture.supporting:
        yield from cluster("supporting", "Supporting services", nodes(picture.supporting, 3), 2)


def cluster(name: str, title: str, body: Iterable[str], depth: int) -> Iterator[str]:
    """A group around the lines of its body; `depth` is how far it is indented."""
    space = "  " * depth
    yield f"{space}subgraph {quoted((f'cluster {name}',))} {{"
    yield f"{space}  label={quoted((title,))} labelloc=t labeljust=l"
    yield from body
    yield f"{space}}}"


def nodes(items: Iterable[Item], depth: int) -> Iterator[str]:
    """Items with their words."""
    for item in items:
        shape = " shape=cylinder" if item.keeps_data else ""
        line = _CHANGED[item.change] if item.change is not None else ""
        yield f"{'  ' * depth}{quoted((item.id,))} [label={quoted(item.in_words)}{shape}{line}]"


def arrow(link: Link) -> str:
    """An arrow with its words."""
    number = f"({link.number}) " if link.number is not None else ""
    words = [w for w in (f"{number}{link.label}".strip(), link.detail) if w]
    style = " style=dashed" if link.dashed else ""
    if link.change is not None:
        style = _CHANGED[link.change].replace("rounded,", "")
    ends = f"{quoted((link.source,))} -> {quoted((link.target,))}"
    return f"{ends} [label={quoted(words)}{style}]"


def quoted(lines: Iterable[str], end: str = "") -> str:
    """Lines as one DOT string; a backslash, a quote or an `&` of theirs means nothing there."""
    escaped = (
        " ".join(visible(line).split())
        .replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace("&", "&amp;")
        for line in lines
    )
    return f'"{(end or _CENTRED).join(escaped)}{end}"'
