"""What a service becomes, what is billed for it, its icon and its card."""

from compiler.components.ecs.blocks import blocks, cluster
from compiler.components.ecs.card import card
from compiler.components.ecs.meters import USAGE, meters

__all__ = ["ICON", "USAGE", "blocks", "card", "cluster", "meters"]

ICON = "aws.compute.Fargate"
