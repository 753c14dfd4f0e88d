"""The network view of one environment: subnets, ways out, and rules of security groups."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from compiler.aws.security_groups import ANYWHERE, groups
from compiler.backends.cards import cards_of, placed, vpcs
from compiler.backends.diagram.model.picture import (
    Area,
    Chip,
    Inside,
    Item,
    Link,
    Network,
    Picture,
    one,
)
from compiler.backends.diagram.views import items
from compiler.backends.diagram.views.folding import folded
from compiler.backends.diagram.views.items import Overlays
from compiler.backends.diagram.views.overview_networks import (
    ENDPOINT_ICON,
    interface_endpoints,
    internet_gateway,
    network,
)
from compiler.backends.diagram.views.vpc_tables import tables
from compiler.card import Card, Place, Vpc
from compiler.graph.graph import Graph
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
    ports: dict[tuple[str, str], set[int]] = {}
    for block in (b for b in blocks if b.type in _RULES):
        label = _label(block.body["security_group_id"])
        group, peer = ids.get(label, label), _peer(block, ids)
        ends = (group, peer) if block.type == _RULES[0] else (peer, group)
        first, last = int(str(block.body["from_port"])), int(str(block.body["to_port"]))
        ports.setdefault(ends, set()).update(range(first, last + 1))
    return Firewall(names, {ends: tuple(sorted(ports[ends])) for ends in sorted(ports)})


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
    for vpc in networks:
        yield from _outward(vpc, rules)
        yield from _through_gateway(vpc)


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


def _label(reference: object) -> str:
    """The Terraform label of the block that a reference points at."""
    return reference.address.rpartition(".")[2] if isinstance(reference, Ref) else ""


def _peer(block: Block, ids: Mapping[str, str]) -> str:
    """The item at the other side of a rule."""
    body = block.body
    if "referenced_security_group_id" in body:
        group = _label(body["referenced_security_group_id"])
        return ids.get(group, group)
    if "prefix_list_id" in body:
        return prefix_list_id(_label(body["prefix_list_id"]).rpartition("_")[2])
    if body["cidr_ipv4"] == ANYWHERE:
        return INTERNET
    # The addresses of a VPC that is there already: its endpoints have groups of their own.
    return endpoints_id(_label(body["cidr_ipv4"]))


ROUTER_ICON = "aws.network.VPCRouter"
INTERNET_ICON = "aws.general.InternetAlt2"
SERVICE_ICONS: Mapping[str, tuple[str, str]] = {
    "dynamodb": ("aws.database.Dynamodb", "DynamoDB"),
    "s3": ("aws.storage.SimpleStorageServiceS3", "Amazon S3"),
}
"""Icon and name of each service with a gateway endpoint."""

MOST_ENDPOINTS = 12
"""Of more interface endpoints, the rest is counted."""
MOST_ROWS = 6
"""More zones than these share the last row; few regions have more.

Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
"""


def network_view(graph: Graph, costs_usd: Mapping[str, Decimal] | None = None) -> Picture:
    """The picture of every VPC of an environment.

    Args:
        graph: the environment.
        costs_usd: USD per month of each component; None for a picture without prices.
    """
    cards = cards_of(graph)
    blocks = tuple(_blocks(graph, vpcs(cards)))
    rules = firewall(blocks)
    overlays = Overlays(items.in_cents(costs_usd or {}), {})
    drafts = (_network(n, v, graph, cards, rules, overlays) for n, v in vpcs(cards).items())
    networks = tuple(replace(n, tables=tables(n.id, blocks, len(n.zones))) for n in drafts)
    arrows = tuple(links(rules, networks))
    picture = Picture(
        title=f"{graph.spec.name} · {graph.environment} · network",
        region=graph.spec.region,
        total=_total(networks, overlays) if costs_usd is not None else None,
        areas={
            Area.USERS: one(_internet(arrows)),
            Area.BUCKETS: tuple(_gateway_targets(graph, rules)),
        },
        networks=networks,
        links=arrows,
    )
    result = folded(picture, overlays.chips, together)
    short = tuple(replace(k, label=shortened(k.label)) for k in result.links)
    return replace(result, links=short, notes=(*result.notes, *_notes(cards)))


def _blocks(graph: Graph, names: Iterable[str]) -> Iterator[Block]:
    """What Terraform gets of VPCs and security groups; no override may change what is shown."""
    yield from groups(graph)
    for name in names:
        component = graph.spec.components[name]
        yield from graph.kind(component).blocks(name, component, graph)


def _network(
    name: str,
    vpc: Vpc,
    graph: Graph,
    cards: Mapping[str, Card],
    rules: Firewall,
    overlays: Overlays,
) -> Network:
    """A VPC whose parts carry the name of their security group."""
    known = network(name, vpc, graph, cards, overlays, (), most_rows=MOST_ROWS)
    stores = known.stores
    endpoints = interface_endpoints(name, vpc, most=MOST_ENDPOINTS)
    return replace(
        known,
        areas={
            Inside.GATEWAY: one(_gateway(known, vpc)),
            Inside.BALANCERS: tuple(_grouped(b, b.details, rules) for b in known.balancers),
            Inside.S3_ENDPOINT: (_way_to_services(name, vpc),),
            Inside.INTERFACE_ENDPOINTS: one(
                _grouped(endpoints, endpoints.details, rules) if endpoints else None
            ),
        },
        services=tuple(
            replace(s, item=_grouped(s.item, details, rules))
            for s, details in zip(known.services, _of_services(known, rules), strict=True)
        ),
        stores=tuple(replace(s, item=_grouped(s.item, s.item.details[:1], rules)) for s in stores),
    )


def _grouped(item: Item, details: tuple[str, ...], rules: Firewall) -> Item:
    """An item with other details, and with the name of its security group where it has one."""
    group = rules.names.get(item.id)
    chips = (Chip(group, "security_group"),) if group is not None else ()
    return replace(item, details=details, chips=(*item.chips, *chips))


def _of_services(network: Network, rules: Firewall) -> Iterator[tuple[str, ...]]:
    """What to say of each service: how many tasks, and its way out where that differs."""
    out = [rules.ports.get((s.item.id, INTERNET), ()) for s in network.services]
    for service, ports in zip(network.services, out, strict=True):
        words = f"internet: {shortened(ports_text(ports)) or 'none'}"
        tasks = service.item.details[-1:]
        yield (*tasks, words) if len(set(out)) > 1 else tasks


def _gateway(known: Network, vpc: Vpc) -> Item | None:
    """The internet gateway: a VPC of ours has one even if nothing uses it."""
    return known.gateway if vpc.existing else internet_gateway(known.id)


def _way_to_services(name: str, vpc: Vpc) -> Item:
    """The gateway endpoints together; which way a VPC has that is there already is not known."""
    if vpc.existing:
        return Item(f"{name}.s3_endpoint", ROUTER_ICON, "VPC router", ("its own routes",))
    services = vpc.gateway_services
    title = "Gateway endpoint" if len(services) == 1 else "Gateway endpoints"
    return Item(f"{name}.s3_endpoint", ENDPOINT_ICON, title, services)


def _internet(arrows: Sequence[Link]) -> Item | None:
    """Every address, where something comes from there or goes there."""
    if not any(INTERNET in (k.source, k.target) for k in arrows):
        return None
    return Item(INTERNET, INTERNET_ICON, "Internet", (ANYWHERE,))


def _gateway_targets(graph: Graph, rules: Firewall) -> Iterator[Item]:
    """The services that tasks reach by their prefix list."""
    called = {target for _, target in rules.ports}
    for service, (icon, title) in SERVICE_ICONS.items():
        id_ = prefix_list_id(service)
        if id_ in called:
            full_name = f"com.amazonaws.{graph.spec.region}.{service}"
            details = (f"prefix list of {service}",)
            yield Item(id_, icon, title, details, tooltip=full_name, keeps_data=True)


def _total(networks: tuple[Network, ...], overlays: Overlays) -> Chip:
    """What the shown components cost together."""
    shown = {i.id for n in networks for i in (*n.balancers, *(s.item for s in n.services))}
    shown |= {s.item.id for n in networks for s in n.stores} | {n.id for n in networks}
    usd = sum((v for name, v in overlays.costs_usd.items() if name in shown), Decimal(0))
    return Chip(f"{items.money(usd)} / month for the resources shown", "cost")


def _notes(cards: Mapping[str, Card]) -> Iterator[str]:
    """What the picture cannot show."""
    networks = vpcs(cards)
    if not networks:
        yield (
            "Nothing in this environment runs in a VPC: there are no subnets, routes or "
            "security groups."
        )
    if placed(cards, Place.ZONE):
        yield "A database or cache may be in any private subnet: AWS chooses its zone."
    if any(vpc.interface_services for vpc in networks.values()):
        yield "Interface endpoints have an address in every private subnet."
    for name, vpc in networks.items():
        if vpc.existing:
            yield (
                f"The VPC {name} already exists: trazo does not create its routes and network ACLs."
            )
