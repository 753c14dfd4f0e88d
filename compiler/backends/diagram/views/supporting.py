"""The services that no arrow shows: certificates, secrets, logs, alarms, roles, idle buckets."""

from collections.abc import Iterator
from decimal import Decimal

from compiler.backends.diagram.model.picture import Chip, Item
from compiler.backends.diagram.views.items import (
    DASH,
    Overlays,
    bucket,
    bucket_users,
    icon,
    listed,
    money,
)
from compiler.graph.graph import Graph
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.iam import Iam
from trazo_spec.components.s3 import S3
from trazo_spec.components.security import Security

CERTIFICATE_ICON = "aws.security.CertificateManager"
SECRET_ICON = "aws.security.SecretsManager"  # noqa: S105 - an icon
LOGS_ICON = "aws.management.CloudwatchLogs"
ALARM_ICON = "aws.management.CloudwatchAlarm"
OTHER_ICON = "aws.management.Cloudwatch"

# CloudFront takes certificates of this region only.
# Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
CLOUDFRONT_REGION = "us-east-1"


def supporting(graph: Graph, overlays: Overlays, placed: frozenset[str]) -> tuple[Item, ...]:
    """All of them; `placed` are the components that stand elsewhere."""
    items = [
        *_certificates(graph),
        *_secrets(graph, overlays),
        *_logs(graph),
        *_alarms(graph, overlays),
        *_roles(graph, overlays),
        *_buckets(graph, overlays, placed),
    ]
    return (*items, *_rest(graph, overlays, placed))


def _certificates(graph: Graph) -> Iterator[Item]:
    names: dict[str, None] = {}
    for _, alb in graph.of(Alb):
        names.update(dict.fromkeys(alb.certificate.names))
    for _, cloudfront in graph.of(Cloudfront):
        where = "" if graph.spec.region == CLOUDFRONT_REGION else f"{CLOUDFRONT_REGION}: "
        names.update(dict.fromkeys(f"{where}{n}" for n in cloudfront.certificate.names))
    if any(n.kind == "certificate" for n in graph.nodes):
        yield Item(
            "supporting.certificates",
            CERTIFICATE_ICON,
            "Certificates",
            listed(names),
            tooltip="\n".join(names),
        )


def _secrets(graph: Graph, overlays: Overlays) -> Iterator[Item]:
    owners = [name for name, _ in graph.of(Security)]
    names = [
        n.name.removeprefix(f"{n.owner}.") if n.owner in owners else n.name.replace(".", " ")
        for n in graph.nodes
        if n.kind == "secret"
    ]
    if names:
        cost = overlays.chips(*owners)
        title = "Secrets Manager"
        yield Item("supporting.secrets", SECRET_ICON, title, listed(names), cost, "\n".join(names))


def _logs(graph: Graph) -> Iterator[Item]:
    days = sorted({ecs.log_retention_days for _, ecs in graph.of(Ecs)})
    if days:
        span = f"{days[0]}" if len(days) == 1 else f"{days[0]}{DASH}{days[-1]}"
        unit = "day" if days == [1] else "days"
        title = "CloudWatch Logs"
        details = ("output of all services" if _many(graph) else "output of the service",)
        yield Item("supporting.logs", LOGS_ICON, title, (*details, f"kept {span} {unit}"))


def _many(graph: Graph) -> bool:
    return len(list(graph.of(Ecs))) > 1


def _alarms(graph: Graph, overlays: Overlays) -> Iterator[Item]:
    for name, security in graph.of(Security):
        if security.alarms is not None:
            cost = () if any(n.kind == "secret" for n in graph.nodes) else overlays.chips(name)
            details = (f"mail to {security.alarms.email}",)
            yield Item(
                f"supporting.alarms.{name}",
                ALARM_ICON,
                "CloudWatch alarms",
                details,
                cost,
                details[0],
            )


def _roles(graph: Graph, overlays: Overlays) -> Iterator[Item]:
    services = list(graph.of(Ecs))
    shared = [name for name, _ in graph.of(Iam)]
    if services or shared:
        details = ["execution and task role", "of each service"] if services else []
        cost = overlays.chips(*shared)
        yield Item("supporting.roles", icon("iam"), "IAM roles", tuple(details), cost)


def _buckets(graph: Graph, overlays: Overlays, placed: frozenset[str]) -> Iterator[Item]:
    for name, s3 in graph.of(S3):
        if name not in placed:
            item = bucket(name, graph, overlays)
            unused = "no logs are sent here" if s3.purpose in ("alb_logs", "logs") else "not linked"
            details = bucket_users(name, graph) or (unused,)
            yield Item(name, item.icon, item.title, details, item.chips, item.tooltip)


def _rest(graph: Graph, overlays: Overlays, placed: frozenset[str]) -> Iterator[Item]:
    """What has a price but no item, so that the prices add up to the total."""
    shown = placed | {n for n, _ in (*graph.of(S3), *graph.of(Iam))}
    if any(n.kind == "secret" for n in graph.nodes) or any(s.alarms for _, s in graph.of(Security)):
        shown |= {name for name, _ in graph.of(Security)}
    left = {n: usd for n, usd in overlays.costs_usd.items() if n not in shown and usd}
    if left:
        chip = Chip(money(sum(left.values(), Decimal(0))), "cost")
        yield Item("supporting.rest", OTHER_ICON, "Other", listed(sorted(left)), (chip,))
