"""An estimate with everything that a simulation knows: spread, service levels, assumptions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, stdev

from compiler.graph.graph import Graph
from compiler.plan.plan import Load, Meter, Plan
from cost.bill.bill import bill
from cost.bill.closed_form import ServiceLevel, Work
from cost.bill.distribution import Distribution, shift_to_mean
from cost.bill.estimate import Assumed, Estimate, estimated
from cost.bill.pricing import Conditions, Pricing, requests_of
from cost.bill.tasks import WRITTEN
from cost.simulation.months import Course, Months, Runs, simulated
from cost.simulation.service import Service, metric_delay_s
from trazo_spec.docstrings import field_docstrings
from trazo_spec.simulation import Simulation, SpotMarket
from trazo_spec.traffic import Demand

SPOT_ITEMS = "fargate_spot_"
UNITS = {
    "_s": "s",
    "_share": "share",
    "_share_per_month": "share/month",
    "_per_task_month": "per task and month",
    "noise": "share",
}
"""What the end of a field's name says of its unit."""


def simulated_estimate(
    graph: Graph,
    plan: Plan,
    conditions: Conditions,
    runs: Runs = Runs(),  # noqa: B008 - a tuple never changes
) -> Estimate:
    """The estimate of an environment from simulated months.

    The bill has every line at its mean quantity and at the catalogue's price; the months give the
    spread of the total around it.

    Args:
        graph: the environment.
        plan: what it becomes.
        conditions: period, prices and terms.
        runs: how many months are simulated.
    """

    def pricing(months: Months) -> Pricing[Workloads]:
        return Pricing(graph, plan, conditions, Workloads(months))

    def spread(months: Months) -> tuple[float, float]:
        mean_usd, totals = totals_of(pricing(months))
        return mean_usd, stdev(totals) if len(totals) > 1 else 0.0

    months = simulated(graph, conditions.period, runs, spread)
    totals = shift_to_mean(*totals_of(pricing(months)))
    distribution = Distribution(runs.seed, months.wanted, totals)
    return estimated(pricing(months), distribution, _assumptions(graph, months))


@dataclass(frozen=True, slots=True)
class Workloads:
    """What services do on average in simulated months."""

    months: Months

    def work(self, service: str, scenario: str) -> Work:
        """What a service does in a scenario."""
        course = self._course(service, scenario)
        hours = (course.mean(field) / 3600 for field in ("on_demand_s", "spot_s", "on_s"))
        return Work(*hours)

    def requests(self, service: str) -> float:
        """Requests to a service in the period."""
        return float(fmean(_requests(self.months, self._service(service))))

    def baseline_tasks(self, service: str) -> int:
        """Tasks at the peak of demand when no schedule stops them."""
        return self.months.baseline_tasks[service]

    def by_hour(self, service: str, scenario: str) -> Sequence[tuple[float, float]]:
        """Mean tasks that serve, and mean tasks on demand, for each hour from the start on."""
        return [(row[0], row[1]) for row in self._course(service, scenario).hourly.tolist()]

    def service_level(self, service: str) -> ServiceLevel | None:
        """As written."""
        course = self._course(service, WRITTEN)
        asked = course.mean("demand") or 1.0
        return ServiceLevel(
            course.mean("refused") / asked,
            course.mean("excess") / asked,
            course.mean("outage_s") / 60,
            course.mean("longest_outage_s") / 60,
            course.mean("spot_lost_s") / 60,
            course.mean("interruptions"),
        )

    def _course(self, service: str, scenario: str) -> Course:
        return self.months.courses[scenario][service]

    def _service(self, name: str) -> Service:
        return next(s for s in self.months.services if s.name == name)


def _requests(months: Months, service: Service) -> list[float]:
    """Requests to a service in each month."""
    asked = months.courses[WRITTEN][service.name].outcomes["demand"] * months.clock.step_s
    requests: list[float] = (asked * service.requests_per_task_s).tolist()
    return requests


def totals_of(pricing: Pricing[Workloads]) -> tuple[float, list[float]]:
    """USD of the mean month, and of each month up to what is the same in all of them."""
    loads = pricing.loads(WRITTEN)
    return float(pricing.bill(loads, WRITTEN).total_usd), monthly_totals(pricing, loads)


def monthly_totals(pricing: Pricing[Workloads], mean: Mapping[str, Load]) -> list[float]:
    """USD of each month, without what is the same in all of them.

    Args:
        pricing: how simulated months are priced.
        mean: the mean load of every component.
    """
    graph, months, region = pricing.graph, pricing.workload.months, pricing.plan.region
    conditions = pricing.conditions
    meters = _varying(graph, pricing.plan.meters, mean)
    requests = {s.name: _requests(months, s) for s in months.services}
    courses = months.courses[WRITTEN]
    hours = {
        s.name: (courses[s.name].outcomes["on_demand_s"], courses[s.name].outcomes["spot_s"])
        for s in months.services
    }
    free, catalogue = conditions.terms.allowances, conditions.catalogue
    totals = []
    for month, factor in enumerate(months.price_factors.tolist()):
        of_month = {name: each[month] for name, each in requests.items()}
        loads = dict(mean)
        for name in {meter.component for meter in meters}:
            on_demand_s, spot_s = hours.get(name, (None, None))
            loads[name] = replace(
                loads[name],
                on_demand_task_h=0.0 if on_demand_s is None else float(on_demand_s[month]) / 3600,
                spot_task_h=0.0 if spot_s is None else float(spot_s[month]) / 3600,
                requests=requests_of(graph, name, conditions.period, of_month),
            )
        one = bill(meters, loads, {}, catalogue, region, free)
        totals.append(float(one.total_usd) + float(one.of(SPOT_ITEMS)) * (factor - 1))
    return totals


def _varying(graph: Graph, meters: Sequence[Meter], loads: Mapping[str, Load]) -> tuple[Meter, ...]:
    """The meters whose lines differ from month to month, with those that share their tiers."""
    services = {name for name, _ in graph.fleets()}
    moved = {
        meter.item
        for meter in meters
        if meter.component in services or loads[meter.component].requests
    }
    return tuple(meter for meter in meters if meter.item in moved)


def _assumptions(graph: Graph, months: Months) -> Iterator[Assumed]:
    """Everything about time and luck that no fact settles."""
    assumed = graph.spec.simulation
    for name in ("noise", "noise_correlation_s", "growth_share_per_month"):
        for service in months.services:
            yield _field(service.name, name, service.demand, Demand)
    for name in Simulation.model_fields:
        if name == "metric_delay_s" and assumed.metric_delay_s is None:
            reason = field_docstrings(Simulation)[name]
            yield Assumed("simulation", name, metric_delay_s(assumed), "s", reason, "default")
        elif name not in ("spot", "lags"):
            yield _field("simulation", name, assumed, Simulation)
    for name in SpotMarket.model_fields:
        yield _field("simulation.spot", name, assumed.spot, SpotMarket)


def _field(
    owner: str,
    name: str,
    value: Demand | Simulation | SpotMarket,
    model: type[Demand | Simulation | SpotMarket],
) -> Assumed:
    unit = next(unit for suffix, unit in UNITS.items() if name.endswith(suffix))
    reason = field_docstrings(model)[name]
    stated = name in value.model_fields_set
    return Assumed(owner, name, getattr(value, name), unit, reason, "spec" if stated else "default")
