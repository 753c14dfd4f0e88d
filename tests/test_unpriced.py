"""Tests of bills that lack prices: what is said once, what is marked and what is not said."""

from compiler.lower import lower
from cost.advice.advice import Appraisal
from cost.advice.statements import statements
from cost.bill.calendar import month
from cost.bill.estimate import Estimate, estimate
from cost.bill.pricing import Conditions
from cost.rates.catalogue_file import read_catalogue
from cost.showing.summary import By, summary, summary_cells
from tests.examples import HEAD, graph_of

CATALOGUE = read_catalogue()
UNKNOWN = "{kind: redis, node_type: cache.x9.tiny}"


def _priced(components: str, head: str = HEAD) -> Estimate:
    graph = graph_of(components, head)
    return estimate(graph, lower(graph), Conditions(month("2026-12"), CATALOGUE))


def test_a_region_without_any_price_is_one_finding():
    """What is true of every line is said once, and the bill still shows each."""
    head = "trazo: 1\nname: shop\nregion: sa-east-1\nstate: {bucket: shop-state}\ncomponents:\n"
    (found,) = _priced("web: {kind: ecs, image: acme/web:1}", head).findings

    assert (found.code, found.path) == ("TZ701", ("region",))


def test_every_other_missing_price_is_a_finding_of_its_own():
    """One exotic size must not hide behind a region that is known."""
    found = _priced(f"a: {UNKNOWN}\nb: {UNKNOWN}").findings

    assert [d.path for d in found] == [("components", "a"), ("components", "b")]


def test_a_sum_without_all_of_its_prices_says_that_it_is_no_whole_one():
    """Who reads one number only must not take a part of the bill for all of it."""
    found = _priced(f"cache: {UNKNOWN}\ndb: {{kind: rds}}")
    cells = dict(summary_cells(summary([found], By.COMPONENT)))

    assert cells["total"] == (f"\N{GREATER-THAN OR EQUAL TO} ${found.total_usd:,.2f}",)


def test_a_component_with_all_of_its_prices_is_not_marked():
    """A mark on everything would say nothing."""
    found = _priced(f"cache: {UNKNOWN}\ndb: {{kind: rds}}")
    cells = dict(summary_cells(summary([found], By.COMPONENT)))

    assert cells["db"] == (f"${found.bill.by_component()['db']:,.2f}",)


def test_nothing_is_said_about_shares_of_a_bill_that_lacks_prices():
    """Half of what is known is no half of what is paid."""
    assert statements(Appraisal(_priced(f"cache: {UNKNOWN}\ndb: {{kind: rds}}"))) == ()
