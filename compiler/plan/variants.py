"""Other ways to run a component, as its kind answers them, and what each gives up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from trazo_spec.schedule.types import Scaling, Schedule


@dataclass(frozen=True, slots=True)
class Variant:
    """Another way to write a component."""

    name: str
    """What kind of change it is."""
    title: str
    tradeoff: str
    """What it costs in service or risk, in a sentence."""
    fields: Mapping[str, object]
    """What is written otherwise."""
    less_service: bool = False
    """Whether there is more downtime with it, or a zone that all depends on."""
    takes_away: bool = False
    """Whether others may need what it takes away, so that only rules know if it can be done."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop while nothing uses a component, which trazo does not deploy."""

    name: str
    """What kind of change it is."""
    unit: str
    """The unit of what is not billed meanwhile."""
    tradeoff: str
    """What it costs in service or risk, in a sentence."""
    shortest: timedelta
    """What is too short to be worth it is shorter."""
    billed: timedelta
    """How long each stop is billed: until it has stopped, and while it starts."""
    longest: timedelta
    """After so long AWS starts it by itself."""


class Circumstances(Protocol):
    """What only rules and bills know of the use of an environment."""

    def endpoints(self, network: str) -> tuple[str, ...]:
        """The interface endpoints that what runs in a VPC needs where there is no NAT, sorted."""

    def busy(self, name: str) -> Schedule:
        """The hours in which a component is busy; office hours where all are alike."""

    def missed_share(self, name: str, scaling: Scaling) -> float:
        """The part of all requests that would come while no task may run, 0 to 1."""
