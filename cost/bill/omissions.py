"""What AWS may bill for an application and no line holds, so that nothing is forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass

from compiler.graph.graph import Graph


@dataclass(frozen=True, slots=True)
class Omission:
    """Something that AWS bills and we do not price."""

    name: str
    why: str
    """Why it has no line, and when it would cost something."""
    kinds: tuple[str, ...] = ()
    """The kinds of components that bring it along; none when every application may have it."""


OMISSIONS: tuple[Omission, ...] = (
    Omission("tax", "list prices exclude tax"),
    Omission("AWS Support plan", "a percentage of the account's total bill"),
    Omission(
        "AWS Config, CloudTrail, GuardDuty, Security Hub",
        "account-wide services that are not part of a spec",
    ),
    Omission("AWS WAF and Shield Advanced", "not supported by any kind", ("alb", "cloudfront")),
    Omission("data to other regions", "the components of a spec do not send data there"),
    Omission(
        "customer-managed KMS keys and their requests",
        "encryption uses AWS managed keys, which are free",
        ("rds", "redis", "s3", "security"),
    ),
    Omission(
        "RDS CPU credits",
        "a db.t class that exceeds its baseline for a day is charged for each additional vCPU-hour",
        ("rds",),
    ),
    Omission(
        "RDS Extended Support, Performance Insights, Proxy, manual snapshots and snapshot exports",
        "trazo does not enable any of these; an engine version past its end of standard support "
        "is charged per vCPU-hour",
        ("rds",),
    ),
    Omission(
        "ElastiCache reserved nodes and Serverless", "only on-demand nodes are priced", ("redis",)
    ),
    Omission("RDS reserved instances", "only on-demand instances are priced", ("rds",)),
    Omission(
        "S3 storage classes other than Standard, versions, replication, inventory",
        "`stored_gb` is priced as Standard; include the size of versions in it",
        ("s3",),
    ),
    Omission(
        "CloudFront outside North America and Europe, flat-rate plans, functions, real-time logs, "
        "more than 1,000 invalidated paths",
        "viewers are assumed to be on the same continent as the region",
        ("cloudfront",),
    ),
    Omission("Route 53 health checks, domain registration", "not supported by any kind", ("dns",)),
    Omission(
        "CloudWatch Container Insights, custom metrics, Logs Insights queries, dashboards",
        "trazo does not enable any of these",
        ("ecs",),
    ),
    Omission(
        "overlap of old and new tasks during deployments, image pulls before a task starts",
        "a spec does not contain how often you deploy",
        ("ecs",),
    ),
    Omission("the bucket of Terraform's state", "less than a cent a month"),
)


def omissions(graph: Graph) -> Iterator[Omission]:
    """What is not priced for the kinds of an environment."""
    kinds = {component.kind for component in graph.spec.components.values()}
    yield from (o for o in OMISSIONS if not o.kinds or kinds.intersection(o.kinds))
