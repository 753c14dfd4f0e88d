"""AWS's bulk price list: which of its rows are which items, and reading them from a file.

Source of the form: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api-fetching-price-list-files-manually.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any

from cost.rates.catalogue import Confidence, Price, Tier
from cost.rates.offer_traps import OfferError, OfferFile, refuse_traps
from cost.rates.price_file import MOST_QUANTITY, MOST_USD, number

Attributes = Mapping[str, str]
Naming = Callable[[str, Attributes], str | None]
"""Usage type without its region's prefix, and attributes -> the item, or None."""

# Some services leave the prefix out in us-east-1, newer ones write it there too.
_PREFIX: Mapping[str, tuple[str, ...]] = {
    "us-east-1": ("USE1-", ""),
    "us-east-2": ("USE2-",),
    "us-west-2": ("USW2-",),
    "eu-west-1": ("EU-", "EUW1-"),
}
# Chosen: a region sells a few thousand of our items.
MOST_PRODUCTS = 100_000
# What AWS calls the terms of its free tier, which stand among those on demand.
# Source: https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonCloudFront/current/index.json
FREE_TIER_TERM = "A429C66SYZ"
_ANY_PREFIX = re.compile(r"[A-Z]{2,4}\d?-")


@dataclass(frozen=True, slots=True)
class Offer:
    """One service's file in the price list, and what we read from it."""

    code: str
    naming: Naming
    items: tuple[str, ...]
    """The items that the file states, as patterns, so that one without a row is noticed."""
    scale: Mapping[str, int] = field(default_factory=dict)
    """Item -> how many of AWS's units one of ours is, where that is not 1."""
    places: Mapping[str, str] = field(default_factory=dict)
    """For a service whose prices are not by region, which has one file for all: the place of a
    price -> what its usage types begin with.
    """

    def states(self, item: str) -> bool:
        """Whether the price of an item is looked for in this file."""
        return any(fnmatchcase(item, pattern) for pattern in self.items)


def _exact(names: Mapping[str, str], **needed: str) -> Naming:
    def naming(usage: str, attributes: Attributes) -> str | None:
        if any(attributes.get(key) != value for key, value in needed.items()):
            return None
        return names.get(usage)

    return naming


def _rds(usage: str, attributes: Attributes) -> str | None:
    engine = attributes.get("databaseEngine", "")
    deployment = {"Single-AZ": "single_az", "Multi-AZ": "multi_az"}.get(
        attributes.get("deploymentOption", "")
    )
    if deployment is not None and engine == "PostgreSQL":
        start = "InstanceUsage:" if deployment == "single_az" else "Multi-AZUsage:"
        size = attributes.get("instanceType", "")
        if usage.startswith(start) and size.startswith("db."):
            return f"rds_postgresql_{deployment}_hour:{size}"
    if engine not in ("Any", "PostgreSQL"):
        return None
    zones = "multi_az" if usage.startswith("RDS:Multi-AZ-") else "single_az"
    disk = _DISKS.get(usage.removeprefix("RDS:").removeprefix("Multi-AZ-"))
    if disk is not None and usage.startswith("RDS:"):
        return f"rds_postgresql_storage_{disk.format(zones=zones)}"
    if usage == "RDS:ChargedBackupUsage" and engine in ("Any", "PostgreSQL"):
        return "rds_postgresql_backup_storage_over_allowance_gb_month"
    return None


_DISKS = {
    "GP2-Storage": "gp2_{zones}_gb_month",
    "GP3-Storage": "gp3_{zones}_gb_month",
    "PIOPS-Storage": "io1_{zones}_gb_month",
    "PIOPS": "io1_iops_{zones}_month",
    "GP3-PIOPS": "gp3_extra_iops_{zones}_month",
    "GP3-Throughput": "gp3_extra_throughput_{zones}_month",
}
_RDS_ITEMS = (
    "rds_postgresql_single_az_hour:*",
    "rds_postgresql_multi_az_hour:*",
    *(
        f"rds_postgresql_storage_{disk.format(zones=zones)}"
        for disk in _DISKS.values()
        for zones in ("single_az", "multi_az")
    ),
    "rds_postgresql_backup_storage_over_allowance_gb_month",
)


