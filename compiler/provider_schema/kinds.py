"""Types of Terraform: which values they take, and what an attribute behind a reference is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.plan.plan import Expr, Join, Json, Ref, Value
from compiler.provider_schema.schema import Attribute, Body, Kind, Nested

_ONE = {"string": "text", "number": "a number", "bool": "true or false", "dynamic": "any value"}
_MANY = {"string": "text", "number": "numbers", "bool": "true or false", "dynamic": "any values"}
_COLLECTIONS = ("list", "set", "tuple")
_STEP = re.compile(r'\.?(?P<name>[A-Za-z_][\w-]*)|\[(?P<index>\d+|\*|"[^"]*")\]')


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference leads to."""

    kind: Kind
    sensitive: bool


class Unresolved(ValueError):  # noqa: N818 - it is a finding, said in its text
    """A reference that leads nowhere; the text says where it ends."""


def words(kind: Kind) -> str:
    """A type as a reader knows it: `a list of text`."""
    if isinstance(kind, str):
        return _ONE[kind]
    if kind[0] == "object":
        return "a mapping"
    inner = _many(kind[1])
    return f"a mapping of {inner}" if kind[0] == "map" else f"a list of {inner}"


def _many(kind: Kind | Nested) -> str:
    if isinstance(kind, str):
        return _MANY[kind]
    if isinstance(kind, Nested) or kind[0] in ("map", "object"):
        return "mappings"
    return "lists"


def of_value(value: Value) -> str:
    """A value as a reader knows it."""
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case str():
            return f"the text `{value if len(value) <= 40 else value[:37] + '...'}`"
        case int() | float():
            return f"`{value}`"
        case Json():
            return "a JSON document"
        case Join():
            return "text"
        case Ref():
            return f"`{value.address}`'s `{value.attribute}`"
        case Mapping():
            return "a mapping" if len(value) != 1 else f"a mapping with `{next(iter(value))}`"
        case _:
            return "a list"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A value at a place that takes another type."""

    path: str
    kind: Kind
    value: Value


def mismatch(kind: Kind, value: Value, path: str) -> Mismatch | None:
    """The first value inside an argument that its type does not take; references count as fit."""
    if isinstance(value, Ref | Expr) or value is None or kind == "dynamic":
        return None
    if isinstance(kind, str):
        return None if _takes_primitive(kind, value) else Mismatch(path, kind, value)
    if kind[0] in _COLLECTIONS:
        if isinstance(value, str) or not isinstance(value, Sequence):
            return Mismatch(path, kind, value)
        return _first(mismatch(kind[1], item, f"{path}[{n}]") for n, item in enumerate(value))
    if not isinstance(value, Mapping):
        return Mismatch(path, kind, value)
    if kind[0] == "map":
        return _first(mismatch(kind[1], item, f"{path}.{name}") for name, item in value.items())
    return _first(_member_mismatch(kind[1], *member, path) for member in value.items())


def _member_mismatch(
    members: Mapping[str, Kind], name: str, value: Value, path: str
) -> Mismatch | None:
    if name not in members:
        return Mismatch(path, ("object", members), {name: value})
    return mismatch(members[name], value, f"{path}.{name}")


def _first(mismatches: Iterator[Mismatch | None]) -> Mismatch | None:
    return next((one for one in mismatches if one is not None), None)


def compatible(wanted: Kind, given: Kind) -> bool:
    """Whether Terraform turns a value of one type into another."""
    if "dynamic" in (wanted, given):
        return True
    if isinstance(wanted, str) or isinstance(given, str):
        return isinstance(wanted, str) and isinstance(given, str)
    if wanted[0] in _COLLECTIONS:
        return given[0] in _COLLECTIONS and compatible(wanted[1], given[1])
    return given[0] not in _COLLECTIONS


def resolve(body: Body, attribute: str, *, repeated: bool = False) -> Target:
    """What an attribute of a block is.

    Args:
        body: What the block may hold.
        attribute: The attribute, with any index or nested name.
        repeated: Whether the block has `count` or `for_each`, so that an index comes first.

    Raises:
        Unresolved: there is no such attribute.
    """
    steps = list(_steps(attribute))
    if repeated:
        if not steps or not steps[0].startswith("["):
            raise Unresolved("requires an index, because the block occurs several times")
        steps = steps[1:]
    kind = _walk(("object", _members(body)), steps)
    return Target(kind, _is_sensitive(body, steps))


def _steps(attribute: str) -> Iterator[str]:
    position = 0
    while position < len(attribute):
        match = _STEP.match(attribute, position)
        if match is None:
            raise Unresolved(f"cannot be read from `{attribute[position:]}`")
        yield match["name"] or f"[{match['index']}]"
        position = match.end()


def _walk(kind: Kind, steps: Sequence[str]) -> Kind:
    for position, step in enumerate(steps):
        if step == "[*]":
            inner = _element(kind, step)
            return ["list", _walk(inner, steps[position + 1 :])]
        kind = _element(kind, step) if step.startswith("[") else _named(kind, step)
    return kind


def _element(kind: Kind, step: str) -> Kind:
    if kind == "dynamic":
        return kind
    if isinstance(kind, str):
        raise Unresolved(f"does not have `{step}`: it is {words(kind)}")
    if kind[0] == "set" and step != "[*]":
        raise Unresolved("is a set, whose elements cannot be accessed by index")
    if kind[0] == "map" and step.startswith('["'):
        return _kind(kind[1])
    if kind[0] in ("list", "set") and not step.startswith('["'):
        return _kind(kind[1])
    raise Unresolved(f"does not have `{step}`: it is {words(kind)}")


def _named(kind: Kind, name: str) -> Kind:
    if kind == "dynamic":
        return kind
    if not isinstance(kind, str) and kind[0] == "map":
        return _kind(kind[1])
    if not isinstance(kind, str) and kind[0] == "object":
        if name in kind[1]:
            return _kind(kind[1][name])
        raise Unresolved(f"does not have an attribute `{name}`")
    raise Unresolved(f"is {words(kind)}, which does not have `{name}`; index the list first")


def _kind(entry: Kind | Attribute | Nested) -> Kind:
    match entry:
        case Attribute():
            return entry.kind
        case Nested():
            inner = ("object", _members(entry.body))
            return inner if entry.nesting == "single" else (entry.nesting, inner)
        case _:
            return entry


def _members(body: Body) -> Mapping[str, Any]:
    return {**body.attributes, **body.blocks}


def _is_sensitive(body: Body, steps: Sequence[str]) -> bool:
    for name in (step for step in steps if not step.startswith("[")):
        if name in body.attributes:
            return body.attributes[name].sensitive
        body = body.blocks[name].body
    return False


def _takes_primitive(kind: str, value: Value) -> bool:
    """Terraform turns numbers and true and false into text, and such text back."""
    if kind == "string":
        return isinstance(value, str | int | float | Join | Json)
    if kind == "bool":
        return isinstance(value, bool) or value in ("true", "false")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    return _is_number(value)


def _is_number(value: float | str) -> bool:
    try:
        return float(value) == float(value)  # nan is not even itself
    except (ValueError, OverflowError):
        return isinstance(value, int)
