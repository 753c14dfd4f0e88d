"""Every reference inside a value, with the type that is wanted at its place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from compiler.plan.plan import Expr, Join, Json, Ref, Value
from compiler.provider_schema.schema import Kind

_ADDRESS = re.compile(r"\b(?:data\.|ephemeral\.)?aws_[a-z0-9_]+\.[A-Za-z_][\w-]*")


@dataclass(frozen=True, slots=True)
class Read:
    """One block that a value reads."""

    address: str
    ref: Ref | None
    """The reference; nothing for a block that an expression reads."""
    kind: Kind
    """The type that is wanted at this place."""
    path: str
    """The argument, nested ones behind dots; empty outside of a block's arguments."""
    write_only: bool


def reads(kind: Kind, value: Value, path: str = "", *, write_only: bool = False) -> Iterator[Read]:
    """Every reference inside a value of an argument of some type."""
    match value:
        case Ref():
            yield Read(value.address, value, kind, path, write_only)
        case Expr():
            for address in sorted({*value.addresses, *_ADDRESS.findall(value.text)}):
                yield Read(address, None, kind, path, write_only)
        case Join():
            for part in value.parts:
                yield from reads("string", part, path, write_only=write_only)
        case Json():
            yield from _document(value.document, path, write_only=write_only)
        case str():
            return
        case Mapping():
            for name, item in value.items():
                yield from reads(_member(kind, name), item, path, write_only=write_only)
        case Sequence():
            for item in value:
                yield from reads(_element(kind), item, path, write_only=write_only)
        case _:
            return


def _document(value: Value, path: str, *, write_only: bool) -> Iterator[Read]:
    """In JSON text every reference stands for text."""
    match value:
        case Mapping():
            for item in value.values():
                yield from _document(item, path, write_only=write_only)
        case Sequence() if not isinstance(value, str):
            for item in value:
                yield from _document(item, path, write_only=write_only)
        case _:
            yield from reads("string", value, path, write_only=write_only)


def _element(kind: Kind) -> Kind:
    """The type inside a list; a value of the wrong type is a finding of its own."""
    if isinstance(kind, str) or kind[0] not in ("list", "set"):
        return "dynamic"
    inner: Kind = kind[1]
    return inner


def _member(kind: Kind, name: str) -> Kind:
    if isinstance(kind, str):
        return "dynamic"
    inner: Kind = "dynamic"
    if kind[0] == "map":
        inner = kind[1]
    elif kind[0] == "object":
        inner = kind[1].get(name, "dynamic")
    return inner
