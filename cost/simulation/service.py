"""A service, which is a component with tasks, as the numbers that its months come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from compiler.aws.placement import subnet_ids
from compiler.graph.graph import Graph, Relation
from compiler.plan.fleet import Fleet
from cost.bill.calendar import Period
from cost.bill.tasks import (
    Measures,
    demand_of,
    spot_tasks,
    stretches,
    unscheduled,
)
from cost.simulation.kernel import Mode, Reaction, Split
from cost.simulation.weather import Clock, steps_of
from trazo_spec.base import Placed
from trazo_spec.schedule import Interval, bounds_over
from trazo_spec.simulation import Simulation
from trazo_spec.traffic import Demand

# Target tracking of ECS, seen in many accounts: "high" is above the target for 3 of 3 periods,
# "low" below nine tenths of it for 15 of 15. AWS itself says "usually more than 10 % lower":
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
HIGH_PERIODS, LOW_PERIODS, LOW_SHARE = 3, 15, 0.9
# AWS's benchmark of 18 June 2026: 363 s from a rise of load until tasks are added with a metric
# each 60 s, 86 s with one each 20 s; three periods of it are the alarm's.
# https://aws.amazon.com/about-aws/whats-new/2026/06/amazon-ecs-faster-autoscaling/
TRIGGER_S = {60: 363.0, 20: 86.0}
MINIMUM_BILLED_S = 60.0
"""The least that is billed for a Linux task, in seconds: https://aws.amazon.com/fargate/pricing/"""


@dataclass(frozen=True, slots=True)
class Service:
    """What stays the same in all months of a service."""

    name: str
    fleet: Fleet
    demand: Demand
    clock: Clock
    base: np.ndarray
    """Mean demand in tasks of 100 percent CPU, shape (steps,)."""
    bounds: tuple[Interval, ...]
    """By the schedule; where there is none, one interval."""
    always: tuple[Interval, ...]
    """Without the schedule."""
    reaction: Reaction
    """As written: by target tracking, if the service has a target."""

    @property
    def requests_per_task_s(self) -> float:
        """Requests that one task at 100 percent CPU answers in a second."""
        return self.fleet.vcpu / self.demand.cpu_s_per_request

    @property
    def most_tasks(self) -> int:
        """The largest upper bound, with and without the schedule."""
        return max(interval.max for interval in (*self.bounds, *self.always))

    def limits(self, measures: Measures, delay_s: float) -> tuple[np.ndarray, np.ndarray]:
        """Fewest and most tasks at each step, both of shape (steps,)."""
        intervals = self.bounds if measures.scheduled else self.always
        return per_step(intervals, self.clock, delay_s)

    def split(self, measures: Measures) -> Split:
        """Tasks by capacity, for each number of them."""
        count = np.arange(self.most_tasks + 1)
        spot = np.array([spot_tasks(self.fleet.capacity, int(n)) for n in count])
        if not measures.spot:
            spot = np.zeros_like(spot)
        return Split(count - spot, spot)

    def reacting(self, measures: Measures, baseline_tasks: int) -> Reaction:
        """How the service reacts under some measures."""
        if self.fleet.scaling.target_cpu_percent is None:
            return self.reaction
        if measures.autoscaled:
            return self.reaction
        fixed = {"mode": int(Mode.FIXED), "fixed_tasks": baseline_tasks}
        return self.reaction._replace(**fixed, first_tasks=baseline_tasks)


def services(graph: Graph, period: Period, clock: Clock) -> tuple[Service, ...]:
    """The services of an environment, in the order of the graph."""
    return tuple(_service(graph, name, fleet, period, clock) for name, fleet in graph.fleets())


def clock_of(period: Period, simulation: Simulation) -> Clock:
    """Steps as long as the time between two measurements of CPU use."""
    step_s = float(simulation.metric_period_s)
    return Clock(max(round(period.hours * 3600 / step_s), 1), step_s)


