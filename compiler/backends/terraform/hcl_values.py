"""From values of a plan to expressions of Terraform's own language."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from compiler.backends.terraform.hcl_layout import Line, assignment, enclosed, nested
from compiler.backends.terraform.render import document_parts, expression, render, template
from compiler.plan.plan import Expr, Join, Json, Mode, Ref, Scalar, Value
from compiler.provider_schema.schema import Attribute, argument
from trazo_spec.visible import hcl_character

# Chosen: the longest line that most code reviews show whole.
LONGEST_LIST = 80

_SIMPLE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_KEYWORDS = ("else", "endfor", "endif", "false", "for", "if", "in", "null", "true")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_STEP = re.compile(r"[A-Za-z_][\w-]*")
_MODES: Mapping[str, Mode] = {"data": "data", "ephemeral": "ephemeral"}
# `jsonencode` writes these as \u003c and the like, since they mean something in a web page.
# Source: https://developer.hashicorp.com/terraform/language/functions/jsonencode
_WEB_PAGE = frozenset("<>&\u2028\u2029")


def value(content: Value) -> tuple[Line, ...]:
    """The expression in one line or more; `None` in a list or mapping is left out."""
    match content:
        case None:
            raise ValueError("an argument without a value is left out of its block")
        case Ref() | Expr():
            return (Line(0, expression(content)),)
        case str() | Join():
            return (_quoted(content.parts if isinstance(content, Join) else (content,)),)
        case Json(document):
            return _json(document)
        case bool() | int() | float():
            return (Line(0, _number(content)),)
        case Mapping():
            return _mapping({name: value(v) for name, v in content.items() if v is not None})
        case _:
            return _list([value(item) for item in content if item is not None])


def quoted(literal: str) -> str:
    """A text between quotes whose value is just this text."""
    return f'"{_escaped(literal)}"'


def key(name: str) -> str:
    """A key of a mapping: bare where that reads as just this text, else between quotes."""
    simple = _SIMPLE.fullmatch(name) is not None and name not in _KEYWORDS
    return name if simple else quoted(name)


def _escaped(literal: str) -> str:
    escaped = "".join(_character(character) for character in literal)
    return escaped.replace("${", "$${").replace("%{", "%%{")


def _quoted(parts: Iterable[str | Ref | Expr]) -> Line:
    """Texts and expressions as one text between quotes."""
    return Line(0, f'"{template(parts, _escaped)}"')


def _character(character: str) -> str:
    """A character between quotes; what no editor shows is written as its number."""
    if character in _ESCAPES:
        return _ESCAPES[character]
    return hcl_character(character)


def _number(number: bool | float) -> str:
    """As in JSON, so that a whole number is the same in both languages."""
    rendered = render(number)
    return quoted(rendered) if isinstance(rendered, str) else json.dumps(rendered)


def _mapping(entries: Mapping[str, tuple[Line, ...]]) -> tuple[Line, ...]:
    if not entries:
        return (Line(0, "{}"),)
    lines = [line for name in sorted(entries) for line in assignment(key(name), entries[name])]
    return (Line(0, "{"), *nested(lines), Line(0, "}"))


def _list(items: Sequence[tuple[Line, ...]]) -> tuple[Line, ...]:
    line = f"[{', '.join(item[0].lead for item in items)}]"
    if all(len(item) == 1 for item in items) and (len(line) <= LONGEST_LIST or len(items) == 1):
        return (Line(0, line),)
    lines = [line for item in items for line in enclosed("", item, ",")]
    return (Line(0, "["), *nested(lines), Line(0, "]"))


def _json(document: Value) -> tuple[Line, ...]:
    """A call of `jsonencode` where it gives the very text that the JSON format holds."""
    if _encodes_alike(document):
        return enclosed("jsonencode(", _document(document), ")")
    return (_quoted(document_parts(document)),)


def _document(content: Value) -> tuple[Line, ...]:
    """A value inside `jsonencode`, where every reference stands for text and null is written."""
    match content:
        case None:
            return (Line(0, "null"),)
        case Ref() | Expr():
            text = expression(content)
            return (Line(0, text if _is_text(content) else f"tostring({text})"),)
        case Mapping():
            return _mapping({name: _document(item) for name, item in content.items()})
        case str() | Join() | Json() | bool() | int() | float():
            return value(content)
        case _:
            return _list([_document(item) for item in content])


def _is_text(reference: Ref | Expr) -> bool:
    if isinstance(reference, Expr):
        return False
    mode: Mode = "managed"
    first, _, rest = reference.address.partition(".")
    if first in _MODES:
        mode, first = _MODES[first], rest.partition(".")[0]
    attribute = argument(first, _STEP.findall(reference.attribute), mode)
    return isinstance(attribute, Attribute) and attribute.kind == "string"


def _encodes_alike(document: Value) -> bool:
    return all(_scalar_alike(scalar) for scalar in _scalars(document))


def _scalar_alike(scalar: Scalar) -> bool:
    match scalar:
        case str():
            return not any(c in _WEB_PAGE or (c < " " and c not in _ESCAPES) for c in scalar)
        case bool() | None:
            return True
        case int():
            return render(scalar) == scalar
        case _:
            return False


def _scalars(content: Value) -> Iterator[Scalar]:
    """Every text and number of a document, keys and the texts around references included."""
    match content:
        case Ref() | Expr():
            return
        case Join(parts):
            for part in parts:
                yield from _scalars(part)
        case Json(document):
            # Inside of another document it is text with quotes, as `jsonencode` writes it too.
            yield from _scalars(document)
        case Mapping():
            for name, item in content.items():
                yield name
                yield from _scalars(item)
        case None | str() | bool() | int() | float():
            yield content
        case _:
            for item in content:
                yield from _scalars(item)
