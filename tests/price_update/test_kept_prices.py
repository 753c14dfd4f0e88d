"""Prices that an update finds nowhere: they stay, and are named."""

import json
from decimal import Decimal

import pytest

from cost.rates.catalogue_file import read_catalogue
from tests.price_update.files import REGION_FILE, offer_file, product, term
from tests.price_update.site import Site, fresh, rates, updated


def test_what_aws_does_not_list_stays_as_it_was(site, tmp_path):
    """A fresh catalogue is never poorer than the old one."""
    before, after = read_catalogue(), fresh(site, tmp_path)

    assert set(before.prices) <= set(after.prices)
    assert before.price("nat_gateway_hour", "us-east-1") == after.price(
        "nat_gateway_hour", "us-east-1"
    )


@pytest.fixture
def ambiguous(site: Site) -> Site:
    """The same server with a second price of one item."""
    whole = offer_file()
    whole["products"]["EEE"] = product("EEE", "USE2-Fargate-vCPU-Hours:perCPU")
    whole["terms"]["OnDemand"]["EEE"] = term("EEE", ("0", "0.06"))
    site.files[REGION_FILE] = json.dumps(whole).encode()
    return site


def test_an_item_with_two_different_prices_keeps_the_old_one(ambiguous, tmp_path):
    """Which of them is meant cannot be known."""
    assert rates(fresh(ambiguous, tmp_path), "fargate_linux_x86_vcpu_hour") == (Decimal("0.04048"),)


def test_an_item_that_no_row_fits_is_named(site, tmp_path):
    """AWS may rename a usage type, and the old price would stay for ever."""
    kept = {one.price.item: one.why for one in updated(site, tmp_path, "AmazonECS").kept}

    assert kept["fargate_linux_arm_vcpu_hour"] == "AmazonECS does not have exactly one matching row"
    assert kept["valkey_serverless_ecpu"] == "none of the files contain it"
    assert kept["fargate_spot_linux_arm_gb_hour"] == "the Spot feed does not contain its price"


def test_what_was_read_or_was_not_asked_for_is_not_named(site, tmp_path):
    """A fresh price is no news, and neither is a service that `--offer` leaves out."""
    kept = {one.price.item for one in updated(site, tmp_path, "AmazonECS").kept}

    assert kept & {"fargate_linux_x86_vcpu_hour", "nat_gateway_hour", "alb_hour"} == set()


def test_an_item_with_two_prices_is_named(ambiguous, tmp_path):
    """It keeps the old one, and somebody should look."""
    kept = {one.price.item for one in updated(ambiguous, tmp_path, "AmazonECS").kept}

    assert "fargate_linux_x86_vcpu_hour" in kept
