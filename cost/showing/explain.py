"""Every line of a component as a formula with its numbers, down to the price."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from compiler.graph.graph import Graph
from compiler.plan.plan import Meter, Plan
from cost.bill.bill import Line
from cost.bill.estimate import Assumed, Estimate
from cost.bill.tasks import demand_of, stretches, wanted_tasks
from cost.rates.catalogue import Price, parts
from cost.showing.formula import Formula, formula
from trazo_spec.visible import one_line


def explanation(estimate: Estimate, graph: Graph, plan: Plan, name: str) -> str:
    """What each line of a component is made of, as text."""
    lines = [line for line in estimate.bill.lines if line.component == name]
    paragraphs = [
        "\n".join(map(one_line, _line(line, _formula(estimate, plan, line)))) for line in lines
    ]
    tasks = "\n".join(_tasks(estimate, graph, name))
    total = sum((line.cost_usd or Decimal(0) for line in lines), Decimal(0))
    head = f"{name}: {_usd(total)} in {estimate.environment}, {estimate.region}"
    return "\n\n".join(part for part in (head, tasks, *paragraphs) if part) + "\n"


def as_json(estimate: Estimate, plan: Plan, name: str) -> dict[str, Any]:
    """The same for machines: the formula of each line of a component, with its inputs."""
    lines = [line for line in estimate.bill.lines if line.component == name]
    formulas = [(line, _formula(estimate, plan, line)) for line in lines]
    return {
        "schema": "trazo.explain/1",
        "component": name,
        "environment": estimate.environment,
        "lines": [
            {
                "item": line.item,
                "why": line.why,
                "formula": made.names if made else None,
                "numbers": made.numbers if made else None,
                "inputs": dict(made.inputs) if made else {},
                "quantity": float(line.quantity),
                "unit": line.unit,
                "charge": list(_charge(line)),
                "cost_usd": None if line.cost_usd is None else float(line.cost_usd),
            }
            for line, made in formulas
        ],
    }


def _formula(estimate: Estimate, plan: Plan, line: Line) -> Formula | None:
    meter = next((m for m in plan.meters if _is_of(line, m)), None)
    return None if meter is None else formula(meter, estimate.loads[line.component])


def _is_of(line: Line, meter: Meter) -> bool:
    return (line.component, line.item, line.why) == (meter.component, meter.item, meter.why)


def _line(line: Line, calculation: Formula | None) -> Iterator[str]:
    yield f"{line.item}: {_cost(line)}"
    if line.why:
        yield f"  why       {line.why}"
    if calculation is None:
        yield f"  quantity  {_amount(line.quantity)} {line.unit}"
    else:
        yield f"  quantity  {calculation.names}"
        yield f"            = {calculation.numbers} = {_amount(line.quantity)} {line.unit}"
    yield from _charge(line)


def _charge(line: Line) -> Iterator[str]:
    price = line.price
    if price is None:
        yield "  cost      unpriced: the catalogue does not have a price for this region"
        return
    share = line.share
    billed = line.quantity - share.free
    if share.free:
        free = f"{_amount(line.quantity)} - {_amount(share.free)} free"
        yield f"  billed    {free} = {_amount(billed)} {line.unit}"
    if share.before and len(price.tiers) > 1:
        behind = f"{_amount(share.before)} {line.unit} of lines before this one"
        yield f"  tiers     begin after {behind}, which AWS adds up"
    yield f"  cost      {_products(line, price, billed)} = {_cost(line)}"
    dated = price.effective.isoformat() if price.effective else "undated"
    yield f"  price     {price.confidence}, {dated}: {price.source}"
    if price.note:
        yield f"            {price.note}"


def _products(line: Line, price: Price, billed: Decimal) -> str:
    """The quantity in each tier times that tier's rate."""
    share = line.share
    upto = dict(parts(price, share.before + billed, share.months))
    before = dict(parts(price, share.before, share.months))
    amounts = ((tier, part - before.get(tier, Decimal(0))) for tier, part in upto.items())
    products = [f"{_amount(part)} x {_rate(tier.usd)}" for tier, part in amounts if part]
    return " + ".join(products) or f"0 x {_rate(price.tiers[0].usd)}"


def _tasks(estimate: Estimate, graph: Graph, name: str) -> Iterator[str]:
    """How demand becomes tasks, for each level of demand in the period."""
    fleet = dict(graph.fleets()).get(name)
    if fleet is not None:
        demand = demand_of(graph, name)
        target = fleet.scaling.target_cpu_percent
        timeline = stretches(demand, estimate.period.start, estimate.period.end)
        for rate in sorted({stretch.requests_per_s for stretch in timeline}):
            if target is None:
                break
            wanted = wanted_tasks(fleet, rate, demand.cpu_s_per_request)
            needed = f"{rate:g} requests/s x {demand.cpu_s_per_request:g} CPU s"
            kept = f"{fleet.vcpu:g} vCPU x {target} %"
            yield (
                f"  tasks     {needed} / ({kept}), rounded up = {wanted}; "
                "then within the limits at that time"
            )
    yield from (f"  {_assumption(a)}" for a in estimate.assumptions if a.component == name)


def _assumption(assumed: Assumed) -> str:
    return f"{'input':<10}{assumed.name} = {assumed.value:,.10g} {assumed.unit}: {assumed.reason}"


def _cost(line: Line) -> str:
    return "unpriced" if line.cost_usd is None else _usd(line.cost_usd)


def _usd(amount: Decimal) -> str:
    """To the cent, and further where a cent hides it."""
    digits = 2 if not amount or abs(amount) >= Decimal("0.1") else 6
    sign = "-" if amount < 0 else ""
    return f"{sign}${abs(amount):,.{digits}f}"


def _amount(quantity: Decimal) -> str:
    text = f"{quantity:,.6f}"
    return text.rstrip("0").rstrip(".")


def _rate(usd: Decimal) -> str:
    return f"{usd.normalize():f}"
