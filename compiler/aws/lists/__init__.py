"""What AWS has, as of a day: regions, zones, instance classes, node types, versions, partitions."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from compiler.plan.listed import Names, Offer

# `scripts/update_aws_lists.py` writes the files, each with its source and its day.
_FOLDER = Path(__file__).parent
_HOME = "aws"
ZONE_LETTERS = "abcdef"
"""What a zone may end in; old accounts see some that no new one gets, such as ap-northeast-1b."""


@cache
def regions() -> Names:
    """Every region of every partition."""
    data = _data("regions")
    known = (region for p in data["partitions"].values() for region in p["regions"])
    announced = frozenset(data["announced"].split())
    return Names("an AWS region", data["read"], dict.fromkeys(known, Offer()), announced)


@cache
def zones(region: str) -> Names:
    """The Availability Zones of a region that `regions()` has, as any account may see them."""
    names = (f"{region}{letter}" for letter in "".join(_letters(region)))
    what = f"an Availability Zone in `{region}`"
    return Names(what, _data("regions")["read"], dict.fromkeys(names, Offer()))


def zone_letters(region: str) -> str:
    """The letters of a region's zones, as a new account sees them.

    >>> zone_letters("ca-central-1"), zone_letters("us-east-2")
    ('abd', 'abc')
    """
    return next(iter(_letters(region)), "abc")


@cache
def instance_classes() -> Names:
    """The RDS instance classes for PostgreSQL, with their regions and major versions."""
    return _sold("instance_classes", "an RDS instance class for PostgreSQL")


@cache
def node_types() -> Names:
    """The ElastiCache node types, with their regions."""
    return _sold("node_types", "an ElastiCache node type")


@cache
def postgresql_versions() -> Names:
    """The versions of PostgreSQL that RDS has or had, those of a major alone included."""
    data = _data("postgresql_versions")
    offers: dict[str, Offer] = {}
    for major, minors in data["majors"].items():
        offers |= {major: Offer(retired=not minors["offered"])}
        offers |= {f"{major}.{minor}": Offer() for minor in minors["offered"].split()}
        retired = minors["retired"].split()
        offers |= {f"{major}.{minor}": Offer(retired=True) for minor in retired}
    return Names("a PostgreSQL version in RDS", data["read"], offers, numbered=True)


@dataclass(frozen=True, slots=True)
class Support:
    """The days of one major version of an engine, as AWS announced them."""

    standard: date
    """The last day of standard support."""
    charged: date
    """From when AWS charges for Extended Support."""
    end: date
    """The last day of Extended Support."""
    read: date
    """When AWS's calendar was read."""

    @property
    def ended(self) -> bool:
        """Whether standard support had ended when the calendar was read."""
        return self.standard < self.read

    @property
    def ending(self) -> bool:
        """Whether it had not, and ends within a year of that day."""
        return not self.ended and self.standard - self.read < timedelta(days=365)


def support(engine: str, version: str) -> Support | None:
    """The days of a version such as `16.4`; None for one without an announced end.

    Args:
        engine: `PostgreSQL` or `Redis`.
        version: As it is written in a spec.
    """
    data = _data("support")
    days = data["engines"][engine]["versions"].get(version.partition(".")[0])
    if days is None:
        return None
    known = (days[name] for name in ("standard", "charged", "end"))
    return Support(*map(date.fromisoformat, (*known, data["read"])))


def partition(region: str) -> str:
    """The first part of every ARN of a region after `arn:`.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html

    >>> partition("us-gov-west-1"), partition("eusc-de-east-1"), partition("us-east-9")
    ('aws-us-gov', 'aws-eusc', 'aws')
    """
    return next((p for start, p in _partitions().items() if region.startswith(start)), _HOME)


def dns_suffix(region: str) -> str:
    """What the names of a region's endpoints end in.

    >>> dns_suffix("cn-north-1"), dns_suffix("us-gov-west-1")
    ('amazonaws.com.cn', 'amazonaws.com')
    """
    return str(_data("regions")["partitions"][partition(region)]["dns_suffix"])


@cache
def dns_suffixes() -> frozenset[str]:
    """The domains of AWS's own endpoints, such as `amazonaws.com`."""
    return frozenset(p["dns_suffix"] for p in _data("regions")["partitions"].values())


@cache
def _partitions() -> Mapping[str, str]:
    """How the regions of each partition begin, but for those of the largest one."""
    return {
        _stem(region): name
        for name, partition in _data("regions")["partitions"].items()
        for region in partition["regions"]
        if name != _HOME
    }


def _stem(region: str) -> str:
    """A region without its direction and number: `us-gov-` of `us-gov-west-1`."""
    return region.rsplit("-", 2)[0] + "-"


def _letters(region: str) -> tuple[str, ...]:
    """The letters that each account has, and those that only some have."""
    partitions = _data("regions")["partitions"].values()
    return next(
        (tuple(p["regions"][region].split()) for p in partitions if region in p["regions"]), ()
    )


def _sold(name: str, what: str) -> Names:
    """Names that are listed as families with sizes."""
    data = _data(name)
    everywhere = frozenset(data["regions"].split())
    known = "engines" in data
    offers: dict[str, Offer] = {}
    for row in data["families"]:
        engines = frozenset(row.get("majors", "").split())
        offer = Offer(_regions(row["regions"], everywhere), engines, known and not engines)
        offers |= _sizes(row, offer)
    for row in data.get("retired", ()):
        offers |= _sizes(row, Offer(retired=True))
    engines = frozenset(data.get("engines", "").split())
    return Names(what, data["read"], offers, regions=everywhere, engines=engines)


def _sizes(row: Mapping[str, str], offer: Offer) -> dict[str, Offer]:
    return {f"{row['family']}.{size}": offer for size in row["sizes"].split()}


def _regions(text: str, everywhere: Iterable[str]) -> frozenset[str]:
    """The regions of a row: a list, or `all` without some."""
    first, *others = text.split()
    if first != "all":
        return frozenset((first, *others))
    return frozenset(everywhere) - {region.removeprefix("-") for region in others}


@cache
def _data(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
