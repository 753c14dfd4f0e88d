"""Rules about the assumptions on use that the bill is estimated from."""

from collections.abc import Iterator

from compiler.graph import Graph
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.diagnostics import Severity
from trazo_spec.schedule import known_zone, similar_zones

HOURS_OF_A_DAY = 24
HOURS_OF_A_WEEK = 168


@rule("TZ331", Severity.ERROR, local=True)
def demand_timezone(graph: Graph) -> Iterator[Finding]:
    """The audience of a service lives in a time zone that does not exist.

    The hours of a demand profile are those of the audience, so the zone decides how much demand falls
    into the hours in which a service runs.

    ```yaml
    demand: {web: {profile: business_hours, timezone: America/NewYork}}    # bad
    demand: {web: {profile: business_hours, timezone: America/New_York}}   # good
    ```
    """
    for name, demand in graph.written.traffic.demand.items():
        if not known_zone(demand.timezone):
            similar = " or ".join(f"`{z}`" for z in similar_zones(demand.timezone))
            advice = f"did you mean {similar}?" if similar else "for example `UTC` or `Europe/Berlin`"
            message = f"`{demand.timezone}` is no time zone of the IANA database"
            yield Finding(("traffic", "demand", name, "timezone"), message, advice)


@rule("TZ332", Severity.ERROR, local=True)
def hours_of_demand(graph: Graph) -> Iterator[Finding]:
    """Hourly demand is neither a day nor a week long.

    24 numbers are repeated every day, 168 every week from Monday on; anything else could not be placed.

    ```yaml
    hourly: [0, 0, 0, 1, 2, 5, 9, 9, 9, 9, 9, 9]   # bad, 12 numbers; good are 24 or 168
    ```
    """
    for name, demand in graph.written.traffic.demand.items():
        count = len(demand.hourly or ())
        if demand.hourly is not None and count not in (HOURS_OF_A_DAY, HOURS_OF_A_WEEK):
            message = f"the demand of `{name}` has {count} hours, expected {HOURS_OF_A_DAY} for a day or {HOURS_OF_A_WEEK} for a week"
            yield Finding(("traffic", "demand", name, "hourly"), message)


RULES: tuple[Rule, ...] = (demand_timezone, hours_of_demand)
