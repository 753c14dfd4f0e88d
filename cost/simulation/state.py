"""What the months of a service are made of: what is given, what is remembered, what comes out.

numba's cache of `cost/simulation/kernel.py` does not look here: who changes a field changes that
file too.
"""

from enum import IntEnum
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]


class Mode(IntEnum):
    """What decides how many tasks are wanted."""

    FIXED = 0
    """A number that never changes."""
    IDEAL = 1
    """Demand, at once: the closed form."""
    TRACKING = 2
    """Target tracking, by CloudWatch's alarms."""


class Reaction(NamedTuple):
    """How a service reacts, the same at all times."""

    mode: int
    fixed_tasks: int
    """Tasks wanted in mode FIXED, before any bounds."""
    first_tasks: int
    """Tasks that run when the period begins, before any bounds."""
    target_share: float
    """CPU use that target tracking keeps, 0 to 1."""
    low_share: float
    """CPU use below which the low alarm counts, 0 to 1."""
    high_periods: int
    """Steps in a row above the target until tasks are added."""
    low_periods: int
    """Steps in a row below the low alarm's threshold until tasks are removed."""
    metric_delay_steps: int
    """How old the newest CPU use is that the alarms can see."""
    out_cooldown_steps: int
    in_cooldown_steps: int
    step_s: float
    """Length of a step, in seconds."""
    start_steps: int
    """From the request of a task until it serves."""
    unbilled_s: float
    """The part of a start that is not billed, in seconds."""
    drain_s: float
    """How long a task that is stopped goes on, and is billed, in seconds."""
    interrupted_s: float
    """How long a task that AWS interrupts goes on, and is billed, in seconds."""
    minimum_s: float
    """The least that is billed for a task, in seconds."""
    zones: int
    """Availability zones that tasks are spread over, one after the other."""


class Split(NamedTuple):
    """Tasks by capacity, for every number of tasks from 0 on; both have the shape (tasks + 1,)."""

    on_demand: Floats
    """Tasks on FARGATE among so many tasks."""
    spot: Floats
    """Tasks on FARGATE_SPOT among so many tasks."""


class Interruptions(NamedTuple):
    """Spot interruptions that hit whatever runs in their slot, of several months one after another.

    All but `first` have the shape (interruptions,), within each month in order of time.
    """

    first: Ints
    """Where each month begins in the other arrays, and the end; shape (months + 1,)."""
    step: Ints
    slot: Ints
    """The task that it hits, counted from 0, or EVERY_SLOT."""
    zone: Ints
    """The zone it happens in, counted from 0; used where it hits every slot."""
    chance: Floats
    """0 to 1: it hits a slot that is on Spot with more than this probability."""
    gap_steps: Ints
    """Until Spot capacity is back, at least 1."""


OUTCOME = np.dtype(
    [
        ("on_demand_s", "f8"),  # billed seconds of tasks on FARGATE
        ("spot_s", "f8"),  # billed seconds of tasks on FARGATE_SPOT
        ("on_s", "f8"),  # in which a task is billed
        ("demand", "f8"),  # the sum of demand over all steps, in tasks
        ("refused", "f8"),  # the part of it that found no task
        ("excess", "f8"),  # the part of it above what the tasks' CPUs could do
        ("outage_s", "f8"),  # without a task, though the bounds allow some
        ("longest_outage_s", "f8"),
        ("spot_lost_s", "f8"),  # seconds of tasks that are missing after interruptions
        ("interruptions", "i8"),  # tasks that were interrupted
        ("peak_tasks", "i8"),
    ]
)
"""What comes out of a month of a service."""

COURSE = ("desired", "serving", "starting", "held")
"""The columns of a month's course, tasks at each step."""


class Notes(NamedTuple):
    """Where months write down what happens at each step."""

    due: Ints
    """Tasks that begin to serve then, of this month only."""
    release: Ints
    """Held tasks whose gap ends then, or, at the end, after the period; of this month only."""
    served: Ints
    """Tasks that served then."""
    hourly: Floats
    course: Ints


class Setting(NamedTuple):
    """What all months of a service share; for its fields see `simulate`."""

    low: Ints
    high: Ints
    demand: Floats
    split: Split
    interruptions: Interruptions
    reaction: Reaction
    notes: Notes


class Moment(NamedTuple):
    """A step of a month."""

    month: int
    step: int
    low: int
    high: int
    demand: float


class Tasks(NamedTuple):
    """How many tasks there are; all but the desired ones take a slot each."""

    desired: int
    serving: int
    starting: int
    held: int


class Seconds(NamedTuple):
    """Seconds of tasks up to now, as in OUTCOME."""

    on_demand_s: float
    spot_s: float
    spot_lost_s: float


class Luck(NamedTuple):
    """How far a month is in its interruptions."""

    event: int
    """The one that comes next."""
    end: int
    """The first one of the next month."""
    last_release: int
    """The last step in which a gap ends."""
    interrupted: int
    """Tasks that were hit."""


class Counted(NamedTuple):
    """What was counted up to now, as in OUTCOME."""

    on_s: float
    demand: float
    refused: float
    excess: float
    outage_s: float
    longest_outage_s: float
    this_outage_s: float
    """Of the outage that goes on."""
    peak_tasks: int


class Alarms(NamedTuple):
    """What target tracking remembers."""

    above: int
    """Steps in a row above the target."""
    below: int
    """Steps in a row below the low alarm's threshold."""
    added: int
    """Tasks that were added last time."""
    out_until: int
    """The step in which the cooldown after scaling out is over."""
    in_until: int
    """The step in which the cooldown after scaling in is over."""
