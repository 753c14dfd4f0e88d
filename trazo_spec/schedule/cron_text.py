"""Reads the cron dialect of AWS: six fields, 1 = Sunday, exactly one of the two day fields is `?`.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html,
where https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
points to. Ranges that run backwards (`FRI-MON`), `LW` and `L-3` are not in that text: not taken.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from trazo_spec.schedule.cron import (
    FIRST_YEAR,
    LAST_YEAR,
    Cron,
    Days,
    LastDay,
    LastWeekDay,
    MonthDays,
    NearestWeekday,
    NthWeekDay,
    WeekDays,
)
from trazo_spec.schedule.problem import Problem, ProblemKind
from trazo_spec.schedule.week import DAY_NAMES, day_field

MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
SIX_FIELDS = "minute, hour, day of month, month, day of week, year"


@dataclass(frozen=True, slots=True)
class Field:
    """One of the six fields: its name and the values it takes."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    """Names of the values, from `low` on."""
    alone: str = ""
    """What else may stand there, in words."""

    @property
    def expected(self) -> str:
        """What may be written there, in words."""
        names = f" or {self.names[0]} to {self.names[-1]}" if self.names else ""
        return f"{self.low} to {self.high}{names}, with `,` `-` `*` `/`{self.alone}"

    def value(self, text: str) -> int | None:
        """One value by number or name; None when it is neither."""
        if text.upper() in self.names:
            return self.names.index(text.upper()) + self.low
        number = int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None
        return number if number is not None and self.low <= number <= self.high else None


MINUTE = Field("minute", 0, 59)
HOUR = Field("hour", 0, 23)
DAY_OF_MONTH = Field("day-of-month", 1, 31, alone="; or alone `?`, `L`, a day with `W`")
MONTH = Field("month", 1, 12, MONTH_NAMES)
DAY_OF_WEEK = Field(
    "day-of-week", 1, 7, DAY_NAMES, "; or alone `?`, `L`, a day with `L` or with `#1` to `#5`"
)
YEAR = Field("year", FIRST_YEAR, LAST_YEAR)


@lru_cache(maxsize=1024)
def parse_cron(text: str) -> Cron | tuple[Problem, ...]:
    """A cron expression, with or without `cron(...)` around it, or all that is wrong with it."""
    parts = bare_cron(text).split()
    if len(parts) == 5:
        return (_five_fields(text, parts),)
    if len(parts) != 6:
        return (_wrong_count(text, parts),)
    problems: list[Problem] = []
    minutes = _values(MINUTE, parts[0], text, problems)
    hours = _values(HOUR, parts[1], text, problems)
    days = _days(DAY_OF_MONTH, parts[2], text, problems)
    months = _values(MONTH, parts[3], text, problems)
    days = _days(DAY_OF_WEEK, parts[4], text, problems) or days
    years = _values(YEAR, parts[5], text, problems)
    if problems and (seconds := _seconds(text, parts)):
        return (seconds,)
    if [parts[2], parts[4]].count("?") != 1:
        problems.append(_question_mark(text, parts))
    if problems or days is None:
        return tuple(problems)
    cron = Cron(tuple(sorted(minutes)), tuple(sorted(hours)), days, months, years)
    return cron if cron.runs_at_all else (_never(text),)


def bare_cron(text: str) -> str:
    """The fields alone with single spaces, without `cron(...)` around them."""
    match = re.fullmatch(r"\s*cron\s*\((.*)\)\s*", text, re.IGNORECASE | re.DOTALL)
    return " ".join((match[1] if match else text).split())


def unix_days(text: str) -> tuple[str, str] | None:
    """What AWS makes of day numbers that look like Unix cron, and what was likely meant.

    >>> unix_days("0 20 ? * 1-5 *")
    ('SUN-THU', 'MON-FRI')
    """
    parts = bare_cron(text).split()
    if len(parts) != 6 or not re.fullmatch(r"[0-9,-]+", parts[4]):
        return None
    days = _values(DAY_OF_WEEK, parts[4], text, [])
    meant = {frozenset({1, 2, 3, 4, 5}): (2, 3, 4, 5, 6), frozenset({6, 7}): (7, 1)}
    return (day_field(days), day_field(meant[days])) if days in meant else None


def _values(field: Field, text: str, whole: str, problems: list[Problem]) -> frozenset[int]:
    """The values of a field; what is wrong with it goes to `problems`."""
    values: set[int] = set()
    for item in text.split(","):
        read = _item(field, item)
        if isinstance(read, str):
            problems.append(_bad_field(field, text, whole, item, read))
            break
        values.update(read)
    return frozenset(values)


def _item(field: Field, item: str) -> range | str:
    """One entry of a field's list, or what is expected in its place."""
    match = re.fullmatch(r"(\*|(\w+)(?:-(\w+))?)(?:/([0-9]{1,4}))?", item)
    if match is None:
        return field.expected
    step = int(match[4] or 1)
    low, high = field.low, field.high
    if match[1] != "*":
        ends = field.value(match[2]), field.value(match[3] or match[2])
        if ends[0] is None or ends[1] is None:
            return field.expected
        # `5/15` counts from 5 to the end of the field.
        low, high = ends[0], field.high if match[4] and not match[3] else ends[1]
    if step < 1:
        return "a step of 1 or more after `/`"
    return range(low, high + 1, step) if low <= high else _upwards(field, match[2], match[3])


def _upwards(field: Field, low: str, high: str) -> str:
    first, last = (
        (field.names[0], field.names[-1]) if field.names else (str(field.low), str(field.high))
    )
    pieces = [a if a == b else f"{a}-{b}" for a, b in ((low.upper(), last), (first, high.upper()))]
    return f"a range in ascending order, such as `{','.join(pieces)}`"