def _elasticache(usage: str, attributes: Attributes) -> str | None:
    size = attributes.get("instanceType", "")
    if usage == f"NodeUsage:{size}" and attributes.get("cacheEngine") == "Redis":
        return f"redis_node_hour:{size}"
    return None


_BALANCER = _exact(
    {"LoadBalancerUsage": "alb_hour", "LCUUsage": "alb_lcu_hour"},
    operation="LoadBalancing:Application",
)
_FARGATE = {
    "Fargate-vCPU-Hours:perCPU": "fargate_linux_x86_vcpu_hour",
    "Fargate-GB-Hours": "fargate_linux_x86_gb_hour",
    "Fargate-ARM-vCPU-Hours:perCPU": "fargate_linux_arm_vcpu_hour",
    "Fargate-ARM-GB-Hours": "fargate_linux_arm_gb_hour",
    "Fargate-EphemeralStorage-GB-Hours": "fargate_ephemeral_storage_over_20gb_gb_hour",
}
_ENDPOINTS = {
    "PublicIPv4:InUseAddress": "public_ipv4_in_use_hour",
    "PublicIPv4:IdleAddress": "public_ipv4_idle_hour",
    "VpcEndpoint-Hours": "vpc_interface_endpoint_az_hour",
    "VpcEndpoint-Bytes": "vpc_interface_endpoint_processed_gb",
}
_NAT = {"NatGateway-Hours": "nat_gateway_hour", "NatGateway-Bytes": "nat_gateway_processed_gb"}
_BUCKETS = {
    "TimedStorage-ByteHrs": "s3_standard_storage_gb_month",
    "Requests-Tier1": "s3_standard_put_copy_post_list_request",
    "Requests-Tier2": "s3_standard_get_and_other_request",
}
_WATCH = {
    "DataProcessing-Bytes": "cloudwatch_logs_standard_ingestion_gb",
    "TimedStorage-ByteHrs": "cloudwatch_logs_storage_gb_month",
    "CW:AlarmMonitorUsage": "cloudwatch_alarm_standard_metric_month",
}
_SECRETS = {
    "AWSSecretsManager-Secrets": "secretsmanager_secret_month",
    "AWSSecretsManagerAPIRequest": "secretsmanager_api_calls_per_10k",
}
_KEYS = {"KMS-Keys": "kms_key_month", "KMS-Requests": "kms_request"}
_TOPICS = {"Requests-Tier1": "sns_request", "DeliveryAttempts-SMTP": "sns_email_notification"}
_REGISTRY = {"TimedStorage-ByteHrs": "ecr_image_storage_gb_month"}
_ZONES = {
    "HostedZone": "route53_hosted_zone_month",
    "DNS-Queries": "route53_standard_query_per_million",
}
_EDGES = {
    "DataTransfer-Out-Bytes": "cloudfront_data_transfer_out_gb",
    "DataTransfer-Out-OBytes": "cloudfront_data_transfer_to_origin_gb",
    "Requests-Tier1": "cloudfront_http_request_per_10k",
    "Requests-Tier2-HTTPS": "cloudfront_https_request_per_10k",
    "Invalidations": "cloudfront_invalidation_path",
}


def _transfer(usage: str, attributes: Attributes) -> str | None:
    kind = attributes.get("transferType")
    if usage == "DataTransfer-Out-Bytes" and kind == "AWS Outbound":
        return "data_transfer_internet_out_gb"
    if usage == "DataTransfer-Regional-Bytes" and kind == "IntraRegion":
        return "data_transfer_inter_az_gb_each_direction"
    return None


_TRANSFER_ITEMS = ("data_transfer_internet_out_gb", "data_transfer_inter_az_gb_each_direction")


def _of(code: str, names: Mapping[str, str], scale: Mapping[str, int] | None = None) -> Offer:
    """An offer whose usage types alone say which item a row is."""
    return Offer(code, _exact(names), tuple(names.values()), scale or {})


