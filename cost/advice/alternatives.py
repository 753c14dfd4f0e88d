"""What would change if: other ways to run an environment, and what each would save."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from compiler.graph.graph import Graph, Relation
from compiler.plan.plan import Plan
from cost.advice.advice import Advice, Alternative
from cost.advice.candidates import candidates
from cost.advice.saved import Before, as_written
from cost.advice.schedule_advice import schedule_fixes
from cost.bill.closed_form import ClosedForm
from cost.bill.pricing import Conditions, Pricing
from cost.bill.tasks import demand_of, running


def alternatives(before: Before) -> tuple[Alternative, ...]:
    """Every alternative that applies, what saves most first; each one alone, in closed form."""
    pricing = before.pricing
    options = list(_stops(before))
    for change in candidates(pricing.graph, pricing.conditions.period):
        saved = before.saved_usd(change.graph, change.component)
        if saved is not None:
            what = change.name, change.component, change.title
            options.append(Alternative(*what, saved, change.tradeoff, change.less_service))
    return tuple(sorted(options, key=lambda a: (-a.saved_usd, a.component, a.name)))


def _stops(before: Before) -> Iterator[Alternative]:
    """What stands still while nothing that uses it runs."""
    pricing, period = before.pricing, before.pricing.conditions.period
    for name, component in pricing.graph.spec.components.items():
        pause = pricing.graph.kind(component).pause
        usd = Decimal(0) if pause is None else _usd(before, name, pause.unit)
        if pause is None or not usd:
            continue
        gaps = [end - start for start, end in _unused(pricing, name)]
        stops = [gap for gap in gaps if gap >= pause.shortest]
        if not stops:
            continue
        off = sum(stops, timedelta()) - len(stops) * pause.billed
        again = f"; AWS restarts it automatically after {pause.longest.days} days"
        yield Alternative(
            pause.name,
            name,
            f"a stop of {off / timedelta(hours=1):,.0f} hours while nothing uses it",
            usd * Decimal(repr(off / (period.end - period.start))),
            pause.tradeoff + (again if max(stops) > pause.longest else ""),
        )


def _usd(before: Before, name: str, unit: str) -> Decimal:
    """USD of what a component is billed by a unit in the period; 0 where that has no price."""
    costs = (li.cost_usd for li in before.bill.lines if (li.component, li.unit) == (name, unit))
    return sum((usd for usd in costs if usd is not None), Decimal(0))


def _unused(pricing: Pricing[ClosedForm], component: str) -> Iterator[tuple[datetime, datetime]]:
    """When no task that uses a component runs; never, where no service uses it."""
    period = pricing.conditions.period
    callers = {e.source for e in pricing.graph.edges_to(component, Relation.CONNECTS_TO)}
    users = {n: fleet for n, fleet in pricing.graph.fleets() if n in callers}
    used = [
        (stretch.start, stretch.end)
        for name, fleet in users.items()
        for stretch in running(fleet, demand_of(pricing.graph, name), period.start, period.end)
        if stretch.on_demand or stretch.spot
    ]
    if users:
        yield from _between(used, period.start, period.end)


def _between(
    stretches: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """What lies between stretches of time that may overlap."""
    free = start
    for begin, until in sorted(stretches):
        if begin > free:
            yield free, begin
        free = max(free, until)
    if free < end:
        yield free, end


def advised(graph: Graph, plan: Plan, conditions: Conditions) -> Advice:
    """Alternatives to an environment, and findings about its schedules in dollars."""
    before = as_written(graph, plan, conditions)
    return Advice(alternatives(before), schedule_fixes(before))
