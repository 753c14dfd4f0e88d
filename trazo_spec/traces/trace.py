"""A measured course of requests: CSV text -> requests per second, slot by slot."""

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from statistics import fmean

from trazo_spec.diagnostics import Diagnostic, Severity, Span
from trazo_spec.secrecy import covered
from trazo_spec.traffic import Series
from trazo_spec.visible import one_line
from trazo_spec.yaml.lines import lines
from trazo_spec.yaml.reading import decode

MOST_BYTES = 50_000_000
"""The largest file that is read: a year of rows each minute has half of it."""
# Chosen: findings enough to see what is wrong with all other rows.
MOST_FINDINGS = 10
MOST_DAYS = 400
# What CloudWatch keeps for months; alarms and starts take as long. Slots divide an hour.
SLOTS_S = (300, 600, 900, 1200, 1800, 3600)
YEARS = range(1970, 2200)
MOST_VALUE = 1e15
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
MOST_MISSING_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class _Row:
    at: datetime
    """Without a time zone, on the clock of the audience."""
    value: float


def read_trace(
    content: bytes, file: str, clock: tzinfo, *, per_second: bool, scale: float = 1.0
) -> tuple[Series | None, tuple[Diagnostic, ...]]:
    """The requests in a CSV file of `timestamp,value`, or what is wrong with it and where.

    Args:
        content: the file's bytes.
        file: its name as findings show it.
        clock: of timestamps without an offset, and of the slots.
        per_second: whether values are requests per second, else requests of an interval.
        scale: what every value is multiplied by.
    """
    text, unreadable = decode(content.removeprefix(b"\xef\xbb\xbf"), file)
    if unreadable:
        return None, tuple(_row_error(d.message, d.at, d.help) for d in unreadable if d.at)
    rows: list[_Row] = []
    wrong: list[Diagnostic] = []
    for outcome in _rows(text, file, clock):
        if isinstance(outcome, _Row):
            rows.append(outcome)
        elif len(wrong) < MOST_FINDINGS:
            wrong.append(outcome)
        else:
            break
    return (
        (None, tuple(wrong)) if wrong else _series(sorted(rows, key=_at), file, per_second, scale)
    )


def _at(row: _Row) -> datetime:
    return row.at


def _rows(text: str, file: str, clock: tzinfo) -> Iterator[_Row | Diagnostic]:
    """Every row, or what is wrong with it; a first line without a number names the columns."""
    for number, line in enumerate(lines(text), start=1):
        span = Span(file, number, 1, number, len(line) + 1)
        if not line.strip():
            continue
        try:
            (cells,) = csv.reader([line], strict=True)
        except (csv.Error, ValueError) as error:
            yield _row_error(f"the line is not CSV: {error}", span, "write `timestamp,value`")
            continue
        if number == 1 and len(cells) == 2 and _number(cells[1]) is None:
            continue
        if len(cells) != 2:
            message = f"the line has {len(cells)} columns, but 2 are expected"
            yield _row_error(
                message, span, "write `timestamp,value`, such as `2026-11-02 08:00,120`"
            )
            continue
        yield _row(
            cells, Span(file, number, line.find(",") + 2, number, len(line) + 1), span, clock
        )


def _row(cells: Sequence[str], value_span: Span, span: Span, clock: tzinfo) -> _Row | Diagnostic:
    moment, value = _moment(cells[0].strip(), clock), _number(cells[1])
    if moment is None:
        message = (
            f"`{_shown(cells[0])}` is not a timestamp between the years {YEARS[0]} and {YEARS[-1]}"
        )
        return _row_error(
            message, span, "write it as `2026-11-02 08:00:00`, optionally with `Z` or `+01:00`"
        )
    if value is None or not 0 <= value <= MOST_VALUE:
        message = f"`{_shown(cells[1])}` is not a number of requests"
        return _row_error(message, value_span, "write 0 or more, with `.` as the decimal point")
    return _Row(moment, value)


