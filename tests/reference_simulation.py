"""The simulation once more, from docs/explanation/simulation.md alone: slow, plain, one month.

Every task is an object with a life of its own, and is billed by it. Nothing here is shared with
`cost/simulation/kernel.py` but the names of its inputs; random weather is made in another way too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, exp, log, sqrt
from random import Random

ALMOST = 1e-9
"""So much above a whole number still counts as it, as in the closed form."""
PHI = (sqrt(5) - 1) / 2
FIXED, IDEAL, TRACKING = 0, 1, 2
HOUR_S = 3600
MONTH_S = 730 * HOUR_S


@dataclass(frozen=True)
class Hit:
    """An interruption: of one slot, or of a zone's."""

    step: int
    slot: int | None
    """The slot that it hits; None for a shock."""
    zone: int | None
    """The zone that it shakes; None for a slot's own."""
    u: float
    gap_steps: int


@dataclass
class Task:
    """One task from its request on."""

    ready: int
    """The first step in which it serves."""
    unbilled_s: float
    """What is left of its provisioning."""
    on_demand_s: float = 0.0
    spot_s: float = 0.0

    @property
    def billed_s(self) -> float:
        """What it was billed for up to now."""
        return self.on_demand_s + self.spot_s

    def bill(self, seconds: float, on_spot: float) -> None:
        """Adds time, a share of it on Spot."""
        self.on_demand_s += seconds * (1 - on_spot)
        self.spot_s += seconds * on_spot


