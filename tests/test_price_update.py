"""Reading fresh prices: from a server on this machine whose files have the form of AWS's.

The form: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api-fetching-price-list-files-manually.html
"""

import fnmatch
import gzip
import hashlib
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from typer.testing import CliRunner

from cost.catalogue import BESIDE, SHIPPED, Confidence, catalogue_text, read_catalogue
from cost.download import DownloadError, Patience, download
from cost.offers import OFFERS, OfferError
from cost.update import Sources, changes, update
from trazo.program import app

ECS = tuple(offer for offer in OFFERS if offer.code == "AmazonECS")
READ = date(2026, 11, 22)
HURRIED = Patience(tries=3, first_wait_s=0.001, silence_s=2.0)
REGION_FILE = "/offers/v1.0/aws/AmazonECS/current/us-east-2/index.json"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """This machine, and nothing else."""
    connect = socket.socket.connect

    def local_only(self, address):
        assert self.family == socket.AF_UNIX or address[0] == "127.0.0.1", address
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


def product(sku: str, usage: str, **attributes: str) -> dict[str, Any]:
    """A product of an offer file."""
    shared = {
        "servicecode": "AmazonECS",
        "location": "US East (Ohio)",
        "locationType": "AWS Region",
        "regionCode": "us-east-2",
        "usagetype": usage,
        "operation": "",
    }
    return {"sku": sku, "productFamily": "Compute", "attributes": shared | attributes}


def term(sku: str, *tiers: tuple[str, str]) -> dict[str, Any]:
    """The on-demand term of a product, with (start, USD) of each tier."""
    ends = [start for start, _ in tiers[1:]] + ["Inf"]
    rates = {
        f"{sku}.JRTCKXETXF.{n}": {
            "rateCode": f"{sku}.JRTCKXETXF.{n}",
            "description": "",
            "beginRange": start,
            "endRange": end,
            "unit": "hours",
            "pricePerUnit": {"USD": usd},
            "appliesTo": [],
        }
        for n, ((start, usd), end) in enumerate(zip(tiers, ends, strict=True))
    }
    code = f"{sku}.JRTCKXETXF"
    return {
        code: {
            "offerTermCode": "JRTCKXETXF",
            "sku": sku,
            "effectiveDate": "2026-11-01T00:00:00Z",
            "priceDimensions": rates,
            "termAttributes": {},
        }
    }


def offer_file(**changed: Any) -> dict[str, Any]:
    """The ECS offer of us-east-2, with a Windows row and reserved terms as the real one has."""
    whole = {
        "formatVersion": "v1.0",
        "disclaimer": "This pricing list is for informational purposes only.",
        "offerCode": "AmazonECS",
        "version": "20261101000000",
        "publicationDate": "2026-11-01T12:00:00Z",
        "products": {
            "AAA": product("AAA", "USE2-Fargate-vCPU-Hours:perCPU"),
            "BBB": product("BBB", "USE2-Fargate-GB-Hours"),
            "CCC": product("CCC", "USE2-Fargate-Windows-vCPU-Hours:perCPU"),
            "DDD": product("DDD", "USE2-Fargate-GB-Hours", regionCode="us-east-2-chi-1"),
        },
        "terms": {
            "OnDemand": {
                "AAA": term("AAA", ("0", "0.0500000000")),
                "BBB": term("BBB", ("0", "0.0044450000")),
                "CCC": term("CCC", ("0", "9.0000000000")),
                "DDD": term("DDD", ("0", "8.0000000000")),
            },
            "Reserved": {"AAA": term("AAA", ("0", "0.0000000000"))},
        },
        "attributesList": {},
    }
    return whole | changed


SPOT = {
    "metadata": {"copyright": "", "format:version": "1.0"},
    "prices": [
        {
            "id": unit,
            "unit": unit,
            "price": {"USD": usd},
            "attributes": {"aws:region": region, "aws:label": ""},
        }
        for region, factor in (("us-east-2", 1), ("us-east-1", 7))
        for unit, usd in (("vCPU-Hours", f"0.0{factor}54"), ("GB-Hours", "0.00169"))
    ],
}


