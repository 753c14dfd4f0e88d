"""Everything that any spec can be billed for, derived from the types of the language.

A component of each kind is varied in every field that its type can vary, a few fields at a time,
and asked for its meters. A new field or value is part of the walk by that alone.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from inspect import isfunction
from itertools import combinations, product
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from compiler.aws import metering
from compiler.graph.graph import Kinds, build
from compiler.kinds import KINDS as ANSWERS
from compiler.plan.plan import Meter
from tests import one_of_each
from tests.strategies.written import as_spec
from trazo_spec.base import Strict
from trazo_spec.components import KINDS

ROOT = Path(__file__).parents[1]
AT_A_TIME = 3
"""Fields that are varied together: the price of a disk takes its type, its IOPS and its zones."""

_FUNCTIONS = filter(isfunction, vars(metering).values())
MAKERS = {"Meter", *(f.__name__ for f in _FUNCTIONS if f.__module__ == metering.__name__)}
"""What makes a meter."""

Site = tuple[str, int]
"""A module and the line in it where a meter is made."""


@cache
def needed() -> frozenset[tuple[str, str]]:
    """(item, unit) of every line that a spec can have."""
    return frozenset((meter.item, meter.unit) for meter in meters())


def meters() -> Iterator[Meter]:
    """The meters of every variant of a component of each kind."""
    yield from (meter for kind in KINDS for meter in meters_of(kind, ANSWERS))


def meters_of(kind: str, answers: Kinds) -> Iterator[Meter]:
    """The meters of every variant of a component of one kind."""
    graph = build(as_spec(one_of_each.document()), "prod", answers)
    for variant in variants(graph.spec.components[kind], AT_A_TIME):
        yield from answers[kind].meters(kind, variant, graph)


def variants(value: Strict, at_a_time: int) -> Iterator[Any]:
    """A value with every choice in every few of its fields."""
    choices = {
        name: _choices(field.annotation, tuple(field.metadata), getattr(value, name))
        for name, field in type(value).model_fields.items()
    }
    varied = sorted(name for name, found in choices.items() if found)
    for names in combinations(varied, min(at_a_time, len(varied))):
        for chosen in product(*(choices[name] for name in names)):
            yield value.model_copy(update=dict(zip(names, chosen, strict=True)))
    if not varied:
        yield value


def _choices(annotation: Any, metadata: tuple[Any, ...], now: Any) -> tuple[Any, ...]:
    """Other values that a type takes: all of a few, the ends of a range; none of a free text."""
    arguments = get_args(annotation)
    match get_origin(annotation) or annotation:
        case typing if typing is Annotated:
            return _choices(arguments[0], (*metadata, *arguments[1:]), now)
        case typing if typing in (Union, UnionType):
            return tuple(c for a in arguments for c in _choices(a, metadata, now))
        case typing if typing is Literal:
            # Of numbers, such as sizes, the ends are enough.
            numbers = all(isinstance(a, int) for a in arguments)
            return (min(arguments), now, max(arguments)) if numbers else arguments
        case typing if typing is bool:
            return (True, False)
        case typing if typing is NoneType:
            return (None,)
        case typing if typing in (int, float):
            return tuple(dict.fromkeys((*_ends(metadata), now)))
        case typing if isinstance(now, Strict) and isinstance(now, typing):
            return tuple(variants(now, 1))
        case _:
            return ()


def _ends(metadata: tuple[Any, ...]) -> Iterator[float]:
    """The least and the most that a number may be."""
    for one in metadata:
        for limit in one.metadata if isinstance(one, FieldInfo) else (one,):
            if isinstance(limit, Ge):
                yield limit.ge  # type: ignore[misc] # the bounds of the language are numbers
            elif isinstance(limit, Le):
                yield limit.le  # type: ignore[misc] # as above


def made_in_the_code() -> set[Site]:
    """Every place of the kinds where a meter is made."""
    return {
        (module, node.lineno)
        for module, path in _modules().items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS
    }


def made_by_the_walk(monkeypatch: pytest.MonkeyPatch) -> set[Site]:
    """Every place where the walk makes one."""
    found: set[Site] = set()

    def recorded(maker: Callable[..., Any]) -> Callable[..., Any]:
        def record(*arguments: Any, **named: Any) -> Any:
            caller = sys._getframe(1)
            found.add((caller.f_globals["__name__"], caller.f_lineno))
            return maker(*arguments, **named)

        return record

    for module in map(import_module, sorted({name for name, _ in made_in_the_code()})):
        for name in MAKERS & vars(module).keys():
            monkeypatch.setattr(module, name, recorded(vars(module)[name]))
    for _ in meters():
        pass
    return found


def _modules() -> dict[str, Path]:
    """The modules of the kinds, by name."""
    paths = sorted((ROOT / "compiler" / "components").rglob("*.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}
