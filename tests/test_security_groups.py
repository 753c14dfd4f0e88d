"""Security groups: every rule comes from a link, a public listener, or declared egress."""

from hypothesis import given

from compiler.aws.security_groups import groups
from compiler.graph.graph import Graph, Relation
from compiler.plan.plan import Block, Ref
from tests.examples import by_address, graph_of
from tests.strategies.sample import compiled
from trazo_spec.components.alb import Alb
from trazo_spec.components.ecs import Ecs

APP = """\
network: {kind: networking, egress: {nat: single}}
edge: {kind: alb, hostname: www.example.com, routes: [{path: /x, to: web}, {to: web}]}
web: {kind: ecs, image: "nginx:1", port: 8443, uses: {database: connect, media: read}}
jobs: {kind: ecs, image: "nginx:1", uses: {cache: connect}, egress_ports: [443, 22]}
database: {kind: rds}
cache: {kind: redis}
media: {kind: s3}
"""
NO_NAT = """\
network: {kind: networking, egress: {endpoints: [logs, dynamodb]}}
web: {kind: ecs, image: "nginx:1", port: 8443}
"""


def rules(graph: Graph, direction: str) -> dict[str, Block]:
    """The rules of one direction by label."""
    kind = f"aws_vpc_security_group_{direction}_rule"
    return {b.name: b for b in by_address(groups(graph)).values() if b.type == kind}


def test_what_may_come_in():
    """Everything, with the port that it is for."""
    found = rules(graph_of(APP), "ingress")

    assert {name: block.body["to_port"] for name, block in found.items()} == {
        "edge_from_internet_80": 80,
        "edge_from_internet_443": 443,
        "web_from_edge": 8443,
        "database_from_web": 5432,
        "cache_from_jobs": 6379,
    }


def test_what_may_go_out():
    """Everything: databases and caches open no connection at all."""
    found = rules(graph_of(APP), "egress")

    assert {name: block.body["to_port"] for name, block in found.items()} == {
        "edge_to_web": 8443,
        "web_to_database": 5432,
        "web_to_s3": 443,
        "web_to_internet_443": 443,
        "jobs_to_cache": 6379,
        "jobs_to_s3": 443,
        "jobs_to_internet_443": 443,
        "jobs_to_internet_22": 22,
    }


def test_without_nat_tasks_reach_endpoints_only():
    """No rule to the internet, and the endpoints take connections of tasks alone."""
    graph = graph_of(NO_NAT)

    assert set(rules(graph, "egress")) == {"web_to_endpoints", "web_to_dynamodb", "web_to_s3"}
    assert set(rules(graph, "ingress")) == {"network_endpoints_from_web"}


def test_s3_is_reached_by_its_prefix_list():
    """Not by 0.0.0.0/0, which would be everybody."""
    rule = rules(graph_of(NO_NAT), "egress")["web_to_s3"].body

    assert rule["prefix_list_id"] == Ref("aws_vpc_endpoint.network_s3", "prefix_list_id")
    assert "cidr_ipv4" not in rule


def test_groups_keep_their_descriptions():
    """A changed one replaces the group, and with it what stands in it."""
    found = [b for b in groups(graph_of(APP)) if b.type == "aws_security_group"]

    assert {b.name: (b.body["name"], b.body["description"]) for b in found} == {
        "edge": ("prod-edge", "Load balancer"),
        "web": ("prod-web", "Tasks of a service"),
        "jobs": ("prod-jobs", "Tasks of a service"),
        "database": ("prod-database", "Database"),
        "cache": ("prod-cache", "Cache"),
    }


# Endpoints

THERE = """\
network:
  kind: networking
  availability_zones: [us-east-2a]
  egress: {endpoints: [logs, dynamodb]}
  existing: {vpc: vpc-0123456789abcdef0, private_subnets: [subnet-0123456789abcdef0]}
web: {kind: ecs, image: "nginx:1", port: 8443}
"""


def bodies(components: str) -> dict[str, Block]:
    """Groups and rules by label."""
    return {block.name: block for block in groups(graph_of(components))}


def test_endpoints_have_a_group_of_their_own():
    """It belongs to the network, and takes HTTPS of each service."""
    found = bodies(NO_NAT)
    group, rule = found["network_endpoints"], found["network_endpoints_from_web"]

    assert group.body == {
        "name": "prod-network-endpoints",
        "description": "Interface endpoints of AWS services",
        "vpc_id": Ref("aws_vpc.network", "id"),
        "tags": {"Name": "prod-network-endpoints"},
    }
    assert (group.component, rule.component) == ("network", "network")
    assert group.lifecycle == {"create_before_destroy": True}
    assert rule.body == {
        "security_group_id": Ref("aws_security_group.network_endpoints", "id"),
        "ip_protocol": "tcp",
        "from_port": 443,
        "to_port": 443,
        "referenced_security_group_id": Ref("aws_security_group.web", "id"),
        "description": "From web",
        "tags": {"Name": "network_endpoints_from_web"},
    }


def test_tasks_reach_the_endpoints_by_their_group():
    """And DynamoDB and S3 by their prefix lists."""
    found = {name: b.body for name, b in bodies(NO_NAT).items() if name.startswith("web_to")}

    assert {name: (b["description"], b["to_port"]) for name, b in found.items()} == {
        "web_to_endpoints": ("To the endpoints of AWS services", 443),
        "web_to_dynamodb": ("To DynamoDB", 443),
        "web_to_s3": ("To S3", 443),
    }
    assert found["web_to_endpoints"]["referenced_security_group_id"] == Ref(
        "aws_security_group.network_endpoints", "id"
    )
    assert found["web_to_dynamodb"]["prefix_list_id"] == Ref(
        "aws_vpc_endpoint.network_dynamodb", "prefix_list_id"
    )


