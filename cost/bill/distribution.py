"""How totals spread over simulated months, and what other assumptions would make of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cbrt, ceil, sqrt
from statistics import fmean, quantiles, stdev
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Distribution:
    """The totals of simulated months."""

    seed: int
    wanted: int
    """How many months were asked for; fewer are there when the user stopped early."""
    totals_usd: tuple[float, ...]
    """The total of each month, in USD."""

    @property
    def runs(self) -> int:
        """How many months there are."""
        return len(self.totals_usd)

    @property
    def mean_usd(self) -> float:
        """The mean month."""
        return fmean(self.totals_usd)

    @property
    def deviation_usd(self) -> float:
        """The standard deviation of a month."""
        return stdev(self.totals_usd) if self.runs > 1 else 0.0

    @property
    def standard_error_usd(self) -> float:
        """How uncertain the mean is: its standard deviation."""
        return self.deviation_usd / sqrt(self.runs)

    def percentile_usd(self, percent: int) -> float:
        """So many percent of months cost less; between two months, in proportion.

        >>> Distribution(0, 3, (1.0, 2.0, 4.0)).percentile_usd(50)
        2.0
        """
        if self.runs == 1:
            return self.totals_usd[0]
        return quantiles(self.totals_usd, n=100, method="inclusive")[percent - 1]

    @property
    def stopped(self) -> bool:
        """Whether the user stopped it before all months were there."""
        return self.runs < self.wanted

    @property
    def good_bins(self) -> int:
        """Into how many parts a histogram cuts them, by the rule of Rice.

        Source: https://en.wikipedia.org/wiki/Histogram#Rice_rule

        >>> Distribution(0, 1000, tuple(map(float, range(1000)))).good_bins
        20
        """
        return ceil(2 * round(cbrt(self.runs), 9))

    def histogram(self, bins: int) -> tuple[int, ...]:
        """How many months fall into each of some equal parts between the least and the most USD.

        >>> Distribution(0, 4, (1.0, 1.5, 2.0, 5.0)).histogram(4)
        (2, 1, 0, 1)
        """
        counts = [0] * bins
        for total in self.totals_usd:
            counts[self.bin_of(total, bins)] += 1
        return tuple(counts)

    def bin_of(self, usd: float, bins: int) -> int:
        """In which part of such a histogram an amount between least and most falls, from 0 on."""
        least, most = min(self.totals_usd), max(self.totals_usd)
        return min(int((usd - least) / (most - least) * bins), bins - 1) if most > least else 0

    def share_over(self, budget_usd: float) -> float:
        """The part of months that cost more than a budget, 0 to 1."""
        return sum(total > budget_usd for total in self.totals_usd) / self.runs


def together(spreads: Sequence[Distribution | None]) -> Distribution | None:
    """The totals of several environments added up, month by month: they share their weather.

    None where one has no distribution; where one needed fewer months, as many as all have.
    """
    known = [spread for spread in spreads if spread is not None]
    if not known or len(known) < len(spreads):
        return None
    totals = zip(*(spread.totals_usd for spread in known), strict=False)
    return Distribution(known[0].seed, known[0].wanted, tuple(sum(month) for month in totals))


def shift_to_mean(mean_usd: float, totals_usd: Sequence[float]) -> tuple[float, ...]:
    """Totals moved so that their mean is the bill's, which has each line at its mean quantity."""
    off = mean_usd - fmean(totals_usd)
    return tuple(total + off for total in totals_usd)


VARIED_TITLES = {
    "": "as the spec assumes",
    "interruptions": "interruptions per task and month: {outcome.interruptions_per_task_month:g}, "
    "gaps of {gap_min:g} min",
    "price_drift": "Spot prices within {outcome.price_drift_share:.0%} of the catalogue prices",
    "start": "{outcome.start_s:g} s until a task is running",
}
"""What is varied -> how a row is called."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Simulated months under one set of assumptions."""

    varied: str
    """Which assumptions differ from the spec: `interruptions`, `price_drift` or `start`; empty for
    those of the spec itself.
    """
    interruptions_per_task_month: float
    gap_s: float
    price_drift_share: float
    start_s: float
    """Provisioning, image pull and boot of a task, in seconds."""
    mean_usd: float
    p10_usd: float
    p90_usd: float
    refused_share: float
    """The part of all requests to all services that finds no task, 0 to 1."""
    outage_minutes: float
    """Without a task though the bounds allow some, over all services."""
    spot_minutes_lost: float
    """Minutes of tasks that are missing after interruptions, over all services."""


Sensitivity: TypeAlias = tuple[Outcome, ...]
"""What comes out under the assumptions of the spec, then under others; empty if nobody asked."""
