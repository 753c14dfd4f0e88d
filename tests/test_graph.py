"""Tests of the graph: which parts there are, and why they depend on each other."""

from pathlib import Path

import pytest
from hypothesis import given

from compiler.graph.graph import (
    Graph,
    Relation,
    cycle,
    expand,
    hostnames_of,
    impact,
    to_networkx,
    zone_of,
)
from compiler.kinds import build
from tests.examples import graph_of
from tests.strategies.sample import compiled
from trazo_spec.components.alb import Alb
from trazo_spec.components.ecs import Ecs
from trazo_spec.load import load

TRAZO = Path(__file__).parent.parent / "specs" / "trazo.yaml"

WEB = """\
alb: {kind: alb, hostname: www.example.com, routes: [{to: web, path: /a/*}, {to: web}]}
web:
  kind: ecs
  image: acme/web:1
  port: 8000
  secrets: {KEY: api_key}
  uses: {database: connect, cache: connect, media: read_write}
database: {kind: rds}
cache: {kind: redis}
media: {kind: s3, access_logs: {bucket: logs}}
logs: {kind: s3, purpose: logs}
zone: {kind: dns}
roles: {kind: iam}
security: {kind: security, alarms: {email: ops@example.com}}
"""


def edges(graph: Graph, relation: Relation) -> list[tuple[str, str]]:
    """Source and target of every edge of a relation."""
    return [(e.source, e.target) for e in graph.edges if e.relation is relation]


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        (Relation.ROUTES_TO, [("alb", "web"), ("alb", "web")]),
        (Relation.CONNECTS_TO, [("web", "cache"), ("web", "database")]),
        (
            Relation.READS,
            [("web", "database.credentials"), ("web", "media"), ("web", "security.api_key")],
        ),
        (Relation.WRITES, [("web", "media")]),
        (Relation.RUNS_IN, [(n, "network") for n in ("alb", "cache", "database", "web")]),
        (Relation.RESOLVED_BY, [("alb", "zone"), ("alb.certificate", "zone")]),
        (Relation.CERTIFIED_BY, [("alb", "alb.certificate")]),
        (Relation.LOGS_TO, [("media", "logs"), ("web", "web.logs")]),
        (Relation.GRANTS, [("roles", "web")]),
        (Relation.WATCHES, [("security", n) for n in ("alb", "database", "web")]),
    ],
    ids=lambda value: value.name if isinstance(value, Relation) else "",
)
def test_each_relation_has_its_edges(relation, expected):
    """Rules, permissions, security groups and diagrams all follow from these edges."""
    assert edges(graph_of(WEB), relation) == expected


def test_an_edge_over_the_network_says_its_port():
    """Security group rules are made from it."""
    (edge,) = graph_of(WEB).edges_to("database", Relation.CONNECTS_TO)

    assert edge.port == 5432


def test_an_edge_says_which_line_made_it():
    """A finding about a link points at the link."""
    (edge,) = graph_of(WEB).edges_to("cache", Relation.CONNECTS_TO)

    assert edge.path == ("components", "web", "uses", "cache")


def test_a_network_is_implied_where_one_is_needed():
    """The smallest web app says nothing of a VPC."""
    nodes = {n.name: n.kind for n in graph_of(WEB).nodes}

    assert nodes["network"] == "networking"


def test_nothing_is_implied_for_a_static_site():
    """A bucket needs no VPC, and a VPC with NAT costs money."""
    assert [n.name for n in graph_of("files: {kind: s3}").nodes] == ["files"]


def test_a_disabled_cache_is_left_out_everywhere():
    """`enabled: false` is how the cache of the source document is commented out."""
    graph = graph_of(WEB.replace("{kind: redis}", "{kind: redis, enabled: false}"))

    assert [e for e in graph.edges if "cache" in (e.source, e.target)] == []


def test_what_was_written_is_kept_beside_what_is_implied():
    """Rules speak of what the user wrote."""
    graph = graph_of(WEB)

    assert "network" not in graph.written.components


