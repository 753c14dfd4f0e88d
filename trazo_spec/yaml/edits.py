"""Remedies as edits of a file's text: which ones there are, and the text that they make."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from trazo_spec.diagnostics import Diagnostic, Edit, Remedy, Span
from trazo_spec.visible import yaml_text
from trazo_spec.yaml.lines import Places
from trazo_spec.yaml.located import Located, Scalar, walk, written_together

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
# What YAML 1.1 reads as a truth: other tools may read the file too.
_NOT_TEXT = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


def with_edits(
    findings: Iterable[Diagnostic],
    text: str,
    documents: Mapping[str, Located],
    written: Located | None,
) -> tuple[Diagnostic, ...]:
    """The same findings, those with a remedy together with the edit of the text that it is.

    Args:
        findings: Findings with their places.
        text: The file.
        documents: The merged document of every environment.
        written: The document as the file has it, with no environment merged.
    """
    listed = tuple(findings)
    if not any(d.remedy is not None for d in listed):
        return listed
    places = Places.of(text)
    together = written_together(written) if written is not None else {}
    edits = [None if d.remedy is None else _edit(d, text, places, documents) for d in listed]
    # What a key would be called -> how many would be called so, in one mapping of the file.
    changes = {(e.at, _new_key(d)) for d, e in zip(listed, edits, strict=True) if e is not None}
    renamed = Counter((id(together.get(span)), name) for span, name in changes)
    return tuple(
        replace(d, edit=e) if e is not None and _keeps_keys_apart(d, e, together, renamed) else d
        for d, e in zip(listed, edits, strict=True)
    )


def _new_key(d: Diagnostic) -> str:
    """What a remedy makes of a key, empty where it is about a value."""
    return str(d.remedy.value) if d.remedy is not None and d.remedy.of_key else ""


def _keeps_keys_apart(
    d: Diagnostic,
    edit: Edit,
    together: Mapping[Span, frozenset[str]],
    renamed: Mapping[tuple[int, str], int],
) -> bool:
    """Whether no key stands twice afterwards that did not before."""
    name = _new_key(d)
    keys = together.get(edit.at)
    return not name or (keys is not None and name not in keys and renamed[id(keys), name] == 1)


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits that do not overlap; all else in it stays as it is."""
    places = Places.of(text)
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.at):
        start, end = places.offsets(edit.at)
        pieces += [text[done:start], edit.text]
        done = end
    return "".join([*pieces, text[done:]])


def yaml(value: Scalar) -> str:
    """A value as YAML, text in quotes where it would be read as something else.

    >>> yaml("api"), yaml("16"), yaml(16), yaml(True)
    ('api', '"16"', '16', 'true')
    """
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return value
    return yaml_text(value)


def _edit(
    d: Diagnostic, text: str, places: Places, documents: Mapping[str, Located]
) -> Edit | None:
    """The edit of a remedy, None where it would change another environment or break the file."""
    remedy = d.remedy
    if remedy is None or d.ignored:
        return None
    shown_in = d.environment.split(", ") if d.environment else list(documents)
    spots = {name: _place(document, d, remedy) for name, document in documents.items()}
    spot = next((spots[name] for name in shown_in if spots.get(name) is not None), None)
    if spot is None or {n for n, other in spots.items() if other == spot} - {*shown_in}:
        return None
    span, old = spot
    start, end = places.offsets(span)
    if text[start:end] not in _spellings(old):  # an anchor, or an escape
        return None
    return Edit(span, yaml(remedy.value))


def _place(document: Located, d: Diagnostic, remedy: Remedy) -> tuple[Span, Located] | None:
    """Where the key or value at a finding's path is written, and what it says."""
    *_, node = nodes = list(walk(document, d.path))
    if len(nodes) != len(d.path) + 1:
        return None
    if remedy.of_key:
        return (node.key, Located(str(d.path[-1]), node.key)) if node.key is not None else None
    return (node.span, node) if not isinstance(node.value, dict | list) else None


def _spellings(old: Located) -> tuple[str, ...]:
    """Every way to write a value that an edit replaces."""
    if isinstance(old.value, str):
        return (old.value, f"'{old.value}'", f'"{old.value}"')
    return (old.spelling,) if old.spelling else ()