OFFERS: tuple[Offer, ...] = (
    _of("AmazonECS", _FARGATE),
    Offer("AWSELB", _BALANCER, ("alb_*",)),
    _of("AmazonVPC", _ENDPOINTS),
    _of("AmazonECR", _REGISTRY),
    _of("awskms", _KEYS),
    _of("AmazonSNS", _TOPICS),
    Offer("AmazonElastiCache", _elasticache, ("redis_node_hour:*",)),
    Offer(
        "AmazonRoute53",
        _exact(_ZONES),
        tuple(_ZONES.values()),
        {"route53_standard_query_per_million": 1_000_000},
        {"global": ""},
    ),
    Offer(
        "AmazonCloudFront",
        _exact(_EDGES),
        tuple(_EDGES.values()),
        {"cloudfront_http_request_per_10k": 10_000, "cloudfront_https_request_per_10k": 10_000},
        {"edge-us": "US-", "edge-eu": "EU-", "global": ""},
    ),
    Offer("AmazonRDS", _rds, _RDS_ITEMS),
    _of("AmazonS3", _BUCKETS),
    _of("AmazonCloudWatch", _WATCH),
    _of("AWSSecretsManager", _SECRETS, {"secretsmanager_api_calls_per_10k": 10_000}),
    Offer("AWSDataTransfer", _transfer, _TRANSFER_ITEMS),
    _of("AmazonEC2", _NAT),
)
"""The smallest files first, so that what is wrong shows early."""


def offer_prices(
    file: OfferFile, offer: Offer, place: str, units: Mapping[str, str]
) -> dict[str, Price]:
    """The items of one service in one place, from a file of the price list.

    An item that the file states twice with different prices is left out: which one is meant cannot
    be known.

    Args:
        file: The file, of any size; it is read as a stream.
        offer: Which service, and which of its rows are which items.
        place: The region whose prices the file must hold, or one of the offer's own places.
        units: Item -> our unit of it; other items are left out.
    """
    refuse_traps(file)
    published = _head(file, offer)
    named = _products(file, offer, place, units)
    tiers_by_item: dict[str, set[tuple[Tier, ...]]] = {}
    for sku, terms in _items(file, "terms.OnDemand", file.source):
        if (item := named.get(sku)) and (paid := _paid(terms)):
            tiers_by_item.setdefault(item, set()).add(_tiers(sku, paid, offer.scale.get(item, 1)))
    return {
        item: Price(
            item, place, units[item], tiers.pop(), published, file.source, Confidence.OFFER_FILE
        )
        for item, tiers in tiers_by_item.items()
        if len(tiers) == 1
    }


def _head(offer_file: OfferFile, offer: Offer) -> date:
    """The publication date, after a look at whether this is the right file."""
    import ijson  # noqa: PLC0415 - only an update reads such files

    head: dict[str, str] = {}
    path = offer_file.path
    try:
        with offer_file.opened() as file:
            for prefix, _event, value in ijson.parse(file, use_float=False):
                if prefix in ("formatVersion", "offerCode", "publicationDate"):
                    head[prefix] = str(value)
                if len(head) == 3 or prefix == "products":
                    break
    except OfferError:
        raise
    except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
        raise OfferError(f"{path.name}: it is not JSON") from error
    if head.get("offerCode") != offer.code or not head.get("formatVersion", "").startswith("v1"):
        raise OfferError(f"{path.name}: it is not the price list of {offer.code}")
    try:
        return date.fromisoformat(head["publicationDate"][:10])
    except (KeyError, ValueError) as error:
        raise OfferError(f"{path.name}: it does not contain its publication date") from error


def _products(
    file: OfferFile, offer: Offer, place: str, units: Mapping[str, str]
) -> Mapping[str, str]:
    """Product -> item."""
    named: dict[str, str] = {}
    path = file.path
    for sku, product in _items(file, "products", path.name):
        attributes = product.get("attributes") if isinstance(product, dict) else None
        if not isinstance(attributes, dict):
            raise OfferError(f"{path.name}: product {sku} does not have attributes")
        for usage in _usages(attributes, offer, place):
            item = offer.naming(usage, attributes)
            if item is not None and item in units:
                named[sku] = item
                break
        if len(named) > MOST_PRODUCTS:
            raise OfferError(f"{path.name}: more than {MOST_PRODUCTS:,} products match the items")
    return named


