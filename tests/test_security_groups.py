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
