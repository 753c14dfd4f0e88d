"""A VPC: its subnets, the ways out of it, its network ACLs, and what is billed."""

from ipaddress import IPv4Address, IPv4Network
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.components import networking
from compiler.components.networking.subnets import zones
from compiler.graph.graph import Graph
from compiler.plan.plan import Block, Load, Ref
from compiler.plan.references import references
from tests.examples import HEAD, by_address, graph_of, month, of_type, quantities
from tests.strategies.sample import compiled
from trazo_spec.components.networking import Networking

EXAMPLE = {"egress": {"nat": "single", "endpoints": ["ecr.api", "ecr.dkr", "logs"]}}

WEB_APP = """\
network: {kind: networking, egress: {nat: single}}
alb: {kind: alb, hostname: www.example.com, routes: [{to: web}]}
web: {kind: ecs, image: "nginx:1", port: 8443, uses: {database: connect}}
database: {kind: rds}
"""
NO_NAT = """\
network: {kind: networking, egress: {endpoints: [logs, ecr.api, ecr.dkr, s3]}}
web: {kind: ecs, image: "nginx:1", port: 8443}
"""


def blocks(graph: Graph) -> list[Block]:
    """The blocks of every VPC of a spec."""
    return [b for n, c in graph.of(Networking) for b in networking.blocks(n, c, graph)]


def network(**fields) -> Networking:
    """A VPC with these fields."""
    return Networking.model_validate(fields)


# Subnets


@given(st.integers(16, 24), st.integers(1, 5))
def test_a_new_zone_moves_no_subnet(prefix, count):
    """A subnet that moves is replaced with everything in it."""
    cidr = f"10.0.0.0/{prefix}"
    before = zones(network(cidr=cidr, availability_zones=count), "us-east-1")
    after = zones(network(cidr=cidr, availability_zones=count + 1), "us-east-1")

    assert before == after[:count]


@given(st.integers(16, 24))
def test_subnets_lie_apart_and_inside_of_the_vpc(prefix):
    """AWS refuses anything else, but only at apply."""
    cidr = IPv4Network(f"10.32.0.0/{prefix}")
    found = zones(network(cidr=str(cidr), availability_zones=6), "us-east-1")
    subnets = [IPv4Network(n) for zone in found for n in (zone.public, zone.private)]

    assert len(subnets) == 12
    assert all(s.subnet_of(cidr) for s in subnets)
    assert not any(a.overlaps(b) for a, b in combinations(subnets, 2))


def test_a_zone_has_the_same_subnets_by_name_as_by_count():
    """Who writes names later, or leaves zone b out, keeps the rest in place."""
    counted = zones(network(availability_zones=3), "us-east-2")
    named = zones(network(availability_zones=("us-east-2c", "us-east-2a")), "us-east-2")

    assert named == (counted[2], counted[0])


def test_subnets_of_the_default_vpc():
    """Worked out by hand: sixteen /20 in 10.0.0.0/16, the private ones from the ninth on."""
    found = zones(network(availability_zones=2), "us-east-2")

    assert [(z.name, z.public, z.private) for z in found] == [
        ("us-east-2a", "10.0.0.0/20", "10.0.128.0/20"),
        ("us-east-2b", "10.0.16.0/20", "10.0.144.0/20"),
    ]


def test_subnets_can_be_written_out():
    """Who has an address plan keeps it."""
    given_ones = network(
        availability_zones=2,
        public_subnets=("10.0.1.0/24", "10.0.2.0/24"),
        private_subnets=("10.0.11.0/24", "10.0.12.0/24"),
    )

    assert [(z.public, z.private) for z in zones(given_ones, "us-east-2")] == [
        ("10.0.1.0/24", "10.0.11.0/24"),
        ("10.0.2.0/24", "10.0.12.0/24"),
    ]


def test_a_vpc_that_is_too_small_has_no_zones():
    """A rule says so; nothing here fails before it can."""
    assert zones(network(cidr="10.0.0.0/25"), "us-east-2") == ()


# Ways out


def test_the_default_security_group_is_emptied():
    """What names no group falls into this one, and AWS leaves it open inside."""
    group = by_address(blocks(graph_of(WEB_APP)))["aws_default_security_group.network"]

    assert set(group.body) == {"vpc_id", "tags"}


def test_one_nat_gateway_serves_every_zone():
    """That is what `single` means, and what it saves."""
    found = by_address(blocks(graph_of(WEB_APP)))
    gateway = Ref("aws_nat_gateway.network_a", "id")

    assert len(of_type(found.values(), "aws_nat_gateway")) == 1
    assert found["aws_route.network_private_a"].body["nat_gateway_id"] == gateway
    assert found["aws_route.network_private_b"].body["nat_gateway_id"] == gateway


