"""What a change to one component saves, without working out again what the others do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from compiler.graph.graph import Graph
from compiler.lower import all_meters
from compiler.plan.plan import Load, Plan
from cost.bill.bill import Bill
from cost.bill.closed_form import ClosedForm
from cost.bill.pricing import Conditions, Pricing
from cost.bill.tasks import WRITTEN


@dataclass(frozen=True, slots=True)
class Before:
    """An environment as it is written, priced in closed form."""

    pricing: Pricing[ClosedForm]
    loads: Mapping[str, Load]
    bill: Bill

    def saved_usd(self, changed: Graph, component: str) -> Decimal | None:
        """What another graph saves that differs in one component; None where a price is lacking."""
        before, conditions = self.pricing, self.pricing.conditions
        plan = replace(before.plan, meters=tuple(all_meters(changed)))
        after = Pricing(changed, plan, conditions, ClosedForm(changed, conditions.period))
        loads = {**self.loads, component: after.load(component, WRITTEN)}
        other = after.bill(loads, WRITTEN)
        if _unpriced(self.bill) != _unpriced(other):
            return None
        return self.bill.total_usd - other.total_usd


def as_written(graph: Graph, plan: Plan, conditions: Conditions) -> Before:
    """An environment that changes are compared with."""
    pricing = Pricing(graph, plan, conditions, ClosedForm(graph, conditions.period))
    loads = pricing.loads(WRITTEN)
    return Before(pricing, loads, pricing.bill(loads, WRITTEN))


def _unpriced(bill: Bill) -> set[tuple[str, str]]:
    return {(line.component, line.item) for line in bill.unpriced}
