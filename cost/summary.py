"""Bills summed up by component, kind or environment, beside each other."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cost.bill import Line
from cost.estimate import Estimate
from cost.money import money


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

    def total_usd(self, environment: str) -> Decimal:
        """USD of an environment, what is unpriced left out."""
        return sum((row.get(environment) or Decimal(0) for row in self.rows.values()), Decimal(0))


def summary(estimates: Iterable[Estimate], by: By) -> Summary:
    """The bills of some environments, summed up."""
    found = tuple(estimates)
    rows: dict[str, dict[str, Decimal | None]] = {}
    for estimate in found:
        for line in estimate.bill.lines:
            row = rows.setdefault(_group(by, estimate)(line), {})
            before = row.get(estimate.environment)
            if line.cost_usd is None:
                row.setdefault(estimate.environment, None)
            else:
                row[estimate.environment] = (before or Decimal(0)) + line.cost_usd
    in_order = rows if by is By.ENVIRONMENT else dict(sorted(rows.items()))
    return Summary(by, tuple(e.environment for e in found), in_order)


def _group(by: By, estimate: Estimate) -> Callable[[Line], str]:
    if by is By.ENVIRONMENT:
        return lambda _line: estimate.environment
    return (lambda line: line.kind) if by is By.KIND else (lambda line: line.component)


def summary_cells(summary: Summary) -> Iterable[tuple[str, tuple[str, ...]]]:
    """The rows of a summary as people read them, the total last."""
    for name, row in summary.rows.items():
        named = (name,) if summary.by is By.ENVIRONMENT else summary.environments
        yield name, tuple(_money(row.get(e, Decimal(0))) for e in named)
    totals = tuple(summary.total_usd(e) for e in summary.environments)
    if summary.by is By.ENVIRONMENT:
        yield "total", (money(sum(totals, Decimal(0))),)
    else:
        yield "total", tuple(money(usd) for usd in totals)


def columns(summary: Summary) -> tuple[str, ...]:
    """The titles of the columns with amounts."""
    return ("USD",) if summary.by is By.ENVIRONMENT else summary.environments


def _money(usd: Decimal | None) -> str:
    return "unpriced" if usd is None else money(usd)
