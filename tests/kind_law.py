"""What every kind is a part of: each check says in one sentence what is missing, and where to add.

The kinds stand in one spec, a component of each, and its service uses all that it may.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError

from compiler.aws.metering import free
from compiler.backends.cards import card
from compiler.backends.diagram.model.lanes import Sheet
from compiler.backends.diagram.model.picture import Item, Picture
from compiler.backends.diagram.views.items import ZONES
from compiler.backends.diagram.views.overview import overview
from compiler.backends.diagram.views.request import request
from compiler.backends.diagram.views.security import security
from compiler.backends.diagram.views.vpc_view import network_view
from compiler.backends.graph_text import as_dot, as_json
from compiler.backends.mermaid import mermaid
from compiler.card import Place
from compiler.graph.graph import Graph, Kinds, Relation, UnansweredError, build
from compiler.kinds import KINDS as ANSWERS
from compiler.lower import lower
from compiler.plan.plan import Load, Plan
from compiler.provider_schema import check as check_plan
from compiler.rules import RULES
from compiler.rules.rule import Rule
from cost.rates.catalogue_file import Catalogue, read_catalogue
from tests import one_of_each
from tests.estimates import priced
from tests.needs import meters_of
from tests.strategies.derived import BY_HAND, undrawn
from tests.strategies.sample import sample
from tests.strategies.words import Document
from tests.strategies.written import as_spec
from trazo_spec.authoring.schema import json_schema
from trazo_spec.base import Linkable, Placed
from trazo_spec.components import KINDS
from trazo_spec.docstrings import field_docstrings
from trazo_spec.traffic import Usage

ROOT = Path(__file__).parent.parent
REGIONS = ("eu-west-1", "us-east-1", "us-east-2", "us-west-2")
"""What trazo ships prices of."""
SERVICE = one_of_each.SERVICE
LINKS = (Relation.READS, Relation.WRITES, Relation.CONNECTS_TO)
IN_A_VPC = {"network": {"kind": "networking"}}
CLOSED = {
    "network": {"kind": "networking", "egress": {"endpoints": ["ecr.api", "ecr.dkr", "logs"]}}
}
TWO_VPCS = {"here": {"kind": "networking"}, "there": {"kind": "networking"}}
DRAWN = 100
"""So many specs are looked through for a kind."""


def _replaced() -> Mapping[str, object]:
    path = ROOT / "compiler" / "provider_schema" / "replaced.json"
    asked: Mapping[str, object] = json.loads(path.read_bytes())
    return asked


@dataclass(frozen=True, repr=False)
class World:
    """What the kinds answer, and what else the program knows of them, once for all checks."""

    answers: Kinds = field(default_factory=lambda: ANSWERS)
    catalogue: Catalogue = field(default_factory=read_catalogue)
    rules: tuple[Rule, ...] = RULES
    schema: Mapping[str, Any] = field(default_factory=json_schema)
    replaced: Mapping[str, object] = field(default_factory=_replaced)
    reference: str = field(
        default_factory=lambda: (ROOT / "docs/reference/language.md").read_text("utf-8")
    )
    drawn: tuple[Document, ...] | None = None
    """The components of specs that were drawn; None for those of the strategies."""

    def graph_of(self, components: Mapping[str, Document]) -> Graph:
        """The graph of some components."""
        document = {**one_of_each.document(), "components": dict(components)}
        return build(as_spec(document), "prod", self.answers)

    @cached_property
    def specs(self) -> tuple[Document, ...]:
        """The components of drawn specs, which are only built once a kind answers enough."""
        if self.drawn is not None:
            return self.drawn
        return tuple(one.document["components"] for one in sample(DRAWN))

    @cached_property
    def graph(self) -> Graph:
        """One of each, and its links."""
        return self.graph_of(one_of_each.components())

    @cached_property
    def plan(self) -> Plan:
        """What that becomes."""
        return lower(self.graph)

    def found(self, graph: Graph, code: str) -> set[str]:
        """The components that a rule finds something in."""
        found = (d for rule in self.rules if rule.code == code for d in rule.diagnostics(graph))
        return {str(step) for d in found for step in d.path}


Check: TypeAlias = Callable[[str, World], Iterator[str]]
"""The sentences about one kind."""


def answer(kind: str, what: str) -> str:
    """Where a kind answers: `answer meters in compiler/components/queue.py`."""
    return f"answer `{what}` in {code_of(kind)}"


def code_of(kind: str) -> str:
    """Where a kind's answers stand."""
    path = f"compiler/components/{kind}"
    return f"{path}/" if (ROOT / path).is_dir() else f"{path}.py"