def index() -> dict[str, Any]:
    """The index of all offers."""
    base = "/offers/v1.0/aws"
    return {
        "formatVersion": "v1.0",
        "publicationDate": "2026-11-01T12:00:00Z",
        "offers": {
            "AmazonECS": {
                "offerCode": "AmazonECS",
                "currentVersionUrl": f"{base}/AmazonECS/current/index.json",
                "currentRegionIndexUrl": f"{base}/AmazonECS/current/region_index.json",
            }
        },
    }


def region_index(path: str = REGION_FILE) -> dict[str, Any]:
    """The index of an offer's regions."""
    return {"regions": {"us-east-2": {"regionCode": "us-east-2", "currentVersionUrl": path}}}


@dataclass
class Site:
    """What the server holds and does, and what it was asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """(path, Range header) of each request."""
    headers: dict[str, str] = field(default_factory=dict)
    """Sent beside the usual ones, for the region's file."""
    first_statuses: list[int] = field(default_factory=list)
    """What the first requests for the region's file are answered with."""
    cut_at: int | None = None
    """The first answer with the region's file ends after so many bytes."""
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    """Serves a site, with the misfortunes that it asks for."""

    site: Site

    def log_message(self, *_args: object) -> None:
        """Quietly."""

    def do_GET(self) -> None:
        """One file, or a part of it."""
        site, special = self.site, self.path == REGION_FILE
        site.asked.append((self.path, self.headers.get("Range", "")))
        if special and site.first_statuses:
            self.send_response(site.first_statuses.pop(0))
            for name, value in site.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = site.files.get(self.path)
        if body is None:
            self.send_error(404)
            return
        begin = 0
        if found := re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", "")):
            begin = int(found[1])
        self.send_response(206 if begin else 200)
        checksum = hashlib.md5(body, usedforsecurity=False).hexdigest()
        headers = {"Content-Length": str(len(body) - begin), "ETag": f'"{checksum}"'}
        for name, value in (headers | (site.headers if special else {})).items():
            self.send_header(name, value)
        self.end_headers()
        part = body[begin:]
        if special and site.cut_at is not None:
            part, site.cut_at = part[: site.cut_at], None
        self.wfile.write(part)


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """The site on a free port of this machine."""
    handler = type("OfSite", (Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    """A server with good files."""
    made = Site(
        {
            "/offers/v1.0/aws/index.json": json.dumps(index()).encode(),
            "/offers/v1.0/aws/AmazonECS/current/region_index.json": json.dumps(
                region_index()
            ).encode(),
            REGION_FILE: json.dumps(offer_file()).encode(),
            "/spot.json": json.dumps(SPOT).encode(),
        }
    )
    with serving(made):
        yield made


def fresh(site: Site, folder, patience: Patience = HURRIED):
    """The shipped catalogue, updated from a site."""
    sources = Sources(site.url, f"{site.url}/spot.json", ECS, patience)
    return update(read_catalogue(), ["us-east-2"], folder, READ, lambda *_: None, sources).catalogue


def rates(found, item: str) -> tuple[Decimal, ...]:
    """The rates of an item in us-east-2."""
    price = found.price(item, "us-east-2")
    assert price is not None
    return tuple(tier.usd for tier in price.tiers)


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


def test_what_aws_does_not_list_stays_as_it_was(site, tmp_path):
    """A fresh catalogue is never poorer than the old one."""
    before, after = read_catalogue(), fresh(site, tmp_path)

    assert set(before.prices) <= set(after.prices)
    assert before.price("nat_gateway_hour", "us-east-1") == after.price(
        "nat_gateway_hour", "us-east-1"
    )


def test_the_changes_are_named_with_both_prices(site, tmp_path):
    """A price that only was confirmed is no change."""
    before = read_catalogue()
    found = {
        (c.item, c.region): c.after.tiers[0].usd for c in changes(before, fresh(site, tmp_path))
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


def test_an_item_with_two_different_prices_keeps_the_old_one(site, tmp_path):
    """Which of them is meant cannot be known."""
    whole = offer_file()
    whole["products"]["EEE"] = product("EEE", "USE2-Fargate-vCPU-Hours:perCPU")
    whole["terms"]["OnDemand"]["EEE"] = term("EEE", ("0", "0.06"))
    site.files[REGION_FILE] = json.dumps(whole).encode()

    assert rates(fresh(site, tmp_path), "fargate_linux_x86_vcpu_hour") == (Decimal("0.04048"),)


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
    site.files["/offers/v1.0/aws/AmazonECS/current/region_index.json"] = json.dumps(
        regions
    ).encode()
    site.files[path] = json.dumps(whole).encode()
    site.files["/spot.json"] = json.dumps(SPOT).replace("us-east-2", "sa-east-1").encode()
    sources = Sources(site.url, f"{site.url}/spot.json", ECS, HURRIED)
    found = update(read_catalogue(), ["sa-east-1"], tmp_path, READ, lambda *_: None, sources)
    price = found.catalogue.price("fargate_linux_x86_vcpu_hour", "sa-east-1")

    assert price.tiers[0].usd == Decimal("0.05")


# Services whose prices are not by region, and what no file states

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


def offer_of(code: str, rows: tuple[Any, ...], **attributes: str) -> bytes:
    """An offer file with rows of (usage type, tiers)."""
    named = {f"S{n}": (usage, tiers) for n, (usage, *tiers) in enumerate(rows)}
    products = {sku: product(sku, usage, **attributes) for sku, (usage, _) in named.items()}
    terms = {"OnDemand": {sku: term(sku, *tiers) for sku, (_, tiers) in named.items()}}
    return json.dumps(offer_file(offerCode=code, products=products, terms=terms)).encode()


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
        "/offers/v1.0/aws/index.json": json.dumps(whole).encode(),
        "/offers/v1.0/aws/awskms/current/region_index.json": json.dumps(
            region_index(keys)
        ).encode(),
        EDGE_FILE: offer_of("AmazonCloudFront", EDGE_ROWS, **edge),
        ZONE_FILE: offer_of("AmazonRoute53", ZONE_ROWS, regionCode="", locationType="Other"),
        keys: offer_of("awskms", KEY_ROWS),
    }
    return site


def updated(site: Site, folder, *codes: str):
    """What an update of some services finds."""
    offers = tuple(offer for offer in OFFERS if offer.code in codes)
    sources = Sources(site.url, f"{site.url}/spot.json", offers, HURRIED)
    return update(read_catalogue(), ["us-east-2"], folder, READ, lambda *_: None, sources)


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


@pytest.mark.parametrize("sku", ["AAA", "FREE"])
def test_terms_of_the_free_tier_are_no_prices(site, tmp_path, sku):
    """They stand among the terms on demand, of the same product or of one of their own."""
    whole = offer_file()
    whole["products"].setdefault(sku, product(sku, "USE2-Fargate-vCPU-Hours:perCPU"))
    free = {f"{sku}.A429C66SYZ": {"offerTermCode": "A429C66SYZ", "priceDimensions": {}}}
    whole["terms"]["OnDemand"][sku] = whole["terms"]["OnDemand"].get(sku, {}) | free
    site.files[REGION_FILE] = json.dumps(whole).encode()

    assert rates(fresh(site, tmp_path), "fargate_linux_x86_vcpu_hour") == (Decimal("0.05"),)


def test_an_item_that_no_row_fits_is_named(site, tmp_path):
    """AWS may rename a usage type, and the old price would stay for ever."""
    kept = {one.price.item: one.why for one in updated(site, tmp_path, "AmazonECS").kept}

    assert kept["fargate_linux_arm_vcpu_hour"] == "no single row of AmazonECS fits it"
    assert kept["valkey_serverless_ecpu"] == "it is in none of the files that are read"
    assert kept["fargate_spot_linux_arm_gb_hour"] == "the Spot feed has no price of it"


def test_what_was_read_or_was_not_asked_for_is_not_named(site, tmp_path):
    """A fresh price is no news, and neither is a service that `--offer` leaves out."""
    kept = {one.price.item for one in updated(site, tmp_path, "AmazonECS").kept}

    assert kept & {"fargate_linux_x86_vcpu_hour", "nat_gateway_hour", "alb_hour"} == set()


def test_an_item_with_two_prices_is_named(site, tmp_path):
    """It keeps the old one, and somebody should look."""
    whole = offer_file()
    whole["products"]["EEE"] = product("EEE", "USE2-Fargate-vCPU-Hours:perCPU")
    whole["terms"]["OnDemand"]["EEE"] = term("EEE", ("0", "0.06"))
    site.files[REGION_FILE] = json.dumps(whole).encode()

    assert "fargate_linux_x86_vcpu_hour" in {
        one.price.item for one in updated(site, tmp_path, "AmazonECS").kept
    }


def test_every_item_that_is_read_has_a_price_in_the_catalogue():
    """Else a misspelt item would never be looked for."""
    known = {item for item, _ in read_catalogue().prices}
    patterns = {pattern for offer in OFFERS for pattern in offer.items}

    assert [p for p in sorted(patterns) if not fnmatch.filter(known, p)] == []


def test_no_item_is_read_from_two_files():
    """The later one would win, whichever that is."""
    known = {item for item, _ in read_catalogue().prices}

    assert [i for i in sorted(known) if sum(offer.states(i) for offer in OFFERS) > 1] == []


# Misfortunes


def test_a_busy_server_is_asked_again(site, tmp_path):
    """Two refusals, then the file."""
    site.first_statuses = [503, 429]

    assert rates(fresh(site, tmp_path), "fargate_linux_x86_vcpu_hour") == (Decimal("0.05"),)


def test_a_cut_download_goes_on_where_it_stopped(site, tmp_path):
    """Hundreds of megabytes are not read twice."""
    site.cut_at = 100
    fresh(site, tmp_path)

    assert [r for path, r in site.asked if path == REGION_FILE] == ["", "bytes=100-"]


def test_a_part_of_an_older_file_is_not_mixed_with_a_newer_one(site, tmp_path):
    """The checksum of the whole tells them apart, and the file is read anew."""
    site.cut_at = 100
    hurried = Patience(tries=1, first_wait_s=0.001, silence_s=2.0)
    with pytest.raises(DownloadError):
        fresh(site, tmp_path, hurried)
    newer = offer_file(version="20261115000000", disclaimer="Prices may change.")
    site.files[REGION_FILE] = json.dumps(newer).encode()

    assert rates(fresh(site, tmp_path), "fargate_linux_x86_vcpu_hour") == (Decimal("0.05"),)


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
        name = "/offers/v1.0/aws/AmazonECS/current/region_index.json"
        site.files[name] = json.dumps(region_index(path)).encode()

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


WHOLE = json.dumps(offer_file()).encode()
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
    "half a file": (broken(WHOLE[: len(WHOLE) // 2]), "ends too early"),
    "no JSON": (broken(b"<html>sorry</html>"), "it is no JSON"),
    "empty": (broken(b""), "it is no JSON"),
    "bytes": (broken(b"\xff\xfe\x00"), "it is no JSON"),
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
        "does not say when it was published",
    ),
    "no products": (broken(json.dumps(offer_file(products={})).encode()), "none of the prices"),
    "products of another form": (
        broken(json.dumps(offer_file(products={"AAA": []})).encode()),
        "has no attributes",
    ),
    "a price below 0": (broken(json.dumps(NEGATIVE).encode()), "below 0"),
    "a price that is no number": (broken(json.dumps(NOT_A_NUMBER).encode()), "below 0"),
    "a price with a million digits": (broken(json.dumps(ENDLESS).encode()), "beyond belief"),
    "a first tier that does not begin at 0": (
        broken(json.dumps(GAP).encode()),
        "no price for the first unit",
    ),
    "a bomb": (broken(gzip.compress(b"0" * 10_000_000)), "it is no JSON"),
    "a bomb that says so": (set_headers(Content_Encoding="gzip"), "packed"),
    "a wrong checksum": (set_headers(ETag='"' + "0" * 32 + '"'), "the checksum is wrong"),
    "too large": (set_headers(Content_Length="9999999999999"), "larger than"),
    "another server": (redirected("https://evil.example/x.json"), "not followed"),
    "a file of this machine": (redirected("file:///etc/passwd"), "not followed"),
    "round and round": (redirected(REGION_FILE), "without an end"),
    "a path to another server": (led_to("//evil.example/x.json"), "which is no path"),
    "a whole address": (led_to("https://evil.example/x.json"), "which is no path"),
    "a path upwards": (led_to("/../../etc/passwd"), "which is no path"),
    "gone": (without(REGION_FILE), "the server answers 404"),
    "no index": (without("/offers/v1.0/aws/index.json"), "the server answers 404"),
    "no feed": (without("/spot.json"), "the server answers 404"),
    "a feed of another form": (spot({"prices": [{"unit": "vCPU-Hours"}]}), "not the known form"),
    "a feed without the region": (spot(NO_PRICES), "no Spot price of us-east-2"),
}


@pytest.mark.parametrize(("change", "message"), MISFORTUNES.values(), ids=MISFORTUNES)
def test_a_bad_file_is_refused_in_one_line(site, tmp_path, change, message):
    """Whatever a server sends, no half or foreign price gets into the catalogue."""
    change(site)

    with pytest.raises((DownloadError, OfferError), match=message) as caught:
        fresh(site, tmp_path)
    assert "\n" not in str(caught.value)


def test_a_server_that_falls_silent_is_left(tmp_path):
    """It accepts, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/x.json"
        patience = Patience(tries=2, first_wait_s=0.001, silence_s=0.05)

        with pytest.raises(DownloadError, match="sends nothing any more, tried 2 times"):
            download(url, tmp_path / "x.json", lambda *_: None, patience)


def test_a_server_that_is_not_there_is_said_so(tmp_path):
    """Who has no network needs no other advice."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/x.json"

    with pytest.raises(DownloadError, match="no connection, tried 1 times"):
        download(url, tmp_path / "x.json", lambda *_: None, Patience(tries=1, silence_s=2.0))


def test_a_stream_without_an_end_is_cut(site, tmp_path):
    """Also when it does not say beforehand how long it is."""
    site.files["/long"] = b"0" * 100_000
    patience = Patience(tries=1, most_bytes=1000)

    with pytest.raises(DownloadError, match="larger than 1,000 bytes"):
        download(f"{site.url}/long", tmp_path / "x.json", lambda *_: None, patience)


@pytest.mark.parametrize("url", ["http://example.com/x", "ftp://example.com/x", "file:///etc/x"])
def test_prices_are_read_over_https_only(tmp_path, url):
    """Who changes a price on its way changes a decision."""
    with pytest.raises(DownloadError, match="over HTTPS only"):
        download(url, tmp_path / "x.json", lambda *_: None)


def test_progress_is_told_while_a_file_comes(site, tmp_path):
    """A download of minutes must not look like a hang."""
    told: list[tuple[str, int, int]] = []
    download(f"{site.url}{REGION_FILE}", tmp_path / "x", lambda *all_: told.append(all_), HURRIED)

    assert told[-1] == ("current/us-east-2/index.json", len(WHOLE), len(WHOLE))


# The command

SPEC = """\
trazo: 1
name: shop
region: us-east-2
state: {bucket: shop-state-bucket}
components:
  web: {kind: ecs, image: "acme/web:1"}
"""


def run(site: Site, folder, *more: str):
    """`trazo prices update` of a small spec."""
    spec = folder / "shop.yaml"
    spec.write_text(SPEC, "utf-8")
    options = ["--price-list", site.url, "--spot-feed", f"{site.url}/spot.json", "--tries", "1"]
    words = ["prices", "update", str(spec), "--offer", "AmazonECS", *options, *more]
    return CliRunner().invoke(app, words)


def test_the_command_writes_a_catalogue_beside_the_spec(site, tmp_path):
    """The shipped one stays as it is, and what changed is printed."""
    before = {p.name: p.read_bytes() for p in SHIPPED.glob("*.csv")}
    result = run(site, tmp_path)

    assert result.exit_code == 0, result.output
    assert "3 prices changed" in result.output
    assert (tmp_path / BESIDE).is_file()
    assert before == {p.name: p.read_bytes() for p in SHIPPED.glob("*.csv")}


def test_a_bill_uses_the_catalogue_beside_its_spec_and_names_it(site, tmp_path):
    """A number must say which prices it was made of."""
    run(site, tmp_path)
    words = ["cost", str(tmp_path / "shop.yaml"), "--json", "--hours", "730", "-q"]
    document = json.loads(CliRunner().invoke(app, words).stdout)
    (usd,) = [
        li["unit_price_usd"]
        for li in document["lines"]
        if li["item"] == "fargate_linux_x86_vcpu_hour"
    ]

    assert (usd, document["catalogue"]["name"]) == (0.05, str(tmp_path / BESIDE))


def test_a_failed_update_leaves_the_old_catalogue(site, tmp_path):
    """Half a price list is no price list."""
    run(site, tmp_path)
    before = (tmp_path / BESIDE).read_bytes()
    site.files[REGION_FILE] = WHOLE[: len(WHOLE) // 2]
    result = run(site, tmp_path)

    assert (result.exit_code, (tmp_path / BESIDE).read_bytes()) == (1, before)
    assert "the prices are those of before" in result.output


def test_changes_are_there_for_machines(site, tmp_path):
    """A pipeline opens a change with them."""
    document = json.loads(run(site, tmp_path, "--json").stdout)

    assert [c["item"] for c in document["changes"]] == [
        "fargate_linux_x86_vcpu_hour",
        "fargate_spot_linux_x86_gb_hour",
        "fargate_spot_linux_x86_vcpu_hour",
    ]


def test_the_command_names_the_kept_prices_that_the_spec_uses(site, tmp_path):
    """Those of Redis are of no interest to a spec without a cache."""
    result = run(site, tmp_path)

    assert "fargate_spot_linux_arm" not in result.stdout
    assert "cloudwatch_logs_standard_ingestion_gb" not in result.stdout
    assert "prices stay as they were" in result.stderr


def test_kept_prices_are_there_for_machines(site, tmp_path):
    """With their date and why they were kept."""
    kept = json.loads(run(site, tmp_path, "--json").stdout)["kept"]
    (one,) = [k for k in kept if k["item"] == "fargate_linux_arm_gb_hour"]

    assert (one["effective"], one["why"]) == (
        "2025-10-27",
        "no single row of AmazonECS fits it",
    )


def test_stale_prices_are_marked():
    """Who reads the list sees what to refresh."""
    words = ["prices", "show", "--item", "alb_lcu_hour", "--region", "us-east-2", "--json"]
    (price,) = json.loads(CliRunner().invoke(app, words).stdout)["prices"]

    assert (price["effective"], price["stale"]) == (None, True)
