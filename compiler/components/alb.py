"""What a load balancer becomes, what is billed for it, and its icon."""

from collections.abc import Iterator, Mapping

from compiler.aws.metering import WAF, by_the_second, each_hour
from compiler.aws.names import aws_name, bucket_ref, policies_of, short_name
from compiler.aws.placement import internet_gateway, subnet_ids, vpc
from compiler.aws.routing import LiveRoute, live_routes, target_group
from compiler.card import Card, Door, Mark, Place, Rule, Shared, listed, shown
from compiler.graph.graph import Edge, Graph, Kind, Kinds, Relation
from compiler.graph.references import Reference
from compiler.plan.access import Firewall
from compiler.plan.alarms import Alarm
from compiler.plan.guards import LINKS, Guards, set_field
from compiler.plan.names import Named, Names, Scope
from compiler.plan.outputs import Tellings, Told
from compiler.plan.plan import Assumption, Block, Load, Meter, Ref, Value
from trazo_spec.components.alb import Alb
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.s3 import S3
from trazo_spec.diagnostics import SpecPath
from trazo_spec.document import Spec
from trazo_spec.schedule import resolve

ICON = "aws.network.ElbApplicationLoadBalancer"
USAGE: Mapping[str, Assumption] = {
    "response_kb": Assumption(
        5, 30, 200, "kB", "an API response has a few kB, a page tens of kB, one with images more"
    ),
    "requests_per_connection": Assumption(
        4,
        1,
        1,
        "request",
        "worst case: each request opens a connection; browsers send several over one",
    ),
    "connection_s": Assumption(
        10,
        60,
        300,
        "s",
        "clients keep a connection open for the next request; 60 s is the idle timeout",
    ),
}

# One LCU carries each of these; AWS bills the largest of them, hour by hour. A rule counts from the
# eleventh on. Source: https://aws.amazon.com/elasticloadbalancing/pricing/, read 2026-09-20.
LCU_NEW_CONNECTIONS_PER_S = 25
LCU_ACTIVE_CONNECTIONS = 3000
LCU_PROCESSED_GB_PER_H = 1
LCU_RULE_EVALUATIONS_PER_S = 1000
FREE_RULES = 10

LISTENER_PORTS: Mapping[int, str] = {
    80: "HTTP from anywhere, to be redirected",
    443: "HTTPS from anywhere",
}

KB_PER_GB = 1_000_000
S_PER_H = 3600


def _hostnames(alb: Alb) -> tuple[tuple[str, SpecPath], ...]:
    hosts: dict[str, SpecPath] = {alb.hostname: ("hostname",)}
    for i, route in enumerate(alb.routes):
        if route.host is not None:
            hosts.setdefault(route.host, ("routes", i, "host"))
    return tuple(hosts.items())


def _completed(alb: Alb, _spec: Spec) -> Alb:
    names = tuple(host for host, _ in _hostnames(alb))
    logs = alb.access_logs if alb.access_logs and alb.access_logs.enabled else None
    certificate = alb.certificate.completed(names)
    return alb.model_copy(update={"certificate": certificate, "access_logs": logs})


def _references(alb: Alb) -> Iterator[Reference]:
    for i, route in enumerate(alb.routes):
        yield Reference(("routes", i, "to"), route.to, "routes to", (Ecs,))
    if alb.access_logs is not None:
        yield Reference(("access_logs", "bucket"), alb.access_logs.bucket, "logs to", (S3,))


def _edges(name: str, alb: Alb, spec: Spec, _kinds: Kinds) -> Iterator[Edge]:
    path: SpecPath = ("components", name)
    for i, route in enumerate(alb.routes):
        service = spec.components.get(route.to)
        if isinstance(service, Ecs):
            detail = f"{route.host or ''}{route.path or ''}"
            where = (*path, "routes", i, "to")
            yield Edge(name, route.to, Relation.ROUTES_TO, where, service.port, detail)
    if alb.access_logs is not None:
        where = (*path, "access_logs", "bucket")
        yield Edge(name, alb.access_logs.bucket, Relation.LOGS_TO, where)


