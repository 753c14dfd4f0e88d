"""Security groups of an environment: every rule comes from a link, a public listener or egress."""

from collections.abc import Iterator

from compiler.aws.names import aws_name
from compiler.aws.placement import vpc
from compiler.graph.graph import Graph, Relation
from compiler.plan.access import Firewall
from compiler.plan.plan import Block, Ref, Value
from trazo_spec.base import Placed

ANYWHERE = "0.0.0.0/0"
HTTPS = 443


def groups(graph: Graph) -> Iterator[Block]:
    """One group for everything that runs in a VPC, and the rules between them."""
    for name, component in graph.spec.components.items():
        kind = graph.kind(component)
        yield from kind.groups(name, component, graph)
        if isinstance(component, Placed) and component.network is not None:
            firewall = kind.firewall(component)
            # A changed description replaces a group, so it never depends on anything:
            # https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
            yield group(name, name, component.network, firewall.title or component.kind, graph)
            yield from _listeners(name, firewall)
            yield from _egress(name, component.network, firewall, graph)
    yield from _links(graph)


def group(name: str, component: str, network: str, title: str, graph: Graph) -> Block:
    """A security group without rules; one that is not a component's own has a role in its name."""
    role = name.removeprefix(component).removeprefix("_")
    aws = aws_name(graph, component, role=role)
    body: dict[str, Value] = {
        "name": aws,
        "description": title,
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
        target_peer, source_peer = peer(target, f"To {target}"), peer(source, f"From {source}")
        yield rule("egress", source, f"{source}_to_{target}", port, target_peer)
        yield rule("ingress", target, f"{target}_from_{source}", port, source_peer)


def _listeners(name: str, firewall: Firewall) -> Iterator[Block]:
    for port, description in firewall.public.items():
        anybody: dict[str, Value] = {"cidr_ipv4": ANYWHERE, "description": description}
        yield rule("ingress", name, f"{name}_from_internet_{port}", port, anybody)


def _egress(name: str, network: str, firewall: Firewall, graph: Graph) -> Iterator[Block]:
    """What is needed of the platform, by the ways out that the network has."""
    component = graph.spec.components.get(network)
    if firewall.egress_ports is not None and component is not None:
        kind = graph.kind(component)
        yield from kind.ways_out(name, firewall.egress_ports, network, component, graph)


def peer(of_group: str, description: str) -> dict[str, Value]:
    """The other side of a rule."""
    address = Ref(f"aws_security_group.{of_group}", "id")
    return {"referenced_security_group_id": address, "description": description}


def rule(direction: str, of_group: str, name: str, port: int, other: dict[str, Value]) -> Block:
    """A rule of a group for one TCP port."""
    body: dict[str, Value] = {
        "security_group_id": Ref(f"aws_security_group.{of_group}", "id"),
        "ip_protocol": "tcp",
        "from_port": port,
        "to_port": port,
        **other,
        "tags": {"Name": name},
    }
    return Block(f"aws_vpc_security_group_{direction}_rule", name, body, of_group)
