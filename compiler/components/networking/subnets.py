"""How the addresses of a VPC are cut into subnets, so that none moves when a zone is added."""

import ipaddress
import string
from collections.abc import Iterator
from dataclasses import dataclass

from compiler.graph.graph import Graph, Tier
from compiler.plan.plan import Ref
from trazo_spec.components.networking import Networking

SLOT_BITS = 4
"""A VPC is cut into 2^4 slots of equal size."""
ZONE_SLOTS = 8
"""Slots of a tier: the first eight are public, the others private, one for each zone letter."""
MOST_PREFIX = 28
"""The smallest subnet of AWS: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html."""

FIRST_SLOT: dict[Tier, int] = {"public": 0, "private": ZONE_SLOTS}


@dataclass(frozen=True, slots=True)
class Zone:
    """One availability zone of a VPC with its two networks."""

    name: str
    """AWS's name, such as `us-east-2a`."""
    letter: str
    """What tells it apart in its region, such as `a`; it stands in Terraform addresses."""
    public: str
    """The public subnet in CIDR form; its id where it is there already, and nothing without one."""
    private: str
    """The private subnet in CIDR form; its id where it is there already."""


def zone_names(network: Networking, region: str) -> tuple[str, ...]:
    """The availability zones that a VPC asks for, by AWS's names."""
    if isinstance(network.availability_zones, int):
        letters = string.ascii_lowercase[: network.availability_zones]
        return tuple(f"{region}{letter}" for letter in letters)
    return network.availability_zones


def zones(network: Networking, region: str) -> tuple[Zone, ...]:
    """The zones for which both subnets fit into the VPC; fewer than asked for when it is full."""
    vpc_zones = []
    for position, name in enumerate(zone_names(network, region)):
        letter = zone_letter(name, region)
        public = _subnet(network, "public", position, letter)
        private = _subnet(network, "private", position, letter)
        if network.existing is not None and not network.existing.public_subnets:
            public = ""
        if public is not None and private is not None:
            vpc_zones.append(Zone(name, letter, public, private))
    return tuple(vpc_zones)


def subnet_ids(name: str, network: Networking, tier: Tier, graph: Graph) -> Iterator[Ref]:
    """The subnets of one tier, made here or found there, one for each zone."""
    prefix = "data." if network.existing else ""
    for zone in zones(network, graph.spec.region):
        if getattr(zone, tier):
            yield Ref(f"{prefix}aws_subnet.{name}_{tier}_{zone.letter}", "id")


def zone_letter(name: str, region: str) -> str:
    """What tells a zone apart in its region.

    >>> zone_letter("us-east-2a", "us-east-2"), zone_letter("us-west-2-lax-1a", "us-west-2")
    ('a', 'lax_1a')
    """
    return name.removeprefix(region).removeprefix("-").replace("-", "_")


def tier_network(network: Networking, tier: Tier) -> str:
    """The smallest network that holds every subnet of a tier, now and when a zone is added."""
    if _given(network, tier):
        return network.cidr
    halves = tuple(ipaddress.IPv4Network(network.cidr).subnets(prefixlen_diff=1))
    return str(halves[0] if tier == "public" else halves[1])


def _given(network: Networking, tier: Tier) -> tuple[str, ...]:
    return network.public_subnets if tier == "public" else network.private_subnets


def _subnet(network: Networking, tier: Tier, position: int, letter: str) -> str | None:
    if network.existing is not None:
        ids = getattr(network.existing, f"{tier}_subnets")
        return ids[position] if position < len(ids) else None
    if given := _given(network, tier):
        return given[position] if position < len(given) else None
    slot = string.ascii_lowercase.find(letter) if len(letter) == 1 else -1
    whole = ipaddress.IPv4Network(network.cidr)
    prefix = whole.prefixlen + SLOT_BITS
    if not 0 <= slot < ZONE_SLOTS or prefix > MOST_PREFIX:
        return None
    first = int(whole.network_address) + (FIRST_SLOT[tier] + slot) * 2 ** (32 - prefix)
    return str(ipaddress.IPv4Network((first, prefix)))
