"""What an estimate says in words and what could be written otherwise, as tables for people."""

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from compiler.backends.screen import Text
from cost.advice.statements import statements
from cost.bill.distribution import VARIED_TITLES, Outcome
from cost.bill.estimate import Alternative, Estimate
from cost.bill.money import signed


def words(estimate: Estimate) -> Group:
    """What is worth saying about a bill, a sentence a line."""
    bullets = [_bullet(Text(statement.text)) for statement in statements(estimate)]
    if not bullets:
        return Group()
    return Group(Text("In words", style="italic"), *bullets, Text())


def what_if(estimate: Estimate) -> Group:
    """Every alternative and every fix of a schedule, what saves most first."""
    parts: list[RenderableType] = []
    if estimate.alternatives:
        parts += [alternatives_table(estimate), Text()]
    if estimate.fixes:
        parts += [fixes_table(estimate), Text()]
    return Group(*parts)


def alternatives_table(estimate: Estimate) -> Table:
    """What each alternative saves, and what it costs in service."""
    table = _table("What if, each change alone, in closed form")
    table.add_column("component", style="bold", no_wrap=True)
    table.add_column("with")
    table.add_column("saves", justify="right", no_wrap=True)
    table.add_column("in return")
    for alternative in estimate.alternatives:
        table.add_row(*alternative_cells(alternative))
    return table


def alternative_cells(alternative: Alternative) -> tuple[str, ...]:
    """A row of the table of alternatives."""
    usd = signed(alternative.saved_usd)
    return alternative.component, alternative.title, usd, alternative.tradeoff


def fixes_table(estimate: Estimate) -> Table:
    """What the fix of each finding about a schedule saves."""
    table = _table("Findings about schedules, with what their fix is worth")
    table.add_column("service", style="bold", no_wrap=True)
    table.add_column("finding", no_wrap=True)
    table.add_column("what")
    table.add_column("fixed", overflow="fold")
    table.add_column("saves", justify="right", no_wrap=True)
    for fixed in estimate.fixes:
        finding, fix = fixed.finding, fixed.fix
        usd = signed(fixed.saved_usd)
        table.add_row(fix.service, finding.code, finding.message, fix.what, usd)
    return table


def sensitivity_table(estimate: Estimate) -> Table:
    """What comes out under other assumptions; those of the spec first."""
    table = _table("What AWS does not publish: the same months under other assumptions")
    table.add_column("assumed")
    for title in ("mean", "1 in 10 below", "9 in 10 below", "refused", "minutes down"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("lost to Spot", justify="right", no_wrap=True)
    before = ""
    for outcome in estimate.sensitivity:
        if outcome.varied != before:
            table.add_section()
        table.add_row(*_outcome_cells(outcome))
        before = outcome.varied
    return table


def _outcome_cells(outcome: Outcome) -> Iterator[str]:
    yield VARIED_TITLES[outcome.varied].format(outcome=outcome, gap_min=outcome.gap_s / 60)
    for usd in (outcome.mean_usd, outcome.p10_usd, outcome.p90_usd):
        yield f"${usd:,.2f}"
    yield f"{outcome.refused_share:.2%}"
    yield f"{outcome.outage_minutes:,.1f}"
    yield f"{outcome.spot_minutes_lost:,.1f}"


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)


def _bullet(line: Text) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_row("-", line)
    return Padding(grid, (0, 0, 0, 1))