def test_nat_per_zone_stays_in_the_zone():
    """A zone that fails takes only its own tasks with it."""
    found = by_address(blocks(graph_of("network: {kind: networking, egress: {nat: per_zone}}")))

    assert {
        letter: found[f"aws_route.network_private_{letter}"].body["nat_gateway_id"]
        for letter in "ab"
    } == {letter: Ref(f"aws_nat_gateway.network_{letter}", "id") for letter in "ab"}


def test_more_nat_gateways_keep_the_first_one():
    """From `single` to `per_zone` nothing is replaced, so no outgoing address is lost."""
    single = by_address(blocks(graph_of("network: {kind: networking, egress: {nat: single}}")))
    many = by_address(blocks(graph_of("network: {kind: networking, egress: {nat: per_zone}}")))

    assert many["aws_nat_gateway.network_a"] == single["aws_nat_gateway.network_a"]
    assert many["aws_eip.network_a"] == single["aws_eip.network_a"]


def test_without_nat_private_subnets_have_no_way_to_the_internet():
    """Endpoints are then the only way out."""
    found = by_address(blocks(graph_of(NO_NAT)))

    assert set(of_type(found.values(), "aws_route")) == {"network_public"}


def test_s3_has_a_free_endpoint_on_every_private_route_table():
    """Image layers come from S3; through NAT they would be billed, without it never arrive."""
    endpoint = by_address(blocks(graph_of(WEB_APP)))["aws_vpc_endpoint.network_s3"]

    assert endpoint.body["vpc_endpoint_type"] == "Gateway"
    assert endpoint.body["route_table_ids"] == (
        Ref("aws_route_table.network_private_a", "id"),
        Ref("aws_route_table.network_private_b", "id"),
    )


LAYERS = "arn:aws:s3:::prod-us-east-2-starport-layer-bucket/*"


def allowed(components: str, network: str = "network", region: str = "us-east-2") -> list[Any]:
    """What the S3 endpoint of a VPC lets through: actions and resources, statement by statement."""
    graph = graph_of(components, HEAD.replace("us-east-2", region))
    policy: Any = by_address(blocks(graph))[f"aws_vpc_endpoint.{network}_s3"].body["policy"]
    statements = policy.document["Statement"]
    assert {(s["Effect"], s["Principal"]) for s in statements} == {("Allow", "*")}
    return [(s["Action"], s["Resource"]) for s in statements]


def test_the_s3_endpoint_lets_only_image_layers_through_where_there_is_no_bucket():
    """ECR signs the links to them, so no condition may name who asks."""
    assert allowed("network: {kind: networking}") == [(("s3:GetObject",), (LAYERS,))]


@pytest.mark.parametrize(
    ("region", "first"),
    [("us-gov-west-1", "arn:aws-us-gov:s3:::"), ("cn-north-1", "arn:aws-cn:s3:::")],
)
def test_arns_of_the_s3_endpoint_are_those_of_the_partition(region, first):
    """Elsewhere `arn:aws:` names nothing, and no image would be pulled."""
    network = 'network: {kind: networking}\nfiles: {kind: s3}\nweb: {kind: ecs, image: "nginx:1"}'

    assert allowed(network, region=region) == [
        (("s3:GetObject",), (f"{first}prod-{region}-starport-layer-bucket/*",)),
        (("s3:*",), (f"{first}shop-prod-files", f"{first}shop-prod-files/*")),
    ]


def test_the_s3_endpoint_lets_every_bucket_of_the_spec_and_of_the_list_through():
    """Found or made, used or not: the roles decide who may use it."""
    spec = """\
network: {kind: networking, s3_buckets: [acme-shared-*, data]}
web: {kind: ecs, image: "public.ecr.aws/nginx/nginx:1", uses: {ours: read}}
found: {kind: s3, existing: true, bucket: acme-uploads}
ours: {kind: s3}
"""
    names = ("acme-shared-*", "acme-uploads", "data", "shop-prod-ours")
    arns = tuple(f"arn:aws:s3:::{n}{end}" for n in names for end in ("", "/*"))

    assert allowed(spec) == [(("s3:GetObject",), (LAYERS,)), (("s3:*",), arns)]


