"""Pictures of an estimate for a terminal: the week of a service, and how months spread."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from rich.columns import Columns
from rich.console import Console, ConsoleOptions, RenderResult

from compiler.backends.screen import Text
from cost.bill.calendar import Period
from cost.bill.distribution import Distribution
from cost.bill.estimate import Estimate, ServiceEstimate
from cost.bill.money import money
from cost.showing.plots import DAYS, most, week

STYLE = "cyan"
LABEL_WIDTH = 4
WIDE = LABEL_WIDTH + 2 * 24
"""From so many columns of text on, an hour takes two of them, else one."""
GAP = 4
"""Columns of text between two weeks."""
WIDEST = 48
"""Columns of text that a histogram takes at most."""
PERCENTS = (10, 50, 90)


@dataclass(frozen=True, slots=True)
class Signs:
    """What pictures are drawn with; each sign is darker than the one before it."""

    none: str
    shades: str
    """For some tasks up to the most, in equal steps."""
    heights: str
    """For some months up to the most."""


BLOCKS = Signs("·", "░▒▓█", "▁▂▃▄▅▆▇█")
ASCII = Signs(".", ":+*#", ".:-=+*%#")
"""Where the output cannot say blocks."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks of all services, beside each other as far as there is room."""

    estimate: Estimate

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Yields them, with a title each."""
        signs = ASCII if options.ascii_only else BLOCKS
        width = 2 if options.max_width >= WIDE else 1
        period = self.estimate.period
        services = self.estimate.services
        pictures = [week_picture(s, period, signs, width).append("\n") for s in services]
        yield Columns(pictures, padding=(0, GAP, 0, 0))


@dataclass(frozen=True, slots=True)
class Months:
    """How the totals of months spread, in two lines."""

    spread: Distribution

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Yields them."""
        signs = ASCII if options.ascii_only else BLOCKS
        yield months_picture(self.spread, signs, options.max_width)


def week_picture(service: ServiceEstimate, period: Period, signs: Signs, width: int) -> Text:
    """A row for each day and a cell for each hour, darker where more tasks run.

    Args:
        service: whose week it is.
        period: the time that its week is the mean of.
        signs: what cells are drawn with.
        width: columns of text that an hour takes.
    """
    mean_week = week(service.tasks_by_hour, period, service.timezone)
    top = ceil(most(mean_week)) or 1
    text = Text.assemble((service.component, "bold"), f": tasks by hour, {service.timezone}\n")
    text.append(" " * LABEL_WIDTH).append(_hours(width), "dim").append("\n")
    for name, day in zip(DAYS, mean_week, strict=True):
        text.append(f"{name:<{LABEL_WIDTH}}", "dim")
        for tasks in day:
            sign = " " if tasks is None else signs.none if not tasks else _shade(tasks, top, signs)
            text.append(sign * width, STYLE if sign in signs.shades else "dim")
        text.append("\n")
    return text.append_text(_key(top, signs))


def _hours(width: int) -> str:
    """The clock above the cells."""
    step = 6 // width
    return "".join(f"{hour:<{step * width}}" for hour in range(0, 24, step)).rstrip()


def _shade(tasks: float, top: int, signs: Signs) -> str:
    """The sign of some tasks: the nearest step, the first one for ever so little."""
    steps = len(signs.shades)
    return signs.shades[max(round(tasks / top * steps), 1) - 1]


def _key(top: int, signs: Signs) -> Text:
    """What the signs mean."""
    steps = len(signs.shades)
    text = Text(" " * LABEL_WIDTH).append(f"{signs.none} 0", "dim")
    for step, sign in enumerate(signs.shades, start=1):
        text.append(f"  {sign}", STYLE).append(f" {top * step / steps:g}", "dim")
    return text


def months_picture(spread: Distribution, signs: Signs, room: int) -> Text:
    """A histogram between the cheapest and the dearest month, with its percentiles below.

    Args:
        spread: the months.
        signs: what columns are drawn with.
        room: columns of text that it may take.
    """
    ends = [money(Decimal(repr(end(spread.totals_usd)))) for end in (min, max)]
    columns = max(min(WIDEST, room - sum(len(end) + 2 for end in ends)), 1)
    bins = min(spread.good_bins, columns)
    width = columns // bins
    counts = spread.histogram(bins)
    text = Text(f"{ends[0]}  ")
    text.append("".join(_height(n, max(counts), signs) * width for n in counts), STYLE)
    text.append(f"  {ends[1]}\n").append(" " * (len(ends[0]) + 2))
    marks = ""
    for percent in PERCENTS:
        place = spread.bin_of(spread.percentile_usd(percent), bins * width)
        marks = f"{marks}{' ' * bool(marks)}".ljust(place) + f"P{percent}"
    return text.append(marks, "dim")


def _height(months: int, top: int, signs: Signs) -> str:
    steps = len(signs.heights)
    return signs.heights[ceil(months / top * steps) - 1] if months else " "
