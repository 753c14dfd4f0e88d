"""An estimate with what its reader could do about it."""

from dataclasses import replace

from compiler.graph.graph import Graph
from compiler.plan.plan import Plan
from cost.advice.alternatives import alternatives
from cost.advice.saved import as_written
from cost.advice.schedule_advice import schedule_fixes
from cost.bill.estimate import Estimate
from cost.bill.pricing import Conditions


def advised(estimate: Estimate, graph: Graph, plan: Plan, conditions: Conditions) -> Estimate:
    """The same estimate with alternatives, and with findings about schedules in dollars."""
    before = as_written(graph, plan, conditions)
    fixes = schedule_fixes(before)
    return replace(
        estimate,
        alternatives=alternatives(before),
        fixes=fixes,
        findings=(*estimate.findings, *(fixed.finding for fixed in fixes)),
    )
