"""Time zones that are abbreviations or fixed offsets: a warning names the places."""

from datetime import datetime, timedelta

import pytest

from compiler.findings.check import check
from trazo_spec.diagnostics import Severity
from trazo_spec.load import load
from trazo_spec.schedule.clock import known_zone, zone, zone_names
from trazo_spec.schedule.legacy import legacy_zone

LEGACY = sorted(name for name in zone_names() if legacy_zone(name) is not None)
SEASONS = (datetime(2026, 1, 15, 12), datetime(2026, 7, 15, 12))  # noqa: DTZ001 - a clock's


def offsets(name: str) -> tuple[timedelta | None, ...]:
    """How far a clock is ahead of UTC in January and July."""
    return tuple(moment.replace(tzinfo=zone(name)).utcoffset() for moment in SEASONS)


def warnings(schedule: str, demand: str) -> list[str]:
    """The advice of each warning of a spec with two time zones."""
    text = f"""\
trazo: 1
name: acme
region: us-east-2
state: {{bucket: acme-state}}
components:
  web:
    kind: ecs
    image: 123456789012.dkr.ecr.us-east-2.amazonaws.com/web:1
    scaling:
      schedule: {{timezone: {schedule}, windows: [{{days: MON-FRI, from: "08:00", to: "20:00"}}]}}
traffic:
  demand: {{web: {{profile: business_hours, timezone: {demand}}}}}
"""
    found = check(load(text, "spec.yaml")).diagnostics
    return [d.help for d in found if d.code == "TZ657" and d.severity is Severity.WARNING]


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("EST", "`America/New_York` or `America/Panama`"),
        ("MST", "`America/Denver` or `America/Phoenix`"),
        ("HST", "`Pacific/Honolulu`"),
        ("EST5EDT", "`America/New_York`"),
        ("CST6CDT", "`America/Chicago`"),
        ("MST7MDT", "`America/Denver`"),
        ("PST8PDT", "`America/Los_Angeles`"),
        ("CET", "`Europe/Berlin`, `Europe/Paris` or `Europe/Brussels`"),
        ("EET", "`Europe/Athens` or `Europe/Helsinki`"),
        ("WET", "`Europe/Lisbon`"),
        ("GMT", "`Europe/London` or `UTC`"),
        ("Etc/GMT+5", "`America/New_York` or `America/Bogota`"),
        ("Etc/GMT-1", "`Europe/Berlin` or `Africa/Lagos`"),
    ],
)
def test_an_abbreviation_is_a_warning_that_names_places(name, places):
    """Both where tasks are scheduled and where the audience lives."""
    assert warnings(name, name) == [f"write the name of a place: {places}"] * 2


@pytest.mark.parametrize("name", ["America/New_York", "UTC", "Asia/Tokyo", "Etc/UTC"])
def test_a_place_is_none(name):
    """Its clock is the one on the wall."""
    assert warnings(name, name) == []


@pytest.mark.parametrize("name", LEGACY)
def test_a_place_that_is_named_shows_the_same_time_in_some_season(name):
    """Advice that is an hour off all year would be worse than none."""
    legacy = legacy_zone(name)
    assert legacy is not None

    for place in legacy.meant:
        if (name, place) == ("Etc/GMT+12", "UTC"):
            continue  # nobody lives there
        assert known_zone(place)
        assert set(offsets(place)) & set(offsets(name)), place
    if legacy.same:
        assert offsets(legacy.meant[0]) == offsets(name)


@pytest.mark.parametrize("name", [n for n in LEGACY if n.startswith("Etc/GMT") and n[-1] != "0"])
def test_the_sign_that_is_told_is_that_of_the_clock(name):
    """`Etc/GMT+5` is five hours behind."""
    legacy = legacy_zone(name)
    ahead = offsets(name)[0]
    if name == "Etc/GMT":
        return
    assert legacy is not None
    assert ahead is not None
    hours = int(ahead.total_seconds() // 3600)

    assert f"is UTC{hours:+}," in legacy.trap


def test_every_abbreviation_of_the_database_is_known():
    """Names without a place that are made of capitals, but for countries and UTC."""
    countries = {"GB", "NZ", "PRC", "ROC", "ROK", "UTC", "UCT"}
    capitals = {n for n in zone_names() if n.isupper() and n.isalnum()} - countries

    assert {n for n in capitals if legacy_zone(n) is None} == set()
    assert len(capitals) >= 10
