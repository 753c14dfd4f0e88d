"""A kind that exists only at run time: its tasks are billed, simulated, watched and advised on."""

from collections.abc import Iterator
from typing import Any, Literal, cast

import pytest

from compiler.aws.metering import KMS_KEYS
from compiler.graph.graph import Graph, Kind, Relation
from compiler.kinds import KINDS, build
from compiler.lower import lower
from compiler.plan.alarms import Alarm
from compiler.plan.fleet import Fleet
from compiler.plan.outputs import Told
from compiler.plan.overrides import apply
from compiler.plan.plan import Assumption, Block, Load, Meter, Omission
from compiler.plan.variants import Circumstances, Variant
from compiler.rules.overrides import RULES
from cost.advice.alternatives import advised
from cost.bill.closed_form import ClosedForm
from cost.bill.pricing import Conditions, Pricing
from cost.bill.tasks import ALWAYS_ON
from cost.showing.explain import explanation
from cost.simulation.months import Runs
from cost.simulation.outlook import simulated_estimate
from tests.estimates import CATALOGUE, WEEK, priced
from tests.examples import graph_of
from trazo_spec.base import Name, Placed
from trazo_spec.components.capacity import Capacity, CapacityProvider
from trazo_spec.components.security import Alarms
from trazo_spec.diagnostics import SpecPath
from trazo_spec.schedule.types import Scaling

PLAIN = "ops: {kind: security, alarms: {email: ops@example.com}}\ndb: {kind: rds}\n"
VCPU_HOUR = "fargate_linux_x86_vcpu_hour"


class Worker(Placed):
    """A component with tasks, as a newcomer would write it."""

    kind: Literal["worker"] = "worker"
    scaling: Scaling = Scaling(min=2, max=4)
    """How many tasks run."""
    needs: Name = "token"
    """The secret that they get."""


def blocks(name: str, _worker: Worker, _graph: Graph) -> Iterator[Block]:
    """One resource."""
    yield Block("aws_sqs_queue", name, {"name": name}, name)


def fleet(worker: Worker) -> Fleet:
    """Tasks of one vCPU."""
    capacity = Capacity(on_demand=CapacityProvider())
    return Fleet(1.0, worker.scaling, capacity, {VCPU_HOUR: 1.0}, 30.0, 60.0, 30.0)


def meters(name: str, _worker: Worker, _graph: Graph) -> Iterator[Meter]:
    """Its tasks by the hour, and what it stores."""

    def stored(load: Load) -> float:
        return load.usage["stored_gb"] * load.months

    yield Meter(name, VCPU_HOUR, "vCPU-hour", lambda load: load.on_demand_task_h, "simulated")
    yield Meter(name, "s3_standard_storage_gb_month", "GB-month", stored, "assumed")


def alarms(name: str, _worker: Worker, _graph: Graph) -> Iterator[Alarm]:
    """Its tasks have too much to do."""
    yield Alarm("cpu", "cpu_percent", {"metric_name": name}, factor=2)


def variants(
    name: str, worker: Worker, _graph: Graph, circumstances: Circumstances
) -> Iterator[Variant]:
    """Half as many tasks."""
    share = circumstances.missed_share(name, worker.scaling)
    fields = {"scaling": Scaling(min=1, max=4)}
    yield Variant("half", "half the tasks", f"it misses {share:.0%} of its requests", fields)


def secrets(worker: Worker) -> Iterator[tuple[SpecPath, str]]:
    """One."""
    yield ("needs",), worker.needs


WORKER = Kind(
    icon="aws.compute.Batch",
    usage={"stored_gb": Assumption(1, 2, 3, "GB", "what it left", stored=True)},
    blocks=blocks,
    meters=meters,
    unpriced=(Omission("worker licences", "sold elsewhere"), KMS_KEYS),
    fleet=fleet,
    alarms=alarms,
    secrets=secrets,
    variants=variants,
    guards={"aws_sqs_queue": {"name": "it is called like its component"}},
    told={"aws_sqs_queue": (Told("url", "queue_url", "Where to send to"),)},
)


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch) -> Graph:
    """A worker beside kinds that do not know it."""
    monkeypatch.setitem(cast("dict[str, Any]", KINDS), "worker", WORKER)
    spec = graph_of(PLAIN).written
    jobs: Any = Worker()
    return build(spec.model_copy(update={"components": {**spec.components, "jobs": jobs}}))


