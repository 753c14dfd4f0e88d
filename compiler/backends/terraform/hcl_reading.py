"""Reads back what `hcl.py` writes: as much as it takes to see what a stack holds and where."""

import json
import re
from typing import Any

from compiler.backends.terraform.document import Document

# The formatter puts each block and each argument of it on lines of their own.
_RESOURCE = re.compile(r'^resource "(\w+)" "([\w-]+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
_PROVIDER = re.compile(r'^provider "aws" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
_BACKEND = re.compile(r'^  backend "s3" \{\n(.*?)^  \}', re.MULTILINE | re.DOTALL)
_ARGUMENT = re.compile(r"^ +(\w+) *= (.+)$")
_TOP, _NESTED = 2, 4


def read_hcl(text: str) -> Document:
    """The resources of a `cdk.tf` with their plain arguments, their region, and where its state is.

    Values are those of the JSON format, so that the two can be compared.
    """
    resources: dict[str, dict[str, dict[str, Any]]] = {}
    for kind, name, inner in _RESOURCE.findall(text):
        resources.setdefault(kind, {})[name] = _arguments(inner, _TOP)
    backend = _BACKEND.search(text)
    place = {} if backend is None else {"s3": _arguments(backend[1], _NESTED)}
    providers = [_arguments(inner, _TOP) for inner in _PROVIDER.findall(text)]
    document = {"terraform": {"backend": place}, "resource": resources}
    return {**document, "provider": {"aws": providers}} if providers else document


def _arguments(inner: str, indent: int) -> dict[str, Any]:
    matches = (_ARGUMENT.match(line) for line in inner.split("\n") if _indent(line) == indent)
    return {match[1]: _value(match[2]) for match in matches if match is not None}


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _value(expression: str) -> Any:  # noqa: ANN401 - JSON is of any type
    """What the JSON format holds for an expression.

    >>> _value('"app"'), _value("true"), _value("aws_vpc.network.id")
    ('app', True, '${aws_vpc.network.id}')
    """
    try:
        return json.loads(expression)
    except ValueError:
        # A template has its expressions, and the quotes inside them, in both formats.
        template = expression.startswith('"')
        return expression[1:-1] if template else f"${{{expression}}}"
