"""What a change to one component saves, without pricing all that stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from compiler.graph import Graph
from compiler.lower import all_meters
from compiler.plan import Load, Plan
from cost.bill import Bill
from cost.closed_form import ClosedForm
from cost.pricing import Conditions, Pricing
from cost.tasks import WRITTEN


@dataclass(frozen=True, slots=True)
class Before:
    """An environment as it is written, priced in closed form."""

    pricing: Pricing[ClosedForm]
    loads: Mapping[str, Load]

    def saved_usd(self, changed: Graph, component: str) -> Decimal | None:
        """What another graph saves that differs in one component; None where a price is lacking."""
        before, conditions = self.pricing, self.pricing.conditions
        plan = replace(before.plan, meters=tuple(all_meters(changed)))
        after = Pricing(changed, plan, conditions, ClosedForm(changed, conditions.period))
        loads = {**self.loads, component: after.load(component, WRITTEN)}
        items = {m.item for p in (before.plan, plan) for m in p.meters if m.component == component}
        if conditions.terms.savings_plan is not None:  # covers tasks of all services together
            items = {meter.item for p in (before.plan, plan) for meter in p.meters}
        one = _only(before, items).bill(self.loads, WRITTEN)
        other = _only(after, items).bill(loads, WRITTEN)
        if _unpriced(one) != _unpriced(other):
            return None
        return one.total_usd - other.total_usd


def as_written(graph: Graph, plan: Plan, conditions: Conditions) -> Before:
    """An environment that changes are compared with."""
    pricing = Pricing(graph, plan, conditions, ClosedForm(graph, conditions.period))
    return Before(pricing, pricing.loads(WRITTEN))


def _only(pricing: Pricing[ClosedForm], items: set[str]) -> Pricing[ClosedForm]:
    """The lines of some items; those of one item share their tiers, of different ones nothing."""
    meters = tuple(meter for meter in pricing.plan.meters if meter.item in items)
    return replace(pricing, plan=replace(pricing.plan, meters=meters))


def _unpriced(bill: Bill) -> set[tuple[str, str]]:
    return {(line.component, line.item) for line in bill.unpriced}