def test_its_tasks_are_billed_by_the_hours_in_which_they_run(graph: Graph):
    """Two tasks run all week, for one request a second needs no more."""
    found = priced(graph, WEEK)
    (line,) = (li for li in found.bill.lines if li.item == VCPU_HOUR)
    (service,) = found.services

    assert (float(line.quantity), service.component, service.baseline_tasks) == (336.0, "jobs", 2)
    assert found.saving(ALWAYS_ON).total_usd == found.total_usd
    assert "cpu_s_per_request" in {a.name for a in found.assumptions if a.component == "jobs"}


def test_what_it_stores_is_a_part_of_the_floor(graph: Graph):
    """Nobody comes, and it lies there."""
    conditions = Conditions(WEEK, CATALOGUE)
    pricing = Pricing(graph, lower(graph), conditions, ClosedForm(graph, WEEK))

    assert pricing.abandoned()["jobs"].usage == {"stored_gb": 2.0}


def test_its_months_are_simulated_in_the_zones_of_its_network(graph: Graph):
    """The mean is that of the closed form, for nothing here is random."""
    found = simulated_estimate(graph, lower(graph), Conditions(WEEK, CATALOGUE), Runs(2))
    (line,) = (li for li in found.bill.lines if li.item == VCPU_HOUR)

    assert float(line.quantity) == pytest.approx(336.0, rel=0.01)
    assert found.services[0].level is not None


def test_its_formula_says_how_demand_becomes_tasks(graph: Graph):
    """As for any component with tasks."""
    text = explanation(priced(graph, WEEK), graph, lower(graph), "jobs")

    assert "1 requests/s x 0.05 CPU s / (1 vCPU x 80 %), rounded up = 1" in text


def test_what_its_meters_leave_out_is_named_once(graph: Graph):
    """A database beside it leaves out the same keys."""
    names = [omission.name for omission in priced(graph, WEEK).omissions]

    assert names.count("worker licences") == names.count(KMS_KEYS.name) == 1
    assert "worker licences" not in [o.name for o in priced(graph_of(PLAIN), WEEK).omissions]


def test_its_other_ways_are_priced(graph: Graph):
    """It says which there are, and the bill what they save."""
    plan, conditions = lower(graph), Conditions(WEEK, CATALOGUE)
    advice = advised(graph, plan, conditions)
    (half,) = (a for a in advice.alternatives if a.component == "jobs")
    price = CATALOGUE.price(VCPU_HOUR, graph.spec.region)

    assert price is not None
    assert half.saved_usd == pytest.approx(168 * price.tiers[0].usd)
    assert half.tradeoff == "it misses 0% of its requests"


def test_its_alarm_and_its_secret_are_made_by_the_kind_that_makes_them(graph: Graph):
    """It says what can go wrong and what it needs, and knows nothing of e-mails."""
    found = {block.address: block for block in lower(graph).blocks}
    reads = [e.target for e in graph.edges_from("jobs", Relation.READS)]

    assert found["aws_cloudwatch_metric_alarm.ops_jobs_cpu"].body["threshold"] == 180
    assert "aws_secretsmanager_secret.token" in found
    assert reads == ["ops.token"]


def test_its_resources_are_guarded_and_told_of(graph: Graph):
    """What it says of them reaches the rules on overrides and the outputs."""
    plan = apply(lower(graph), {"aws_sqs_queue.jobs": {"name": "other"}})
    (finding,) = (found for rule in RULES for found in rule.check(plan))

    assert finding.help == "it is called like its component"
    assert "jobs_queue_url" in {output.name for output in plan.outputs}


def test_every_threshold_is_that_of_some_alarm():
    """A field of `alarms` that nothing is compared with would be a lie."""
    text = """
    alb: {kind: alb, hostname: www.example.com, routes: [{to: web}]}
    web: {kind: ecs, image: "a/b:1", port: 8080}
    db: {kind: rds}
    """
    known = graph_of(text)
    components = known.spec.components.items()
    found = (a for n, c in components for a in known.kind(c).alarms(n, c, known))

    assert {a.setting for a in found} == set(Alarms.model_fields) - {"email"}
