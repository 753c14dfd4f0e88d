"""The report: one page of HTML about some environments."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from compiler.findings.check import Checked, of_environment
from trazo_spec.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from cost.advice.advice import Appraisal

REPORT = "report.html"


def report_page(
    checked: Checked,
    results: "Sequence[Appraisal]",
    findings: Iterable[Diagnostic],
    budget: float | None = None,
) -> str:
    """Everything about some environments as one page of HTML.

    Args:
        checked: The spec.
        results: The environments, priced.
        findings: What counts of all that is found in it.
        budget: What all of them together may cost, in USD.
    """
    from compiler.backends.diagram.draw import embedded
    from cost.showing.report import Section, report

    gravest_first = tuple(sorted(findings, key=lambda d: list(Severity).index(d.severity)))
    sections = [
        Section(
            result,
            embedded(
                checked.graphs[result.estimate.environment],
                f"{result.estimate.environment}-",
                result.estimate.bill.by_component(),
                result.estimate.period.first_monday,
            ),
            of_environment(gravest_first, result.estimate.environment),
        )
        for result in results
    ]
    return report(sections, None if budget is None else Decimal(repr(budget)))
