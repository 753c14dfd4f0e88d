"""The VPC, its subnets, gateways, routes and endpoints."""

from collections.abc import Iterator

from compiler.aws.names import aws_name, label
from compiler.aws.placement import vpc
from compiler.components.networking.acl import acls
from compiler.components.networking.egress import (
    gateway_services,
    interface_services,
    nat_of,
    nat_zones,
)
from compiler.components.networking.s3_endpoint import policy
from compiler.components.networking.subnets import Zone, zones
from compiler.graph.graph import Graph, Tier
from compiler.plan.plan import Block, Json, Ref, Value
from trazo_spec.components.networking import ExistingVpc, Networking

INTERNET = "0.0.0.0/0"


def blocks(name: str, component: Networking, graph: Graph) -> Iterator[Block]:
    """A VPC with its subnets, the ways out of it, and the rules at the edge of each subnet."""
    vpc_zones = zones(component, graph.spec.region)
    if component.existing is not None:
        yield from _existing(name, component.existing, component, graph)
        return
    yield from _vpc(name, component, graph)
    for zone in vpc_zones:
        yield _subnet(name, "public", zone, graph)
        yield _subnet(name, "private", zone, graph)
    yield from _public_routes(name, vpc_zones, graph)
    yield from _private_routes(name, component, vpc_zones, graph)
    for zone in nat_zones(component, vpc_zones):
        yield from _nat(name, zone, graph)
    yield from _endpoints(name, component, vpc_zones, graph)
    yield from acls(name, component, graph)


def _existing(
    name: str, existing: ExistingVpc, component: Networking, graph: Graph
) -> Iterator[Block]:
    """A VPC that is looked up, with subnets that must be in it and in the zones of the spec."""
    yield Block("aws_vpc", name, {"id": existing.vpc}, name, mode="data")
    for zone in zones(component, graph.spec.region):
        for tier, subnet in (("public", zone.public), ("private", zone.private)):
            if subnet:
                body: dict[str, Value] = {
                    "id": subnet,
                    "vpc_id": vpc(name, "id", graph),
                    "availability_zone": zone.name,
                }
                label_ = f"{name}_{tier}_{zone.letter}"
                yield Block("aws_subnet", label_, body, name, mode="data")
    # Whatever way leads to these services, AWS publishes their addresses.
    for service in gateway_services(component):
        list_: dict[str, Value] = {"name": f"com.amazonaws.{graph.spec.region}.{service}"}
        label_ = f"{name}_{label(service)}"
        yield Block("aws_ec2_managed_prefix_list", label_, list_, name, mode="data")


def _vpc(name: str, component: Networking, graph: Graph) -> Iterator[Block]:
    vpc: dict[str, Value] = {
        "cidr_block": component.cidr,
        "enable_dns_support": True,
        "enable_dns_hostnames": True,
        "tags": _tags(graph, name),
    }
    yield Block("aws_vpc", name, vpc, name)
    gateway: dict[str, Value] = {"vpc_id": _vpc_id(name), "tags": _tags(graph, name)}
    yield Block("aws_internet_gateway", name, gateway, name)
    # Taken over without a rule, so that nothing is open that forgot to name a group.
    default: dict[str, Value] = {"vpc_id": _vpc_id(name), "tags": _tags(graph, name, "unused")}
    yield Block("aws_default_security_group", name, default, name)


def _subnet(name: str, tier: Tier, zone: Zone, graph: Graph) -> Block:
    body: dict[str, Value] = {
        "vpc_id": _vpc_id(name),
        "availability_zone": zone.name,
        "cidr_block": zone.public if tier == "public" else zone.private,
        # Load balancers and NAT gateways get their addresses without this.
        "map_public_ip_on_launch": False,
        "tags": _tags(graph, name, tier, zone.letter),
    }
    return Block("aws_subnet", f"{name}_{tier}_{zone.letter}", body, name)


def _public_routes(name: str, vpc_zones: tuple[Zone, ...], graph: Graph) -> Iterator[Block]:
    table = f"{name}_public"
    yield _table(table, name, graph, "public")
    gateway = Ref(f"aws_internet_gateway.{name}", "id")
    yield _route(table, name, {"gateway_id": gateway})
    for zone in vpc_zones:
        yield _association(f"{name}_public_{zone.letter}", table, name)


