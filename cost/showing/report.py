"""Estimates, pictures and findings as one page of HTML that needs nothing else."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from cost.advice.advice import Appraisal
from cost.advice.statements import statements
from cost.bill.bill import Line
from cost.bill.distribution import together
from cost.bill.estimate import Estimate, ServiceEstimate
from cost.bill.money import money, signed
from cost.bill.tasks import SCENARIO_TITLES, WRITTEN
from cost.showing.bill_table import quantity
from cost.showing.plots import DAYS, Week, months_chart, scripts, week, week_chart
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.visible import visible

TEMPLATE = "report.html"
WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Section:
    """One environment of a report."""

    appraisal: Appraisal
    diagram: str
    """Its overview, an `svg` element whose ids no other section uses."""
    findings: tuple[Diagnostic, ...]
    """The gravest first."""

    @property
    def estimate(self) -> Estimate:
        """What it costs."""
        return self.appraisal.estimate

    @property
    def weeks(self) -> Iterator[tuple[ServiceEstimate, Week, str]]:
        """Every service with its mean week, as numbers and as a chart."""
        for service in self.estimate.services:
            mean_week = week(service.tasks_by_hour, self.estimate.period, service.timezone)
            yield service, mean_week, week_chart(mean_week)

    @property
    def components(self) -> Iterator[tuple[str, tuple[Line, ...], Decimal]]:
        """Every component with its lines of the bill and what they come to."""
        for name, lines in groupby(self.estimate.bill.lines, key=lambda line: line.component):
            group = tuple(lines)
            yield name, group, sum((line.cost_usd or Decimal(0) for line in group), Decimal(0))

    @property
    def saved_usd(self) -> Decimal:
        """What autoscaling, schedule and Spot save together."""
        return self.estimate.saving(WRITTEN).saved_usd

    @property
    def dearest_usd(self) -> Decimal:
        """The longest bar of the savings."""
        return max((s.total_usd for s in self.estimate.savings), default=Decimal(0))


def report(sections: Sequence[Section], budget_usd: Decimal | None = None) -> str:
    """The page: every environment with its bill, savings, weeks, months, diagram and findings.

    Text of the spec is escaped, and the page allows no script but its own and no request.

    Args:
        sections: the environments.
        budget_usd: what all environments together may cost; None for no budget.
    """
    # Takes a tenth of a second to import, for reports only.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    page = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader(Path(__file__).parent),
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_seen,
    )
    page.filters |= {
        "money": money,
        "quantity": quantity,
        "signed": signed,
        "usd": _usd,
        "web": _web,
    }
    run = scripts()
    # One environment's months cannot be held against a budget for several.
    marked = float(budget_usd) if budget_usd is not None and len(sections) == 1 else None
    return page.get_template(TEMPLATE).render(
        sections=sections,
        total_usd=sum((s.estimate.total_usd for s in sections), Decimal(0)),
        budget_usd=budget_usd,
        all_months=together([s.estimate.distribution for s in sections]),
        titles=SCENARIO_TITLES,
        statements=statements,
        days=DAYS,
        months_chart=lambda spread: months_chart(spread, marked),
        scripts=run,
        script_hashes=[_hash(script) for script in run],
    )


def _usd(amount: float) -> str:
    return money(Decimal(repr(amount)))


def _seen(value: object) -> object:
    """What a page says of a value; what is markup of ours already has been shown so."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _web(address: str) -> bool:
    """Whether a source is an address that a browser may open."""
    return address.startswith(WEB)


def _hash(script: str) -> str:
    """What a page's policy calls a script by.

    Source: https://www.w3.org/TR/CSP3/#framework-directive-source-list
    """
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
