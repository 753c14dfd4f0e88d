"""Requests per second of a service, hour by hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import fsum

from compiler.graph.graph import Graph
from cost.bill.calendar import HOURS_PER_MONTH
from trazo_spec.schedule import Interval, awake, zone
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
    found: list[Stretch] = []
    at = start
    while at < end:
        local = at.astimezone(clock)
        gone_s = (local.minute * 60 + local.second) % slot_s
        until = min(at + timedelta(seconds=slot_s - gone_s), end)
        grown = (1 + demand.growth_share_per_month) ** ((at - start) / A_MONTH)
        found.append(Stretch(at, until, requests_per_s(demand, local) * grown))
        at = until
    return tuple(found)


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
