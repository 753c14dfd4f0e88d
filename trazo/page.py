"""The report: one page of HTML about some environments."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from compiler.findings.check import Checked
from trazo.findings import only
from trazo_spec.diagnostics import Severity

if TYPE_CHECKING:
    from cost.bill.estimate import Estimate

REPORT = "report.html"


def report_page(
    checked: Checked, results: "Sequence[Estimate]", budget: float | None = None
) -> str:
    """Everything about some environments as one page of HTML.

    Args:
        checked: The spec.
        results: The estimates of the environments.
        budget: What all of them together may cost, in USD.
    """
    from compiler.backends.diagram.draw import embedded
    from cost.showing.report import Section, report

    found = checked.with_later(d for result in results for d in result.findings)
    gravest_first = tuple(sorted(found, key=lambda d: list(Severity).index(d.severity)))
    sections = [
        Section(
            result,
            embedded(
                checked.graphs[result.environment],
                f"{result.environment}-",
                result.bill.by_component(),
                result.period.first_monday,
            ),
            only(checked, gravest_first, result.environment),
        )
        for result in results
    ]
    return report(sections, None if budget is None else Decimal(repr(budget)))
