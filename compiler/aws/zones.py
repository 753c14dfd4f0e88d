"""How blocks refer to a hosted zone, made here or found there."""

from compiler.graph.graph import Graph
from compiler.plan.plan import Ref
from trazo_spec.components.dns import Dns


def zone_address(name: str, graph: Graph) -> str:
    """The Terraform address of a `dns` component's zone."""
    component = graph.spec.components.get(name)
    found = isinstance(component, Dns) and component.existing
    return f"{'data.' if found else ''}aws_route53_zone.{name}"


def zone_id(name: str, graph: Graph) -> Ref:
    """The id of a `dns` component's zone."""
    return Ref(zone_address(name, graph), "zone_id")
