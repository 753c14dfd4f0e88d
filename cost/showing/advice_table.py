"""What an estimate says in words and what could be written otherwise, as tables for people."""

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from compiler.backends.screen import Text
from cost.advice.advice import Advice, Alternative, Appraisal
from cost.advice.statements import statements
from cost.bill.distribution import VARIED_TITLES, Outcome, Sensitivity
from cost.bill.money import signed


def words(appraisal: Appraisal) -> Group:
    """What is worth saying about a bill, a sentence a line."""
    bullets = [_bullet(Text(statement.text)) for statement in statements(appraisal)]
    if not bullets:
        return Group()
    return Group(Text("Summary", style="italic"), *bullets, Text())


def what_if(advice: Advice) -> Group:
    """Every alternative and every fix of a schedule, what saves most first."""
    parts: list[RenderableType] = []
    if advice.alternatives:
        parts += [alternatives_table(advice), Text()]
    if advice.fixes:
        parts += [fixes_table(advice), Text()]
    return Group(*parts)


def alternatives_table(advice: Advice) -> Table:
    """What each alternative saves, and what it costs in service."""
    table = _table("What if: each change alone, in closed form")
    table.add_column("component", style="bold", no_wrap=True)
    table.add_column("with")
    table.add_column("saves", justify="right", no_wrap=True)
    table.add_column("tradeoff")
    for alternative in advice.alternatives:
        table.add_row(*alternative_cells(alternative))
    return table


def alternative_cells(alternative: Alternative) -> tuple[str, ...]:
    """A row of the table of alternatives."""
    usd = signed(alternative.saved_usd)
    return alternative.component, alternative.title, usd, alternative.tradeoff


def fixes_table(advice: Advice) -> Table:
    """What the fix of each finding about a schedule saves."""
    table = _table("Schedule findings and what their fixes would save")
    table.add_column("service", style="bold", no_wrap=True)
    table.add_column("finding", no_wrap=True)
    table.add_column("what")
    table.add_column("fix", overflow="fold")
    table.add_column("saves", justify="right", no_wrap=True)
    for fixed in advice.fixes:
        finding, fix = fixed.finding, fixed.fix
        usd = signed(fixed.saved_usd)
        table.add_row(fix.service, finding.code, finding.message, fix.what, usd)
    return table


def sensitivity_table(sensitivity: Sensitivity) -> Table:
    """What comes out under other assumptions; those of the spec first."""
    table = _table("The same months under other assumptions about what AWS does not publish")
    table.add_column("assumed")
    for title in ("mean", "1 in 10 below", "9 in 10 below", "refused", "minutes down"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("lost to Spot", justify="right", no_wrap=True)
    before = ""
    for outcome in sensitivity:
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
