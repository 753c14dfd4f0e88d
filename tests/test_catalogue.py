"""Tests of the price catalogue: its reading, its lookup, its tiers, and what it holds."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cost.rates.catalogue import Catalogue, Confidence, cost, is_region
from cost.rates.catalogue_file import COLUMNS, catalogue_text, read_catalogue, unit_place
from cost.rates.price_file import PriceFileError
from trazo_spec.diagnostics import Span

SHIPPED = read_catalogue()
REGIONS = ("us-east-1", "us-east-2", "us-west-2", "eu-west-1")
EDGES = ("edge-us", "edge-eu")

# Nobody published these, as far as we found; a bill says "unpriced" there.
KNOWN_GAPS = {
    ("rds_cpu_credit_vcpu_hour", "us-east-2"),
    ("rds_cpu_credit_vcpu_hour", "us-west-2"),
    # only the two regions of that pair have this price
    ("data_transfer_inter_region_out_us_east_pair_gb", "us-west-2"),
    ("data_transfer_inter_region_out_us_east_pair_gb", "eu-west-1"),
}

FREE = {
    "acm_public_certificate",
    "cloudfront_invalidation_path",
    "data_transfer_internet_in_gb",
    "route53_alias_query_to_aws_resource",
    "route53_health_check_aws_endpoint_month",
    "vpc_gateway_endpoint_hour",
    "vpc_gateway_endpoint_processed_gb",
}


def rate(item: str, region: str) -> Decimal:
    """The rate of an item with one tier."""
    price = SHIPPED.price(item, region)
    assert price is not None
    (tier,) = price.tiers
    return tier.usd


def row(**cells: str) -> str:
    """A good line of a price file, with some cells replaced."""
    good = {
        "item": "alb_hour",
        "region": "us-east-1",
        "unit": "hour",
        "tier_from": "0",
        "usd": "0.0225",
        "effective": "2026-09-11",
        "source": "https://aws.amazon.com/elasticloadbalancing/pricing/",
        "confidence": "offer-file",
        "note": "",
    }
    return ",".join((good | cells)[column] for column in COLUMNS)


def read(tmp_path, *rows: str) -> Catalogue:
    """A catalogue of one file, `alb.csv`."""
    (tmp_path / "alb.csv").write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", "utf-8")
    return read_catalogue(tmp_path, "mine")


@pytest.mark.parametrize("price", [p for p in SHIPPED.prices.values() if len(p.tiers) > 1])
def test_each_tier_is_charged_at_its_own_rate(price):
    """The unit before a tier's start costs the old rate, the one behind it the new one: no jump."""
    steps = [
        (cost(price, start) - cost(price, start - 1), cost(price, start + 1) - cost(price, start))
        for start in (tier.from_quantity for tier in price.tiers[1:])
    ]

    assert steps == [(before.usd, behind.usd) for before, behind in pairwise(price.tiers)]


@given(
    st.sampled_from(sorted(SHIPPED.prices.values(), key=lambda p: (p.item, p.region))),
    st.decimals(0, 10**9, places=3),
    st.decimals(0, 10**9, places=3),
)
def test_more_is_never_cheaper(price, quantity, more):
    """Tiers lower the rate of what comes on top, never the sum."""
    assert cost(price, quantity + more) >= cost(price, quantity)


def test_nothing_costs_nothing():
    """A component without use has no usage cost."""
    assert {cost(price, Decimal(0)) for price in SHIPPED.prices.values()} == {Decimal(0)}


@pytest.mark.parametrize("quantity", ["-1", "NaN", "Infinity"])
def test_a_quantity_below_zero_is_a_bug_and_stops(quantity):
    """A negative line would hide another one."""
    with pytest.raises(ValueError, match="a quantity must be 0 or more"):
        cost(SHIPPED.price("alb_hour", "us-east-1"), Decimal(quantity))


def test_another_regions_price_is_never_used():
    """Ireland is dearer than Ohio; Mumbai is not in the catalogue and has no price at all."""
    found = [SHIPPED.price("alb_hour", region) for region in ("us-east-2", "ap-south-1")]

    assert [price and price.region for price in found] == ["us-east-2", None]


def test_a_region_without_a_price_of_its_own_takes_the_global_one():
    """AWS states one price of Secrets Manager and names no region."""
    price = SHIPPED.price("secretsmanager_secret_month", "us-east-2")

    assert price.region == "global"


def test_a_regions_own_price_goes_before_the_global_one():
    """What was read for the region itself is the better source."""
    price = SHIPPED.price("secretsmanager_secret_month", "us-west-2")

    assert price.region == "us-west-2"


