"""Whole bills that were worked out by hand, each from a public source: `fixtures/bills.yaml`."""

import ast
import json
import operator
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from compiler.lower import lower
from cost.bill.calendar import Period, hours, month
from cost.bill.estimate import Estimate, estimate
from cost.bill.pricing import Conditions
from cost.rates.allowances import read_allowances
from cost.rates.catalogue_file import read_catalogue
from cost.rates.terms import Terms
from tests.examples import graph_of

CATALOGUE = read_catalogue()
CENT = Decimal("0.01")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
BILLS = YAML(typ="safe", pure=True).load(
    (Path(__file__).parent / "fixtures" / "bills.yaml").read_text("utf-8")
)
OPERATORS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def worked_out(text: str) -> Decimal:
    """The value of a sum as it is written, without this project's code."""
    return _value(ast.parse(text.strip(), mode="eval").body)


def _value(node: ast.expr) -> Decimal:
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    assert isinstance(node, ast.Constant), ast.dump(node)
    return Decimal(repr(node.value))


def period_of(case: dict[str, Any]) -> Period:
    """730 hours, or what the case says."""
    given = case.get("period", 730)
    return month(given) if isinstance(given, str) else hours(float(given), NOW)


def priced(case: dict[str, Any]) -> Estimate:
    """The estimate of the spec of a case."""
    traffic = {"demand": case.get("demand", {}), "usage": case.get("usage", {})}
    head = (
        f"trazo: 1\nname: shop\nregion: {case.get('region', 'us-east-1')}\ndomain: example.com\n"
        f"state: {{bucket: shop-terraform-state}}\ntraffic: {json.dumps(traffic)}\ncomponents:\n"
    )
    graph = graph_of(case["components"], head)
    terms = Terms(read_allowances() if case.get("free_tier") else {})
    return estimate(graph, lower(graph), Conditions(period_of(case), CATALOGUE, terms=terms))


def by_hand(case: dict[str, Any]) -> dict[str, Decimal]:
    """Item -> USD, as the case states it."""
    return {item: Decimal(text.rpartition("=")[2].strip()) for item, text in case["lines"].items()}


def test_there_are_at_least_forty():
    """Fewer would leave a kind of line unchecked."""
    assert len(BILLS) >= 40


def test_names_are_unique():
    """A failing case is found by its name."""
    assert len({case["name"] for case in BILLS}) == len(BILLS)


@pytest.mark.parametrize("case", BILLS, ids=lambda case: case["name"])
def test_every_bill_names_a_public_page(case):
    """Whoever doubts a sum can look its prices and its rule up."""
    address = urlsplit(case["source"])

    assert (address.scheme, "." in address.netloc) == ("https", True)


@pytest.mark.parametrize("case", BILLS, ids=lambda case: case["name"])
def test_the_arithmetic_by_hand_is_right(case):
    """What stands before each `=` is what stands behind it, to the cent."""
    sums = {
        item: worked_out(text.rpartition("=")[0]).quantize(CENT, ROUND_HALF_UP)
        for item, text in case["lines"].items()
    }

    assert sums == by_hand(case)


@pytest.mark.parametrize("case", BILLS, ids=lambda case: case["name"])
def test_every_line_is_the_one_by_hand(case):
    """Each line to the cent; what is below half a cent may be left out by hand."""
    lines = {
        line.item: line.cost_usd.quantize(CENT, ROUND_HALF_UP)
        for line in priced(case).bill.lines
        if line.component == case["component"] and line.cost_usd
    }

    assert lines == by_hand(case), case["source"]


@pytest.mark.parametrize("case", BILLS, ids=lambda case: case["name"])
def test_the_bill_is_the_sum_by_hand(case):
    """Rounding of lines does not add up to more than a cent."""
    expected = sum(worked_out(text.rpartition("=")[0]) for text in case["lines"].values())
    found = priced(case).bill.by_component()[case["component"]]

    assert abs(found - expected) < CENT, case["source"]
