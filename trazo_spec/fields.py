"""A document's fields against the types of the language, with pydantic's errors in plain words."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from trazo_spec.base import LINES
from trazo_spec.components import KINDS
from trazo_spec.core_schema import number, number_of_yaml_1_1
from trazo_spec.diagnostics import Diagnostic, Remedy, Severity, Span, SpecPath
from trazo_spec.docstrings import field_docstrings
from trazo_spec.document import Spec
from trazo_spec.foreign import foreign_field, foreign_value
from trazo_spec.located import Located, Plain, plain, values, walk
from trazo_spec.reading import LARGEST_INTEGER
from trazo_spec.slips import did_you_mean, is_slip, meant, nearest
from trazo_spec.visible import CONTROL, CONTROL_OR_BREAK
from trazo_spec.vocabulary import below

__all__ = ["did_you_mean", "meant", "shown", "validate"]

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
_MOST_SHOWN = 60
_BOOLEANS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def validate(
    document: Located, together: Mapping[Span, frozenset[str]] | None = None
) -> tuple[Spec | None, tuple[Diagnostic, ...]]:
    """The typed spec of a merged document, or None and every field that is wrong.

    Args:
        document: What one environment says.
        together: The place of each key in the file -> the keys that are written beside it.
    """
    text = json.dumps(plain(document))
    controls = tuple(_controls(document)) if _MAY_HOLD_CONTROLS.search(text) else ()
    spec, found = _typed(text)
    if spec is not None:
        return (None, controls) if controls else (spec, ())
    groups: dict[SpecPath, list[ErrorDetails]] = defaultdict(list)
    for detail in found:
        if not (detail["type"] == "too_short" and _wrong_inside(detail, found)):
            groups[_path(detail, document)].append(detail)
    beside = together or {}
    diagnostics = [_diagnostic(path, details, document, beside) for path, details in groups.items()]
    sure = _sure(_apart(diagnostics), document)
    return None, (*sure, *(d for d in controls if not _told(d.path, groups)))


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


def _typed(text: str) -> tuple[Spec | None, list[ErrorDetails]]:
    """The spec that a document as JSON is, or what pydantic says against it."""
    try:
        return Spec.model_validate_json(text, by_alias=True, by_name=False), []
    except ValidationError as error:
        return None, error.errors(include_url=False)


def _apart(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The same findings, but none with a remedy that would write a key a second time."""
    listed = list(diagnostics)
    renamed = Counter(_target(d) for d in listed)
    return [
        replace(d, remedy=None, help=f"more than one key here may be meant as `{d.remedy.value}`")
        if d.remedy is not None and d.remedy.of_key and renamed[_target(d)] > 1
        else d
        for d in listed
    ]


def _target(d: Diagnostic) -> SpecPath | None:
    """Where a key stands once it is mended."""
    of_key = d.remedy is not None and d.remedy.of_key
    return (*d.path[:-1], str(d.remedy.value)) if of_key and d.remedy is not None else None


def _sure(diagnostics: Iterable[Diagnostic], document: Located) -> Iterator[Diagnostic]:
    """The same findings, without each remedy that would only bring another one to its place."""
    listed = list(diagnostics)
    mended = plain(document)
    for d in listed:
        if d.remedy is not None:
            _mend(mended, d.path, d.remedy)
    if not any(d.remedy is not None for d in listed):
        yield from listed
        return
    _, found = _typed(json.dumps(mended))
    wrong: set[SpecPath] = set()
    for detail in found:
        path = detail["loc"]
        if path[0] == "components":  # pydantic puts the kind behind the component's name
            path = (*path[:2], *path[3:])
        wrong |= {path[:end] for end in range(len(path) + 1)}
    for d in listed:
        at = _target(d) or d.path
        still = d.remedy is not None and at in wrong
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


def _wrong_inside(detail: ErrorDetails, found: Iterable[ErrorDetails]) -> bool:
    """Whether a list is only too short because pydantic does not count its wrong entries."""
    loc = detail["loc"]
    return any(other["loc"][: len(loc)] == loc and other["loc"] != loc for other in found)


