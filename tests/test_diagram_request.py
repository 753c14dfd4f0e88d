"""The ways of a request and of a file: right stations, right numbers, hours said."""

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given

from compiler.backends.diagram.draw import SHOWN_WEEK, schedules
from compiler.backends.diagram.model.lanes import Lane, Sheet, Stop, Way
from compiler.backends.diagram.views.request import request
from compiler.backends.diagram.views.request_steps import TLS_VERSIONS
from compiler.graph.graph import Relation
from tests.examples import graph_of
from tests.strategies.sample import Compiled, compiled
from trazo_spec.components.alb import Alb
from trazo_spec.components.ecs import Ecs

WEB = """
alb: {kind: alb, hostname: www.example.com, routes: [{path: /admin/*, to: admin}, {to: web}]}
web:
  kind: ecs
  image: a/b:1
  port: 8443
  protocol: HTTPS
  uses: {database: connect, media: read_write}
  scaling: {max: 2, schedule: {windows: [{days: MON-FRI, from: "08:00", to: "20:00"}]}}
admin: {kind: ecs, image: a/b:1, port: 80}
worker: {kind: ecs, image: a/b:1, uses: {database: connect}}
database: {kind: rds}
media: {kind: s3}
static: {kind: s3, purpose: static}
cdn: {kind: cloudfront, hostname: static.example.com, origin: static, origin_access: oai}
zone: {kind: dns}
"""


def sheet(components: str = WEB) -> Sheet:
    """The picture of a spec with these components."""
    graph = graph_of(components)
    return request(graph, schedules(graph, SHOWN_WEEK))


def lane(id_: str, components: str = WEB) -> Lane:
    """One lane of it."""
    return next(k for k in sheet(components).lanes if k.id == id_)


def way(of: Lane, *ids: str) -> list[Way]:
    """The arrows from stop to stop."""
    stops: dict[str, Stop] = {s.item.id: s for s in of.stops()}
    return [next(w for w in stops[a].ways if w.to.item.id == b) for a, b in pairwise(ids)]


def test_a_request_is_numbered_from_the_name_to_the_database():
    """A reader follows 1 to 5."""
    requests = lane("alb-requests")
    steps = [
        *way(requests, "alb-users", "alb-route-53"),
        *way(requests, "alb-users", "alb", "alb.to.web", "alb.web", "alb.web.database"),
    ]

    assert [s.number for s in steps] == [1, 2, 3, 4, 5]


def test_the_name_lookup_is_a_dashed_stub():
    """Requests do not pass through Route 53."""
    (dns,) = way(lane("alb-requests"), "alb-users", "alb-route-53")

    assert (dns.label, dns.dashed, dns.to.ways) == ("DNS", True, ())


def test_protocol_and_port_of_the_tasks_stand_behind_the_target_group():
    """The load balancer may speak another protocol to the tasks than users to it."""
    (call,) = way(lane("alb-requests"), "alb.to.web", "alb.web")

    assert call.label == "HTTPS 8443"


def test_a_target_group_says_which_requests_it_gets():
    """Rules are what tells services behind one load balancer apart."""
    (web,) = way(lane("alb-requests"), "alb", "alb.to.web")
    (admin,) = way(lane("alb-requests"), "alb", "alb.to.admin")

    assert (web.to.item.details[0], admin.to.item.details[0]) == ("all other requests", "/admin/*")


def test_what_no_rule_takes_is_drawn():
    """A path that was forgotten is 404 response, which a reader should see."""
    requests = lane(
        "alb-requests",
        """
        alb: {kind: alb, hostname: www.example.com, routes: [{path: /a/*, to: web}]}
        web: {kind: ecs, image: a/b:1, port: 80}
        """,
    )
    (rest,) = way(requests, "alb", "alb-rest")

    assert rest.to.item.details == ("404 response",)


def test_what_callers_get_off_hours_is_said():
    """The hours of a service are the hours of its answers."""
    words = [s.text for s in lane("alb-requests").steps]

    assert any("Outside the hours shown, no task of web runs" in w for w in words)


def test_a_service_shows_the_windows_that_are_simulated():
    """The schedule on the picture is the one that is deployed and priced."""
    graph = graph_of(WEB)
    stops = {s.item.id: s for k in sheet().lanes for s in k.stops()}

    chips = tuple(c.text for c in stops["alb.web"].item.chips)

    assert chips == schedules(graph, SHOWN_WEEK)["web"]


def test_files_are_said_to_be_served_at_all_hours_where_services_sleep():
    """Else a reader would expect that the site sleeps too."""
    assert "always served" in lane("cdn-files").steps[-1].text


