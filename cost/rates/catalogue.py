"""The price catalogue: what a unit of an item costs in a region, with its source and date."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

EVERYWHERE = "global"
"""The region of a price that is the same wherever a component stands."""

# CloudFront bills by where its viewers are; we take them to be on the continent of the region.
# Source: https://aws.amazon.com/cloudfront/pricing/
EDGE_OF_CONTINENT: Mapping[str, str] = {"us": "edge-us", "ca": "edge-us", "eu": "edge-eu"}
"""What a region's code begins with -> the edge; elsewhere there is no price of CloudFront."""

ONE = Decimal(1)

_ITEM = re.compile(r"[a-z][a-z0-9_]*(:[a-z0-9][a-z0-9.-]*)?")
_REGION = re.compile(r"global|edge-[a-z]+|[a-z]{2,4}(-[a-z]+)+-[0-9]")


def is_region(name: str) -> bool:
    """Whether a name has the form of an AWS region's, such as `us-east-2`.

    >>> is_region("us-gov-west-1"), is_region("mars"), is_region("global")
    (True, False, False)
    """
    return _REGION.fullmatch(name) is not None and name[-1].isdecimal()


def has_prices(place: str) -> bool:
    """Whether a name has the form of a place in the catalogue: a region, an edge, or everywhere.

    >>> has_prices("us-east-2"), has_prices("edge-eu"), has_prices("global"), has_prices("mars")
    (True, True, True, False)
    """
    return _REGION.fullmatch(place) is not None


def is_item(name: str) -> bool:
    """Whether a name has the form of an item's.

    >>> is_item("rds_instance_hour:db.t4g.micro"), is_item("a[b"), is_item("NAT")
    (True, False, False)
    """
    return _ITEM.fullmatch(name) is not None


class Confidence(StrEnum):
    """How directly a price comes from AWS, the best first."""

    OFFER_FILE = "offer-file"
    """Read from AWS's bulk price list."""
    VENDOR_PAGE = "vendor-page"
    """Read from a page of AWS, or from the data behind it."""
    SECONDARY = "secondary"
    """Published by somebody else."""
    DERIVED = "derived"
    """Calculated from other prices; the note says how."""
    NEGOTIATED = "negotiated"
    """From a price book of one's own, which has the last word."""


@dataclass(frozen=True, slots=True)
class Tier:
    """The rate of every unit beyond a quantity, until the next tier begins."""

    from_quantity: Decimal
    """Where the tier begins, in the price's unit, per account and month."""
    usd: Decimal
    """USD for one unit."""


@dataclass(frozen=True, slots=True)
class Price:
    """What AWS asks for one item in one region: list price, on demand, before tax."""

    item: str
    """What is billed, such as `nat_gateway_hour`; a size stands behind a colon."""
    region: str
    """A region, `global`, or a CloudFront edge: `edge-us`, `edge-eu`."""
    unit: str
    """What one of it is, such as `hour`."""
    tiers: tuple[Tier, ...]
    """At least one; the first begins at 0, the others ascend."""
    effective: date | None
    """When the price was published or read, the oldest over its tiers; None if one has no date."""
    source: str
    """Where the price was read."""
    confidence: Confidence
    """How directly it comes from AWS, the weakest over its tiers."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All prices that one bill uses."""

    name: str
    """What the bill calls it."""
    prices: Mapping[tuple[str, str], Price]
    """(item, region) -> price."""

    @property
    def date(self) -> date | None:
        """The newest date of any price."""
        return max((p.effective for p in self.prices.values() if p.effective), default=None)

    def price(self, item: str, region: str) -> Price | None:
        """The price of an item: the region's, else the global, else its edge's; never another's."""
        continent, _, _ = region.partition("-")
        for place in (region, EVERYWHERE, EDGE_OF_CONTINENT.get(continent, "")):
            if price := self.prices.get((item, place)):
                return price
        return None


def cost(price: Price, quantity: Decimal, months: Decimal = ONE) -> Decimal:
    """USD for a quantity of an item, each tier's part of it at that tier's rate.

    Args:
        price: What one unit costs.
        quantity: How many units.
        months: In how many months they are used; tiers begin anew with each.

    >>> tiers = (Tier(Decimal(0), Decimal("0.50")), Tier(Decimal(25), Decimal("0.10")))
    >>> zones = Price("zone", "global", "zone-month", tiers, None, "", Confidence.DERIVED)
    >>> cost(zones, Decimal(27))  # 25 x 0.50 + 2 x 0.10
    Decimal('12.70')
    """
    if not quantity.is_finite() or quantity < 0:
        raise ValueError(f"{quantity} {price.unit} of {price.item}: a quantity must be 0 or more")
    return sum((part * tier.usd for tier, part in parts(price, quantity, months)), Decimal(0))


def parts(
    price: Price, quantity: Decimal, months: Decimal = ONE
) -> tuple[tuple[Tier, Decimal], ...]:
    """How much of a quantity falls into each tier, those left out that it does not reach."""
    starts = [tier.from_quantity * months for tier in price.tiers]
    ends = (*starts[1:], quantity)
    return tuple(
        (tier, min(quantity, end) - start)
        for tier, start, end in zip(price.tiers, starts, ends, strict=True)
        if quantity > start
    )
