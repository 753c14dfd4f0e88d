"""Schedules: windows, and actions of every form."""

import json
from functools import cache

from hypothesis import strategies as st

from tests.strategies.words import Document, Draw, some
from trazo_spec.schedule import Schedule

TIMEZONES = (
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)


@st.composite
def schedules(draw: Draw, most: int = 3) -> Schedule:
    """A schedule whose bounds a service with `max: most` allows."""
    return Schedule.model_validate_json(json.dumps(draw(schedule_documents(most))))


@st.composite
def schedule_documents(draw: Draw, most: int) -> Document:
    """The same as it is written: windows, or actions of every form."""
    timezone = draw(st.sampled_from(TIMEZONES))
    parts = draw(st.sampled_from(("windows", "sleep", "actions")))
    if parts == "windows":
        days = draw(st.sampled_from((("MON-FRI",), ("MON-FRI", "SAT,SUN"), ("FRI-SUN", "TUE"))))
        return {"timezone": timezone, "windows": [draw(_windows(d, most)) for d in days]}
    if parts == "sleep":
        stop, start = draw(st.integers(18, 23)), draw(st.integers(1, 12))
        days = draw(st.sampled_from(("MON-FRI", "*", "2-6", "SUN,SAT")))
        actions = [
            {"name": "stop", "cron": f"0 {stop} ? * {days} *", "min": 0, "max": 0},
            {"name": "start", "cron": f"30 {start} ? * {days} *", "min": 1},
        ]
        return {"timezone": timezone, "actions": actions}
    times = draw(st.lists(_times(), min_size=1, max_size=3))
    actions = [{"name": f"Act-{i}_x", **t, **draw(_bounds(most))} for i, t in enumerate(times)]
    return {"timezone": timezone, "actions": actions}


@st.composite
def _windows(draw: Draw, days: str, most: int) -> Document:
    begin, end = draw(st.integers(0, 11)), draw(st.integers(12, 24))
    minutes = draw(st.sampled_from(("00", "15", "59"))) if end < 24 else "00"
    bounds = draw(st.sampled_from(({}, {"min": 1}, {"min": 1, "max": most}, {"max": most})))
    return {"days": days, "from": f"{begin:02}:30", "to": f"{end:02}:{minutes}", **bounds}


@cache
def _times() -> st.SearchStrategy[Document]:
    """When an action runs, in all forms of AWS."""
    cron = st.sampled_from(
        ("0/30 8-18 ? * MON,WED *", "15 1 * * ? *", "0 6 ? JAN-MAR 2#1 *", "59 23 L * ? *",
         "0 9 15W 2/3 ? 2026-2030", "0 10 ? * 6L *")
    )  # fmt: skip
    limits = some(start=st.just("2026-11-01T00:00:00Z"), end=st.just("2030-01-01T12:30:00Z"))
    repeated = st.fixed_dictionaries({"cron": cron}) | st.fixed_dictionaries(
        {"rate": st.sampled_from(("1 day", "90 minutes", "6 hours"))}
    )
    once = st.fixed_dictionaries(
        {"at": st.sampled_from(("2026-12-24T18:00:00", "2027-03-28T12:30"))}
    )
    return once | st.builds(lambda a, b: {**a, **b}, repeated, limits)


@cache
def _bounds(most: int) -> st.SearchStrategy[Document]:
    pairs = [{"min": low, "max": high} for high in range(most + 1) for low in range(high + 1)]
    return st.sampled_from(pairs)
