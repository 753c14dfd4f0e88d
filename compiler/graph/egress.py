"""How private tasks leave their VPC: NAT gateways, interface endpoints, gateway endpoints."""

from compiler.graph.subnets import Zone
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


def nat_zones(network: Networking, zones: tuple[Zone, ...]) -> tuple[Zone, ...]:
    """The zones with a NAT gateway."""
    count = {"none": 0, "single": 1, "per_zone": len(zones)}[network.egress.nat]
    return zones[:count]


def nat_of(network: Networking, zones: tuple[Zone, ...], zone: Zone) -> Zone | None:
    """The zone whose NAT gateway a zone's private subnet uses; None without NAT."""
    gateways = nat_zones(network, zones)
    if not gateways:
        return None
    return zone if zone in gateways else gateways[0]
