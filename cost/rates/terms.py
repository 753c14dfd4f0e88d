"""On which terms an account pays: what is free, and what it has promised to AWS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from cost.rates.allowances import Allowance


@dataclass(frozen=True, slots=True)
class SavingsPlan:
    """A promise to pay so much each hour, for a lower price of what it covers.

    It covers vCPU and memory of Fargate tasks on demand, of both architectures: not Fargate Spot,
    not extra task storage, and nothing of a database, cache or load balancer.
    Source: https://aws.amazon.com/savingsplans/compute-pricing/
    """

    commitment_usd_per_h: Decimal
    """What is paid in every hour, whether or not anything runs."""
    discount_share: Decimal
    """How far the plan's rates lie below those on demand, 0 to 1."""
    source: str
    """Where that stands."""

    def covered_usd(self, on_demand_usd: Decimal) -> Decimal:
        """How much of an hour's usage the commitment pays for, in USD at the on-demand rates.

        >>> plan = SavingsPlan(Decimal("0.08"), Decimal("0.20"), "")
        >>> plan.covered_usd(Decimal("0.05")), plan.covered_usd(Decimal("0.25"))  # at most 0.08/0.8
        (Decimal('0.05'), Decimal('0.1'))
        """
        return min(on_demand_usd, self.commitment_usd_per_h / (1 - self.discount_share))


@dataclass(frozen=True, slots=True)
class Terms:
    """What changes a bill beside quantities and prices."""

    allowances: Mapping[str, Allowance] = field(default_factory=dict)
    """Item -> what of it is free; none by default, since other applications may use it up."""
    savings_plan: SavingsPlan | None = None


LIST = Terms()
"""List prices: nothing free, nothing promised."""
