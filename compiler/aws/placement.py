"""Where a component stands: references to its VPC and subnets, made here or found there."""

from compiler.graph.graph import Graph
from compiler.graph.subnets import Tier, zones
from compiler.plan.plan import Ref
from trazo_spec.components.networking import Networking


def subnet_ids(network: str | None, tier: Tier, graph: Graph) -> list[Ref]:
    """The subnets of one tier of a VPC, one for each zone; none when there is no such VPC."""
    component = graph.spec.components.get(network or "")
    if not isinstance(component, Networking):
        return []
    found = zones(component, graph.spec.region)
    prefix = "data." if component.existing else ""
    return [
        Ref(f"{prefix}aws_subnet.{network}_{tier}_{zone.letter}", "id")
        for zone in found
        if getattr(zone, tier)
    ]


def internet_gateway(network: str | None, graph: Graph) -> tuple[str, ...]:
    """The address of a VPC's internet gateway; none where the VPC is there already."""
    component = graph.spec.components.get(network or "")
    ours = isinstance(component, Networking) and component.existing is None
    return (f"aws_internet_gateway.{network}",) if ours else ()


def vpc(network: str | None, attribute: str, graph: Graph) -> Ref:
    """An attribute of a VPC, such as its `id`."""
    component = graph.spec.components.get(network or "")
    found = isinstance(component, Networking) and component.existing is not None
    return Ref(f"{'data.' if found else ''}aws_vpc.{network}", attribute)