def _usages(attributes: Attributes, offer: Offer, place: str) -> Iterator[str]:
    """A row's usage type without the place in front, if the row is of that place.

    `USE2-NatGateway-Hours` and `us-east-2-KMS-Keys` are of us-east-2, `US-Requests-Tier1` of the
    edges in North America.
    """
    usage = str(attributes.get("usagetype", ""))
    if offer.places:
        prefixes: tuple[str, ...] = (offer.places[place],)
    elif not _is_of_region(attributes, place):
        return
    elif place in _PREFIX:
        prefixes = (*_PREFIX[place], f"{place}-")
    else:
        match = _ANY_PREFIX.match(usage)
        prefixes = (match[0] if match else "", f"{place}-")
    yield from (usage.removeprefix(prefix) for prefix in prefixes if usage.startswith(prefix))


def _is_of_region(attributes: Attributes, region: str) -> bool:
    """Whether a row is of the region itself, and not of a local zone or an edge beside it."""
    where = attributes.get("locationType", "AWS Region")
    return attributes.get("regionCode") == region and where == "AWS Region"


def _items(offer_file: OfferFile, prefix: str, source: str) -> Iterator[tuple[str, Any]]:
    import ijson  # noqa: PLC0415 - only an update reads such files

    try:
        with offer_file.opened() as file:
            yield from ijson.kvitems(file, prefix)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise OfferError(f"{source}: it is malformed or truncated") from error


def _paid(terms: Any) -> Any:  # noqa: ANN401 - JSON
    """The terms of a product without those of the free tier."""
    if not isinstance(terms, Mapping):
        return terms
    return {code: term for code, term in terms.items() if f".{FREE_TIER_TERM}" not in code}


def _tiers(sku: str, terms: Any, scale: int) -> tuple[Tier, ...]:  # noqa: ANN401 - JSON
    """The tiers of a product's only on-demand term."""
    try:
        (term,) = terms.values()
        rates = [
            Tier(_bound(rate["beginRange"]), _rate(rate["pricePerUnit"]["USD"], scale))
            for rate in term["priceDimensions"].values()
        ]
    except (AttributeError, KeyError, TypeError) as error:
        raise OfferError(
            f"product {sku[:40]} does not have a price in the expected format"
        ) from error
    except ValueError as error:
        problem = "has a price or tier that is negative or implausibly large"
        raise OfferError(f"product {sku[:40]} {problem}: it {error}") from error
    rates.sort(key=lambda tier: tier.from_quantity)
    if not rates or rates[0].from_quantity:
        raise OfferError(f"product {sku[:40]} does not have a price for the first unit")
    if any(a.from_quantity == b.from_quantity for a, b in pairwise(rates)):
        raise OfferError(f"product {sku[:40]} has two prices for the same tier")
    return tuple(rates)


def _rate(text: object, scale: int = 1) -> Decimal:
    """A price of the list: for one of our units, if that is so many of AWS's."""
    if not isinstance(text, str):
        raise TypeError(text)
    return number(f"{number(text, MOST_USD) * scale:f}", MOST_USD)


def _bound(text: object) -> Decimal:
    if not isinstance(text, str):
        raise TypeError(text)
    return number(text, MOST_QUANTITY)


def spot_prices(content: Any, region: str, read: date, source: str) -> dict[str, Price]:  # noqa: ANN401
    """The Fargate Spot prices of a region, from AWS's feed of all regions."""
    try:
        rows = [
            (_SPOT_UNITS[row["unit"]], _rate(row["price"]["USD"]))
            for row in content["prices"]
            if row["attributes"]["aws:region"] == region and row["unit"] in _SPOT_UNITS
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OfferError(f"{source}: it does not have the expected format") from error
    if not rows or not all(usd for _, usd in rows):
        raise OfferError(f"{source}: it does not contain a Spot price for {region}")
    return {
        item: Price(
            item,
            region,
            "vCPU-hour" if "vcpu" in item else "GB-hour",
            (Tier(Decimal(0), usd),),
            read,
            source,
            Confidence.VENDOR_PAGE,
            "changes with supply and demand; no history is published",
        )
        for item, usd in rows
    }


_SPOT_UNITS = {
    "vCPU-Hours": "fargate_spot_linux_x86_vcpu_hour",
    "GB-Hours": "fargate_spot_linux_x86_gb_hour",
    "ARM-vCPU-Hours": "fargate_spot_linux_arm_vcpu_hour",
    "ARM-GB-Hours": "fargate_spot_linux_arm_gb_hour",
}
SPOT_ITEMS = frozenset(_SPOT_UNITS.values())
"""The items that the feed of Spot prices states."""
