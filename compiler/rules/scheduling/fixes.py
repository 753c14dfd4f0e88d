"""What the advice of a finding about a schedule comes to: the service's scaling, put right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from compiler.graph.graph import Graph
from compiler.rules.scheduling import runs
from compiler.rules.scheduling.audience import better_clock, windows_of
from compiler.rules.scheduling.service import ScaledService, services
from trazo_spec.components.ecs import Ecs
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.schedule import Action, Scaling, Schedule, unix_days
from trazo_spec.schedule.cron_text import bare_cron
from trazo_spec.traffic import Demand


@dataclass(frozen=True, slots=True)
class Fix:
    """A service's scaling that no longer has a finding."""

    service: str
    what: str
    """What was changed, as the beginning of a sentence."""
    scaling: Scaling


@dataclass(frozen=True, slots=True)
class _Basis:
    """A finding with all that a fix is made of."""

    service: ScaledService
    scaling: Scaling
    demand: Demand
    position: int | None
    """The action that it is about, counted from 0."""

    @property
    def schedule(self) -> Schedule:
        """The schedule as it is written."""
        return self.service.schedule

    def rescheduled(self, schedule: Schedule) -> Scaling:
        """The scaling with another schedule."""
        return self.scaling.model_copy(update={"schedule": schedule})

    def with_action(self, position: int, **fields: object) -> Scaling:
        """The scaling with other fields of an action."""
        actions = list(self.schedule.actions)
        actions[position] = actions[position].model_copy(update=fields)
        return self.rescheduled(self.schedule.model_copy(update={"actions": tuple(actions)}))


def fix_of(finding: Diagnostic, graph: Graph) -> Fix | None:
    """The fix of a finding about a schedule; None where only its writer can know what was meant."""
    make = _FIXES.get(finding.code)
    if make is None:
        return None
    name, position = str(finding.path[1]), None
    if finding.path[4:5] == ("actions",) and len(finding.path) > 5:
        position = int(finding.path[5])
    service = next(s for s in services(graph) if s.name == name)
    scaling = dict(graph.of(Ecs))[name].scaling
    demand = graph.spec.traffic.demand.get(name, Demand())
    made = make(_Basis(service, scaling, demand, position))
    return None if made is None else Fix(name, *made)


_Made = tuple[str, Scaling] | None


def _days_as_meant(basis: _Basis) -> _Made:
    """Day names instead of Unix's numbers, in all actions, since one habit wrote them: TZ505."""
    actions = tuple(_with_names(action) for action in basis.schedule.actions)
    schedule = basis.schedule.model_copy(update={"actions": actions})
    return "with the days as Unix counts them in all actions", basis.rescheduled(schedule)


def _with_names(action: Action) -> Action:
    cron = bare_cron(action.cron or "")
    if (days := unix_days(cron)) is None:
        return action
    minute, hour, _, month, _, year = cron.split()
    return action.model_copy(update={"cron": f"{minute} {hour} ? {month} {days[1]} {year}"})


def _wake(basis: _Basis) -> _Made:
    """A start on weekday mornings, the example of the advice: TZ509."""
    low = max(basis.service.scaling.min, 1)
    if basis.service.scaling.max < low:
        return None
    start = Action(name="weekday-morning", cron="0 8 ? * MON-FRI *", min=low)
    actions = (*basis.schedule.actions, start)
    schedule = basis.schedule.model_copy(update={"actions": actions})
    return 'with a start at `cron: "0 8 ? * MON-FRI *"`', basis.rescheduled(schedule)


def _stop_a_day_later(basis: _Basis) -> _Made:
    """The stop for the night that was meant: TZ510, and TZ511 where it is about that stop."""
    service = basis.service
    meant = runs.meant_stops(service.scaling)
    for position, cron in sorted(meant.items()):
        name = basis.schedule.actions[position].name
        return f"with `{cron}` for `{name}`", basis.with_action(position, cron=cron)
    return None


def _without_action(basis: _Basis) -> _Made:
    """The stop as it was meant, or the schedule without what does nothing: TZ511."""
    service, position = basis.service, basis.position
    if position is None:
        return None
    if position in runs.meant_stops(service.scaling):
        return _stop_a_day_later(basis)
    return "removed", basis.scaling


def _other_order(basis: _Basis) -> _Made:
    """The same schedule when AWS runs what falls into one minute the other way round: TZ512."""
    if basis.position is None:
        return None
    actions = list(basis.schedule.actions)
    actions.insert(0, actions.pop(basis.position))
    schedule = basis.schedule.model_copy(update={"actions": tuple(actions)})
    return "in reverse order", basis.rescheduled(schedule)


def _one_task_awake(basis: _Basis) -> _Made:
    """A start that starts: TZ516."""
    if basis.position is None:
        return None
    return "with `min: 1`", basis.with_action(basis.position, min=1)


def _clock_of_the_audience(basis: _Basis) -> _Made:
    """The same hours on the audience's clock: TZ526."""
    zone = basis.demand.timezone
    moved = basis.schedule.model_copy(update={"timezone": zone})
    return f"with `timezone: {zone}`", basis.rescheduled(moved)


def _busy_hours_awake(basis: _Basis) -> _Made:
    """The audience's clock where that is enough, else windows of its busy hours: TZ527."""
    if better_clock(basis.service, basis.demand) is not None:
        return _clock_of_the_audience(basis)
    hours = Schedule(timezone=basis.demand.timezone, windows=windows_of(basis.demand))
    return "with only these windows", basis.rescheduled(hours)


_FIXES: Mapping[str, Callable[[_Basis], _Made]] = {
    "TZ505": _days_as_meant,
    "TZ509": _wake,
    "TZ510": _stop_a_day_later,
    "TZ511": _without_action,
    "TZ512": _other_order,
    "TZ516": _one_task_awake,
    "TZ526": _clock_of_the_audience,
    "TZ527": _busy_hours_awake,
}
