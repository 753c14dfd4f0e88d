"""Requests to a service hour by hour, and how many of its tasks run for them, in closed form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil, fsum
from typing import NamedTuple

from compiler.graph.graph import Graph
from compiler.plan.fleet import Fleet
from cost.bill.calendar import HOURS_PER_MONTH
from trazo_spec.components.capacity import Capacity
from trazo_spec.schedule import Interval, Scaling, awake, bounds_over, zone
from trazo_spec.traffic import BUSY_HOURS, WORKING_DAYS, Demand

# Chosen: a site for one country is not silent outside of its busy hours.
QUIET_SHARE = 0.1
A_MONTH = timedelta(hours=HOURS_PER_MONTH)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time with the same demand."""

    start: datetime
    """The first moment, in UTC."""
    end: datetime
    """The first moment after it, in UTC."""
    requests_per_s: float


@lru_cache(maxsize=64)  # every scenario asks for the same months
def stretches(demand: Demand, start: datetime, end: datetime) -> tuple[Stretch, ...]:
    """Demand from `start` until before `end`, one stretch an hour of the audience's clock.

    Of a trace, one stretch for each of its slots.
    """
    clock = zone(demand.timezone)
    slot_s = demand.trace.series.slot_s if demand.trace else 3600
    slots: list[Stretch] = []
    moment = start
    while moment < end:
        local = moment.astimezone(clock)
        gone_s = (local.minute * 60 + local.second) % slot_s
        until = min(moment + timedelta(seconds=slot_s - gone_s), end)
        grown = (1 + demand.growth_share_per_month) ** ((moment - start) / A_MONTH)
        slots.append(Stretch(moment, until, requests_per_s(demand, local) * grown))
        moment = until
    return tuple(slots)


def requests_per_s(demand: Demand, local: datetime) -> float:
    """Requests per second at a moment on the audience's clock.

    >>> monday_noon = datetime(2026, 11, 23, 12)
    >>> requests_per_s(Demand(profile="business_hours", peak_requests_per_s=4.0), monday_noon)
    4.0
    """
    if demand.trace is not None:
        return demand.trace.series.at(local)
    if demand.hourly is not None:
        return demand.hourly[(local.weekday() * 24 + local.hour) % len(demand.hourly)]
    busy = BUSY_HOURS.get(demand.profile)
    if busy is None:
        return demand.peak_requests_per_s
    working = demand.profile != "business_hours" or local.weekday() in WORKING_DAYS
    return demand.peak_requests_per_s * (1.0 if working and local.hour in busy else QUIET_SHARE)


def peak_requests_per_s(demand: Demand) -> float:
    """Requests per second at the busiest moment of a week, without growth and noise."""
    if demand.trace is not None:
        return max(demand.trace.series.requests_per_s)
    return max(demand.hourly) if demand.hourly else demand.peak_requests_per_s


def demand_of(graph: Graph, service: str) -> Demand:
    """The demand on a service, the default one where the spec says nothing."""
    return graph.spec.traffic.demand.get(service, Demand())


def missed_share(demand: Demand, bounds: Sequence[Interval]) -> float:
    """The part of all requests that come while no task may run, 0 to 1."""
    start, end = bounds[0].start, bounds[-1].end
    whole = total_requests(demand, start, end)
    running = {interval.start: interval.end for interval in awake(bounds)}
    served = fsum(
        s.requests_per_s * (min(s.end, until) - max(s.start, begin)).total_seconds()
        for begin, until in running.items()
        for s in stretches(demand, start, end)
        if s.start < until and begin < s.end
    )
    return 1 - served / whole if whole else 0.0


@lru_cache(maxsize=256)
def total_requests(demand: Demand, start: datetime, end: datetime) -> float:
    """Requests from `start` until before `end`."""
    return fsum(
        s.requests_per_s * (s.end - s.start).total_seconds() for s in stretches(demand, start, end)
    )


