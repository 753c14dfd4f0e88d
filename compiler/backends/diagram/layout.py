"""Places for a whole picture: users, the edge of the cloud, VPCs, buckets, supporting services."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compiler.backends.diagram.cards import (
    DETAIL_SIZE,
    ICON,
    TITLE_SIZE,
    Piece,
    beside,
    chip_shapes,
    column,
    joined,
    stacked,
    text,
)
from compiler.backends.diagram.drawing import (
    Box,
    Drawing,
    Line,
    Mark,
    Point,
    Rect,
    Role,
    Shape,
    bounds,
    moved,
    rect_of,
)
from compiler.backends.diagram.network_layout import ARROW_GAP, network_piece
from compiler.backends.diagram.picture import Chip, Item, Link, Picture
from compiler.backends.diagram.typeface import text_width
from compiler.backends.diagram.wiring import (
    BEFORE_TRACKS,
    TRACK,
    Bundle,
    Wire,
    badge,
    edge_id,
    gap_width,
    label,
    label_width,
    wired,
)

# Chosen by eye, in points.
MARGIN = 20.0
HEADER = 50.0
CLOUD_TITLE = 38.0
REGION_TITLE = 32.0
INSIDE = 16.0
BETWEEN = 18.0
STORE_GAP = 18.0
LEGEND = 40.0
_LEAST_REGION = 380.0
_SUPPORTING_TITLE = 34.0

_ORDER: tuple[Role, ...] = ("page", "heading", "group", "edge", "card", "node", "label", "legend")
