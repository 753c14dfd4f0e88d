"""Estimates as Markdown and CSV, for reviews and spreadsheets."""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO

from cost.advice_table import alternative_cells
from cost.bill import Line
from cost.bill_table import quantity
from cost.estimate import Estimate
from cost.money import at_least, money
from cost.statements import statements
from cost.summary import By, Summary, columns, summary_cells
from cost.table import SCENARIO_TITLES

CSV_COLUMNS = (
    "environment", "component", "kind", "item", "quantity", "unit", "unit_price_usd", "cost_usd",
    "basis", "why", "price_effective", "price_confidence", "price_source",
)  # fmt: skip


def markdown(estimates: Sequence[Estimate]) -> str:
    """Bill and savings of each environment as Markdown, such as for a comment on a change."""
    return "\n".join("\n".join(_markdown(estimate)) for estimate in estimates)


def _markdown(estimate: Estimate) -> Iterable[str]:
    period = estimate.period
    total = at_least(estimate.total_usd, complete=estimate.bill.complete)
    yield f"## {estimate.spec} {estimate.environment}: {total}\n"
    yield (
        f"{estimate.region}, {period.start:%Y-%m-%d} to {period.end:%Y-%m-%d}, "
        f"{period.hours:,.0f} hours, {estimate.catalogue.name} prices\n"
    )
    yield _row(("component", "item", "quantity", "unit", "price", "USD"))
    yield _row(("---", "---", "---:", "---", "---:", "---:"))
    for line in estimate.bill.lines:
        yield _row(
            (
                line.component,
                line.item,
                quantity(line.quantity),
                line.unit,
                _price(line),
                _usd(line),
            )
        )
    yield _row(("**total**", "", "", "", "", f"**{total}**"))
    yield ""
    yield from (f"- {statement.text}" for statement in statements(estimate))
    yield ""
    if estimate.services:
        yield _row(("scenario", "total", "saved"))
        yield _row(("---", "---:", "---:"))
        for saving in estimate.savings:
            cells = SCENARIO_TITLES[saving.scenario], money(saving.total_usd)
            yield _row((*cells, money(saving.saved_usd)))
        yield ""
    if estimate.alternatives:
        yield _row(("component", "what if", "saves", "in return"))
        yield _row(("---", "---", "---:", "---"))
        yield from (_row(alternative_cells(a)) for a in estimate.alternatives)
        yield ""
    if estimate.omissions:
        yield f"Not priced: {'; '.join(o.name for o in estimate.omissions)}.\n"


def csv_text(estimates: Iterable[Estimate]) -> str:
    """Every line of the environments as CSV, numbers in full."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for estimate in estimates:
        for line in estimate.bill.lines:
            writer.writerow(_csv_cells(estimate.environment, line))
    return text.getvalue()


def summary_markdown(summary: Summary) -> str:
    """A summary as a Markdown table."""
    lines = [_row((summary.by, *columns(summary)))]
    lines.append(_row(("---", *("---:" for _ in columns(summary)))))
    lines += [_row((name, *cells)) for name, cells in summary_cells(summary)]
    return "\n".join(lines) + "\n"


def summary_csv(summary: Summary) -> str:
    """A summary as CSV, numbers in full."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((summary.by, *columns(summary)))
    for name, row in summary.rows.items():
        amounts = [row.get(e, Decimal(0)) for e in summary.environments]
        cells = [amounts] if summary.by is not By.ENVIRONMENT else [[row[name]]]
        writer.writerow((name, *(_plain(usd) for usd in cells[0])))
    return text.getvalue()


def _plain(usd: Decimal | None) -> str:
    return "" if usd is None else f"{usd:f}"


def _row(cells: Iterable[str]) -> str:
    escaped = (str(cell).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _price(line: Line) -> str:
    if line.price is None:
        return "unpriced"
    return "tiered" if line.unit_price_usd is None else f"{line.unit_price_usd.normalize():f}"


def _usd(line: Line) -> str:
    return "unpriced" if line.cost_usd is None else f"{line.cost_usd:,.2f}"


def _csv_cells(environment: str, line: Line) -> Iterable[str]:
    price = line.price
    yield from (environment, line.component, line.kind, line.item)
    yield f"{line.quantity.normalize():f}"
    yield line.unit
    yield "" if line.unit_price_usd is None else f"{line.unit_price_usd.normalize():f}"
    yield _plain(line.cost_usd)
    yield from (line.basis, line.why)
    yield price.effective.isoformat() if price and price.effective else ""
    yield str(price.confidence) if price else ""
    yield price.source if price else ""