def test_a_file_passes_the_origin_access_on_its_way_to_the_bucket():
    """The bucket is private: only what CloudFront signs is answered."""
    files = lane("cdn-files")
    steps = way(files, "cdn-users", "cdn", "cdn-access", "cdn.static")

    assert [(s.number, s.to.item.title) for s in steps] == [
        (2, "CloudFront"),
        (3, "Origin access identity"),
        (4, "S3 static"),
    ]


def test_a_service_that_nobody_asks_has_a_lane_of_its_own():
    """A worker is a part of the application too, though no request reaches it."""
    work = lane("network-work")

    assert [s.item.id for s in work.starts] == ["worker.work"]


def test_databases_stand_in_the_vpc_and_buckets_do_not():
    """Containment only where it is true."""
    requests = lane("alb-requests")
    stops = {s.item.id: s for s in requests.stops()}
    frame = requests.frame
    assert frame is not None

    assert [frame.holds(stops[f"alb.web.{n}"]) for n in ("database", "media")] == [True, False]


def test_secrets_are_read_before_any_request():
    """A task has them in its environment since it started."""
    (secrets,) = way(lane("alb-requests"), "alb.web", "alb.web-secrets")

    assert (secrets.dashed, secrets.detail, secrets.number) == (True, "when a task starts", None)


def test_a_service_behind_two_load_balancers_shows_its_calls_once():
    """Twice the same is longer, not clearer."""
    drawn = sheet(
        """
        a: {kind: alb, hostname: a.example.com, routes: [{to: web}]}
        b: {kind: alb, hostname: b.example.com, routes: [{to: web}]}
        web: {kind: ecs, image: a/b:1, port: 80, uses: {database: connect}}
        database: {kind: rds}
        """
    )
    stops = {s.item.id: s for k in drawn.lanes for s in k.stops()}

    assert [bool(stops[i].ways) for i in ("a.web", "b.web")] == [True, False]
    assert stops["b.web"].item.details[-1] == "calls as drawn above"


def test_a_name_in_no_zone_of_ours_has_no_lookup_of_ours():
    """Somebody else's DNS answers, so our Route 53 must not be drawn."""
    requests = lane(
        "alb-requests",
        """
        alb:
          kind: alb
          hostname: www.elsewhere-example.net
          certificate: {arn: "arn:aws:acm:us-east-2:123456789012:certificate/0a1b"}
          routes: [{to: web}]
        web: {kind: ecs, image: a/b:1, port: 80}
        """,
    )

    assert [w.to.item.id for s in requests.starts for w in s.ways] == ["alb"]


def test_every_tls_policy_of_the_language_has_its_versions():
    """A policy that a spec may choose must not end in a traceback."""
    policies = get_args(Alb.model_fields["tls_policy"].annotation)

    assert set(policies) - set(TLS_VERSIONS) == set()


@given(one=compiled())
def test_every_call_is_a_link_of_the_spec(one: Compiled) -> None:
    """From the same links come the rules of security groups: what is drawn is what is open."""
    for graph in one.graphs.values():
        called = {(e.source, e.target, f"TCP {e.port}") for e in graph.edges if e.port}
        services = {name for name, _ in graph.of(Ecs)}
        for each in request(graph, schedules(graph, SHOWN_WEEK)).lanes:
            for link in each.links():
                if link.label.startswith("TCP ") and " more " not in link.target:
                    service = next(p for p in link.source.split(".") if p in services)
                    target = link.target.rpartition(".")[2]

                    assert target.endswith("-more") or (service, target, link.label) in called


@given(one=compiled())
def test_every_service_is_drawn_or_named(one: Compiled) -> None:
    """Folding never loses a service without a word."""
    for graph in one.graphs.values():
        drawn = request(graph, schedules(graph, SHOWN_WEEK))
        words = " ".join((*(i.title for i in drawn.items()), *(i.tooltip for i in drawn.items())))
        entries = {e.source for e in graph.edges if e.relation is Relation.ROUTES_TO}

        if len(entries) <= 3 and not drawn.notes:
            assert [n for n, _ in graph.of(Ecs) if n not in words] == []


@pytest.mark.parametrize(
    ("components", "note"),
    [
        ("zone: {kind: dns}", "There are no requests to show"),
        ("files: {kind: s3}", "There are no requests"),
    ],
)
def test_a_spec_that_nobody_calls_says_so(components, note):
    """An empty page would look like a mistake."""
    assert sheet(components).notes[0].startswith(note)
