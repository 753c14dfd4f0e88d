"""Every argument that any kind emits has a row in the table of changes, every refusal a test."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from compiler.backends.terraform.document import document
from compiler.changes.effects import EVERY_TYPE, Row, rows_of, table
from compiler.findings.check import check
from compiler.plan.bootstrap import bootstrap_plan
from compiler.plan.plan import Block, Plan
from compiler.provider_schema.schema import Nested, argument
from tests.refused import AT_THE_APPLY, AT_THE_PLAN, BY_THE_API, REFUSALS
from tests.strategies.sample import sample
from trazo_spec.load import load

ROOT = Path(__file__).parent.parent
WRITTEN = sorted(
    path
    for folder in ("specs", "tests/fixtures", "tests/golden")
    for path in (ROOT / folder).rglob("*.yaml")
    if "bad" not in path.name
)
"""Specs that people wrote, each of them for a reason."""
DRAWN = 60


def emitted(type_: str, value: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Every argument of a body, and every block in it, as a path without positions."""
    nested = not path or isinstance(argument(type_, path), Nested)
    if path:
        yield ".".join(path)
    for part in value if isinstance(value, list) and nested else [value]:
        if isinstance(part, Mapping) and nested:
            for name, inner in part.items():
                yield from emitted(type_, inner, (*path, name))


def arguments(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every type and argument of a plan, as Terraform reads it."""
    for type_, named in document(plan).get("resource", {}).items():
        for body in named.values():
            yield from ((type_, name) for name in emitted(type_, body))


def plans() -> Iterator[Plan]:
    """The plans of everything that is written and of what is drawn."""
    for path in WRITTEN:
        checked = check(load(path.read_text(encoding="utf-8"), file=str(path)))
        if checked.sound:
            yield from (one.plan for one in checked.environments.values())
    for drawn in sample(DRAWN):
        yield from drawn.plans.values()
    yield bootstrap_plan("shop", "shop-state", "us-east-2")


@pytest.fixture(scope="module")
def everything() -> frozenset[tuple[str, str]]:
    """All arguments that any spec here makes."""
    return frozenset(pair for plan in plans() for pair in arguments(plan))


def listed(type_: str, name: str) -> bool:
    """Whether the table says with a source what a change of an argument does."""
    rows = (*rows_of(type_, name), *rows_of(EVERY_TYPE, name.partition(".")[0]))
    return any(row.effect.source for row in rows if not row.condition)


def test_every_argument_has_a_row(everything: frozenset[tuple[str, str]]):
    """What AWS does with a change is looked up before an argument is emitted, not after an outage.

    For a new argument, add a row to `compiler/changes/effects.csv`, with the page that says it.
    """
    assert sorted(pair for pair in everything if not listed(*pair)) == []


def test_many_arguments_are_looked_at(everything: frozenset[tuple[str, str]]):
    """A walk that ends too early would find every argument in the table."""
    assert len(everything) > 400
    assert len({type_ for type_, _ in everything}) > 50


def test_a_new_argument_is_missed():
    """The same walk fails for one that the table does not have."""
    block = Block("aws_db_instance", "db", {"replica_mode": "mounted", "port": 5432}, "db")
    plan = Plan("shop", "prod", "us-east-2", None, blocks=(block,))

    assert [name for _, name in arguments(plan) if not listed("aws_db_instance", name)] == [
        "replica_mode"
    ]


def row_name(row: Row) -> str:
    """A row as a reader finds it in the table."""
    return f"{row.type_} {' '.join(row.arguments)} {row.condition}".strip()


def test_every_refusal_is_tried():
    """Each row that says that AWS refuses something is held by AWS's client or by Terraform.

    For a new one, add a change to `tests/refused.py`: the slow tests make each of them.
    """
    refusals = {row_name(row) for row in table() if row.effect.verdict in REFUSALS}
    cases = (case for case in (*BY_THE_API, *AT_THE_PLAN, *AT_THE_APPLY) if case.code)

    assert refusals == {row_name(row) for case in cases for row in case.rows}
