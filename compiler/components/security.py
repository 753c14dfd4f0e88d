"""What secrets and alarms become and what they cost."""

from collections.abc import Iterator, Mapping

from compiler.aws.metering import each_month, each_use
from compiler.aws.names import aws_name, secret_name
from compiler.aws.routing import live_routes, target_group
from compiler.card import Card, Mark, Shared
from compiler.graph.graph import IMPLIED_SECURITY, Components, Edge, Graph, Kind, Node, Relation
from compiler.plan.plan import Assumption, Block, Meter, Ref, Value
from trazo_spec.components.alb import Alb
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.rds import Rds
from trazo_spec.components.security import Alarms, Secret, Security
from trazo_spec.document import Spec
from trazo_spec.schedule import resolve

ICON = "aws.security.SecretsManager"

USAGE: Mapping[str, Assumption] = {
    "api_calls": Assumption(
        100, 1_000, 20_000, "call", "each task reads its secrets once, when it starts"
    ),
}

# Letters and digits only, so that they fit everywhere; 50 of them are 297 bits.
GENERATED_LENGTH = 50

GIB = 2**30
"""Bytes in the unit that RDS counts disks in."""


def _implied(components: Components) -> Components:
    """Adds every secret that a service names and no `security` component declares."""
    security = {n: c for n, c in components.items() if isinstance(c, Security)}
    declared = {secret for c in security.values() for secret in c.secrets}
    named = {s for c in components.values() if isinstance(c, Ecs) for s in c.secrets.values()}
    missing = sorted(named - declared)
    owner = min(security, default=IMPLIED_SECURITY)
    if not missing or (owner in components and owner not in security):
        return components
    before = security.get(owner, Security())
    secrets = {**before.secrets, **{name: Secret() for name in missing}}
    return {**components, owner: before.model_copy(update={"secrets": secrets})}


def _nodes(name: str, security: Security) -> Iterator[Node]:
    yield from (Node(f"{name}.{secret}", "secret", name) for secret in security.secrets)


def _edges(name: str, security: Security, spec: Spec) -> Iterator[Edge]:
    if security.alarms is None:
        return
    for watched, component in spec.components.items():
        if isinstance(component, Alb | Ecs | Rds):
            yield Edge(name, watched, Relation.WATCHES, ("components", name, "alarms"))


def blocks(name: str, security: Security, graph: Graph) -> Iterator[Block]:
    """The secrets, without values, and the alarms with the topic that sends e-mails."""
    for secret, settings in sorted(security.secrets.items()):
        yield from _secret(name, secret, settings, graph)
    if security.alarms is not None:
        yield from _topic(name, security.alarms, graph)
        yield from _alarms(name, security.alarms, graph)


def _secret(owner: str, secret: str, settings: Secret, graph: Graph) -> Iterator[Block]:
    body: dict[str, Value] = {
        "name": secret_name(graph, secret),
        "recovery_window_in_days": settings.recovery_window_days,
    }
    if settings.description:
        body["description"] = settings.description
    yield Block("aws_secretsmanager_secret", secret, body, owner)
    if not settings.generate:
        return
    yield Block(
        "aws_secretsmanager_random_password",
        secret,
        {"password_length": GENERATED_LENGTH, "exclude_punctuation": True},
        owner,
        mode="ephemeral",
    )
    value = Ref(f"ephemeral.aws_secretsmanager_random_password.{secret}", "random_password")
    yield Block(
        "aws_secretsmanager_secret_version",
        secret,
        {
            "secret_id": Ref(f"aws_secretsmanager_secret.{secret}", "id"),
            "secret_string_wo": value,
            # Never raised by us: the value is made once and stays.
            "secret_string_wo_version": 1,
        },
        owner,
    )


def _topic(name: str, alarms: Alarms, graph: Graph) -> Iterator[Block]:
    """The topic is not encrypted with a key: CloudWatch may not use AWS's own one for SNS.

    A key of one's own costs 1 USD a month, and a message holds no more than an alarm's name and
    numbers. Source: https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
    """
    topic = f"{name}_alarms"
    yield Block("aws_sns_topic", topic, {"name": aws_name(graph, name, role="alarms")}, name)
    yield Block(
        "aws_sns_topic_subscription",
        topic,
        {"topic_arn": _topic_arn(name), "protocol": "email", "endpoint": alarms.email},
        name,
    )


def _topic_arn(name: str) -> Ref:
    return Ref(f"aws_sns_topic.{name}_alarms", "arn")


def _alarms(name: str, alarms: Alarms, graph: Graph) -> Iterator[Block]:
    for edge in graph.edges_from(name, Relation.WATCHES):
        match graph.spec.components.get(edge.target):
            case Alb() as alb:
                yield from _load_balancer_alarms(name, edge.target, alb, alarms, graph)
            case Ecs() if alarms.cpu_percent is not None:
                yield _cpu_alarm(name, edge.target, alarms.cpu_percent, graph)
            case Rds() if alarms.database_free_storage_gb is not None:
                yield _storage_alarm(name, edge.target, alarms.database_free_storage_gb, graph)
            case _:
                pass


def _load_balancer_alarms(
    name: str, watched: str, alb: Alb, alarms: Alarms, graph: Graph
) -> Iterator[Block]:
    services = sorted({route.service for route in live_routes(watched, alb, graph)})
    if alarms.load_balancer_5xx_per_5min is not None:
        sleeps = any(_sleeps(graph.spec.components[service]) for service in services)
        yield _errors_alarm(name, watched, alarms.load_balancer_5xx_per_5min, sleeps, graph)
    if alarms.unhealthy_targets is not None:
        for service in services:
            yield _unhealthy_alarm(name, watched, service, alarms.unhealthy_targets, graph)


