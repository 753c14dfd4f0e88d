"""`trazo graph`: what depends on what."""

from enum import StrEnum
from typing import Annotated

import typer

from compiler.graph.graph import Graph, impact
from trazo.input.options import AsJson, Environment, Quiet, SpecFile, Strict
from trazo.input.specs import chosen_graph, sound_spec
from trazo.output.run import WRONG_USAGE, print_json, print_text, stop, suggested
from trazo.output.terminal import console, tree


class GraphFormat(StrEnum):
    """How a graph is printed."""

    TREE = "tree"
    MERMAID = "mermaid"
    JSON = "json"
    DOT = "dot"


def graph(
    spec: SpecFile,
    *,
    env: Environment = "",
    format_: Annotated[
        GraphFormat, typer.Option("--format", help="Output format.")
    ] = GraphFormat.TREE,
    impact_of: Annotated[
        str,
        typer.Option("--impact", metavar="NAME", help="Print only what depends on this component."),
    ] = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Print what depends on what, and why."""
    from compiler.backends import graph_text
    from compiler.backends.mermaid import mermaid

    as_json = as_json or format_ is GraphFormat.JSON
    chosen = chosen_graph(sound_spec(spec, quiet=quiet, strict=strict), env)
    if impact_of:
        _print_impact(chosen, impact_of, as_json=as_json)
    elif as_json:
        print_json(graph_text.as_json(chosen))
    elif format_ is GraphFormat.TREE:
        console().print(tree(chosen))
    else:
        write = mermaid if format_ is GraphFormat.MERMAID else graph_text.as_dot
        print_text(write(chosen), nl=False)


def _print_impact(chosen: Graph, name: str, *, as_json: bool) -> None:
    """Prints what depends on a component; exits when there is none of that name."""
    names = [n.name for n in chosen.nodes]
    if name not in names:
        stop(f"no component is called `{name}`: {suggested(name, names)}", WRONG_USAGE)
    affected = impact(chosen, name)
    if as_json:
        print_json({"schema": "trazo.impact/1", "component": name, "affected": affected})
    else:
        print_text("\n".join(affected) or f"nothing depends on {name}")