def blocks(name: str, component: Alb, graph: Graph) -> Iterator[Block]:
    """The load balancer with its two listeners, and a target group for each service behind it."""
    routes = live_routes(name, component, graph)
    yield _load_balancer(name, component, graph)
    yield _redirect(name)
    yield _https(name, component, routes)
    for route in routes:
        if route.priority is not None:
            yield _listener_rule(route)
    for service in sorted({route.service for route in routes}):
        target = graph.spec.components[service]
        if isinstance(target, Ecs):
            yield _target_group(name, service, target, graph)


def meters(name: str, component: Alb, graph: Graph) -> Iterator[Meter]:
    """The load balancer by the hour, its addresses, its capacity units and what it sends out."""
    in_zones = len(subnet_ids(component.network, "public", graph))
    rules = len(live_routes(name, component, graph))
    yield each_hour(name, "alb_hour", "hour", 1, "1 load balancer")
    item, what = "public_ipv4_in_use_hour", f"{in_zones} zones x 1 address"
    yield by_the_second(name, item, "address-hour", in_zones, what)
    yield Meter(
        name,
        "alb_lcu_hour",
        "LCU-hour",
        lambda load: lcu_hours(load, rules),
        "assumed",
        f"the largest of new connections, active connections, data and rule evaluations ({rules})",
    )
    yield Meter(
        name,
        "data_transfer_internet_out_gb",
        "GB",
        _response_gb,
        "assumed",
        "requests x response size",
    )


def lcu_hours(load: Load, rules: int) -> float:
    """Load balancer capacity units over the period.

    AWS takes the largest of four measures in every hour. All four grow with the requests of the
    hour, so the same one is the largest in each, and the sum over hours is that of the totals.

    Args:
        load: What the load balancer does in the period.
        rules: Rules of the HTTPS listener, the default one included.

    >>> lcu_hours(Load(720, 1.0, {"response_kb": 30.0}, requests=2_592_000), 1)
    77.76
    """
    # Without visitors there is none.
    connections = load.requests / (load.usage.get("requests_per_connection") or 1.0)
    stays_open_s = load.usage.get("connection_s", 0.0)
    return max(
        connections / (LCU_NEW_CONNECTIONS_PER_S * S_PER_H),
        connections * stays_open_s / (LCU_ACTIVE_CONNECTIONS * S_PER_H),
        _response_gb(load) / LCU_PROCESSED_GB_PER_H,
        load.requests * max(rules - FREE_RULES, 0) / (LCU_RULE_EVALUATIONS_PER_S * S_PER_H),
    )


def _response_gb(load: Load) -> float:
    return load.requests * load.usage["response_kb"] / KB_PER_GB


def _load_balancer(name: str, component: Alb, graph: Graph) -> Block:
    body: dict[str, Value] = {
        "name": short_name(graph, name),
        "load_balancer_type": "application",
        "internal": False,
        "subnets": subnet_ids(component.network, "public", graph),
        "security_groups": (Ref(f"aws_security_group.{name}", "id"),),
        "idle_timeout": component.idle_timeout_s,
        "drop_invalid_header_fields": True,
        "enable_deletion_protection": component.deletion_protection,
    }
    # AWS wants the VPC's internet gateway first, and tries the bucket at once:
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    first = [*internet_gateway(component.network, graph)]
    if component.access_logs is not None:
        bucket = component.access_logs.bucket
        first += policies_of(bucket, graph)
        where = bucket_ref(bucket, "bucket", graph)
        body["access_logs"] = {"bucket": where, "prefix": name, "enabled": True}
    return Block("aws_lb", name, body, name, depends_on=tuple(first))


def _redirect(name: str) -> Block:
    action: dict[str, Value] = {
        "type": "redirect",
        "redirect": {"port": "443", "protocol": "HTTPS", "status_code": "HTTP_301"},
    }
    body: dict[str, Value] = {
        "load_balancer_arn": Ref(f"aws_lb.{name}", "arn"),
        "port": 80,
        "protocol": "HTTP",
        "default_action": action,
    }
    return Block("aws_lb_listener", f"{name}_http", body, name)


def _https(name: str, component: Alb, routes: tuple[LiveRoute, ...]) -> Block:
    given = component.certificate.arn
    body: dict[str, Value] = {
        "load_balancer_arn": Ref(f"aws_lb.{name}", "arn"),
        "port": 443,
        "protocol": "HTTPS",
        "ssl_policy": component.tls_policy,
        "certificate_arn": given
        or Ref(f"aws_acm_certificate_validation.{name}", "certificate_arn"),
        "default_action": _default_action(routes),
    }
    return Block("aws_lb_listener", f"{name}_https", body, name)


