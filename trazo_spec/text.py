"""Texts with a form of their own: host names, CIDR blocks, bucket names, ARNs."""

import ipaddress
import re
from collections.abc import Callable
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOSTNAME = re.compile(rf"(?:{LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
# As long as an ARN may be, the longest of these: the time of a pattern grows faster than its text.
_LONGEST = 2048
_MOST_SHOWN = 300
_RESERVED_BUCKET_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_BUCKET_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-\d")
_ARN = re.compile(r"arn:aws(?:-[a-z]+)*:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12})?:.+")
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_DAY = f"(mon|tue|wed|thu|fri|sat|sun):{_CLOCK}"
_DAILY = re.compile(f"{_CLOCK}-{_CLOCK}")
_WEEKLY = re.compile(f"{_DAY}-{_DAY}")
_NEARLY_REGION = re.compile(r"(?P<name>[a-z]{2,4}(?:-[a-z]+)+)-?0?(?P<number>\d)[a-f]?")
_LONG_DAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b")
_SHORT_HOUR = re.compile(r"(?<![\d:])(\d:\d\d)\b|(?<=[a-z]:)(\d:\d\d)\b")
_ONE_DAY = re.compile(r"((?:mon|tue|wed|thu|fri|sat|sun):)([\d:]+)-([\d:]+)")
_DASHES = str.maketrans({"\u2013": "-", "\u2014": "-"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def refused(code: str, message: str, advice: str) -> PydanticCustomError:
    """What a type raises: the finding's code, its message and its help."""
    escaped = message.replace("{", "{{").replace("}", "}}")
    return PydanticCustomError(code, escaped, {"help": advice})


def is_below(zone: str, above: str) -> bool:
    """Whether a domain is below another one.

    >>> is_below("staging.acme.io", "acme.io"), is_below("acme.io", "acme.io")
    (True, False)
    """
    return zone.endswith(f".{above}")


def bucket_problem(name: str) -> str:
    """What is wrong with a bucket name, empty when nothing is.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    """
    if not 3 <= len(name) <= 63:
        return f"has {len(name)} characters, but a bucket name must have 3 to 63"
    if not _BUCKET.fullmatch(name):
        return (
            "must contain only lowercase letters, digits, `-` and `.`, with a letter or digit "
            "at both ends"
        )
    if ".." in name or _IPV4.fullmatch(name):
        return "must not look like an IP address or contain two consecutive dots"
    if name.startswith(_RESERVED_BUCKET_STARTS) or name.endswith(_RESERVED_BUCKET_ENDS):
        return "has a prefix or suffix that S3 reserves"
    return ""


def _hostname(value: str) -> str:
    if len(value) > 253 or not _HOSTNAME.fullmatch(value):
        raise refused(
            "TZ207",
            f"`{value[:_MOST_SHOWN]}` is not a host name",
            "write it in lowercase, such as `api.example.com`",
        )
    return value


def _certificate_name(value: str) -> str:
    _hostname(value.removeprefix("*."))
    return value


def _network(value: str) -> str:
    try:
        network = ipaddress.IPv4Network(value)
    except ValueError:
        raise refused(
            "TZ208", f"`{value[:_MOST_SHOWN]}` is not an IPv4 network", _network_advice(value)
        ) from None
    if not 16 <= network.prefixlen <= 28:
        raise refused(
            "TZ208",
            f"`{value}` is a /{network.prefixlen}, but a VPC or subnet must be between /16 and /28",
            f"write `{network.network_address}/16`",
        )
    return value


def _network_advice(value: str) -> str:
    try:
        return f"write `{ipaddress.IPv4Network(value, strict=False)}`"
    except ValueError:
        return "write an address and a prefix length, such as `10.0.0.0/16`"


def _bucket_name(value: str) -> str:
    if problem := bucket_problem(value):
        raise refused(
            "TZ209",
            f"`{value[:_MOST_SHOWN]}` {problem}",
            "choose another name, such as `acme-prod-media`",
        )
    return value


def region_respelt(text: str) -> str:
    """What a region is called if only case, hyphens or zeros are wrong; or the region of a zone.

    >>> region_respelt("US_EAST_1"), region_respelt("us-east1"), region_respelt("us-east-2a")
    ('us-east-1', 'us-east-1', 'us-east-2')
    >>> region_respelt("Ohio")
    ''
    """
    match = _NEARLY_REGION.fullmatch(text.strip().lower().replace("_", "-"))
    return f"{match['name']}-{match['number']}" if match is not None else ""


def window_respelt(text: str) -> str:
    """A window with lowercase days of three letters, two-digit hours and without spaces.

    >>> window_respelt("Sunday:3:00 - Sunday:4:00"), window_respelt("3:00-4:00")
    ('sun:03:00-sun:04:00', '03:00-04:00')
    >>> window_respelt("sun:03:00-04:00")
    'sun:03:00-sun:04:00'
    """
    plain = "".join(text.lower().translate(_DASHES).split())
    short = _LONG_DAY.sub(r"\1", plain)
    hours = _SHORT_HOUR.sub(lambda match: f"0{match[0]}", short)
    return _ONE_DAY.sub(r"\1\2-\1\3", hours)


def _as_written(text: str) -> str:
    return text


def _matching(
    code: str,
    pattern: re.Pattern[str],
    what: str,
    example: str,
    respelt: Callable[[str], str] = _as_written,
) -> Callable[[str], str]:
    def check(value: str) -> str:
        if len(value) > _LONGEST or not pattern.fullmatch(value):
            raise refused(code, f"`{value[:_MOST_SHOWN]}` is not {what}", advice(value))
        return value

    def advice(value: str) -> str:
        if len(value) <= _MOST_SHOWN and pattern.fullmatch(near := respelt(value)):
            return f"did you mean `{near}`?"
        return f"write one such as `{example}`"

    return check


Hostname: TypeAlias = Annotated[str, AfterValidator(_hostname)]
"""A fully qualified host name in lowercase, without a trailing dot."""

CertificateName: TypeAlias = Annotated[str, AfterValidator(_certificate_name)]
"""A host name, optionally with `*` as its first label."""

Ipv4Network: TypeAlias = Annotated[str, AfterValidator(_network)]
"""An IPv4 network in CIDR notation, /16 to /28, with no host bits set."""

BucketName: TypeAlias = Annotated[str, AfterValidator(_bucket_name)]
"""The name of a general purpose S3 bucket; it must be unique across all of AWS."""

Region: TypeAlias = Annotated[
    str, AfterValidator(_matching("TZ210", _REGION, "an AWS region", "us-east-2", region_respelt))
]
"""An AWS region code."""

Arn: TypeAlias = Annotated[
    str,
    AfterValidator(
        _matching("TZ211", _ARN, "an ARN", "arn:aws:acm:us-east-2:123456789012:certificate/...")
    ),
]
"""An Amazon Resource Name."""

Email: TypeAlias = Annotated[
    str, AfterValidator(_matching("TZ212", _EMAIL, "an email address", "ops@example.com"))
]
"""An email address."""

AccountId: TypeAlias = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
"""The ID of an AWS account: text of 12 digits."""

DailyWindow: TypeAlias = Annotated[
    str,
    AfterValidator(
        _matching("TZ674", _DAILY, "a time of each day in UTC", "03:00-04:00", window_respelt)
    ),
]
"""A time of each day in UTC, as AWS writes it: `03:00-04:00`."""

WeeklyWindow: TypeAlias = Annotated[
    str,
    AfterValidator(
        _matching(
            "TZ674", _WEEKLY, "a time of the week in UTC", "sun:03:00-sun:04:00", window_respelt
        )
    ),
]
"""A time of the week in UTC, as AWS writes it: `sun:03:00-sun:04:00`."""

VpcId: TypeAlias = Annotated[str, Field(pattern=r"^vpc-([0-9a-f]{8}|[0-9a-f]{17})$")]
"""The ID of a VPC."""

SubnetId: TypeAlias = Annotated[str, Field(pattern=r"^subnet-([0-9a-f]{8}|[0-9a-f]{17})$")]
"""The ID of a subnet."""

UrlPath: TypeAlias = Annotated[str, Field(pattern=r"^/[!-~]*$", max_length=128)]
"""A path that starts with `/`."""
