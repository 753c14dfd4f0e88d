"""What a service becomes, what is billed for it, its icon and its card."""

from collections.abc import Iterator

from compiler.aws.lists import regions
from compiler.aws.registries import registry
from compiler.components.ecs.alarms import alarms
from compiler.components.ecs.blocks import blocks, cluster
from compiler.components.ecs.card import card
from compiler.components.ecs.fleet import fleet
from compiler.components.ecs.graph import edges, nodes, references, secrets
from compiler.components.ecs.guards import GUARDS
from compiler.components.ecs.meters import USAGE, meters
from compiler.components.ecs.permissions import roles
from compiler.components.ecs.variants import variants
from compiler.graph.graph import Kind
from compiler.plan.access import Firewall
from compiler.plan.listed import Listed
from compiler.plan.names import LOG_GROUP, Named, Names, Scope
from compiler.plan.outputs import Told
from compiler.plan.plan import Omission
from trazo_spec.components.ecs import Ecs

__all__ = ["KIND"]

UNPRICED = (
    Omission(
        "CloudWatch Container Insights, custom metrics, Logs Insights queries, dashboards",
        "trazo does not enable any of these",
    ),
    Omission(
        "overlap of old and new tasks during deployments, image pulls before a task starts",
        "a spec does not contain how often you deploy",
    ),
)


def listed(service: Ecs, _region: str) -> Iterator[Listed]:
    """The region of its image, where that is in ECR."""
    if (private := registry(service.image)) is not None:
        yield Listed(("image",), private.region, regions(), text=service.image)


# Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
# read 2026-11-29. Two task definitions of one family are revisions of each other.
NAMES: Names = {
    "aws_cloudwatch_log_group": LOG_GROUP,
    "aws_ecs_cluster": Named("cluster", Scope.REGION, 255),
    "aws_ecs_task_definition": Named("task definition", Scope.REGION, 255, "family"),
}


KIND = Kind(
    icon="aws.compute.Fargate",
    usage=USAGE,
    blocks=blocks,
    meters=meters,
    unpriced=UNPRICED,
    card=card,
    fleet=fleet,
    listed=listed,
    references=references,
    nodes=nodes,
    edges=edges,
    roles=roles,
    shared_blocks=cluster,
    firewall=lambda service: Firewall("Tasks of a service", egress_ports=service.egress_ports),
    secrets=secrets,
    alarms=alarms,
    variants=variants,
    names=NAMES,
    guards=GUARDS,
    told={
        "aws_ecs_cluster": (Told("name", "cluster_name", "The cluster of all services"),),
        "aws_ecs_service": (Told("name", "service_name", "What a deployment asks for"),),
    },
)
