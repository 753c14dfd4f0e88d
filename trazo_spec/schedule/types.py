"""What may be written about the size and the hours of a service: bounds, actions, windows."""

from typing import Annotated

from pydantic import Field

from trazo_spec.base import Strict

# Lengths and characters that Application Auto Scaling and a Terraform address both take.
# Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
ActionName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=64)]
"""The name of a scheduled action: a letter, then letters, digits, `-` and `_`."""

Bound = Annotated[int, Field(ge=0, le=5000)]
"""A number of tasks, as a lower or an upper bound."""


class Action(Strict):
    """A one-time or recurring change of a service's task limits.

    Exactly one of `cron`, `at` and `rate` must be set.
    """

    name: ActionName
    """The name of the action in AWS and in messages; it must be unique within the schedule."""
    cron: str | None = None
    """When it runs, in AWS's six fields: minute, hour, day of month, month, day of week, year."""
    at: str | None = None
    """When it runs once, in the schedule's time zone, such as `2026-12-24T18:00:00`."""
    rate: str | None = None
    """How often it runs, such as `15 minutes`, `2 hours` or `1 day`."""
    min: Bound | None = None
    """Minimum number of tasks from then on; by default, the service's own `min`."""
    max: Bound | None = None
    """Maximum number of tasks from then on; by default, the service's own `max`."""
    start: str | None = None
    """Start of a `cron` or `rate` in UTC, such as `2026-11-01T00:00:00Z`; the action also runs at
    this time."""
    end: str | None = None
    """End of a `cron` or `rate` in UTC; afterwards, nothing is restored."""


class Window(Strict):
    """Hours of the week in which a service runs."""

    days: str
    """The days on which the window opens, such as `MON-FRI`, `SAT,SUN` or `FRI-MON`."""
    from_: Annotated[str, Field(alias="from")]
    """When it opens, in the schedule's time zone, such as `08:00`."""
    to: str
    """When it closes, such as `20:00`, at most `24:00`; on the next day if it is not after `from`.
    """
    min: Bound | None = None
    """Minimum number of tasks during the window; by default, the service's own `min`."""
    max: Bound | None = None
    """Maximum number of tasks during the window; by default, the service's own `max`."""


class Schedule(Strict):
    """When the task limits of a service change: `actions`, or `windows` in which tasks run."""

    timezone: str = "UTC"
    """The IANA time zone of all clock times, such as `UTC` or `America/New_York`."""
    actions: tuple[Action, ...] = ()
    """Scheduled changes of the task limits, as AWS runs them."""
    windows: tuple[Window, ...] = ()
    """Hours of the week in which tasks run; outside these windows, no tasks run."""


class Scaling(Strict):
    """How many tasks run."""

    min: Bound = 1
    """Minimum number of tasks."""
    max: Bound = 1
    """Maximum number of tasks."""
    target_cpu_percent: Annotated[int, Field(ge=1, le=100)] | None = 80
    """Average CPU utilization that target tracking maintains, in percent; null switches it off."""
    scale_out_cooldown_s: Annotated[int, Field(ge=0, le=3600)] = 60
    """Time after adding tasks before more are added, in seconds."""
    scale_in_cooldown_s: Annotated[int, Field(ge=0, le=3600)] = 300
    """Time after removing tasks before more are removed, in seconds."""
    schedule: Schedule | None = None
    """When `min` and `max` change, and when no tasks run at all."""
