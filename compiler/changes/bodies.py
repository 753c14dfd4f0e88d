"""The resources of two stacks side by side, called by the addresses of the second one."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from compiler.changes.edit import Body, leaves
from trazo_spec.base import Provider

Document: TypeAlias = Mapping[str, Any]
"""A `cdk.tf.json`, as the backend renders or reads it."""
Resources: TypeAlias = Mapping[str, Body]
"""Bodies by address, as the backend renders them."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Two stacks whose references can be compared: both call a resource by its new address."""

    old: Resources
    new: Resources
    was: Mapping[str, str]
    """New address -> old address of what moves."""
    provider: Provider = 5
    """The provider's major version that the second one is written for."""

    @property
    def both(self) -> tuple[str, ...]:
        """The addresses of what stands and stays, sorted."""
        return tuple(sorted(self.old.keys() & self.new.keys()))

    def known(self, address: str) -> tuple[Body, Body]:
        """Both bodies of a resource, with the values that its references are known to have."""
        return resolved(self.old[address], self.old), resolved(self.new[address], self.new)


def sides(before: Document | None, after: Document | None, *, provider: Provider = 5) -> Sides:
    """Two stacks side by side; None is one that is not there."""
    old, new = dict(_resources(before)), dict(_resources(after))
    moves = _moves(old, new, after)
    known_as = {**moves, **_looked_up(before, after, moves)}
    renamed = {moves.get(a, a): readdressed(body, known_as) for a, body in old.items()}
    return Sides(renamed, new, {target: source for source, target in moves.items()}, provider)


def _resources(stack: Document | None) -> Iterator[tuple[str, Body]]:
    for type_, named in (stack or {}).get("resource", {}).items():
        yield from ((f"{type_}.{name}", body) for name, body in named.items())


def _moves(old: Resources, new: Resources, after: Document | None) -> Mapping[str, str]:
    """Old address -> new address of what is there and moves."""
    steps = {m["from"]: m["to"] for m in (after or {}).get("moved", ())}
    moves = {}
    for address in steps.keys() & old.keys():
        target = steps[address]
        while target not in new and target in steps:
            target = steps[target]
        if target in new:
            moves[address] = target
    return moves


def _looked_up(
    before: Document | None, after: Document | None, moves: Mapping[str, str]
) -> Mapping[str, str]:
    """Old address -> new address of what is only looked up, and goes by another name now."""
    new, old = dict(_data(after, {})), dict(_data(before, moves))
    by_text = {text: address for address, text in new.items()}
    renamed = ((address, text) for address, text in old.items() if new.get(address) != text)
    return {address: by_text[text] for address, text in renamed if text in by_text}


def _data(stack: Document | None, moves: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every data source as its address and a text of its type and arguments."""
    for kind, named in (stack or {}).get("data", {}).items():
        for name, body in named.items():
            text = json.dumps([kind, readdressed(body, moves)], sort_keys=True)
            yield f"data.{kind}.{name}", text


# What a reference begins with; two resources may swap their names, so all change at once.
_ADDRESS = re.compile(r"\b(?:data\.)?aws_\w+\.[\w-]+")


def readdressed(value: Any, known_as: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    """A value whose references call resources by their new addresses."""
    match value:
        case Mapping():
            return {name: readdressed(inner, known_as) for name, inner in value.items()}
        case list() | tuple():
            return [readdressed(inner, known_as) for inner in value]
        case str() if "${" in value:
            return _ADDRESS.sub(lambda match: known_as.get(match[0], match[0]), value)
        case _:
            return value


# A value that is nothing but one attribute of another resource.
_REFERENCE = re.compile(r"\$\{(aws_\w+\.[\w-]+)\.(\w+)\}")


def resolved(value: Any, resources: Resources) -> Any:  # noqa: ANN401 - any JSON
    """A value with what its references are known to be: a name that is written, and no id."""
    match value:
        case Mapping():
            return {name: resolved(inner, resources) for name, inner in value.items()}
        case list() | tuple():
            return [resolved(inner, resources) for inner in value]
        case str() if read := _REFERENCE.fullmatch(value):
            written = resources.get(read[1], {}).get(read[2])
            return written if isinstance(written, str | int) else value
        case _:
            return value


# An address and an attribute of it, in what Terraform evaluates.
_READ = re.compile(r"(?<!data\.)\b(aws_\w+\.[\w-]+)(?:\[[^\]]*\])?\.(\w+)")


def reads(body: Body) -> Iterator[tuple[tuple[str | int, ...], tuple[str, str]]]:
    """Each path of a body that reads another resource, with that one's address and attribute."""
    for path, value in leaves(body):
        if isinstance(value, str) and "${" in value:
            for match in _READ.finditer(value):
                yield path, (match[1], match[2])
