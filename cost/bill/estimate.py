"""An environment's cost estimate: the bill, its floor, and what each measure saves."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from compiler.graph.graph import Graph
from compiler.plan.plan import Assumption, Load, Omission, Plan
from cost.bill.bill import Bill, unpriced_findings
from cost.bill.calendar import Period
from cost.bill.closed_form import ClosedForm, ServiceLevel
from cost.bill.distribution import Distribution
from cost.bill.omissions import omissions
from cost.bill.pricing import Conditions, Pricing, W
from cost.bill.tasks import ALWAYS_ON, SCENARIOS, WRITTEN, demand_of, peak_requests_per_s
from cost.rates.catalogue import Catalogue
from cost.rates.terms import Terms
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.schedule import Interval, bounds_over
from trazo_spec.traffic import Profile, Usage

COMPUTE_ITEMS = ("fargate_", "compute_savings_plan_")


@dataclass(frozen=True, slots=True)
class Saving:
    """One way to run the same application, and what it saves."""

    scenario: str
    total_usd: Decimal
    compute_usd: Decimal
    """The part of the total that Fargate tasks cost."""
    saved_usd: Decimal
    """Against `on_demand_always_on`."""
    saved_share: float
    """The same as a share of that scenario's total."""


@dataclass(frozen=True, slots=True)
class ServiceEstimate:
    """How one service runs over the period."""

    component: str
    baseline_tasks: int
    """Tasks that the peak of demand needs when no schedule stops them."""
    hours_on: float
    """Hours in which at least one task runs."""
    hours_off: float
    """Hours in which none runs."""
    windows: tuple[Interval, ...]
    """The bounds over the period."""
    tasks_by_hour: tuple[float, ...]
    """Mean tasks that serve in each hour from the period's start on."""
    timezone: str
    """The clock of its schedule, else of its audience: an IANA name."""
    level: ServiceLevel | None = None
    """What only a simulation knows."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """A number that AWS bills by and nobody knows beforehand."""

    component: str
    name: str
    value: float
    unit: str
    reason: str
    source: Literal["spec", "default"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one environment costs in a period, and why."""

    spec: str
    environment: str
    region: str
    period: Period
    bill: Bill
    floor_usd: Decimal
    """What is still billed when no task runs and nobody comes."""
    ceiling_usd: Decimal
    """The most that autoscaling, schedule and Spot could save: all that tasks cost on demand,
    always on.
    """
    savings: tuple[Saving, ...]
    services: tuple[ServiceEstimate, ...]
    assumptions: tuple[Assumed, ...]
    findings: tuple[Diagnostic, ...]
    catalogue: Catalogue
    terms: Terms
    loads: Mapping[str, Load]
    """What each component does in the period, as written."""
    omissions: tuple[Omission, ...]
    """What AWS may bill beside the lines, by name."""
    distribution: Distribution | None
    """How the total spreads over simulated months; None in closed form."""

    @property
    def total_usd(self) -> Decimal:
        """The bill's total."""
        return self.bill.total_usd

    def saving(self, scenario: str) -> Saving:
        """One row of the savings table."""
        return next(s for s in self.savings if s.scenario == scenario)


def estimate(graph: Graph, plan: Plan, conditions: Conditions) -> Estimate:
    """The estimate of an environment in closed form."""
    workload = ClosedForm(graph, conditions.period)
    return estimated(Pricing(graph, plan, conditions, workload))


def estimated(
    pricing: Pricing[W],
    distribution: Distribution | None = None,
    assumptions: Iterable[Assumed] = (),
) -> Estimate:
    """The estimate of an environment under any workload.

    Args:
        pricing: the environment, its conditions and its workload.
        distribution: how the total spreads, where months were simulated.
        assumptions: what the workload assumes beside use and demand.
    """
    graph, plan, conditions = pricing.graph, pricing.plan, pricing.conditions
    usage = {name: pricing.usage(name) for name in graph.spec.components}
    loads = {scenario: pricing.loads(scenario) for scenario in SCENARIOS}
    bills = {scenario: pricing.bill(loads[scenario], scenario) for scenario in SCENARIOS}
    written = bills[WRITTEN]
    floor = pricing.bill(pricing.abandoned(), None)
    return Estimate(
        spec=graph.spec.name,
        environment=graph.environment,
        region=plan.region,
        period=conditions.period,
        bill=written,
        floor_usd=floor.total_usd,
        ceiling_usd=bills[ALWAYS_ON].total_usd - pricing.total_usd(None),
        savings=tuple(_savings(bills)),
        services=tuple(_services(pricing)),
        assumptions=(*_assumptions(graph, plan, usage, conditions.profile), *assumptions),
        findings=unpriced_findings(written, plan.region),
        catalogue=conditions.catalogue,
        terms=conditions.terms,
        loads=loads[WRITTEN],
        omissions=omissions(graph),
        distribution=distribution,
    )


def _savings(bills: Mapping[str, Bill]) -> Iterator[Saving]:
    baseline = bills[ALWAYS_ON].total_usd
    for scenario, its_bill in bills.items():
        saved = baseline - its_bill.total_usd
        share = float(saved / baseline) if baseline else 0.0
        yield Saving(scenario, its_bill.total_usd, its_bill.of(*COMPUTE_ITEMS), saved, share)


def _services(pricing: Pricing[W]) -> Iterator[ServiceEstimate]:
    graph, period, workload = pricing.graph, pricing.conditions.period, pricing.workload
    for name, fleet in graph.fleets():
        scaling = fleet.scaling
        on_h = workload.work(name, WRITTEN).on_h
        yield ServiceEstimate(
            name,
            workload.baseline_tasks(name),
            on_h,
            period.hours - on_h,
            bounds_over(scaling, period.start, period.end),
            tuple(tasks for tasks, _ in workload.by_hour(name, WRITTEN)),
            scaling.schedule.timezone if scaling.schedule else demand_of(graph, name).timezone,
            workload.service_level(name),
        )


def _assumptions(
    graph: Graph, plan: Plan, usage: Mapping[str, Mapping[str, float]], profile: Profile
) -> Iterator[Assumed]:
    metered = {meter.component for meter in plan.meters}
    demanded = {name for name, _ in graph.fleets()}
    for name, component in graph.spec.components.items():
        if name not in metered:
            continue
        if name in demanded:
            yield from _demand_assumptions(graph, name)
        written = graph.spec.traffic.usage.get(name, Usage()).model_dump(exclude_none=True)
        for key, default in graph.kind(component).usage.items():
            yield _assumed(name, key, default, usage[name][key], key in written, profile)


def _assumed(
    name: str, field: str, default: Assumption, value: float, written: bool, profile: Profile
) -> Assumed:
    reason = "set in the spec" if written else f"{default.reason} ({profile} profile)"
    return Assumed(name, field, value, default.unit, reason, "spec" if written else "default")


def _demand_assumptions(graph: Graph, name: str) -> Iterator[Assumed]:
    demand = demand_of(graph, name)
    stated = name in graph.spec.traffic.demand
    source: Literal["spec", "default"] = "spec" if stated else "default"
    shape = "hourly numbers" if demand.hourly else f"profile {demand.profile}"
    if demand.trace is not None:
        shape = f"trace {demand.trace.file}"
    origin = "set in the spec" if stated else "the spec does not set any demand"
    reason = f"{shape}, in {demand.timezone}; {origin}"
    peak = peak_requests_per_s(demand)
    yield Assumed(name, "peak_requests_per_s", peak, "requests/s", reason, source)
    yield Assumed(
        name, "cpu_s_per_request", demand.cpu_s_per_request, "vCPU-s/request", reason, source
    )
