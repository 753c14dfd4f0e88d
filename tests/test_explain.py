"""Formulas and summaries: what a reader sees of a number's origin."""

import csv
import json
import re
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from typer.testing import CliRunner

from compiler.lower import lower
from compiler.plan.plan import Load, Meter
from cost.bill.calendar import month
from cost.bill.estimate import estimate
from cost.bill.pricing import Conditions
from cost.rates.catalogue_file import read_catalogue
from cost.showing.explain import explanation
from cost.showing.formula import Traced, formula
from tests.examples import graph_of
from tests.strategies.sample import compiled
from trazo.program import app

SPEC = str(Path(__file__).parent.parent / "specs" / "trazo.yaml")
CATALOGUE = read_catalogue()
CONDITIONS = Conditions(month("2026-12"), CATALOGUE)


def of(quantity) -> tuple[str, str]:
    """Names and numbers of a quantity under a load of 744 hours."""
    usage = {"gb": 20.0, "days": 7.0}
    meter = Meter("x", "y", "z", quantity, "fixed")
    found = formula(meter, Load(744.0, 1.0, usage, requests=100.0))
    return found.names, found.numbers


@pytest.mark.parametrize(
    ("quantity", "names", "numbers"),
    [
        (lambda load: load.hours, "hours", "744"),
        (lambda load: 2 * load.hours, "2 x hours", "2 x 744"),
        (lambda load: 2 * (load.hours - 4), "2 x (hours - 4)", "2 x (744 - 4)"),
        (lambda load: load.hours - (4 - load.months), "hours - (4 - months)", "744 - (4 - 1)"),
        (lambda load: 1 - load.hours * 3, "1 - hours x 3", "1 - 744 x 3"),
        (
            lambda load: load.usage["gb"] / (load.usage["days"] / 2),
            "gb / (days / 2)",
            "20 / (7 / 2)",
        ),
        (lambda load: max(0.0, load.usage["gb"] - 5), "gb - 5", "20 - 5"),
        (
            lambda load: max(load.usage["days"], load.usage["gb"]) * 2,
            "the largest of (gb; days) x 2",
            "the largest of (20 = 20; 7 = 7) x 2",
        ),
    ],
)
def test_a_formula_reads_like_its_arithmetic(quantity, names, numbers):
    """With brackets where they are needed, and only there."""
    assert of(quantity) == (names, numbers)


@settings(max_examples=15)
@given(compiled())
def test_every_formula_has_the_quantity_that_is_billed(spec):
    """What is explained is what is charged: the meter itself makes the formula."""
    plan = spec.plans[spec.first]
    found = estimate(spec.graphs[spec.first], plan, CONDITIONS)
    for meter in plan.meters:
        load = found.loads[meter.component]

        assert formula(meter, load).value == pytest.approx(float(meter.quantity(load)))


def test_traced_numbers_count_like_numbers():
    """Whoever computes with them gets the same result."""
    a = Traced.named("a", 3.0)

    assert (float(a + 1), float(1 - a), float(2 * a), float(6 / a)) == (4.0, -2.0, 6.0, 2.0)


def test_an_explanation_shows_every_line_with_its_price_and_source():
    """Nothing of a component's bill stays without a reason."""
    graph = graph_of("database: {kind: rds}")
    plan = lower(graph)
    found = estimate(graph, plan, CONDITIONS)
    text = explanation(found, graph, plan, "database")
    lines = [li for li in found.bill.lines if li.component == "database"]

    assert [li.item for li in lines if f"\n{li.item}: $" not in text] == []
    assert text.count("  price     ") == len(lines)
    assert "            = 744 = 744 instance-hour\n  cost      744 x 0.016 = $11.90" in text


def test_products_of_tiers_add_up():
    """57,000 GB: 10,240 at 0.09, 40,960 at 0.085 and 5,800 at 0.07 USD."""
    head = (
        "trazo: 1\nname: shop\nregion: us-east-2\nstate: {bucket: shop-state-bucket}\n"
        "traffic: {usage: {media: {gb_out: 57000}}}\ncomponents:\n"
    )
    graph = graph_of("media: {kind: s3, purpose: media}", head)
    plan = lower(graph)
    text = explanation(estimate(graph, plan, CONDITIONS), graph, plan, "media")

    assert "10,240 x 0.09 + 40,960 x 0.085 + 5,800 x 0.07 = $4,809.20" in text