# Without it 4 x 0.05 / (0.25 x 0.8) would be 1.0000000000000002 tasks, which rounds up to 2.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Measures:
    """Which of the three ways to save are used."""

    autoscaled: bool
    """Whether the number of tasks follows demand, instead of staying at its peak."""
    scheduled: bool
    """Whether the schedule changes the bounds, instead of always allowing `min` to `max`."""
    spot: bool
    """Whether the capacity is as written, instead of all on demand."""


AS_WRITTEN = Measures(autoscaled=True, scheduled=True, spot=True)
SCENARIOS: Mapping[str, Measures] = {
    "on_demand_always_on": Measures(autoscaled=False, scheduled=False, spot=False),
    "autoscaled": Measures(autoscaled=True, scheduled=False, spot=False),
    "autoscaled_schedule": Measures(autoscaled=True, scheduled=True, spot=False),
    "autoscaled_schedule_spot": AS_WRITTEN,
    "schedule_only": Measures(autoscaled=False, scheduled=True, spot=False),
    "spot_only": Measures(autoscaled=False, scheduled=False, spot=True),
}
"""What is compared, the first one being what the others save against."""
ALWAYS_ON = "on_demand_always_on"
"""The scenario that the others save against."""
WRITTEN = "autoscaled_schedule_spot"
"""The scenario of the spec as it is written."""
SCENARIO_TITLES: Mapping[str, str] = {
    "on_demand_always_on": "on demand, always on",
    "autoscaled": "autoscaled",
    "autoscaled_schedule": "autoscaled + schedule",
    "autoscaled_schedule_spot": "autoscaled + schedule + Spot (as written)",
    "schedule_only": "schedule only",
    "spot_only": "Spot only",
}
"""What each scenario is called in tables."""


@dataclass(frozen=True, slots=True)
class TaskHours:
    """The tasks of a service over a period."""

    on_demand_h: float
    """Hours of tasks on FARGATE, over all tasks."""
    spot_h: float
    """Hours of tasks on FARGATE_SPOT, over all tasks."""
    on_h: float
    """Hours in which at least one task runs."""
    off_h: float
    """Hours in which none runs."""
    intervals: tuple[Interval, ...]
    """The bounds over the period."""


def wanted_tasks(fleet: Fleet, requests_per_s: float, cpu_s_per_request: float) -> int:
    """Tasks that keep CPU use at its target, before any bounds.

    >>> quarter = Fleet(0.25, Scaling(), Capacity(), {}, check_s=30, drain_s=60, stop_s=30)
    >>> wanted_tasks(quarter, requests_per_s=4.0, cpu_s_per_request=0.05)  # 0.2 / (0.25 x 0.8)
    1
    """
    target = (fleet.scaling.target_cpu_percent or 100) / 100
    return ceil(requests_per_s * cpu_s_per_request / (fleet.vcpu * target) - ROUNDING)


def baseline_tasks(fleet: Fleet, demand: Demand, start: datetime, end: datetime) -> int:
    """The most tasks that the autoscaled service runs when no schedule stops it."""
    low, high = fleet.scaling.min, fleet.scaling.max
    if fleet.scaling.target_cpu_percent is None:
        return low
    peak = max((s.requests_per_s for s in stretches(demand, start, end)), default=0.0)
    return _within(wanted_tasks(fleet, peak, demand.cpu_s_per_request), low, high)


class Running(NamedTuple):
    """A stretch of time with the same number of tasks."""

    start: datetime
    end: datetime
    """The first moment after it."""
    on_demand: float
    """Tasks on FARGATE, as a mean."""
    spot: float
    """Tasks on FARGATE_SPOT, as a mean."""

    @property
    def hours(self) -> float:
        """Its length, in hours."""
        return (self.end - self.start).total_seconds() / 3600