@dataclass
class Month:
    """A month of one service, step after step: `run` it, then read what came out."""

    rules: object
    """A `Reaction`."""
    spot_tasks: Sequence[float]
    """Mean number of Spot tasks among 0, 1, 2, ... tasks."""
    low: Sequence[int]
    high: Sequence[int]
    demand: Sequence[float]
    hits: Sequence[Hit] = ()
    course: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Tasks wanted, serving, starting and held in each step."""

    def __post_init__(self) -> None:
        self.serving: list[Task] = []
        self.starting: list[Task] = []
        self.held: list[int] = []  # the step in which each one's gap ends
        self.ended: list[Task] = []
        self.uses: list[float | None] = []
        self.wanted = self.rules.first_tasks
        self.awake = True
        self.above = self.below = 0
        self.out_over = self.in_over = 0  # the first step after each cooldown
        self.last_added = 0
        self.on_s = self.refused = self.excess = self.spot_lost_s = 0.0
        self.interruptions = 0
        self.outages_s = [0.0]
        self.hits_at = {}
        for hit in self.hits:
            self.hits_at.setdefault(hit.step, []).append(hit)

    def run(self) -> "Month":
        """All steps."""
        self.bounds(0)
        self.serving = [Task(0, 0.0) for _ in range(self.wanted)]
        for i in range(len(self.demand)):
            self.bounds(i)
            self.starts_that_end(i)
            for hit in self.hits_at.get(i, ()):
                self.interrupted(hit, i)
            self.following(i)
            self.counting(i)
            self.course.append(
                (self.wanted, len(self.serving), len(self.starting), len(self.held))
            )
            if self.rules.mode == TRACKING:
                self.tracking(i)
        return self

    # Steps 1 to 6

    def bounds(self, i: int) -> None:
        if self.high[i] == 0:
            self.awake = False
        elif self.low[i] > 0:
            self.awake = True
        if self.rules.mode == FIXED:
            self.wanted = self.rules.fixed_tasks
        elif self.rules.mode == IDEAL:
            self.wanted = ceil(self.demand[i] / self.rules.target_share - ALMOST)
        self.wanted = max(min(self.wanted, self.high[i]), self.low[i]) if self.awake else 0

    def starts_that_end(self, i: int) -> None:
        self.serving += [task for task in self.starting if task.ready == i]
        self.starting = [task for task in self.starting if task.ready != i]
        for _ in range(self.held.count(i)):
            self.request(i)
            self.spot_lost_s += self.rules.start_steps * self.rules.step_s
        self.held = [end for end in self.held if end != i]

    def interrupted(self, hit: Hit, i: int) -> None:
        if hit.zone is None:
            slots = [hit.slot] if hit.slot < len(self.serving) else []
            slots = [n for n in slots if self.on_spot(n) > hit.u]
        else:
            shaken = range(hit.zone, len(self.serving), self.rules.zones)
            slots = [n for n in shaken if self.on_spot(n) > (hit.u + n * PHI) % 1]
        for n in reversed(slots):
            task = self.serving.pop(n)
            task.bill(self.until_end(self.rules.interrupted_s, i), 1.0)
            self.ended.append(task)
            self.held.append(i + hit.gap_steps)
            self.interruptions += 1

    def following(self, i: int) -> None:
        while self.tasks() < self.wanted:
            self.request(i)
        while self.tasks() > self.wanted:
            self.give_up(i)

    def counting(self, i: int) -> None:
        step_s, demand, serving = self.rules.step_s, self.demand[i], len(self.serving)
        for n, task in enumerate([*self.serving, *self.starting]):
            unbilled_s = min(task.unbilled_s, step_s)
            task.unbilled_s -= unbilled_s
            task.bill(step_s - unbilled_s, self.on_spot(n))
        self.on_s += step_s if self.serving or self.starting else 0.0
        self.spot_lost_s += step_s * len(self.held)
        self.refused += demand if serving == 0 else 0.0
        self.excess += max(demand - serving, 0.0) if serving else 0.0
        if serving == 0 and self.high[i] > 0:
            self.outages_s[-1] += step_s
        elif self.outages_s[-1]:
            self.outages_s.append(0.0)
        self.uses.append(min(demand / serving, 1.0) if serving else None)

    def tracking(self, i: int) -> None:
        rules = self.rules
        if i < rules.metric_delay_steps:
            return
        use = self.uses[i - rules.metric_delay_steps]
        self.above = self.above + 1 if use is not None and use > rules.target_share else 0
        self.below = self.below + 1 if use is not None and use < rules.low_share else 0
        if use is None or not self.serving:
            return
        proportional = ceil(len(self.serving) * use / rules.target_share - ALMOST)
        if self.above >= rules.high_periods:
            added = min(proportional, self.high[i]) - self.wanted
            if added > 0 and (i >= self.out_over or added > self.last_added):
                self.wanted += added
                self.last_added = added
                self.out_over = i + rules.out_cooldown_steps
                self.in_over = i
        elif self.below >= rules.low_periods and i >= self.in_over:
            fewer = max(proportional, self.low[i], 1)
            if fewer < self.wanted:
                self.wanted = fewer
                self.in_over = i + rules.in_cooldown_steps

    # Tasks that come and go

    def tasks(self) -> int:
        return len(self.serving) + len(self.starting) + len(self.held)

    def request(self, i: int) -> None:
        task = Task(i + self.rules.start_steps, self.rules.unbilled_s)
        (self.starting if self.rules.start_steps else self.serving).append(task)

    def give_up(self, i: int) -> None:
        if self.held:
            self.held.remove(max(self.held))
        elif self.starting:
            n = len(self.serving) + len(self.starting) - 1
            task = self.starting.pop()
            task.bill(max(self.rules.minimum_s - task.billed_s, 0.0), self.on_spot(n))
            self.ended.append(task)
        else:
            n = len(self.serving) - 1
            task = self.serving.pop()
            task.bill(self.until_end(self.rules.drain_s, i), self.on_spot(n))
            self.ended.append(task)

    def until_end(self, seconds: float, i: int) -> float:
        return min(seconds, (len(self.demand) - i) * self.rules.step_s)

    def on_spot(self, n: int) -> float:
        return self.spot_tasks[n + 1] - self.spot_tasks[n]

    # What came out

    def outcome(self) -> dict[str, float]:
        """The same fields as `OUTCOME`."""
        lives = [*self.ended, *self.serving, *self.starting]
        return {
            "on_demand_s": sum(task.on_demand_s for task in lives),
            "spot_s": sum(task.spot_s for task in lives),
            "on_s": self.on_s,
            "demand": sum(self.demand),
            "refused": self.refused,
            "excess": self.excess,
            "outage_s": sum(self.outages_s),
            "longest_outage_s": max(self.outages_s),
            "spot_lost_s": self.spot_lost_s,
            "interruptions": self.interruptions,
            "peak_tasks": max(wanted for wanted, *_ in self.course),
        }
