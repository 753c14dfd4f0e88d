"""`docs/reference/language.md`: every field of a spec, from the types and their docstrings."""

import ast
import types
from collections.abc import Iterator, Mapping, Sequence
from inspect import getsource
from itertools import pairwise
from types import ModuleType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reference import page, table
from trazo_spec import base, document, text
from trazo_spec.checks import Check
from trazo_spec.components import KINDS
from trazo_spec.docstrings import field_docstrings
from trazo_spec.document import Spec
from trazo_spec.simulation import Simulation
from trazo_spec.traffic import Traffic

Model = type[BaseModel]

NAMED = (base, text, document)
"""Modules whose forms of text have an entry of their own."""
NEEDED = "**required**"
PLAIN: Mapping[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
}

INTRO = """\
A spec is one YAML file, read as YAML 1.2: `400_000`, `0b11`, `20:00` and `no` are
text, and a number is written `400000`. Unknown fields, wrong types and duplicate keys are
errors. A field marked **required** must be present wherever its parent is. With the schema that
`trazo schema` prints, editors complete and explain all of this.

The unit of a number is the suffix of its name: `_s` seconds, `_gb` 10^9 bytes, `_gib` and `_mib`
2^30 and 2^20 bytes, `_percent` 0 to 100."""

KINDS_INTRO = """\
`components` maps names to components. The name is used in Terraform addresses and messages; in AWS
a component is called `{environment}-{name}`, with `names.prefix` in front. The field `kind` says
what it is. A spec can contain any number of components of each kind."""

SHARED_INTRO = "Types that several kinds share."
FORMS_INTRO = "Strings that must have a certain format."


def write() -> str:
    """The page."""
    shared = _shared()
    kinds = [
        _section(kind, 3, title=name) + _nested(kind, 4, skip=shared)
        for name, kind in sorted(KINDS.items())
    ]
    parts = (
        INTRO,
        "## The file",
        _table(Spec),
        _section(document.Names, 3),
        _section(document.State, 3),
        _section(Check, 3),
        f"## Component kinds\n\n{KINDS_INTRO}",
        *kinds,
        f"## Shared parts\n\n{SHARED_INTRO}",
        *(_section(model, 3) for model in shared),
        _section(Traffic, 2) + _nested(Traffic, 3, skip=()),
        _section(Simulation, 2) + _nested(Simulation, 3, skip=()),
        f"## Text formats\n\n{FORMS_INTRO}",
        table(("form", "what it is"), _forms()),
    )
    return page("The language", "the types in `trazo_spec/`", *parts)


def _shared() -> tuple[Model, ...]:
    """Types that more than one kind uses, in the order of their names."""
    users: dict[Model, int] = {}
    for kind in KINDS.values():
        for model in dict.fromkeys(_below(kind)):
            users[model] = users.get(model, 0) + 1
    return tuple(sorted((m for m, n in users.items() if n > 1), key=lambda m: m.__name__))


def _below(model: Model) -> Iterator[Model]:
    """Every type that stands below a type, nearest first."""
    for hint in _hints(model).values():
        for nested in _models(hint):
            yield nested
            yield from _below(nested)


def _models(hint: object) -> Iterator[Model]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for argument in get_args(hint):
        yield from _models(argument)


def _hints(model: Model) -> Mapping[str, object]:
    """Field -> its annotation as it is written, own fields before those of the base class."""
    hints = get_type_hints(model, include_extras=True)
    inherited = set(base.Component.model_fields) if model is not base.Component else set()
    own = [name for name in model.model_fields if name not in inherited - {"kind"}]
    return {name: hints[name] for name in (*own, *(n for n in model.model_fields if n not in own))}


def _nested(model: Model, level: int, skip: Sequence[Model]) -> str:
    nested = [m for m in dict.fromkeys(_below(model)) if m not in skip]
    return "".join(f"\n\n{_section(m, level)}" for m in nested)


def _section(model: Model, level: int, title: str = "") -> str:
    doc = (model.__doc__ or "").strip()
    text_of = "\n".join(line.strip() for line in doc.splitlines())
    return f"{'#' * level} {title or model.__name__}\n\n{text_of}\n\n{_table(model)}"


def _table(model: Model) -> str:
    texts = field_docstrings(model)
    rows = (
        (_key(n, model), *_cells(model.model_fields[n], h, texts.get(_name(n, model), "")))
        for n, h in _hints(model).items()
    )
    return table(("field", "type", "default", "meaning"), rows)


