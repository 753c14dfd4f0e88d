"""What can be wrong with the text of a schedule, as values; the rules give each kind its code."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Steps: TypeAlias = tuple[str | int, ...]
"""Keys and positions that lead from a schedule to a value in it."""


class ProblemKind(StrEnum):
    """Which mistake it is."""

    FIVE_FIELDS = "Unix cron with five fields"
    FIELD = "bad cron field"
    QUESTION_MARK = "day fields of a cron"
    WEEKDAY_ZERO = "0 as a day of the week"
    NEVER = "cron that never runs"
    TIMING = "not exactly one of cron, at and rate"
    TIME = "bad at, rate, start or end"
    TIMEZONE = "unknown time zone"
    WINDOW = "bad text of a window"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the text of a schedule."""

    kind: ProblemKind
    message: str
    """What was found and what was expected."""
    help: str = ""
    """What to write instead."""
    path: Steps = ()
    """Where, from the schedule on."""
