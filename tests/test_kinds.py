"""Every kind is a part of everything, and what one lacks is said in a sentence.

`tests/kind_law.py` has the law. Each of its checks is shown to fail where the answer is taken away.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import ClassVar, Literal

import pytest

from compiler.aws.permissions import allow
from compiler.backends.diagram.model.lanes import Sheet
from compiler.backends.diagram.model.picture import Picture
from compiler.graph.graph import Edge, Graph, Kind, Relation, UnansweredError, build
from compiler.graph.moves import renamed
from compiler.kinds import KINDS
from compiler.lower import lower
from compiler.plan.access import PolicyStatement
from compiler.plan.plan import Block, Json, Plan, Ref
from cost.rates.catalogue import Catalogue
from tests import kind_law
from tests.examples import graph_of
from tests.kind_law import World, missing, names
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


@pytest.fixture(scope="module")
def world() -> World:
    """The kinds as they are."""
    return World()


@pytest.mark.parametrize("kind", names())
def test_a_kind_is_a_part_of_everything(kind: str, world: World):
    """What is missing stands in the failure, with the answer to write and its file."""
    lacking = missing(kind, world)

    assert lacking == [], "\n".join(lacking)


# The law can fail


def without(kind: str, **answers: object) -> World:
    """A world in which one kind gives other answers."""
    other = replace(KINDS[kind], **answers)  # type: ignore[arg-type] # by the names of its fields
    return World(answers={**KINDS, kind: other})


def nothing(*_question: object) -> tuple[()]:
    """No answer."""
    return ()


def on_everything(*_question: object) -> Iterator[PolicyStatement]:
    """A permission that names no queue or bucket."""
    yield allow("SendAny", ("sqs:SendMessage",), "*")


def watched(source: str, name: str, _: object, __: Access, path: SpecPath) -> Iterator[Edge]:
    """An edge that says nothing of calls."""
    yield Edge(source, name, Relation.WATCHES, path)


def without_port(source: str, name: str, _: object, __: Access, path: SpecPath) -> Iterator[Edge]:
    """An edge of which nobody knows that it crosses the network."""
    yield Edge(source, name, Relation.CONNECTS_TO, path)


def unknown_type(name: str, *_: object) -> Iterator[Block]:
    """A block that the copy of the provider's schema cannot judge."""
    yield Block("aws_teapot", name, {"name": name}, name)


TAKEN_AWAY: Mapping[str, tuple[str, Callable[[], World], str]] = {
    "the list of the compiler": (
        "s3",
        lambda: World(answers={name: kind for name, kind in KINDS.items() if name != "s3"}),
        "kind `s3` is missing from the compiler: name it in `KINDS` in compiler/kinds.py",
    ),
    "the list of the language": (
        "queue",
        lambda: World(answers={**KINDS, "queue": PLAIN}),
        "kind `queue` is missing from the language: name its type in `AnyComponent` in "
        "trazo_spec/components/__init__.py",
    ),
    "blocks": (
        "s3",
        lambda: without("s3", blocks=nothing),
        "kind `s3` is missing from the plan: answer `blocks` in compiler/components/s3.py",
    ),
    "the provider's schema": (
        "s3",
        lambda: without("s3", blocks=unknown_type),
        "kind `s3` does not fit the provider: `aws_teapot.s3` has the type `aws_teapot`, "
        "which is not in the copy of the provider's schema: run "
        "scripts/update_provider_schema.py, which adds what the code names",
    ),
    "meters": (
        "redis",
        lambda: without("redis", meters=nothing),
        "kind `redis` is missing from the bill: answer `meters` in compiler/components/redis.py, "
        "or `free`",
    ),
    "an assumption": (
        "redis",
        lambda: without("redis", usage={}),
        "kind `redis` is billed by `gb_exchanged`: assume `gb_exchanged` in `usage` in "
        "compiler/components/redis.py",
    ),
    "the field of a use": (
        "redis",
        lambda: without(
            "redis", usage={**KINDS["redis"].usage, "moons": KINDS["redis"].usage["backup_gb"]}
        ),
        "kind `redis` assumes `moons`, which no spec can state: add it to `Usage` in "
        "trazo_spec/traffic.py",
    ),
    "a price": (
        "s3",
        lambda: World(catalogue=Catalogue("none", {})),
        "kind `s3` has no price of `s3_standard_storage_gb_month` in eu-west-1: add a row to "
        "cost/rates/prices/s3.csv",
    ),
    "a place in a VPC": (
        "redis",
        lambda: without("redis", card=lambda *_: None),
        "kind `redis` is missing from the network view: answer `card` in "
        "compiler/components/redis.py, with a place in a VPC",
    ),
    "links": (
        "s3",
        lambda: without("s3", links=nothing),
        "kind `s3` is not whole: `KIND` in compiler/components/s3 must define `links`: it does "
        "not say what `read_write` grants",
    ),
    "a relation that is a call": (
        "s3",
        lambda: without("s3", links=watched),
        "kind `s3` is missing from the request view: answer `links` in compiler/components/s3.py, "
        "with a relation of `READS`, `WRITES`, `CONNECTS_TO`",
    ),
    "allows": (
        "s3",
        lambda: without("s3", allows=nothing),
        "kind `s3` is not whole: `KIND` in compiler/components/s3 must define `allows`: it does "
        "not say what `read_write` grants",
    ),
    "what a permission is about": (
        "s3",
        lambda: without("s3", allows=on_everything),
        "kind `s3` is missing from the security view: answer `allows` in "
        "compiler/components/s3.py, for resources of its own",
    ),
    "the reference": (
        "rds",
        lambda: World(reference=""),
        "kind `rds` is missing from docs/reference/language.md: run scripts/write_reference.py",
    ),
    "the JSON Schema": (
        "rds",
        lambda: World(schema={"$defs": {}}),
        "kind `rds` is missing from the JSON Schema: name its type in `AnyComponent` in "
        "trazo_spec/components/__init__.py",
    ),
    "what is drawn": (
        "rds",
        lambda: World(drawn=()),
        "kind `rds` is in no drawn spec: draw it in tests/strategies/derived.py",
    ),
    "what is linked": (
        "rds",
        lambda: World(drawn=({"database": {"kind": "rds"}},)),
        "kind `rds` is used in no drawn spec: link it in tests/strategies/derived.py",
    ),
    "gives": (
        "redis",
        lambda: without("redis", gives=nothing),
        "kind `redis` gives its users no variable: answer `gives` in compiler/components/redis.py",
    ),
    "the rule on unused components": (
        "redis",
        lambda: World(rules=()),
        "kind `redis` is not found where nothing uses it: ask for it in the rule TZ315 in "
        "compiler/rules/naming/declarations.py",
    ),
    "the rule on what is unused outside of VPCs": (
        "s3",
        lambda: World(rules=()),
        "kind `s3` is not found where nothing uses it: ask for it in the rule TZ316 in "
        "compiler/rules/naming/declarations.py",
    ),
    "a port": (
        "redis",
        lambda: without("redis", links=without_port),
        "kind `redis` is not found where it is in another VPC: give the edges of `links` a port in "
        "compiler/components/redis.py",
    ),
    "what replaces it": (
        "redis",
        lambda: World(replaced={"aws_elasticache_replication_group": ()}),
        "kind `redis`: `aws_elasticache_subnet_group` is not in replaced.json, so no diff knows "
        "what replaces it: run scripts/update_replacements.py",
    ),
    "an endpoint": (
        "s3",
        lambda: replace(without("s3", allows=on_everything), rules=()),
        "kind `s3` is not found where a VPC has no way to it: name the endpoint of `sqs` in "
        "compiler/rules/network/endpoints.py",
    ),
}


