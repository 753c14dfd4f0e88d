"""On which terms an account pays: what is free, and what it has promised to AWS."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cost.allowances import Allowance
from cost.savings_plan import SavingsPlan


@dataclass(frozen=True, slots=True)
class Terms:
    """What changes a bill beside quantities and prices."""

    allowances: Mapping[str, Allowance] = field(default_factory=dict)
    """Item -> what of it is free; none by default, since other applications may use it up."""
    savings_plan: SavingsPlan | None = None


LIST = Terms()
"""List prices: nothing free, nothing promised."""
