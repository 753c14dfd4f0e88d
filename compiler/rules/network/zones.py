"""Rules about availability zones."""

import re
from collections.abc import Iterator

from compiler.aws.lists import ZONE_LETTERS, zone_letters
from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.networking import Networking
from trazo_spec.diagnostics import Severity
from trazo_spec.validation.fields import did_you_mean

ZONE = re.compile(r"(?P<region>[a-z]{2,4}(?:-[a-z]+)+-\d)(?P<letter>[a-z])")


@rule("TZ410", Severity.ERROR, local=True)
def foreign_zone(graph: Graph) -> Iterator[Finding]:
    """A VPC uses a zone that does not exist in its region.

    A number selects zones starting with `a`. Where AWS skips a letter or has fewer zones, list them
    by name.

    ```yaml
    region: us-east-2
    availability_zones: [us-east-1a, us-east-1b]   # bad
    availability_zones: [us-east-2a, us-east-2b]   # good
    ```
    """
    region = graph.spec.region
    letters = zone_letters(region)
    known = [f"{region}{letter}" for letter in letters]
    shown = ", ".join(f"`{z}`" for z in known)
    for name, network in graph.of(Networking):
        path = ("components", name, "availability_zones")
        zones = network.availability_zones
        if isinstance(zones, int):
            missing = [f"{region}{z}" for z in ZONE_LETTERS[:zones] if z not in letters]
            if missing:
                message = (
                    f"{zones} zones starting with `a` include `{missing[0]}`, which does not "
                    f"exist in `{region}`"
                )
                advice = f"list the zones by name instead: {shown}"
                yield Finding(path, message, advice, (("region",),))
            continue
        for i, zone in enumerate(zones):
            match = ZONE.fullmatch(zone)
            if match is None or match["region"] != region or match["letter"] not in ZONE_LETTERS:
                message = f"`{zone}` is not an Availability Zone in `{region}`"
                yield Finding((*path, i), message, did_you_mean(zone, known), (("region",),))


@rule("TZ411", Severity.ERROR, local=True)
def zone_twice(graph: Graph) -> Iterator[Finding]:
    """A VPC lists the same zone twice.

    Two subnets in one zone fail together.

    ```yaml
    availability_zones: [us-east-2a, us-east-2a]   # bad
    availability_zones: [us-east-2a, us-east-2b]   # good
    ```
    """
    for name, network in graph.of(Networking):
        zones = network.availability_zones
        if isinstance(zones, int):
            continue
        path = ("components", name, "availability_zones")
        for i, zone in enumerate(zones):
            if zone in zones[:i]:
                message = f"`{name}` lists the zone `{zone}` twice"
                yield Finding((*path, i), message, "", ((*path, zones.index(zone)),))


RULES: tuple[Rule, ...] = (foreign_zone, zone_twice)
