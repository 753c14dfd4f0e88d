"""An environment's cost estimate: the bill, its floor, and what each measure saves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import fsum
from typing import Literal

from compiler.graph import Graph, Relation
from compiler.lower import LOWERINGS
from compiler.plan import Assumption, Load, Plan
from cost.bill import Bill, bill, unpriced_findings
from cost.calendar import Period
from cost.catalogue import Catalogue
from cost.closed_form import ClosedForm, ServiceLevel, Work, Workload
from cost.demand import demand_of
from cost.distribution import Distribution
from cost.omissions import Omission, omissions
from cost.savings_plan import on_demand_usd_by_hour, savings_plan_lines
from cost.tasks import SCENARIOS, WRITTEN
from cost.terms import LIST, Terms
from trazo_spec.components.alb import Alb
from trazo_spec.components.ecs import Ecs
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.schedule import Interval, bounds_over
from trazo_spec.traffic import Profile, Usage

COMPUTE_ITEMS = ("fargate_", "compute_savings_plan_")
# What lies there whether or not anybody comes; all other use stops with the tasks.
STORED = ("stored_gb", "backup_gb", "image_gb")


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
class Service:
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
    savings: tuple[Saving, ...]
    services: tuple[Service, ...]
    assumptions: tuple[Assumed, ...]
    findings: tuple[Diagnostic, ...]
    catalogue: Catalogue
    terms: Terms = LIST
    loads: Mapping[str, Load] = field(default_factory=dict)
    """What each component does in the period, as written."""
    omissions: tuple[Omission, ...] = ()
    """What AWS may bill beside the lines, by name."""
    distribution: Distribution | None = None
    """How the total spreads over simulated months; None in closed form."""

    @property
    def total_usd(self) -> Decimal:
        """The bill's total."""
        return self.bill.total_usd

    def saving(self, scenario: str) -> Saving:
        """One row of the savings table."""
        return next(s for s in self.savings if s.scenario == scenario)


def estimate(
    graph: Graph,
    plan: Plan,
    period: Period,
    catalogue: Catalogue,
    profile: Profile = Profile.TYPICAL,
    terms: Terms = LIST,
    workload: Workload | None = None,
) -> Estimate:
    """The estimate of an environment: in closed form, or of a workload that was simulated."""
    source = workload or ClosedForm(graph, period)
    kinds = {n: c.kind for n, c in graph.spec.components.items()}
    usage = {name: _usage(graph, name, profile) for name in kinds}

    def priced(loads: Mapping[str, Load], scenario: str | None) -> Bill:
        found = bill(plan.meters, loads, kinds, catalogue, plan.region, terms.allowances)
        if terms.savings_plan is None:
            return found
        on_demand: tuple[Decimal, ...] = ()
        if scenario is not None:
            on_demand = on_demand_usd_by_hour(graph, source, scenario, catalogue, plan.region)
        extra = savings_plan_lines(terms.savings_plan, on_demand, period)
        return Bill((*found.lines, *extra))

    loads = {s: _loads(graph, usage, period, source, s) for s in SCENARIOS}
    bills = {scenario: priced(loads[scenario], scenario) for scenario in SCENARIOS}
    written = bills[WRITTEN]
    floor = priced({name: _idle(usage[name], period) for name in kinds}, None)
    return Estimate(
        graph.spec.name,
        graph.environment,
        plan.region,
        period,
        written,
        floor.total_usd,
        tuple(_savings(bills)),
        tuple(_services(graph, period, source)),
        tuple(_assumptions(graph, plan, usage, profile)),
        unpriced_findings(written, plan.region),
        catalogue,
        terms,
        loads[WRITTEN],
        tuple(omissions(graph)),
    )


def _usage(graph: Graph, name: str, profile: Profile) -> dict[str, float]:
    """What a component uses in a month: what the spec says, else the profile's default."""
    written = graph.spec.traffic.usage.get(name, Usage()).model_dump(exclude_none=True)
    defaults = LOWERINGS[graph.spec.components[name].kind].USAGE
    return {field: float(getattr(a, str(profile))) for field, a in defaults.items()} | written


