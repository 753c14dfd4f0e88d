"""Rules about the hours of a service and those of the people it is for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, rule
from compiler.rules.scheduling.course import first_year
from compiler.rules.scheduling.service import ScaledService, services, sound
from trazo_spec.diagnostics import Severity
from trazo_spec.schedule import Schedule, Window, awake, bounds_over, known_zone, resolve, zone
from trazo_spec.schedule.week import FULL_DAY_NAMES, day_field
from trazo_spec.traffic import Demand, busy_hours

JANUARY, JULY = 1, 7
"""A week in winter and one in summer, on either half of the earth."""
A_WEEK, AN_HOUR = timedelta(days=7), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Missed:
    """Busy hours of an audience in which its service sleeps, in a week of winter or summer."""

    hours: tuple[tuple[int, int], ...]
    """Day, Monday is 0, and hour of the audience's clock, in order."""
    of: int
    """How many busy hours the week has."""


@rule("TZ526", Severity.INFO)
def clock_beside_the_audience(graph: Graph) -> Iterator[Finding]:
    """A schedule does not follow the daylight saving time of its audience.

    For visitors, the hours of the service then shift by an hour for part of the year.

    ```yaml
    schedule: {timezone: UTC, windows: [{days: MON-FRI, from: "12:00", to: "24:00"}]}                # bad
    demand: {web: {profile: business_hours, timezone: America/New_York}}
    schedule: {timezone: America/New_York, windows: [{days: MON-FRI, from: "07:00", to: "19:00"}]}   # good
    ```
    """  # noqa: E501 a schedule stands on one line
    for service, demand in _with_audience(graph):
        ours, theirs = zone(service.schedule.timezone), zone(demand.timezone)
        noons = [
            moment.replace(hour=12, tzinfo=ours).astimezone(theirs) for moment in seasons(service)
        ]
        noon = [f"{moment:%H:%M}" for moment in noons]
        if len(set(noon)) == 1:
            continue
        yield Finding(
            service.at(*(("timezone",) if "timezone" in service.schedule.model_fields_set else ())),
            f"12:00 in `{service.schedule.timezone}` is {noon[0]} in January and {noon[1]} in "
            f"July in `{demand.timezone}`, the time zone of the audience of `{service.name}`",
            f"write `timezone: {demand.timezone}`, and the hours in that time zone",
            (("traffic", "demand", service.name, "timezone"),),
        )


@rule("TZ527", Severity.WARNING)
def asleep_in_busy_hours(graph: Graph) -> Iterator[Finding]:
    """A service sleeps during the busiest hours of its audience.

    Busy hours are those of the profile, or those of `hourly` and `trace` with at least half as many
    requests as the busiest hour. The load balancer refuses requests while no task runs.

    ```yaml
    demand: {web: {profile: business_hours, timezone: America/New_York}}
    schedule: {timezone: UTC, windows: [{days: MON-FRI, from: "08:00", to: "20:00"}]}                # bad
    schedule: {timezone: America/New_York, windows: [{days: MON-FRI, from: "08:00", to: "20:00"}]}   # good
    ```
    """  # noqa: E501 a schedule stands on one line
    for service, demand in _with_audience(graph):
        weeks = [missed(service, demand, monday) for monday in seasons(service)]
        worst = max(weeks, key=lambda week: len(week.hours))
        if not worst.hours:
            continue
        counts = sorted({len(week.hours) for week in weeks})
        often = " to ".join(str(count) for count in counts)
        day, hour = worst.hours[0]
        other = better_clock(service, demand)
        yield Finding(
            service.at(),
            f"`{service.name}` sleeps during {often} of the {worst.of} busy hours of its "
            f"audience each week, such as {FULL_DAY_NAMES[(day + 1) % 7]} {hour:02}:00 in "
            f"`{demand.timezone}`",
            f"write `timezone: {demand.timezone}`"
            if other is not None
            else f"add windows that cover them: {_listed(windows_of(demand))}",
            (("traffic", "demand", service.name),),
        )


def seasons(service: ScaledService) -> tuple[datetime, ...]:
    """A Monday in winter and one in summer, in the year that the schedule begins in if it says."""
    year = first_year(resolve(service.scaling))
    tenths = (datetime(year, month, 10, tzinfo=UTC) for month in (JANUARY, JULY))
    return tuple(tenth + timedelta(days=-tenth.weekday() % 7) for tenth in tenths)


def missed(service: ScaledService, demand: Demand, monday: datetime) -> Missed:
    """The busy hours of the week after a day in which no task may run, for a part of them."""
    busy, clock = busy_hours(demand), zone(demand.timezone)
    # The week of a clock west of UTC ends later.
    bounds = bounds_over(service.scaling, monday - A_WEEK, monday + 2 * A_WEEK)
    running = [(i.start, i.end) for i in awake(bounds)]
    midnight = monday.replace(tzinfo=clock)
    misses = set()
    for local in (midnight + timedelta(days=day, hours=hour) for day, hour in busy):
        moment = local.astimezone(UTC)
        time_awake = sum(
            (
                max(min(end, moment + AN_HOUR) - max(start, moment), timedelta())
                for start, end in running
            ),
            timedelta(),
        )
        if time_awake < AN_HOUR:
            misses.add((local.weekday(), local.hour))
    return Missed(tuple(sorted(misses)), len(busy))


def better_clock(service: ScaledService, demand: Demand) -> Schedule | None:
    """The schedule on its audience's clock, if no busy hour is missed then."""
    if service.schedule.timezone == demand.timezone:
        return None
    moved = service.schedule.model_copy(update={"timezone": demand.timezone})
    there = replace(service, scaling=service.scaling.model_copy(update={"schedule": moved}))
    return (
        None if any(missed(there, demand, monday).hours for monday in seasons(service)) else moved
    )


def windows_of(demand: Demand) -> tuple[Window, ...]:
    """Windows that hold the busy hours of an audience and nothing else."""
    days: dict[tuple[int, int], list[int]] = {}
    busy = busy_hours(demand)
    for day in range(7):
        hours = sorted(hour for weekday, hour in busy if weekday == day)
        first = [h for h in hours if h - 1 not in hours]
        last = [h for h in hours if h + 1 not in hours]
        for span in zip(first, last, strict=True):
            days.setdefault(span, []).append(day)
    return tuple(
        Window.model_validate(
            {
                "days": "MON-SUN"
                if len(weekdays) == 7
                else day_field((day + 1) % 7 + 1 for day in weekdays),
                "from": f"{first:02}:00",
                "to": f"{last + 1:02}:00",
            }
        )
        for (first, last), weekdays in sorted(days.items())
    )


def _listed(windows: tuple[Window, ...]) -> str:
    return ", ".join(f'`{{days: {w.days}, from: "{w.from_}", to: "{w.to}"}}`' for w in windows)


def _with_audience(graph: Graph) -> Iterator[tuple[ScaledService, Demand]]:
    """Services with a schedule whose audience has busy hours."""
    for service in services(graph):
        demand = graph.spec.traffic.demand.get(service.name)
        if demand is None or not known_zone(demand.timezone) or not sound(service):
            continue
        if (service.schedule.actions or service.schedule.windows) and busy_hours(demand):
            yield service, demand
