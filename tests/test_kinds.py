"""A kind that answers little is in graph and plan all the same, or an error says what it lacks."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

import pytest

from compiler.aws.permissions import allow
from compiler.graph.graph import Edge, Graph, Kind, Relation, UnansweredError, build
from compiler.graph.moves import renamed
from compiler.kinds import KINDS
from compiler.lower import lower
from compiler.plan.access import PolicyStatement
from compiler.plan.plan import Block, Json, Plan, Ref
from tests.examples import graph_of
from trazo_spec.base import Access, Linkable, Placed
from trazo_spec.diagnostics import SpecPath


class Queue(Placed, Linkable):
    """A queue in a VPC, as a newcomer would write it."""

    ACCESSES: ClassVar[tuple[Access, ...]] = ("read", "write")

    kind: Literal["sqs"] = "sqs"


def blocks(name: str, _queue: Queue, _graph: Graph) -> Iterator[Block]:
    """One resource."""
    yield Block("aws_sqs_queue", name, {"name": name}, name)


def links(source: str, name: str, _queue: Queue, access: Access, path: SpecPath) -> Iterator[Edge]:
    """What uses it reads or writes it."""
    relation = Relation.READS if access == "read" else Relation.WRITES
    yield Edge(source, name, relation, path, 443)


def gives(name: str, _queue: Queue, _graph: Graph) -> Iterator[tuple[str, Ref]]:
    """Where to send to."""
    yield "URL", Ref(f"aws_sqs_queue.{name}", "url")


def allows(accesses: Mapping[str, Access], _graph: Graph) -> Iterator[PolicyStatement]:
    """One statement for all queues."""
    arns = (Ref(f"aws_sqs_queue.{name}", "arn") for name in accesses)
    yield allow("UseQueues", ("sqs:SendMessage",), *arns)


PLAIN = Kind(icon="aws.integration.SQS", usage={}, blocks=blocks, meters=lambda *_: ())
WHOLE = Kind(
    icon="aws.integration.SQS",
    usage={},
    blocks=blocks,
    meters=lambda *_: (),
    links=links,
    gives=gives,
    allows=allows,
)


def with_queue(kind: Kind, uses: str = "{}") -> Graph:
    """A service beside a queue of a kind that no list has."""
    written = graph_of(f"web: {{kind: ecs, image: x, uses: {uses}}}").written
    components = {**written.components, "jobs": Queue()}
    spec = written.model_copy(update={"components": components})
    return build(spec, "prod", {**KINDS, "sqs": kind})


def addresses(plan: Plan) -> set[str]:
    """Every address of a plan."""
    return {block.address for block in plan.blocks}


def test_a_kind_that_only_has_blocks_is_in_the_graph():
    """Nothing is left out in silence."""
    graph = with_queue(PLAIN)

    assert "jobs" in {node.name for node in graph.nodes}
    assert [e.target for e in graph.edges_from("jobs", Relation.RUNS_IN)] == ["network"]


def test_a_kind_in_a_network_gets_a_closed_group_with_its_own_name():
    """A default that is safe, and that one sees in the plan."""
    plan = lower(with_queue(PLAIN))
    (group,) = (b for b in plan.blocks if b.address == "aws_security_group.jobs")
    rules = [b for b in plan.blocks if b.type.endswith("gress_rule") and b.name.startswith("jobs_")]

    assert group.body["description"] == "sqs"
    assert rules == []


def test_a_link_to_a_kind_that_says_nothing_of_it_is_an_error():
    """Else the service would start, without a permission."""
    with pytest.raises(UnansweredError, match=r"compiler/components/sqs needs `links`: .* `write`"):
        with_queue(PLAIN, "{jobs: write}")


def test_a_link_gives_variables_and_permissions():
    """What the kind answers reaches the tasks and their role."""
    plan = {block.address: block for block in lower(with_queue(WHOLE, "{jobs: write}")).blocks}
    containers = plan["aws_ecs_task_definition.web"].body["container_definitions"]
    policy = plan["aws_iam_role_policy.web_task"].body["policy"]

    assert isinstance(containers, Json)
    assert containers.document[0]["environment"] == (
        {"name": "JOBS_URL", "value": Ref("aws_sqs_queue.jobs", "url")},
    )
    assert isinstance(policy, Json)
    assert policy.document["Statement"][0]["Resource"] == (Ref("aws_sqs_queue.jobs", "arn"),)


def test_a_renamed_component_is_followed_by_links_and_placement():
    """References are asked for, so a new kind needs no line of its own."""
    graph = with_queue(WHOLE, "{jobs: write}")
    spec = renamed(graph.spec, {"jobs": "tasks", "network": "vpc"}, graph.kinds)
    other = build(spec, "prod", graph.kinds)

    assert [e.target for e in other.edges_from("web", Relation.WRITES)] == ["tasks"]
    assert [e.target for e in other.edges_from("tasks", Relation.RUNS_IN)] == ["vpc"]
