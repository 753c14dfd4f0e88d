"""Laws that hold for every valid spec."""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.backends.terraform.document import document as terraform_document
from compiler.backends.terraform.document import dump as terraform_text
from compiler.backends.terraform.render import expression
from compiler.findings.check import check
from compiler.kinds import build
from compiler.lower import lower
from compiler.plan.plan import Block, Expr, Join, Json, Load, Plan, Ref
from compiler.plan.references import references
from compiler.provider_schema import check as check_plan
from cost.bill.calendar import hours
from cost.bill.estimate import estimate
from cost.bill.pricing import Conditions
from cost.rates.catalogue_file import read_catalogue
from tests.damage import altered
from tests.one_of_each import example, unpriced
from tests.strategies.assumptions import loads
from tests.strategies.derived import others
from tests.strategies.documents import REGIONS
from tests.strategies.sample import compiled, sample
from tests.strategies.words import HOSTILE, Document
from tests.strategies.written import as_spec, dump, dump_json
from trazo_spec.base import Placed
from trazo_spec.components import KINDS
from trazo_spec.document import Spec
from trazo_spec.load import load

CATALOGUE = read_catalogue()
WEEK = hours(7 * 24, datetime(2026, 11, 22, tzinfo=UTC))


def plan_of(spec: Spec, environment: str = "prod") -> Plan:
    """What a spec without environments becomes."""
    return lower(build(spec, environment))


def text_of(plan: Plan) -> str:
    """The Terraform file of a plan."""
    return terraform_text(terraform_document(plan))


def bodies(plan: Plan) -> Mapping[str, object]:
    """Every block of a plan by address, without the component that it is counted to."""
    return {b.address: (b.body, b.provider, b.depends_on, b.lifecycle) for b in plan.blocks}


# Reading


@given(compiled())
def test_a_spec_that_was_written_is_read_as_itself(spec):
    """Whatever the language can say, a file can say."""
    environments = load(dump(spec.spec)).environments

    assert environments == {name: graph.written for name, graph in spec.graphs.items()}


