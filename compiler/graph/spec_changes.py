"""Two specs of an environment -> the components and settings that differ, field by field."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from compiler.graph.change import Change
from compiler.graph.graph import Graph, build
from compiler.graph.moves import renamed
from trazo_spec.document import Spec
from trazo_spec.secrecy import covered

Plain: TypeAlias = str | int | float | bool | None
"""A value of a spec that holds no others."""

SETTINGS = ("name", "region", "domain", "state", "provider", "traffic", "overrides", "checks")
"""What a spec says beside its components."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that differs."""

    path: str
    """Where it stands in its component, or in the spec: `scaling.schedule.windows[0].from`."""
    before: Plain
    """None where it was not set."""
    after: Plain


@dataclass(frozen=True, slots=True)
class ComponentChange:
    """A component that is not what it was."""

    name: str
    kind: str
    change: Change
    was: str = ""
    """The name before, where another one was given with `was`."""
    fields: tuple[FieldChange, ...] = ()
    """What differs, in the order of the component's fields; empty unless it is changed."""


def new_names(before: Graph | None, after: Graph | None) -> Mapping[str, str]:
    """Old name -> new name of the components that `was` renames between the two."""
    if before is None or after is None:
        return {}
    old, new = before.spec.components, after.spec.components
    named = ((c.was, name) for name, c in new.items() if c.was is not None)
    return {was: name for was, name in named if was in old and was not in new}


def with_new_names(before: Graph, names: Mapping[str, str]) -> Graph:
    """The graph as it would have been with these names; the same where there are none."""
    if not names:
        return before
    spec = renamed(before.spec, names, before.kinds)
    return replace(build(spec, before.environment, before.kinds), written=before.written)


def component_changes(before: Graph | None, after: Graph | None) -> tuple[ComponentChange, ...]:
    """Every component that differs, sorted by name; None is an environment that is not there."""
    names = new_names(before, after)
    old = with_new_names(before, names).spec.components if before is not None else {}
    new = after.spec.components if after is not None else {}
    return tuple(_component_changes(old, new, {name: was for was, name in names.items()}))


def _component_changes(
    old: Mapping[str, object], new: Mapping[str, object], was: Mapping[str, str]
) -> Iterator[ComponentChange]:
    before = {n: _dumped(c) for n, c in old.items()}
    after = {n: _dumped(c) for n, c in new.items()}
    for name in sorted({*old, *new}):
        if name not in before:
            yield ComponentChange(name, str(after[name]["kind"]), Change.ADDED)
        elif name not in after:
            yield ComponentChange(name, str(before[name]["kind"]), Change.REMOVED)
        elif before[name]["kind"] != after[name]["kind"]:
            yield ComponentChange(name, str(before[name]["kind"]), Change.REMOVED)
            yield ComponentChange(name, str(after[name]["kind"]), Change.ADDED)
        else:
            fields = field_changes(before[name], after[name])
            earlier = was.get(name, "")
            if fields or earlier:
                kind = str(after[name]["kind"])
                yield ComponentChange(name, kind, Change.CHANGED, earlier, fields)


def setting_changes(before: Graph | None, after: Graph | None) -> tuple[FieldChange, ...]:
    """What differs beside components; nothing where an environment is not there."""
    if before is None or after is None:
        return ()
    names = new_names(before, after)
    old, new = _settings(before.spec, names), _settings(after.spec, {})
    kept = {names.get(n, n) for n in before.spec.components} & set(after.spec.components)
    return tuple(f for f in field_changes(old, new) if _lasts(f, kept))


def field_changes(
    before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[FieldChange, ...]:
    """The values that differ between two documents.

    >>> field_changes({"cpu": 256, "on": [1]}, {"cpu": 512, "on": [1, 2]})[0]
    FieldChange(path='cpu', before=256, after=512)
    """
    old, new = dict(_leaves(before)), dict(_leaves(after))
    paths = {**new, **old} if len(old) > len(new) else {**old, **new}
    return tuple(
        FieldChange(covered(path), _covered(path, old.get(path)), _covered(path, new.get(path)))
        for path in paths
        if old.get(path) != new.get(path)
    )


def _covered(path: str, value: Plain) -> Plain:
    """A value that may be printed, without the secrets in it."""
    name = path.rpartition(".")[2].partition("[")[0]
    return covered(value, name) if isinstance(value, str) else value


def shown(value: Plain) -> str:
    """A value as a spec writes it; a dash where there is none."""
    match value:
        case None:
            return "\N{EN DASH}"
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _dumped(component: object) -> dict[str, object]:
    dump = component.model_dump(mode="json", by_alias=True, exclude={"was"})  # type: ignore[attr-defined]
    return dict(dump)


def _settings(spec: Spec, names: Mapping[str, str]) -> dict[str, object]:
    """Everything but components, the traffic of each under its new name."""
    settings = spec.model_dump(mode="json", by_alias=True, include=set(SETTINGS))
    for part, entries in settings["traffic"].items():
        settings["traffic"][part] = {names.get(n, n): said for n, said in entries.items()}
    return settings


def _lasts(field: FieldChange, kept: Collection[str]) -> bool:
    """Whether it is more than the traffic of a component that comes or goes."""
    match field.path.split("."):
        case ["traffic", _, name, *_]:
            return name in kept
        case _:
            return True


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, Plain]]:
    """Every value that holds no others, with its path."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from _leaves(inner, f"{path}.{key}" if path else str(key))
        case list() | tuple():
            for i, inner in enumerate(value):
                yield from _leaves(inner, f"{path}[{i}]")
        case str() | int() | float() | None:
            yield path, value
        case _:
            yield path, str(value)