def _default_action(routes: tuple[LiveRoute, ...]) -> Value:
    for route in routes:
        if route.priority is None:
            return _forward(route)
    nothing: dict[str, Value] = {
        "content_type": "text/plain",
        "message_body": "Not found",
        "status_code": "404",
    }
    return {"type": "fixed-response", "fixed_response": nothing}


def _forward(route: LiveRoute) -> Value:
    group = target_group(route.alb, route.service)
    return {"type": "forward", "target_group_arn": Ref(f"aws_lb_target_group.{group}", "arn")}


def _listener_rule(live: LiveRoute) -> Block:
    conditions: list[Value] = []
    if live.route.host is not None:
        conditions.append({"host_header": {"values": (live.route.host,)}})
    if live.route.path is not None:
        conditions.append({"path_pattern": {"values": (live.route.path,)}})
    body: dict[str, Value] = {
        "listener_arn": Ref(f"aws_lb_listener.{live.alb}_https", "arn"),
        "priority": live.priority,
        "condition": conditions,
        "action": _forward(live),
    }
    return Block("aws_lb_listener_rule", live.label, body, live.alb)


def _target_group(name: str, service: str, target: Ecs, graph: Graph) -> Block:
    check = target.health_check
    body: dict[str, Value] = {
        # A group in use cannot be replaced under the same name; AWS takes six characters here:
        # https://github.com/hashicorp/terraform-provider-aws/issues/1315
        "name_prefix": f"{graph.environment[:5]}-",
        "port": target.port,
        "protocol": target.protocol,
        "target_type": "ip",
        "vpc_id": vpc(target.network, "id", graph),
        # The provider takes text here.
        "deregistration_delay": str(target.deregistration_delay_s),
        "health_check": {
            "enabled": True,
            "path": check.path,
            "port": "traffic-port",
            "protocol": target.protocol,
            "matcher": check.status,
            "interval": check.interval_s,
            "timeout": check.timeout_s,
            "healthy_threshold": check.healthy_threshold,
            "unhealthy_threshold": check.unhealthy_threshold,
        },
        "tags": {"Name": aws_name(graph, name, service)},
    }
    lifecycle = {"create_before_destroy": True}
    label = target_group(name, service)
    return Block("aws_lb_target_group", label, body, name, lifecycle=lifecycle)


def alarms(name: str, alb: Alb, graph: Graph) -> Iterator[Alarm]:
    """Answers with 5xx, and tasks behind it that fail their health check."""
    services = sorted({route.service for route in live_routes(name, alb, graph)})
    asleep = any(sleeps(service, graph) for service in services)
    yield Alarm("5xx", "load_balancer_5xx_per_5min", _errors(name, asleep=asleep))
    for service in services:
        yield Alarm("unhealthy", "unhealthy_targets", _unhealthy(name, service), (service,))


def sleeps(service: str, graph: Graph) -> bool:
    """Whether there are hours in which nothing of a service runs by intention."""
    component = graph.spec.components[service]
    fleet = graph.kind(component).fleet(component)
    if fleet is None:
        return False
    return fleet.scaling.min == 0 or any(action.min == 0 for action in resolve(fleet.scaling))


def _errors(name: str, *, asleep: bool) -> dict[str, Value]:
    """Answers with 5xx by tasks and by the load balancer itself.

    A load balancer answers 503 for a service without tasks, so these do not count where one sleeps.
    """
    metrics = {"tasks": "HTTPCode_Target_5XX_Count", "balancer": "HTTPCode_ELB_5XX_Count"}
    total = "FILL(tasks, 0) + FILL(balancer, 0)"
    if asleep:
        metrics["asleep"] = "HTTPCode_ELB_503_Count"
        total += " - FILL(asleep, 0)"
    dimensions = {"LoadBalancer": Ref(f"aws_lb.{name}", "arn_suffix")}
    queries: list[Value] = [
        {"id": "answers", "expression": total, "label": "5xx answers", "return_data": True}
    ]
    for key, metric in metrics.items():
        measured: dict[str, Value] = {
            "namespace": "AWS/ApplicationELB",
            "metric_name": metric,
            "dimensions": dimensions,
            "stat": "Sum",
            "period": 300,
        }
        queries.append({"id": key, "metric": [measured]})
    return {
        "alarm_description": "Answers of the load balancer with a status of 500 or more",
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "evaluation_periods": 1,
        "metric_query": queries,
    }


