"""Remedies that can be trusted: none writes a key twice, none brings another finding."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from trazo_spec.checks import Check
from trazo_spec.components import KINDS
from trazo_spec.diagnostics import Diagnostic, Remedy, SpecPath
from trazo_spec.document import Spec
from trazo_spec.yaml.located import Located, Plain, plain


def typed(text: str) -> tuple[Spec | None, list[ErrorDetails]]:
    """The spec that a document as JSON is, or what pydantic says against it."""
    try:
        return Spec.model_validate_json(text, by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, error.errors(include_url=False)


def without_rest(document: Located, most: int) -> tuple[Located, SpecPath | None]:
    """A document without what follows where enough is wrong, and the first path left out.

    What pydantic says of a value takes some hundred bytes, and it says all before anybody counts.

    Args:
        document: What one environment says.
        most: How many mistakes are enough.
    """
    count = 0
    for section in ("components", "checks"):
        node = document.child(section)
        entries = node.value if node is not None and isinstance(node.value, dict) else {}
        kept: dict[str, Located] = {}
        for name, entry in entries.items():
            if count > most and node is not None and isinstance(document.value, dict):
                rest = {**document.value, section: replace(node, value=kept)}
                return replace(document, value=rest), (section, name)
            kept[name] = entry
            count += _mistakes(section, entry)
    return document, None


def _mistakes(section: str, entry: Located) -> int:
    """How much is wrong with a component or an entry of `checks`, taken alone."""
    kind = entry.child("kind")
    model = Check if section == "checks" else KINDS.get(str(kind.value) if kind else "")
    if model is None:
        return 1
    try:
        model.model_validate_json(json.dumps(plain(entry)), by_alias=True, by_name=False)
    except ValidationError as error:
        return error.error_count()
    return 0


def drop_clashes(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The same findings, but none with a remedy that would write a key a second time."""
    listed = list(diagnostics)
    renamed = Counter(_target(d) for d in listed)
    return [
        replace(d, remedy=None, help=f"more than one key here could mean `{d.remedy.value}`")
        if d.remedy is not None and d.remedy.of_key and renamed[_target(d)] > 1
        else d
        for d in listed
    ]


def _target(d: Diagnostic) -> SpecPath | None:
    """Where a key stands once it is mended."""
    of_key = d.remedy is not None and d.remedy.of_key
    return (*d.path[:-1], str(d.remedy.value)) if of_key and d.remedy is not None else None


def sure(diagnostics: Iterable[Diagnostic], document: Located) -> Iterator[Diagnostic]:
    """The same findings, without each remedy that would only bring another one to its place."""
    listed = list(diagnostics)
    mended = plain(document)
    for d in listed:
        if d.remedy is not None:
            _mend(mended, d.path, d.remedy)
    if not any(d.remedy is not None for d in listed):
        yield from listed
        return
    _, errors = typed(json.dumps(mended))
    wrong: set[SpecPath] = set()
    for detail in errors:
        path = detail["loc"]
        if path[0] == "components":  # pydantic puts the kind behind the component's name
            path = (*path[:2], *path[3:])
        wrong |= {path[:end] for end in range(len(path) + 1)}
    for d in listed:
        target = _target(d) or d.path
        still = d.remedy is not None and target in wrong
        yield replace(d, remedy=None) if still else d


def _mend(document: Plain, path: SpecPath, remedy: Remedy) -> None:
    """Writes a remedy into a document without places."""
    around: Any = document
    for step in path[:-1]:
        around = around[step]
    if remedy.of_key:
        around[str(remedy.value)] = around.pop(path[-1])
    else:
        around[path[-1]] = remedy.value


def respelt(text: str, pattern: str, example: str) -> str:
    r"""The text as a pattern wants it, if only case, spaces or the part before a dot are wrong.

    Args:
        text: What was written.
        pattern: What a text must match.
        example: One that does, such as a default; empty if there is none.

    >>> respelt("db.T4g.Micro", r"^db\.[a-z0-9]+\.[a-z]+$", "db.m5.large")
    'db.t4g.micro'
    >>> respelt("cache.t4g.micro", r"^db\.[a-z0-9]+\.[a-z]+$", "db.m5.large")
    'db.t4g.micro'
    """
    plain = "".join(text.lower().split())
    head, dot, _ = example.partition(".")
    start = f"{head}{dot}" if dot and head.isalpha() else ""
    tries = (plain, plain.replace("-", "."), plain.replace("_", "-"), f"/{plain}")
    with_start = (f"{start}{plain}", f"{start}{plain.partition('.')[2]}") if start else ()
    return next((one for one in (*tries, *with_start) if re.search(pattern, one)), "")
