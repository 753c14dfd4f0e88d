"""Price books: negotiated prices, discounts and Savings Plans."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from compiler.lower import lower
from cost.bill.calendar import hours
from cost.bill.estimate import Estimate, estimate
from cost.bill.pricing import Conditions
from cost.rates.catalogue import Confidence
from cost.rates.catalogue_file import read_catalogue
from cost.rates.price_book import PriceBook, apply, read_price_book
from cost.rates.price_file import PriceFileError
from cost.rates.terms import Terms
from tests.examples import graph_of

SHIPPED = read_catalogue()
AWS_MONTH = hours(730, datetime(2026, 11, 22, tzinfo=UTC))


def book(tmp_path, text: str, name: str = "own.yaml") -> PriceBook:
    """A price book with some text."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return read_price_book(path)


def rate(catalogue, item: str, region: str = "us-east-2") -> Decimal:
    """The first rate of an item."""
    price = catalogue.price(item, region)
    assert price is not None
    return price.tiers[0].usd


def test_a_negotiated_price_replaces_the_list_price_in_its_region(tmp_path):
    """And in no other."""
    text = "prices:\n  - {item: nat_gateway_hour, region: us-east-2, usd: 0.04}\n"
    found = apply(book(tmp_path, text), SHIPPED)

    assert (rate(found, "nat_gateway_hour"), rate(found, "nat_gateway_hour", "us-east-1")) == (
        Decimal("0.04"),
        Decimal("0.045"),
    )


def test_a_price_without_a_region_holds_everywhere(tmp_path):
    """Also where the catalogue has none."""
    found = apply(book(tmp_path, "prices:\n  - {item: alb_hour, usd: 0.02}\n"), SHIPPED)

    assert {rate(found, "alb_hour", r) for r in ("us-east-1", "eu-west-1", "ap-south-1")} == {
        Decimal("0.02")
    }


def test_a_discount_takes_its_share_off_every_tier(tmp_path):
    """15 % off 0.09, 0.085, 0.07 and 0.05."""
    text = "prices:\n  - {item: data_transfer_internet_*, discount_percent: 15}\n"
    price = apply(book(tmp_path, text), SHIPPED).price("data_transfer_internet_out_gb", "us-east-2")

    assert [t.usd for t in price.tiers] == [
        Decimal(usd) * Decimal("0.85") for usd in ("0.09", "0.085", "0.07", "0.05")
    ]


def test_a_negotiated_price_says_what_it_is(tmp_path):
    """The bill names the file, and the list price's source stays in the note."""
    text = "prices:\n  - {item: alb_hour, discount_percent: 10, note: contract 7}\n"
    found = apply(book(tmp_path, text), SHIPPED)
    price = found.price("alb_hour", "us-east-2")

    assert (found.name, price.source, price.confidence) == (
        "shipped + own.yaml",
        "own.yaml",
        Confidence.NEGOTIATED,
    )
    assert re.fullmatch(r"10% off .*; contract 7", price.note)


def test_the_last_entry_about_a_price_wins(tmp_path):
    """A general discount first, then the exception."""
    text = (
        "prices:\n  - {item: '*', discount_percent: 10}\n"
        "  - {item: alb_hour, region: us-east-2, usd: 0.001}\n"
    )
    found = apply(book(tmp_path, text), SHIPPED)

    assert (rate(found, "alb_hour"), rate(found, "nat_gateway_hour")) == (
        Decimal("0.001"),
        Decimal("0.0405"),
    )


def test_tiers_can_be_negotiated(tmp_path):
    """0.05 up to 10 TB, 0.03 beyond."""
    text = (
        "prices:\n  - item: cloudfront_data_transfer_out_gb\n    region: edge-us\n"
        "    tiers: [{from: 0, usd: 0.05}, {from: 10240, usd: 0.03}]\n"
    )
    price = apply(book(tmp_path, text), SHIPPED).price(
        "cloudfront_data_transfer_out_gb", "us-east-2"
    )

    assert [(t.from_quantity, t.usd) for t in price.tiers] == [
        (Decimal(0), Decimal("0.05")),
        (Decimal(10240), Decimal("0.03")),
    ]


