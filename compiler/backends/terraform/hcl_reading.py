"""Reads back what `hcl.py` writes, to see what a stack holds and where.

It reads by indentation, which the layout of `hcl.py` makes sure of, and nothing that people write.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from compiler.backends.terraform.document import Document

FROM_HCL = "read from HCL"
"""What the note of such a document says."""
# The formatter puts each block on lines of its own, and each argument of it, too.
_BLOCK = re.compile(
    r'^(resource|data) "(\w+)" "([\w-]+)" \{(?:\n(.*?)^)?\}', re.MULTILINE | re.DOTALL
)
_PROVIDER = re.compile(r'^provider "aws" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
_BACKEND = re.compile(r'^  backend "s3" \{\n(.*?)^  \}', re.MULTILINE | re.DOTALL)
_ARGUMENT = re.compile(r'([\w-]+|"(?:[^"\\]|\\.)*") += (.+)')
_NESTED = re.compile(r"(\w+) \{(\})?")
_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[({]|[\])}]|,|[^"\[\](){},]+')


def read_hcl(text: str) -> Document:
    """The blocks of a `cdk.tf` with their arguments, their region, and where its state is.

    Values are those of the JSON format, so that the two can be compared; only what `jsonencode`
    makes is kept as it is written.
    """
    document: dict[str, Any] = {"resource": {}}
    for section, kind, name, inner in _BLOCK.findall(text):
        document.setdefault(section, {}).setdefault(kind, {})[name] = _body(inner.split("\n"))
    backend = _BACKEND.search(text)
    place = {} if backend is None else {"s3": _body(backend[1].split("\n"))}
    providers = [_body(inner.split("\n")) for inner in _PROVIDER.findall(text)]
    document |= {"//": FROM_HCL, "terraform": {"backend": place}}
    return {**document, "provider": {"aws": providers}} if providers else document


def _body(lines: Sequence[str]) -> dict[str, Any]:
    """What is between the braces of a block or of a mapping."""
    content: dict[str, Any] = {}
    for head, inner in _entries(lines):
        if nested := _NESTED.fullmatch(head):
            content.setdefault(nested[1], []).append(_body(inner))
        elif argument := _ARGUMENT.fullmatch(head):
            content[_name(argument[1])] = _value(argument[2], inner)
    if "lifecycle" in content and isinstance(content["lifecycle"], list):
        content["lifecycle"] = _bare(content["lifecycle"][0])
    return content


def _entries(lines: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Each first line without its indentation, with the deeper lines that follow it."""
    kept = [line for line in lines if line.strip()]
    start = 0
    while start < len(kept):
        depth, end = _indent(kept[start]), start + 1
        while end < len(kept) and _indent(kept[end]) > depth:
            end += 1
        inner = kept[start + 1 : end]
        yield kept[start].strip(), inner
        # What closes it is on a line of its own.
        start = end + 1 if inner else end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _name(key: str) -> str:
    return str(json.loads(key)) if key.startswith('"') else key


def _value(text: str, inner: Sequence[str]) -> Any:  # noqa: ANN401 - JSON is of any type
    """What the JSON format holds for an expression of one line or more."""
    if text == "[" and inner:
        return [_value(head.removesuffix(","), lines) for head, lines in _entries(inner)]
    if text == "{" and inner:
        return _body(inner)
    if inner:
        return f"${{{' '.join((text, *(line.strip() for line in inner)))}}}"
    return _scalar(text)


def _scalar(expression: str) -> Any:  # noqa: ANN401 - JSON is of any type
    """What the JSON format holds for an expression of one line.

    >>> _scalar('"app"'), _scalar("true"), _scalar("aws_vpc.network.id"), _scalar('[a.b, "c"]')
    ('app', True, '${aws_vpc.network.id}', ['${a.b}', 'c'])
    """
    try:
        return json.loads(expression)
    except ValueError:
        if expression.startswith("[") and expression.endswith("]"):
            return [_scalar(item) for item in _listed(expression[1:-1])]
        # A template has its expressions, and the quotes inside them, in both formats.
        template = expression.startswith('"')
        return expression[1:-1] if template else f"${{{expression}}}"


def _listed(text: str) -> Iterator[str]:
    """The members of a list of one line."""
    member, depth = "", 0
    for part in _PARTS.findall(text):
        depth += (part in "[({") - (part in "])}")
        if part == "," and depth == 0:
            yield member.strip()
            member = ""
        else:
            member += part
    if member.strip():
        yield member.strip()


def _bare(rules: dict[str, Any]) -> dict[str, Any]:
    """Rules of a lifecycle, in which the JSON format holds names as they are."""
    return {name: _unwrapped(rule) for name, rule in rules.items()}


def _unwrapped(rule: Any) -> Any:  # noqa: ANN401 - JSON is of any type
    if isinstance(rule, list):
        return [_unwrapped(item) for item in rule]
    return rule[2:-1] if isinstance(rule, str) and rule.startswith("${") else rule
