"""What a VPC becomes, what is billed for it, and its icon."""

from compiler.components.networking.blocks import blocks
from compiler.components.networking.meters import USAGE, meters

__all__ = ["ICON", "USAGE", "blocks", "meters"]

ICON = "aws.network.VPC"
