"""Times as they are written in a schedule: time zones, moments, rates and times of day."""

import difflib
import pkgutil
import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from io import BytesIO
from zoneinfo import ZoneInfo

from trazo_spec.schedule.cron import FIRST_YEAR, LAST_YEAR
from trazo_spec.schedule.legacy import spoken_zones

UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
DAY_MINUTES = 24 * 60
_LONGEST_ZONE = 64
"""Twice as many characters as the longest name of a zone has."""


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every IANA time zone."""
    return frozenset(_tzdata("zones").decode().split())


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """A time zone that `zone_names()` has.

    It comes from the tzdata package and not from the machine: hours are the same everywhere.
    """
    if name == "UTC":
        return UTC
    return ZoneInfo.from_file(BytesIO(_tzdata(f"zoneinfo/{name}")), key=name)


def known_zone(name: str) -> bool:
    """Whether a time zone exists under exactly that name."""
    return name == "UTC" or name in zone_names()


def similar_zones(name: str) -> tuple[str, ...]:
    """Time zones that were likely meant, the likeliest first."""
    if spoken := spoken_zones(name):
        return spoken
    # Of zones with the same last part, the one with the fewest parts comes last and stays.
    by_depth = sorted(zone_names(), key=lambda z: (-z.count("/"), z))
    folded = {z.rsplit("/", 1)[-1].lower(): z for z in by_depth}
    folded |= {z.lower(): z for z in sorted(zone_names())}
    if len(name) > _LONGEST_ZONE:
        return ()
    wanted = name.strip().replace(" ", "_").lower()
    matches = difflib.get_close_matches(wanted, sorted(folded), n=1, cutoff=0.75)
    return tuple(dict.fromkeys(folded[m] for m in matches))


def to_utc(local: datetime, tz: tzinfo) -> datetime | None:
    """The moment at which a clock of a zone shows a naive time; None when the clock skips it.

    A time that the clock shows twice means its first time. Application Auto Scaling states no rule
    for either; EventBridge Scheduler skips the one and runs the other once, and so do we:
    https://repost.aws/knowledge-center/eventbridge-scheduler-adjust-dst
    """
    if tz is UTC:
        return local.replace(tzinfo=UTC)
    moment = local.replace(tzinfo=tz).astimezone(UTC)
    return moment if moment.astimezone(tz).replace(tzinfo=None, fold=0) == local else None


def parse_local(text: str) -> datetime | None:
    """The clock time of `at`, such as `2026-12-24T18:00:00`, as a naive datetime."""
    bare = _unwrapped("at", text)
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", bare, re.ASCII):
        return None
    return _datetime(bare)


def parse_instant(text: str) -> datetime | None:
    """The moment of `start` or `end`, such as `2026-11-01T00:00:00Z`, in UTC."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z", text.strip(), re.ASCII):
        return None
    moment = _datetime(text.strip()[:-1])
    return moment.replace(tzinfo=UTC) if moment else None


def parse_rate(text: str) -> timedelta | None:
    """The period of a `rate`.

    >>> parse_rate("15 minutes")
    datetime.timedelta(seconds=900)
    """
    match = re.fullmatch(r"([1-9][0-9]{0,5})\s+(minute|hour|day)s?", _unwrapped("rate", text))
    return int(match[1]) * UNITS[match[2]] if match else None


def rate_text(text: str) -> str:
    """A rate as AWS writes it: singular for 1, plural for more.

    >>> rate_text("1 days"), rate_text("rate(2 hour)")
    ('1 day', '2 hours')
    """
    number, unit = _unwrapped("rate", text).split()
    return f"{number} {unit.removesuffix('s')}{'' if number == '1' else 's'}"


def parse_time_of_day(text: str, last_minute: int = DAY_MINUTES - 1) -> int | None:
    """Minutes since midnight of `HH:MM`, at most `last_minute`.

    >>> parse_time_of_day("08:30"), parse_time_of_day("24:00"), parse_time_of_day("24:00", 1440)
    (510, None, 1440)
    """
    match = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])", text.strip())
    minutes = int(match[1]) * 60 + int(match[2]) if match else None
    return minutes if minutes is not None and minutes <= last_minute else None


def _datetime(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:  # such as 30 February: the caller reports it in the user's words
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _unwrapped(word: str, text: str) -> str:
    match = re.fullmatch(rf"\s*{word}\s*\((.*)\)\s*", text, re.IGNORECASE)
    return (match[1] if match else text).strip()


def _tzdata(path: str) -> bytes:
    data = pkgutil.get_data("tzdata", path)
    if data is None:
        raise FileNotFoundError(f"the tzdata package does not contain {path}; reinstall tzdata")
    return data
