"""What an environment's meters cost under a workload, and what a Savings Plan takes off."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import fsum
from typing import Generic, TypeVar

from compiler.graph.graph import Graph, Relation
from compiler.plan.fleet import Fleet
from compiler.plan.plan import Load, Plan
from cost.bill.bill import QUANTUM, Bill, Line, bill
from cost.bill.calendar import Period
from cost.bill.closed_form import Work, Workload
from cost.rates.catalogue import Catalogue, Confidence, Price, Tier
from cost.rates.terms import LIST, SavingsPlan, Terms
from trazo_spec.traffic import Profile, Usage

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
        "charged every hour, whether or not tasks run",
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
            "on-demand tasks covered by the plan, at most "
            f"{plan.covered_usd(Decimal('Infinity')).quantize(QUANTUM).normalize():f} USD per "
            "hour",
        )


def on_demand_usd_by_hour(
    graph: Graph, workload: Workload, scenario: str, catalogue: Catalogue, region: str
) -> tuple[Decimal, ...]:
    """USD of vCPU and memory of tasks on demand in each hour; unpriced ones stay out."""
    totals_usd: list[Decimal] = []
    for name, fleet in graph.fleets():
        usd_per_h = _task_usd_per_h(fleet, catalogue, region)
        by_hour = workload.by_hour(name, scenario)
        totals_usd += [Decimal(0)] * (len(by_hour) - len(totals_usd))
        for hour, (_, on_demand) in enumerate(by_hour):
            totals_usd[hour] += Decimal(repr(on_demand)) * usd_per_h
    return tuple(totals_usd)


def _task_usd_per_h(fleet: Fleet, catalogue: Catalogue, region: str) -> Decimal:
    prices = {item: catalogue.price(item, region) for item in fleet.covered}
    usd = (Decimal(fleet.covered[i]) * price.tiers[0].usd for i, price in prices.items() if price)
    return sum(usd, Decimal(0))


def _price(item: str, unit: str, usd: Decimal, source: str) -> Price:
    tiers = (Tier(Decimal(0), usd),)
    return Price(item, "global", unit, tiers, None, source, Confidence.NEGOTIATED)


IDLE = Work(0.0, 0.0, 0.0)

W = TypeVar("W", bound=Workload)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which conditions a plan is priced."""

    period: Period
    catalogue: Catalogue
    profile: Profile = Profile.TYPICAL
    """Which guesses are taken for use that the spec does not state."""
    terms: Terms = LIST


@dataclass(frozen=True, slots=True)
class Pricing(Generic[W]):
    """A plan that is priced under a workload."""

    graph: Graph
    plan: Plan
    conditions: Conditions
    workload: W

    def usage(self, name: str) -> dict[str, float]:
        """What a component uses in a month: what the spec says, else the profile's default."""
        used = self.graph.spec.traffic.usage.get(name, Usage())
        written: dict[str, float] = used.model_dump(exclude_none=True)
        kind = self.graph.kind(self.graph.spec.components[name])
        profile = str(self.conditions.profile)
        guessed = {field: float(getattr(a, profile)) for field, a in kind.usage.items()}
        return guessed | written

    def loads(self, scenario: str | None) -> dict[str, Load]:
        """What each component does in a scenario; with None, while no task runs."""
        requests = self._requests()
        return {name: self._load(name, scenario, requests) for name in self.graph.spec.components}

    def load(self, name: str, scenario: str | None) -> Load:
        """What one component does in a scenario; with None, while no task runs."""
        return self._load(name, scenario, self._requests())

    def _requests(self) -> dict[str, float]:
        """Requests to each component with tasks."""
        return {name: self.workload.requests(name) for name, _ in self.graph.fleets()}

    def _load(self, name: str, scenario: str | None, requests: Mapping[str, float]) -> Load:
        period, work = self.conditions.period, IDLE
        if scenario is not None and name in requests:
            work = self.workload.work(name, scenario)
        reached = requests_of(self.graph, name, period, requests)
        tasks_h = work.on_demand_task_h, work.spot_task_h
        return Load(period.hours, period.months, self.usage(name), *tasks_h, reached)

    def abandoned(self) -> dict[str, Load]:
        """What each component does while no task runs and nobody comes."""
        period = self.conditions.period
        return {
            name: Load(period.hours, period.months, self._stored(name))
            for name in self.graph.spec.components
        }

    def _stored(self, name: str) -> dict[str, float]:
        """The use of a component of which nothing is left but what lies there."""
        assumed = self.graph.kind(self.graph.spec.components[name]).usage
        stored = {field for field, assumption in assumed.items() if assumption.stored}
        return {field: n if field in stored else 0.0 for field, n in self.usage(name).items()}

    def bill(self, loads: Mapping[str, Load], scenario: str | None) -> Bill:
        """The bill of some loads; a Savings Plan covers tasks as they run in the scenario."""
        conditions, region = self.conditions, self.plan.region
        kinds = {n: c.kind for n, c in self.graph.spec.components.items()}
        allowances = conditions.terms.allowances
        base_bill = bill(self.plan.meters, loads, kinds, conditions.catalogue, region, allowances)
        if conditions.terms.savings_plan is None:
            return base_bill
        on_demand: Iterable[Decimal] = ()
        if scenario is not None:
            on_demand = on_demand_usd_by_hour(
                self.graph, self.workload, scenario, conditions.catalogue, region
            )
        promised = conditions.terms.savings_plan
        extra = savings_plan_lines(promised, tuple(on_demand), conditions.period)
        return Bill((*base_bill.lines, *extra))

    def total_usd(self, scenario: str | None) -> Decimal:
        """USD of a scenario; with None, of the same visitors and no task."""
        return self.bill(self.loads(scenario), scenario).total_usd


def requests_of(graph: Graph, name: str, period: Period, requests: Mapping[str, float]) -> float:
    """Requests that reach a component: its own, or those of the services that it routes to.

    Args:
        graph: the environment.
        name: the component.
        period: the time in which they come.
        requests: those to each service in the period.
    """
    written = graph.spec.traffic.usage.get(name)
    if written is not None and written.requests is not None:
        return written.requests * period.months
    if name in requests:
        return requests[name]
    behind = {e.target for e in graph.edges_from(name, Relation.ROUTES_TO)}
    return fsum(requests[service] for service in sorted(behind & requests.keys()))
