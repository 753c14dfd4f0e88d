"""Every kind of component, and the graph of what a spec says with them."""

from compiler.components import (
    alb,
    cloudfront,
    dns,
    ecs,
    iam,
    networking,
    rds,
    redis,
    s3,
    security,
)
from compiler.graph.graph import Graph, Kinds
from compiler.graph.graph import build as build_of
from trazo_spec.document import Spec

KINDS: Kinds = {
    "alb": alb.KIND,
    "cloudfront": cloudfront.KIND,
    "dns": dns.KIND,
    "ecs": ecs.KIND,
    "iam": iam.KIND,
    "networking": networking.KIND,
    "rds": rds.KIND,
    "redis": redis.KIND,
    "s3": s3.KIND,
    "security": security.KIND,
}
"""Every kind by the name that a spec uses."""


def build(spec: Spec, environment: str = "prod") -> Graph:
    """The graph of one environment; references that point nowhere make no edge."""
    return build_of(spec, environment, KINDS)
