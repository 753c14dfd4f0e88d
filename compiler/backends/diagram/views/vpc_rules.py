"""The rules of security groups as arrows, read from the blocks that Terraform gets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compiler.aws.security_groups import ANYWHERE
from compiler.backends.diagram.model.picture import Item, Link, Network
from compiler.plan.plan import Block, Ref

INTERNET = "the-internet"
"""The id of the item that stands for every address."""

_GROUP = "aws_security_group."
_RULES = ("aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule")

MOST_PORTS = 4
"""Of more ports on an arrow, the rest is counted."""
_TCP = "TCP "

# With three rows, the load balancer's card stands between the lower ones and the services.
_ROWS_WITH_FREE_VIEW = 2


@dataclass(frozen=True, slots=True)
class Firewall:
    """What the security groups of an environment are called, and what they let through."""

    names: Mapping[str, str]
    """The name in AWS of each item's group, by the item's id."""
    ports: Mapping[tuple[str, str], tuple[int, ...]]
    """The TCP ports from one item to another."""


def firewall(blocks: Sequence[Block]) -> Firewall:
    """Every security group and every rule among the blocks of an environment."""
    ids = {
        b.name: b.component if b.name == b.component else endpoints_id(b.component)
        for b in blocks
        if _is_group(b)
    }
    names = {ids[b.name]: str(b.body["name"]) for b in blocks if _is_group(b)}
    found: dict[tuple[str, str], set[int]] = {}
    for block in (b for b in blocks if b.type in _RULES):
        group, peer = ids[_label(block.body["security_group_id"])], _peer(block, ids)
        ends = (group, peer) if block.type == _RULES[0] else (peer, group)
        first, last = int(str(block.body["from_port"])), int(str(block.body["to_port"]))
        found.setdefault(ends, set()).update(range(first, last + 1))
    return Firewall(names, {ends: tuple(sorted(found[ends])) for ends in sorted(found)})


def endpoints_id(network: str) -> str:
    """The id of the item that stands for the interface endpoints of a VPC."""
    return f"{network}.endpoints"


def prefix_list_id(service: str) -> str:
    """The id of the item that stands for the addresses of an AWS service."""
    return f"prefix-list.{service}"


def ports_text(ports: Iterable[int]) -> str:
    """Ports as an arrow says them.

    >>> ports_text([443, 80]), ports_text([])
    ('TCP 80, 443', '')
    """
    words = ", ".join(str(p) for p in sorted(set(ports)))
    return f"{_TCP}{words}" if words else ""


def together(labels: Sequence[str]) -> str:
    """The ports of several arrows that became one.

    >>> together(["TCP 8080", "TCP 80, 443"]), together(["", ""])
    ('TCP 80, 443, 8080', '')
    """
    numbers = (n for words in labels for n in words.removeprefix(_TCP).split(", ") if n)
    return ports_text(map(int, numbers))


def shortened(label: str) -> str:
    """Ports that fit on an arrow: of too many, the first ones, and how many more there are.

    >>> shortened("TCP 22, 80, 443, 8080, 8443, 9000"), shortened("TCP 80, 443")
    ('TCP 22, 80, 443 and 3 more', 'TCP 80, 443')
    """
    numbers = label.split(", ")
    kept = numbers[: MOST_PORTS - 1]
    more = f" and {len(numbers) - len(kept)} more"
    return label if len(numbers) <= MOST_PORTS else ", ".join(kept) + more


def links(rules: Firewall, networks: Sequence[Network]) -> Iterator[Link]:
    """Every rule as an arrow, what goes to the internet by way of the NAT gateways."""
    for (source, target), ports in rules.ports.items():
        if target != INTERNET:
            yield Link(source, target, ports_text(ports))
    for network in networks:
        yield from _outward(network, rules)
        yield from _through_gateway(network)


def _outward(network: Network, rules: Firewall) -> Iterator[Link]:
    """From services to the NAT gateways; the words stand at the first one, for all services."""
    services = [s.item.id for s in network.services if (s.item.id, INTERNET) in rules.ports]
    words = ports_text(p for s in services for p in rules.ports[s, INTERNET])
    nats = _nats(network)
    hidden = len(network.zones) > _ROWS_WITH_FREE_VIEW and network.balancers
    detail = "to the internet" if len(nats) == 1 else "to the internet, by zone"
    for service in services:
        for nat in nats[:1] if hidden else nats:
            first = nat is nats[0]
            yield Link(service, nat.id, words if first else "", detail if first else "")


def _through_gateway(network: Network) -> Iterator[Link]:
    """From NAT gateways to the internet gateway, and out where no arrow comes in."""
    if network.gateway is None:
        return
    nats = _nats(network)
    for nat in nats:
        yield Link(nat.id, network.gateway.id)
    if nats and not network.balancers:
        yield Link(network.gateway.id, INTERNET)


def _nats(network: Network) -> list[Item]:
    return [z.nat for z in network.zones if z.nat is not None]


def _is_group(block: Block) -> bool:
    return block.address.startswith(_GROUP)


def _label(of: object) -> str:
    """The Terraform label of the block that a reference points at."""
    return of.address.rpartition(".")[2] if isinstance(of, Ref) else ""


def _peer(block: Block, ids: Mapping[str, str]) -> str:
    """The item at the other side of a rule."""
    body = block.body
    if "referenced_security_group_id" in body:
        return ids[_label(body["referenced_security_group_id"])]
    if "prefix_list_id" in body:
        return prefix_list_id(_label(body["prefix_list_id"]).rpartition("_")[2])
    if body["cidr_ipv4"] == ANYWHERE:
        return INTERNET
    # The addresses of a VPC that is there already: its endpoints have groups of their own.
    return endpoints_id(_label(body["cidr_ipv4"]))
