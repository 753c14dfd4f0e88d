"""What autoscaling, schedule and Spot save alone, and how far that differs from all together."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from cost.bill.estimate import Estimate
from cost.bill.tasks import WRITTEN

ALONE: Mapping[str, str] = {
    "autoscaling": "autoscaled",
    "schedule": "schedule_only",
    "spot": "spot_only",
}
"""Measure -> the scenario that uses it alone."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """Savings against tasks on demand, always on, that do not add up."""

    alone_usd: Mapping[str, Decimal]
    """Measure -> what it saves alone."""
    together_usd: Decimal
    """What all of them save, as the spec is written."""

    @property
    def sum_usd(self) -> Decimal:
        """What they would save if none touched another's tasks."""
        return sum(self.alone_usd.values(), Decimal(0))

    @property
    def difference_usd(self) -> Decimal:
        """Together less the sum: below 0 where each saves from what the others leave."""
        return self.together_usd - self.sum_usd


def interaction(estimate: Estimate) -> Interaction | None:
    """How the measures of an estimate interact; None without a service."""
    if not estimate.services:
        return None
    alone = {name: estimate.saving(scenario).saved_usd for name, scenario in ALONE.items()}
    return Interaction(alone, estimate.saving(WRITTEN).saved_usd)
