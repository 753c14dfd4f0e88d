"""A table that has another shape where there is little room."""

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Table

ANY_WIDTH = 10_000


@dataclass(frozen=True, slots=True)
class Fitting:
    """The wide table where there is room for it, else the narrow one."""

    wide: Table
    narrow: Table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yields one of the two."""
        room = options.update(max_width=ANY_WIDTH)
        needed = Measurement.get(console, room, self.wide).maximum
        yield self.wide if needed <= options.max_width else self.narrow
