"""A document's fields against the types of the language, with pydantic's errors in plain words."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import islice

from pydantic_core import ErrorDetails

from trazo_spec.components import KINDS
from trazo_spec.diagnostics import Diagnostic, Remedy, Severity, Span, SpecPath
from trazo_spec.document import Spec
from trazo_spec.validation.controls import control_characters
from trazo_spec.validation.remedies import drop_clashes, respelt, sure, typed, without_rest
from trazo_spec.validation.spec_types import (
    by_key,
    description_at,
    field_at,
    field_names_at,
    literals_at,
    takes_text,
)
from trazo_spec.words.foreign import folded, foreign_field, foreign_value
from trazo_spec.words.slips import did_you_mean, is_slip, meant, nearest
from trazo_spec.words.vocabulary import sections
from trazo_spec.yaml.composing import LARGEST_INTEGER, MOST_MISTAKES, too_many_mistakes
from trazo_spec.yaml.core_schema import number, number_of_yaml_1_1
from trazo_spec.yaml.located import Located, place, plain, walk

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
    "string_too_long": "has {actual_length} characters, but at most {max_length} are allowed",
    "string_too_short": "has {actual_length} characters, but at least {min_length} are required",
    "too_long": "has {actual_length} entries, but at most {max_length} are allowed",
    "too_short": "has {actual_length} entries, but at least {min_length} are required",
}
_MAY_HOLD_CONTROLS = re.compile(r"\\(?:[bfnrt]|u00[0189])|\x7f")
"""In JSON."""
_MOST_SHOWN = 60
_LONG = 20_000
"""In JSON, a text of fewer characters has room for some thousand mistakes only."""
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
    controls = tuple(control_characters(document)) if _MAY_HOLD_CONTROLS.search(text) else ()
    rest: SpecPath | None = None
    if len(text) > _LONG:
        document, rest = without_rest(document, 2 * MOST_MISTAKES)
        text = text if rest is None else json.dumps(plain(document))
    spec, errors = typed(text)
    if spec is not None:
        return (None, controls) if controls else (spec, ())
    groups = _by_path(errors, document)
    beside = together or {}
    told = islice(groups.items(), MOST_MISTAKES)
    diagnostics = [_diagnostic(path, details, document, beside) for path, details in told]
    trusted = [*sure(drop_clashes(diagnostics), document)]
    path = list(groups)[MOST_MISTAKES] if len(groups) > MOST_MISTAKES else rest
    if path is not None:
        trusted.append(replace(too_many_mistakes(place(document, path)), path=path))
    return None, (*trusted, *(d for d in controls if not _told(d.path, groups)))


def _by_path(
    errors: Iterable[ErrorDetails], document: Located
) -> Mapping[SpecPath, list[ErrorDetails]]:
    """What pydantic says, by the value that it says it of."""
    listed = list(errors)
    # A list is only too short because pydantic does not count its wrong entries.
    around = {d["loc"][:end] for d in listed for end in range(len(d["loc"]))}
    groups: dict[SpecPath, list[ErrorDetails]] = defaultdict(list)
    for detail in listed:
        if not (detail["type"] == "too_short" and detail["loc"] in around):
            groups[_path(detail, document)].append(detail)
    return groups


def _told(path: SpecPath, paths: Collection[SpecPath]) -> bool:
    """Whether something is said already of a value or of what it stands in."""
    return any(path[:end] in paths for end in range(1, len(path) + 1))


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
        return _wrong_type(expected, details[0]["input"], path, document)
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
        return _wrong_type(_EXPECTED[kind], value, path, document)
    if kind in _LIMITS:
        length = len(value) if isinstance(value, str | list | dict) else 0
        limit = _LIMITS[kind].format(**{"actual_length": length, **context})
        what = f"`{path[-1]}`" if isinstance(value, list | dict) else shown(value, spelling)
        return _error("TZ204", f"{what} {limit}", path, description_at(path, document))
    match kind:
        case "missing":
            return _missing(path, document)
        case "union_tag_not_found":
            return _missing((*path, "kind"), document)
        case "literal_error":
            return _not_allowed(value, path, document)
        case "union_tag_invalid":
            tag = str(context["tag"])
            message = f"`{tag}` is not a component kind"
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


def _wrong_type(expected: str, value: object, path: SpecPath, document: Located) -> Diagnostic:
    spelling = _spelling(path, document)
    message = f"expected {expected}, found {shown(value, spelling)}"
    advice = ""
    remedy = None
    if "text" in expected and spelling and not (value is None or isinstance(value, str)):
        if not takes_text(path, document, spelling):
            return _error("TZ201", message, path, description_at(path, document))
        advice, remedy = f'quote it: "{spelling}"', Remedy(spelling)
    elif expected.startswith("`true`") and str(value).lower() in _BOOLEANS:
        meant_ = _BOOLEANS[str(value).lower()]
        advice, remedy = f"in YAML 1.2, write `{meant_}`", Remedy(meant_ == "true")
    elif "number" in expected and (advised := _number_advice(value, expected)):
        advice, remedy = advised
    elif expected == "a list" and value is not None:
        advice = "enclose it in `[` and `]`"
    elif value is None:
        advice = f"write a value, or remove `{path[-1]}`" if path else "write a value"
        if "text" in expected and spelling and takes_text(path, document, spelling):
            advice = f'if it is text, quote it: "{spelling}"; otherwise {advice}'
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
    how = "in YAML 1.2, write" if quoted is None else "remove the quotes:"
    return f"{how} `{meant_}`", Remedy(meant_)


def _unknown_field(
    path: SpecPath, document: Located, together: Mapping[Span, frozenset[str]]
) -> Diagnostic:
    field = str(path[-1])
    *_, around, node = walk(document, path)
    beside = together.get(node.key) if node.key is not None else None
    if beside is None:
        beside = frozenset(around.value if isinstance(around.value, dict) else ())
    known = field_names_at(path[:-1], document)
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
        return f"`{repeated[0]}` is already set; keep one of them"
    free = sorted(set(known) - beside)
    steps = _place_in_language(path[:-1], document)
    if not any(is_slip(field, one) or folded(field) == one for one in free):
        if foreign := foreign_field(steps, field):
            own = foreign.here in beside and len(steps) == 1
            return f"{foreign.advice}; `{foreign.here}` is already set" if own else foreign.advice
        if not nearest(field, free) and (elsewhere := _elsewhere(field, steps)):
            return elsewhere
    return did_you_mean(field, free)


def _elsewhere(field: str, steps: tuple[str, ...]) -> str:
    """Where a field stands that is written at the wrong place, empty where there is none such."""
    kind = KINDS.get(steps[0])
    if kind is not None and (section := sections(kind).get(field)) and steps[1:2] != (section,):
        return f"it belongs under `{section}`"
    kinds = [name for name, model in KINDS.items() if field in by_key(model)]
    if kind is not None and len(steps) > 1 and steps[0] in kinds:
        return f"it belongs to the component itself, not under `{steps[-1]}`"
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
        return _error("TZ203", f"{where} does not have a `kind`", path[:-1], advice)
    return _error(
        "TZ203", f"{where} needs the field `{field}`", path[:-1], description_at(path, document)
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
    allowed = literals_at(path, document)
    texts = [str(a).lower() if isinstance(a, bool) else str(a) for a in allowed]
    spelling = _spelling(path, document)
    if path == ("trazo",):
        version = str(spelling or value)[:_MOST_SHOWN]
        message = (
            f"the spec uses version {version} of the language, but only version 1 is supported"
        )
        return _error("TZ214", message, path, "write `trazo: 1`, or upgrade trazo")
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
        if advised is not None and advised[1].value in allowed:
            return advised
        return _around(value, [one for one in allowed if isinstance(one, int)]), None
    word = str(spelling or value)
    if not isinstance(value, str) and word in texts:
        return f'quote it: "{word}"', Remedy(word)
    same = [one for one in texts if one.lower() == word.lower()]
    if len(same) == 1:
        return f"write `{same[0]}`", Remedy(same[0])
    advice = did_you_mean(word, texts)
    return advice if advice.startswith("did") else "", meant(word, texts)


def _around(value: object, allowed: list[int]) -> str:
    """The numbers next to one that is not allowed.

    >>> _around(10, [7, 14, 30]), _around(99, [7, 14, 30]), _around("1 vCPU", [7])
    ('use `7` or `14`', 'use `30`', '')
    """
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    below, above = ([n for n in allowed if n < value], [n for n in allowed if n > value])
    near = [*map(str, [max(below)] if below else []), *map(str, [min(above)] if above else [])]
    return "use " + " or ".join(f"`{one}`" for one in near)


def _foreign_choice(value: object, path: SpecPath, document: Located) -> str:
    word = foreign_value(_place_in_language(path, document), str(value))
    return word.advice if word is not None else ""


# Chosen: longer than the name of any class or node type.
_LONGEST_RESPELT = 24


def _example_at(path: SpecPath, document: Located) -> str:
    """A field's default as an example of its form; empty where it has none."""
    field = field_at(path, document)
    return field.default if field is not None and isinstance(field.default, str) else ""


def _respelt(value: str, pattern: str, path: SpecPath, document: Located) -> str:
    """What was meant in a field whose default shows the form; other texts may hold a secret."""
    example = _example_at(path, document)
    return respelt(value, pattern, example) if example and len(value) <= _LONGEST_RESPELT else ""


def _wrong_form(value: str, path: SpecPath, detail: ErrorDetails, document: Located) -> Diagnostic:
    about_key = detail["loc"][-1] == "[key]"
    what = f"the name `{value}`" if about_key else f"`{value[:60]}`"
    pattern = detail.get("ctx", {}).get("pattern", "")
    if about_key:
        advice = "use a lowercase letter, then letters and digits"
        if "A-Z" in pattern:
            advice = "use letters, digits and `_`"
        elif "_" in pattern:
            advice = "use a lowercase letter, then letters, digits and `_`"
    elif near := _respelt(value, pattern, path, document):
        advice = f"did you mean `{near}`?"
    else:
        advice = description_at(path, document)
    return _error("TZ206", f"{what} does not have the required format", path, advice)
