"""The hours of a service: what may be written, what AWS gets, and which bounds hold when."""

from trazo_spec.schedule.actions import ResolvedAction, resolve
from trazo_spec.schedule.clock import known_zone, similar_zones, zone
from trazo_spec.schedule.cron import Cron
from trazo_spec.schedule.cron_text import parse_cron, unix_days
from trazo_spec.schedule.problem import Problem, ProblemKind
from trazo_spec.schedule.reading import problems
from trazo_spec.schedule.timeline import Event, Interval, awake, bounds_over, events
from trazo_spec.schedule.types import Action, Scaling, Schedule, Window

__all__ = [
    "Action",
    "Cron",
    "Event",
    "Interval",
    "Problem",
    "ProblemKind",
    "ResolvedAction",
    "Scaling",
    "Schedule",
    "Window",
    "awake",
    "bounds_over",
    "events",
    "known_zone",
    "parse_cron",
    "problems",
    "resolve",
    "similar_zones",
    "unix_days",
    "zone",
]
