"""A graph as a Mermaid flowchart, which GitHub and most wikis draw from text."""

from collections.abc import Iterable, Mapping

from compiler.backends.cards import keeps_data
from compiler.graph.graph import Edge, Graph
from trazo_spec.visible import visible

# Words that Mermaid reads as its own where a name may stand.
# Source: https://mermaid.js.org/syntax/flowchart.html
RESERVED = frozenset(
    {"class", "classdef", "click", "default", "direction", "end", "flowchart", "graph"}
    | {"href", "interpolate", "linkstyle", "style", "subgraph"}
)

# What Mermaid, HTML or Markdown would take for something else, as Mermaid's codes for it.
_CODES = str.maketrans(
    {
        '"': "#quot;",
        "#": "#35;",
        "&": "#amp;",
        "<": "#lt;",
        ">": "#gt;",
        "\\": "#92;",
        "`": "#96;",
        "*": "#42;",
    }
)


def mermaid(graph: Graph) -> str:
    """What depends on what in an environment, each arrow with its reason."""
    ids = mermaid_ids(n.name for n in graph.nodes)
    lines = ["flowchart LR"]
    for node in graph.nodes:
        shape = ('[("', '")]') if keeps_data(node.name, graph) else ('["', '"]')
        lines.append(
            f"  {ids[node.name]}{shape[0]}{mermaid_text((node.name, node.what))}{shape[1]}"
        )
    lines += [f'  {ids[e.source]} -->|"{_reason(e)}"| {ids[e.target]}' for e in graph.edges]
    return "\n".join(lines) + "\n"


def _reason(edge: Edge) -> str:
    port = f" :{edge.port}" if edge.port is not None else ""
    return mermaid_text((f"{edge.relation}{port}", *((edge.detail,) if edge.detail else ())))


def mermaid_ids(names: Iterable[str]) -> Mapping[str, str]:
    """For each name an id that Mermaid takes, no two alike."""
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        bare = "".join(c if c.isascii() and c.isalnum() else "_" for c in name)
        bare = f"{bare}_" if bare.lower() in RESERVED else bare
        while bare in taken:
            bare = f"{bare}_"
        taken.add(bare)
        ids[name] = bare
    return ids


def mermaid_text(lines: Iterable[str]) -> str:
    """Lines of a label, with nothing in them that Mermaid would read as its own."""
    # Two dollar signs would begin a formula: a space keeps them apart.
    coded = (
        " ".join(visible(line).split()).translate(_CODES).replace("$$", "$ $") for line in lines
    )
    return "<br/>".join(coded)
