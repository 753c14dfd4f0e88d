"""What a schedule becomes: actions with every bound set, in the form that AWS takes."""

from collections.abc import Mapping
from dataclasses import dataclass

from trazo_spec.schedule.clock import DAY_MINUTES, parse_instant, parse_local, rate_text
from trazo_spec.schedule.cron_text import bare_cron
from trazo_spec.schedule.types import Action, Scaling, Schedule, Window
from trazo_spec.schedule.week import day_field
from trazo_spec.schedule.windows import WEEK_MINUTES, openings


@dataclass(frozen=True, slots=True)
class ResolvedAction:
    """One scheduled action of Application Auto Scaling."""

    name: str
    expression: str
    """`cron(...)`, `at(...)` or `rate(...)`, as AWS reads it."""
    timezone: str
    """The IANA time zone of a `cron` or `at`."""
    min: int
    """The fewest tasks from then on."""
    max: int
    """The most tasks from then on."""
    start_time: str | None = None
    """The first moment, in UTC: `2026-11-01T00:00:00Z`."""
    end_time: str | None = None
    """The last moment, in UTC."""


def resolve(scaling: Scaling) -> tuple[ResolvedAction, ...]:
    """The actions of a schedule in its order, windows compiled; bounds left out are the service's.

    The schedule must have no finding of severity error; without one there are no actions.
    """
    schedule = scaling.schedule
    if schedule is None:
        return ()
    if schedule.windows:
        return _compiled(scaling, schedule)
    return tuple(
        ResolvedAction(
            action.name,
            _expression(action),
            schedule.timezone,
            scaling.min if action.min is None else action.min,
            scaling.max if action.max is None else action.max,
            _instant_text(action.start),
            _instant_text(action.end),
        )
        for action in schedule.actions
    )


def _expression(action: Action) -> str:
    if action.cron is not None:
        return f"cron({bare_cron(action.cron)})"
    if action.rate is not None:
        return f"rate({rate_text(action.rate)})"
    moment = parse_local(action.at or "")
    if moment is None:
        raise ValueError(f"the action {action.name} has no valid time: {action.at!r}")
    return f"at({moment.isoformat()})"


def _instant_text(text: str | None) -> str | None:
    moment = parse_instant(text) if text else None
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None


def _compiled(scaling: Scaling, schedule: Schedule) -> tuple[ResolvedAction, ...]:
    """The changes of bounds over the week; those alike in time of day and bounds are one action."""
    days: dict[tuple[int, int, int], list[int]] = {}
    for week_minute, (low, high) in _changes(scaling, schedule.windows).items():
        days.setdefault((week_minute % DAY_MINUTES, low, high), []).append(
            week_minute // DAY_MINUTES + 1
        )
    return tuple(
        _window_action(minute, days[minute, low, high], schedule.timezone, low, high)
        for minute, low, high in sorted(days)
    )


def _window_action(
    minute: int, days: list[int], timezone: str, low: int, high: int
) -> ResolvedAction:
    field = day_field(days)
    when = "daily" if field == "*" else field.lower().replace(",", "_")
    return ResolvedAction(
        f"{'run' if high else 'stop'}-{when}-{minute // 60:02}{minute % 60:02}",
        f"cron({minute % 60} {minute // 60} ? * {field} *)",
        timezone,
        low,
        high,
    )


def _changes(scaling: Scaling, windows: tuple[Window, ...]) -> Mapping[int, tuple[int, int]]:
    """The minutes of the week at which the bounds change, and the bounds from then on."""
    opened = {
        begin: (scaling.min if w.min is None else w.min, scaling.max if w.max is None else w.max)
        for w in windows
        for begin, _ in openings(w)
    }
    closed = {(b + length) % WEEK_MINUTES: (0, 0) for w in windows for b, length in openings(w)}
    bounds = closed | opened
    order = sorted(bounds)
    pairs = zip(order[-1:] + order, order, strict=False)
    changes = {
        minute: bounds[minute] for before, minute in pairs if bounds[before] != bounds[minute]
    }
    # Windows that fill the week alike change nothing, but their bounds must be set once.
    return changes or {order[0]: bounds[order[0]]}
