"""An estimate as tables for people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from io import StringIO
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table

from compiler.backends.screen import Screen, Text
from cost.advice.advice import Appraisal
from cost.bill.closed_form import ServiceLevel
from cost.bill.distribution import Distribution
from cost.bill.estimate import Estimate, Saving, ServiceEstimate
from cost.bill.money import at_least, money
from cost.bill.tasks import SCENARIO_TITLES
from cost.rates.catalogue import Confidence
from cost.showing.advice_table import sensitivity_table, what_if, words
from cost.showing.bill_table import bill
from cost.showing.fitting import Fitting
from cost.showing.pictures import Months, Weeks
from cost.showing.summary import Summary, columns, summary_cells
from trazo_spec.visible import one_line

TITLE = "Services"


def services(estimate: Estimate) -> Fitting:
    """How long each service runs, and what its visitors notice."""
    measures_by_service = {s.component: dict(_measures(s)) for s in estimate.services}
    return Fitting(_row_each(measures_by_service), _column_each(measures_by_service))


def _row_each(measures_by_service: Mapping[str, Mapping[str, str]]) -> Table:
    table = _table("service")
    for title in next(iter(measures_by_service.values())):
        table.add_column(title, justify="right")
    for name, measures in measures_by_service.items():
        table.add_row(name, *measures.values())
    return table


def _column_each(measures_by_service: Mapping[str, Mapping[str, str]]) -> Table:
    table = _table("service")
    for name in measures_by_service:
        table.add_column(name, justify="right", overflow="fold")
    for title in next(iter(measures_by_service.values())):
        table.add_row(title, *(measures[title] for measures in measures_by_service.values()))
    return table


def _table(first: str) -> Table:
    table = Table(title=TITLE, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first)
    return table


def _measures(service: ServiceEstimate) -> Iterator[tuple[str, str]]:
    yield "tasks at peak", str(service.baseline_tasks)
    yield "hours on", f"{service.hours_on:,.0f}"
    yield "hours off", f"{service.hours_off:,.0f}"
    if service.level is not None:
        yield from _noticed(service.level)


def _noticed(level: ServiceLevel) -> Iterator[tuple[str, str]]:
    yield "requests refused", f"{level.refused_share:.1%}"
    yield "CPU shortage", f"{level.excess_share:.2%}"
    yield "minutes down", f"{level.outage_minutes:,.1f}"
    yield "longest", f"{level.longest_outage_minutes:,.1f}"
    yield "lost to Spot", f"{level.spot_minutes_lost:,.1f}"


WIDTH_OF_A_FILE = 150


def tables(appraisal: Appraisal, *, with_alternatives: bool = False) -> Group:
    """The bill, what is saved, how services run, and what was assumed."""
    estimate = appraisal.estimate
    parts: list[RenderableType] = [_title(estimate), bill(estimate), Text()]
    if estimate.services:
        parts += [savings_table(estimate), Text(), services(estimate), Text()]
        if estimate.distribution:
            parts.append(Weeks(estimate))
    if with_alternatives:
        parts.append(what_if(appraisal.advice))
    if appraisal.sensitivity:
        parts += [sensitivity_table(appraisal.sensitivity), Text()]
    return Group(*parts, words(appraisal), *_notes(estimate))


def table_text(appraisal: Appraisal) -> str:
    """The same as plain text for a file, with alternatives."""
    text = StringIO()
    content = tables(appraisal, with_alternatives=True)
    Screen(file=text, width=WIDTH_OF_A_FILE).print(content)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def summary_table(summary: Summary) -> Table:
    """Groups of lines, one column for each environment."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(summary.by)
    for title in columns(summary):
        table.add_column(title, justify="right")
    for name, cells in summary_cells(summary):
        table.add_row(name, *cells, style="bold" if name == "total" else "")
    return table


def build_summary(
    folder: Path,
    files: Sequence[str],
    resources: Mapping[str, int],
    estimates: Iterable[Estimate],
    findings: Text,
) -> Group:
    """What a build made: a row for each environment, then the files and findings."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("environment", style="bold")
    for title in ("resources", "a month", "always-on floor", "Spot and schedule save"):
        table.add_column(title, justify="right")
    for e in estimates:
        saved = e.saving("autoscaled").total_usd - e.total_usd
        table.add_row(
            e.environment,
            str(resources[e.environment]),
            at_least(e.total_usd, complete=e.bill.complete),
            at_least(e.floor_usd, complete=e.bill.complete),
            money(saved),
        )
    written = Text(f"{len(files)} files in {one_line(str(folder))}: ").append(
        ", ".join(files), "dim"
    )
    return Group(table, Text("findings: ").append_text(findings), written)


def savings_table(estimate: Estimate) -> Table:
    """What each way to save is worth, together and alone."""
    table = Table(title="Savings", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("scenario")
    table.add_column("total", justify="right")
    table.add_column("compute", justify="right")
    table.add_column("saved", justify="right")
    table.add_column("share", justify="right")
    for saving in estimate.savings:
        table.add_row(*_saving_cells(saving))
    return table


def _title(estimate: Estimate) -> Text:
    period = estimate.period
    title = Text(f"{estimate.spec} · {estimate.environment} · {estimate.region}", style="bold")
    return title.append(
        f"   {period.start:%Y-%m-%d} to {period.end:%Y-%m-%d}, {period.hours:,.0f} hours",
        style="dim",
    )


def _saving_cells(saving: Saving) -> tuple[Text | str, ...]:
    title = SCENARIO_TITLES[saving.scenario]
    style = "bold" if "as written" in title else ""
    base = saving.scenario == "on_demand_always_on"
    return (
        Text(title, style=style),
        money(saving.total_usd),
        money(saving.compute_usd),
        "" if base else money(saving.saved_usd),
        "" if base else f"{saving.saved_share:.1%}",
    )


def _notes(estimate: Estimate) -> Iterator[RenderableType]:
    lines = estimate.bill.lines
    if spread := estimate.distribution:
        if spread.deviation_usd:
            yield Months(spread)
        yield _spread(spread)
    assumed = sum(1 for a in estimate.assumptions if a.source == "default")
    if assumed:
        listed = "`--json` lists each with its reason; set them under `traffic` in the spec"
        yield Text(f"{assumed} values are assumptions: {listed}.")
    if unpriced := estimate.bill.unpriced:
        names = ", ".join(sorted({f"{line.component}: {line.item}" for line in unpriced}))
        yield Text(
            f"Not included in the total because the price is not known: {names}", style="yellow"
        )
    if estimate.terms.allowances:
        yield Text("The AWS free tier is subtracted, assuming that nothing else uses it.")
    if estimate.omissions:
        yield Text(f"Not priced: {'; '.join(o.name for o in estimate.omissions)}.", style="dim")
    date = estimate.catalogue.date or "no date"
    prices = f"Prices: {estimate.catalogue.name} catalogue, newest of {date}"
    own = any(li.price and li.price.confidence is Confidence.NEGOTIATED for li in lines)
    kind = "list prices and your own" if own else "list prices"
    yield Text(one_line(f"{prices}; {kind} in USD, before tax."), style="dim")


def _spread(spread: Distribution) -> Text:
    low, middle, high = (money(Decimal(repr(spread.percentile_usd(n)))) for n in (10, 50, 90))
    error = money(Decimal(repr(1.96 * spread.standard_error_usd)))
    text = Text(f"Of {spread.runs:,} simulated months, one in ten costs less than {low}, half ")
    return text.append(f"less than {middle}, nine in ten less than {high}; the mean is ± {error}.")
