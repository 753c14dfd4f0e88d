"""A VPC with everything in its place: zones are rows, subnets columns, and cards span the zones."""

from collections.abc import Iterator
from dataclasses import dataclass

from compiler.backends.diagram.cards import (
    GAP,
    ICON,
    TITLE_SIZE,
    Piece,
    chip_column,
    chip_shapes,
    image,
    joined,
    lines,
    text,
    words,
)
from compiler.backends.diagram.drawing import Box, Color, Image, Line, Mark, Point, Rect, Shape
from compiler.backends.diagram.network_parts import (
    CARD_PADDING,
    DOOR,
    SERVICE_COLORS,
    TASK,
    TASK_HEIGHT,
    Parts,
    parts,
)
from compiler.backends.diagram.network_rows import (
    CLEAR,
    OVERLAP,
    SUBNET_TITLE,
    ZONE_TITLE,
    Row,
    Rows,
    balancer_reach,
    solved,
    titles_beside,
)
from compiler.backends.diagram.picture import Link, Network, Store, Zone
from compiler.backends.diagram.typeface import text_width
from compiler.backends.diagram.wiring import (
    AFTER_TRACKS,
    BEFORE_TRACKS,
    TRACK,
    Bundle,
    Wire,
    edge_id,
    gap_width,
    label,
    label_width,
    label_x,
    wired,
)

# Chosen by eye, in points.
EDGE = 14.0
"""From a group's line to what is inside."""
SUBNET_ICON = 25.0
ARROW_GAP = 4.0
"""Between the head of an arrow and an icon."""
