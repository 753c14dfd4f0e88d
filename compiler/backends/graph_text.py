"""A graph as JSON and as DOT."""

from typing import Any

from compiler.graph.graph import Graph, to_networkx
from trazo_spec.visible import one_line

SCHEMA = "trazo.graph/1"


def as_json(graph: Graph) -> dict[str, Any]:
    """Nodes and typed edges as plain JSON values."""
    return {
        "schema": SCHEMA,
        "spec": graph.spec.name,
        "environment": graph.environment,
        "nodes": [
            {"name": n.name, "kind": n.kind, "owner": n.owner, "existing": n.existing}
            for n in graph.nodes
        ],
        "edges": [
            {
                "source": e.source,
                "target": e.target,
                "relation": str(e.relation),
                "port": e.port,
                "detail": e.detail or None,
                "path": list(e.path),
            }
            for e in graph.edges
        ],
    }


def as_dot(graph: Graph) -> str:
    """The same for Graphviz, one labelled arrow for each edge."""
    from networkx.drawing.nx_agraph import to_agraph  # noqa: PLC0415 # takes 0.3 s, most commands do without

    plain = to_networkx(graph)
    for _, _, data in plain.edges(data=True):
        port = f" :{data.pop('port')}" if data.get("port") else ""
        detail = f" ({data.pop('detail')})" if data.get("detail") else ""
        relation = data.pop("relation")
        data.clear()
        data["label"] = _label(f"{relation}{port}{detail}")
    for name, data in plain.nodes(data=True):
        kind = data["kind"]
        data.clear()
        data["label"] = f"{_label(name)}\\n{_label(kind)}"
    agraph = to_agraph(plain)
    agraph.graph_attr.update(rankdir="LR")
    return str(agraph.to_string())


def _label(text: str) -> str:
    """Text in which Graphviz reads no line break and no number of a node."""
    return one_line(text).replace("\\", "\\\\")
