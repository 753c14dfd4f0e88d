"""What an estimate advises, as fields of the JSON document `trazo.cost/1`."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from cost.advice.interaction import interaction
from cost.advice.statements import statements
from cost.bill.estimate import Estimate

_DIGITS = 6


def advice_as_json(estimate: Estimate) -> dict[str, Any]:
    """The fields about what could be done; amounts are in USD of the period."""
    return {
        "ceiling_usd": _usd(estimate.ceiling_usd),
        "interaction": _interaction(estimate),
        "statements": [
            {"about": s.about, "text": s.text, "usd": _usd(s.usd)} for s in statements(estimate)
        ],
        "alternatives": [
            {
                "name": a.name,
                "component": a.component,
                "title": a.title,
                "saved_usd": _usd(a.saved_usd),
                "tradeoff": a.tradeoff,
            }
            for a in estimate.alternatives
        ],
        "schedule_fixes": [
            {
                "code": f.finding.code,
                "component": f.fix.service,
                "fix": f.fix.what,
                "saved_usd": _usd(f.saved_usd),
            }
            for f in estimate.fixes
        ],
        "sensitivity": [_rounded(asdict(outcome)) for outcome in estimate.sensitivity],
    }


def _interaction(estimate: Estimate) -> dict[str, Any] | None:
    found = interaction(estimate)
    if found is None:
        return None
    return {
        "alone_usd": {name: _usd(usd) for name, usd in found.alone_usd.items()},
        "sum_usd": _usd(found.sum_usd),
        "together_usd": _usd(found.together_usd),
        "difference_usd": _usd(found.difference_usd),
    }


def _rounded(fields: dict[str, Any]) -> dict[str, Any]:
    return {k: round(v, _DIGITS) if isinstance(v, float) else v for k, v in fields.items()}


def _usd(amount: Decimal) -> float:
    return round(float(amount), _DIGITS)
