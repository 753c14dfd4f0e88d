"""Rules about the assumptions on use that the bill is estimated from."""

from collections.abc import Iterator

from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.diagnostics import Severity
from trazo_spec.schedule import known_zone, similar_zones
from trazo_spec.validation.fields import did_you_mean


@rule("TZ330", Severity.ERROR)
def usage_of_other_kind(graph: Graph) -> Iterator[Finding]:
    """A component has a usage field that AWS does not bill for its kind.

    The number would not change the bill, so it is probably on the wrong component or in the wrong
    field.

    ```yaml
    usage: {media: {requests: 100000}}       # bad, media is of kind s3
    usage: {media: {get_requests: 100000}}   # good
    ```
    """
    for name, usage in graph.written.traffic.usage.items():
        component = graph.written.components.get(name) or graph.spec.components.get(name)
        if component is None:
            continue
        known = graph.kind(component).usage
        for field in sorted(usage.model_fields_set - set(known)):
            message = f"`{field}` does not apply to `{name}` of kind `{component.kind}`"
            advice = (
                did_you_mean(field, known) if known else "AWS does not bill its usage; remove it"
            )
            yield Finding(("traffic", "usage", name, field), message, advice)


@rule("TZ331", Severity.ERROR, local=True)
def demand_timezone(graph: Graph) -> Iterator[Finding]:
    """The audience of a service has a time zone that does not exist.

    The hours of a demand profile are those of the audience, so the time zone determines how much
    demand falls in the hours when a service runs.

    ```yaml
    demand: {web: {profile: business_hours, timezone: America/NewYork}}    # bad
    demand: {web: {profile: business_hours, timezone: America/New_York}}   # good
    ```
    """
    for name, demand in graph.written.traffic.demand.items():
        if not known_zone(demand.timezone):
            similar = " or ".join(f"`{z}`" for z in similar_zones(demand.timezone))
            advice = (
                f"did you mean {similar}?" if similar else "for example `UTC` or `Europe/Berlin`"
            )
            message = f"`{demand.timezone}` is not a time zone in the IANA database"
            yield Finding(("traffic", "demand", name, "timezone"), message, advice)


RULES: tuple[Rule, ...] = (usage_of_other_kind, demand_timezone)
