"""A VPC in a picture: what others stand in."""

from compiler.card import Card, Place, Vpc, Zone
from compiler.components.networking.egress import gateway_services, interface_services, nat_zones
from compiler.components.networking.subnets import zone_names, zones
from compiler.graph.graph import Graph
from trazo_spec.components.networking import Networking


def card(name: str, networking: Networking, graph: Graph) -> Card:
    """A VPC with its addresses, or with the id of one that exists already."""
    existing = networking.existing
    which = networking.cidr if existing is None else existing.vpc
    title = "VPC" if existing is None else "Existing VPC"
    vpc = Vpc(
        _zones(networking, graph.spec.region),
        existing is not None,
        gateway_services(networking),
        interface_services(networking),
    )
    return Card(title, Place.FRAME, (f"{name} · {which}",), vpc=vpc)


def _zones(networking: Networking, region: str) -> tuple[Zone, ...]:
    """Its zones; where no subnet fits into it, no more than their names are known."""
    known = zones(networking, region)
    if not known:
        return tuple(Zone(name) for name in zone_names(networking, region))
    gateways = nat_zones(networking, known)
    return tuple(Zone(z.name, z.letter, z.public, z.private, z in gateways) for z in known)