def _sleeps(service: object) -> bool:
    """Whether there are hours in which nothing runs by intention."""
    if not isinstance(service, Ecs):
        return False
    scaling = service.scaling
    return scaling.min == 0 or any(action.min == 0 for action in resolve(scaling))


def _alarm(
    name: str, watched: str, role: str, body: Mapping[str, Value], graph: Graph, *parts: str
) -> Block:
    """An alarm that tells when it begins and when it is over.

    Without data it is quiet: nothing is measured while a service sleeps.
    """
    whose = "_".join((name, watched, *parts))
    return Block(
        "aws_cloudwatch_metric_alarm",
        f"{whose}_{role}",
        {
            "alarm_name": aws_name(graph, name, watched, *parts, role=role),
            "treat_missing_data": "notBreaching",
            "alarm_actions": [_topic_arn(name)],
            "ok_actions": [_topic_arn(name)],
            **body,
        },
        name,
    )


def _errors_alarm(name: str, watched: str, most: int, sleeps: bool, graph: Graph) -> Block:
    """Answers with 5xx by tasks and by the load balancer itself.

    A load balancer answers 503 for a service without tasks, so these do not count where one sleeps.
    """
    metrics = {"tasks": "HTTPCode_Target_5XX_Count", "balancer": "HTTPCode_ELB_5XX_Count"}
    total = "FILL(tasks, 0) + FILL(balancer, 0)"
    if sleeps:
        metrics["asleep"] = "HTTPCode_ELB_503_Count"
        total += " - FILL(asleep, 0)"
    dimensions = {"LoadBalancer": Ref(f"aws_lb.{watched}", "arn_suffix")}
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
    body: dict[str, Value] = {
        "alarm_description": "Answers of the load balancer with a status of 500 or more",
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "threshold": most,
        "evaluation_periods": 1,
        "metric_query": queries,
    }
    return _alarm(name, watched, "5xx", body, graph)


def _unhealthy_alarm(name: str, watched: str, service: str, most: int, graph: Graph) -> Block:
    group = f"aws_lb_target_group.{target_group(watched, service)}"
    body: dict[str, Value] = {
        "alarm_description": "Tasks that fail their health check for five minutes",
        "namespace": "AWS/ApplicationELB",
        "metric_name": "UnHealthyHostCount",
        "dimensions": {
            "LoadBalancer": Ref(f"aws_lb.{watched}", "arn_suffix"),
            "TargetGroup": Ref(group, "arn_suffix"),
        },
        "statistic": "Maximum",
        "period": 60,
        "evaluation_periods": 5,
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "threshold": most,
    }
    return _alarm(name, watched, "unhealthy", body, graph, service)


def _cpu_alarm(name: str, watched: str, most_percent: int, graph: Graph) -> Block:
    body: dict[str, Value] = {
        "alarm_description": "Average CPU use of the service over 15 minutes, in percent",
        "namespace": "AWS/ECS",
        "metric_name": "CPUUtilization",
        "dimensions": {
            "ClusterName": Ref("aws_ecs_cluster.main", "name"),
            "ServiceName": Ref(f"aws_ecs_service.{watched}", "name"),
        },
        "statistic": "Average",
        "period": 900,
        "evaluation_periods": 1,
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "threshold": most_percent,
    }
    return _alarm(name, watched, "cpu", body, graph)


def _storage_alarm(name: str, watched: str, least_gib: int, graph: Graph) -> Block:
    body: dict[str, Value] = {
        "alarm_description": "Free disk of the database, in bytes",
        "namespace": "AWS/RDS",
        "metric_name": "FreeStorageSpace",
        "dimensions": {"DBInstanceIdentifier": Ref(f"aws_db_instance.{watched}", "identifier")},
        "statistic": "Average",
        "period": 300,
        "evaluation_periods": 3,
        "comparison_operator": "LessThanThreshold",
        "threshold": least_gib * GIB,
    }
    return _alarm(name, watched, "storage", body, graph)


def meters(name: str, security: Security, graph: Graph) -> Iterator[Meter]:
    """Secrets by the month, reading them, and alarms by the metrics that they look at."""
    if secrets := len(security.secrets):
        item, what = "secretsmanager_secret_month", "secret" if secrets == 1 else "secrets"
        yield each_month(name, item, "secret-month", secrets, f"{secrets} {what}")
        item, what = "secretsmanager_api_calls_per_10k", "reading the secrets"
        yield each_use(name, item, "10k API calls", "api_calls", what, per=10_000)
    alarms = tuple(_alarms(name, security.alarms, graph)) if security.alarms is not None else ()
    if metrics := sum(map(_metrics, alarms)):
        item, what = "cloudwatch_alarm_standard_metric_month", f"{len(alarms)} alarms"
        yield each_month(name, item, "alarm-metric-month", metrics, f"{what} on {metrics} metrics")


def _metrics(alarm: Block) -> int:
    """How many metrics an alarm looks at; AWS bills each.

    Source: https://aws.amazon.com/cloudwatch/pricing/
    """
    queries = alarm.body.get("metric_query")
    if not isinstance(queries, list):
        return 1
    return sum(isinstance(query, Mapping) and "metric" in query for query in queries)


def card(name: str, security: Security, _: Graph) -> Card:
    """Secrets and alarms, each with a mark that stands for those of all components."""
    shared = [Shared(Mark.SECRETS, priced=True)]
    if security.alarms is not None:
        shared.append(Shared(Mark.ALARMS, (f"email to {security.alarms.email}",), priced=True))
    return Card(f"Secrets and alarms {name}", shared=tuple(shared))


KIND = Kind(
    icon=ICON,
    usage=USAGE,
    blocks=blocks,
    meters=meters,
    card=card,
    implied=_implied,
    nodes=_nodes,
    edges=_edges,
)
