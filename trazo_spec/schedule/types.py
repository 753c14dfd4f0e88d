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
    """A moment, once or again and again, at which the bounds of a service change.

    Exactly one of `cron`, `at` and `rate` says when.
    """

    name: ActionName
    """What the action is called in AWS and in messages; every action of a schedule has its own."""
    cron: str | None = None
    """When, as the six fields of AWS: minute, hour, day of month, month, day of week, year."""
    at: str | None = None
    """When, once, on the clock of the schedule's time zone: `2026-12-24T18:00:00`."""
    rate: str | None = None
    """How often: `15 minutes`, `2 hours`, `1 day`."""
    min: Bound | None = None
    """The fewest tasks from then on; left out, the service's own `min`."""
    max: Bound | None = None
    """The most tasks from then on; left out, the service's own `max`."""
    start: str | None = None
    """The first moment of a `cron` or `rate`, in UTC: `2026-11-01T00:00:00Z`; it also runs then."""
    end: str | None = None
    """The last moment of a `cron` or `rate`, in UTC; nothing is put back afterwards."""


class Window(Strict):
    """Hours of the week in which a service runs."""

    days: str
    """The days on which the window opens: `MON-FRI`, `SAT,SUN`, `FRI-MON`."""
    from_: Annotated[str, Field(alias="from")]
    """When it opens, on the clock of the schedule's time zone: `08:00`."""
    to: str
    """When it closes: `20:00`, at most `24:00`; on the next day when it is not after `from`."""
    min: Bound | None = None
    """The fewest tasks inside of the window; left out, the service's own `min`."""
    max: Bound | None = None
    """The most tasks inside of the window; left out, the service's own `max`."""


class Schedule(Strict):
    """When the bounds of a service change: `actions`, or `windows` with nothing outside of them."""

    timezone: str = "UTC"
    """The IANA time zone of every clock time: `UTC`, `America/New_York`."""
    actions: tuple[Action, ...] = ()
    """Changes of the bounds, as AWS runs them."""
    windows: tuple[Window, ...] = ()
    """Hours of the week in which tasks run; outside of all windows there are none."""


class Scaling(Strict):
    """How many tasks run."""

    min: Bound = 1
    """The fewest tasks."""
    max: Bound = 1
    """The most tasks."""
    target_cpu_percent: Annotated[int, Field(ge=1, le=100)] | None = 80
    """Average CPU use that target tracking keeps, in percent; null switches it off."""
    scale_out_cooldown_s: Annotated[int, Field(ge=0, le=3600)] = 60
    """Time after adding tasks before more are added, in seconds."""
    scale_in_cooldown_s: Annotated[int, Field(ge=0, le=3600)] = 300
    """Time after removing tasks before more are removed, in seconds."""
    schedule: Schedule | None = None
    """When `min` and `max` change, and when nothing runs at all."""
