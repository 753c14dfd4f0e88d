"""Fresh prices: what is taken from AWS's files."""

import json
from datetime import date
from decimal import Decimal

import pytest

from cost.rates.catalogue import Confidence
from cost.rates.catalogue_file import BESIDE, catalogue_text, read_catalogue
from cost.rates.update import price_changes
from tests.price_update.files import REGION_FILE, REGIONS_FILE, SPOT, offer_file, product, term
from tests.price_update.site import READ, fresh, rates, updated


def test_prices_of_the_region_are_those_of_the_list(site, tmp_path):
    """Neither the Windows row, nor a local zone's, nor a reserved term of 0 is taken."""
    found = fresh(site, tmp_path)

    assert rates(found, "fargate_linux_x86_vcpu_hour") == (Decimal("0.05"),)
    assert rates(found, "fargate_linux_x86_gb_hour") == (Decimal("0.004445"),)


def test_a_fresh_price_says_where_and_when_it_was_published(site, tmp_path):
    """A bill shows that source and date."""
    price = fresh(site, tmp_path).price("fargate_linux_x86_vcpu_hour", "us-east-2")

    assert (price.source, price.effective, price.confidence) == (
        f"{site.url}{REGION_FILE}",
        date(2026, 11, 1),
        Confidence.OFFER_FILE,
    )


def test_spot_prices_come_from_the_feed_and_bear_the_day_of_reading(site, tmp_path):
    """The feed has no dates; another region's rows are not taken."""
    price = fresh(site, tmp_path).price("fargate_spot_linux_x86_vcpu_hour", "us-east-2")

    assert (price.tiers[0].usd, price.effective) == (Decimal("0.0154"), READ)


def test_the_changes_are_named_with_both_prices(site, tmp_path):
    """A price that only was confirmed is no change."""
    before = read_catalogue()
    found = {
        (c.item, c.region): c.after.tiers[0].usd
        for c in price_changes(before, fresh(site, tmp_path))
    }

    assert found == {
        ("fargate_linux_x86_vcpu_hour", "us-east-2"): Decimal("0.05"),
        ("fargate_spot_linux_x86_gb_hour", "us-east-2"): Decimal("0.00169"),
        ("fargate_spot_linux_x86_vcpu_hour", "us-east-2"): Decimal("0.0154"),
    }


def test_tiers_come_in_order_whatever_the_order_of_the_file(site, tmp_path):
    """JSON objects have no order that could be trusted."""
    whole = offer_file()
    whole["terms"]["OnDemand"]["AAA"] = term("AAA", ("10240", "0.01"), ("0", "0.05"))
    site.files[REGION_FILE] = json.dumps(whole).encode()

    assert rates(fresh(site, tmp_path), "fargate_linux_x86_vcpu_hour") == (
        Decimal("0.05"),
        Decimal("0.01"),
    )


def test_a_written_catalogue_reads_back_the_same(site, tmp_path):
    """The file beside the spec is the catalogue, tier by tier."""
    found = fresh(site, tmp_path / "parts")
    path = tmp_path / BESIDE
    path.write_text(catalogue_text(found), "utf-8")

    assert read_catalogue(path).prices == found.prices


def test_a_region_that_is_not_shipped_can_be_read(site, tmp_path):
    """Its prices are in AWS's list like all others, with its own letters in front."""
    whole = json.loads(json.dumps(offer_file()).replace("us-east-2", "sa-east-1"))
    whole = json.loads(json.dumps(whole).replace("USE2-", "SAE1-"))
    path = REGION_FILE.replace("us-east-2", "sa-east-1")
    regions = {"regions": {"sa-east-1": {"regionCode": "sa-east-1", "currentVersionUrl": path}}}
    site.files[REGIONS_FILE] = json.dumps(regions).encode()
    site.files[path] = json.dumps(whole).encode()
    site.files["/spot.json"] = json.dumps(SPOT).replace("us-east-2", "sa-east-1").encode()
    found = updated(site, tmp_path, "AmazonECS", region="sa-east-1").catalogue
    price = found.price("fargate_linux_x86_vcpu_hour", "sa-east-1")

    assert price.tiers[0].usd == Decimal("0.05")


@pytest.mark.parametrize("sku", ["AAA", "FREE"])
def test_terms_of_the_free_tier_are_no_prices(site, tmp_path, sku):
    """They stand among the terms on demand, of the same product or of one of their own."""
    whole = offer_file()
    whole["products"].setdefault(sku, product(sku, "USE2-Fargate-vCPU-Hours:perCPU"))
    free = {f"{sku}.A429C66SYZ": {"offerTermCode": "A429C66SYZ", "priceDimensions": {}}}
    whole["terms"]["OnDemand"][sku] = whole["terms"]["OnDemand"].get(sku, {}) | free
    site.files[REGION_FILE] = json.dumps(whole).encode()

    assert rates(fresh(site, tmp_path), "fargate_linux_x86_vcpu_hour") == (Decimal("0.05"),)
