"""A document's fields against the types of the language, with pydantic's errors in plain words."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from trazo_spec.base import LINES
from trazo_spec.components import KINDS
from trazo_spec.diagnostics import Diagnostic, Remedy, Severity, SpecPath
from trazo_spec.docstrings import field_docstrings
from trazo_spec.document import Spec
from trazo_spec.located import Located, plain, values, walk
from trazo_spec.visible import CONTROL, CONTROL_OR_BREAK

_EXPECTED = {
    "bool_type": "`true` or `false`",
    "dict_type": "a mapping of `key: value` pairs",
    "float_type": "a number",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "a mapping of `key: value` pairs",
    "string_type": "text",
    "tuple_type": "a list",
}
_LIMITS = {
    "finite_number": "is not a finite number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "string_too_long": "has {actual_length} characters, at most {max_length} are allowed",
    "string_too_short": "has {actual_length} characters, at least {min_length} are needed",
    "too_long": "has {actual_length} entries, at most {max_length} are allowed",
    "too_short": "has {actual_length} entries, at least {min_length} are needed",
}
_MAY_HOLD_CONTROLS = re.compile(r"\\(?:[bfnrt]|u00[0189])|\x7f")
"""In JSON."""
_NEAR = 0.6
"""How alike two words are that may be meant for each other; 1 is the same word."""
# Chosen: `storge_gb` is storage_gb (0.95) and not storage_type (0.67); `databse` may be database
# (0.93) or database2 (0.88).
_CLEARLY = 0.1
"""By how much a word is nearer than the next one where it alone can be meant."""
_BOOLEANS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def validate(document: Located) -> tuple[Spec | None, tuple[Diagnostic, ...]]:
    """The typed spec of a merged document, or None and every field that is wrong."""
    text = json.dumps(plain(document))
    controls = tuple(_controls(document)) if _MAY_HOLD_CONTROLS.search(text) else ()
    try:
        spec = Spec.model_validate_json(text, by_alias=True, by_name=False)
    except ValidationError as error:
        found = error.errors(include_url=False)
    else:
        return (None, controls) if controls else (spec, ())
    groups: dict[SpecPath, list[ErrorDetails]] = defaultdict(list)
    for detail in found:
        if not (detail["type"] == "too_short" and _wrong_inside(detail, found)):
            groups[_path(detail, document)].append(detail)
    diagnostics = (_diagnostic(path, details, document) for path, details in groups.items())
    return None, (*diagnostics, *(d for d in controls if not _told(d.path, groups)))


def _told(path: SpecPath, paths: Collection[SpecPath]) -> bool:
    """Whether something is said already of a value or of what it stands in."""
    return any(path[:end] in paths for end in range(1, len(path) + 1))


def _controls(document: Located) -> Iterator[Diagnostic]:
    """Every key and text with a control character, which neither AWS nor a terminal is sent."""
    for path, node in values(document):
        if path and (control := CONTROL_OR_BREAK.search(str(path[-1]))):
            yield _at(_control(control, f"the name `{path[-1]}`", path), node)
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
            told, advice = "a line break", "write it in one line; `>-` folds several into one"
        case "\t":
            told, advice = "a tab", "write a space"
        case character:
            told, advice = f"U+{ord(character):04X}, a control character", "remove it"
    return _error("TZ218", f"{what} holds {told}", path, advice)


def _takes_lines(path: SpecPath, document: Located) -> bool:
    """Whether the type of the nearest field says that its texts may have several lines."""
    field = _field(path, document)
    return field is not None and (LINES in field.metadata or _marked(field.annotation))


def _marked(annotation: Any) -> bool:
    marks = getattr(annotation, "__metadata__", ())
    return LINES in marks or any(map(_marked, get_args(annotation)))


def _wrong_inside(detail: ErrorDetails, found: Iterable[ErrorDetails]) -> bool:
    """Whether a list is only too short because pydantic does not count its wrong entries."""
    loc = detail["loc"]
    return any(other["loc"][: len(loc)] == loc and other["loc"] != loc for other in found)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Advice that names the nearest known word, or all of them when they are few."""
    words = sorted(known)
    if near := get_close_matches(word, words, n=1, cutoff=_NEAR):
        return f"did you mean `{near[0]}`?"
    if 0 < len(words) <= 12:
        return "use one of " + ", ".join(f"`{w}`" for w in words)
    return ""


def meant(word: str, known: Iterable[str], *, of_key: bool = False) -> Remedy | None:
    """The remedy of a slip of the pen: the nearest known word, where no other is nearly as near.

    >>> meant("wbe", ["web", "database"])
    Remedy(value='web', of_key=False)
    >>> meant("web", ["web1", "web2"])
    """
    near = get_close_matches(word, sorted(known), n=2, cutoff=_NEAR)
    likeness = [SequenceMatcher(None, other, word).ratio() for other in near]
    if not near or (len(near) == 2 and likeness[0] - likeness[1] < _CLEARLY):
        return None
    return Remedy(near[0], of_key)


