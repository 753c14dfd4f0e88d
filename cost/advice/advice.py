"""What is said beside an estimate: other ways to write it, and what else could come out."""

from dataclasses import dataclass
from decimal import Decimal

from compiler.rules.scheduling.fixes import Fix
from cost.bill.distribution import Sensitivity
from cost.bill.estimate import Estimate
from trazo_spec.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Alternative:
    """One change to an environment, and what it is worth."""

    name: str
    """What kind of change it is."""
    component: str
    title: str
    saved_usd: Decimal
    """In the period, in closed form; negative when it costs more."""
    tradeoff: str
    """What it costs in service or risk, in a sentence."""
    less_service: bool = False
    """Whether there is more downtime with it: it is listed, and no sentence recommends it."""


@dataclass(frozen=True, slots=True)
class PricedFix:
    """A finding about a schedule, with what its fix is worth."""

    finding: Diagnostic
    """Its advice ends with the dollars."""
    fix: Fix
    saved_usd: Decimal
    """In the period, in closed form; negative when the fix costs money."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What could be written otherwise in an environment."""

    alternatives: tuple[Alternative, ...] = ()
    """What else could be written, what saves most first."""
    fixes: tuple[PricedFix, ...] = ()
    """What is wrong with schedules, with what its fix is worth."""


NO_ADVICE = Advice()


@dataclass(frozen=True, slots=True)
class Appraisal:
    """An environment as it was priced: its estimate and what is said beside it."""

    estimate: Estimate
    advice: Advice = NO_ADVICE
    sensitivity: Sensitivity = ()
    """What comes out under other assumptions; empty unless asked for."""

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What pricing found: what has no price, then schedules whose fix moves dollars."""
        return (*self.estimate.findings, *(fixed.finding for fixed in self.advice.fixes))
