"""The docstrings under the fields of a type, read from its source when somebody asks for them.

Pydantic can read them as well, at every start and for every type, which takes longer than all
that `trazo validate` does.
"""

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from textwrap import dedent

from pydantic import BaseModel


@cache
def field_docstrings(model: type[BaseModel]) -> Mapping[str, str]:
    """What each field of a type means, on one line, by the name that a spec writes."""
    named: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            named.update(_documented(base))
    fields = model.model_fields
    return {field.alias or name: named[name] for name, field in fields.items() if name in named}


def _documented(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """The fields that a class itself declares, each with the text right below it."""
    (definition,) = ast.parse(dedent(inspect.getsource(model))).body
    body = definition.body if isinstance(definition, ast.ClassDef) else []
    for statement, below in pairwise(body):
        match statement, below:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                yield name, " ".join(text.split())
            case _:
                pass
