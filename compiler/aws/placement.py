"""Where a component runs: references to its VPC and subnets, made here or found there."""

from compiler.aws.names import is_existing
from compiler.graph.graph import Graph, Tier
from compiler.plan.plan import Ref


def subnet_ids(network: str | None, tier: Tier, graph: Graph) -> list[Ref]:
    """The subnets of one tier of a VPC, one for each zone; none when there is no such VPC."""
    component = graph.spec.components.get(network or "")
    if component is None:
        return []
    return list(graph.kind(component).subnets(network or "", component, tier, graph))


def internet_gateway(network: str | None, graph: Graph) -> tuple[str, ...]:
    """The address of a VPC's internet gateway; none where the VPC is there already."""
    ours = network in graph.spec.components and not is_existing(network, graph)
    return (f"aws_internet_gateway.{network}",) if ours else ()


def vpc(network: str | None, attribute: str, graph: Graph) -> Ref:
    """An attribute of a VPC, such as its `id`."""
    prefix = "data." if network is not None and is_existing(network, graph) else ""
    return Ref(f"{prefix}aws_vpc.{network}", attribute)
