"""What a kind answers about what can go wrong with a component, for whoever sends e-mails."""

from collections.abc import Mapping
from dataclasses import dataclass

from compiler.plan.plan import Value


@dataclass(frozen=True, slots=True)
class Alarm:
    """A metric of a component, and from where on somebody should look."""

    role: str
    """What tells it from other alarms of the component, such as `cpu`."""
    setting: str
    """The field of `alarms` that states the threshold; null there switches it off."""
    metric: Mapping[str, Value]
    """All other arguments of the alarm: what is measured, how often, how it is compared."""
    about: tuple[str, ...] = ()
    """The other components that it is about."""
    factor: int = 1
    """How many of the metric's unit one of the setting is."""
