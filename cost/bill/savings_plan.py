"""What a Compute Savings Plan covers: Fargate tasks on demand, hour by hour."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from compiler.graph.graph import Graph
from cost.bill.bill import QUANTUM, Line
from cost.bill.calendar import Period
from cost.bill.closed_form import Workload
from cost.rates.catalogue import Catalogue, Confidence, Price, Tier
from cost.rates.terms import SavingsPlan
from trazo_spec.components.ecs import Ecs

COMPONENT = "savings_plan"
COMMITMENT = "compute_savings_plan_commitment_hour"
COVERED = "compute_savings_plan_covered_usage"


def savings_plan_lines(
    plan: SavingsPlan, on_demand_usd_by_hour: Sequence[Decimal], period: Period
) -> Iterator[Line]:
    """What the plan costs, and what it takes off the lines of tasks on demand."""
    hours = Decimal(repr(period.hours)).quantize(QUANTUM)
    paid = _price(COMMITMENT, "hour", plan.commitment_usd_per_h, plan.source)
    yield Line(
        COMPONENT,
        COMPONENT,
        COMMITMENT,
        "hour",
        hours,
        paid,
        (hours * plan.commitment_usd_per_h).quantize(QUANTUM),
        "fixed",
        "paid in every hour, whether or not tasks run",
    )
    per_hour = (plan.covered_usd(usd) for usd in on_demand_usd_by_hour)
    covered = sum(per_hour, Decimal(0)).quantize(QUANTUM)
    if covered:
        taken_off = _price(COVERED, "USD on demand", Decimal(-1), plan.source)
        yield Line(
            COMPONENT,
            COMPONENT,
            COVERED,
            "USD on demand",
            covered,
            taken_off,
            -covered,
            "simulated",
            "tasks on demand that the plan pays for, in each hour at most "
            f"{plan.covered_usd(Decimal('Infinity')).quantize(QUANTUM).normalize():f} USD of them",
        )


def on_demand_usd_by_hour(
    graph: Graph, workload: Workload, scenario: str, catalogue: Catalogue, region: str
) -> tuple[Decimal, ...]:
    """USD of vCPU and memory of tasks on demand in each hour; unpriced ones stay out."""
    found: list[Decimal] = []
    for name, service in graph.of(Ecs):
        usd_per_h = _task_usd_per_h(service, catalogue, region)
        by_hour = workload.by_hour(name, scenario)
        found += [Decimal(0)] * (len(by_hour) - len(found))
        for hour, (_, on_demand) in enumerate(by_hour):
            found[hour] += Decimal(repr(on_demand)) * usd_per_h
    return tuple(found)


def _task_usd_per_h(service: Ecs, catalogue: Catalogue, region: str) -> Decimal:
    chip = "arm" if service.architecture == "arm64" else "x86"
    amounts = {"vcpu": Decimal(service.cpu) / 1024, "gb": Decimal(service.memory_mib) / 1024}
    prices = {
        part: catalogue.price(f"fargate_linux_{chip}_{part}_hour", region) for part in amounts
    }
    usd = (amounts[part] * price.tiers[0].usd for part, price in prices.items() if price)
    return sum(usd, Decimal(0))


def _price(item: str, unit: str, usd: Decimal, source: str) -> Price:
    tiers = (Tier(Decimal(0), usd),)
    return Price(item, "global", unit, tiers, None, source, Confidence.NEGOTIATED)