def test_the_s3_endpoint_lets_through_what_statements_allow_in_s3():
    """They may name buckets of other specs, accounts, or none at all."""
    spec = """\
network: {kind: networking}
other: {kind: networking, cidr: 10.1.0.0/16}
web:
  kind: ecs
  network: network
  image: "ghcr.io/acme/web:1"
  iam:
    statements:
      - {actions: ["s3:GetObject", "kms:Decrypt"], resources: ["arn:aws:s3:::theirs/*"]}
      - {actions: ["s3:ListAllMyBuckets"], resources: ["*"]}
      - {actions: ["s3:PutObject"], resources: ["arn:aws:s3:::refused/*"], effect: Deny}
      - {actions: ["*"], resources: ["arn:aws:sqs:us-east-2:123456789012:jobs"]}
      - actions: ["*"]
        resources: ["arn:aws:s3:us-east-2:123456789012:accesspoint/a", "arn:aws:*"]
jobs: {kind: ecs, network: other, image: "ghcr.io/acme/jobs:1"}
shared:
  kind: iam
  statements: [{actions: ["s3:GetObject"], resources: ["arn:aws:s3:::theirs/*"]}]
elsewhere:
  kind: iam
  services: [jobs]
  statements: [{actions: ["s3:GetObject"], resources: ["arn:aws:s3:::for-jobs/*"]}]
"""
    layers = (("s3:GetObject",), (LAYERS,))
    theirs = (("s3:GetObject",), ("arn:aws:s3:::theirs/*",))
    point = "arn:aws:s3:us-east-2:123456789012:accesspoint/a"

    assert allowed(spec) == [
        layers,
        (("s3:*",), (point, "arn:aws:*")),
        theirs,
        (("s3:ListAllMyBuckets",), ("*",)),
    ]
    assert allowed(spec, "other") == [
        layers,
        (("s3:GetObject",), ("arn:aws:s3:::for-jobs/*",)),
        theirs,
    ]


@pytest.mark.parametrize(
    ("image", "bucket"),
    [
        ("nginx:1", "docker-images-prod*"),
        ("docker.io/acme/web:1", "docker-images-prod*"),
        ("quay.io/acme/web:1", "quayio-production-s3"),
        ("registry.k8s.io/pause:3.10", "prod-registry-k8s-io-us-east-2"),
    ],
)
def test_layers_of_other_registries_pass_the_s3_endpoint(image, bucket):
    """Inside AWS they answer with a link to a bucket, where a refusal ends the start of a task."""
    spec = f'network: {{kind: networking}}\nweb: {{kind: ecs, image: "{image}"}}'

    assert allowed(spec) == [(("s3:GetObject",), (LAYERS, f"arn:aws:s3:::{bucket}/*"))]


@pytest.mark.parametrize(
    "image",
    [
        "123456789012.dkr.ecr.us-east-2.amazonaws.com/web:1",
        "public.ecr.aws/nginx/nginx:1",
        "ghcr.io/acme/web:1",
        "us-docker.pkg.dev/acme/web/web:1",
        "acme.azurecr.io/web:1",
    ],
)
def test_no_bucket_is_added_for_registries_without_one(image):
    """What is not needed is not let through."""
    spec = f'network: {{kind: networking}}\nweb: {{kind: ecs, image: "{image}"}}'

    assert allowed(spec) == [(("s3:GetObject",), (LAYERS,))]


def test_any_is_written_out():
    """The provider keeps the policy that was there where none is given."""
    spec = "network: {kind: networking, s3_buckets: any}\nfiles: {kind: s3}"

    assert allowed(spec) == [("*", "*")]


def test_the_s3_endpoint_waits_for_no_bucket():
    """Its policy names them by text: a service waits for the endpoint, not for every bucket."""
    graph = graph_of("network: {kind: networking}\nfiles: {kind: s3}")
    endpoint = by_address(blocks(graph))["aws_vpc_endpoint.network_s3"]
    needed = {address.partition(".")[0] for address in references(endpoint)}

    assert needed == {"aws_vpc", "aws_route_table"}


def test_interface_endpoints_have_no_policy_and_dynamodb_none_of_s3():
    """Theirs is AWS's own, which lets through what roles allow."""
    spec = "network: {kind: networking, egress: {endpoints: [logs, dynamodb]}}"
    endpoints = of_type(blocks(graph_of(spec)), "aws_vpc_endpoint")

    assert {n for n, b in endpoints.items() if "policy" in b.body} == {"network_s3"}