def shown(value: object) -> str:
    """A value of a spec as its writer knows it: text in backticks, `true`, a list, nothing."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}`"
        case str():
            return f"the text `{value if len(value) <= 60 else value[:57] + '...'}`"
        case int() | float():
            return f"the number `{value}`"
        case list():
            return "a list"
        case _:
            return "a mapping"


def _path(detail: ErrorDetails, document: Located) -> SpecPath:
    """Pydantic's location without the names of union members that it puts in between."""
    steps: list[str | int] = []
    node: Located = document
    for step in detail["loc"]:
        child = node.child(step)
        if child is not None:
            steps.append(step)
            node = child
    if detail["type"] == "missing":
        steps.append(detail["loc"][-1])
    return tuple(steps)


def _diagnostic(path: SpecPath, details: list[ErrorDetails], document: Located) -> Diagnostic:
    """One finding for all that pydantic says of a value: of a union, the member that fits best."""
    particular = [d for d in details if d["type"] not in _EXPECTED]
    if not particular and len(details) > 1:
        expected = " or ".join(dict.fromkeys(_EXPECTED[d["type"]] for d in details))
        value = details[0]["input"]
        return _error("TZ201", f"expected {expected}, found {shown(value)}", path, "")
    detail = (particular or details)[0]
    diagnostic = _explain(detail, path, document)
    if detail["type"] == "extra_forbidden" or detail["loc"][-1] == "[key]":
        *_, node = walk(document, path)
        return _at(diagnostic, node)
    return diagnostic


def _at(diagnostic: Diagnostic, node: Located) -> Diagnostic:
    """The finding about a key itself points at the key, not at what stands behind it."""
    return replace(diagnostic, at=node.key or node.span)


def _explain(detail: ErrorDetails, path: SpecPath, document: Located) -> Diagnostic:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind.startswith("TZ"):
        return _error(kind, detail["msg"], path, str(context.get("help", "")))
    if kind in _EXPECTED:
        return _wrong_type(_EXPECTED[kind], value, path)
    if kind in _LIMITS:
        length = len(value) if isinstance(value, str | list | dict) else 0
        limit = _LIMITS[kind].format(**{"actual_length": length, **context})
        what = f"`{path[-1]}`" if isinstance(value, list | dict) else shown(value)
        return _error("TZ204", f"{what} {limit}", path, _range_advice(path, document))
    match kind:
        case "extra_forbidden":
            return _unknown_field(path, document)
        case "missing":
            return _missing(path, document)
        case "union_tag_not_found":
            return _missing((*path, "kind"), document)
        case "literal_error":
            return _not_allowed(value, path, document)
        case "union_tag_invalid":
            tag = str(context["tag"])
            message = f"`{tag}` is not a kind of component"
            advice = did_you_mean(tag, KINDS)
            return _error("TZ213", message, (*path, "kind"), advice, meant(tag, KINDS))
        case "string_pattern_mismatch":
            return _wrong_form(str(value), path, detail, document)
        case _:
            return _error("TZ200", f"{shown(value)} is not valid here", path, detail["msg"])


def _error(
    code: str, message: str, path: SpecPath, advice: str, remedy: Remedy | None = None
) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, path, help=advice, remedy=remedy)


def _wrong_type(expected: str, value: object, path: SpecPath) -> Diagnostic:
    advice = ""
    remedy = None
    if expected == "text" and isinstance(value, int | float):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        advice, remedy = f'put it in quotes: "{text}"', Remedy(text)
    elif expected.startswith("`true`") and str(value).lower() in _BOOLEANS:
        meant_ = _BOOLEANS[str(value).lower()]
        advice, remedy = f"YAML 1.2 writes it as `{meant_}`", Remedy(meant_ == "true")
    elif isinstance(value, str) and value.replace("_", "").isdecimal() and "number" in expected:
        advice, remedy = "remove the quotes", Remedy(int(value))
    elif expected == "a list" and value is not None:
        advice = "put it in `[` and `]`"
    elif value is None:
        advice = f"write a value, or remove `{path[-1]}`" if path else "write a value"
    return _error("TZ201", f"expected {expected}, found {shown(value)}", path, advice, remedy)


def _unknown_field(path: SpecPath, document: Located) -> Diagnostic:
    field = str(path[-1])
    known = _fields(path[:-1], document)
    remedy = meant(field, known, of_key=True)
    if path == ("environment",):
        advice = "did you mean `environments`?"
        return _error("TZ202", f"unknown field `{field}`", path, advice, remedy)
    message = f"{_where(path[:-1], document)} has no field `{field}`"
    return _error("TZ202", message, path, did_you_mean(field, known), remedy)


