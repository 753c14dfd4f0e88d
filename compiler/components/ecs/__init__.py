"""What a service becomes, what is billed for it, and its icon."""

from compiler.components.ecs.blocks import blocks, cluster
from compiler.components.ecs.meters import USAGE, meters

__all__ = ["ICON", "USAGE", "blocks", "cluster", "meters"]

ICON = "aws.compute.Fargate"