def _key(name: str, model: Model) -> str:
    return f"`{_name(name, model)}`"


def _name(name: str, model: Model) -> str:
    return model.model_fields[name].alias or name


def _cells(field: FieldInfo, hint: object, meaning: str) -> tuple[str, str, str]:
    if get_origin(hint) is Literal and field.default in KINDS:
        # Python knows the kind by the class; a file has to say it.
        return _words(hint), NEEDED, "The component's kind."
    required = field.is_required()
    default = NEEDED if required else _default(field.get_default(call_default_factory=True))
    if field.get_default(call_default_factory=True) is None and not required:
        hint = _without_none(hint)
    return _words(hint), default, meaning


def _default(value: object) -> str:
    if value is None:
        return ""
    return f"`{_yaml(value)}`"


def _yaml(value: object) -> str:
    """A default as a spec would write it.

    >>> _yaml((443,)), _yaml(True), _yaml({})
    ('[443]', 'true', '{}')
    """
    match value:
        case BaseModel():
            return _yaml({n: getattr(value, n) for n in sorted(value.model_fields_set)})
        case bool():
            return str(value).lower()
        case tuple() | list():
            return f"[{', '.join(map(_yaml, value))}]"
        case dict():
            return "{" + ", ".join(f"{k}: {_yaml(v)}" for k, v in value.items()) + "}"
        case "":
            return '""'
        case _:
            return str(value)


def _without_none(hint: object) -> object:
    members = [m for m in get_args(hint) if m is not type(None)]
    if get_origin(hint) not in (Union, types.UnionType) or len(members) == len(get_args(hint)):
        return hint
    return Union[tuple(members)]  # noqa: UP007 - of a computed list


def _words(hint: object) -> str:
    """A type in words, with links to other types."""
    if name := _form_name(hint):
        return f"[{name}](#text-formats)"
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _limited(arguments[0], arguments[1:])
    if origin in (Union, types.UnionType):
        return _either(arguments)
    if origin is Literal:
        return _choice(arguments)
    if origin is tuple:
        return f"list of {_words(arguments[0])}"
    if origin is dict:
        return f"mapping: {_words(arguments[0])} → {_words(arguments[1])}"
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return "null" if hint is type(None) else PLAIN.get(hint, "any value")


def _either(members: Sequence[object]) -> str:
    if set(KINDS.values()) <= {m for member in members for m in _models(member)}:
        return "[component](#component-kinds)"
    return " or ".join(map(_words, members))


def _choice(values: Sequence[object]) -> str:
    shown = [f"`{_yaml(v)}`" for v in values]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _limited(hint: object, metadata: Sequence[object]) -> str:
    found: dict[str, Any] = {}
    for item in metadata:
        for part in item.metadata if isinstance(item, FieldInfo) else (item,):
            for limit in ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern"):
                if (value := getattr(part, limit, None)) is not None:
                    found[limit] = value
    return ", ".join((_words(hint), *_limits(found)))


def _limits(found: Mapping[str, Any]) -> Iterator[str]:
    if "ge" in found and "le" in found:
        yield f"{found['ge']:,} to {found['le']:,}"
    else:
        words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
        yield from (f"{word} {found[key]:,}" for key, word in words.items() if key in found)
    if "min_length" in found:
        yield f"at least {found['min_length']}"
    if "max_length" in found:
        yield f"at most {found['max_length']} characters"
    if "pattern" in found:
        yield f"matching `{found['pattern']}`"


def _form_name(hint: object) -> str:
    if get_origin(hint) is not Annotated:
        return ""
    return next((name for name, form, _ in _named_forms() if form == hint), "")


def _forms() -> Iterator[tuple[str, str]]:
    for name, form, doc in sorted(_named_forms(), key=lambda f: f[0]):
        limits = _limited(get_args(form)[0], get_args(form)[1:])
        yield f"`{name}`", doc if limits == "text" else f"{doc} ({limits})"


def _named_forms() -> Iterator[tuple[str, object, str]]:
    for module in NAMED:
        docs = _docstrings(module)
        for name, value in vars(module).items():
            if name in docs and get_origin(value) is Annotated:
                yield name, value, docs[name]


def _docstrings(module: ModuleType) -> dict[str, str]:
    """Name -> the docstring below its assignment, which Python itself throws away."""
    body = ast.parse(getsource(module)).body
    docs = {}
    for statement, following in pairwise(body):
        match statement, following:
            case (
                ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(doc))),
            ):
                docs[name] = " ".join(doc.split())
            case _:
                pass
    return docs
