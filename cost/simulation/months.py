"""Many months of all services of an environment, the same weather in every scenario."""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from queue import SimpleQueue
from statistics import median_high
from typing import NamedTuple

import numpy as np

from compiler.graph.graph import Graph
from compiler.interrupts import interrupts_raised
from cost.bill.calendar import Period
from cost.bill.tasks import SCENARIOS, Measures
from cost.simulation.kernel import COURSE, OUTCOME, Interruptions, simulate
from cost.simulation.service import Service, clock_of, services
from cost.simulation.weather import Clock, Weather

# Chosen: small enough for a processor's cache to help, large enough to keep its threads busy.
MOST_CELLS = 2_000_000
"""Months x steps that are simulated at once by a thread."""
PILOT_MONTHS = 50
"""Months that the baseline is taken from, and the fewest that are simulated."""
MOST_MONTHS = 10_000
"""The most months that are simulated to know a mean."""
PRECISION_SHARE = 0.005
"""How well the mean is to be known: half of its 95 % confidence interval, as a share of it."""
Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class Course:
    """The months of one service in one scenario."""

    outcomes: np.ndarray
    """What came out of each month, dtype OUTCOME, shape (months,)."""
    hourly: np.ndarray
    """Mean tasks that serve, and mean tasks on demand, in each hour of the period; (hours, 2)."""

    def mean(self, field: str) -> float:
        """The mean of a field of OUTCOME over all months."""
        return float(self.outcomes[field].mean())


@dataclass(frozen=True, slots=True)
class Months:
    """What was simulated."""

    seed: int
    clock: Clock
    services: tuple[Service, ...]
    baseline_tasks: Mapping[str, int]
    """Service -> the peak of tasks of the autoscaled service without a schedule: the median over
    the first months.
    """
    courses: Mapping[str, Mapping[str, Course]]
    """Scenario -> service -> its months."""
    price_factors: np.ndarray
    """Each month's Spot price as a multiple of the catalogue's, shape (months,)."""
    wanted: int
    """How many months were asked for; fewer are there after an interruption by the user."""

    @property
    def count(self) -> int:
        """How many months were simulated."""
        return int(self.price_factors.size)


Progress = Callable[[int, int], None]
"""Is told how many months are done, and how many there will be."""
Spread = Callable[[Months], tuple[float, float]]
"""Mean and standard deviation over months of what is to be known, such as the total in USD."""


class Runs(NamedTuple):
    """How many months are simulated."""

    months: int | None = None
    """None for as many as it takes to know the mean to PRECISION_SHARE."""
    seed: int = 0
    """Of all random numbers."""
    progress: Progress = lambda _done, _whole: None
    """Is told what is done."""
    scenarios: Mapping[str, Measures] = SCENARIOS
    """Which ones are simulated."""


def simulated(graph: Graph, period: Period, runs: Runs, spread: Spread) -> Months:
    """Months of an environment; after Ctrl-C, as many as are done.

    Args:
        graph: the environment.
        period: the month.
        runs: how many, and what is random.
        spread: mean and standard deviation of what is to be known; asked where no count is given.
    """
    assumed, count = graph.spec.simulation, runs.months
    clock = clock_of(period, assumed)
    weather = Weather(runs.seed, clock, assumed.spot)
    all_services = services(graph, period, clock)
    if count is None and not _random(all_services, weather):
        count = 1
    first = min(PILOT_MONTHS, count or PILOT_MONTHS)
    with _whole():
        scenes = _Scenes(
            weather, all_services, assumed.schedule_delay_s, range(first), runs.scenarios
        )
    parts, stopped = _parts(scenes, range(first), runs.progress, count or first)
    months = scenes.months(parts, count or first)
    if count is None and not stopped:
        count = min(max(_enough(*spread(months)), first), MOST_MONTHS)
    if stopped or count is None or count == first:
        return months
    more, _ = _parts(scenes, range(first, count), runs.progress, count)
    return scenes.months([*parts, *more], count)


