"""Laws of estimates, for every valid spec."""

from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings

from compiler.components.ecs.fleet import fleet
from compiler.graph.graph import Graph
from cost.advice.advice import Appraisal
from cost.bill.estimate import Estimate, Profile
from cost.bill.tasks import baseline_tasks, demand_of
from cost.showing.document import as_json
from tests.estimates import CATALOGUE, WEEK, priced
from tests.strategies.sample import Compiled, compiled, sample
from trazo_spec.components.ecs import Ecs


@cache
def _estimated(position: int) -> Estimate:
    return priced(first_graph(sample(settings.default.max_examples)[position]), WEEK)


def first_graph(spec: Compiled) -> Graph:
    """The first environment of a generated spec."""
    return spec.graphs[spec.first]


def estimated(spec: Compiled) -> Estimate:
    """The estimate of its first environment over a week, worked out once for all laws."""
    return _estimated(spec.position)


@given(compiled())
def test_the_lines_sum_to_the_total(spec):
    """A total that its lines do not explain is not a bill."""
    document = as_json(Appraisal(estimated(spec)))
    lines = [line["cost_usd"] for line in document["lines"] if line["cost_usd"] is not None]

    assert sum(lines) == pytest.approx(document["total_usd"]["mean"], abs=1e-5)


@given(compiled())
def test_savings_are_differences_to_the_same_baseline(spec):
    """Rows of one table must not be measured against different things."""
    found = estimated(spec)
    baseline = found.saving("on_demand_always_on")

    assert [s.saved_usd for s in found.savings] == [
        baseline.total_usd - s.total_usd for s in found.savings
    ]
    assert baseline.saved_usd == 0
    assert found.saving("autoscaled_schedule_spot").total_usd == found.total_usd


@given(compiled())
def test_the_baseline_is_the_peak_on_demand_all_month(spec):
    """`baseline_tasks` x hours x on-demand rates, worked out without the bill."""
    graph, found = first_graph(spec), estimated(spec)
    region = graph.spec.region
    expected = Decimal(0)
    for name, web in graph.of(Ecs):
        peak = baseline_tasks(fleet(web), demand_of(graph, name), WEEK.start, WEEK.end)
        processor = "arm" if web.architecture == "arm64" else "x86"
        per_task = web.cpu * _rate(f"fargate_linux_{processor}_vcpu_hour", region) / 1024
        per_task += web.memory_mib * _rate(f"fargate_linux_{processor}_gb_hour", region) / 1024
        extra_gib = (web.ephemeral_storage_gib or 20) - 20
        disk = _rate("fargate_ephemeral_storage_over_20gb_gb_hour", region)
        expected += peak * 168 * (per_task + extra_gib * disk)

    assert float(found.saving("on_demand_always_on").compute_usd) == pytest.approx(float(expected))


def _rate(item: str, region: str) -> Decimal:
    price = CATALOGUE.price(item, region)
    assert price is not None
    return price.tiers[0].usd


@given(compiled())
def test_neither_autoscaling_nor_spot_ever_costs_more(spec):
    """Fewer tasks than at the peak, or the same tasks at a lower price."""
    found = estimated(spec)
    baseline = found.saving("on_demand_always_on").compute_usd

    assert found.saving("autoscaled").compute_usd <= baseline
    assert found.saving("spot_only").compute_usd <= baseline


@given(compiled())
def test_the_floor_is_below_every_scenario(spec):
    """What is billed at zero tasks is billed with tasks too."""
    found = estimated(spec)

    assert [s.scenario for s in found.savings if s.total_usd < found.floor_usd] == []


@given(compiled())
def test_higher_use_is_never_cheaper(spec):
    """The three profiles are a range, from low to high."""
    graph = first_graph(spec)
    low, typical, high = (priced(graph, WEEK, p).total_usd for p in Profile)

    assert low <= typical <= high
