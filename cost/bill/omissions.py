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
    Omission("tax", "list prices are before tax"),
    Omission("AWS Support plan", "a share of the account's whole bill"),
    Omission(
        "AWS Config, CloudTrail, GuardDuty, Security Hub",
        "services of the account, which no spec declares",
    ),
    Omission("AWS WAF and Shield Advanced", "not among the kinds", ("alb", "cloudfront")),
    Omission("data to other regions", "nothing is sent there by what a spec declares"),
    Omission(
        "customer-managed KMS keys and their requests",
        "encryption uses AWS's own keys, which are free to keep",
        ("rds", "redis", "s3", "security"),
    ),
    Omission(
        "RDS CPU credits",
        "a db.t class above its baseline for a day pays for each vCPU-hour beyond it",
        ("rds",),
    ),
    Omission(
        "RDS Extended Support, Performance Insights, Proxy, manual snapshots and snapshot exports",
        "none of them is switched on by what trazo writes; an engine version past its end of "
        "standard support pays by vCPU-hour",
        ("rds",),
    ),
    Omission("ElastiCache reserved nodes and Serverless", "nodes on demand only", ("redis",)),
    Omission("RDS reserved instances", "instances on demand only", ("rds",)),
    Omission(
        "S3 storage classes other than Standard, versions, replication, inventory",
        "`stored_gb` is priced as Standard; say there what versions add",
        ("s3",),
    ),
    Omission(
        "CloudFront outside North America and Europe, flat-rate plans, functions, real-time logs, "
        "more than 1,000 invalidated paths",
        "viewers are taken to be on the continent of the region",
        ("cloudfront",),
    ),
    Omission("Route 53 health checks, domain registration", "not among the kinds", ("dns",)),
    Omission(
        "CloudWatch Container Insights, custom metrics, Logs Insights queries, dashboards",
        "none of them is switched on by what trazo writes",
        ("ecs",),
    ),
    Omission(
        "overlap of old and new tasks during deployments, image pulls before a task starts",
        "how often you deploy is not in a spec",
        ("ecs",),
    ),
    Omission("the bucket of Terraform's state", "less than a cent a month"),
)


def omissions(graph: Graph) -> Iterator[Omission]:
    """What is not priced for the kinds of an environment."""
    kinds = {component.kind for component in graph.spec.components.values()}
    yield from (o for o in OMISSIONS if not o.kinds or kinds.intersection(o.kinds))
