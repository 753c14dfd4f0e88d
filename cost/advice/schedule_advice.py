"""What is wrong with a schedule, in dollars: what each fix saves, or costs."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from compiler.graph.graph import Graph, build
from compiler.rules import scheduling
from compiler.rules.scheduling.fixes import Fix, fix_of
from cost.advice.advice import PricedFix
from cost.advice.saved import Before
from cost.bill.money import CENT, money
from cost.bill.pricing import Conditions
from trazo_spec.diagnostics import Diagnostic


def schedule_fixes(before: Before) -> tuple[PricedFix, ...]:
    """Every finding about a schedule that has a fix, with what that fix saves."""
    return tuple(_priced(before))


def _priced(before: Before) -> Iterator[PricedFix]:
    graph = before.pricing.graph
    for rule in scheduling.RULES:
        for finding in rule.diagnostics(graph):
            if (fix := fix_of(finding, graph)) is None:
                continue
            if (saved := before.saved_usd(_fixed(graph, fix), fix.service)) is not None:
                worth = _worth(saved, before.pricing.conditions)
                advice = f"{finding.help}; {_subject(finding, fix)} {worth}"
                yield PricedFix(replace(finding, help=advice), fix, saved)


def _fixed(graph: Graph, fix: Fix) -> Graph:
    components = dict(graph.spec.components)
    service = components[fix.service].model_copy(update={"scaling": fix.scaling})
    components[fix.service] = service
    spec = graph.spec.model_copy(update={"components": components})
    return build(spec, graph.environment, graph.kinds)


def _subject(finding: Diagnostic, fix: Fix) -> str:
    """The fix, or a word for it where the advice has just said it."""
    written = fix.what.partition("`")[2].partition("`")[0]
    return "that" if written and finding.help.endswith(f"`{written}`") else f"{fix.what}, it"


def _worth(saved: Decimal, conditions: Conditions) -> str:
    when = "this month" if conditions.period.months == 1 else "in this period"
    if abs(saved) < CENT:
        return f"costs the same {when}"
    verb = "saves" if saved > 0 else "costs"
    more = "" if saved > 0 else " more"
    return f"{verb} {money(abs(saved))}{more} {when}"
