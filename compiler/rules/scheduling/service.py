"""The services whose number of tasks a rule looks at."""

from collections.abc import Iterator
from dataclasses import dataclass

from compiler.graph.graph import Graph
from trazo_spec.components.ecs import Ecs
from trazo_spec.diagnostics import SpecPath
from trazo_spec.schedule import Action, Scaling, Schedule, Window, problems
from trazo_spec.schedule.windows import overlaps


@dataclass(frozen=True, slots=True)
class ScaledService:
    """A service with its bounds and its schedule."""

    name: str
    path: SpecPath
    """The path of `scaling`."""
    scaling: Scaling

    @property
    def schedule(self) -> Schedule:
        """Its schedule, an empty one where none is written."""
        return self.scaling.schedule or Schedule()

    @property
    def upside_down(self) -> bool:
        """Whether its `min` is above its `max`."""
        return self.scaling.min > self.scaling.max

    def at(self, *path: str | int) -> SpecPath:
        """A path inside of the schedule."""
        return (*self.path, "schedule", *path)

    def items(self) -> Iterator[tuple[SpecPath, Action | Window, str]]:
        """Every action and window with its path and what to call it."""
        for i, action in enumerate(self.schedule.actions):
            yield self.at("actions", i), action, f"`{action.name}`"
        for i, window in enumerate(self.schedule.windows):
            yield self.at("windows", i), window, f"the window `{window.days}` from `{window.from_}`"

    def bounds(self, item: Action | Window) -> tuple[int, int]:
        """The bounds that an action or window sets, those left out from the service."""
        low = self.scaling.min if item.min is None else item.min
        return low, self.scaling.max if item.max is None else item.max


def services(graph: Graph) -> Iterator[ScaledService]:
    """Every service."""
    for name, ecs in graph.of(Ecs):
        yield ScaledService(name, ("components", name, "scaling"), ecs.scaling)


def sound(service: ScaledService) -> bool:
    """Whether a schedule has no finding of severity error, so that it can be put on a timeline."""
    schedule = service.schedule
    names = [action.name for action in schedule.actions]
    if problems(schedule) or len(set(names)) < len(names) or service.upside_down:
        return False
    if (schedule.actions and schedule.windows) or any(overlaps(schedule.windows)):
        return False
    bounds = [service.bounds(item) for _, item, _ in service.items()]
    return all(low <= high <= service.scaling.max for low, high in bounds)