def metric_delay_s(assumed: Simulation) -> float:
    """How old CPU use is when the alarms see it, in seconds.

    >>> metric_delay_s(Simulation(metric_period_s=20))
    26.0
    """
    if assumed.metric_delay_s is not None:
        return assumed.metric_delay_s
    return TRIGGER_S[assumed.metric_period_s] - HIGH_PERIODS * assumed.metric_period_s


def zone_count(graph: Graph, name: str) -> int:
    """Availability zones that the tasks of a service are spread over."""
    component = graph.spec.components[name]
    network = component.network if isinstance(component, Placed) else None
    return len(subnet_ids(network, "private", graph)) or 1


def _service(graph: Graph, name: str, fleet: Fleet, period: Period, clock: Clock) -> Service:
    demand, scaling = demand_of(graph, name), fleet.scaling
    bounds = bounds_over(scaling, period.start, period.end)
    always = bounds_over(unscheduled(scaling), period.start, period.end)
    base = _base(demand, fleet, period, clock)
    return Service(
        name, fleet, demand, clock, base, bounds, always, _reaction(graph, name, fleet, clock, base)
    )


def _base(demand: Demand, fleet: Fleet, period: Period, clock: Clock) -> np.ndarray:
    timeline = stretches(demand, period.start, period.end)
    edges = [(s.start - period.start).total_seconds() for s in timeline]
    rates = np.array([s.requests_per_s for s in timeline])
    moments_s = np.arange(clock.steps) * clock.step_s
    tasks_per_request_s = demand.cpu_s_per_request / fleet.vcpu
    return rates[np.searchsorted(edges, moments_s, side="right") - 1] * tasks_per_request_s


def per_step(
    intervals: Sequence[Interval], clock: Clock, delay_s: float
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds at each step; a change within a step counts from the next one on."""
    low = np.empty(clock.steps, np.int64)
    high = np.empty(clock.steps, np.int64)
    start = intervals[0].start
    for interval in intervals:
        later_s = (interval.start - start).total_seconds()
        first = ceil((later_s + (delay_s if later_s else 0.0)) / clock.step_s)
        low[first:], high[first:] = interval.min, interval.max
    return low, high


def _reaction(graph: Graph, name: str, fleet: Fleet, clock: Clock, base: np.ndarray) -> Reaction:
    assumed, scaling = graph.spec.simulation, fleet.scaling
    target = scaling.target_cpu_percent
    target_share = (target or 100) / 100
    mode = Mode.TRACKING if assumed.lags else Mode.IDEAL
    checked_s = fleet.check_s / 2  # the first check passes, on average after half
    routed = any(e.relation is Relation.ROUTES_TO for e in graph.edges_to(name))
    start_s = assumed.provisioning_s + assumed.image_pull_s + assumed.boot_s
    reaction = Reaction(
        mode=int(Mode.FIXED if target is None else mode),
        fixed_tasks=0,
        first_tasks=ceil(base[0] / target_share - 1e-9) if target else 0,
        target_share=target_share,
        low_share=target_share * LOW_SHARE,
        high_periods=HIGH_PERIODS,
        low_periods=LOW_PERIODS,
        metric_delay_steps=round(metric_delay_s(assumed) / clock.step_s),
        out_cooldown_steps=steps_of(scaling.scale_out_cooldown_s, clock),
        in_cooldown_steps=steps_of(scaling.scale_in_cooldown_s, clock),
        step_s=clock.step_s,
        start_steps=steps_of(start_s + (checked_s if routed else 0.0), clock),
        unbilled_s=assumed.provisioning_s,
        drain_s=fleet.drain_s if routed else 0.0,
        interrupted_s=fleet.stop_s,
        minimum_s=MINIMUM_BILLED_S,
        zones=zone_count(graph, name),
    )
    if assumed.lags:
        return reaction
    return reaction._replace(start_steps=0, unbilled_s=0.0, drain_s=0.0, interrupted_s=0.0)
