"""From values of a plan to values of Terraform's JSON syntax; no CDKTF, no schema.

Every string of that syntax is a template, so `${` and `%{` in a text of a spec are escaped, and
nothing but `Ref` and `Expr` becomes an expression.
Source: https://developer.hashicorp.com/terraform/language/syntax/json, read 2026-11-22
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from compiler.plan.plan import Expr, Join, Json, Ref, Value

Rendered: TypeAlias = "str | int | float | bool | Sequence[Rendered] | Mapping[str, Rendered]"

# JavaScript holds whole numbers exactly up to here, and CDKTF runs in JavaScript.
# Source: https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/Number/MAX_SAFE_INTEGER
MAX_SAFE_INTEGER = 2**53 - 1

# Texts with a meaning for CDKTF (`${TfToken[TOKEN.0]}`) and for jsii (`{"$jsii.byref": ...}`);
# Terraform reads the right-hand side as the same text, the other two do not recognise it.
_MARKERS = {"TfToken[": 'TfToken${"["}', "$jsii.": '$js${"ii."}'}
_TRAILING_DOLLARS = re.compile(r"\$+$")


def render(value: Value) -> Rendered:
    """The value in Terraform's JSON syntax; `None` in a list or mapping is left out."""
    match value:
        case None:
            raise ValueError("an argument without a value is left out of its block")
        case str() | Ref() | Expr() | Join() | Json():
            return text(value)
        case bool():
            return value
        case int():
            # Terraform reads a number from text without loss.
            return value if abs(value) <= MAX_SAFE_INTEGER else str(value)
        case float():
            return _number(value)
        case Mapping():
            return {escape(k): render(v) for k, v in value.items() if v is not None}
        case _:
            return [render(v) for v in value if v is not None]


def text(value: str | Ref | Expr | Join | Json) -> str:
    """A template whose value is the text, reference or document."""
    return template(_parts(value), escape)


def expression(value: Ref | Expr) -> str:
    """The expression itself, as it stands between `${` and `}`."""
    if isinstance(value, Expr):
        return value.text
    joint = "." if value.attribute and not value.attribute.startswith("[") else ""
    plain = f"{value.address}{joint}{value.attribute}"
    # The time is the one value that every plan leaves open; no apply comes to it.
    return f"try({plain}, timestamp())" if value.late else plain


def escape(literal: str) -> str:
    """A template whose value is just this text."""
    escaped = literal.replace("${", "$${").replace("%{", "%%{")
    for marker, harmless in _MARKERS.items():
        if marker in escaped:
            escaped = escaped.replace(marker, harmless)
    return escaped


def _number(value: float) -> int | float | str:
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a number that Terraform knows")
    if value.is_integer():
        return int(value) if abs(value) <= MAX_SAFE_INTEGER else str(int(value))
    return value


_Part: TypeAlias = str | Ref | Expr


def _parts(value: str | Ref | Expr | Join | Json) -> Iterator[_Part]:
    match value:
        case Join(parts):
            yield from parts
        case Json(document):
            yield from document_parts(document)
        case _:
            yield value


def template(parts: Iterable[_Part], escaped: Callable[[str], str]) -> str:
    """Texts and what Terraform evaluates between them, without quotes around.

    Neighbouring texts are escaped as one, since `$` and `{` may stand in two of them.

    Args:
        parts: the texts and expressions.
        escaped: what a text is in the language that is written.
    """
    done: list[str] = []
    literal = ""
    for part in parts:
        if isinstance(part, str):
            literal += part
            continue
        done += [_before_expression(literal, escaped), "${", expression(part), "}"]
        literal = ""
    return "".join([*done, escaped(literal)])


def _before_expression(literal: str, escaped: Callable[[str], str]) -> str:
    """Escapes a text behind which `${` follows: with a `$` at its end, that would be `$${`."""
    dollars = _TRAILING_DOLLARS.search(literal)
    if dollars is None:
        return escaped(literal)
    return f'{escaped(literal[: dollars.start()])}${{"{dollars.group()}"}}'


def document_parts(value: Value) -> Iterator[_Part]:
    """JSON text in parts, keys sorted; a reference stands between quotes, as its value is text."""
    match value:
        case Ref() | Expr() | Join() | Json():
            yield '"'
            for part in _parts(value):
                yield _json_text(part)[1:-1] if isinstance(part, str) else part
            yield '"'
        case Mapping():
            yield from _members(value)
        case None | str() | bool() | int() | float():
            yield _json_text(value)
        case _:
            yield from _separated("[", (document_parts(item) for item in value), "]")


def _members(value: Mapping[str, Value]) -> Iterator[_Part]:
    def member(key: str) -> Iterator[_Part]:
        yield f"{_json_text(key)}:"
        yield from document_parts(value[key])

    return _separated("{", (member(key) for key in sorted(value)), "}")


def _separated(start: str, items: Iterator[Iterator[_Part]], end: str) -> Iterator[_Part]:
    yield start
    for position, item in enumerate(items):
        if position:
            yield ","
        yield from item
    yield end


def _json_text(value: str | int | float | bool | None) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
