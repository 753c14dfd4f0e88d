"""The strategies know the whole language: a field that is never drawn is a field without laws."""

from collections.abc import Iterator

from tests.strategies.sample import sample
from trazo_spec.base import Component, Linkable, Network, Placed, Strict

DRAWN = 900
OF_FILES = ("Demand.trace", "Trace.")
"""What names a file beside the spec; tests/test_trace.py has its laws."""


def types(base: type[Strict]) -> Iterator[type[Strict]]:
    """Every type of the language."""
    for kind in base.__subclasses__():
        yield kind
        yield from types(kind)


def set_fields(value: object) -> Iterator[str]:
    """Every field that somewhere in a spec is written."""
    if isinstance(value, Strict):
        yield from (f"{type(value).__name__}.{field}" for field in value.model_fields_set)
        for field in type(value).model_fields:
            yield from set_fields(getattr(value, field))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from set_fields(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from set_fields(inner)


BASES = (Component, Linkable, Network, Placed)
"""What kinds are made of; no component is one of them alone."""


def test_the_strategies_set_every_field_of_the_language():
    """Types tell most; else `FIELDS` in the kind's tests does, or a module of the strategies."""
    drawn = {field for one in sample(DRAWN) for field in set_fields(one.spec)}
    every = {
        f"{kind.__name__}.{field}"
        for kind in types(Strict)
        if kind not in BASES
        for field in kind.model_fields
    }

    assert sorted(f for f in every - drawn if not f.startswith(OF_FILES)) == []
