"""`docs/images/`: the first user's production environment as the README shows it."""

from compiler.backends.diagram.draw import draw
from compiler.graph import build
from reference.cost_json import SPEC, priced
from trazo_spec.load import load


def write() -> str:
    """The overview as svg, with the costs of the month that all pages use."""
    spec = load(SPEC.read_bytes(), str(SPEC)).environments["prod"]
    return draw(build(spec, "prod"), costs_usd=priced().bill.by_component()).decode()
