"""What a VPC becomes, what is billed for it, its icon and its card."""

from compiler.components.networking.blocks import blocks
from compiler.components.networking.card import card
from compiler.components.networking.meters import USAGE, meters

__all__ = ["ICON", "USAGE", "blocks", "card", "meters"]

ICON = "aws.network.VPC"
