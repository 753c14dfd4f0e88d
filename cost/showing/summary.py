"""Bills summed up by component, kind or environment, beside each other."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cost.bill.bill import Line
from cost.bill.estimate import Estimate
from cost.bill.money import at_least


class By(StrEnum):
    """What the lines of a bill are summed up by."""

    COMPONENT = "component"
    KIND = "kind"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Summary:
    """USD by group and environment."""

    by: By
    environments: tuple[str, ...]
    rows: Mapping[str, Mapping[str, Decimal | None]]
    """Group -> environment -> USD; None where no line of the group has a price, though one is
    there.
    """
    partial: Collection[tuple[str, str]] = frozenset()
    """Group and environment of what has a line without a price."""

    def total_usd(self, environment: str) -> Decimal:
        """USD of an environment, what is unpriced left out."""
        return sum((row.get(environment) or Decimal(0) for row in self.rows.values()), Decimal(0))


def summary(estimates: Iterable[Estimate], grouping: By) -> Summary:
    """The bills of some environments, summed up."""
    estimates = tuple(estimates)
    rows: dict[str, dict[str, Decimal | None]] = {}
    partial = set()
    for estimate in estimates:
        for line in estimate.bill.lines:
            group = _group(grouping, estimate)(line)
            row = rows.setdefault(group, {})
            before = row.get(estimate.environment)
            if line.cost_usd is None:
                partial.add((group, estimate.environment))
                row.setdefault(estimate.environment, None)
            else:
                row[estimate.environment] = (before or Decimal(0)) + line.cost_usd
    in_order = rows if grouping is By.ENVIRONMENT else dict(sorted(rows.items()))
    return Summary(grouping, tuple(e.environment for e in estimates), in_order, frozenset(partial))


def _group(grouping: By, estimate: Estimate) -> Callable[[Line], str]:
    if grouping is By.ENVIRONMENT:
        return lambda _line: estimate.environment
    return (lambda line: line.kind) if grouping is By.KIND else (lambda line: line.component)


def summary_cells(summary: Summary) -> Iterable[tuple[str, tuple[str, ...]]]:
    """The rows of a summary as people read them, the total last."""
    for name, row in summary.rows.items():
        named = (name,) if summary.by is By.ENVIRONMENT else summary.environments
        partial = {e for group, e in summary.partial if group == name}
        yield name, tuple(_cell(row.get(e, Decimal(0)), complete=e not in partial) for e in named)
    partial = {environment for _, environment in summary.partial}
    totals = {e: summary.total_usd(e) for e in summary.environments}
    if summary.by is By.ENVIRONMENT:
        yield "total", (at_least(sum(totals.values(), Decimal(0)), complete=not partial),)
    else:
        yield "total", tuple(at_least(usd, complete=e not in partial) for e, usd in totals.items())


def columns(summary: Summary) -> tuple[str, ...]:
    """The titles of the columns with amounts."""
    return ("USD",) if summary.by is By.ENVIRONMENT else summary.environments


def _cell(usd: Decimal | None, *, complete: bool) -> str:
    return "unpriced" if usd is None else at_least(usd, complete=complete)