def test_cloudfront_is_priced_at_the_edge_near_the_region():
    """CloudFront has no regions; its viewers are taken to be on the same continent."""
    found = [SHIPPED.price("cloudfront_https_request_per_10k", region) for region in REGIONS]

    assert [price.region for price in found] == ["edge-us", "edge-us", "edge-us", "edge-eu"]


@pytest.mark.parametrize(
    ("region", "edge"), [("eu-central-1", "edge-eu"), ("us-west-1", "edge-us"), ("sa-east-1", None)]
)
def test_cloudfront_has_a_price_on_the_continents_of_its_edges_only(region: str, edge: str | None):
    """A region that `prices update` adds has one too; elsewhere AWS's prices differ."""
    price = SHIPPED.price("cloudfront_https_request_per_10k", region)

    assert (price and price.region) == edge


def test_every_item_has_a_price_in_every_region_but_the_known_gaps():
    """A gap is named here on purpose, or it is a mistake in the data."""
    items = {item for item, _ in SHIPPED.prices}

    gaps = {(i, region) for i in items for region in REGIONS if not SHIPPED.price(i, region)}

    assert gaps == KNOWN_GAPS


def test_a_price_of_zero_stands_only_where_aws_charges_nothing():
    """A missing price must never look like a free one."""
    free = {p.item for p in SHIPPED.prices.values() if any(t.usd == 0 for t in p.tiers)}

    assert free == FREE


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("us-east-2", True),
        ("us-gov-west-1", True),
        ("ap-southeast-7", True),
        ("global", False),
        ("edge-us", False),
        ("mars", False),
        ("us-east", False),
        ("us-east-2a", False),
    ],
)
def test_a_region_has_a_form_of_its_own(name, expected):
    """What `prices update` is asked for, before anything is downloaded."""
    assert is_region(name) is expected


def test_every_region_is_one_that_can_be_asked_for():
    """A row that no lookup reaches is a mistake."""
    assert {region for _, region in SHIPPED.prices} == {*REGIONS, *EDGES, "global"}


def test_every_source_is_public():
    """Who reads a bill can look up where its numbers come from, or reads that nobody can."""
    hidden = [
        price.source
        for price in SHIPPED.prices.values()
        if "https://" not in price.source and "public note, address unknown" not in price.source
    ]

    assert hidden == []


def test_what_has_no_date_stays_without_one():
    """An invented date would make an old price look fresh."""
    undated = {(p.item, p.region) for p in SHIPPED.prices.values() if p.effective is None}

    assert undated == {
        ("alb_lcu_hour", "us-east-2"),
        ("data_transfer_internet_in_gb", "global"),
        ("ecr_image_storage_gb_month", "us-east-2"),
        ("redis_backup_storage_gb_month", "global"),
        ("vpc_gateway_endpoint_hour", "global"),
        ("vpc_gateway_endpoint_processed_gb", "global"),
    }


def test_fargate_spot_saves_less_in_ohio_than_the_advertised_70_percent():
    """The feed of 29 September 2026 had us-east-2 at 62 % off, the dearest of its 22 regions."""
    spot = rate("fargate_spot_linux_x86_vcpu_hour", "us-east-2")

    share = spot / rate("fargate_linux_x86_vcpu_hour", "us-east-2")

    assert round(share, 3) == Decimal("0.380")


@pytest.mark.parametrize("region", ["us-east-2", "us-west-2"])
@pytest.mark.parametrize("part", ["vcpu_hour", "gb_hour"])
def test_a_derived_spot_price_has_the_regions_discount(region, part):
    """ARM Spot is not published there; one factor explains both architectures where both are."""
    shares = {
        architecture: rate(f"fargate_spot_linux_{architecture}_{part}", region)
        / rate(f"fargate_linux_{architecture}_{part}", region)
        for architecture in ("x86", "arm")
    }

    assert shares["arm"] == pytest.approx(shares["x86"], abs=Decimal("0.00001"))


def test_derived_prices_say_so():
    """Nobody may take a calculated price for one of AWS's."""
    derived = {
        (price.item, price.region)
        for price in SHIPPED.prices.values()
        if price.confidence is Confidence.DERIVED
    }

    assert derived == {
        (f"fargate_spot_linux_arm_{part}_hour", region)
        for part in ("vcpu", "gb")
        for region in ("us-east-2", "us-west-2")
    }


def test_multi_az_is_not_simply_twice_single_az():
    """AWS rounds each of its prices, so doubling would be a tenth of a cent off every hour."""
    single = rate("rds_postgresql_single_az_hour:db.t4g.small", "us-east-1")
    multi = rate("rds_postgresql_multi_az_hour:db.t4g.small", "us-east-1")

    assert (single, multi) == (Decimal("0.032"), Decimal("0.065"))


