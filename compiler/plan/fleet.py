"""The tasks of a component as its kind answers them: how large, how many, on which capacity."""

from collections.abc import Mapping
from dataclasses import dataclass

from trazo_spec.components.capacity import Capacity
from trazo_spec.schedule.types import Scaling


@dataclass(frozen=True, slots=True)
class Fleet:
    """Tasks of one size whose number follows demand, within bounds that a schedule may change.

    Whatever has a fleet has demand, is simulated, and is billed by the hours of its tasks.
    """

    vcpu: float
    """Processors of a task."""
    scaling: Scaling
    capacity: Capacity
    covered: Mapping[str, float]
    """What AWS bills for an hour of a task on demand and a Savings Plan pays: item -> how much."""
    check_s: float
    """Time between two health checks of a task, in seconds."""
    drain_s: float
    """How long a task that stops may finish its requests, in seconds."""
    stop_s: float
    """How long a task that is interrupted still runs, in seconds."""