def type_of(kind: str) -> str:
    """Where it stands what may be written about a kind."""
    return f"trazo_spec/components/{kind}.py"


def tests_of(kind: str) -> str:
    """Where a kind's own tests stand."""
    return f"tests/components/test_{kind}.py"


def names() -> list[str]:
    """Every kind that stands in some list or has a file."""
    files = {path.stem for path in (ROOT / "compiler" / "components").iterdir()}
    return sorted({*KINDS, *ANSWERS, *files} - {"__init__", "__pycache__"})


def missing(kind: str, world: World) -> list[str]:
    """All that one kind lacks, a sentence each."""
    if lacking := [*in_the_lists(kind, world), *has_an_example(kind, world)]:
        return lacking
    try:
        return [sentence for check in CHECKS for sentence in check(kind, world)]
    except UnansweredError as error:
        return [f"kind `{kind}` is not whole: {error}"]


# What it stands in


def in_the_lists(kind: str, world: World) -> Iterator[str]:
    """The two lists, without which nothing else can be asked."""
    if kind not in KINDS:
        where = "`AnyComponent` in trazo_spec/components/__init__.py"
        yield f"kind `{kind}` is missing from the language: name its type in {where}"
    if kind not in world.answers:
        yield f"kind `{kind}` is missing from the compiler: name it in `KINDS` in compiler/kinds.py"


def has_an_example(kind: str, _world: World) -> Iterator[str]:
    """A component that is right, from which tests and strategies begin."""
    if kind not in KINDS:
        return
    if one_of_each.own_tests(kind) is None:
        yield f"kind `{kind}` has no tests: write {tests_of(kind)}"
    try:
        as_spec({**one_of_each.document(), "components": {kind: one_of_each.example(kind)}})
    except ValidationError as error:
        wrong = " and ".join(f"`{'.'.join(map(str, e['loc'][3:]))}`" for e in error.errors())
        yield f"kind `{kind}` has no sound example: say {wrong} in `EXAMPLE` in {tests_of(kind)}"


# What it becomes and costs


def in_the_plan(kind: str, world: World) -> Iterator[str]:
    """A block of its own, which fits the provider's schema."""
    if kind not in {block.component for block in world.plan.blocks}:
        yield f"kind `{kind}` is missing from the plan: {answer(kind, 'blocks')}"
    for found in check_plan(world.plan):
        if found.path == ("components", kind):
            advice = found.help or f"mend `blocks` in {code_of(kind)}"
            yield f"kind `{kind}` does not fit the provider: {found.message}: {advice}"
    own = {b.type for b in world.plan.blocks if b.component == kind and b.mode == "managed"}
    for type_ in sorted(own - world.replaced.keys()):
        what = f"`{type_}` is not in replaced.json, so no diff knows what replaces it"
        yield f"kind `{kind}`: {what}: run scripts/update_replacements.py"


def in_the_bill(kind: str, world: World) -> Iterator[str]:
    """A line of its own, unless it says that it is free, and an assumption for each use."""
    asked = world.answers[kind]
    lines = [m for m in world.plan.meters if m.component == kind]
    if not lines and asked.meters is not free:
        yield f"kind `{kind}` is missing from the bill: {answer(kind, 'meters')}, or `free`"
    for use in sorted(set(asked.usage) - set(Usage.model_fields)):
        where = "`Usage` in trazo_spec/traffic.py"
        yield f"kind `{kind}` assumes `{use}`, which no spec can state: add it to {where}"
    used = {use: assumed.typical for use, assumed in asked.usage.items()}
    for meter in lines:
        try:
            meter.quantity(Load(720.0, 1.0, used))
        except KeyError as error:
            use = f"`{error.args[0]}`"
            yield f"kind `{kind}` is billed by {use}: assume {use} in `usage` in {code_of(kind)}"
            return
    if lines and kind not in {line.component for line in priced(world.graph).bill.lines}:
        yield f"kind `{kind}` is missing from the bill: {answer(kind, 'meters')}"


def priced_everywhere(kind: str, world: World) -> Iterator[str]:
    """A price for each line that it can have, in each region, or a word that nobody has it."""
    needed = sorted({(meter.item, meter.unit) for meter in meters_of(kind, world.answers)})
    file, known = f"cost/rates/prices/{kind}.csv", one_of_each.unpriced()
    for item, unit in needed:
        for region in REGIONS:
            price = world.catalogue.price(item, region)
            if price is None and (item, region) not in known:
                yield f"kind `{kind}` has no price of `{item}` in {region}: add a row to {file}"
            elif price is not None and price.unit != unit:
                yield (
                    f"kind `{kind}` counts `{item}` in `{unit}` and its price is for a "
                    f"`{price.unit}`: write one unit in {file} and in {code_of(kind)}"
                )


