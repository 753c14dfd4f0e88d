"""A load balancer: listeners, rules and their priorities, target groups, and what is billed."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from compiler.aws.routing import live_routes
from compiler.components import alb
from compiler.graph.graph import Graph
from compiler.plan.plan import Block, Load, Ref
from tests.examples import by_address, graph_of, month, of_type, quantities
from trazo_spec.components.alb import Alb, Route

EXAMPLE = {"hostname": "api.example.com", "routes": [{"to": "ecs"}]}

TWO_SERVICES = """\
network: {kind: networking}
edge:
  kind: alb
  hostname: www.example.com
  routes:
    - {host: admin.example.com, to: admin}
    - {path: /api/*, to: api}
    - {to: api}
admin: {kind: ecs, image: "nginx:1", port: 4000}
api: {kind: ecs, image: "nginx:1", port: 8443, protocol: HTTPS, health_check: {path: /health/}}
"""


def blocks(components: str = TWO_SERVICES) -> dict[str, Block]:
    """The blocks of the load balancer `edge` by address."""
    graph = graph_of(components)
    return by_address(alb.blocks("edge", edge(graph), graph))


def edge(graph: Graph) -> Alb:
    """The load balancer `edge`."""
    found = graph.spec.components["edge"]
    assert isinstance(found, Alb)
    return found


def priorities(routes: str) -> dict[str, int]:
    """The priority of each listener rule by its label, for routes to `api`."""
    head, _, tail = TWO_SERVICES.partition("  routes:")
    services = tail[tail.index("admin:") :]
    found = blocks(f"{head}  routes: [{routes}]\n{services}")
    rules = of_type(found.values(), "aws_lb_listener_rule")
    return {name: rule.body["priority"] for name, rule in rules.items()}


# Listeners


def test_the_load_balancer_is_called_after_environment_and_component():
    """People look for that name in the console."""
    assert blocks()["aws_lb.edge"].body["name"] == "prod-edge"


def test_http_is_redirected_to_https():
    """Nothing is answered in the clear."""
    listener = blocks()["aws_lb_listener.edge_http"].body

    assert (listener["port"], listener["protocol"]) == (80, "HTTP")
    assert listener["default_action"] == {
        "type": "redirect",
        "redirect": {"port": "443", "protocol": "HTTPS", "status_code": "HTTP_301"},
    }


def test_https_waits_for_the_certificate():
    """A listener takes only a certificate that has been issued."""
    listener = blocks()["aws_lb_listener.edge_https"].body

    assert listener["ssl_policy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    assert listener["certificate_arn"] == Ref(
        "aws_acm_certificate_validation.edge", "certificate_arn"
    )


def test_a_certificate_that_exists_is_taken():
    """Who has one needs no second."""
    arn = "arn:aws:acm:us-east-2:123456789012:certificate/1"
    written = TWO_SERVICES.replace("  routes:", f'  certificate: {{arn: "{arn}"}}\n  routes:', 1)

    assert blocks(written)["aws_lb_listener.edge_https"].body["certificate_arn"] == arn


def test_the_last_route_takes_all_that_is_left():
    """It needs no listener rule."""
    found = blocks()

    assert found["aws_lb_listener.edge_https"].body["default_action"] == {
        "type": "forward",
        "target_group_arn": Ref("aws_lb_target_group.edge_api", "arn"),
    }
    assert set(of_type(found.values(), "aws_lb_listener_rule")) == {
        "edge_admin_example_com",
        "edge_api_wildcard",
    }


def test_without_such_a_route_the_rest_is_not_found():
    """Nobody is sent to a service that was not meant."""
    written = TWO_SERVICES.replace("    - {to: api}\n", "")
    action = blocks(written)["aws_lb_listener.edge_https"].body["default_action"]

    assert action["fixed_response"]["status_code"] == "404"


# Rules


def test_a_rule_says_host_and_path():
    """Both conditions hold together."""
    host, path = "api.example.com", "/v1/*"
    written = TWO_SERVICES.replace("{path: /api/*,", f'{{host: {host}, path: "{path}",')
    rule = blocks(written)["aws_lb_listener_rule.edge_api_example_com_v1_wildcard"].body

    assert rule["condition"] == [
        {"host_header": {"values": (host,)}},
        {"path_pattern": {"values": (path,)}},
    ]


def test_a_new_route_leaves_the_priorities_of_others():
    """Another priority replaces a rule, and its requests go elsewhere in between."""
    before = priorities("{path: /api/*, to: api}, {path: /old/*, to: api}, {to: api}")
    after = priorities(
        "{path: /new, to: api}, {path: /api/*, to: api}, {path: /mid, to: api}, "
        "{path: /old/*, to: api}, {to: api}"
    )

    assert {name: after[name] for name in before} == before


HOSTS = ("a.example.com", "b.example.com")
PATHS = ("/", "/x", "/x/y", "/x/*", "/*", "/?/*", "/x/y/*", "/x*z", "/y")
ROUTES = st.builds(
    Route,
    to=st.just("api"),
    host=st.none() | st.sampled_from(HOSTS),
    path=st.none() | st.sampled_from(PATHS),
)


def matches(route: Route, host: str, path: str) -> bool:
    """Whether a load balancer takes a request for a route."""
    if route.host is not None and route.host != host:
        return False
    return route.path is None or fnmatchcase(path, route.path)


@given(
    st.lists(ROUTES, min_size=1, max_size=9),
    st.sampled_from(HOSTS),
    st.text("xyz/", max_size=5).map("/".__add__),
)
def test_the_first_route_that_matches_wins(routes, host, path):
    """AWS tries rules by priority; that must come to the order in which routes are written."""
    graph = graph_of(TWO_SERVICES)
    tried = live_routes("edge", edge(graph).model_copy(update={"routes": tuple(routes)}), graph)
    by_priority = sorted(tried, key=lambda r: r.priority or 50_001)

    first = next((r for r in routes if matches(r, host, path)), None)
    taken = next((r.route for r in by_priority if matches(r.route, host, path)), None)

    assert taken == first


@given(st.lists(ROUTES, max_size=9))
def test_priorities_are_what_aws_takes(routes):
    """1 to 50,000, each once."""
    assume(routes)
    graph = graph_of(TWO_SERVICES)
    tried = live_routes("edge", edge(graph).model_copy(update={"routes": tuple(routes)}), graph)
    numbers = [r.priority for r in tried if r.priority is not None]

    assert len(set(numbers)) == len(numbers)
    assert all(1 <= number <= 50_000 for number in numbers)


@pytest.mark.parametrize(
    ("one", "other"),
    [("/a", "/a/*"), ("/a-b", "/a/b"), ("/a_b", "/a/b"), ("/a~", "/a"), ("/A", "/a")],
)
def test_similar_paths_have_addresses_of_their_own(one, other):
    """Two rules of one address become one rule."""
    assert len(priorities(f'{{path: "{one}", to: api}}, {{path: "{other}", to: api}}')) == 2


# Target groups


def test_a_target_group_speaks_and_checks_as_written():
    """A check over HTTP of a task that serves HTTPS fails for ever."""
    group = blocks()["aws_lb_target_group.edge_api"].body

    assert (group["port"], group["protocol"], group["target_type"]) == (8443, "HTTPS", "ip")
    assert group["health_check"]["path"] == "/health/"
    assert group["health_check"]["protocol"] == "HTTPS"
    assert group["deregistration_delay"] == "60"


def test_a_target_group_can_be_replaced_while_it_is_used():
    """Another port needs a new group before the listener lets go of the old one."""
    group = blocks()["aws_lb_target_group.edge_api"]

    assert group.lifecycle == {"create_before_destroy": True}
    assert group.body["name_prefix"] == "prod-"


def test_a_long_environment_fits_into_the_six_characters():
    """AWS takes no more of a name prefix."""
    graph = graph_of(TWO_SERVICES, environment="integration1")
    group = by_address(alb.blocks("edge", edge(graph), graph))["aws_lb_target_group.edge_api"]

    assert group.body["name_prefix"] == "integ-"


# Access logs


def test_access_logs_wait_for_the_bucket_policy():
    """AWS tries to write at once; the policy allows the prefix that is the load balancer's name."""
    logs = "  access_logs: {bucket: logs}\n  routes:"
    written = TWO_SERVICES.replace("  routes:", logs, 1) + "logs: {kind: s3, purpose: alb_logs}\n"
    balancer = blocks(written)["aws_lb.edge"]

    assert "aws_s3_bucket_policy.logs" in balancer.depends_on
    assert balancer.body["access_logs"] == {
        "bucket": Ref("aws_s3_bucket.logs", "bucket"),
        "prefix": "edge",
        "enabled": True,
    }


def test_access_logs_that_are_off_leave_no_trace():
    """The bucket may then be for later."""
    logs = "  access_logs: {bucket: logs, enabled: false}\n  routes:"
    written = TWO_SERVICES.replace("  routes:", logs, 1) + "logs: {kind: s3, purpose: alb_logs}\n"
    balancer = blocks(written)["aws_lb.edge"]

    assert "access_logs" not in balancer.body
    assert balancer.depends_on == ("aws_internet_gateway.network",)


# The bill


def bill(load: Load, components: str = TWO_SERVICES) -> dict[str, float]:
    """What is billed for `edge`."""
    graph = graph_of(components)
    return quantities(alb.meters("edge", edge(graph), graph), load)


def test_what_a_load_balancer_costs():
    """By hand: 10 requests/s are 0.4 LCU of connections, but 1.08 GB/h of data, so 1.08 LCU."""
    load = month({"response_kb": 30.0}, requests=10 * 3600 * 720.0)

    assert bill(load) == pytest.approx(
        {
            "alb_hour": 720.0,
            "public_ipv4_in_use_hour": 2 * 720.0,
            "alb_lcu_hour": 1.08 * 720,
            "data_transfer_internet_out_gb": 1.08 * 720,
        }
    )


def test_small_answers_leave_the_connections_to_pay():
    """25 new connections a second are one LCU: https://aws.amazon.com/elasticloadbalancing/pricing/."""
    load = month({"response_kb": 0.1}, requests=25 * 3600 * 720.0)

    assert bill(load)["alb_lcu_hour"] == pytest.approx(720.0)


def test_long_idle_connections_pay_for_staying():
    """At 150 s each, 25 new ones a second are 3750 open ones; an LCU holds 3000."""
    load = month({"response_kb": 0.1, "connection_s": 150.0}, requests=25 * 3600 * 720.0)

    assert bill(load)["alb_lcu_hour"] == pytest.approx(1.25 * 720)


def test_the_example_of_the_pricing_page_comes_out():
    """One connection a second for two minutes, five requests each, 300 kB/s, 20 rules: 1.08 LCU.

    By hand: 1/25 = 0.04 of connections, 120/3000 = 0.04 of open ones, 0.3 MB x 3600 = 1.08 of data,
    5 x (20 - 10)/1000 = 0.05 of rules: https://aws.amazon.com/elasticloadbalancing/pricing/.
    """
    usage = {"response_kb": 60.0, "requests_per_connection": 5.0, "connection_s": 120.0}
    load = Load(1.0, 0.0, usage, requests=5 * 3600.0)

    assert alb.lcu_hours(load, 20) == pytest.approx(1.08)


@pytest.mark.parametrize(
    ("usage", "rules", "lcu"),
    [
        ({"response_kb": 0.0}, 1, 4.0),
        ({"response_kb": 0.0, "requests_per_connection": 4.0}, 1, 1.0),
        ({"response_kb": 0.0, "requests_per_connection": 4.0, "connection_s": 180.0}, 1, 1.5),
        ({"response_kb": 10.0}, 1, 4.0),
        ({"response_kb": 20.0}, 1, 7.2),
        ({"response_kb": 0.0}, 60, 5.0),
    ],
)
def test_each_measure_can_be_the_largest(usage, rules, lcu):
    """By hand: 100/25 of connections, 25 x 180 s/3000 of open ones, 100 x kB x 3600 s of data."""
    load = Load(1.0, 0.0, usage, requests=100 * 3600.0)

    assert alb.lcu_hours(load, rules) == pytest.approx(lcu)


def test_rules_above_ten_pay_for_being_tried():
    """At 100 requests/s, 32 rules beyond the free ones are 3.2 LCU; connections are 4."""
    load = Load(1.0, 0.0, {"response_kb": 0.0}, requests=100 * 3600.0)

    assert alb.lcu_hours(load, 42) == pytest.approx(4.0)
    assert alb.lcu_hours(load, 60) == pytest.approx(5.0)


def test_nobody_there_leaves_hours_and_addresses():
    """What stands around is billed, use is not."""
    assert bill(month({"response_kb": 30.0})) == {
        "alb_hour": 720.0,
        "public_ipv4_in_use_hour": 1440.0,
        "alb_lcu_hour": 0.0,
        "data_transfer_internet_out_gb": 0.0,
    }
