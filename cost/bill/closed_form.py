"""What services do in a period, in closed form: no noise, no lags, no interruptions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Protocol

from compiler.graph.graph import Graph
from compiler.plan.fleet import Fleet
from cost.bill.calendar import Period
from cost.bill.tasks import (
    SCENARIOS,
    baseline_tasks,
    demand_of,
    running,
    task_hours,
    total_requests,
)

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Work:
    """What a service does over a period in one scenario."""

    on_demand_task_h: float
    """Hours of tasks on FARGATE, over all tasks."""
    spot_task_h: float
    """Hours of tasks on FARGATE_SPOT, over all tasks."""
    on_h: float
    """Hours in which at least one task runs."""


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """What scaling and Spot do to the visitors of a service, as means of many months."""

    refused_share: float
    """The part of all requests that find no task, 0 to 1."""
    excess_share: float
    """The part of all demand for CPU above what the tasks have, 0 to 1."""
    outage_minutes: float
    """Without a task, though the bounds allow some."""
    longest_outage_minutes: float
    """The longest one of a month."""
    spot_minutes_lost: float
    """Minutes of tasks that are missing after interruptions."""
    interruptions: float
    """Tasks that AWS interrupts."""


class Workload(Protocol):
    """Where an estimate takes from what services do."""

    def work(self, service: str, scenario: str) -> Work:
        """What a service does in a scenario."""

    def requests(self, service: str) -> float:
        """Requests to a service in the period, the same in all scenarios."""

    def baseline_tasks(self, service: str) -> int:
        """Tasks at the peak of demand when no schedule stops them."""

    def by_hour(self, service: str, scenario: str) -> Sequence[tuple[float, float]]:
        """Mean tasks that serve, and mean tasks on demand, for each hour from the start on."""

    def service_level(self, service: str) -> ServiceLevel | None:
        """As written; None where only a simulation knows."""


@dataclass(frozen=True, slots=True)
class ClosedForm:
    """The workload of an environment, worked out exactly."""

    graph: Graph
    period: Period

    def work(self, service: str, scenario: str) -> Work:
        """What a service does in a scenario."""
        hours = task_hours(
            self._fleet(service),
            demand_of(self.graph, service),
            self.period.start,
            self.period.end,
            SCENARIOS[scenario],
        )
        return Work(hours.on_demand_h, hours.spot_h, hours.on_h)

    def requests(self, service: str) -> float:
        """Requests to a service in the period."""
        return total_requests(demand_of(self.graph, service), self.period.start, self.period.end)

    def baseline_tasks(self, service: str) -> int:
        """Tasks at the peak of demand when no schedule stops them."""
        demand, period = demand_of(self.graph, service), self.period
        return baseline_tasks(self._fleet(service), demand, period.start, period.end)

    def by_hour(self, service: str, scenario: str) -> Sequence[tuple[float, float]]:
        """Mean tasks that serve, and mean tasks on demand, for each hour from the start on."""
        start, end = self.period.start, self.period.end
        demand = demand_of(self.graph, service)
        tasks = [0.0] * ceil(self.period.hours)
        on_demand = [0.0] * len(tasks)
        for stretch in running(self._fleet(service), demand, start, end, SCENARIOS[scenario]):
            for hour, share in _hours(start, stretch.start, stretch.end):
                tasks[hour] += (stretch.on_demand + stretch.spot) * share
                on_demand[hour] += stretch.on_demand * share
        return tuple(zip(tasks, on_demand, strict=True))

    def service_level(self, service: str) -> ServiceLevel | None:  # noqa: ARG002 the protocol's
        """None: nothing is refused or interrupted here."""
        return None

    def _fleet(self, service: str) -> Fleet:
        return dict(self.graph.fleets())[service]


def _hours(origin: datetime, start: datetime, end: datetime) -> Iterator[tuple[int, float]]:
    """The hours since `origin` that a stretch of time touches, each with its share of that hour."""
    hour = int((start - origin) / HOUR)
    while origin + hour * HOUR < end:
        begin = origin + hour * HOUR
        yield hour, (min(end, begin + HOUR) - max(start, begin)) / HOUR
        hour += 1