def _loads(
    graph: Graph,
    usage: Mapping[str, Mapping[str, float]],
    period: Period,
    workload: Workload,
    scenario: str,
) -> dict[str, Load]:
    requests = {name: workload.requests(name) for name, _ in graph.of(Ecs)}
    found = {}
    for name, component in graph.spec.components.items():
        work = Work(0.0, 0.0, 0.0)
        if isinstance(component, Ecs):
            work = workload.work(name, scenario)
        reached = requests_of(graph, name, period, requests)
        found[name] = Load(
            period.hours,
            period.months,
            usage[name],
            work.on_demand_task_h,
            work.spot_task_h,
            reached,
        )
    return found


def requests_of(graph: Graph, name: str, period: Period, requests: Mapping[str, float]) -> float:
    """Requests that reach a component: those of the services behind a load balancer, or its own.

    Args:
        graph: the environment.
        name: the component.
        period: the time in which they come.
        requests: those to each service in the period.
    """
    written = graph.spec.traffic.usage.get(name)
    if written is not None and written.requests is not None:
        return written.requests * period.months
    if isinstance(graph.spec.components[name], Alb):
        behind = {e.target for e in graph.edges_from(name, Relation.ROUTES_TO)}
        return fsum(requests[service] for service in sorted(behind))
    return requests.get(name, 0.0)


def _idle(usage: Mapping[str, float], period: Period) -> Load:
    """The load of a component while no task runs and nobody comes."""
    kept = {field: value if field in STORED else 0.0 for field, value in usage.items()}
    return Load(period.hours, period.months, kept)


def _savings(bills: Mapping[str, Bill]) -> Iterator[Saving]:
    baseline = bills["on_demand_always_on"].total_usd
    for scenario, its_bill in bills.items():
        saved = baseline - its_bill.total_usd
        share = float(saved / baseline) if baseline else 0.0
        yield Saving(scenario, its_bill.total_usd, its_bill.of(*COMPUTE_ITEMS), saved, share)


def _services(graph: Graph, period: Period, workload: Workload) -> Iterator[Service]:
    for name, service in graph.of(Ecs):
        scaling = service.scaling
        on_h = workload.work(name, WRITTEN).on_h
        yield Service(
            name,
            workload.baseline_tasks(name),
            on_h,
            period.hours - on_h,
            bounds_over(scaling.schedule, scaling.min, scaling.max, period.start, period.end),
            tuple(tasks for tasks, _ in workload.by_hour(name, WRITTEN)),
            scaling.schedule.timezone if scaling.schedule else demand_of(graph, name).timezone,
            workload.service_level(name),
        )


def _assumptions(
    graph: Graph, plan: Plan, usage: Mapping[str, Mapping[str, float]], profile: Profile
) -> Iterator[Assumed]:
    metered = {meter.component for meter in plan.meters}
    for name, component in graph.spec.components.items():
        if name not in metered:
            continue
        if isinstance(component, Ecs):
            yield from _demand_assumptions(graph, name)
        written = graph.spec.traffic.usage.get(name, Usage()).model_dump(exclude_none=True)
        for key, default in LOWERINGS[component.kind].USAGE.items():
            yield _assumed(name, key, default, usage[name][key], key in written, profile)


def _assumed(
    name: str, field: str, default: Assumption, value: float, written: bool, profile: Profile
) -> Assumed:
    reason = "stated in the spec" if written else f"{default.reason} ({profile} profile)"
    return Assumed(name, field, value, default.unit, reason, "spec" if written else "default")


def _demand_assumptions(graph: Graph, name: str) -> Iterator[Assumed]:
    demand = demand_of(graph, name)
    stated = name in graph.spec.traffic.demand
    source: Literal["spec", "default"] = "spec" if stated else "default"
    shape = "hourly numbers" if demand.hourly else f"profile {demand.profile}"
    origin = "stated in the spec" if stated else "the spec states no demand"
    reason = f"{shape}, clock of {demand.timezone}; {origin}"
    peak = max(demand.hourly) if demand.hourly else demand.peak_requests_per_s
    yield Assumed(name, "peak_requests_per_s", peak, "requests/s", reason, source)
    yield Assumed(
        name, "cpu_s_per_request", demand.cpu_s_per_request, "vCPU-s/request", reason, source
    )
