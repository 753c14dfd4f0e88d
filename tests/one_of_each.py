"""A sound spec with a component of each kind, called after it; its service uses all that it may.

A kind whose plainest form is not enough, or not sound, says more in `EXAMPLE` in its own tests.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from tests.strategies.words import Document
from trazo_spec.base import Linkable
from trazo_spec.components import KINDS

SERVICE = "ecs"
"""The kind of what uses the others."""


def own_tests(kind: str) -> ModuleType | None:
    """The tests of a kind, which are loaded late, for some of them draw specs."""
    name = f"tests.components.test_{kind}"
    return import_module(name) if find_spec(name) is not None else None


def example(kind: str) -> Document:
    """A component of a kind as its own tests show it; without a word of theirs, the plainest."""
    said: Document = getattr(own_tests(kind), "EXAMPLE", {})
    return {"kind": kind, **said}


def linkable() -> Iterator[tuple[str, type[Linkable]]]:
    """Every kind that a service may use, with its type."""
    for name, kind in KINDS.items():
        if issubclass(kind, Linkable):
            yield name, kind


def components() -> dict[str, Document]:
    """A component of each kind by its name, which is that of the kind."""
    found = {kind: example(kind) for kind in KINDS}
    uses = {name: kind.ACCESSES[-1] for name, kind in linkable()}
    found[SERVICE] = {**found[SERVICE], "uses": uses}
    return found


def document(more: Mapping[str, object] = {}) -> Document:
    """The whole spec, with more beside its components."""
    return {
        "trazo": 1,
        "name": "shop",
        "region": "us-east-2",
        "domain": "example.com",
        "state": {"bucket": "shop-terraform-state"},
        "components": components(),
        **more,
    }


def unpriced() -> set[tuple[str, str]]:
    """Every item of a region whose price nobody publishes, as `UNPRICED` in a kind's tests says."""
    found: set[tuple[str, str]] = set()
    for kind in KINDS:
        found |= getattr(own_tests(kind), "UNPRICED", set())
    return found
