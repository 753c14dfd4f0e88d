"""`docs/images/`: the first user's production environment as README and guides show it."""

from compiler.backends.diagram.draw import Priced, draw, draw_changes
from compiler.backends.diagram.model.options import View
from compiler.graph.graph import Graph
from compiler.kinds import build
from compiler.lower import lower
from cost.bill.calendar import month
from cost.bill.estimate import estimate
from cost.bill.pricing import Conditions
from cost.rates.catalogue_file import read_catalogue
from reference.cost_json import MONTH, SPEC, priced
from trazo_spec.load import load


def write() -> str:
    """The overview as svg, with the costs of the month that all pages use."""
    return draw(_production(), costs_usd=priced().bill.by_component()).decode()


def view(of: View) -> str:
    """Another view, without costs, as svg."""
    return draw(_production(), of).decode()


EDITS = (
    ("cpu: 256\n    memory_mib: 512", "cpu: 512\n    memory_mib: 1024"),
    ("    enabled: false # currently commented out\n", ""),
    ("    access_logs: {enabled: false, bucket: alb_logs} # currently disabled\n", ""),
    ("  alb_logs: {", "  #alb_logs: {"),
)
"""What is changed for the picture of a change."""


def changes() -> str:
    """The overview before and after some edits as svg."""
    text = SPEC.read_text(encoding="utf-8")
    edited = text
    for before, after in EDITS:
        if before not in edited:
            raise ValueError(f"{SPEC} no longer says `{before}`")
        edited = edited.replace(before, after)
    subtitle = "main:specs/trazo.yaml → specs/trazo.yaml"
    return draw_changes(_priced(text), _priced(edited), subtitle=subtitle).decode()


def _priced(text: str) -> Priced:
    graph = build(load(text, SPEC.name).environments["prod"], "prod")
    bill = estimate(graph, lower(graph), Conditions(month(MONTH), read_catalogue())).bill
    return Priced(graph, bill.by_component())


def _production() -> Graph:
    return build(load(SPEC.read_bytes(), str(SPEC)).environments["prod"], "prod")
