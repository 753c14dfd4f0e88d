"""What is random in a month: swells of demand, Spot interruptions and Spot's price."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from zlib import crc32

import numpy as np

from cost.bill.calendar import HOURS_PER_MONTH
from cost.simulation.kernel import EVERY_SLOT, Interruptions, swell
from trazo_spec.simulation import SpotMarket

S_PER_MONTH = HOURS_PER_MONTH * 3600
# Each has random numbers of its own, so that using one leaves the others as they are.
_SWELLS, _ZONES, _PRICE, _TASKS = range(4)


@dataclass(frozen=True, slots=True)
class Clock:
    """How a period is cut into steps."""

    steps: int
    step_s: float
    """Length of a step, in seconds."""

    @property
    def seconds(self) -> float:
        """Length of the period, in seconds."""
        return self.steps * self.step_s


@dataclass(frozen=True, slots=True)
class Weather:
    """Where all random numbers come from: month for month the same for every scenario and service.

    A month's numbers depend on the seed and its own number only, not on how many others there are.
    """

    seed: int
    clock: Clock
    spot: SpotMarket

    def demand(
        self, months: range, base: np.ndarray, noise: float, correlation_s: float
    ) -> np.ndarray:
        """Demand around its profile: first-order autoregressive in the logarithm, its mean kept.

        All services swell and ebb together: they have the same visitors.

        Args:
            months: which months.
            base: the profile, shape (steps,).
            noise: standard deviation as a share of the profile.
            correlation_s: after so many seconds 37 percent of a swell is left.

        Returns:
            in the unit of `base`, shape (months, steps).
        """
        if not noise:
            return np.tile(base, (len(months), 1))
        levels = np.empty((len(months), base.size))
        for row, month in enumerate(months):
            self._random(month, _SWELLS).standard_normal(out=levels[row])
        kept = np.exp(-self.clock.step_s / correlation_s) if correlation_s else 0.0
        swell(levels, base, np.sqrt(np.log1p(noise**2)), kept)
        return levels

    def price_factors(self, months: range) -> np.ndarray:
        """Each month's Spot price as a multiple of the catalogue's, shape (months,)."""
        drift = self.spot.price_drift_share
        draws = [self._random(month, _PRICE).uniform(-drift, drift) for month in months]
        return 1.0 + np.array(draws)

    def interruptions(self, months: range, service: str, slots: int, zones: int) -> Interruptions:
        """Everything that would hit a task of a service, if one ran there.

        A common shock model: tasks of a zone fall together in shocks that all services share, and
        each falls by itself; both are Poisson processes.
        Source: https://en.wikipedia.org/wiki/Marshall%E2%80%93Olkin_exponential_distribution
        """
        parts = [self._interruptions(month, service, slots, zones) for month in months]
        first = np.cumsum([0, *(part[0].size for part in parts)])
        step, slot, zone, chance, gap_steps = (np.concatenate(c) for c in zip(*parts, strict=True))
        return Interruptions(first, step, slot, zone, chance, gap_steps)

    def _interruptions(
        self, month: int, service: str, slots: int, zones: int
    ) -> Sequence[np.ndarray]:
        each = self.spot.interruptions_per_task_month * self.clock.seconds / S_PER_MONTH
        groups = []
        for zone in range(zones):  # one more zone changes nothing in the others
            random = self._random(month, _ZONES, zone)
            count = random.poisson(each * self.spot.together_share)
            slot = np.full(count, EVERY_SLOT)
            groups.append((slot, np.full(count, zone), *self._events(random, count)))
        random = self._random(month, _TASKS, crc32(service.encode()))
        count = random.poisson(each * (1 - self.spot.together_share) * slots)
        slot = random.integers(0, max(slots, 1), count)
        groups.append((slot, np.zeros(count, np.int64), *self._events(random, count)))
        slot, zone_of, step, chance, gap_steps = (
            np.concatenate(c) for c in zip(*groups, strict=True)
        )
        order = np.argsort(step, kind="stable")
        return [column[order] for column in (step, slot, zone_of, chance, gap_steps)]

    def _events(self, random: np.random.Generator, count: int) -> Sequence[np.ndarray]:
        """Steps, chances and gaps of so many interruptions."""
        step = random.integers(0, max(self.clock.steps, 1), count)
        gap_s = random.exponential(self.spot.gap_s, count)
        gap_steps = np.maximum(np.ceil(gap_s / self.clock.step_s), 1).astype(np.int64)
        return step, random.random(count), gap_steps

    def _random(self, month: int, *stream: int) -> np.random.Generator:
        return np.random.default_rng((self.seed, month, *stream))


def steps_of(seconds: float, clock: Clock) -> int:
    """Whole steps that cover a length of time."""
    return ceil(seconds / clock.step_s - 1e-9)
