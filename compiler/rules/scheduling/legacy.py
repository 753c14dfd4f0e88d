"""A rule about time zones that are not named after a place."""

from collections.abc import Iterator

from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, rule
from compiler.rules.scheduling.service import services
from trazo_spec.diagnostics import Remedy, Severity, SpecPath
from trazo_spec.schedule.legacy import legacy_zone


@rule("TZ657", Severity.WARNING, local=True)
def legacy_time_zone(graph: Graph) -> Iterator[Finding]:
    """A time zone is an abbreviation or a fixed offset.

    `EST` has no daylight saving time, so in summer it is an hour behind the clocks in New York;
    `Etc/GMT+5` is five hours behind UTC, not ahead of it. The name of a place has the clock that
    people there see.

    ```yaml
    timezone: EST                # bad
    timezone: America/New_York   # good
    ```
    """
    for path, name in _time_zones(graph):
        if (legacy := legacy_zone(name)) is not None:
            *others, last = (f"`{zone}`" for zone in legacy.meant)
            places = " or ".join(filter(None, (", ".join(others), last)))
            remedy = Remedy(legacy.meant[0]) if legacy.same else None
            message = f"the time zone `{name}` {legacy.trap}"
            yield Finding(path, message, f"write the name of a place: {places}", remedy=remedy)


def _time_zones(graph: Graph) -> Iterator[tuple[SpecPath, str]]:
    for service in services(graph):
        yield service.at("timezone"), service.schedule.timezone
    for name, demand in graph.spec.traffic.demand.items():
        yield ("traffic", "demand", name, "timezone"), demand.timezone
