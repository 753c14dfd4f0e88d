"""What the AWS provider says of its types: arguments, nested blocks, how often each may stand."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from compiler.plan.plan import Mode
from trazo_spec.base import Provider

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
    names = (name for name in _file(5) if name != "provider" and name.startswith(prefix))
    short_names = (name.removeprefix(prefix) for name in names)
    return frozenset(name for name in short_names if "." not in name)


@cache
def body(type_: str, mode: Mode = "managed", provider: Provider = 5) -> Body | None:
    """What a type may hold, or nothing for a type that is not known here."""
    name = f"{PREFIXES[mode]}{type_}"
    entry = None if type_ == "provider" else _file(5).get(name)
    if entry is None:
        return None
    if provider == 6:
        entry = _changed(entry, _file(6).get(name, {}))
    return _body(entry)


def argument(
    type_: str, path: Sequence[str | int], mode: Mode = "managed", provider: Provider = 5
) -> ArgumentType | None:
    """What the provider says of one argument or nested block; positions in the path are skipped.

    >>> argument("aws_lb", ("access_logs", 0, "enabled")).kind
    'bool'
    """
    outer = body(type_, mode, provider)
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


def provider_version(provider: Provider = 5) -> str:
    """The version of hashicorp/aws that the schema of a major version was read from."""
    return str(_file(provider)["provider"]["version"])


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
def _file(provider: Provider) -> Mapping[str, Any]:
    """The types of provider 5, or what is not the same in provider 6."""
    path = Path(__file__).with_name("aws.json" if provider == 5 else "aws6.json")
    entries: Mapping[str, Any] = json.loads(path.read_bytes())
    return entries


def _changed(before: Mapping[str, Any], changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """A body of provider 5 as provider 6 has it; the script that wrote `aws6.json` says how."""
    gone = changes.get("-", ())
    old = before.get("b", {})
    blocks = {
        name: [*old[name][:-1], _changed(old[name][-1], change)]
        if isinstance(change, Mapping)
        else change
        for name, change in changes.get("b", {}).items()
    }
    return {
        "a": {n: e for n, e in before.get("a", {}).items() if n not in gone} | changes.get("a", {}),
        "b": {n: e for n, e in old.items() if n not in gone} | blocks,
    }


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
