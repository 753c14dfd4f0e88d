"""Security groups of an environment: every rule comes from a link, a public listener or egress."""

from collections.abc import Iterator
from dataclasses import replace

from compiler.aws.names import aws_name, label
from compiler.aws.placement import vpc
from compiler.graph.egress import gateway_services, interface_services
from compiler.graph.graph import Graph, Relation
from compiler.plan.plan import Block, Ref, Value
from trazo_spec.base import Placed
from trazo_spec.components.alb import Alb
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking

ENDPOINTS = "To the endpoints of AWS services"
GATEWAYS = {"dynamodb": "To DynamoDB", "s3": "To S3"}
ANYWHERE = "0.0.0.0/0"
HTTPS = 443
LISTENER_PORTS: dict[int, str] = {
    80: "HTTP from anywhere, to be redirected",
    HTTPS: "HTTPS from anywhere",
}

# A changed description replaces a group, so these never depend on anything:
# https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
DESCRIPTIONS: dict[str, str] = {
    "alb": "Load balancer",
    "ecs": "Tasks of a service",
    "rds": "Database",
    "redis": "Cache",
    "networking": "Interface endpoints of AWS services",
}


def groups(graph: Graph) -> Iterator[Block]:
    """One group for everything that stands in a VPC, and the rules between them."""
    for name, component in graph.spec.components.items():
        if isinstance(component, Placed) and component.network is not None:
            yield _group(name, name, component.network, component.kind, graph)
    for name, network in graph.of(Networking):
        if interface_services(network) and network.existing is None:
            yield _group(f"{name}_endpoints", name, name, network.kind, graph)
    yield from _links(graph)
    for name, _ in graph.of(Alb):
        yield from _listeners(name)
    for name, service in graph.of(Ecs):
        yield from _egress(name, service, graph)


def _group(name: str, component: str, network: str, kind: str, graph: Graph) -> Block:
    aws = aws_name(graph, component, role="" if name == component else "endpoints")
    body: dict[str, Value] = {
        "name": aws,
        "description": DESCRIPTIONS[kind],
        "vpc_id": vpc(network, "id", graph),
        "tags": {"Name": aws},
    }
    # Names are unique within a VPC, and only another VPC replaces a group: both fit side by side.
    lifecycle = {"create_before_destroy": True}
    return Block("aws_security_group", name, body, component, lifecycle=lifecycle)


def _links(graph: Graph) -> Iterator[Block]:
    pairs = {
        (edge.source, edge.target, edge.port)
        for edge in graph.edges
        if edge.relation in (Relation.ROUTES_TO, Relation.CONNECTS_TO) and edge.port is not None
    }
    for source, target, port in sorted(pairs):
        to, from_ = _peer(target, f"To {target}"), _peer(source, f"From {source}")
        yield _rule("egress", source, f"{source}_to_{target}", port, to)
        yield _rule("ingress", target, f"{target}_from_{source}", port, from_)


def _listeners(alb: str) -> Iterator[Block]:
    for port, description in LISTENER_PORTS.items():
        peer: dict[str, Value] = {"cidr_ipv4": ANYWHERE, "description": description}
        yield _rule("ingress", alb, f"{alb}_from_internet_{port}", port, peer)


def _egress(name: str, service: Ecs, graph: Graph) -> Iterator[Block]:
    """What tasks need of the platform: endpoints of AWS's services, and with NAT the internet."""
    network = graph.spec.components.get(service.network or "")
    if not isinstance(network, Networking):
        return
    if interface_services(network) and network.existing is not None:
        # Their group is not ours to know, but they stand in the VPC.
        inside: dict[str, Value] = {
            "cidr_ipv4": vpc(service.network, "cidr_block", graph),
            "description": ENDPOINTS,
        }
        yield _rule("egress", name, f"{name}_to_endpoints", HTTPS, inside)
    elif interface_services(network):
        endpoints = f"{service.network}_endpoints"
        to = _peer(endpoints, ENDPOINTS)
        yield _rule("egress", name, f"{name}_to_endpoints", HTTPS, to)
        label_in = f"{endpoints}_from_{name}"
        allowed = _rule("ingress", endpoints, label_in, HTTPS, _peer(name, f"From {name}"))
        yield replace(allowed, component=service.network or "")
    for gateway in gateway_services(network):
        at = f"{service.network}_{label(gateway)}"
        addresses = Ref(f"aws_vpc_endpoint.{at}", "prefix_list_id")
        if network.existing is not None:
            addresses = Ref(f"data.aws_ec2_managed_prefix_list.{at}", "id")
        route: dict[str, Value] = {
            "prefix_list_id": addresses,
            "description": GATEWAYS[gateway],
        }
        yield _rule("egress", name, f"{name}_to_{label(gateway)}", HTTPS, route)
    if network.egress.nat != "none":
        for port in sorted(set(service.egress_ports)):
            out: dict[str, Value] = {"cidr_ipv4": ANYWHERE, "description": "To the internet"}
            yield _rule("egress", name, f"{name}_to_internet_{port}", port, out)


def _peer(group: str, description: str) -> dict[str, Value]:
    """The other side of a rule."""
    address = Ref(f"aws_security_group.{group}", "id")
    return {"referenced_security_group_id": address, "description": description}


def _rule(direction: str, group: str, name: str, port: int, peer: dict[str, Value]) -> Block:
    body: dict[str, Value] = {
        "security_group_id": Ref(f"aws_security_group.{group}", "id"),
        "ip_protocol": "tcp",
        "from_port": port,
        "to_port": port,
        **peer,
        "tags": {"Name": name},
    }
    return Block(f"aws_vpc_security_group_{direction}_rule", name, body, group)