@pytest.mark.parametrize("taken", TAKEN_AWAY)
def test_what_is_taken_away_is_missed(taken: str):
    """A law that cannot fail says nothing; the sentence names the answer and its file."""
    kind, other, sentence = TAKEN_AWAY[taken]

    assert sentence in missing(kind, other())


LANES = ("request", "security")
"""The views that are sheets of lanes."""


@pytest.mark.parametrize("view", ["overview", "network_view", "request", "security"])
def test_a_view_that_shows_nothing_is_missed(monkeypatch: pytest.MonkeyPatch, view: str):
    """The views show kinds without a word of theirs, so only a view itself can lose one."""
    empty = Sheet("", "", ()) if view in LANES else Picture("", "")
    monkeypatch.setattr(kind_law, view, lambda *_: empty)
    kind = "s3" if view == "security" else "redis"
    named = view.removesuffix("_view") + ("" if view == "overview" else " view")

    assert any(f"`{kind}` is missing from the {named}" in s for s in missing(kind, World()))


def test_a_graph_that_shows_nothing_is_missed():
    """Mermaid, JSON and DOT are drawn from the nodes."""
    world = World()
    world.__dict__["graph"] = replace(world.graph, nodes=(), edges=())

    assert list(kind_law.in_the_graph("s3", world)) == [
        "kind `s3` is missing from Mermaid: see compiler/backends/mermaid.py",
        "kind `s3` is missing from the graph's JSON: see compiler/backends/graph_text.py",
        "kind `s3` is missing from the graph's DOT: see compiler/backends/graph_text.py",
    ]


def test_a_unit_that_differs_is_missed():
    """Kilobytes at a price for gigabytes would be a million times too dear."""
    prices = World().catalogue.prices
    other = World(
        catalogue=Catalogue("moons", {k: replace(p, unit="moon") for k, p in prices.items()})
    )
    lacking = "\n".join(kind_law.priced_everywhere("s3", other))

    assert "its price is for a `moon`: write one unit in cost/rates/prices/s3.csv" in lacking


def test_an_example_that_says_too_little_is_missed(monkeypatch: pytest.MonkeyPatch):
    """Tests and strategies begin with it."""
    monkeypatch.setattr(kind_law.one_of_each, "example", lambda kind: {"kind": kind})

    assert missing("alb", World()) == [
        "kind `alb` has no sound example: say `hostname` and `routes` in `EXAMPLE` in "
        "tests/components/test_alb.py"
    ]


def test_a_kind_without_tests_is_missed(monkeypatch: pytest.MonkeyPatch):
    """They are its fourth file."""
    monkeypatch.setattr(kind_law.one_of_each, "own_tests", lambda _: None)

    assert missing("redis", World()) == [
        "kind `redis` has no tests: write tests/components/test_redis.py"
    ]


def test_a_field_without_a_word_is_missed(monkeypatch: pytest.MonkeyPatch):
    """Editors and the reference would have nothing to say."""
    monkeypatch.setattr(kind_law, "field_docstrings", lambda _: {"was": "", "network": ""})
    lacking = list(kind_law.in_the_reference("redis", World()))

    assert lacking[0] == (
        "kind `redis` does not say what `apply` is: write it below, in "
        "trazo_spec/components/redis.py"
    )


def test_a_field_that_no_type_tells_is_missed(monkeypatch: pytest.MonkeyPatch):
    """The name of a bucket has a form that only a function knows."""
    monkeypatch.setattr(kind_law, "BY_HAND", ())

    assert (
        "kind `s3` is never drawn with `bucket`: give it a strategy in `FIELDS` in "
        "tests/components/test_s3.py"
    ) in missing("s3", World())


# A kind that no list has


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
    with pytest.raises(
        UnansweredError, match=r"compiler/components/sqs must define `links`: .* `write`"
    ):
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
