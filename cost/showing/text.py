"""Estimates as Markdown and CSV, for reviews and spreadsheets."""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO

from cost.advice.advice import Appraisal
from cost.advice.statements import statements
from cost.bill.bill import Line
from cost.bill.money import at_least, money
from cost.bill.tasks import SCENARIO_TITLES
from cost.showing.advice_table import alternative_cells
from cost.showing.bill_table import quantity
from cost.showing.summary import By, Summary, columns, summary_cells
from trazo_spec import visible

CSV_COLUMNS = (
    "environment", "component", "kind", "item", "quantity", "unit", "unit_price_usd", "cost_usd",
    "basis", "why", "price_effective", "price_confidence", "price_source",
)  # fmt: skip


def markdown(environments: Sequence[Appraisal]) -> str:
    """Bill and savings of each environment as Markdown, such as for a comment on a change."""
    return "\n".join("\n".join(_markdown(appraisal)) for appraisal in environments)


def _markdown(appraisal: Appraisal) -> Iterable[str]:
    estimate, alternatives = appraisal.estimate, appraisal.advice.alternatives
    period = estimate.period
    total = at_least(estimate.total_usd, complete=estimate.bill.complete)
    names = visible.markdown(estimate.spec), visible.markdown(estimate.environment)
    yield f"## {' '.join(names)}: {total}\n"
    yield (
        f"{visible.markdown(estimate.region)}, {period.start:%Y-%m-%d} to {period.end:%Y-%m-%d}, "
        f"{period.hours:,.0f} hours, {visible.markdown(estimate.catalogue.name)} prices\n"
    )
    yield visible.markdown_row(("component", "item", "quantity", "unit", "price", "USD"))
    yield visible.markdown_row(("---", "---", "---:", "---", "---:", "---:"))
    for line in estimate.bill.lines:
        yield visible.markdown_row(
            (
                visible.markdown(line.component),
                visible.markdown(line.item),
                quantity(line.quantity),
                visible.markdown(line.unit),
                _price(line),
                _usd(line),
            )
        )
    yield visible.markdown_row(("**total**", "", "", "", "", f"**{total}**"))
    yield ""
    yield from (f"- {statement.text}" for statement in statements(appraisal))
    yield ""
    if estimate.services:
        yield visible.markdown_row(("scenario", "total", "saved"))
        yield visible.markdown_row(("---", "---:", "---:"))
        for saving in estimate.savings:
            cells = SCENARIO_TITLES[saving.scenario], money(saving.total_usd)
            yield visible.markdown_row((*cells, money(saving.saved_usd)))
        yield ""
    if alternatives:
        yield visible.markdown_row(("component", "what if", "saves", "tradeoff"))
        yield visible.markdown_row(("---", "---", "---:", "---"))
        yield from (visible.markdown_row(alternative_cells(a)) for a in alternatives)
        yield ""
    if estimate.omissions:
        yield f"Not priced: {'; '.join(o.name for o in estimate.omissions)}.\n"


def csv_text(environments: Iterable[Appraisal]) -> str:
    """Every line of the environments as CSV, numbers in full."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for appraisal in environments:
        for line in appraisal.estimate.bill.lines:
            writer.writerow(_csv_cells(appraisal.estimate.environment, line))
    return text.getvalue()


def summary_markdown(summary: Summary) -> str:
    """A summary as a Markdown table."""
    lines = [visible.markdown_row((summary.by, *columns(summary)))]
    lines.append(visible.markdown_row(("---", *("---:" for _ in columns(summary)))))
    lines += [
        visible.markdown_row((visible.markdown(name), *cells))
        for name, cells in summary_cells(summary)
    ]
    return "\n".join(lines) + "\n"


def summary_csv(summary: Summary) -> str:
    """A summary as CSV, numbers in full."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((summary.by, *columns(summary)))
    for name, row in summary.rows.items():
        amounts = [row.get(e, Decimal(0)) for e in summary.environments]
        cells = [amounts] if summary.by is not By.ENVIRONMENT else [[row[name]]]
        writer.writerow((visible.csv_cell(name), *(_plain(usd) for usd in cells[0])))
    return text.getvalue()


def _plain(usd: Decimal | None) -> str:
    return "" if usd is None else f"{usd:f}"


def _price(line: Line) -> str:
    if line.price is None:
        return "unpriced"
    return "tiered" if line.unit_price_usd is None else f"{line.unit_price_usd.normalize():f}"


def _usd(line: Line) -> str:
    return "unpriced" if line.cost_usd is None else f"{line.cost_usd:,.2f}"


def _csv_cells(environment: str, line: Line) -> Iterable[str]:
    price = line.price
    yield from map(visible.csv_cell, (environment, line.component, line.kind, line.item))
    yield f"{line.quantity.normalize():f}"
    yield visible.csv_cell(line.unit)
    yield "" if line.unit_price_usd is None else f"{line.unit_price_usd.normalize():f}"
    yield _plain(line.cost_usd)
    yield from map(visible.csv_cell, (line.basis, line.why))
    yield price.effective.isoformat() if price and price.effective else ""
    yield str(price.confidence) if price else ""
    yield visible.csv_cell(price.source) if price else ""