def _unhealthy(name: str, service: str) -> dict[str, Value]:
    group = f"aws_lb_target_group.{target_group(name, service)}"
    return {
        "alarm_description": "Tasks that fail their health check for five minutes",
        "namespace": "AWS/ApplicationELB",
        "metric_name": "UnHealthyHostCount",
        "dimensions": {
            "LoadBalancer": Ref(f"aws_lb.{name}", "arn_suffix"),
            "TargetGroup": Ref(group, "arn_suffix"),
        },
        "statistic": "Maximum",
        "period": 60,
        "evaluation_periods": 5,
        "comparison_operator": "GreaterThanOrEqualToThreshold",
    }


def card(name: str, alb: Alb, graph: Graph) -> Card:
    """A load balancer with the host names that users call."""
    hosts = dict.fromkeys([alb.hostname, *(r.host for r in alb.routes if r.host is not None)])
    return Card(
        "Load balancer",
        Place.ENTRY,
        (name, *listed(hosts, 2)),
        "\n".join(hosts),
        hostname=alb.hostname,
        door=Door(
            "load balancer",
            "the load balancer",
            shown(alb.certificate),
            "HTTP on port 80 is redirected to HTTPS.",
        ),
        rules=tuple(
            Rule(live.service, f"{live.route.host or ''}{live.route.path or ''}")
            for live in live_routes(name, alb, graph)
        ),
        shared=(Shared(Mark.CERTIFICATES, alb.certificate.names),),
    )


GUARDS: Guards = {
    "aws_lb": {
        "access_logs": set_field("access_logs"),
        "drop_invalid_header_fields": "requests with invalid headers are dropped",
        "enable_deletion_protection": set_field("deletion_protection"),
        "internal": "load balancers are public",
        "load_balancer_type": "use a component of another kind",
        "minimum_load_balancer_capacity": "AWS bills for reserved capacity, but trazo's "
        "bill does not include it",
        "security_groups": LINKS,
        "subnet_mapping": set_field("network"),
        "subnets": set_field("network"),
    },
    "aws_lb_listener": {
        "certificate_arn": set_field("certificate"),
        "default_action": set_field("routes"),
        "load_balancer_arn": set_field("routes"),
        "port": "it listens on 80, to redirect, and on 443",
        "protocol": "it redirects to HTTPS",
        "ssl_policy": set_field("tls_policy"),
    },
    "aws_lb_listener_rule": {
        "action": set_field("routes"),
        "condition": set_field("routes"),
        "listener_arn": set_field("routes"),
        "priority": set_field("routes"),
        "transform": set_field("routes"),
    },
    "aws_lb_target_group": {
        "deregistration_delay": "set `deregistration_delay_s` of the service instead",
        "health_check": "set `health_check` of the service instead",
        "port": "set `port` of the service instead",
        "protocol": "set `protocol` of the service instead",
        "target_type": "Fargate supports only one target type",
        "vpc_id": set_field("network"),
    },
}


TOLD: Tellings = {
    "aws_lb": (Told("dns_name", "dns_name", "AWS's own name of the load balancer"),),
}

UNPRICED = (WAF,)


# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
# read 2026-11-29. A target group has a prefix, behind which AWS puts what makes it unique.
NAMES: Names = {"aws_lb": Named("load balancer", Scope.REGION, 32)}


KIND = Kind(
    icon=ICON,
    usage=USAGE,
    blocks=blocks,
    meters=meters,
    unpriced=UNPRICED,
    card=card,
    completed=_completed,
    references=_references,
    edges=_edges,
    hostnames=_hostnames,
    certificate=lambda alb: alb.certificate,
    firewall=lambda _: Firewall("Load balancer", LISTENER_PORTS),
    alarms=alarms,
    names=NAMES,
    guards=GUARDS,
    told=TOLD,
)