@given(compiled(), st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(spec, order):
    """Sorting a file changes nothing that runs."""
    other = _shuffled(spec.document, order)

    assert text_of(plan_of(as_spec(other), spec.first)) == text_of(spec.plans[spec.first])


def _shuffled(value: Any, order: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: _shuffled(value[key], order) for key in keys}
    if isinstance(value, list):
        return [_shuffled(item, order) for item in value]
    return value


# What a spec becomes


@given(compiled())
def test_every_component_becomes_at_least_one_block(spec):
    """No component disappears on the way to Terraform."""
    for environment, plan in spec.plans.items():
        owners = {b.component for b in plan.blocks}

        assert set(spec.graphs[environment].spec.components) - owners == set()


@given(compiled())
def test_every_block_belongs_to_a_component_or_to_all(spec):
    """Diagrams, diffs and bills ask each block whose it is."""
    for environment, plan in spec.plans.items():
        owners = {b.component for b in plan.blocks}

        assert owners <= {*spec.graphs[environment].spec.components, ""}


@given(compiled())
def test_every_reference_points_to_a_block_of_the_plan(spec):
    """A reference to nothing is what `terraform validate` fails on first."""
    for plan in spec.plans.values():
        addresses = {b.address for b in plan.blocks}
        dangling = [(b.address, r) for b in plan.blocks for r in references(b) - addresses]

        assert dangling == []


@given(compiled())
def test_no_two_resources_have_the_same_name_in_aws(spec):
    """The second one would fail to be made, halfway through an apply."""
    for plan in spec.plans.values():
        names = Counter(filter(None, map(_aws_name, plan.blocks)))

        assert [name for name, count in names.items() if count > 1] == []


def _aws_name(block: Block) -> tuple[object, ...] | None:
    """What must be unique of a resource: its name, with what the name is unique in."""
    body = block.body
    if block.mode != "managed":
        return None
    match block.type:
        case "aws_route53_record":
            return (block.type, body["zone_id"], str(body["name"]).lower(), body["type"])
        case "aws_iam_role_policy":
            return (block.type, body["role"], body["name"])
        case "aws_appautoscaling_policy" | "aws_appautoscaling_scheduled_action":
            return (block.type, body["resource_id"], body["name"])
        case "aws_ecs_task_definition":
            return (block.type, body["family"])
        case "aws_ecs_service":
            return (block.type, body["cluster"], body["name"])
        case _:
            keys = ("name", "bucket", "identifier", "replication_group_id")
            found = [body[k] for k in keys if isinstance(body.get(k), str)]
            return (block.type, block.provider, *found) if found else None


@given(compiled())
def test_no_two_environments_own_the_same_name_in_aws(spec):
    """All environments of a spec can stand side by side in one account."""
    seen: dict[object, str] = {}
    for environment, plan in spec.plans.items():
        for block in plan.blocks:
            inside = block.type in ("aws_route53_record", "aws_iam_role_policy")
            if not inside and (name := _aws_name(block)) and _is_plain(name):
                assert seen.setdefault(name, environment) == environment


def _is_plain(name: tuple[object, ...]) -> bool:
    return all(isinstance(part, str) for part in name)


@given(compiled())
def test_every_plan_fits_the_schema_of_the_provider(spec):
    """A wrong argument is found in milliseconds, not by Terraform after minutes."""
    assert [found for plan in spec.plans.values() for found in check_plan(plan)] == []


@given(compiled())
def test_the_same_spec_gives_the_same_bytes(spec):
    """Terraform's diff shows changes of the spec and nothing else."""
    again = plan_of(as_spec(spec.document), spec.first)

    assert text_of(again) == text_of(spec.plans[spec.first])


@given(altered())
def test_whatever_has_no_error_compiles_and_has_a_bill(document):
    """A spec is refused with its line, or it works: there is nothing in between."""
    checked = check(load(dump_json(document)))
    for graph in checked.graphs.values() if checked.sound else ():
        plan = lower(graph)

        assert check_plan(plan) == ()
        assert text_of(plan)
        assert estimate(graph, plan, Conditions(WEEK, CATALOGUE)).total_usd >= 0


UNRELATED: tuple[Document, ...] = (
    {"kind": "s3"},
    {"kind": "dns", "zone": "unrelated-example.org"},
    {"kind": "security", "secrets": {"unrelated": {}}},
    {"kind": "ecs", "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/unrelated:1"},
    {"kind": "rds"},
    {"kind": "redis"},
    *(example(kind) for kind in others()),
)


@given(compiled(), st.sampled_from(UNRELATED), st.sampled_from(("aa9", "zz9")))
def test_an_unrelated_component_changes_nothing_else(spec, component, name):
    """One more bucket must not replace a database."""
    document = spec.document
    networks = [n for n, c in document["components"].items() if c["kind"] == "networking"]
    if issubclass(KINDS[component["kind"]], Placed) and networks:
        component = {**component, "network": networks[0]}
    more = {**document, "components": {**document["components"], name: component}}

    before, after = bodies(spec.plans[spec.first]), bodies(plan_of(as_spec(more), spec.first))

    assert [a for a in before if _alone(before[a]) != _alone(after.get(a))] == []


def _alone(block: object) -> object:
    """A block without what is about others: which buckets and images a VPC's tasks may reach."""
    match block:
        case ({"policy": _, "service_name": _, **body}, *rest):
            return body, *rest
        case _:
            return block


@given(compiled(), st.data())
def test_a_renamed_component_destroys_nothing(spec, data):
    """With `was`, every resource of the old name becomes one of the new name."""
    names = {n: _without_was(c) for n, c in spec.document["components"].items()}
    old = data.draw(st.sampled_from(sorted(names)))
    renamed = _renamed({**spec.document, "components": names}, old, "renamed")
    before, after = spec.plans[spec.first], plan_of(as_spec(renamed), spec.first)
    moved = {m.source: m.target for m in after.moved}
    addresses = {b.address for b in after.blocks}

    lost = {b.address for b in before.blocks if b.mode == "managed"} - addresses - set(moved)
    assert lost == set()
    assert set(moved.values()) <= addresses


def _without_was(component: Document) -> Document:
    """A component without an earlier rename, whose `was` is removed once it is applied."""
    return {key: value for key, value in component.items() if key != "was"}


def _renamed(document: Document, old: str, new: str) -> Document:
    """The same spec with one component under another name, and `was`."""

    def name(text: str) -> str:
        return new if text == old else text

    components = {}
    for key, component in document["components"].items():
        changed = {**component, "was": old} if key == old else dict(component)
        for field in ("network", "origin"):
            if field in changed:
                changed[field] = name(changed[field])
        if "routes" in changed:
            changed["routes"] = [{**r, "to": name(r["to"])} for r in changed["routes"]]
        if "uses" in changed:
            changed["uses"] = {name(k): v for k, v in changed["uses"].items()}
        if "services" in changed:
            changed["services"] = [name(s) for s in changed["services"]]
        if "access_logs" in changed:
            logs = changed["access_logs"]
            changed["access_logs"] = {**logs, "bucket": name(logs["bucket"])}
        components[name(key)] = changed
    traffic = {
        part: {name(k): v for k, v in of.items()}
        for part, of in document.get("traffic", {}).items()
    }
    return {**document, "components": components, "traffic": traffic}


# Text of a user in Terraform


@given(compiled())
def test_no_text_of_a_user_becomes_an_expression(spec):
    """`${file("/etc/passwd")}` in a spec is text, and no order to Terraform."""
    plan = next(iter(spec.plans.values()))
    ours = set(_expressions([b.body for b in plan.blocks]))
    ours |= set(_expressions([b.lifecycle for b in plan.blocks]))
    ours |= set(_expressions([o.value for o in plan.outputs]))

    found = {e for text in _strings(terraform_document(plan)) for e in interpolations(text)}

    assert {e for e in found if not _is_literal(e)} <= ours


def _expressions(value: object) -> Iterator[str]:
    """The text of every expression that the compiler wrote."""
    match value:
        case Ref() | Expr():
            yield expression(value)
        case Join(parts):
            yield from _expressions(list(parts))
        case Json(inner):
            yield from _expressions(inner)
        case Mapping():
            yield from _expressions(list(value.values()))
        case list() | tuple():
            for item in value:
                yield from _expressions(item)
        case _:
            pass


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for key, inner in value.items():
                yield str(key)
                yield from _strings(inner)
        case list() | tuple():
            for item in value:
                yield from _strings(item)
        case _:
            pass


def interpolations(template: str) -> Iterator[str]:
    """The expressions of a Terraform template, `$${` and `%%{` being plain text."""
    at = 0
    while at < len(template):
        if template.startswith(("$${", "%%{"), at):
            at += 3
        elif template.startswith(("${", "%{"), at):
            end = _closing_brace(template, at + 2)
            prefix = "%" if template[at] == "%" else ""
            yield prefix + template[at + 2 : end]
            at = end + 1
        else:
            at += 1


def _closing_brace(template: str, at: int) -> int:
    """Where an expression ends, strings and braces inside of it left out."""
    depth, quoted = 1, False
    while depth:
        if quoted and template[at] == "\\":
            at += 1
        elif template[at] == '"':
            quoted = not quoted
        elif not quoted and template[at] in "{}":
            depth += 1 if template[at] == "{" else -1
        at += 1
    return at - 1


def _is_literal(text: str) -> bool:
    """Whether an expression is a string in quotes, which reads nothing."""
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return isinstance(value, str) and "${" not in value and "%{" not in value


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_arrives_as_it_was_written(text):
    """A container gets the variable that stands in the spec, character by character."""
    web = {"kind": "ecs", "image": "acme/web:1", "environment": {"TEXT": text}}
    spec = as_spec(
        {
            "trazo": 1,
            "name": "acme",
            "region": "us-east-2",
            "state": {"bucket": "acme-state"},
            "components": {"web": web},
        }
    )

    resources = terraform_document(plan_of(spec))["resource"]["aws_ecs_task_definition"]
    (container,) = json.loads(_evaluated(resources["web"]["container_definitions"]))

    assert {e["name"]: e["value"] for e in container["environment"]}["TEXT"] == text


def _evaluated(template: str) -> str:
    """What Terraform makes of a template, every reference standing for `x`."""
    parts, at = [], 0
    while at < len(template):
        if template.startswith(("$${", "%%{"), at):
            parts.append(template[at + 1 : at + 3])
            at += 3
        elif template.startswith("${", at):
            end = _closing_brace(template, at + 2)
            inner = template[at + 2 : end]
            parts.append(json.loads(inner) if _is_literal(inner) else "x")
            at = end + 1
        else:
            parts.append(template[at])
            at += 1
    return "".join(parts)


# Meters


@given(compiled())
def test_every_meter_has_a_price_in_the_unit_that_it_counts(spec):
    """Hours times a price per month would be wrong by a factor of 730."""
    nobodys = unpriced()
    for plan in spec.plans.values():
        for meter in plan.meters:
            price = CATALOGUE.price(meter.item, plan.region)
            known = (meter.item, plan.region) in nobodys

            assert known or (price is not None and price.unit == meter.unit), meter


def test_every_region_of_the_strategies_is_one_that_we_price():
    """Else the law above would hold for want of examples."""
    priced = {region for _, region in CATALOGUE.prices}

    assert set(REGIONS) <= priced


@given(compiled())
def test_every_meter_belongs_to_a_component(spec):
    """A bill names who causes each line."""
    for name, plan in spec.plans.items():
        assert {m.component for m in plan.meters} <= set(spec.graphs[name].spec.components)


@given(compiled(), loads())
def test_no_meter_counts_less_than_nothing(spec, load):
    """A negative line would hide another one."""
    meters = [meter for plan in spec.plans.values() for meter in plan.meters]

    assert [meter.item for meter in meters if not meter.quantity(load) >= 0] == []


@given(compiled())
def test_nothing_is_simulated_where_nothing_runs(spec):
    """A line that follows from the load of tasks is 0 without tasks."""
    idle = Load(hours=744.0, months=1.0)
    meters = [m for plan in spec.plans.values() for m in plan.meters if m.basis == "simulated"]

    assert [meter.item for meter in meters if meter.quantity(idle) != 0] == []


def test_the_laws_are_tried_on_every_kind():
    """A law that no load balancer was ever tried on says nothing about load balancers."""
    tried = sample(settings.default.max_examples)

    assert {c.kind for one in tried for c in one.spec.components.values()} == set(KINDS)
