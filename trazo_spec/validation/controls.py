"""Control characters in a document, which neither AWS nor a terminal is to be sent."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

from trazo_spec.base import LINES
from trazo_spec.diagnostics import Diagnostic, Severity, SpecPath
from trazo_spec.validation.spec_types import field_at
from trazo_spec.visible import CONTROL, CONTROL_OR_BREAK
from trazo_spec.yaml.located import Located, values


def control_characters(document: Located) -> Iterator[Diagnostic]:
    """Every key and text with a control character, which neither AWS nor a terminal is sent."""
    for path, node in values(document):
        if path and (control := CONTROL_OR_BREAK.search(str(path[-1]))):
            finding = _control(control, f"the name `{path[-1]}`", path)
            yield replace(finding, at=node.key or node.span)
        elif isinstance(node.value, str) and (control := CONTROL_OR_BREAK.search(node.value)):
            if control.group() in "\t\n" and _takes_lines(path, document):
                control = CONTROL.search(node.value)
            if control is not None:
                yield _control(control, _named(path), path)


def _named(path: SpecPath) -> str:
    """A value by its key; an entry of a list by the list's."""
    return f"`{next((str(step) for step in reversed(path) if isinstance(step, str)), 'spec')}`"


def _control(control: re.Match[str], what: str, path: SpecPath) -> Diagnostic:
    match control.group():
        case "\n":
            told, advice = "a line break", "write it on one line; `>-` folds several lines into one"
        case "\t":
            told, advice = "a tab", "use a space"
        case character:
            told, advice = f"U+{ord(character):04X}, a control character", "remove it"
    return Diagnostic("TZ218", Severity.ERROR, f"{what} contains {told}", path, help=advice)


def _takes_lines(path: SpecPath, document: Located) -> bool:
    """Whether the type of the nearest field says that its texts may have several lines."""
    field = field_at(path, document)
    return field is not None and (LINES in field.metadata or _marked(field.annotation))


def _marked(annotation: Any) -> bool:
    marks = getattr(annotation, "__metadata__", ())
    return LINES in marks or any(map(_marked, get_args(annotation)))
