"""Network ACLs: what may cross the edge of a subnet, derived from who talks to whom.

An ACL keeps no state, so each conversation needs a rule for the questions and one for the answers.
Answers go to the port that the asking side chose.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from compiler.aws.names import aws_name
from compiler.components.networking.egress import interface_services
from compiler.components.networking.subnets import tier_network, zones
from compiler.graph.graph import Graph, Relation, Tier
from compiler.plan.plan import Block, Ref, Value
from trazo_spec.components.alb import Alb
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking

Peer = Literal["internet", "public", "private"]
Direction = Literal["from", "to"]

INTERNET = "0.0.0.0/0"
HTTPS = 443

# The ports that the asking side chooses from: clients, load balancers and NAT gateways use all of
# them, Linux tasks a part.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html
ANSWER_PORTS: dict[Peer, tuple[int, int]] = {
    "internet": (1024, 65_535),
    "public": (1024, 65_535),
    "private": (32_768, 61_000),
}

# Where the numbers of rules begin. AWS takes 1 to 32,766, no room for each port beside each peer:
# two ports want one number when they are 10,007 apart (a prime, so that this hardly happens).
FIRST_NUMBER: dict[Peer, int] = {"internet": 0, "public": 11_000, "private": 22_000}
NUMBERS = 10_007
ANSWERS_NUMBER: dict[Peer, int] = {"internet": 32_500, "public": 32_510, "private": 32_520}
TOO_BIG_NUMBER = 32_600


@dataclass(frozen=True, slots=True, order=True)
class AclRule:
    """One direction of one conversation at the edge of the subnets of a tier."""

    tier: Tier
    direction: Direction
    peer: Peer
    ports: tuple[int, int]
    """The first and the last destination port."""

    @property
    def answers(self) -> bool:
        """Whether it lets answers through, not questions."""
        return self.ports[0] != self.ports[1]

    @property
    def label(self) -> str:
        """What tells it apart, for a Terraform address; it does not depend on other rules."""
        what = "answers" if self.answers else str(self.ports[0])
        return f"{self.tier}_{self.direction}_{self.peer}_{what}"


def acls(name: str, component: Networking, graph: Graph) -> Iterator[Block]:
    """One ACL for the public subnets and one for the private ones, with every rule."""
    rules = acl_rules(name, component, graph)
    tiers: tuple[Tier, ...] = ("public", "private")
    directions: tuple[Direction, ...] = ("from", "to")
    for tier in tiers:
        yield _acl(name, tier, component, graph)
        for direction in directions:
            chosen = [r for r in rules if r.tier == tier and r.direction == direction]
            for number, rule in _numbered(chosen):
                yield _rule_block(name, rule, number, component)
            if any(r.peer == "internet" for r in chosen):
                yield _too_big(name, tier, direction)


def acl_rules(name: str, component: Networking, graph: Graph) -> tuple[AclRule, ...]:
    """Every rule that the links in a VPC need, sorted."""
    inside = {edge.source for edge in graph.edges_to(name, Relation.RUNS_IN)}
    rules: set[AclRule] = set()
    for alb, _ in graph.of(Alb):
        if alb in inside:
            rules.update(_of_load_balancer(alb, graph))
    for service, ecs in graph.of(Ecs):
        if service in inside:
            rules.update(_of_service(service, ecs, component, graph))
    return tuple(sorted(rules))


def acl_sizes(
    name: str, component: Networking, graph: Graph
) -> Mapping[tuple[Tier, Direction], int]:
    """How many rules each ACL has in each direction, without the one that denies the rest."""
    rules = acl_rules(name, component, graph)
    sizes = Counter((rule.tier, rule.direction) for rule in rules)
    too_big = {(rule.tier, rule.direction) for rule in rules if rule.peer == "internet"}
    return sizes + Counter(too_big)


def _of_load_balancer(name: str, graph: Graph) -> Iterator[AclRule]:
    for port in (80, HTTPS):
        yield from _answers("public", "internet", port)
    for edge in graph.edges_from(name, Relation.ROUTES_TO):
        if edge.port is not None:
            yield from _asks("public", "private", edge.port)
            yield from _answers("private", "public", edge.port)


def _of_service(name: str, service: Ecs, network: Networking, graph: Graph) -> Iterator[AclRule]:
    # S3's gateway endpoint is a route to public addresses of S3, and an ACL takes no prefix list.
    yield from _asks("private", "internet", HTTPS)
    ports = {e.port for e in graph.edges_from(name, Relation.CONNECTS_TO) if e.port is not None}
    if interface_services(network):
        ports.add(HTTPS)
    for port in sorted(ports):
        yield from _asks("private", "private", port)
        yield from _answers("private", "private", port)
    if network.egress.nat != "none":
        for port in service.egress_ports:
            yield from _asks("private", "internet", port)
            # On its way a packet enters the NAT gateway's subnet, and leaves it with a new sender.
            yield from _answers("public", "private", port)
            yield from _asks("public", "internet", port)


def _asks(tier: Tier, peer: Peer, port: int) -> Iterator[AclRule]:
    """The rules at the side that opens a connection."""
    yield AclRule(tier, "to", peer, (port, port))
    yield AclRule(tier, "from", peer, ANSWER_PORTS[tier])


def _answers(tier: Tier, peer: Peer, port: int) -> Iterator[AclRule]:
    """The rules at the side that takes a connection."""
    yield AclRule(tier, "from", peer, (port, port))
    yield AclRule(tier, "to", peer, ANSWER_PORTS[peer])


def _numbered(rules: list[AclRule]) -> Iterator[tuple[int, AclRule]]:
    """Each rule with a number that comes from its peer and port, not from its place in a list."""
    taken: set[int] = set()
    for rule in sorted(rules):
        number = ANSWERS_NUMBER[rule.peer]
        if not rule.answers:
            number = FIRST_NUMBER[rule.peer] + 1 + (rule.ports[0] - 1) % NUMBERS
        while number in taken:
            number += 1
        taken.add(number)
        yield number, rule


def _acl(name: str, tier: Tier, component: Networking, graph: Graph) -> Block:
    letters = (zone.letter for zone in zones(component, graph.spec.region))
    body: dict[str, Value] = {
        "vpc_id": Ref(f"aws_vpc.{name}", "id"),
        "subnet_ids": tuple(Ref(f"aws_subnet.{name}_{tier}_{a}", "id") for a in letters),
        "tags": {"Name": aws_name(graph, name, role=tier)},
    }
    return Block("aws_network_acl", f"{name}_{tier}", body, name)


def _rule_block(name: str, rule: AclRule, number: int, component: Networking) -> Block:
    cidr = INTERNET if rule.peer == "internet" else tier_network(component, rule.peer)
    body: dict[str, Value] = {
        "network_acl_id": Ref(f"aws_network_acl.{name}_{rule.tier}", "id"),
        "rule_number": number,
        "egress": rule.direction == "to",
        "rule_action": "allow",
        "protocol": "tcp",
        "cidr_block": cidr,
        "from_port": rule.ports[0],
        "to_port": rule.ports[1],
    }
    return Block("aws_network_acl_rule", f"{name}_{rule.label}", body, name)


def _too_big(name: str, tier: Tier, direction: Direction) -> Block:
    """Lets a router say that a packet is too big; without it large answers hang.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/path_mtu_discovery.html
    """
    body: dict[str, Value] = {
        "network_acl_id": Ref(f"aws_network_acl.{name}_{tier}", "id"),
        "rule_number": TOO_BIG_NUMBER,
        "egress": direction == "to",
        "rule_action": "allow",
        "protocol": "icmp",
        "cidr_block": INTERNET,
        "icmp_type": 3,
        "icmp_code": 4,
    }
    return Block("aws_network_acl_rule", f"{name}_{tier}_{direction}_internet_too_big", body, name)
