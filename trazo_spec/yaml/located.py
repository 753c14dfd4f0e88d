"""A document whose every value knows where it stands, and merges of such documents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from trazo_spec.diagnostics import Span, SpecPath

Scalar: TypeAlias = str | int | float | bool | None
Plain: TypeAlias = "Scalar | list[Plain] | dict[str, Plain]"


@dataclass(frozen=True, slots=True)
class Located:
    """A value with its place, and the place of the key that names it."""

    value: "Scalar | list[Located] | dict[str, Located]"
    span: Span
    key: Span | None = None
    spelling: str = ""
    """How a number, truth or null is spelled in the file, or a text that YAML 1.1 takes for a
    number; empty for any other text and for what is no scalar.
    """

    def child(self, step: str | int) -> "Located | None":
        """The value below a key or list position, None when there is none."""
        if isinstance(self.value, dict) and isinstance(step, str):
            return self.value.get(step)
        if isinstance(self.value, list) and isinstance(step, int) and 0 <= step < len(self.value):
            return self.value[step]
        return None

    @property
    def label(self) -> Span:
        """Where to point at: a key for what spans many lines, else the value itself."""
        many_lines = self.span.end_line > self.span.line
        whole = isinstance(self.value, dict | list)
        return self.key if self.key is not None and (many_lines or whole) else self.span


def plain(node: Located) -> Plain:
    """The same document without places."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value


def walk(node: Located, path: SpecPath) -> Iterator[Located]:
    """The values along a path from the top, as far as the path exists."""
    yield node
    for step in path:
        child = node.child(step)
        if child is None:
            return
        node = child
        yield node


def values(node: Located, path: SpecPath = ()) -> Iterator[tuple[SpecPath, Located]]:
    """Every value below, itself included, with its path."""
    yield path, node
    children = node.value.items() if isinstance(node.value, dict) else ()
    steps: Iterator[tuple[str | int, Located]] = chain(
        children, enumerate(node.value) if isinstance(node.value, list) else ()
    )
    for step, child in steps:
        yield from values(child, (*path, step))


def place(node: Located, path: SpecPath) -> Span:
    """Where a value stands, or the nearest value around it that was written."""
    *_, nearest = walk(node, path)
    return nearest.label


def merge(base: Located | None, patch: Located) -> Located:
    """A JSON Merge Patch with places kept: what the patch sets points into the patch.

    Source: https://www.rfc-editor.org/rfc/rfc7396#section-2
    """
    if not isinstance(patch.value, dict):
        return patch
    merged = dict(base.value) if base is not None and isinstance(base.value, dict) else {}
    for key, change in patch.value.items():
        if change.value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), change)
    if base is not None and isinstance(base.value, dict):
        return replace(base, value=merged)
    return replace(patch, value=merged)


def written_together(document: Located) -> Mapping[Span, frozenset[str]]:
    """The place of each key of a file -> all the keys of the mapping that it is written in."""
    together: dict[Span, frozenset[str]] = {}
    open_nodes = [document]
    while open_nodes:
        value = open_nodes.pop().value
        if isinstance(value, dict):
            keys = frozenset(value)
            for child in value.values():
                if child.key is not None:
                    together.setdefault(child.key, keys)
            open_nodes += value.values()
        elif isinstance(value, list):
            open_nodes += value
    return together