def test_interface_endpoints_answer_to_the_usual_names():
    """Without private DNS the image is looked for on the internet."""
    found = of_type(blocks(graph_of(NO_NAT)), "aws_vpc_endpoint")
    interfaces = {n: b for n, b in found.items() if b.body["vpc_endpoint_type"] == "Interface"}

    assert set(interfaces) == {"network_ecr_api", "network_ecr_dkr", "network_logs"}
    assert {b.body["private_dns_enabled"] for b in interfaces.values()} == {True}
    assert interfaces["network_ecr_api"].body["service_name"] == "com.amazonaws.us-east-2.ecr.api"


# Network ACLs, walked packet by packet

PUBLIC, PRIVATE = "10.0.0.10", "10.0.128.10"
OTHER_ZONE = "10.0.144.20"
CLIENT = "203.0.113.7"


class Edge:
    """The edges of all subnets of one VPC: which packets pass them."""

    def __init__(self, components: str) -> None:
        self.rules = of_type(blocks(graph_of(components)), "aws_network_acl_rule").values()

    def passes(self, tier: str, way: str, peer: str, port: int) -> bool:
        """Whether a packet to a port passes: `in` from a peer, `out` to one."""
        return any(
            rule.body["network_acl_id"] == Ref(f"aws_network_acl.network_{tier}", "id")
            and rule.body["egress"] == (way == "out")
            and rule.body["protocol"] == "tcp"
            and IPv4Address(peer) in IPv4Network(rule.body["cidr_block"])
            and rule.body["from_port"] <= port <= rule.body["to_port"]
            for rule in self.rules
        )

    def talks(
        self, asking: tuple[str, str], answering: tuple[str, str], port: int, own: int
    ) -> bool:
        """Whether a question and its answer pass every edge between two subnets."""
        (from_tier, client), (to_tier, server) = asking, answering
        return (
            self.passes(from_tier, "out", server, port)
            and self.passes(to_tier, "in", client, port)
            and self.passes(to_tier, "out", client, own)
            and self.passes(from_tier, "in", server, own)
        )


@pytest.mark.parametrize("own", [1024, 32768, 65535])
@pytest.mark.parametrize("port", [80, 443])
def test_clients_reach_the_load_balancer(port, own):
    """From whatever port they come, and the answer gets back to it."""
    edge = Edge(WEB_APP)

    assert edge.passes("public", "in", CLIENT, port)
    assert edge.passes("public", "out", CLIENT, own)


@pytest.mark.parametrize("own", [1024, 65535])
def test_the_load_balancer_reaches_tasks(own):
    """It asks from 1024 to 65535: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html."""
    assert Edge(WEB_APP).talks(("public", PUBLIC), ("private", PRIVATE), 8443, own)


@pytest.mark.parametrize("own", [32768, 60999])
def test_tasks_reach_the_database_in_another_zone(own):
    """Between two private subnets both sides pass the same ACL."""
    assert Edge(WEB_APP).talks(("private", PRIVATE), ("private", OTHER_ZONE), 5432, own)


def test_tasks_reach_the_internet_through_nat():
    """A packet passes four edges, with the task's port before NAT and another one behind it."""
    edge = Edge(WEB_APP)
    task_port, nat_port = 40_000, 1024

    assert edge.passes("private", "out", CLIENT, 443)
    assert edge.passes("public", "in", PRIVATE, 443)
    assert edge.passes("public", "out", CLIENT, 443)
    assert edge.passes("public", "in", CLIENT, nat_port)
    assert edge.passes("public", "out", PRIVATE, task_port)
    assert edge.passes("private", "in", CLIENT, task_port)


def test_tasks_reach_s3_and_endpoints_without_nat():
    """The gateway endpoint of S3 has public addresses, an interface endpoint private ones."""
    edge = Edge(NO_NAT)

    assert edge.passes("private", "out", "52.219.0.1", 443)
    assert edge.passes("private", "in", "52.219.0.1", 40_000)
    assert edge.talks(("private", PRIVATE), ("private", OTHER_ZONE), 443, 40_000)


@pytest.mark.parametrize(
    ("tier", "way", "peer", "port"),
    [
        ("private", "in", CLIENT, 5432),
        ("private", "in", CLIENT, 8443),
        ("private", "in", PUBLIC, 5432),
        ("private", "in", PRIVATE, 8443),
        ("public", "in", CLIENT, 22),
        ("private", "out", CLIENT, 25),
        ("private", "out", PUBLIC, 444),
    ],
)
def test_what_no_link_says_does_not_pass(tier, way, peer, port):
    """An ACL that lets everything through is no ACL."""
    assert not Edge(WEB_APP.replace("nat: single", "nat: none")).passes(tier, way, peer, port)