def test_lines_of_one_item_share_its_tiers():
    """Two buckets with 10,240 GB each: the second one pays the second tier's rate."""
    head = (
        "trazo: 1\nname: shop\nregion: us-east-2\nstate: {bucket: shop-state-bucket}\n"
        "traffic: {usage: {one: {gb_out: 10240}, two: {gb_out: 10240}}}\ncomponents:\n"
    )
    graph = graph_of("one: {kind: s3, purpose: media}\ntwo: {kind: s3, purpose: media}\n", head)
    found = estimate(graph, lower(graph), CONDITIONS)
    usd = [li.cost_usd for li in found.bill.lines if li.item == "data_transfer_internet_out_gb"]

    assert usd == [Decimal("921.6"), Decimal("870.4")]


# The command


def run(*words: str):
    """`trazo cost` of the shipped spec in December 2026."""
    return CliRunner().invoke(app, ["cost", SPEC, "--month", "2026-12", "-q", *words])


def test_a_total_over_the_budget_exits_with_1():
    """A pipeline stops there."""
    within, over = run("--budget", "200"), run("--budget", "10")

    assert (within.exit_code, over.exit_code) == (0, 1)
    assert "TZ702" in over.output


def test_the_budget_is_for_all_environments_together():
    """Production alone would be within it."""
    assert (run("--budget", "100").exit_code, run("--budget", "100", "--all").exit_code) == (0, 1)


def test_environments_stand_side_by_side():
    """One column for each, and a total below."""
    found = run("--all").stdout

    assert re.search(r"component +prod +staging", found)
    assert re.search(r"total +\$[\d.]+ +\$[\d.]+", found)


@pytest.mark.parametrize("by", ["component", "kind", "environment"])
def test_groups_sum_to_the_total(by):
    """However lines are sorted, none is lost."""
    document = json.loads(run("--group", by, "--json").stdout)
    total = sum(usd for row in document["groups"].values() for usd in row.values())

    assert total == pytest.approx(sum(document["total_usd"].values()), abs=1e-4)


def test_csv_has_every_line_in_full():
    """A spreadsheet adds them up to the same total."""
    rows = list(csv.DictReader(StringIO(run("--format", "csv").stdout)))
    document = json.loads(run("--json").stdout)

    assert sum(float(row["cost_usd"]) for row in rows) == pytest.approx(
        document["total_usd"]["mean"], abs=1e-4
    )


def test_markdown_is_a_table_with_the_total():
    """It is pasted into a review."""
    found = run("--format", "markdown").stdout

    assert found.startswith("## trazo prod: $")
    assert "| component | item | quantity | unit | price | USD |" in found


def test_what_is_not_priced_is_named():
    """An estimate says what it leaves out."""
    document = json.loads(run("--json").stdout)
    names = {o["name"] for o in document["not_priced"]}

    assert {"tax", "AWS Support plan", "AWS WAF and Shield Advanced", "RDS CPU credits"} <= names


def test_the_free_tier_is_a_choice_that_the_document_names():
    """It is off by default: other applications of the account may use it up."""
    paid, free = (json.loads(run("--json", *more).stdout) for more in ((), ("--free-tier",)))

    assert (paid["terms"]["free_tier"], free["terms"]["free_tier"]) == (False, True)
    assert free["total_usd"]["mean"] < paid["total_usd"]["mean"]


def test_a_price_book_changes_the_bill_and_is_named(tmp_path):
    """So that nobody takes it for list prices."""
    path = tmp_path / "own.yaml"
    path.write_text("prices:\n  - {item: nat_gateway_hour, discount_percent: 50}\n", "utf-8")
    document = json.loads(run("--json", "--prices", str(path)).stdout)

    assert document["catalogue"]["name"] == "shipped + own.yaml"


@pytest.mark.parametrize(
    "words", [("--explain", "lb"), ("--prices", "none.yaml"), ("--all", "--env", "prod")]
)
def test_wrong_usage_exits_with_2(words):
    """With one line of advice."""
    found = run(*words)

    assert (found.exit_code, "Traceback" in found.output) == (2, False)
