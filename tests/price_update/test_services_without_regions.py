"""Services whose prices are not by region, and which file states what."""

import fnmatch
import json
from datetime import date
from decimal import Decimal

import pytest

from cost.rates.catalogue_file import read_catalogue
from cost.rates.offers import OFFERS
from tests.price_update.files import INDEX_FILE, index, offer_of, region_index
from tests.price_update.site import Site, updated

EDGE_FILE = "/offers/v1.0/aws/AmazonCloudFront/current/index.json"
ZONE_FILE = "/offers/v1.0/aws/AmazonRoute53/current/index.json"
# (usage type, tiers), with a place that we do not price and a row of another service of the file.
EDGE_ROWS = (
    ("US-Requests-Tier2-HTTPS", ("0", "0.0000011")),
    ("EU-Requests-Tier2-HTTPS", ("0", "0.0000013")),
    ("JP-Requests-Tier2-HTTPS", ("0", "0.0000099")),
    ("US-DataTransfer-Out-Bytes", ("0", "0.084"), ("10240", "0.079")),
    ("US-Lambda-Edge-Request", ("0", "0.0000006")),
    ("Invalidations", ("0", "0"), ("1000", "0.006")),
)
ZONE_ROWS = (
    ("HostedZone", ("0", "0.51"), ("25", "0.1")),
    ("DNS-Queries", ("0", "0.00000041")),
    ("APN2-DNS-Queries", ("0", "9")),
)
KEY_ROWS = (("us-east-2-KMS-Keys", ("0", "1.01")), ("us-east-2-KMS-Requests", ("0", "0.000004")))


@pytest.fixture
def wide(site: Site) -> Site:
    """The same server with CloudFront, Route 53 and KMS."""
    edge = {"regionCode": "", "locationType": "AWS Edge Location"}
    folder = "/offers/v1.0/aws/awskms/current"
    keys = f"{folder}/us-east-2/index.json"
    paths = {"AmazonCloudFront": EDGE_FILE, "AmazonRoute53": ZONE_FILE, "awskms": "/unused.json"}
    offers = {
        code: {
            "offerCode": code,
            "currentVersionUrl": path,
            "currentRegionIndexUrl": f"/offers/v1.0/aws/{code}/current/region_index.json",
        }
        for code, path in paths.items()
    }
    whole = index()
    whole["offers"] |= offers
    site.files |= {
        INDEX_FILE: json.dumps(whole).encode(),
        "/offers/v1.0/aws/awskms/current/region_index.json": json.dumps(
            region_index(keys)
        ).encode(),
        EDGE_FILE: offer_of("AmazonCloudFront", EDGE_ROWS, **edge),
        ZONE_FILE: offer_of("AmazonRoute53", ZONE_ROWS, regionCode="", locationType="Other"),
        keys: offer_of("awskms", KEY_ROWS),
    }
    return site


@pytest.mark.parametrize(
    ("item", "region", "expected"),
    [
        ("cloudfront_https_request_per_10k", "us-east-2", ["0.011"]),
        ("cloudfront_https_request_per_10k", "eu-west-1", ["0.013"]),
        ("cloudfront_data_transfer_out_gb", "us-east-2", ["0.084", "0.079"]),
        ("cloudfront_invalidation_path", "us-east-2", ["0", "0.006"]),
        ("route53_hosted_zone_month", "us-east-2", ["0.51", "0.1"]),
        ("route53_standard_query_per_million", "us-east-2", ["0.41"]),
        ("kms_key_month", "us-east-2", ["1.01"]),
        ("kms_request", "us-east-2", ["0.000004"]),
    ],
)
def test_services_without_regions_are_read_from_their_one_file(
    wide, tmp_path, item, region, expected
):
    """CloudFront's edges and Route 53, and KMS, whose usage types name the region in full."""
    found = updated(wide, tmp_path, "AmazonCloudFront", "AmazonRoute53", "awskms").catalogue
    price = found.price(item, region)

    assert [tier.usd for tier in price.tiers] == [Decimal(usd) for usd in expected]
    assert price.effective == date(2026, 11, 1)


def test_every_item_that_is_read_has_a_price_in_the_catalogue():
    """Else a misspelt item would never be looked for."""
    known = {item for item, _ in read_catalogue().prices}
    patterns = {pattern for offer in OFFERS for pattern in offer.items}

    assert [p for p in sorted(patterns) if not fnmatch.filter(known, p)] == []


def test_no_item_is_read_from_two_files():
    """The later one would win, whichever that is."""
    known = {item for item, _ in read_catalogue().prices}

    assert [i for i in sorted(known) if sum(offer.states(i) for offer in OFFERS) > 1] == []