def _missing(path: SpecPath, document: Located) -> Diagnostic:
    field = str(path[-1])
    where = _where(path[:-1], document)
    if field == "kind":
        advice = "add one of " + ", ".join(f"`{k}`" for k in KINDS)
        return _error("TZ203", f"{where} has no `kind`", path[:-1], advice)
    return _error(
        "TZ203", f"{where} needs the field `{field}`", path[:-1], _described(path, document)
    )


def _where(path: SpecPath, document: Located) -> str:
    if not path:
        return "the spec"
    names = [str(p) for p in path if isinstance(p, str)]
    *_, node = walk(document, path)
    kind = node.child("kind")
    if len(path) == 2 and path[0] == "components" and kind is not None and kind.value in KINDS:
        return f"`{names[-1]}`, of kind `{kind.value}`,"
    return f"`{'.'.join(names[1:] if names[0] == 'components' else names)}`"


def _not_allowed(value: object, path: SpecPath, document: Located) -> Diagnostic:
    allowed = _literals(path, document)
    texts = [str(a).lower() if isinstance(a, bool) else str(a) for a in allowed]
    advice = did_you_mean(str(value), texts)
    if path == ("trazo",):
        message = f"this is version {value} of the language, known is version 1"
        return _error("TZ214", message, path, "write `trazo: 1`, or update trazo")
    options = ", ".join(f"`{t}`" for t in texts)
    message = f"{shown(value)} is not one of {options}"
    near = meant(value, texts) if isinstance(value, str) else None
    remedy = near and Remedy(allowed[texts.index(str(near.value))])
    return _error("TZ205", message, path, advice if advice.startswith("did") else "", remedy)


def _wrong_form(value: str, path: SpecPath, detail: ErrorDetails, document: Located) -> Diagnostic:
    about_key = detail["loc"][-1] == "[key]"
    what = f"the name `{value}`" if about_key else f"`{value[:60]}`"
    pattern = detail.get("ctx", {}).get("pattern", "")
    if about_key:
        advice = "write a lower case letter, then letters and digits"
        if "A-Z" in pattern:
            advice = "write letters, digits and `_`"
        elif "_" in pattern:
            advice = "write a lower case letter, then letters, digits and `_`"
    else:
        advice = _described(path, document)
    return _error("TZ206", f"{what} does not have the right form", path, advice)


def _range_advice(path: SpecPath, document: Located) -> str:
    return _described(path, document)


def _described(path: SpecPath, document: Located) -> str:
    """The field's own docstring as advice."""
    for end in range(len(path), 0, -1):
        model = _model(path[: end - 1], document)
        if model is not None:
            return field_docstrings(model).get(str(path[end - 1]), "")
    return ""


def _field(path: SpecPath, document: Located) -> FieldInfo | None:
    for end in range(len(path), 0, -1):
        model = _model(path[: end - 1], document)
        if model is not None and isinstance(path[end - 1], str):
            return _by_key(model).get(str(path[end - 1]))
    return None


def _fields(path: SpecPath, document: Located) -> tuple[str, ...]:
    model = _model(path, document)
    return tuple(_by_key(model)) if model is not None else ()


def _by_key(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    return {f.alias or name: f for name, f in model.model_fields.items()}


def _literals(path: SpecPath, document: Located) -> tuple[str | int, ...]:
    field = _field(path, document)
    if field is None:
        return ()
    return tuple(dict.fromkeys(_literal_values(field.annotation)))


def _literal_values(annotation: Any) -> Iterator[str | int]:
    for argument in get_args(annotation):
        if get_args(argument):
            yield from _literal_values(argument)
        elif isinstance(argument, str | int):
            yield argument


def _model(path: SpecPath, document: Located) -> type[BaseModel] | None:
    """The type that stands at a path; a union's member is chosen by the `kind` that is written."""
    annotation: Any = Spec
    nodes = list(walk(document, path))
    for i, step in enumerate(path):
        annotation = _below(annotation, step)
        if annotation is None:
            return None
        annotation = _chosen(annotation, nodes[i + 1] if i + 1 < len(nodes) else None)
    return (
        annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
    )


def _below(annotation: Any, step: str | int) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        field = _by_key(annotation).get(str(step))
        return field.annotation if field is not None else None
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is dict:
        return arguments[1]
    return arguments[0] if origin is tuple and arguments else None


def _chosen(annotation: Any, node: Located | None) -> Any:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    members = [m for m in get_args(annotation) if isinstance(m, type) and issubclass(m, BaseModel)]
    if len(members) > 1 and node is not None:
        kind = node.child("kind")
        return KINDS.get(str(kind.value)) if kind is not None else None
    if members and get_origin(annotation) is not dict and get_origin(annotation) is not tuple:
        return members[0]
    if get_origin(annotation) is Union:
        return get_args(annotation)[0]
    return annotation