def test_a_csv_says_the_same(tmp_path):
    """Whoever keeps prices in a spreadsheet exports it."""
    text = "item,region,usd,discount_percent\nalb_hour,us-east-2,0.02,\nnat_gateway_hour,,,50\n"
    found = apply(book(tmp_path, text, "own.csv"), SHIPPED)

    assert (rate(found, "alb_hour"), rate(found, "nat_gateway_hour")) == (
        Decimal("0.02"),
        Decimal("0.0225"),
    )


ENTRY = "prices:\n  - {item: alb_hour, %s}"
MISTAKES = {
    "prices: 3": ("TZ703", 1, 9, "`prices` must be a list"),
    "prices:\n  - {usd: 1}": ("TZ703", 2, 5, "does not have an `item`"),
    "prices:\n  - alb_hour": ("TZ703", 2, 5, "an entry must be a mapping"),
    "prices:\n  - {item: alb_hour}": ("TZ703", 2, 5, "neither `usd` nor"),
    ENTRY % "usd: 1, discount_percent: 1": ("TZ703", 2, 5, "both `usd` and"),
    ENTRY % "usd: [1]": ("TZ703", 2, 22, "`usd` must be a single value"),
    ENTRY % "usd: -1": ("TZ704", 2, 27, "must be 0 or more"),
    ENTRY % "usd: NaN": ("TZ704", 2, 27, "is not a number"),
    ENTRY % "usd: .inf": ("TZ109", 2, 27, "is not a finite number"),
    ENTRY % "usd: cheap": ("TZ704", 2, 27, "`usd` is `cheap`; it is not a number"),
    ENTRY % "usd: 1e300": ("TZ704", 2, 27, "must be at most 1,000,000"),
    ENTRY % 'usd: "1e999999999"': ("TZ704", 2, 27, "is not a number"),
    ENTRY % "usd: 1e-300": ("TZ704", 2, 27, "at most 15 decimal places"),
    ENTRY % f"usd: 0.{'1' * 5000}": ("TZ109", 2, 27, "too long for a number"),
    ENTRY % f"usd: {'1' * 5000}": ("TZ109", 2, 27, "too long for a number"),
    ENTRY % 'usd: "\u0661"': ("TZ704", 2, 27, "is not a number"),
    ENTRY % "discount_percent: 100": ("TZ704", 2, 40, "must be below 100"),
    ENTRY % "discount_percent: 101": ("TZ704", 2, 40, "must be at most 100"),
    ENTRY % "price: 1, usd: 2": ("TZ703", 2, 22, "not have a field `price`"),
    ENTRY % "unit: GB, usd: 1": ("TZ705", 2, 12, "counted per hour, not per GB"),
    ENTRY % "region: mars, usd: 1": ("TZ705", 2, 12, "`mars` is not an AWS region"),
    ENTRY % "region: us-east2, usd: 1": ("TZ705", 2, 12, "`us-east2` is not an AWS region"),
    ENTRY % "region: mars, discount_percent: 1": ("TZ705", 2, 12, "not have a price in `mars`"),
    ENTRY % "tiers: []": ("TZ703", 2, 22, "`tiers` must be a list"),
    ENTRY % "tiers: [{from: 5, usd: 1}]": ("TZ706", 2, 12, "must begin at 0"),
    ENTRY % "tiers: [{from: 0, usd: 1}, {from: 5, usd: 2}, {from: 3, usd: 1}]": (
        "TZ706",
        2,
        12,
        "must be in ascending order",
    ),
    ENTRY % f"usd: 1, note: {'n' * 501}": ("TZ707", 2, 36, "has 501 characters"),
    ENTRY % "usd: 1, usd: 2": ("TZ103", 2, 30, "the key `usd` appears twice"),
    "prices:\n  - {item: alb_hours, usd: 1}": ("TZ705", 2, 12, "not have an item `alb_hours`"),
    "savings_plan: {discount_percent: 20}": ("TZ703", 1, 1, "not have `commitment_usd_per_h`"),
    "savings_plan: {discount_percent: 20, commitment_usd_per_h: 1e300}": (
        "TZ704",
        1,
        60,
        "must be at most 1,000,000",
    ),
    "prices: [": ("TZ102", 1, 10, "not valid YAML"),
    "[" * 200_000: ("TZ107", 1, 52, "nested deeper"),
    'prices: "\\UFFFFFFFF"': ("TZ102", 1, 10, "does not name a character"),
    "- 1": ("TZ104", 1, 1, "not have `key: value` pairs"),
    "": ("TZ104", 1, 1, "the file is empty"),
    "price: []": ("TZ703", 1, 1, "not have a field `price`"),
}


