"""The security group of a VPC's interface endpoints, and the rules for all that leaves the VPC."""

from collections.abc import Iterator
from dataclasses import replace

from compiler.aws.names import label
from compiler.aws.placement import vpc
from compiler.aws.security_groups import ANYWHERE, HTTPS, group, peer, rule
from compiler.components.networking.egress import gateway_services, interface_services
from compiler.graph.graph import Graph
from compiler.plan.plan import Block, Ref, Value
from trazo_spec.components.networking import Networking

ENDPOINTS = "To the endpoints of AWS services"
GATEWAYS = {"dynamodb": "To DynamoDB", "s3": "To S3"}


def groups(name: str, network: Networking, graph: Graph) -> Iterator[Block]:
    """The group of the interface endpoints; that of a VPC which is there already is not ours."""
    if interface_services(network) and network.existing is None:
        title = "Interface endpoints of AWS services"
        yield group(f"{name}_endpoints", name, name, title, graph)


def ways_out(
    name: str, ports: tuple[int, ...], vpc_name: str, network: Networking, graph: Graph
) -> Iterator[Block]:
    """Opens the way to the endpoints of AWS's services, and with NAT to the internet."""
    if interface_services(network) and network.existing is not None:
        # Their group is not ours to know, but they stand in the VPC.
        inside: dict[str, Value] = {
            "cidr_ipv4": vpc(vpc_name, "cidr_block", graph),
            "description": ENDPOINTS,
        }
        yield rule("egress", name, f"{name}_to_endpoints", HTTPS, inside)
    elif interface_services(network):
        endpoints = f"{vpc_name}_endpoints"
        destination = peer(endpoints, ENDPOINTS)
        yield rule("egress", name, f"{name}_to_endpoints", HTTPS, destination)
        label_in = f"{endpoints}_from_{name}"
        allowed = rule("ingress", endpoints, label_in, HTTPS, peer(name, f"From {name}"))
        yield replace(allowed, component=vpc_name)
    for gateway in gateway_services(network):
        endpoint = f"{vpc_name}_{label(gateway)}"
        addresses = Ref(f"aws_vpc_endpoint.{endpoint}", "prefix_list_id")
        if network.existing is not None:
            addresses = Ref(f"data.aws_ec2_managed_prefix_list.{endpoint}", "id")
        route: dict[str, Value] = {
            "prefix_list_id": addresses,
            "description": GATEWAYS[gateway],
        }
        yield rule("egress", name, f"{name}_to_{label(gateway)}", HTTPS, route)
    if network.egress.nat != "none":
        for port in sorted(set(ports)):
            out: dict[str, Value] = {"cidr_ipv4": ANYWHERE, "description": "To the internet"}
            yield rule("egress", name, f"{name}_to_internet_{port}", port, out)
