"""Days of the week as AWS counts them: 1 is Sunday, 7 is Saturday."""

from collections.abc import Iterable

DAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
FULL_DAY_NAMES = (
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
)


def next_day(day: int, step: int = 1) -> int:
    """The day of the week `step` days later.

    >>> next_day(7)
    1
    """
    return (day - 1 + step) % 7 + 1


def runs_of_days(days: Iterable[int]) -> tuple[tuple[int, ...], ...]:
    """Days as unbroken runs around the week, beginning after the longest gap.

    >>> runs_of_days([1, 2, 6, 7])
    ((6, 7, 1, 2),)
    """
    chosen = frozenset(days)
    if len(chosen) == 7:
        return ((2, 3, 4, 5, 6, 7, 1),)
    # The week of a team starts on Monday, so that ties begin there.
    starts = [d for d in (2, 3, 4, 5, 6, 7, 1) if d in chosen and next_day(d, -1) not in chosen]
    runs = [tuple(_run(start, chosen)) for start in starts]
    if not runs:
        return ()
    first = max(range(len(runs)), key=lambda i: (_gap_before(runs[i][0], chosen), -i))
    return tuple(runs[first:] + runs[:first])


def day_field(days: Iterable[int]) -> str:
    """Days as the day-of-week field of an AWS cron expression, ranges never past Saturday.

    >>> day_field([2, 3, 4, 5, 6]), day_field([1, 7]), day_field(range(1, 8))
    ('MON-FRI', 'SAT,SUN', '*')
    """
    if len(frozenset(days := tuple(days))) == 7:
        return "*"
    parts: list[str] = []
    for run in runs_of_days(days):
        turn = run.index(1) if 1 in run else 0
        for piece in (run[:turn], run[turn:]):
            names = [DAY_NAMES[day - 1] for day in piece]
            parts += [f"{names[0]}-{names[-1]}"] if len(names) > 2 else names
    return ",".join(parts)


def day_text(days: Iterable[int]) -> str:
    """Days in words for a message.

    >>> day_text([7, 1])
    'Saturday and Sunday'
    """
    if len(chosen := frozenset(days)) == 7:
        return "every day of the week"
    names = [FULL_DAY_NAMES[day - 1] for run in runs_of_days(chosen) for day in run]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _run(start: int, chosen: frozenset[int]) -> Iterable[int]:
    day = start
    while day in chosen:
        yield day
        day = next_day(day)


def _gap_before(day: int, chosen: frozenset[int]) -> int:
    return next(gap for gap in range(1, 8) if next_day(day, -gap) in chosen) - 1