def test_a_price_is_as_old_and_as_weak_as_its_worst_tier():
    """Four tiers read at three times are one price; its line must not look better than it is."""
    price = SHIPPED.price("data_transfer_internet_out_gb", "us-east-1")

    assert (price.effective, price.confidence) == (date(2024, 9, 25), Confidence.SECONDARY)


def test_a_catalogue_is_dated_by_its_newest_price(tmp_path):
    """A bill names the catalogue that it used, and how fresh that is."""
    rows = (
        row(),
        row(region="us-east-2", effective="2026-10-01"),
        row(region="global", effective=""),
    )

    catalogue = read(tmp_path, *rows)

    assert (catalogue.name, catalogue.date) == ("mine", date(2026, 10, 1))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(item="ALB hour")], "alb.csv:2: `ALB hour` is not a valid item"),
        (
            [row(region="Ohio")],
            "alb.csv:2: `Ohio` is not an AWS region, CloudFront edge or `global`",
        ),
        ([row(unit="")], "alb.csv:2: `alb_hour` must have a unit and a source"),
        ([row(source="")], "alb.csv:2: `alb_hour` must have a unit and a source"),
        ([row(usd="2e-2")], "alb.csv:2: usd is `2e-2`, not a plain decimal number"),
        ([row(usd="-1")], "alb.csv:2: usd is `-1`, not a plain decimal number"),
        ([row(usd="")], "alb.csv:2: usd is ``, not a plain decimal number"),
        ([row(tier_from="first")], "alb.csv:2: tier_from is `first`, not a plain decimal number"),
        ([row(effective="11/9/2026")], "alb.csv:2: effective is `11/9/2026`, not a date"),
        ([row(confidence="sure")], "alb.csv:2: confidence is `sure`, not one of offer-file, "),
        ([row(), "alb_hour,us-east-2"], "alb.csv:3: the row has 2 cells instead of 9"),
        ([f"{row()},more"], "alb.csv:2: the row has 10 cells instead of 9"),
        ([row(note='"open')], "alb.csv:2: unexpected end of data"),
        (
            [row(), row()],
            "alb.csv:3: `alb_hour` in us-east-1 from 0 on already exists in alb.csv:2",
        ),
        ([row(tier_from="10")], "alb.csv:2: `alb_hour` in us-east-1 must begin at tier_from 0"),
        (
            [row(), row(tier_from="20"), row(tier_from="10")],
            "alb.csv:4: `alb_hour` in us-east-1 from 10 on must come before the higher tiers",
        ),
        (
            [row(), row(tier_from="10", unit="GB")],
            "alb.csv:3: `alb_hour` is per GB here, but per hour elsewhere",
        ),
        (
            [row(), row(region="us-east-2", unit="GB")],
            "alb.csv:3: `alb_hour` is per GB here, but per hour elsewhere",
        ),
        (
            [row(unit="GB"), row(region="us-east-2")],
            "alb.csv:3: `alb_hour` is per hour here, but per GB elsewhere",
        ),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(tmp_path, rows, message):
    """A catalogue that was read by half would price a spec by half."""
    with pytest.raises(PriceFileError) as caught:
        read(tmp_path, *rows)

    (found,) = caught.value.found
    assert found.at is not None
    assert f"{Path(found.at.file).name}:{found.at.line}: {found.message}".startswith(message)


@pytest.mark.parametrize(
    ("rows", "place", "code"),
    [
        ([row(usd="-1")], (2, 27), "TZ704"),
        ([row(usd="1" * 4301)], (2, 27), "TZ704"),
        ([row(usd="1000001")], (2, 27), "TZ704"),
        ([row(usd="0." + "0" * 15 + "1")], (2, 27), "TZ704"),
        ([row(tier_from="9" * 13)], (2, 25), "TZ704"),
        ([row(), row(region="Ohio")], (3, 10), "TZ703"),
        ([row(note='"a\nb"'), row(confidence="sure")], (4, 98), "TZ703"),
        ([row(), row(note='"a\nb"', confidence="sure")], (3, 98), "TZ703"),
    ],
)
def test_a_wrong_cell_is_found_with_its_column(tmp_path, rows, place, code):
    """A price beyond all bounds is refused as a word would be."""
    with pytest.raises(PriceFileError) as caught:
        read(tmp_path, *rows)

    (found,) = caught.value.found
    assert found.at is not None
    assert (found.code, (found.at.line, found.at.column)) == (code, place)
    assert found.help != ""
    assert caught.value.sources[found.at.file].startswith("item,")


def test_a_price_that_stands_in_two_files_is_refused(tmp_path):
    """Which of the two is meant cannot be known."""
    (tmp_path / "elb.csv").write_text(f"{','.join(COLUMNS)}\n{row()}\n", "utf-8")

    with pytest.raises(PriceFileError, match=r"elb\.csv:2:1: .* already exists in alb\.csv:2"):
        read(tmp_path, row())


