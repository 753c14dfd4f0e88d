"""Remedies as edits of a file's text: which ones there are, and the text that they make."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from trazo_spec.diagnostics import Diagnostic, Edit, Remedy, Span
from trazo_spec.located import Located, Scalar, walk
from trazo_spec.reading import read
from trazo_spec.visible import yaml_text

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_NOT_TEXT = ("true", "false", "null")


def with_edits(
    found: Iterable[Diagnostic], text: str, documents: Mapping[str, Located]
) -> tuple[Diagnostic, ...]:
    """The same findings, those with a remedy together with the edit of the text that it is."""
    return tuple(
        d if d.remedy is None else replace(d, edit=_edit(d, d.remedy, text, documents))
        for d in found
    )


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits that do not overlap; all else in it stays as it is."""
    for edit in sorted(edits, key=lambda edit: edit.at, reverse=True):
        start, end = _offsets(text, edit.at)
        text = f"{text[:start]}{edit.text}{text[end:]}"
    return text


def yaml(value: Scalar) -> str:
    """A value as YAML, text in quotes where it would be read as something else.

    >>> yaml("api"), yaml("16"), yaml(16), yaml(True)
    ('api', '"16"', '16', 'true')
    """
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return value
    return yaml_text(value)


def _edit(
    d: Diagnostic, remedy: Remedy, text: str, documents: Mapping[str, Located]
) -> Edit | None:
    """The edit of a remedy, None where it would change another environment or break the file."""
    shown_in = d.environment.split(", ") if d.environment else list(documents)
    places = {name: _place(document, d, remedy) for name, document in documents.items()}
    place = next((places[name] for name in shown_in if places.get(name) is not None), None)
    if place is None or d.ignored or {n for n, p in places.items() if p == place} - {*shown_in}:
        return None
    at, old = place
    start, end = _offsets(text, at)
    if text[start:end] not in _spellings(old):  # an anchor, an escape, or a number such as 0x10
        return None
    edit = Edit(at, yaml(remedy.value))
    return edit if not remedy.of_key or _keeps_keys_apart(text, edit) else None


def _place(document: Located, d: Diagnostic, remedy: Remedy) -> tuple[Span, Scalar] | None:
    """Where the key or value at a finding's path is written, and what it says."""
    *_, node = nodes = list(walk(document, d.path))
    if len(nodes) != len(d.path) + 1:
        return None
    if remedy.of_key:
        return (node.key, str(d.path[-1])) if node.key is not None else None
    return (node.span, node.value) if not isinstance(node.value, dict | list) else None


def _spellings(value: Scalar) -> Iterator[str]:
    """Every way to write a value that an edit replaces."""
    if isinstance(value, str):
        yield from (value, f"'{value}'", f'"{value}"')
    else:
        yield json.dumps(value)


def _keeps_keys_apart(text: str, edit: Edit) -> bool:
    """Whether no key stands twice afterwards that did not before."""
    before, after = read(text, ""), read(applied(text, (edit,)), "")
    return len(after[1]) <= len(before[1])


def _offsets(text: str, at: Span) -> tuple[int, int]:
    """Where a place begins and ends, in characters from the start of the text."""
    lines = text.splitlines(keepends=True)
    before = sum(map(len, lines[: at.line - 1]))
    between = sum(map(len, lines[at.line - 1 : at.end_line - 1]))
    return before + at.column - 1, before + between + at.end_column - 1
