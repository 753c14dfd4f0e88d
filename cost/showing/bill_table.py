"""The lines of a bill as a table, in as much detail as there is room for."""

from collections.abc import Collection
from decimal import Decimal
from itertools import groupby

from rich import box
from rich.table import Table

from cost.bill.bill import Line
from cost.bill.estimate import Estimate
from cost.bill.money import AT_LEAST, at_least
from cost.showing.fitting import Fitting


def bill(estimate: Estimate) -> Fitting:
    """Every line of the bill below its component, with prices and dates where there is room."""
    return Fitting(_table(estimate, detailed=True), _table(estimate, detailed=False))


def _table(estimate: Estimate, *, detailed: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_footer=True, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("item", "total", overflow="fold")
    table.add_column("quantity", justify="right")
    if detailed:
        table.add_column("price", justify="right")
        table.add_column("price of", no_wrap=True)
        table.add_column("basis")
    total = at_least(estimate.total_usd, complete=estimate.bill.complete)
    table.add_column("USD", total, justify="right", no_wrap=True)
    for component, group in groupby(estimate.bill.lines, key=lambda line: line.component):
        lines = tuple(group)
        table.add_section()
        empty = [""] * (4 if detailed else 1)
        table.add_row(component, *empty, _sum(lines), style="bold")
        for line in lines:
            details = _details(line) if detailed else ()
            amount = f"{quantity(line.quantity)} {line.unit}"
            table.add_row(f"  {line.item}", amount, *details, _usd(line))
    return table


def _details(line: Line) -> tuple[str, str, str]:
    """The price, its date, and where the quantity comes from."""
    if line.price is None:
        return "unpriced", "", line.basis
    flat = line.unit_price_usd
    date = line.price.effective
    return (
        "tiered" if flat is None else f"{flat.normalize():f}",
        date.isoformat() if date else "undated",
        line.basis,
    )


def _sum(lines: Collection[Line]) -> str:
    """USD of some lines, marked where a part of them has no price."""
    known = [line.cost_usd for line in lines if line.cost_usd is not None]
    if not known:
        return "unpriced"
    return f"{'' if len(known) == len(lines) else AT_LEAST}{sum(known, Decimal(0)):,.2f}"


def _usd(line: Line) -> str:
    return "unpriced" if line.price is None else f"{line.cost_usd or Decimal(0):,.2f}"


def quantity(amount: Decimal) -> str:
    """A quantity with as many digits as it is worth.

    >>> quantity(Decimal("744.000000")), quantity(Decimal("0.031250"))
    ('744', '0.03125')
    """
    digits = 2 if abs(amount) >= 10 else 6
    text = f"{amount:,.{digits}f}"
    return text.rstrip("0").rstrip(".")