def _moment(text: str, clock: tzinfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year not in YEARS:
        return None
    return moment if moment.tzinfo is None else moment.astimezone(clock).replace(tzinfo=None)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _series(
    rows: Sequence[_Row],
    file: str,
    per_second: bool,
    scale: float,
) -> tuple[Series | None, tuple[Diagnostic, ...]]:
    """Rows in order as slots of whole weeks or days."""
    start = Span(file, 1, 1, 1, 1)
    steps = Counter(b.at - a.at for a, b in pairwise(rows) if b.at > a.at)
    if not steps:
        message = (
            f"the trace has {len(rows)} row{'s' * (len(rows) != 1)}, but at least two are required"
        )
        return None, (_length_error(message, start),)
    interval = max(steps, key=lambda step: (steps[step], -step))
    if interval > A_DAY:
        message = f"most rows are {interval} apart, but at most a day is allowed"
        return None, (_length_error(message, start),)
    slot_s = next((s for s in SLOTS_S if timedelta(seconds=s) >= interval), SLOTS_S[-1])
    slot = timedelta(seconds=slot_s)
    midnight = rows[0].at.replace(hour=0, minute=0, second=0, microsecond=0)
    origin = midnight + (rows[0].at - midnight) // slot * slot
    length = rows[-1].at + interval - origin
    unit = A_WEEK if length >= A_WEEK else A_DAY
    if not A_DAY <= length <= timedelta(days=MOST_DAYS):
        message = f"the trace covers {length}, but must cover 1 to {MOST_DAYS} days"
        return None, (_length_error(message, start),)
    slots = _slots(rows, origin, slot, interval)
    count = length // unit * (unit // slot)
    missing = count - sum(1 for n in slots if n < count)
    if missing > MOST_MISSING_SHARE * count:
        message = f"{missing:,} of {count:,} slots of {slot_s // 60} minutes have no row"
        return None, (_length_error(message, start),)
    per = 1.0 if per_second else interval.total_seconds()
    rates = _filled(slots, count, slot)
    series = Series(origin, slot_s, tuple(rate * scale / per for rate in rates))
    return series, _gap_findings(missing, count, slot_s, start)


def _slots(
    rows: Sequence[_Row], origin: datetime, slot: timedelta, interval: timedelta
) -> dict[int, float]:
    """Slot -> mean value of the rows in it; a row that is longer than a slot fills several."""
    slots: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        first = (row.at - origin) // slot
        for n in range(first, first + max(interval // slot, 1)):
            slots[n].append(row.value)
    return {n: fmean(values) for n, values in slots.items()}


def _filled(slots: Mapping[int, float], count: int, slot: timedelta) -> Iterator[float]:
    """The values of all slots; one that is missing has the mean of its time on other days."""
    by_time: dict[int, list[float]] = defaultdict(list)
    a_day = A_DAY // slot
    for n, value in slots.items():
        by_time[n % a_day].append(value)
    means = {time: fmean(values) for time, values in by_time.items()}
    mean = fmean(slots.values())
    return (slots.get(n, means.get(n % a_day, mean)) for n in range(count))


def _gap_findings(missing: int, count: int, slot_s: int, span: Span) -> tuple[Diagnostic, ...]:
    if not missing:
        return ()
    message = (
        f"{missing:,} of {count:,} slots of {slot_s // 60} minutes have no row and get the mean "
        "of the same time on other days"
    )
    advice = "add rows with 0 where there were no requests; CloudWatch leaves them out"
    return (Diagnostic("TZ335", Severity.WARNING, message, at=span, help=advice),)


def _row_error(message: str, span: Span, advice: str) -> Diagnostic:
    return Diagnostic("TZ333", Severity.ERROR, message, at=span, help=advice)


def _length_error(message: str, span: Span) -> Diagnostic:
    advice = "export whole weeks, such as 14 days at 5 minutes"
    return Diagnostic("TZ334", Severity.ERROR, message, at=span, help=advice)


def _shown(cell: str) -> str:
    """The beginning of a cell."""
    text = one_line(covered(cell.strip()))
    return text if len(text) <= 40 else f"{text[:37]}..."
