"""Where a component names another one: what fits there, and the same component with other names."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from trazo_spec.base import Access, Component
from trazo_spec.components import AnyComponent
from trazo_spec.diagnostics import SpecPath


@dataclass(frozen=True, slots=True)
class Reference:
    """One place inside a component that names another one."""

    path: SpecPath
    """Where it is in its component; it ends with the name where a key is the name."""
    target: str
    """The name."""
    verb: str
    """What the reference says, up to the name: `routes to`."""
    fitting: tuple[type[Component], ...]
    """The types of component that fit."""
    access: Access | None = None
    """What a link asks for; None for what is no link."""


def with_names(
    component: AnyComponent, references: Iterable[Reference], new: Callable[[str], str | None]
) -> AnyComponent:
    """Return the component with other names where it refers to others.

    Args:
        component: What refers to others.
        references: Where it does, as far as these names are to change.
        new: The new name for an old one; None takes a key with its value away.
    """
    places = [(reference.path, reference.target) for reference in references]
    return _with_names(component, places, new) if places else component


def _with_names(
    value: Any,  # noqa: ANN401 - any value of a spec
    places: Sequence[tuple[SpecPath, str]],
    new: Callable[[str], str | None],
) -> Any:  # noqa: ANN401 - the same
    def inside(step: str | int, inner: object) -> object:
        below = [(path[1:], target) for path, target in places if path[0] == step]
        return _with_names(inner, below, new) if below else inner

    match value:
        case BaseModel():
            fields = dict.fromkeys(str(path[0]) for path, _ in places)
            return value.model_copy(update={f: inside(f, getattr(value, f)) for f in fields})
        case Mapping():
            named = {target for path, target in places if path == (target,)}
            places = [place for place in places if place[0] != (place[1],)]
            keys = {key: new(key) if key in named else key for key in value}
            return {k: inside(old, value[old]) for old, k in keys.items() if k is not None}
        case tuple():
            return tuple(inside(i, inner) for i, inner in enumerate(value))
        case _:
            return new(value)
