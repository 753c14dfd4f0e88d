"""Where a component stands: references to the subnets of its VPC."""

from compiler.graph import Graph
from compiler.plan import Ref
from compiler.subnets import Tier, zones
from trazo_spec.components.networking import Networking


def subnet_ids(network: str | None, tier: Tier, graph: Graph) -> list[Ref]:
    """The subnets of one tier of a VPC, one for each zone; none when there is no such VPC."""
    component = graph.spec.components.get(network or "")
    if not isinstance(component, Networking):
        return []
    found = zones(component, graph.spec.region)
    return [Ref(f"aws_subnet.{network}_{tier}_{zone.letter}", "id") for zone in found]
