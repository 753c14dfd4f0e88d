"""What no arrow shows of a VPC, read from its Terraform blocks: routes and network ACLs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from compiler.backends.diagram.model.picture import Table
from compiler.backends.diagram.views.items import DASH
from compiler.plan.plan import Block, Ref

ROUTES_ICON = "aws.network.RouteTable"
ACL_ICON = "aws.network.Nacl"

MOST_PORTS = 6
"""Of a longer list, the first ones are shown and the rest is counted."""

_LOCAL = "local"
_TIERS = ("public", "private")


def tables(name: str, blocks: Iterable[Block], rows: int) -> tuple[Table, ...]:
    """Subnets, routes and network ACLs of a VPC; of one that is there already only the first.

    Args:
        name: the component's name.
        blocks: those of the environment.
        rows: how many rows show zones.
    """
    own = {b.address: b for b in blocks if b.component == name}
    return (*_subnets(name, own, rows), *_route_tables(name, own), *_acls(name, own))


def _of(kind: str, blocks: Mapping[str, Block]) -> list[Block]:
    """The blocks of a type, in the order of their addresses."""
    return [blocks[address] for address in sorted(blocks) if blocks[address].type == kind]


def _address(reference: object) -> str:
    return reference.address if isinstance(reference, Ref) else ""


def _tier(address: str, name: str) -> str:
    """Whether a subnet is public or private, as its Terraform label says behind the VPC's name."""
    return address.rpartition(".")[2].removeprefix(f"{name}_").partition("_")[0]


def _subnets(name: str, blocks: Mapping[str, Block], rows: int) -> Iterator[Table]:
    """The addresses of every subnet, or its id where it is there already."""
    subnets = _of("aws_subnet", blocks)
    for tier in _TIERS:
        shown = tuple(
            (str(b.body["availability_zone"]), str(b.body.get("cidr_block", b.body.get("id"))))
            for b in subnets
            if _tier(b.address, name) == tier
        )
        icon, whose = f"aws.network.{tier.title()}Subnet", _whose(tier, ())
        if shown:
            id_ = f"{name}.{tier}_subnets"
            yield Table(id_, icon, "Addresses", whose, shown, in_zones=len(shown) <= rows)


def _route_tables(name: str, blocks: Mapping[str, Block]) -> Iterator[Table]:
    """The routes of each tier, once for all zones that have the same."""
    same: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for table in _of("aws_route_table", blocks):
        subnets = _subnets_of(table, blocks)
        tiers = {_tier(s.address, name) for s in subnets}
        zones = [str(s.body["availability_zone"]) for s in subnets]
        for tier in sorted(tiers):
            same.setdefault((tier, tuple(_routes(table, blocks))), []).extend(zones)
    for tier in _TIERS:
        groups = [
            (routes, zones) for (table_tier, routes), zones in same.items() if table_tier == tier
        ]
        for routes, zones in groups:
            whose = _whose(tier, zones if len(groups) > 1 else ())
            yield Table(f"{name}.{tier}_routes.{zones[0]}", ROUTES_ICON, "Routes", whose, routes)


def _subnets_of(table: Block, blocks: Mapping[str, Block]) -> list[Block]:
    """The subnets that a route table is for."""
    return [
        blocks[_address(b.body["subnet_id"])]
        for b in _of("aws_route_table_association", blocks)
        if _address(b.body["route_table_id"]) == table.address
    ]


def _routes(table: Block, blocks: Mapping[str, Block]) -> Iterator[tuple[str, str]]:
    """Destination and target of each route; AWS adds the first one to every table.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html#RouteTableDetails
    """
    yield str(blocks[_address(table.body["vpc_id"])].body["cidr_block"]), _LOCAL
    for route in _of("aws_route", blocks):
        if _address(route.body["route_table_id"]) == table.address:
            yield str(route.body["destination_cidr_block"]), _target(route, blocks)
    for endpoint in _of("aws_vpc_endpoint", blocks):
        tables_of = endpoint.body.get("route_table_ids", ())
        if isinstance(tables_of, Sequence) and table.address in map(_address, tables_of):
            service = str(endpoint.body["service_name"]).rpartition(".")[2]
            yield f"prefix list of {service}", "gateway endpoint"


def _target(route: Block, blocks: Mapping[str, Block]) -> str:
    """Where a route leads."""
    if "gateway_id" in route.body:
        return "internet gateway"
    nat = blocks[_address(route.body["nat_gateway_id"])]
    zone = blocks[_address(nat.body["subnet_id"])].body["availability_zone"]
    return f"NAT gateway in {zone}"


def _acls(name: str, blocks: Mapping[str, Block]) -> Iterator[Table]:
    """The ACL of each tier."""
    for tier in _TIERS:
        address = f"aws_network_acl.{name}_{tier}"
        if address in blocks:
            yield Table(
                f"{name}.{tier}_acl",
                ACL_ICON,
                "Network ACL",
                _whose(tier, ()),
                _allowed(address, blocks),
            )


def _allowed(address: str, blocks: Mapping[str, Block]) -> tuple[tuple[str, str], ...]:
    """Which ports an ACL lets in and out, for each peer."""
    ports: dict[tuple[bool, str], list[str]] = {}
    rules = [
        b
        for b in _of("aws_network_acl_rule", blocks)
        if _address(b.body["network_acl_id"]) == address
    ]
    for rule in sorted(rules, key=_by_port):
        ends = bool(rule.body["egress"]), str(rule.body["cidr_block"])
        ports.setdefault(ends, []).append(_ports(rule))
    shown = tuple(
        (f"{'to' if egress else 'from'} {cidr}", _listed(ports[egress, cidr]))
        for egress, cidr in sorted(ports)
    )
    return shown or (("any address", "denied"),)


def _by_port(rule: Block) -> tuple[bool, bool, int]:
    """Single ports first, then ranges, then what has no ports."""
    first, last = rule.body.get("from_port"), rule.body.get("to_port")
    return first is None, first != last, int(str(first or 0))


def _ports(rule: Block) -> str:
    """What a rule lets through: a port, a range, or a kind of ICMP message."""
    if "icmp_type" in rule.body:
        return f"ICMP type {rule.body['icmp_type']} code {rule.body['icmp_code']}"
    first, last = rule.body["from_port"], rule.body["to_port"]
    protocol = str(rule.body["protocol"]).upper()
    return f"{protocol} {first}" if first == last else f"{protocol} {first}{DASH}{last}"


def _listed(ports: Sequence[str]) -> str:
    """Ports in one line, the protocol once for all that share it.

    >>> _listed(["TCP 80", "TCP 443", "ICMP type 3 code 4"])
    'TCP 80, 443 · ICMP type 3 code 4'
    """
    by_protocol: dict[str, list[str]] = {}
    for words in ports:
        protocol, _, number = words.partition(" ")
        by_protocol.setdefault(protocol, []).append(number)
    return " · ".join(f"{p} {_shortened(numbers)}" for p, numbers in by_protocol.items())


def _shortened(numbers: Sequence[str]) -> str:
    """The first numbers, how many more there are, and the last one: the range for answers."""
    if len(numbers) <= MOST_PORTS:
        return ", ".join(numbers)
    kept = numbers[: MOST_PORTS - 2]
    return ", ".join((*kept, f"{len(numbers) - len(kept) - 1} more", numbers[-1]))


def _whose(tier: str, zones: Iterable[str]) -> str:
    """The subnets that a table is for, in words."""
    named = ", ".join(zones)
    return f"private subnet in {named}" if named and tier == "private" else f"{tier} subnets"
