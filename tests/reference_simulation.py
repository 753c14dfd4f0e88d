"""The simulation once more, from docs/explanation/simulation.md alone: slow, plain, one month.

Every task is an object with a life of its own, and is billed by it. Nothing here is shared with
`cost/simulation/kernel.py` but the names of its inputs; random weather is made in another way too.
"""

from collections import Counter
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
    """The first step in which it serves; of a held one, the step in which its gap ends."""
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
        self.held: list[Task] = []
        self.ended: list[Task] = []
        self.uses: list[float | None] = []
        self.served: list[int] = []
        self.wanted = self.rules.first_tasks
        self.awake = True
        self.above = self.below = 0
        self.out_over = self.in_over = 0  # the first step after each cooldown
        self.last_added = 0
        self.on_demand_tasks: list[float] = []  # by the split, in each step
        self.peak_tasks = 0
        self.on_s = self.refused = self.excess = self.spot_lost_s = 0.0
        self.interruptions = 0
        self.outages_s = [0.0]
        self.events = Counter()
        self.hits_at = {}
        for hit in self.hits:
            self.hits_at.setdefault(hit.step, []).append(hit)

    def run(self) -> "Month":
        """All steps."""
        self.bounds(0)
        self.serving = [Task(0) for _ in range(self.wanted)]
        for i in range(len(self.demand)):
            self.bounds(i)
            self.starts_that_end(i)
            for hit in self.hits_at.get(i, ()):
                self.interrupted(hit, i)
            self.following(i)
            self.counting(i)
            self.course.append((self.wanted, len(self.serving), len(self.starting), len(self.held)))
            if self.rules.mode == TRACKING:
                self.tracking(i)
        return self

    def bounds(self, i: int) -> None:
        """Step 1: bounds of the moment, and what is wanted within them."""
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
        """Step 2: starts and gaps that end."""
        self.serving += [task for task in self.starting if task.ready == i]
        self.starting = [task for task in self.starting if task.ready != i]
        back = [task for task in self.held if task.ready == i]
        self.held = [task for task in self.held if task.ready != i]
        self.events["gap ended"] += len(back)
        for task in back:
            self.request(task, 1.0, i)
            self.spot_lost_s += self.rules.start_steps * self.rules.step_s

    def interrupted(self, hit: Hit, i: int) -> None:
        """Step 3: an interruption."""
        if hit.zone is None:
            slots = [hit.slot] if hit.slot < len(self.serving) else []
            slots = [n for n in slots if self.on_spot(n) > hit.u]
        else:
            shaken = range(hit.zone, len(self.serving), self.rules.zones)
            slots = [n for n in shaken if self.on_spot(n) > (hit.u + n * PHI) % 1]
        kind = "hit" if hit.zone is None or len(slots) < 2 else "shock of several tasks"
        self.events[kind] += len(slots) > 0
        for n in reversed(slots):
            task = self.serving.pop(n)
            task.bill(self.until_end(self.rules.interrupted_s, i), 1.0)
            self.ended.append(task)
            self.held.append(Task(i + hit.gap_steps))
            self.interruptions += 1

    def following(self, i: int) -> None:
        """Step 4: as many tasks as are wanted."""
        while self.tasks() < self.wanted:
            self.request(Task(i), self.on_spot(self.tasks()), i)
        while self.tasks() > self.wanted:
            self.give_up(i)

    def counting(self, i: int) -> None:
        """Step 5: what is billed and what is served."""
        step_s, demand, serving = self.rules.step_s, self.demand[i], len(self.serving)
        for n, task in enumerate([*self.serving, *self.starting, *self.held]):
            task.bill(step_s, self.on_spot(n))
        for task in self.held:
            task.bill(-step_s, 1.0)
        self.on_demand_tasks.append(sum(1 - self.on_spot(n) for n in range(self.tasks())))
        self.peak_tasks = max(self.peak_tasks, serving)
        self.on_s += step_s if self.serving or self.starting else 0.0
        self.spot_lost_s += step_s * len(self.held)
        self.refused += demand if serving == 0 else 0.0
        self.excess += max(demand - serving, 0.0) if serving else 0.0
        if serving == 0 and self.high[i] > 0:
            self.outages_s[-1] += step_s
        elif self.outages_s[-1]:
            self.outages_s.append(0.0)
        self.uses.append(min(demand / serving, 1.0) if serving else None)
        self.served.append(serving)

    def tracking(self, i: int) -> None:
        """Step 6: the alarms."""
        rules = self.rules
        if i < rules.metric_delay_steps:
            return
        use = self.uses[i - rules.metric_delay_steps]
        served = self.served[i - rules.metric_delay_steps]
        self.above = self.above + 1 if use is not None and use > rules.target_share else 0
        self.below = self.below + 1 if use is not None and use < rules.low_share else 0
        if use is None or not self.serving:
            return
        proportional = ceil(served * use / rules.target_share - ALMOST)
        if self.above >= rules.high_periods:
            added = min(proportional, self.high[i]) - self.wanted
            if added > 0 and (i >= self.out_over or added > self.last_added):
                cooling = i < self.out_over
                self.events["scaled out in the cooldown" if cooling else "scaled out"] += 1
                self.wanted += added
                self.last_added = added
                self.out_over = i + rules.out_cooldown_steps
                self.in_over = i
        elif self.below >= rules.low_periods and i >= self.in_over:
            fewer = max(proportional, self.low[i], 1)
            if fewer < self.wanted:
                self.events["scaled in"] += 1
                self.wanted = fewer
                self.in_over = i + rules.in_cooldown_steps

    # Tasks that come and go

    def tasks(self) -> int:
        """Serving, starting and held ones together."""
        return len(self.serving) + len(self.starting) + len(self.held)

    def request(self, task: Task, on_spot: float, i: int) -> None:
        """A task starts; held ones start on Spot."""
        task.ready = i + self.rules.start_steps
        task.bill(-self.until_end(self.rules.unbilled_s, i), on_spot)
        (self.starting if self.rules.start_steps else self.serving).append(task)

    def give_up(self, i: int) -> None:
        """One task too many goes."""
        if self.held:
            self.events["gap given up"] += 1
            self.held.sort(key=lambda task: task.ready)
            self.ended.append(self.held.pop())
        elif self.starting:
            self.events["start given up"] += 1
            n = len(self.serving) + len(self.starting) - 1
            task = self.starting.pop()
            task.bill(max(self.rules.minimum_s - task.billed_s, 0.0), self.on_spot(n))
            self.ended.append(task)
        else:
            self.events["stopped"] += 1
            n = len(self.serving) - 1
            task = self.serving.pop()
            task.bill(self.until_end(self.rules.drain_s, i), self.on_spot(n))
            self.ended.append(task)

    def until_end(self, seconds: float, i: int) -> float:
        """Seconds, as far as the period lasts."""
        return min(seconds, (len(self.demand) - i) * self.rules.step_s)

    def on_spot(self, n: int) -> float:
        """The probability that a slot is on Spot."""
        return self.spot_tasks[n + 1] - self.spot_tasks[n]

    # What came out

    def outcome(self) -> dict[str, float]:
        """The same fields as `OUTCOME`."""
        lives = [*self.ended, *self.serving, *self.starting, *self.held]
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
            "peak_tasks": self.peak_tasks,
        }

    def hourly(self) -> list[tuple[float, float]]:
        """Mean tasks serving and mean tasks on demand in each hour, the last one cut short."""
        size = int(HOUR_S // self.rules.step_s)
        hours = [range(i, i + size) for i in range(0, len(self.demand), size)]
        inside = [[i for i in hour if i < len(self.demand)] for hour in hours]
        return [
            (
                sum(self.course[i][1] for i in hour) / size,
                sum(self.on_demand_tasks[i] for i in hour) / size,
            )
            for hour in inside
        ]


# Weather


def swelling(
    base: Sequence[float], noise: float, correlation_s: float, step_s: float, random: Random
) -> list[float]:
    """Demand around its profile."""
    sigma = sqrt(log(1 + noise**2))
    kept = exp(-step_s / correlation_s)
    found, height = [], random.gauss(0, 1)
    for mean in base:
        found.append(mean * exp(sigma * height - sigma**2 / 2))
        height = kept * height + sqrt(1 - kept**2) * random.gauss(0, 1)
    return found


@dataclass(frozen=True)
class Market:
    """What Spot does, in the words of `simulation.spot`."""

    interruptions_per_task_month: float
    together_share: float
    gap_s: float


def struck(
    market: Market, steps: int, step_s: float, slots: int, zones: int, random: Random
) -> list[Hit]:
    """Every interruption of a month, each waited for since the one before."""
    shocks = market.interruptions_per_task_month * market.together_share
    own = market.interruptions_per_task_month * (1 - market.together_share)
    places = [(None, zone, shocks) for zone in range(zones)]
    places += [(slot, None, own) for slot in range(slots)]
    found = []
    for slot, zone, per_month in places:
        at_s = random.expovariate(per_month / MONTH_S) if per_month else float("inf")
        while at_s < steps * step_s:
            gap_s = random.expovariate(1 / market.gap_s)
            gap_steps = max(ceil(gap_s / step_s), 1)
            found.append(Hit(int(at_s / step_s), slot, zone, random.random(), gap_steps))
            at_s += random.expovariate(per_month / MONTH_S)
    return sorted(found, key=lambda hit: hit.step)
