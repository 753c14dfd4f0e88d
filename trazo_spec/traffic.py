"""What may be written about use: demand on services, and what AWS bills by volume."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import fmean
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from trazo_spec.base import Name, Strict

Quantity = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
"""A volume of use."""


def _day_or_week(hourly: tuple[float, ...]) -> tuple[float, ...]:
    if len(hourly) not in (24, 168):
        message = (
            f"`hourly` has {len(hourly)} numbers, but must have 24 for a day or 168 for a week"
        )
        raise PydanticCustomError("TZ215", message, {"help": "the week begins on Monday at 00:00"})
    return hourly


BUSY_HOURS = {"business_hours": range(9, 18), "evenings": range(17, 23)}
"""Profile -> the hours of its audience's clock in which demand is at its peak."""
WORKING_DAYS = range(5)
"""The days of `business_hours`; Monday is 0."""
# Chosen: an hour with half of the busiest one's requests is one that visitors expect to be served.
BUSY_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Series:
    """Requests over whole weeks, or whole days of less than a week, which then begin anew."""

    start: datetime
    """The first moment, on the clock of the audience, without a time zone."""
    slot_s: int
    """Length of a slot, in seconds; a divisor of an hour."""
    requests_per_s: tuple[float, ...]
    """Requests per second in each slot."""

    def at(self, local: datetime) -> float:
        """Requests per second at a moment of any year on the audience's clock.

        >>> monday = Series(datetime(2026, 11, 23), 3600, (1.0,) * 9 + (5.0,) * 15)
        >>> monday.at(datetime(2027, 3, 2, 9, 30))
        5.0
        """
        slot = (local.replace(tzinfo=None) - self.start) // timedelta(seconds=self.slot_s)
        return self.requests_per_s[slot % len(self.requests_per_s)]

    @property
    def by_hour_of_week(self) -> Mapping[tuple[int, int], float]:
        """Day, Monday is 0, and hour -> mean requests per second."""
        hours: dict[tuple[int, int], list[float]] = defaultdict(list)
        for i, rate in enumerate(self.requests_per_s):
            moment = self.start + timedelta(seconds=i * self.slot_s)
            hours[moment.weekday(), moment.hour].append(rate)
        return {hour: fmean(rates) for hour, rates in hours.items()}


class Trace(Strict):
    """Measured requests, repeated week by week."""

    file: Annotated[str, Field(min_length=1, max_length=512)]
    """Path of a CSV file of `timestamp,value`, relative to the spec's folder; timestamps without an
    offset are in `timezone`.
    """
    values: Literal["requests", "requests_per_s"] = "requests"
    """The meaning of the values: requests until the next timestamp, or requests per second."""
    scale: Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)] = 1.0
    """Factor for all values, for example for the trace of a smaller site."""
    _series: Series | None = PrivateAttr(default=None)

    @property
    def series(self) -> Series:
        """What the file holds; `ValueError` before `with_traces` has read it."""
        if self._series is None:
            raise ValueError(f"the trace {self.file!r} was not read: use trazo_spec.traces")
        return self._series

    @property
    def was_read(self) -> bool:
        """Whether `series` is there."""
        return self._series is not None

    def with_series(self, series: Series) -> "Trace":
        """The same trace with what its file holds."""
        read = self.model_copy()
        read._series = series  # a copy that nobody has seen yet
        return read


class Demand(Strict):
    """How many requests a service receives, and the CPU time of each."""

    profile: Literal["flat", "business_hours", "evenings"] = "flat"
    """The shape of a week: constant, weekdays 09-18, or every day 17-23."""
    timezone: str = "UTC"
    """The time zone of the audience, as an IANA name."""
    peak_requests_per_s: Quantity = 1.0
    """Requests per second in the busiest hour of the profile."""
    hourly: Annotated[tuple[Quantity, ...], AfterValidator(_day_or_week)] | None = None
    """Requests per second for each hour of a day (24 numbers) or of a week starting on Monday
    (168), instead of a profile.
    """
    trace: Trace | None = None
    """Measured requests, instead of a profile or hourly numbers."""
    cpu_s_per_request: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] = 0.05
    """CPU time of one request, in seconds of one vCPU."""
    noise: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)] = 0.0
    """How much demand varies around its profile: the standard deviation as a share of demand."""
    noise_correlation_s: Annotated[float, Field(ge=0, le=604_800, allow_inf_nan=False)] = 1800.0
    """How long a surge in demand lasts, in seconds: after this time, 37 percent of it is left."""
    growth_share_per_month: Annotated[float, Field(gt=-1, le=10, allow_inf_nan=False)] = 0.0
    """How much demand grows in a month of 730 hours, as a share, from the start of the period."""

    @model_validator(mode="after")
    def _one_shape(self) -> "Demand":
        beside = {"hourly", "profile", "peak_requests_per_s"} & self.model_fields_set
        if self.hourly is None:
            beside -= {"hourly"}
        if self.trace is not None and beside:
            fields = " and ".join(f"`{field}`" for field in sorted(beside))
            message = f"`trace` already defines the requests, so {fields} cannot be set with it"
            advice = "remove one of them; in an environment, `null` removes the value from the base"
            raise PydanticCustomError("TZ217", message, {"help": advice})
        return self