@pytest.mark.parametrize(("text", "expected"), MISTAKES.items(), ids=lambda v: str(v)[:40])
def test_a_mistake_is_a_finding_with_its_place(tmp_path, text, expected):
    """A discount that silently does nothing would be believed."""
    code, line, column, message = expected
    with pytest.raises(PriceFileError) as caught:
        apply(book(tmp_path, text), SHIPPED)

    (found,) = caught.value.found
    assert found.at is not None
    assert (found.code, found.at.line, found.at.column) == (code, line, column), found
    assert message in found.message
    assert found.help
    assert found.at.file == str(tmp_path / "own.yaml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"item"x,usd\nalb_hour,1\n', ("TZ703", 1, 7, "there is text after the closing quote")),
        ('item,usd\n"alb_hour,1\n', ("TZ703", 2, 1, "a quote is not closed")),
        ("item,usd\nalb_hour\n", ("TZ703", 2, 1, "the row has 1 cells, but there are 2 columns")),
        ("item,usd,usd\nalb_hour,1,1\n", ("TZ703", 1, 1, "appears twice")),
        ("usd\n1\n", ("TZ703", 1, 1, "the column `item` is missing")),
        ("", ("TZ703", 1, 1, "the column `item` is missing")),
        ('item,note,usd\nalb_hour,"a\r\nb",-1\n', ("TZ704", 3, 4, "must be 0 or more")),
        ("item,usd\n\nalb_hour,1e999999999\n", ("TZ704", 3, 10, "is not a number")),
        ("item,usd\nalb_hour,1\x00\n", ("TZ704", 2, 10, "is not a number")),
    ],
)
def test_a_mistake_in_a_csv_is_a_finding_with_its_place(tmp_path, text, expected):
    """Spreadsheets show line and column, too."""
    code, line, column, message = expected
    with pytest.raises(PriceFileError) as caught:
        apply(book(tmp_path, text, "own.csv"), SHIPPED)

    (found,) = caught.value.found
    assert found.at is not None
    assert (found.code, found.at.line, found.at.column) == (code, line, column), found
    assert message in found.message
    assert found.help


def test_all_mistakes_are_found_at_once(tmp_path):
    """Who mends one does not want to hear of the next in another run; twenty are enough."""
    wrong = "".join(f"  - {{item: alb_hour, usd: -{n}}}\n" for n in range(1, 4))
    with pytest.raises(PriceFileError) as few:
        book(tmp_path, f"prices:\n{wrong}")
    with pytest.raises(PriceFileError) as many:
        book(tmp_path, "prices:\n" + wrong * 100)

    assert [d.at.line for d in few.value.found if d.at] == [2, 3, 4]
    assert len(many.value.found) == 20


