"""The tables of an estimate in terminals of every width."""

from io import StringIO

import pytest
from rich.console import Console

from cost.bill.money import money
from cost.showing.bill_table import bill
from cost.showing.table import services
from tests.test_simulation import NOISY, priced

ESTIMATE = priced(NOISY)
WIDTHS = (60, 80, 100, 120, 150)


def printed(what: object, width: int) -> str:
    """What a terminal of that width gets."""
    file = StringIO()
    Console(file=file, width=width).print(what)
    return file.getvalue()


@pytest.mark.parametrize("width", [80, 100, 120, 150])
def test_no_item_is_torn_apart(width: int):
    """`alb_ho` above `ur` is read by nobody; 80 is what most terminals open with."""
    words = set(printed(bill(ESTIMATE), width).split())

    assert {line.item for line in ESTIMATE.bill.lines} <= words


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_longer_than_the_terminal(width: int):
    """Terminals break such lines wherever they end."""
    lines = (printed(bill(ESTIMATE), width) + printed(services(ESTIMATE), width)).splitlines()

    assert [line for line in lines if len(line) > width] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_every_component_and_the_total_are_there(width: int):
    """What has no room is left out, not cut: names and sums always stand."""
    text = printed(bill(ESTIMATE), width)

    assert [name for name in ESTIMATE.bill.by_component() if name not in text] == []
    assert text.split()[-2:] == ["total", money(ESTIMATE.total_usd)]


@pytest.mark.parametrize("width", WIDTHS)
def test_each_component_has_its_sum(width: int):
    """What one looks for first."""
    rows = [line.split() for line in printed(bill(ESTIMATE), width).splitlines()]
    sums = {name: f"{usd:,.2f}" for name, usd in ESTIMATE.bill.by_component().items()}

    assert {row[0]: row[1] for row in rows if len(row) == 2 and row[0] in sums} == sums


def test_a_wide_bill_has_prices_with_their_dates():
    """As the files of a build have them."""
    text = printed(bill(ESTIMATE), 150)

    assert [
        line.item
        for line in ESTIMATE.bill.lines
        if line.price and line.price.effective and str(line.price.effective) not in text
    ] == []
    assert "price of" in text


@pytest.mark.parametrize("width", [40, 150])
def test_services_show_the_same_measures_in_both_shapes(width: int):
    """Rows become columns, and nothing goes missing."""
    text = printed(services(ESTIMATE), width)
    (service,) = ESTIMATE.services
    level = service.level
    assert level is not None

    assert "requests refused" in text
    assert f"{level.refused_share:.1%}" in text
    assert service.component in text
