"""Time zones that exist and rarely mean what they seem to: abbreviations and fixed offsets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_FIXED = "has no daylight saving time"
_SHORT = "is an abbreviation"


@dataclass(frozen=True, slots=True)
class LegacyZone:
    """A name of the IANA database that is kept for old systems."""

    trap: str
    """What is unexpected about it."""
    meant: tuple[str, ...]
    """The zones that may have been meant, the likeliest first."""

    @property
    def same(self) -> bool:
        """Whether only one can be meant, whose clock shows the same."""
        return self.trap == _SHORT and len(self.meant) == 1


# What each name is comes from the `backward` and `etcetera` files of the IANA time zone database,
# release 2026f; tests ask the installed tzdata whether it still is so. The places are chosen.
_ABBREVIATIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "EST": (_FIXED, ("America/New_York", "America/Panama")),
    "MST": (_FIXED, ("America/Denver", "America/Phoenix")),
    "HST": (_SHORT, ("Pacific/Honolulu",)),
    "EST5EDT": (_SHORT, ("America/New_York",)),
    "CST6CDT": (_SHORT, ("America/Chicago",)),
    "MST7MDT": (_SHORT, ("America/Denver",)),
    "PST8PDT": (_SHORT, ("America/Los_Angeles",)),
    "CET": (_SHORT, ("Europe/Berlin", "Europe/Paris", "Europe/Brussels")),
    "MET": (_SHORT, ("Europe/Berlin", "Europe/Paris", "Europe/Brussels")),
    "EET": (_SHORT, ("Europe/Athens", "Europe/Helsinki")),
    "WET": (_SHORT, ("Europe/Lisbon",)),
    **dict.fromkeys(
        (
            *("GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "Etc/GMT", "Etc/GMT0"),
            *("Etc/GMT+0", "Etc/GMT-0", "Etc/Greenwich"),
        ),
        (_FIXED, ("Europe/London", "UTC")),
    ),
}

# Hours ahead of UTC -> places whose clocks show that for all or most of the year.
_PLACES: Mapping[int, tuple[str, ...]] = {
    -12: ("UTC",),
    -11: ("Pacific/Pago_Pago",),
    -10: ("Pacific/Honolulu",),
    -9: ("America/Anchorage",),
    -8: ("America/Los_Angeles",),
    -7: ("America/Denver", "America/Phoenix"),
    -6: ("America/Chicago", "America/Costa_Rica"),
    -5: ("America/New_York", "America/Bogota"),
    -4: ("America/Halifax", "America/Puerto_Rico"),
    -3: ("America/Sao_Paulo", "America/Argentina/Buenos_Aires"),
    -2: ("America/Noronha",),
    -1: ("Atlantic/Cape_Verde",),
    1: ("Europe/Berlin", "Africa/Lagos"),
    2: ("Europe/Athens", "Africa/Johannesburg"),
    3: ("Europe/Moscow", "Africa/Nairobi"),
    4: ("Asia/Dubai",),
    5: ("Asia/Karachi",),
    6: ("Asia/Dhaka",),
    7: ("Asia/Bangkok",),
    8: ("Asia/Singapore",),
    9: ("Asia/Tokyo",),
    10: ("Australia/Sydney", "Australia/Brisbane"),
    11: ("Pacific/Guadalcanal",),
    12: ("Pacific/Auckland", "Pacific/Fiji"),
    13: ("Pacific/Tongatapu",),
    14: ("Pacific/Kiritimati",),
}


# What people say of clocks, none of it a name of the database. The places are chosen.
_SPOKEN: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("EDT", "ET"), ("America/New_York",)),
    **dict.fromkeys(("CDT", "CT"), ("America/Chicago",)),
    "CST": ("America/Chicago", "Asia/Shanghai"),
    **dict.fromkeys(("MDT", "MT"), ("America/Denver",)),
    **dict.fromkeys(("PST", "PDT", "PT"), ("America/Los_Angeles",)),
    **dict.fromkeys(("AKST", "AKDT"), ("America/Anchorage",)),
    "BRT": ("America/Sao_Paulo",),
    "BST": ("Europe/London",),
    "CEST": ("Europe/Berlin", "Europe/Paris", "Europe/Brussels"),
    "EEST": ("Europe/Athens", "Europe/Helsinki"),
    "WEST": ("Europe/Lisbon",),
    "MSK": ("Europe/Moscow",),
    "IST": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "SGT": ("Asia/Singapore",),
    "HKT": ("Asia/Hong_Kong",),
    "JST": ("Asia/Tokyo",),
    "KST": ("Asia/Seoul",),
    "SAST": ("Africa/Johannesburg",),
    "AWST": ("Australia/Perth",),
    **dict.fromkeys(("AEST", "AEDT"), ("Australia/Sydney", "Australia/Brisbane")),
    **dict.fromkeys(("NZST", "NZDT"), ("Pacific/Auckland",)),
    "Z": ("UTC",),
}
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-]\d{1,2})(?::?00)?")


def spoken_zones(name: str) -> tuple[str, ...]:
    """The zones that an abbreviation or an offset stands for, which no zone is called by.

    >>> spoken_zones("PST"), spoken_zones("UTC+9"), spoken_zones("Europe/Berln")
    (('America/Los_Angeles',), ('Asia/Tokyo',), ())
    """
    said = name.strip().upper()
    offset = _OFFSET.fullmatch(said)
    return _SPOKEN.get(said, ()) if offset is None else _PLACES.get(int(offset[1]), ())


def legacy_zone(name: str) -> LegacyZone | None:
    """What is unexpected about a time zone; None for one that is named after a place.

    >>> legacy_zone("Etc/GMT+5").trap
    'is UTC-5, since the sign of these names is reversed, and has no daylight saving time'
    >>> legacy_zone("America/New_York")
    """
    if name in _ABBREVIATIONS:
        return LegacyZone(*_ABBREVIATIONS[name])
    hours = name.removeprefix("Etc/GMT")
    if hours == name or not hours[1:].isdecimal() or -int(hours) not in _PLACES:
        return None
    ahead_h = -int(hours)
    trap = f"is UTC{ahead_h:+}, since the sign of these names is reversed, and {_FIXED}"
    return LegacyZone(trap, _PLACES[ahead_h])