def _private_routes(
    name: str, component: Networking, vpc_zones: tuple[Zone, ...], graph: Graph
) -> Iterator[Block]:
    for zone in vpc_zones:
        table = f"{name}_private_{zone.letter}"
        yield _table(table, name, graph, "private", zone.letter)
        yield _association(table, table, name)
        if through := nat_of(component, vpc_zones, zone):
            gateway = Ref(f"aws_nat_gateway.{name}_{through.letter}", "id")
            yield _route(table, name, {"nat_gateway_id": gateway})


def _table(table: str, name: str, graph: Graph, *parts: str) -> Block:
    body: dict[str, Value] = {"vpc_id": _vpc_id(name), "tags": _tags(graph, name, *parts)}
    return Block("aws_route_table", table, body, name)


def _route(table: str, name: str, target: dict[str, Value]) -> Block:
    body: dict[str, Value] = {
        "route_table_id": Ref(f"aws_route_table.{table}", "id"),
        "destination_cidr_block": INTERNET,
        **target,
    }
    return Block("aws_route", table, body, name)


def _association(subnet: str, table: str, name: str) -> Block:
    body: dict[str, Value] = {
        "subnet_id": Ref(f"aws_subnet.{subnet}", "id"),
        "route_table_id": Ref(f"aws_route_table.{table}", "id"),
    }
    return Block("aws_route_table_association", subnet, body, name)


def _nat(name: str, zone: Zone, graph: Graph) -> Iterator[Block]:
    block_name = f"{name}_{zone.letter}"
    tags = _tags(graph, name, zone.letter)
    # AWS wants the internet gateway to be there first, and no argument names it:
    # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/nat_gateway
    first = (f"aws_internet_gateway.{name}",)
    yield Block("aws_eip", block_name, {"domain": "vpc", "tags": tags}, name, depends_on=first)
    gateway: dict[str, Value] = {
        "allocation_id": Ref(f"aws_eip.{block_name}", "id"),
        "subnet_id": Ref(f"aws_subnet.{name}_public_{zone.letter}", "id"),
        "tags": tags,
    }
    yield Block("aws_nat_gateway", block_name, gateway, name, depends_on=first)


def _endpoints(
    name: str, component: Networking, vpc_zones: tuple[Zone, ...], graph: Graph
) -> Iterator[Block]:
    private = tuple(f"{name}_private_{zone.letter}" for zone in vpc_zones)
    # Nothing in a public subnet calls S3, so its table needs no such route.
    tables: dict[str, Value] = {
        "vpc_endpoint_type": "Gateway",
        "route_table_ids": tuple(Ref(f"aws_route_table.{p}", "id") for p in private),
    }
    for service in gateway_services(component):
        allowed = {"policy": Json(policy(name, component, graph))} if service == "s3" else {}
        yield _endpoint(name, service, {**tables, **allowed}, graph)
    addresses: dict[str, Value] = {
        "vpc_endpoint_type": "Interface",
        "subnet_ids": tuple(Ref(f"aws_subnet.{p}", "id") for p in private),
        "security_group_ids": (Ref(f"aws_security_group.{name}_endpoints", "id"),),
        "private_dns_enabled": True,
    }
    for service in interface_services(component):
        yield _endpoint(name, service, addresses, graph)


def _endpoint(name: str, service: str, kind: dict[str, Value], graph: Graph) -> Block:
    body: dict[str, Value] = {
        "vpc_id": _vpc_id(name),
        "service_name": f"com.amazonaws.{graph.spec.region}.{service}",
        **kind,
        "tags": _tags(graph, name, service.replace(".", "-")),
    }
    return Block("aws_vpc_endpoint", f"{name}_{label(service)}", body, name)


def _vpc_id(name: str) -> Ref:
    return Ref(f"aws_vpc.{name}", "id")


def _tags(graph: Graph, name: str, *role: str) -> dict[str, Value]:
    return {"Name": aws_name(graph, name, role="-".join(role))}
