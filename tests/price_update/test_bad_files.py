"""Files that no catalogue may be made of."""

import gzip
import json
from typing import Any

import pytest

from cost.rates.download import DownloadError
from cost.rates.offer_traps import OfferError
from tests.price_update.files import (
    INDEX_FILE,
    REGION_FILE,
    REGIONS_FILE,
    WHOLE,
    offer_file,
    region_index,
    term,
)
from tests.price_update.site import Site, fresh


def broken(content: bytes):
    """A change of the region's file."""

    def change(site: Site) -> None:
        site.files[REGION_FILE] = content

    return change


def set_headers(**headers: str):
    """Other headers with the region's file."""

    def change(site: Site) -> None:
        site.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    return change


def redirected(target: str):
    """A redirection of the region's file."""

    def change(site: Site) -> None:
        site.first_statuses = [302] * 9
        site.headers = {"Location": target}

    return change


def led_to(path: str):
    """A region index that leads elsewhere."""

    def change(site: Site) -> None:
        site.files[REGIONS_FILE] = json.dumps(region_index(path)).encode()

    return change


def without(path: str):
    """A file that is not there."""

    def change(site: Site) -> None:
        del site.files[path]

    return change


def spot(content: Any):
    """Another feed."""

    def change(site: Site) -> None:
        site.files["/spot.json"] = json.dumps(content).encode()

    return change


NEGATIVE = offer_file()
NEGATIVE["terms"]["OnDemand"]["AAA"] = term("AAA", ("0", "-1"))
NOT_A_NUMBER = offer_file()
NOT_A_NUMBER["terms"]["OnDemand"]["AAA"] = term("AAA", ("0", "NaN"))
GAP = offer_file()
GAP["terms"]["OnDemand"]["AAA"] = term("AAA", ("5", "0.05"))
ENDLESS = offer_file()
ENDLESS["terms"]["OnDemand"]["AAA"] = term("AAA", ("0", "1E+999999"))
NO_PRICES = {"metadata": {}, "prices": []}
MISFORTUNES = {
    "half a file": (broken(WHOLE[: len(WHOLE) // 2]), "malformed or truncated"),
    "no JSON": (broken(b"<html>sorry</html>"), "it is not JSON"),
    "empty": (broken(b""), "it is not JSON"),
    "bytes": (broken(b"\xff\xfe\x00"), "it is not JSON"),
    "another service": (
        broken(json.dumps(offer_file(offerCode="AmazonRDS")).encode()),
        "it is not the price list of AmazonECS",
    ),
    "another form": (
        broken(json.dumps(offer_file(formatVersion="v9")).encode()),
        "it is not the price list of AmazonECS",
    ),
    "no date": (
        broken(json.dumps(offer_file(publicationDate="soon")).encode()),
        "does not contain its publication date",
    ),
    "no products": (
        broken(json.dumps(offer_file(products={})).encode()),
        "do not contain any of the prices",
    ),
    "products of another form": (
        broken(json.dumps(offer_file(products={"AAA": []})).encode()),
        "does not have attributes",
    ),
    "a price below 0": (broken(json.dumps(NEGATIVE).encode()), "is negative"),
    "a price that is no number": (broken(json.dumps(NOT_A_NUMBER).encode()), "is negative"),
    "a price with a million digits": (broken(json.dumps(ENDLESS).encode()), "implausibly large"),
    "a first tier that does not begin at 0": (
        broken(json.dumps(GAP).encode()),
        "not have a price for the first unit",
    ),
    "a bomb": (broken(gzip.compress(b"0" * 10_000_000)), "it is not JSON"),
    "a bomb that says so": (set_headers(Content_Encoding="gzip"), "compressed"),
    "a wrong checksum": (set_headers(ETag='"' + "0" * 32 + '"'), "the checksum is wrong"),
    "too large": (set_headers(Content_Length="9999999999999"), "larger than"),
    "another server": (redirected("https://evil.example/x.json"), "does not follow"),
    "a file of this machine": (redirected("file:///etc/passwd"), "does not follow"),
    "round and round": (redirected(REGION_FILE), "too many redirects"),
    "a path to another server": (led_to("//evil.example/x.json"), "which is not a path"),
    "a whole address": (led_to("https://evil.example/x.json"), "which is not a path"),
    "a path upwards": (led_to("/../../etc/passwd"), "which is not a path"),
    "gone": (without(REGION_FILE), "the server responds with 404"),
    "no index": (without(INDEX_FILE), "the server responds with 404"),
    "no feed": (without("/spot.json"), "the server responds with 404"),
    "a feed of another form": (
        spot({"prices": [{"unit": "vCPU-Hours"}]}),
        "not have the expected format",
    ),
    "a feed without the region": (spot(NO_PRICES), "not contain a Spot price for us-east-2"),
}


@pytest.mark.parametrize(("change", "message"), MISFORTUNES.values(), ids=MISFORTUNES)
def test_a_bad_file_is_refused_in_one_line(site, tmp_path, change, message):
    """Whatever a server sends, no half or foreign price gets into the catalogue."""
    change(site)

    with pytest.raises((DownloadError, OfferError), match=message) as caught:
        fresh(site, tmp_path)
    assert "\n" not in str(caught.value)