def test_a_file_with_other_columns_is_refused(tmp_path):
    """A column that moved would turn quantities into prices."""
    (tmp_path / "alb.csv").write_text("item,usd\nalb_hour,0.0225\n", "utf-8")

    with pytest.raises(
        PriceFileError, match=r"alb\.csv:1:1: the first line must be item,region,unit"
    ):
        read_catalogue(tmp_path)


@pytest.mark.parametrize("text", ["", "a,b\n", "usd,item\n", "item,region,unit\n"])
def test_a_file_without_the_first_line_is_refused(tmp_path, text):
    """Whatever stands there instead, or nothing."""
    (tmp_path / "alb.csv").write_text(text, "utf-8")

    with pytest.raises(PriceFileError, match=r"alb\.csv:1:1: the first line must be item,region"):
        read_catalogue(tmp_path)


def test_tiers_are_joined_to_the_oldest_and_weakest(tmp_path):
    """Sources and notes of all of them, each once; no date where one has none."""
    tiers = (
        row(effective="2026-09-11", source="one", confidence="vendor-page", note="a"),
        row(tier_from="10", effective="2026-09-10", source="two", confidence="secondary"),
        row(tier_from="20.5", effective="2026-09-12", source="one", note="b"),
    )
    undated = (row(region="eu-west-1"), row(region="eu-west-1", tier_from="10", effective=""))
    found = read(tmp_path, *tiers, *undated)

    price = found.prices["alb_hour", "us-east-1"]
    assert [tier.from_quantity for tier in price.tiers] == [0, 10, Decimal("20.5")]
    assert (price.effective, price.confidence) == (date(2026, 9, 10), Confidence.SECONDARY)
    assert (price.source, price.note) == ("one; two", "a; b")
    assert found.prices["alb_hour", "eu-west-1"].effective is None
    assert found.date == date(2026, 9, 10)


def test_a_catalogue_that_is_written_reads_as_itself(tmp_path):
    """Every tier of every price, in the order of items and regions."""
    shown = [p for p in SHIPPED.prices.values() if p.item.startswith(("nat_", "data_transfer_"))]
    given = Catalogue("mine", {(p.item, p.region): p for p in shown})
    text = catalogue_text(given)
    (tmp_path / "all.csv").write_text(text, "utf-8")
    items = [tuple(line.split(",")[:2]) for line in text.splitlines()[1:]]

    assert read_catalogue(tmp_path, "mine") == given
    assert len(items) == sum(len(p.tiers) for p in shown) > len(shown)
    assert items == sorted(items)


def test_a_folder_without_prices_is_refused(tmp_path):
    """An empty catalogue would leave every line unpriced, without a word on why."""
    with pytest.raises(PriceFileError, match="there are no prices in this folder") as caught:
        read_catalogue(tmp_path)

    assert [d.at for d in caught.value.found] == [Span(str(tmp_path), 1, 1, 1, 1)]


@pytest.mark.parametrize(
    ("item", "region", "place"),
    [
        ("alb_hour", "us-east-1", (2, 20, 2, 24)),
        ("alb_hour", "us-west-2", (3, 20, 3, 24)),
        ("alb_lcu_hour", "us-east-1", (1, 1, 1, 1)),
        ("alb_hour", "eu-west-1", (1, 1, 1, 1)),
    ],
)
def test_the_unit_of_a_price_is_found_in_its_file(tmp_path, item, region, place):
    """Or the beginning of the file, where no row has that price."""
    file = tmp_path / "alb.csv"
    lines = [",".join(COLUMNS), row(), row(region="us-west-2")]
    file.write_text("\n".join(lines) + "\n", "utf-8")

    assert unit_place(file, item, region) == Span(str(file), *place)


@pytest.mark.parametrize("wrong_row", [1, 2, 3])
def test_a_wrong_row_is_found_among_others(tmp_path, wrong_row):
    """Its line and cell, from the first letter to the last."""
    regions = ("us-east-1", "us-east-2", "us-west-2")
    rows = [
        row(region=region, confidence="sure" if number == wrong_row else "secondary")
        for number, region in enumerate(regions, start=1)
    ]
    with pytest.raises(PriceFileError) as caught:
        read(tmp_path, *rows)

    line, column = wrong_row + 1, rows[wrong_row - 1].index("sure") + 1
    at = Span(str(tmp_path / "alb.csv"), line, column, line, column + 4)
    assert [d.at for d in caught.value.found] == [at]


@pytest.mark.parametrize("text", ["x" * 61, "9" * 61])
def test_of_a_long_number_sixty_letters_are_repeated(tmp_path, text):
    """Whether it is no number, or too large a one."""
    with pytest.raises(PriceFileError, match=f"usd is `{text[:60]}`"):
        read(tmp_path, row(usd=text))
