"""The same months under other assumptions about what AWS does not publish."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from compiler.graph.graph import Graph
from compiler.plan.plan import Plan
from cost.bill.distribution import Distribution, Outcome, Sensitivity, shift_to_mean
from cost.bill.pricing import Conditions, Pricing
from cost.bill.tasks import SCENARIOS, WRITTEN
from cost.simulation.months import Course, Runs, simulated
from cost.simulation.outlook import Workloads, totals_of
from trazo_spec.simulation import Simulation

# Chosen, since AWS publishes none for Fargate: from never to more than once a week, the default of
# the language among them.
INTERRUPTIONS_PER_TASK_MONTH = (0.0, 0.1, 1.0, 5.0)
GAPS_S = (300.0, 3600.0)
# Chosen: no drift, what one region showed in six years, and what two regions lie apart.
# Source of the levels: docs/explanation/cost-model.md.
PRICE_DRIFT_SHARES = (0.0, 0.02, 0.1)
# Chosen: a small image, a common one, and a large one with a slow boot.
STARTS_S = (30.0, 120.0, 300.0)
MONTHS = 50
"""Months of each row; the same random numbers in all rows, so that they compare well."""


def sweep(
    graph: Graph,
    plan: Plan,
    conditions: Conditions,
    runs: Runs = Runs(MONTHS),  # noqa: B008
) -> Sensitivity:
    """What comes out under the spec's own assumptions, then under others; nothing without services.

    Args:
        graph: the environment.
        plan: what it becomes.
        conditions: period, prices and terms.
        runs: how many months of each, their seed, and who is told what is done.
    """
    if not any(graph.fleets()):
        return ()
    rows = tuple(_rows(graph))
    outcomes = []
    for row, (varied, assumed) in enumerate(rows):
        outcomes.append(_outcome(graph, plan, conditions, runs, varied, assumed))
        runs.progress(row + 1, len(rows))
    return tuple(outcomes)


def _rows(graph: Graph) -> Iterator[tuple[str, Simulation]]:
    """What is varied, and all assumptions then."""
    written = graph.spec.simulation
    yield "", written
    if any(fleet.capacity.spot is not None for _, fleet in graph.fleets()):
        for rate in INTERRUPTIONS_PER_TASK_MONTH:
            for gap_s in GAPS_S if rate else GAPS_S[:1]:
                luck = {"interruptions_per_task_month": rate, "gap_s": gap_s}
                yield "interruptions", _on_spot(written, luck)
        for drift in PRICE_DRIFT_SHARES:
            yield "price_drift", _on_spot(written, {"price_drift_share": drift})
    for start_s in STARTS_S if written.lags else ():
        yield "start", _starting(written, start_s)


def _on_spot(written: Simulation, fields: Mapping[str, float]) -> Simulation:
    return written.model_copy(update={"spot": written.spot.model_copy(update=fields)})


def _starting(written: Simulation, start_s: float) -> Simulation:
    """Another time until a task serves, in the same parts."""
    before_s = start_s_of(written)
    if not before_s:
        return written.model_copy(update={"boot_s": start_s})
    factor, parts = start_s / before_s, ("provisioning_s", "image_pull_s", "boot_s")
    return written.model_copy(update={part: getattr(written, part) * factor for part in parts})


def start_s_of(assumed: Simulation) -> float:
    """From the request of a task until its first health check, in seconds."""
    return assumed.provisioning_s + assumed.image_pull_s + assumed.boot_s


def _outcome(
    graph: Graph, plan: Plan, conditions: Conditions, runs: Runs, varied: str, assumed: Simulation
) -> Outcome:
    spec = graph.spec.model_copy(update={"simulation": assumed})
    changed = replace(graph, spec=spec)
    only = Runs(runs.months, runs.seed, scenarios={WRITTEN: SCENARIOS[WRITTEN]})
    months = simulated(changed, conditions.period, only, lambda _months: (0.0, 0.0))
    pricing = Pricing(changed, plan, conditions, Workloads(months))
    mean_usd, totals = totals_of(pricing)
    spread = Distribution(runs.seed, months.wanted, shift_to_mean(mean_usd, totals))
    courses = months.courses[WRITTEN]
    requests = {name: pricing.workload.requests(name) for name in courses}
    refused = sum(requests[n] * _refused_share(course) for n, course in courses.items())
    return Outcome(
        varied,
        assumed.spot.interruptions_per_task_month,
        assumed.spot.gap_s,
        assumed.spot.price_drift_share,
        start_s_of(assumed),
        mean_usd,
        spread.percentile_usd(10),
        spread.percentile_usd(90),
        refused / (sum(requests.values()) or 1.0),
        sum(course.mean("outage_s") for course in courses.values()) / 60,
        sum(course.mean("spot_lost_s") for course in courses.values()) / 60,
    )


def _refused_share(course: Course) -> float:
    return course.mean("refused") / (course.mean("demand") or 1.0)
