"""An estimate as the JSON document `trazo.cost/1`."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any, TypeAlias

from cost.advice.advice import Appraisal
from cost.advice.statements import interaction, statements
from cost.bill.bill import Line
from cost.bill.closed_form import ServiceLevel
from cost.bill.distribution import Distribution, together
from cost.bill.estimate import Assumed, Estimate, Saving, ServiceEstimate
from cost.rates.catalogue import Catalogue, Price
from cost.rates.terms import Terms
from cost.showing.summary import Summary
from trazo_spec.diagnostics import Diagnostic, as_document


def advice_as_json(appraisal: Appraisal) -> dict[str, Any]:
    """The fields about what could be done; amounts are in USD of the period."""
    return {
        "ceiling_usd": _usd(appraisal.estimate.ceiling_usd),
        "interaction": _interaction(appraisal.estimate),
        "statements": [
            {"about": s.about, "text": s.text, "usd": _usd(s.usd)} for s in statements(appraisal)
        ],
        "alternatives": [
            {
                "name": a.name,
                "component": a.component,
                "title": a.title,
                "saved_usd": _usd(a.saved_usd),
                "tradeoff": a.tradeoff,
            }
            for a in appraisal.advice.alternatives
        ],
        "schedule_fixes": [
            {
                "code": f.finding.code,
                "component": f.fix.service,
                "fix": f.fix.what,
                "saved_usd": _usd(f.saved_usd),
            }
            for f in appraisal.advice.fixes
        ],
        "sensitivity": [_rounded(asdict(outcome)) for outcome in appraisal.sensitivity],
    }


def _interaction(estimate: Estimate) -> dict[str, Any] | None:
    savings = interaction(estimate)
    if savings is None:
        return None
    return {
        "alone_usd": {name: _usd(usd) for name, usd in savings.alone_usd.items()},
        "sum_usd": _usd(savings.sum_usd),
        "together_usd": _usd(savings.together_usd),
        "difference_usd": _usd(savings.difference_usd),
    }


def _rounded(fields: dict[str, Any]) -> dict[str, Any]:
    return {k: round(v, _DIGITS) if isinstance(v, float) else v for k, v in fields.items()}


SCHEMA = "trazo.cost/1"
SEVERAL = "trazo.costs/1"
SUMMARY = "trazo.cost-summary/1"
_DIGITS = 6


Judge: TypeAlias = Callable[[Iterable[Diagnostic]], Iterable[Diagnostic]]
"""Which of some findings count, and how grave each is."""


def as_json(
    appraisal: Appraisal, budget_usd: float | None = None, judge: Judge = tuple
) -> dict[str, Any]:
    """The estimate as plain JSON values; the lines' costs sum to `total_usd.mean`.

    Without a simulation P10, P50 and P90 equal the mean, and what only it can know is null.

    Args:
        appraisal: what an environment costs, and what is said beside it.
        budget_usd: what it may cost, in USD; None for no budget.
        judge: takes what pricing found as the spec does; all of it counts unless told.
    """
    estimate, spread = appraisal.estimate, appraisal.estimate.distribution
    return {
        "schema": SCHEMA,
        "spec": estimate.spec,
        "environment": estimate.environment,
        "region": estimate.region,
        "period": {
            "start": estimate.period.start.isoformat(),
            "end": estimate.period.end.isoformat(),
            "hours": estimate.period.hours,
        },
        "seed": spread and spread.seed,
        "runs": spread.runs if spread else 0,
        "currency": "USD",
        "lines": [_line(line) for line in estimate.bill.lines],
        "total_usd": _total(estimate),
        "standard_error_usd": round(spread.standard_error_usd, _DIGITS) if spread else None,
        "over_budget_share": _share_over(spread, budget_usd),
        "floor_usd": _usd(estimate.floor_usd),
        "savings": [_saving(s) for s in estimate.savings],
        **advice_as_json(appraisal),
        "services": [_service(s) for s in estimate.services],
        "findings": [as_document(d) for d in judge(appraisal.findings)],
        "assumptions": [_assumed(a) for a in estimate.assumptions],
        "unpriced": [{"component": li.component, "item": li.item} for li in estimate.bill.unpriced],
        "not_priced": [{"name": o.name, "why": o.why} for o in estimate.omissions],
        "terms": _terms(estimate.terms),
        "catalogue": catalogue_as_json(estimate.catalogue),
    }


def _share_over(spread: Distribution | None, budget_usd: float | None) -> float | None:
    if spread is None or budget_usd is None:
        return None
    return round(spread.share_over(budget_usd), _DIGITS)


def _total(estimate: Estimate) -> dict[str, float]:
    mean, spread = _usd(estimate.total_usd), estimate.distribution
    percentiles = {
        f"p{n}": round(spread.percentile_usd(n), _DIGITS) if spread else mean for n in (10, 50, 90)
    }
    return {"mean": mean, **percentiles}


def several_as_json(
    environments: Iterable[Appraisal], budget_usd: float | None = None, judge: Judge = tuple
) -> dict[str, Any]:
    """The estimates of several environments, and what they come to; the budget is for all."""
    appraisals = {one.estimate.environment: one for one in environments}
    total = sum((one.estimate.total_usd for one in appraisals.values()), Decimal(0))
    spread = together([one.estimate.distribution for one in appraisals.values()])
    return {
        "schema": SEVERAL,
        "environments": {name: as_json(one, judge=judge) for name, one in appraisals.items()},
        "total_usd": _usd(total),
        "over_budget_share": _share_over(spread, budget_usd),
    }


def summary_as_json(summary: Summary) -> dict[str, Any]:
    """Lines of bills summed up, in USD; null where no line has a price."""
    groups = {
        name: {e: None if usd is None else _usd(usd) for e, usd in row.items()}
        for name, row in summary.rows.items()
    }
    totals = {e: _usd(summary.total_usd(e)) for e in summary.environments}
    return {"schema": SUMMARY, "by": str(summary.by), "groups": groups, "total_usd": totals}


def _terms(terms: Terms) -> dict[str, Any]:
    plan = terms.savings_plan
    return {
        "free_tier": bool(terms.allowances),
        "savings_plan": plan
        and {
            "commitment_usd_per_h": float(plan.commitment_usd_per_h),
            "discount_share": float(plan.discount_share),
        },
    }


def catalogue_as_json(catalogue: Catalogue) -> dict[str, Any]:
    """Which prices a bill used."""
    return {
        "name": catalogue.name,
        "date": catalogue.date.isoformat() if catalogue.date else None,
        "prices": len(catalogue.prices),
    }


def _usd(amount: Decimal) -> float:
    return round(float(amount), _DIGITS)


def _line(line: Line) -> dict[str, Any]:
    price = line.price
    return {
        "component": line.component,
        "kind": line.kind,
        "item": line.item,
        "unit": line.unit,
        "quantity": float(line.quantity),
        "free_quantity": float(line.share.free),
        **_rates(line, price),
        "cost_usd": None if line.cost_usd is None else _usd(line.cost_usd),
        "basis": line.basis,
        "why": line.why,
        "price_source": price.source if price else None,
        "price_effective": price.effective.isoformat() if price and price.effective else None,
        "price_confidence": str(price.confidence) if price else None,
    }


def _rates(line: Line, price: Price | None) -> dict[str, Any]:
    if price is None or len(price.tiers) == 1:
        unit_price = line.unit_price_usd
        return {"unit_price_usd": None if unit_price is None else float(unit_price)}
    tiers = [{"from_quantity": float(t.from_quantity), "usd": float(t.usd)} for t in price.tiers]
    return {"tiers": tiers}


def _saving(saving: Saving) -> dict[str, Any]:
    return {
        "scenario": saving.scenario,
        "total_usd": _usd(saving.total_usd),
        "compute_usd": _usd(saving.compute_usd),
        "saved_usd": _usd(saving.saved_usd),
        "saved_share": round(saving.saved_share, _DIGITS),
    }


def _service(service: ServiceEstimate) -> dict[str, Any]:
    level = {f.name: None for f in fields(ServiceLevel)}
    if service.level is not None:
        level = {name: round(value, _DIGITS) for name, value in asdict(service.level).items()}
    return {
        "component": service.component,
        "baseline_tasks": service.baseline_tasks,
        "hours_on": round(service.hours_on, _DIGITS),
        "hours_off": round(service.hours_off, _DIGITS),
        **level,
        "windows": [
            {"start": w.start.isoformat(), "end": w.end.isoformat(), "min": w.min, "max": w.max}
            for w in service.windows
        ],
    }


def _assumed(assumed: Assumed) -> dict[str, Any]:
    return {
        "component": assumed.component,
        "name": assumed.name,
        "value": assumed.value,
        "unit": assumed.unit,
        "reason": assumed.reason,
        "source": assumed.source,
    }