@contextmanager
def _whole() -> Iterator[None]:
    """Lets Ctrl-C wait for what is inside: numba, which loads its code there, would swallow it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


def _random(all_services: tuple[Service, ...], weather: Weather) -> bool:
    """Whether one month differs from another."""
    spot = weather.spot
    on_spot = any(s.fleet.capacity.spot for s in all_services)
    lucky = spot.interruptions_per_task_month or spot.price_drift_share
    return any(s.demand.noise for s in all_services) or bool(on_spot and lucky)


def _enough(mean: float, deviation: float) -> int:
    """Months after which a mean is known to PRECISION_SHARE with 95 % confidence.

    >>> _enough(100.0, 5.0)  # (1.96 x 5 / 0.5) squared
    385
    """
    known = PRECISION_SHARE * abs(mean)
    return ceil((Z_95 * deviation / known) ** 2) if known else 0


@dataclass(frozen=True, slots=True)
class _Part:
    """Some months: scenario -> service -> outcomes and hours of tasks."""

    courses: Mapping[str, Mapping[str, tuple[np.ndarray, np.ndarray]]]
    price_factors: np.ndarray


class _Scenes:
    """All scenarios of an environment, ready to be run."""

    def __init__(
        self,
        weather: Weather,
        all_services: tuple[Service, ...],
        delay_s: float,
        pilot: range,
        scenarios: Mapping[str, Measures],
    ) -> None:
        self._weather, self._services, self._delay_s = weather, all_services, delay_s
        self._scenarios = scenarios
        self._baseline = dict.fromkeys((s.name for s in all_services), 0)
        alone = SCENARIOS["autoscaled"]
        for service in all_services:
            outcomes, _ = self._simulate(service, pilot, alone, self._demand(service, pilot), None)
            self._baseline[service.name] = int(median_high(outcomes["peak_tasks"].tolist()))

    @property
    def steps(self) -> int:
        """Steps of a month."""
        return self._weather.clock.steps

    def part(self, months: range) -> _Part:
        """Some months of every scenario."""
        courses: dict[str, dict[str, tuple[np.ndarray, np.ndarray]]] = {
            s: {} for s in self._scenarios
        }
        for service in self._services:
            demand = self._demand(service, months)
            luck = self._luck(service, months)
            known: dict[object, tuple[np.ndarray, np.ndarray]] = {}
            for scenario, measures in self._scenarios.items():
                key = self._key(service, measures)
                if key not in known:
                    known[key] = self._simulate(service, months, measures, demand, luck)
                courses[scenario][service.name] = known[key]
        return _Part(courses, self._weather.price_factors(months))

    def months(self, parts: Sequence[_Part], wanted: int) -> Months:
        """The parts as one."""
        factors = np.concatenate([part.price_factors for part in parts])
        courses = {
            scenario: {
                service.name: _course([p.courses[scenario][service.name] for p in parts])
                for service in self._services
            }
            for scenario in self._scenarios
        }
        return Months(
            self._weather.seed,
            self._weather.clock,
            self._services,
            dict(self._baseline),
            courses,
            factors,
            wanted,
        )

    def _key(self, service: Service, measures: Measures) -> object:
        """The same for two measures that make no difference to a service."""
        reaction = service.reacting(measures, self._baseline[service.name])
        scheduled = measures.scheduled and service.bounds != service.always
        return reaction, scheduled, measures.spot and service.fleet.capacity.spot is not None

    def _demand(self, service: Service, months: range) -> np.ndarray:
        written = service.demand
        return self._weather.demand(
            months, service.base, written.noise, written.noise_correlation_s
        )

    def _luck(self, service: Service, months: range) -> Interruptions | None:
        if service.fleet.capacity.spot is None:
            return None
        slots, zones = service.most_tasks, service.reaction.zones
        return self._weather.interruptions(months, service.name, slots, zones)

    def _simulate(
        self,
        service: Service,
        months: range,
        measures: Measures,
        demand: np.ndarray,
        luck: Interruptions | None,
    ) -> tuple[np.ndarray, np.ndarray]:
        outcomes = np.zeros(len(months), OUTCOME)
        hours = ceil(self._weather.clock.seconds / 3600)
        hourly = np.zeros((hours, 2))
        simulate(
            *service.limits(measures, self._delay_s),
            demand,
            service.split(measures),
            luck if luck is not None and measures.spot else none_of(len(months)),
            service.reacting(measures, self._baseline[service.name]),
            outcomes,
            hourly,
            np.zeros((0, len(COURSE)), np.int64),
        )
        return outcomes, hourly


def none_of(months: int) -> Interruptions:
    """No interruption at all."""
    nothing, first = np.zeros(0, np.int64), np.zeros(months + 1, np.int64)
    return Interruptions(first, nothing, nothing, nothing, np.zeros(0), nothing)


def _course(parts: Sequence[tuple[np.ndarray, np.ndarray]]) -> Course:
    outcomes = np.concatenate([outcomes for outcomes, _ in parts])
    hourly = sum((hourly for _, hourly in parts), np.zeros_like(parts[0][1]))
    return Course(outcomes, hourly / outcomes.size)


def _parts(
    scenes: _Scenes, months: range, progress: Progress, whole: int
) -> tuple[list[_Part], bool]:
    """The parts of some months, and whether the user stopped them early."""
    size = max(MOST_CELLS // scenes.steps, 1)
    pieces = [months[i : i + size] for i in range(0, len(months), size)]
    waiting, queue = iter(pieces), SimpleQueue[tuple[int, _Part] | None]()

    def work() -> None:
        try:
            for piece in waiting:
                queue.put((piece.stop, scenes.part(piece)))
        finally:
            queue.put(None)

    # Ctrl-C may come at any moment, and handing work to a pool or taking it back is not safe from
    # it: so each core takes its next piece itself, and this thread only waits.
    done: dict[int, _Part] = {}
    cores, stopped = min(os.cpu_count() or 1, len(pieces)), False
    with ThreadPoolExecutor(cores) as pool:
        working = [pool.submit(work) for _ in range(cores)]
        try:
            with interrupts_raised():
                for _ in range(len(pieces) + cores):
                    if (one := queue.get()) is not None:
                        done |= [one]
                        progress(months.start + min(len(done) * size, len(months)), whole)
        except KeyboardInterrupt:
            stopped = True
        finally:
            deque(waiting, maxlen=0)  # nothing is left to begin
    while not queue.empty():  # what each core had begun by then
        if (one := queue.get()) is not None:
            done |= [one]
    if stopped and not done and months.start == 0:
        raise KeyboardInterrupt
    for worker in working:
        worker.result()
    return [done[stop] for stop in sorted(done)], stopped