def _days(field: Field, text: str, whole: str, problems: list[Problem]) -> Days | None:
    """The days of one day field, None for `?`; what is wrong with it goes to `problems`."""
    if text == "?":
        return None
    if (special := _special(field, text.upper())) is not None:
        return special
    values = _values(field, text, whole, problems)
    return MonthDays(values) if field is DAY_OF_MONTH else WeekDays(values)


def _special(field: Field, text: str) -> Days | None:
    """What `L`, `W` and `#` mean; each stands alone in its field."""
    if text == "L":
        # In the day-of-week field a lone `L` is the last day of every week.
        return LastDay() if field is DAY_OF_MONTH else WeekDays(frozenset({7}))
    match = re.fullmatch(r"(\w+?)(?:(L|W)|#([1-5]))", text)
    value = field.value(match[1]) if match else None
    if match is None or value is None:
        return None
    if field is DAY_OF_MONTH:
        return NearestWeekday(value) if match[2] == "W" else None
    # `6L` as the last Friday is an example of
    # https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
    nth = NthWeekDay(value, int(match[3])) if match[3] else None
    return LastWeekDay(value) if match[2] == "L" else nth


def _bad_field(field: Field, text: str, whole: str, item: str, expected: str) -> Problem:
    if field is DAY_OF_WEEK and re.search(r"(?<![0-9#/])0+(?![0-9])", item):
        return Problem(
            ProblemKind.WEEKDAY_ZERO,
            f"`0` in the day-of-week field `{text}` of `{whole}` is not a day: AWS counts from "
            "1 = SUN to 7 = SAT",
            f"write `{_from_unix(text) or 'SUN'}`; names mean the same in every cron format",
        )
    within = f" in `{text}`" if item != text else ""
    return Problem(
        ProblemKind.FIELD,
        f"`{item}`{within} cannot be the {field.name} field of `{whole}`: expected {expected}",
        _near_miss(field, item),
    )


def _near_miss(field: Field, item: str) -> str:
    if field is HOUR and item == "24":
        return "midnight is `0`, the start of the day"
    short = item[:3].upper()
    return f"write `{short}`" if short in field.names and item.isalpha() else ""


def _question_mark(text: str, parts: list[str]) -> Problem:
    days = (parts[2], parts[4])
    subject, fixed = "neither day field is", _marked(parts)
    if "?" in days:
        subject, fixed = "both day fields are", [*parts[:4], "*", parts[5]]
    single = "?" in days or "*" in days
    return Problem(
        ProblemKind.QUESTION_MARK,
        f"{subject} `?` in `{text}`: exactly one of day-of-month and day-of-week must be",
        f"write `{' '.join(fixed)}`" if single else "create two actions, one for each day field",
    )


def _marked(parts: list[str]) -> list[str]:
    """The same fields with `?` in the day field that says nothing."""
    place = 2 if parts[2] == "*" and parts[4] != "*" else 4
    return [*parts[:place], "?", *parts[place + 1 :]]


def _five_fields(text: str, parts: list[str]) -> Problem:
    if "?" in (parts[2], parts[4]):
        fixed = " ".join([*parts, "*"])
    else:
        fixed = " ".join(_marked([*parts[:4], _from_unix(parts[4]) or parts[4], "*"]))
    one_day_field = not {"*", "?"}.isdisjoint((parts[2], parts[4]))
    right = one_day_field and isinstance(parse_cron(fixed), Cron)
    return Problem(
        ProblemKind.FIVE_FIELDS,
        f"`{text}` has the five fields of Unix cron, but AWS expects six: {SIX_FIELDS}",
        "add the year field and use `?` in one day field: "
        f"`{fixed if right else '0 20 ? * MON-FRI *'}`",
    )


def _wrong_count(text: str, parts: list[str]) -> Problem:
    if len(parts) == 7 and isinstance(parse_cron(" ".join(parts[1:])), Cron):
        return _first_is_seconds(text, parts[1:])
    count = f"{len(parts)} field{'' if len(parts) == 1 else 's'}"
    return Problem(
        ProblemKind.FIELD,
        f"`{text}` has {count}, but AWS expects six: {SIX_FIELDS}",
        "for example `0 20 ? * MON-FRI *`",
    )


def _seconds(text: str, parts: list[str]) -> Problem | None:
    """The one problem of six fields that begin with seconds: `0 0 20 ? * MON-FRI`."""
    fixed = [*parts[1:], "*"]
    right = parts[0].isdigit() and isinstance(parse_cron(" ".join(fixed)), Cron)
    return _first_is_seconds(text, fixed) if right else None


def _first_is_seconds(text: str, fixed: list[str]) -> Problem:
    return Problem(
        ProblemKind.FIELD,
        f"`{text}` begins with a seconds field, but the six fields in AWS are {SIX_FIELDS}",
        f"write `{' '.join(fixed)}`",
    )


def _never(text: str) -> Problem:
    return Problem(
        ProblemKind.NEVER,
        f"`{text}` never runs: none of the months in it has that day",
        "write a day that exists in the month, or `L` for its last day",
    )


def _from_unix(text: str) -> str | None:
    """A day-of-week field of Unix cron, where 0 and 7 are Sunday, in names; None for other text.

    >>> _from_unix("1-5"), _from_unix("0,6"), _from_unix("*/2")
    ('MON-FRI', 'SAT,SUN', None)
    """
    if not re.fullmatch(r"[0-7](-[0-7])?(,[0-7](-[0-7])?)*", text):
        return None
    days: set[int] = set()
    for item in text.split(","):
        ends = [int(end) for end in item.split("-")]
        days.update(day % 7 + 1 for day in range(ends[0], ends[-1] + 1))
    return day_field(days) or None