def shown(value: object, spelling: str = "") -> str:
    """A value of a spec as its writer knows it: text in backticks, `true`, a list, nothing.

    Args:
        value: The value.
        spelling: How it is written in the file, where that is known.
    """
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{spelling or str(value).lower()}`"
        case str():
            return f"the text `{value if len(value) <= 60 else value[:57] + '...'}`"
        case int() | float():
            return f"the number `{spelling or value}`"
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


def _diagnostic(
    path: SpecPath,
    details: list[ErrorDetails],
    document: Located,
    together: Mapping[Span, frozenset[str]],
) -> Diagnostic:
    """One finding for all that pydantic says of a value: of a union, the member that fits best."""
    particular = [d for d in details if d["type"] not in _EXPECTED]
    if not particular and len(details) > 1:
        expected = " or ".join(dict.fromkeys(_EXPECTED[d["type"]] for d in details))
        return _wrong_type(expected, details[0]["input"], path, _spelling(path, document))
    detail = (particular or details)[0]
    if detail["type"] == "extra_forbidden":
        diagnostic = _unknown_field(path, document, together)
    else:
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
    spelling = _spelling(path, document)
    if kind in _EXPECTED:
        return _wrong_type(_EXPECTED[kind], value, path, spelling)
    if kind in _LIMITS:
        length = len(value) if isinstance(value, str | list | dict) else 0
        limit = _LIMITS[kind].format(**{"actual_length": length, **context})
        what = f"`{path[-1]}`" if isinstance(value, list | dict) else shown(value, spelling)
        return _error("TZ204", f"{what} {limit}", path, _range_advice(path, document))
    match kind:
        case "missing":
            return _missing(path, document)
        case "union_tag_not_found":
            return _missing((*path, "kind"), document)
        case "literal_error":
            return _not_allowed(value, path, document)
        case "union_tag_invalid":
            tag = str(context["tag"])
            message = f"`{tag}` is not a kind of component"
            foreign = foreign_value(("*", "kind"), tag)
            advice = foreign.advice if foreign is not None else did_you_mean(tag, KINDS)
            return _error("TZ213", message, (*path, "kind"), advice, meant(tag, KINDS))
        case "string_pattern_mismatch":
            return _wrong_form(str(value), path, detail, document)
        case _:
            return _error(
                "TZ200", f"{shown(value, spelling)} is not valid here", path, detail["msg"]
            )


def _error(
    code: str, message: str, path: SpecPath, advice: str, remedy: Remedy | None = None
) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, path, help=advice, remedy=remedy)


def _spelling(path: SpecPath, document: Located) -> str:
    """How a number, truth or null is written in the file."""
    nodes = list(walk(document, path))
    return nodes[-1].spelling if len(nodes) == len(path) + 1 else ""


def _wrong_type(expected: str, value: object, path: SpecPath, spelling: str) -> Diagnostic:
    message = f"expected {expected}, found {shown(value, spelling)}"
    advice = ""
    remedy = None
    if "text" in expected and spelling and not (value is None or isinstance(value, str)):
        advice, remedy = f'put it in quotes: "{spelling}"', Remedy(spelling)
    elif expected.startswith("`true`") and str(value).lower() in _BOOLEANS:
        meant_ = _BOOLEANS[str(value).lower()]
        advice, remedy = f"YAML 1.2 writes it as `{meant_}`", Remedy(meant_ == "true")
    elif "number" in expected and (advised := _number_advice(value, expected)):
        advice, remedy = advised
    elif expected == "a list" and value is not None:
        advice = "put it in `[` and `]`"
    elif value is None:
        advice = f"write a value, or remove `{path[-1]}`" if path else "write a value"
        if "text" in expected and spelling:
            advice = f'put it in quotes, "{spelling}", where it is text; else {advice}'
    return _error("TZ201", message, path, advice, remedy)


def _number_advice(value: object, expected: str) -> tuple[str, Remedy] | None:
    """What to write where a number is wanted, and why it was none."""
    whole = "whole" in expected
    if isinstance(value, float) and whole and value.is_integer():
        return f"write `{int(value)}`", Remedy(int(value))
    if not isinstance(value, str):
        return None
    quoted = number(value)
    meant_ = number_of_yaml_1_1(value) if quoted is None else quoted
    if meant_ is None or abs(meant_) > LARGEST_INTEGER or (whole and meant_ != int(meant_)):
        return None
    meant_ = int(meant_) if meant_ == int(meant_) else meant_
    how = "YAML 1.2 writes it as" if quoted is None else "remove the quotes:"
    return f"{how} `{meant_}`", Remedy(meant_)


def _unknown_field(
    path: SpecPath, document: Located, together: Mapping[Span, frozenset[str]]
) -> Diagnostic:
    field = str(path[-1])
    *_, around, node = walk(document, path)
    beside = together.get(node.key) if node.key is not None else None
    if beside is None:
        beside = frozenset(around.value if isinstance(around.value, dict) else ())
    known = _fields(path[:-1], document)
    remedy = meant(field, set(known) - beside, of_key=True)
    if path == ("environment",):
        advice = "did you mean `environments`?"
        return _error("TZ202", f"unknown field `{field}`", path, advice, remedy)
    message = f"{_where(path[:-1], document)} has no field `{field}`"
    return _error("TZ202", message, path, _field_advice(path, document, known, beside), remedy)


def _field_advice(
    path: SpecPath, document: Located, known: Iterable[str], beside: frozenset[str]
) -> str:
    """What to do about an unknown field: what it is called, where it stands, what it may be."""
    field = str(path[-1])
    if repeated := sorted(one for one in beside & set(known) if is_slip(field, one)):
        return f"`{repeated[0]}` is set already, keep one of them"
    free = sorted(set(known) - beside)
    at = _place_in_language(path[:-1], document)
    if not any(is_slip(field, one) for one in free):
        if foreign := foreign_field(at, field):
            own = foreign.here in beside and len(at) == 1
            return f"{foreign.advice}; `{foreign.here}` is set already" if own else foreign.advice
        if not nearest(field, free) and (elsewhere := _elsewhere(field, at)):
            return elsewhere
    return did_you_mean(field, free)


def _elsewhere(field: str, at: tuple[str, ...]) -> str:
    """Where a field stands that is written at the wrong place, empty where there is none such."""
    kind = KINDS.get(at[0])
    if kind is not None and (section := below(kind).get(field)) and at[1:2] != (section,):
        return f"it stands under `{section}`"
    kinds = [name for name, model in KINDS.items() if field in _by_key(model)]
    if kind is not None and len(at) > 1 and at[0] in kinds:
        return f"it stands at the component itself, not under `{at[-1]}`"
    if not kinds or len(kinds) == len(KINDS):
        return ""
    return f"only {' and '.join(f'`{name}`' for name in kinds)} {_have(kinds)} such a field"


def _have(kinds: list[str]) -> str:
    return "has" if len(kinds) == 1 else "have"


def _place_in_language(path: SpecPath, document: Located) -> tuple[str, ...]:
    """A path as the tables of foreign words say it: the kind instead of the component's name."""
    names = tuple(step for step in path if isinstance(step, str))
    if names[:1] != ("components",) or len(names) < 2:
        return ("spec", *names)
    nodes = list(walk(document, path[:2]))
    kind = nodes[-1].child("kind") if len(nodes) == 3 else None
    return (str(kind.value) if kind is not None else "", *names[2:])


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
    spelling = _spelling(path, document)
    if path == ("trazo",):
        version = str(spelling or value)[:_MOST_SHOWN]
        message = f"this is version {version} of the language, known is version 1"
        return _error("TZ214", message, path, "write `trazo: 1`, or update trazo")
    options = ", ".join(f"`{t}`" for t in texts)
    message = f"{shown(value, spelling)} is not one of {options}"
    advice, remedy = _choice(value, spelling, allowed, texts)
    if remedy is None and (foreign := _foreign_choice(spelling or value, path, document)):
        advice = foreign
    return _error("TZ205", message, path, advice, remedy)


def _choice(
    value: object, spelling: str, allowed: tuple[str | int, ...], texts: list[str]
) -> tuple[str, Remedy | None]:
    """Which of a few values was meant: the same in another type or case, or a slip of the pen."""
    if all(isinstance(one, int) for one in allowed):
        advised = _number_advice(value, "a whole number")
        return advised if advised is not None and advised[1].value in allowed else ("", None)
    word = str(spelling or value)
    if not isinstance(value, str) and word in texts:
        return f'put it in quotes: "{word}"', Remedy(word)
    same = [one for one in texts if one.lower() == word.lower()]
    if len(same) == 1:
        return f"write `{same[0]}`", Remedy(same[0])
    advice = did_you_mean(word, texts)
    return advice if advice.startswith("did") else "", meant(word, texts)


def _foreign_choice(value: object, path: SpecPath, document: Located) -> str:
    found = foreign_value(_place_in_language(path, document), str(value))
    return found.advice if found is not None else ""


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
