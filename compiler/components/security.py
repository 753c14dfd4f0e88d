"""What secrets and alarms become and what they cost."""

from collections.abc import Iterator, Mapping

from compiler.aws.metering import KMS_KEYS, each_month, each_use
from compiler.aws.names import aws_name, secret_name
from compiler.card import Card, Mark, Shared
from compiler.graph.graph import (
    IMPLIED_SECURITY,
    Components,
    Edge,
    Graph,
    Kind,
    Kinds,
    Node,
    Relation,
)
from compiler.plan.alarms import Alarm
from compiler.plan.guards import ALL, PERMISSIONS, Guards, set_field
from compiler.plan.names import SECRET as SECRET_NAME
from compiler.plan.names import Named, Names, Scope
from compiler.plan.outputs import SECRET, Tellings
from compiler.plan.plan import Assumption, Block, Meter, Ref, Value
from trazo_spec.components.security import Alarms, Secret, Security
from trazo_spec.document import Spec

ICON = "aws.security.SecretsManager"

USAGE: Mapping[str, Assumption] = {
    "api_calls": Assumption(
        100, 1_000, 20_000, "call", "each task reads its secrets once, when it starts"
    ),
}

# Letters and digits only, so that they fit everywhere; 50 of them are 297 bits.
GENERATED_LENGTH = 50


def _implied(components: Components, kinds: Kinds) -> Components:
    """Adds every secret that a service names and no `security` component declares."""
    security = {n: c for n, c in components.items() if isinstance(c, Security)}
    declared = {secret for c in security.values() for secret in c.secrets}
    named = {s for c in components.values() for _, s in kinds[c.kind].secrets(c)}
    missing = sorted(named - declared)
    owner = min(security, default=IMPLIED_SECURITY)
    if not missing or (owner in components and owner not in security):
        return components
    before = security.get(owner, Security())
    secrets = {**before.secrets, **{name: Secret() for name in missing}}
    return {**components, owner: before.model_copy(update={"secrets": secrets})}


def _nodes(name: str, security: Security) -> Iterator[Node]:
    yield from (Node(f"{name}.{secret}", "secret", name) for secret in security.secrets)


def _edges(name: str, security: Security, spec: Spec, kinds: Kinds) -> Iterator[Edge]:
    """From what reads its secrets, and to what its alarms watch."""
    for other, component in spec.components.items():
        kind = kinds[component.kind]
        for path, secret in kind.secrets(component):
            if secret in security.secrets:
                part = f"{name}.{secret}"
                yield Edge(other, part, Relation.READS, ("components", other, *path))
        if security.alarms is not None and kind.is_watched:
            yield Edge(name, other, Relation.WATCHES, ("components", name, "alarms"))


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
        component = graph.spec.components[edge.target]
        for alarm in graph.kind(component).alarms(edge.target, component, graph):
            threshold: int | None = getattr(alarms, alarm.setting)
            if threshold is not None:
                yield _alarm(name, edge.target, alarm, threshold * alarm.factor, graph)


def _alarm(name: str, watched: str, alarm: Alarm, threshold: int, graph: Graph) -> Block:
    """An alarm that tells when it begins and when it is over.

    Without data it is quiet: nothing is measured while a service sleeps.
    """
    whose = "_".join((name, watched, *alarm.about))
    return Block(
        "aws_cloudwatch_metric_alarm",
        f"{whose}_{alarm.role}",
        {
            "alarm_name": aws_name(graph, name, watched, *alarm.about, role=alarm.role),
            "treat_missing_data": "notBreaching",
            "alarm_actions": [_topic_arn(name)],
            "ok_actions": [_topic_arn(name)],
            **alarm.metric,
            "threshold": threshold,
        },
        name,
    )


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


GUARDS: Guards = {
    "aws_cloudwatch_metric_alarm": {
        "metric_query": "AWS bills for each metric that an alarm uses",
        "period": "alarms with a period below one minute cost more, and trazo's bill does not "
        "include that",
        "threshold": set_field("alarms"),
    },
    "aws_sns_topic": {"policy": PERMISSIONS},
    "aws_sns_topic_subscription": {ALL: set_field("alarms.email")},
}


TOLD: Tellings = {"aws_secretsmanager_secret": (SECRET,)}

UNPRICED = (KMS_KEYS,)


# Source: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
# read 2026-11-29
NAMES: Names = {
    "aws_cloudwatch_metric_alarm": Named("alarm", Scope.REGION, 255, "alarm_name"),
    "aws_secretsmanager_secret": SECRET_NAME,
    "aws_sns_topic": Named("topic", Scope.REGION, 256),
}


KIND = Kind(
    icon=ICON,
    usage=USAGE,
    blocks=blocks,
    meters=meters,
    unpriced=UNPRICED,
    card=card,
    implied=_implied,
    nodes=_nodes,
    edges=_edges,
    names=NAMES,
    guards=GUARDS,
    told=TOLD,
)
