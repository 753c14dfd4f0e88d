"""Which prices are missing: every item that any spec can need, in every region of the catalogue."""

import re

import pytest

from cost.rates.allowances import read_allowances
from cost.rates.catalogue_file import read_catalogue
from tests.needs import made_by_the_walk, made_in_the_code, needed
from tests.one_of_each import unpriced

CATALOGUE = read_catalogue()
REGIONS = tuple(sorted({r for _, r in CATALOGUE.prices if re.fullmatch(r"[a-z]+(-[a-z]+)+-\d", r)}))


def test_the_regions_are_those_that_were_promised():
    """A region that is lost with its prices would not be missed below."""
    assert REGIONS == ("eu-west-1", "us-east-1", "us-east-2", "us-west-2")


@pytest.mark.parametrize("region", REGIONS)
def test_what_is_missing_is_known(region):
    """A price that nobody has is a line that says so, and stands in its kind's tests by name."""
    missing = {(item, region) for item, _ in needed() if CATALOGUE.price(item, region) is None}

    assert missing == {pair for pair in unpriced() if pair[1] == region}


@pytest.mark.parametrize("region", REGIONS)
def test_meters_and_prices_count_in_the_same_unit(region):
    """Kilobytes at a price for gigabytes would be a million times too dear."""
    priced = {i: p.unit for i, _ in needed() if (p := CATALOGUE.price(i, region))}

    assert {(item, unit) for item, unit in needed() if item in priced} == set(priced.items())


def test_no_meter_is_forgotten(monkeypatch):
    """Every place of the compiler that makes a meter is one that the walk comes by."""
    assert made_by_the_walk(monkeypatch) == made_in_the_code()


@pytest.mark.parametrize("start", ["rds_postgresql_single_az_hour:", "redis_node_hour:"])
def test_sizes_that_are_not_priced_everywhere_are_known(start):
    """A size that a region lacks is unpriced there; most are priced in all four."""
    sizes = {item for item, _ in CATALOGUE.prices if item.startswith(start)}
    partly = {s for s in sizes if not all(CATALOGUE.price(s, region) for region in REGIONS)}

    assert partly == set()


def test_every_size_has_a_price_in_one_zone_and_in_two():
    """A switch to Multi-AZ must not lose the price."""
    single, multi = (
        {item.partition(":")[2] for item, _ in CATALOGUE.prices if item.startswith(start)}
        for start in ("rds_postgresql_single_az_hour:", "rds_postgresql_multi_az_hour:")
    )

    assert single == multi


def test_free_allowances_are_counted_in_the_units_of_their_items():
    """Ten million requests are a thousand times ten thousand."""
    units = {price.item: price.unit for price in CATALOGUE.prices.values()}

    assert {a.item: a.unit for a in read_allowances().values()} == {
        item: units[item] for item in read_allowances()
    }


def test_free_allowances_are_those_that_aws_states():
    """https://aws.amazon.com/free/: always free, for every account."""
    assert {item: int(a.quantity) for item, a in read_allowances().items()} == {
        "cloudfront_data_transfer_out_gb": 1024,
        "cloudfront_https_request_per_10k": 10_000_000 // 10_000,
        "cloudwatch_alarm_standard_metric_month": 10,
        "cloudwatch_logs_standard_ingestion_gb": 5,
        "cloudwatch_logs_storage_gb_month": 5,
        "data_transfer_internet_out_gb": 100,
    }