def test_a_reference_to_nothing_makes_no_edge():
    """The rules say what is wrong; the graph stays whole."""
    graph = graph_of("web: {kind: ecs, image: x, uses: {nowhere: connect}}")

    assert [e for e in graph.edges if e.target == "nowhere"] == []


def test_the_longest_zone_holds_a_host_name():
    """`a.dev.example.com` belongs to the zone `dev.example.com`, not to its parent."""
    graph = graph_of(
        """\
        outer: {kind: dns}
        inner: {kind: dns, zone: dev.example.com}
        """
    )
    names = ("a.dev.example.com", "a.example.com", "*.dev.example.com", "notdev.example.org")

    assert [zone_of(n, graph) for n in names] == ["inner", "outer", "inner", None]


def test_a_zone_that_only_looks_alike_does_not_hold_a_host_name():
    """`myexample.com` is somebody else's."""
    assert zone_of("myexample.com", graph_of("zone: {kind: dns}")) is None


def test_host_names_of_routes_are_host_names_of_the_load_balancer():
    """Each needs a record and stands in the certificate."""
    routes = '[{to: web, host: "admin.example.com"}, {to: web}]'
    graph = graph_of(f"alb: {{kind: alb, hostname: www.example.com, routes: {routes}}}")
    alb = graph.spec.components["alb"]

    assert isinstance(alb, Alb)
    assert hostnames_of(alb, graph) == (
        ("www.example.com", ("hostname",)),
        ("admin.example.com", ("routes", 0, "host")),
    )


def test_a_cycle_is_found_with_the_edges_that_make_it():
    """Two buckets that log into each other fill each other."""
    graph = graph_of(
        """\
        one: {kind: s3, purpose: logs, access_logs: {bucket: two}}
        two: {kind: s3, purpose: logs, access_logs: {bucket: one}}
        """
    )

    assert {(e.source, e.target) for e in cycle(graph)} == {("one", "two"), ("two", "one")}


def test_impact_names_what_depends_on_a_part_nearest_first():
    """Before a database is touched, one wants to know who stops working."""
    found = impact(graph_of(WEB), "database")

    assert found[:2] == ("security", "web")
    assert set(found) == {"security", "web", "alb", "roles"}


def test_the_source_document_has_all_its_links():
    """`specs/trazo.yaml` is the first user."""
    (prod, _) = load(TRAZO.read_text(encoding="utf-8")).environments.items()
    graph = build(prod[1], prod[0])

    assert edges(graph, Relation.RESOLVED_BY) == [
        ("alb", "zone"),
        ("alb.certificate", "zone"),
        ("cdn", "zone"),
        ("cdn.certificate", "zone"),
    ]


@given(compiled())
def test_no_valid_spec_has_a_cycle(spec):
    """Terraform refuses one, long after the spec was written."""
    assert [cycle(graph) for graph in spec.graphs.values()] == [() for _ in spec.graphs]


@given(compiled())
def test_networkx_sees_the_same_graph(spec):
    """Its algorithms answer for ours."""
    for graph in spec.graphs.values():
        theirs = to_networkx(graph)
        sizes = (theirs.number_of_nodes(), theirs.number_of_edges())

        assert sizes == (len(graph.nodes), len(graph.edges))


@given(compiled())
def test_every_edge_ends_at_a_part(spec):
    """What walks along edges never falls off."""
    for graph in spec.graphs.values():
        names = {n.name for n in graph.nodes}

        assert [e for e in graph.edges if not {e.source, e.target} <= names] == []


@given(compiled())
def test_every_part_belongs_to_a_component(spec):
    """Bills, diagrams and findings are sorted by component."""
    for graph in spec.graphs.values():
        assert {n.owner for n in graph.nodes} == set(graph.spec.components)


@given(compiled())
def test_expanding_twice_changes_nothing_more(spec):
    """Passes may be run on what was expanded before."""
    for graph in spec.graphs.values():
        assert expand(graph.spec, graph.kinds) == graph.spec


@given(compiled())
def test_every_service_stands_in_a_network(spec):
    """A task without subnets cannot be placed."""
    for graph in spec.graphs.values():
        assert [n for n, c in graph.of(Ecs) if c.network is None] == []
