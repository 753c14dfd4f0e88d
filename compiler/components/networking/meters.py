"""What AWS bills for a VPC."""

from collections.abc import Iterator, Mapping

from compiler.aws.metering import by_the_second, each_hour, each_use
from compiler.components.networking.egress import interface_services, nat_zones
from compiler.components.networking.subnets import zones
from compiler.graph.graph import Graph
from compiler.plan.plan import Assumption, Meter
from trazo_spec.components.networking import Networking

USAGE: Mapping[str, Assumption] = {
    "gb_processed": Assumption(
        2,
        10,
        100,
        "GB",
        "calls to AWS services and other APIs, in both directions; image layers and files in S3 "
        "use the free S3 endpoint",
    ),
    "gb_out": Assumption(
        0.5,
        2,
        20,
        "GB",
        "what tasks send to the internet through NAT: calls to other APIs, webhooks",
    ),
}


def meters(name: str, component: Networking, graph: Graph) -> Iterator[Meter]:
    """NAT gateways with their addresses and data, and interface endpoints with theirs.

    Those of a VPC that is only looked up are on somebody else's bill.
    """
    if component.existing is not None:
        return
    zone_count = len(zones(component, graph.spec.region))
    gateways = len(nat_zones(component, zones(component, graph.spec.region)))
    if gateways:
        yield from _nat(name, gateways, zone_count)
    if services := len(interface_services(component)):
        yield from _endpoints(name, services, zone_count, gateways)


def _nat(name: str, gateways: int, in_zones: int) -> Iterator[Meter]:
    count = f"{gateways} NAT gateway{'s' if gateways > 1 else ''}"
    yield each_hour(name, "nat_gateway_hour", "hour", gateways, count)
    item, what = "public_ipv4_in_use_hour", f"{count} x 1 address"
    yield by_the_second(name, item, "address-hour", gateways, what)
    item, what = "nat_gateway_processed_gb", "data through NAT, in both directions"
    yield each_use(name, item, "GB", "gb_processed", what)
    item, what = "data_transfer_internet_out_gb", "data from tasks to the internet"
    yield each_use(name, item, "GB", "gb_out", what)
    if gateways < in_zones:
        yield _between_zones(name, 1 - gateways / in_zones)


def _between_zones(name: str, share: float) -> Meter:
    """Tasks are spread over all zones, so this share of them reaches NAT in another zone."""
    return Meter(
        name,
        "data_transfer_inter_az_gb_each_direction",
        "GB",
        lambda load: 2 * share * load.usage["gb_processed"] * load.months,
        "assumed",
        f"{share:.0%} of the data through NAT comes from another zone, billed on both sides",
    )


def _endpoints(name: str, services: int, in_zones: int, gateways: int) -> Iterator[Meter]:
    item, what = "vpc_interface_endpoint_az_hour", f"{services} endpoints x {in_zones} zones"
    yield each_hour(name, item, "endpoint-AZ-hour", services * in_zones, what)
    # Beside a NAT gateway the data counts once, at NAT's higher price.
    if not gateways:
        item = "vpc_interface_endpoint_processed_gb"
        what = "data through interface endpoints, in both directions"
        yield each_use(name, item, "GB", "gb_processed", what)