# What shows it


def in_the_overview(kind: str, world: World) -> Iterator[str]:
    """An item of its own, or a part in one that stands for several."""
    said = card(kind, world.graph)
    ids = _ids(overview(world.graph))
    marks = {f"supporting.{shared.mark}" for shared in said.shared}
    together = any(i.startswith(tuple(marks)) for i in ids) if marks else False
    if kind not in ids and not together and not (said.place is Place.NAMES and ZONES in ids):
        yield f"kind `{kind}` is missing from the overview: {answer(kind, 'card')}"


def in_the_network_view(kind: str, world: World) -> Iterator[str]:
    """What stands in a VPC is shown there."""
    if issubclass(KINDS[kind], Placed) and kind not in _ids(network_view(world.graph)):
        where = f"{answer(kind, 'card')}, with a place in a VPC"
        yield f"kind `{kind}` is missing from the network view: {where}"


def in_the_request_view(kind: str, world: World) -> Iterator[str]:
    """What a service uses is where its requests end."""
    arrows = ((k.source, k.target) for k in request(world.graph, {}).links())
    shown = {tuple(end.rpartition(".")[2] for end in ends) for ends in arrows}
    if issubclass(KINDS[kind], Linkable) and (SERVICE, kind) not in shown:
        where = f"{answer(kind, 'links')}, with a relation of {_listed(LINKS)}"
        yield f"kind `{kind}` is missing from the request view: {where}"


def in_the_security_view(kind: str, world: World) -> Iterator[str]:
    """What a role may use, unless it is connected to."""
    edges = world.graph.edges_to(kind, Relation.READS, Relation.WRITES)
    if issubclass(KINDS[kind], Linkable) and any(e.source == SERVICE for e in edges):
        roles = [x for x in security(world.graph).lanes if x.id == f"{SERVICE}-roles"]
        words = {w for lane in roles for stop in lane.stops() for w in _words(stop.item)}
        if kind not in words:
            where = f"{answer(kind, 'allows')}, for resources of its own"
            yield f"kind `{kind}` is missing from the security view: {where}"


def _ids(picture: Picture | Sheet) -> set[str]:
    """All that a picture shows, VPCs included."""
    frames = picture.networks if isinstance(picture, Picture) else ()
    return {item.id for item in picture.items()} | {frame.id for frame in frames}


def _words(item: Item) -> list[str]:
    return " ".join((item.title, *item.details)).replace("-", " ").split()


def in_the_graph(kind: str, world: World) -> Iterator[str]:
    """The texts of a graph: Mermaid, JSON and DOT."""
    graph = world.graph
    shown = {
        "Mermaid": (f'"{kind}<br/>' in mermaid(graph), "mermaid.py"),
        "the graph's JSON": (kind in {n["name"] for n in as_json(graph)["nodes"]}, "graph_text.py"),
        "the graph's DOT": (f'label="{kind}\\n' in as_dot(graph), "graph_text.py"),
    }
    for what, (there, file) in shown.items():
        if not there:
            yield f"kind `{kind}` is missing from {what}: see compiler/backends/{file}"


# What describes it


def in_the_reference(kind: str, world: World) -> Iterator[str]:
    """Its section on the page of the language, with each of its fields."""
    told = field_docstrings(KINDS[kind])
    for name in sorted(_keys(kind) - {"kind"} - set(told)):
        yield f"kind `{kind}` does not say what `{name}` is: write it below, in {type_of(kind)}"
    section = world.reference.partition(f"\n### {kind}\n")[2].partition("\n### ")[0]
    if not all(f"| `{name}` |" in section for name in _keys(kind)):
        page = "docs/reference/language.md"
        yield f"kind `{kind}` is missing from {page}: run scripts/write_reference.py"


def in_the_schema(kind: str, world: World) -> Iterator[str]:
    """Its type among those that an editor offers, with each of its fields."""
    fields = world.schema["$defs"].get(KINDS[kind].__name__, {}).get("properties", {})
    if not _keys(kind) <= set(fields):
        where = "`AnyComponent` in trazo_spec/components/__init__.py"
        yield f"kind `{kind}` is missing from the JSON Schema: name its type in {where}"


