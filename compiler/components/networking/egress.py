"""How private tasks leave their VPC: NAT gateways, interface endpoints, gateway endpoints."""

from collections.abc import Iterator

from compiler.aws.names import label
from compiler.components.networking.subnets import Zone, zones
from compiler.graph.graph import Graph
from trazo_spec.components.networking import Networking

GATEWAY_SERVICES = ("dynamodb", "s3")
"""Services with a free endpoint that is a route and not an address.

Source: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""


def gateway_services(network: Networking) -> tuple[str, ...]:
    """The services with a gateway endpoint: S3 always, for it is free and holds image layers."""
    return tuple(s for s in GATEWAY_SERVICES if s == "s3" or s in network.egress.endpoints)


def interface_services(network: Networking) -> tuple[str, ...]:
    """The services with an interface endpoint, sorted."""
    return tuple(sorted(set(network.egress.endpoints) - set(GATEWAY_SERVICES)))


def nat_zones(network: Networking, known: tuple[Zone, ...]) -> tuple[Zone, ...]:
    """The zones with a NAT gateway."""
    count = {"none": 0, "single": 1, "per_zone": len(known)}[network.egress.nat]
    return known[:count]


def nat_of(network: Networking, known: tuple[Zone, ...], zone: Zone) -> Zone | None:
    """The zone whose NAT gateway a zone's private subnet uses; None without NAT."""
    gateways = nat_zones(network, known)
    if not gateways:
        return None
    return zone if zone in gateways else gateways[0]


def exits(name: str, network: Networking, graph: Graph) -> Iterator[str]:
    """The addresses without which nothing in it reaches AWS, where they are ours to make.

    Without these no image can be pulled, and ECS gives up on a service after a few tries.
    """
    if network.existing is not None:
        return
    if network.egress.nat != "none":
        for zone in zones(network, graph.spec.region):
            yield f"aws_route.{name}_private_{zone.letter}"
    for service in (*gateway_services(network), *interface_services(network)):
        yield f"aws_vpc_endpoint.{name}_{label(service)}"