def task_hours(
    fleet: Fleet, demand: Demand, start: datetime, end: datetime, measures: Measures = AS_WRITTEN
) -> TaskHours:
    """Hours of tasks by capacity from `start` until before `end`."""
    intervals = _intervals(fleet, start, end, measures)
    timeline = tuple(_running(fleet, demand, intervals, measures))
    on_h = fsum(stretch.hours for stretch in timeline if stretch.on_demand or stretch.spot)
    return TaskHours(
        fsum(stretch.on_demand * stretch.hours for stretch in timeline),
        fsum(stretch.spot * stretch.hours for stretch in timeline),
        on_h,
        (end - start).total_seconds() / 3600 - on_h,
        intervals,
    )


def running(
    fleet: Fleet, demand: Demand, start: datetime, end: datetime, measures: Measures = AS_WRITTEN
) -> Iterator[Running]:
    """How many tasks run when, from `start` until before `end`."""
    yield from _running(fleet, demand, _intervals(fleet, start, end, measures), measures)


def _running(
    fleet: Fleet, demand: Demand, intervals: tuple[Interval, ...], measures: Measures
) -> Iterator[Running]:
    """The same within bounds that are known."""
    start, end = intervals[0].start, intervals[-1].end
    scaling = fleet.scaling
    peak = baseline_tasks(fleet, demand, start, end)
    asleep = set(intervals) - set(awake(intervals))
    for stretch, bounds in _overlaps(stretches(demand, start, end), intervals):
        wanted = peak
        if scaling.target_cpu_percent is None:
            wanted = 0
        elif measures.autoscaled:
            wanted = wanted_tasks(fleet, stretch.requests_per_s, demand.cpu_s_per_request)
        tasks = 0 if bounds in asleep else _within(wanted, bounds.min, bounds.max)
        on_spot = spot_tasks(fleet.capacity, tasks) if measures.spot else 0.0
        yield Running(stretch.start, stretch.end, tasks - on_spot, on_spot)


def _intervals(
    fleet: Fleet, start: datetime, end: datetime, measures: Measures
) -> tuple[Interval, ...]:
    scaling = fleet.scaling if measures.scheduled else unscheduled(fleet.scaling)
    return bounds_over(scaling, start, end)


def unscheduled(scaling: Scaling) -> Scaling:
    """The same bounds at all times."""
    return scaling.model_copy(update={"schedule": None})


def spot_tasks(capacity: Capacity, tasks: int) -> float:
    """How many of some tasks run on Spot: bases first, the rest by weight, as a mean.

    AWS publishes how base and weight work, not how it rounds:
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html

    >>> from trazo_spec.components.capacity import CapacityProvider
    >>> mixed = Capacity(on_demand=CapacityProvider(base=1, weight=0), spot=CapacityProvider())
    >>> [spot_tasks(mixed, n) for n in (0, 1, 3)]
    [0.0, 0.0, 2.0]
    """
    spot, on_demand = capacity.spot, capacity.on_demand
    spot_base, spot_weight = (spot.base, spot.weight) if spot else (0, 0)
    other_base, other_weight = (on_demand.base, on_demand.weight) if on_demand else (0, 0)
    based = min(tasks, spot_base)
    rest = max(tasks - spot_base - other_base, 0)
    weights = spot_weight + other_weight
    return float(based) + (rest * spot_weight / weights if weights else 0.0)


def _within(tasks: int, low: int, high: int) -> int:
    return max(low, min(tasks, high))


def _overlaps(
    demand: tuple[Stretch, ...], bounds: tuple[Interval, ...]
) -> Iterator[tuple[Stretch, Interval]]:
    """Both sequences cut at each other's edges; they cover the same period without gaps."""
    i = j = 0
    while i < len(demand) and j < len(bounds):
        start = max(demand[i].start, bounds[j].start)
        end = min(demand[i].end, bounds[j].end)
        if start < end:
            yield Stretch(start, end, demand[i].requests_per_s), bounds[j]
        if demand[i].end <= bounds[j].end:
            i += 1
        else:
            j += 1
