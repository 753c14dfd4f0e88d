"""A VPC whose rows and columns are known, for what is drawn into it."""

from dataclasses import dataclass

from compiler.backends.diagram.model.picture import Network
from compiler.backends.diagram.placing.network_columns import Columns, Traffic
from compiler.backends.diagram.placing.network_parts import Parts
from compiler.backends.diagram.placing.network_rows import Rows

ARROW_GAP = 4.0
"""Between the head of an arrow and an icon, in points."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A VPC whose rows and columns are known."""

    network: Network
    parts: Parts
    flow: Traffic
    rows: Rows
    columns: Columns