def test_without_nat_the_public_edge_takes_nothing_but_requests():
    """Only NAT asks from there, so only NAT gets answers from the internet."""
    edge = Edge(NO_NAT)

    assert not any(edge.passes("public", "in", CLIENT, p) for p in (80, 443, 1024, 65535))


def test_routers_may_say_that_a_packet_is_too_big():
    """Else large answers hang: https://docs.aws.amazon.com/vpc/latest/userguide/path_mtu_discovery.html."""
    rules = Edge(WEB_APP).rules
    too_big = {
        (
            r.body["network_acl_id"].address,
            r.body["egress"],
            r.body["icmp_type"],
            r.body["icmp_code"],
        )
        for r in rules
        if r.body["protocol"] == "icmp"
    }

    assert too_big == {
        (f"aws_network_acl.network_{tier}", egress, 3, 4)
        for tier in ("public", "private")
        for egress in (True, False)
    }


def test_an_unrelated_link_moves_no_acl_rule():
    """A rule with another number is replaced, and traffic stops in between."""
    more = (
        WEB_APP
        + """\
jobs: {kind: ecs, image: "nginx:1", uses: {cache: connect}, egress_ports: [22, 443]}
cache: {kind: redis}
"""
    )
    before = of_type(blocks(graph_of(WEB_APP)), "aws_network_acl_rule")
    after = of_type(blocks(graph_of(more)), "aws_network_acl_rule")

    assert {name: after[name] for name in before} == before
    assert len(after) > len(before)


@given(compiled())
def test_acl_rules_have_numbers_of_their_own(spec):
    """AWS takes 1 to 32766, each once for a direction of an ACL."""
    rules = of_type(spec.plans[spec.first].blocks, "aws_network_acl_rule").values()
    numbers = [(r.body["network_acl_id"], r.body["egress"], r.body["rule_number"]) for r in rules]

    assert len(set(numbers)) == len(numbers)
    assert all(1 <= number <= 32_766 for *_, number in numbers)


def test_ports_that_want_one_number_get_two():
    """10,007 apart is rare, and must still work."""
    links = """\
network: {kind: networking}
web: {kind: ecs, image: "nginx:1", egress_ports: [443, 10450]}
"""
    rules = of_type(blocks(graph_of(links)), "aws_network_acl_rule")

    assert rules["network_private_to_internet_443"].body["rule_number"] == 443
    assert rules["network_private_to_internet_10450"].body["rule_number"] == 444


# The bill


def meters(components: str, load: Load) -> dict[str, float]:
    """What is billed for the VPC `network`."""
    graph = graph_of(components)
    component = graph.spec.components["network"]
    return quantities(networking.meters("network", component, graph), load)


def test_what_a_single_nat_gateway_costs():
    """By hand: half of the tasks stand in the other zone, and AWS bills both sides of the way."""
    load = month({"gb_processed": 100.0, "gb_out": 40.0})

    assert meters(WEB_APP, load) == {
        "nat_gateway_hour": 720.0,
        "public_ipv4_in_use_hour": 720.0,
        "nat_gateway_processed_gb": 100.0,
        "data_transfer_internet_out_gb": 40.0,
        "data_transfer_inter_az_gb_each_direction": 100.0,
    }


def test_nat_in_every_zone_costs_more_hours_and_no_transfer():
    """The other half of the choice."""
    load = month({"gb_processed": 100.0, "gb_out": 40.0})
    found = meters(WEB_APP.replace("single", "per_zone"), load)

    assert found["nat_gateway_hour"] == 2 * 720.0
    assert "data_transfer_inter_az_gb_each_direction" not in found


def test_endpoints_are_billed_for_each_zone():
    """Three endpoints in two zones; the one of S3 is free."""
    load = month({"gb_processed": 100.0, "gb_out": 0.0})

    assert meters(NO_NAT, load) == {
        "vpc_interface_endpoint_az_hour": 3 * 2 * 720.0,
        "vpc_interface_endpoint_processed_gb": 100.0,
    }


def test_data_is_billed_once_where_nat_and_endpoints_stand_together():
    """One number of GB, so one line for it."""
    both = NO_NAT.replace("egress: {", "egress: {nat: single, ")
    found = meters(both, month({"gb_processed": 100.0, "gb_out": 0.0}))

    assert found["nat_gateway_processed_gb"] == 100.0
    assert "vpc_interface_endpoint_processed_gb" not in found


def test_a_vpc_alone_is_free():
    """Subnets, routes, ACLs and gateway endpoints have no price."""
    assert meters("network: {kind: networking, egress: {}}", month()) == {}