def test_endpoints_that_are_there_are_reached_by_the_addresses_of_their_vpc():
    """Their group is not ours, so that none is made and no rule is put into one."""
    found = bodies(THERE)
    body = found["web_to_endpoints"].body

    assert found["web_to_endpoints"].type == "aws_vpc_security_group_egress_rule"
    assert set(found) == {"web", "web_to_endpoints", "web_to_dynamodb", "web_to_s3"}
    assert body["cidr_ipv4"] == Ref("data.aws_vpc.network", "cidr_block")
    assert body["description"] == "To the endpoints of AWS services"
    assert "referenced_security_group_id" not in body
    assert found["web"].body["vpc_id"] == Ref("data.aws_vpc.network", "id")
    assert found["web_to_s3"].body["prefix_list_id"] == Ref(
        "data.aws_ec2_managed_prefix_list.network_s3", "id"
    )


def test_a_network_without_interface_endpoints_has_no_group_for_them():
    """Whether it is new or there already."""
    assert "network_endpoints" not in bodies(APP)
    assert set(bodies(THERE.replace("[logs, dynamodb]", "[]"))) == {"web", "web_to_s3"}


def test_the_internet_is_reached_and_comes_in_by_addresses():
    """With a port of its own for every rule, each port once."""
    found = bodies(APP.replace("[443, 22]", "[443, 22, 443]"))

    assert [n for n in found if n.startswith("jobs_to_internet")] == [
        "jobs_to_internet_22",
        "jobs_to_internet_443",
    ]
    assert found["jobs_to_internet_22"].body == {
        "security_group_id": Ref("aws_security_group.jobs", "id"),
        "ip_protocol": "tcp",
        "from_port": 22,
        "to_port": 22,
        "cidr_ipv4": "0.0.0.0/0",
        "description": "To the internet",
        "tags": {"Name": "jobs_to_internet_22"},
    }
    assert found["edge_from_internet_80"].body["description"] == (
        "HTTP from anywhere, to be redirected"
    )
    assert found["edge_from_internet_443"].body["description"] == "HTTPS from anywhere"
    assert found["edge_from_internet_443"].component == "edge"


def test_a_link_is_two_rules_that_name_each_other():
    """Out of the one group and into the other, at the port of the target."""
    found = bodies(APP)
    out, into = found["web_to_database"].body, found["database_from_web"].body

    assert (out["description"], into["description"]) == ("To database", "From web")
    assert out["referenced_security_group_id"] == into["security_group_id"]
    assert into["referenced_security_group_id"] == out["security_group_id"]


@given(compiled())
def test_links_and_rules_between_groups_are_the_same(spec):
    """Nothing is open that no link says, and every link works."""
    graph = spec.graphs[spec.first]
    links = {
        (e.source, e.target, e.port)
        for e in graph.edges
        if e.relation in (Relation.ROUTES_TO, Relation.CONNECTS_TO)
    }

    assert between_groups(graph, "ingress") == links
    assert {(s, t, p) for t, s, p in between_groups(graph, "egress")} == links


def between_groups(graph: Graph, direction: str) -> set[tuple[str, str, int]]:
    """Peer, group and port of every rule between two components."""
    found = set()
    for block in rules(graph, direction).values():
        if "referenced_security_group_id" in block.body:
            peer = block.body["referenced_security_group_id"].address.split(".")[1]
            group = block.body["security_group_id"].address.split(".")[1]
            if not {peer, group} & endpoint_groups(graph):
                found.add((peer, group, block.body["from_port"]))
    return found


def endpoint_groups(graph: Graph) -> set[str]:
    """The groups of interface endpoints."""
    return {f"{n}_endpoints" for n, c in graph.spec.components.items() if c.kind == "networking"}


@given(compiled())
def test_the_internet_comes_in_at_load_balancers_only(spec):
    """And there at two ports."""
    graph = spec.graphs[spec.first]
    public = {
        (block.body["security_group_id"].address, block.body["from_port"], block.body["to_port"])
        for block in rules(graph, "ingress").values()
        if "cidr_ipv4" in block.body
    }

    assert public == {
        (f"aws_security_group.{alb}", port, port) for alb, _ in graph.of(Alb) for port in (80, 443)
    }


@given(compiled())
def test_the_internet_is_reached_at_written_ports_only(spec):
    """By services, through NAT."""
    graph = spec.graphs[spec.first]
    public = {
        (block.body["security_group_id"].address, block.body["from_port"])
        for block in rules(graph, "egress").values()
        if block.body.get("cidr_ipv4") == "0.0.0.0/0"
    }
    written = {
        (f"aws_security_group.{name}", port)
        for name, service in graph.of(Ecs)
        if graph.spec.components[service.network].egress.nat != "none"
        for port in service.egress_ports
    }

    assert public == written


@given(compiled())
def test_every_rule_is_tcp_for_one_port(spec):
    """With all protocols open, ports would mean nothing."""
    graph = spec.graphs[spec.first]
    found = [*rules(graph, "ingress").values(), *rules(graph, "egress").values()]

    assert all(b.body["ip_protocol"] == "tcp" for b in found)
    assert all(b.body["from_port"] == b.body["to_port"] for b in found)