def busy_hours(demand: Demand) -> frozenset[tuple[int, int]]:
    """The busy hours of a week, as day (Monday is 0) and hour; none where all hours are alike.

    >>> sorted(busy_hours(Demand(profile="business_hours")))[:2]
    [(0, 9), (0, 10)]
    """
    week = [(day, hour) for day in range(7) for hour in range(24)]
    if demand.trace is not None:
        return _busiest(demand.trace.series.by_hour_of_week if demand.trace.was_read else {})
    if (hourly := demand.hourly) is not None:
        return _busiest({week_hour: hourly[i % len(hourly)] for i, week_hour in enumerate(week)})
    days = WORKING_DAYS if demand.profile == "business_hours" else range(7)
    hours = BUSY_HOURS.get(demand.profile, ())
    return frozenset((day, hour) for day, hour in week if day in days and hour in hours)


def _busiest(rates: Mapping[tuple[int, int], float]) -> frozenset[tuple[int, int]]:
    """The hours with at least BUSY_SHARE of the busiest one's requests; none if all have it."""
    least = BUSY_SHARE * max(rates.values(), default=0.0)
    busy = frozenset(hour for hour, rate in rates.items() if rate >= least)
    return frozenset() if len(busy) == len(rates) else busy


class Usage(Strict):
    """What a component uses in a month; every field has a default, which the bill shows."""

    requests: Quantity | None = None
    """Requests per month."""
    response_kb: Quantity | None = None
    """Size of a response, in kB."""
    requests_per_connection: (
        Annotated[float, Field(ge=0.001, le=1e6, allow_inf_nan=False)] | None
    ) = None
    """Mean number of requests that a client sends over one load balancer connection; below 1 if
    many connections are opened without sending a request.
    """
    connection_s: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)] | None = None
    """How long a load balancer connection stays open, in seconds."""
    cache_hit_share: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    """Share of CDN requests served from the cache, from 0 to 1."""
    gb_out: Quantity | None = None
    """Data sent to the internet per month, in GB."""
    gb_processed: Quantity | None = None
    """Data through NAT or interface endpoints per month, in GB."""
    gb_exchanged: Quantity | None = None
    """Data between tasks and a database or cache per month, in both directions, in GB."""
    stored_gb: Quantity | None = None
    """Mean amount of stored data over the month, in GB."""
    put_requests: Quantity | None = None
    """Write and list requests to a bucket per month."""
    get_requests: Quantity | None = None
    """Read requests to a bucket per month."""
    backup_gb: Quantity | None = None
    """Mean size of backups and snapshots over the month, in GB."""
    log_gb: Quantity | None = None
    """Logs per month, in GB: output of containers or of a database."""
    queries: Quantity | None = None
    """DNS queries per month that are not for an alias of an AWS resource."""
    api_calls: Quantity | None = None
    """Secrets Manager API calls per month."""
    image_gb: Quantity | None = None
    """Size of the container image in the registry, in GB."""


class Profile(StrEnum):
    """Which of three guesses is taken for use that a spec does not state."""

    LOW = "low"
    TYPICAL = "typical"
    HIGH = "high"


class Traffic(Strict):
    """Demand and usage from which the bill is estimated."""

    demand: dict[Name, Demand] = {}
    """Service -> its demand."""
    usage: dict[Name, Usage] = {}
    """Component -> its usage."""
