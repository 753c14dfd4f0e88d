"""What the AWS provider says of its types: arguments, nested blocks, how often each may stand."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from compiler.plan.plan import Mode

Kind: TypeAlias = str | list[Any] | tuple[Any, ...]
"""A type as Terraform writes it in JSON: `"string"`, `["list","string"]`, `["object",{...}]`."""

Nesting: TypeAlias = str
"""How nested blocks are kept: `single`, `list` or `set`."""

PREFIXES: Mapping[Mode, str] = {"managed": "", "data": "data.", "ephemeral": "ephemeral."}


@dataclass(frozen=True, slots=True)
class Attribute:
    """An argument that takes a value, or one that only AWS sets."""

    kind: Kind
    required: bool
    optional: bool
    computed: bool
    sensitive: bool = False
    write_only: bool = False
    """Whether it is kept out of the state; only such an argument may read an ephemeral value."""
    deprecated: bool = False

    @property
    def settable(self) -> bool:
        """Whether a configuration may set it."""
        return self.required or self.optional


@dataclass(frozen=True, slots=True)
class Body:
    """What may stand between the braces of a block."""

    attributes: Mapping[str, Attribute]
    blocks: Mapping[str, "Nested"]


@dataclass(frozen=True, slots=True)
class Nested:
    """A block inside a block."""

    nesting: Nesting
    least: int
    """How often it must stand there."""
    most: int
    """How often it may stand there, 0 for any number."""
    deprecated: bool
    body: Body


ArgumentType: TypeAlias = Attribute | Nested


def types(mode: Mode = "managed") -> frozenset[str]:
    """Every type that is known in a mode."""
    prefix = PREFIXES[mode]
    names = (name for name in _file() if name != "provider" and name.startswith(prefix))
    short_names = (name.removeprefix(prefix) for name in names)
    return frozenset(name for name in short_names if "." not in name)


@cache
def body(type_: str, mode: Mode = "managed") -> Body | None:
    """What a type may hold, or nothing for a type that is not known here."""
    entry = _file().get(f"{PREFIXES[mode]}{type_}")
    return None if entry is None or type_ == "provider" else _body(entry)


def argument(type_: str, path: Sequence[str | int], mode: Mode = "managed") -> ArgumentType | None:
    """What the provider says of one argument or nested block; positions in the path are skipped.

    >>> argument("aws_lb", ("access_logs", 0, "enabled")).kind
    'bool'
    """
    outer = body(type_, mode)
    part: ArgumentType | None = None
    for name in (step for step in path if isinstance(step, str)):
        if isinstance(part, Attribute):
            part = _member(part, name)
        elif outer is not None:
            part = outer.attributes.get(name) or outer.blocks.get(name)
        if part is None:
            return None
        outer = part.body if isinstance(part, Nested) else None
    return part


def provider_version() -> str:
    """The version of hashicorp/aws that all of this was read from."""
    return str(_file()["provider"]["version"])


def _member(attribute: Attribute, name: str) -> Attribute | None:
    """A member of an argument that holds a mapping or a list of objects."""
    kind = attribute.kind
    while not isinstance(kind, str) and kind[0] in ("list", "set"):
        kind = kind[1]
    if isinstance(kind, str):
        return None
    inner = kind[1].get(name) if kind[0] == "object" else kind[1]
    return (
        None if inner is None else Attribute(inner, required=False, optional=True, computed=False)
    )


@cache
def _file() -> Mapping[str, Any]:
    path = Path(__file__).with_name("aws.json")
    entries: Mapping[str, Any] = json.loads(path.read_bytes())
    return entries


def _body(document: Mapping[str, Any]) -> Body:
    attributes = {name: _attribute(entry) for name, entry in document.get("a", {}).items()}
    return Body(attributes, {name: _nested(entry) for name, entry in document.get("b", {}).items()})


def _attribute(entry: str | list[Any]) -> Attribute:
    """Reads `"oc string"` or `["oc",["list","string"]]`, as the script that wrote it says."""
    flags, kind = entry.split(" ") if isinstance(entry, str) else entry
    return Attribute(kind, *(flag in flags for flag in "rocswd"))


def _nested(entry: Sequence[Any]) -> Nested:
    nesting, least, most, deprecated, inner = entry
    return Nested(nesting, least, most, bool(deprecated), _body(inner))