def _keys(kind: str) -> set[str]:
    """The fields of a kind as a spec has them."""
    return {field.alias or name for name, field in KINDS[kind].model_fields.items()}


# What tries it


def in_the_strategies(kind: str, world: World) -> Iterator[str]:
    """Specs that are drawn have it, with every field, and services that use it."""
    if kind not in {c["kind"] for components in world.specs for c in components.values()}:
        yield f"kind `{kind}` is in no drawn spec: draw it in tests/strategies/derived.py"
    elif issubclass(KINDS[kind], Linkable) and not any(map(_linked(kind), world.specs)):
        yield f"kind `{kind}` is used in no drawn spec: link it in tests/strategies/derived.py"
    by_itself = kind in BY_HAND or hasattr(one_of_each.own_tests(kind), "drawn")
    for name in [] if by_itself else undrawn(kind):
        where = f"`FIELDS` in {tests_of(kind)}"
        yield f"kind `{kind}` is never drawn with `{name}`: give it a strategy in {where}"


def _linked(kind: str) -> Callable[[Document], bool]:
    """Whether a service of some components uses one of a kind."""

    def linked(components: Document) -> bool:
        uses = (name for c in components.values() for name in c.get("uses", ()))
        return any(components[name]["kind"] == kind for name in uses)

    return linked


# What others make of it


def gives_its_users_something(kind: str, world: World) -> Iterator[str]:
    """Where to find it, or a service would be allowed to use what it cannot name."""
    if issubclass(KINDS[kind], Linkable):
        component = world.graph.spec.components[kind]
        if not any(world.answers[kind].gives(kind, component, world.graph)):
            yield f"kind `{kind}` gives its users no variable: {answer(kind, 'gives')}"


def found_unused(kind: str, world: World) -> Iterator[str]:
    """What could be linked and is not has a finding."""
    if issubclass(KINDS[kind], Linkable):
        code = "TZ315" if issubclass(KINDS[kind], Placed) else "TZ316"
        alone = world.graph_of({**IN_A_VPC, kind: one_of_each.example(kind), **_service()})
        if kind not in world.found(alone, code):
            where = f"ask for it in the rule {code} in compiler/rules/naming/declarations.py"
            yield f"kind `{kind}` is not found where nothing uses it: {where}"


def found_unreachable(kind: str, world: World) -> Iterator[str]:
    """What is linked and cannot be reached has a finding: in another VPC, or without a way out."""
    type_ = KINDS[kind]
    if issubclass(type_, Placed) and issubclass(type_, Linkable):
        apart = {kind: {**one_of_each.example(kind), "network": "there"}}
        service = _service(network="here", uses={kind: type_.ACCESSES[-1]})
        if kind not in world.found(world.graph_of({**TWO_VPCS, **apart, **service}), "TZ307"):
            where = f"give the edges of `links` a port in {code_of(kind)}"
            yield f"kind `{kind}` is not found where it is in another VPC: {where}"
    elif issubclass(type_, Linkable) and (api := _api(kind, world)):
        service = _service(uses={kind: type_.ACCESSES[-1]})
        closed = world.graph_of({**CLOSED, kind: one_of_each.example(kind), **service})
        if kind not in world.found(closed, "TZ417"):
            where = f"name the endpoint of `{api}` in compiler/rules/network/endpoints.py"
            yield f"kind `{kind}` is not found where a VPC has no way to it: {where}"


def _service(**fields: object) -> dict[str, Document]:
    """A service that only uses what is said."""
    return {SERVICE: {**one_of_each.example(SERVICE), **fields}}


def _api(kind: str, world: World) -> str:
    """The AWS API through which a kind is used; empty for S3, which every VPC reaches."""
    allows = world.answers[kind].allows({kind: KINDS[kind].ACCESSES[-1]}, world.graph)  # type: ignore[union-attr] # it is linkable
    apis = {f"{action}".partition(":")[0] for one in allows for action in one["Action"]}  # type: ignore[union-attr] # a list of our own
    return next(iter(sorted(apis - {"s3"})), "")


def _listed(relations: tuple[Relation, ...]) -> str:
    return ", ".join(f"`{relation.name}`" for relation in relations)


CHECKS: tuple[Check, ...] = (
    in_the_plan,
    in_the_bill,
    priced_everywhere,
    in_the_overview,
    in_the_network_view,
    in_the_request_view,
    in_the_security_view,
    in_the_graph,
    in_the_reference,
    in_the_schema,
    in_the_strategies,
    gives_its_users_something,
    found_unused,
    found_unreachable,
)
"""What is asked once a kind can be built."""
