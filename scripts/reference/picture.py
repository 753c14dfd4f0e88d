"""`docs/images/`: the first user's production environment as README and guides show it."""

from compiler.backends.diagram.draw import draw
from compiler.backends.diagram.options import View
from compiler.graph import Graph, build
from reference.cost_json import SPEC, priced
from trazo_spec.load import load


def write() -> str:
    """The overview as svg, with the costs of the month that all pages use."""
    return draw(_production(), costs_usd=priced().bill.by_component()).decode()


def view(of: View) -> str:
    """Another view, without costs, as svg."""
    return draw(_production(), of).decode()


def _production() -> Graph:
    return build(load(SPEC.read_bytes(), str(SPEC)).environments["prod"], "prod")