ALIASES = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, after in pairwise("abcdefghij")
)
DISCOUNT = "  - {item: '*', discount_percent: 1}\n"
LARGE = {
    "aliases.yaml": ALIASES,
    "changes.yaml": "prices:\n" + DISCOUNT * 2_000,
    "letters.yaml": f"prices:\n  - {{item: {'x' * 240_000}, usd: 1}}\n",
    "characters.yaml": "#" * 250_001,
    "keys.yaml": "".join(f"prics{n}: 1\n" for n in range(15_000)),
    "items.yaml": "prices:\n" + "".join(f"  - {{item: alb{n}, usd: 1}}\n" for n in range(5_000)),
    "entries.csv": "item,usd\n" + "alb_hour,1\n" * 10_002,
    "letters.csv": "item,usd\n" + "x" * 900_000 + ",1\n",
    "quotes.csv": "item,usd\n" + '"' * 900_001,
    "columns.csv": "item" + ",usd" * 200_000 + "\n",
    "characters.csv": "item,usd\n" + "," * 1_000_000,
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_book_is_refused_in_little_time_and_memory(tmp_path, name):
    """A price book of a pull request must not stop the machine that checks it."""
    path = tmp_path / name
    path.write_text(LARGE[name], "utf-8")
    child = (
        "import sys, pathlib, resource\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (20, 20))  # what has no end is killed\n"
        "from cost.rates.catalogue_file import read_catalogue\n"
        "from cost.rates.price_book import apply, read_price_book\n"
        "from cost.rates.price_file import PriceFileError\n"
        "try:\n"
        "    apply(read_price_book(pathlib.Path(sys.argv[1])), read_catalogue())\n"
        "except PriceFileError as error:\n"
        "    found = len(error.found)\n"
        "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(found, int(peak.split()[1]) // 1024)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", child, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    count, peak_mib = map(float, ran.stdout.split())

    assert 1 <= count <= 20
    assert peak_mib < 200


def test_a_file_without_an_end_is_refused():
    """`--prices /dev/zero` is a slip, and must not fill the memory."""
    with pytest.raises(PriceFileError, match="more than"):
        read_price_book(Path("/dev/zero"))


def test_numbers_keep_every_digit(tmp_path):
    """A float would make 0.0345000000000000012 shorter."""
    text = "prices:\n  - {item: alb_hour, usd: 0.034500000000012}\n"

    assert rate(apply(book(tmp_path, text), SHIPPED), "alb_hour") == Decimal("0.034500000000012")


# Savings Plans: one vCPU and 2 GB in us-east-1 are 0.04048 + 2 x 0.004445 = 0.04937 USD an hour.

TASK = "web: {kind: ecs, image: 'acme/web:1', cpu: 1024, memory_mib: 2048, scaling: %s%s}"
ALWAYS = "{target_cpu_percent: null}"
HEAD = (
    "trazo: 1\nname: shop\nregion: us-east-1\nstate: {bucket: shop-terraform-state}\n"
    "traffic: {usage: {web: {log_gb: 0}}}\ncomponents:\n"
)


def planned(tmp_path, commitment: str, components: str) -> Estimate:
    """The estimate with a plan of so many USD an hour, 20 % below on-demand rates."""
    plan = f"savings_plan: {{commitment_usd_per_h: {commitment}, discount_percent: 20}}\n"
    graph = graph_of(components, HEAD)
    terms = Terms({}, book(tmp_path, plan).savings_plan)
    return estimate(graph, lower(graph), Conditions(AWS_MONTH, SHIPPED, terms=terms))


def test_a_plan_that_covers_all_saves_its_discount(tmp_path):
    """0.8 x 0.04937 = 0.039496 an hour for 730 hours, and nothing on demand beside it."""
    found = planned(tmp_path, "0.039496", TASK % (ALWAYS, ""))

    assert found.saving("autoscaled_schedule_spot").compute_usd == pytest.approx(
        Decimal("0.039496") * 730, abs=Decimal("0.001")
    )


def test_what_is_beyond_the_commitment_is_paid_on_demand(tmp_path):
    """0.02 an hour covers 0.025 of 0.04937; 0.02437 stay."""
    found = planned(tmp_path, "0.02", TASK % (ALWAYS, ""))

    assert found.saving("autoscaled_schedule_spot").compute_usd == pytest.approx(
        (Decimal("0.02") + Decimal("0.02437")) * 730, abs=Decimal("0.001")
    )


def test_a_plan_covers_no_spot(tmp_path):
    """The commitment comes on top then."""
    spot = TASK % (ALWAYS, ", capacity: {spot: {}}")
    found = planned(tmp_path, "0.02", spot)

    assert [li.item for li in found.bill.lines if li.component == "savings_plan"] == [
        "compute_savings_plan_commitment_hour"
    ]


def test_hours_off_strand_the_commitment(tmp_path):
    """Hours are not added up: what one leaves unused, no other can use."""
    windows = "windows: [{days: MON-SUN, from: '00:00', to: '12:00', min: 1, max: 1}]"
    nights = f"{{min: 0, max: 1, target_cpu_percent: null, schedule: {{{windows}}}}}"
    found = planned(tmp_path, "0.039496", TASK % (nights, ""))
    (covered,) = [li for li in found.bill.lines if li.item.endswith("covered_usage")]

    on_h = Decimal(str(found.services[0].hours_on))
    assert covered.quantity == pytest.approx(on_h * Decimal("0.04937"), abs=Decimal("0.001"))


def test_a_plan_is_part_of_the_floor(tmp_path):
    """It is paid with no task at all."""
    without = planned(tmp_path, "0", TASK % (ALWAYS, ""))
    found = planned(tmp_path, "0.02", TASK % (ALWAYS, ""))

    assert found.floor_usd - without.floor_usd == Decimal("14.60")
