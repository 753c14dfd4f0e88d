"""Specs drawn from the types of the language, with values that do not belong there, as YAML."""

import json
import types
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import cache
from random import Random
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from assault import samples, words
from trazo_spec.components import KINDS
from trazo_spec.document import Spec

# JSON and YAML are of any type.
Document = Any


class Raw(str):
    """YAML that is written as it is."""


def models() -> Iterator[type[BaseModel]]:
    """Every type of the language."""
    seen: set[type[BaseModel]] = set()
    waiting: list[type[BaseModel]] = [Spec]
    while waiting:
        model = waiting.pop()
        if model not in seen:
            seen.add(model)
            yield model
            for field in model.model_fields.values():
                waiting += _models(field.annotation)


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


@cache
def field_names() -> tuple[str, ...]:
    """Every field that any type of the language has."""
    return tuple(sorted({f.alias or n for m in models() for n, f in m.model_fields.items()}))


@cache
def known_values() -> Mapping[str, tuple[Document, ...]]:
    """Field -> what shipped specs and fixtures write there."""
    found: dict[str, list[Document]] = {}

    def look(value: Document) -> None:
        for key, inner in value.items() if isinstance(value, dict) else ():
            found.setdefault(key, []).append(inner)
            look(inner)
        for inner in value if isinstance(value, list) else ():
            look(inner)

    for document in samples.documents():
        look(document)
    return {key: tuple(values[:60]) for key, values in found.items()}


def hostile(rng: Random) -> Document:
    """A value that belongs nowhere."""
    match rng.randrange(12):
        case 0 | 1 | 2 | 3:
            return Raw(rng.choice(words.SCALARS))
        case 4 | 5:
            return Raw(words.number(rng))
        case 6 | 7:
            return words.text(rng)
        case 8:
            return rng.choice(field_names())
        case 9:
            return rng.choice(rng.choice(tuple(known_values().values())))
        case 10:
            return huge(rng, 40)
        case _:
            return rng.choice(([], {}, None, True, [None], {"": None}, [[]], {"a": {"b": {}}}))


def huge(rng: Random, size: int) -> Document:
    """A value that is long, wide or deep: of some `size` parts."""
    match rng.randrange(9):
        case 0:
            return Raw("[" * size + "]" * size)
        case 1:
            return Raw("{a: " * size + "1" + "}" * size)
        case 2:
            return rng.choice('aa é"$`') * size
        case 3:
            return {f"k{n}": n for n in range(size)}
        case 4:
            return [rng.choice((1, "a", None, {"a": 1}))] * size
        case 5:
            return {rng.choice(field_names()): None for _ in range(size)}
        case 6:
            return Raw("9" * size)
        case 7:
            return Raw(_bomb(max(2, min(size // 4, 9)), rng.choice((2, 5, 9))))
        case _:
            return {"".join(rng.choice("abcdefgh_") for _ in range(12)): 1 for _ in range(size)}


def _bomb(levels: int, wide: int) -> str:
    """Aliases that stand for `wide` to the power of `levels` values."""
    inner = "&l0 [x]"
    for level in range(1, levels):
        inner = f"&l{level} [{inner}{f', *l{level - 1}' * (wide - 1)}]"
    return inner


def drawn(rng: Random, annotation: object, field: str = "", depth: int = 0) -> Document:
    """A value of a type, now and then one that is none."""
    if rng.random() < 0.03 or depth > 9:
        return hostile(rng)
    origin, parts = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__value__"):  # a type alias, such as that of JSON
        return drawn(rng, annotation.__value__, field, depth)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(rng, annotation, depth)
    if origin is Annotated:
        return drawn(rng, parts[0], field, depth)
    if origin is Literal:
        return rng.choice(parts)
    if origin in (Union, types.UnionType):
        return drawn(rng, rng.choice(parts), field, depth)
    if origin in (tuple, list, Sequence):
        return [drawn(rng, parts[0], field, depth + 1) for _ in range(rng.choice((0, 1, 1, 2, 4)))]
    if origin in (dict, Mapping):
        names = [_name(rng) for _ in range(rng.choice((0, 1, 1, 2, 3)))]
        return {name: drawn(rng, parts[1], field, depth + 1) for name in names}
    return _scalar(rng, annotation, field)


def _model(rng: Random, model: type[BaseModel], depth: int) -> Document:
    """Some of the fields of a type, all that it needs, and now and then one of another's."""
    content: dict[str, Document] = {}
    for name, field in model.model_fields.items():
        if field.is_required() or name == "kind" or rng.random() < 0.3:
            alias = field.alias or name
            content[alias] = drawn(rng, field.annotation, alias, depth + 1)
    if rng.random() < 0.08:
        content[rng.choice(field_names())] = hostile(rng)
    if rng.random() < 0.03:
        content[words.text(rng)] = hostile(rng)
    return content


def _name(rng: Random) -> str:
    known = ("web", "worker", "database", "cache", "media", "alb", "zone", "prod", "TZ401")
    return (
        rng.choice((*known, "network", "security", "staging"))
        if rng.random() < 0.95
        else words.text(rng)
    )


def _scalar(rng: Random, annotation: object, field: str) -> Document:
    known = [v for v in known_values().get(field, ()) if not isinstance(v, dict | list)]
    if known and rng.random() < 0.7:
        return rng.choice(known)
    if annotation is bool:
        return rng.random() < 0.5
    if annotation in (int, float):
        return rng.choice(
            (0, 1, 2, 5, 60, 80, 100, 443, 5000, -1, 2**31, 1.5, Raw(words.number(rng)))
        )
    return words.text(rng) if rng.random() < 0.5 else rng.choice(words.TEXTS)


def whole(rng: Random) -> str:
    """A spec with everything drawn from the types."""
    document = _model(rng, Spec, 0)
    document |= {
        "trazo": 1,
        "name": "acme",
        "region": "us-east-2",
        "state": {"bucket": "acme-state"},
    }
    kinds = rng.sample(sorted(KINDS), rng.randrange(1, 5))
    document["components"] = {kind: _model(rng, KINDS[kind], 1) for kind in kinds}
    return yaml(document)


def section(rng: Random, name: str) -> str:
    """A small sound spec with one drawn section."""
    document = deepcopy(rng.choice(_small()))
    document[name] = drawn(rng, Spec.model_fields[name].annotation, name)
    return yaml(document)


@cache
def _small() -> tuple[Document, ...]:
    return tuple(d for d in samples.documents() if isinstance(d, dict) and len(json.dumps(d)) < 700)


def altered(rng: Random) -> str:
    """A spec of the project with one to four of its values or keys replaced by hostile ones."""
    document = deepcopy(rng.choice(samples.documents()))
    for _ in range(rng.choice((1, 1, 2, 4))):
        places = list(_places(document))
        around, step = rng.choice(places)
        match rng.randrange(6):
            case 0 if isinstance(around, dict):
                around[rng.choice(field_names())] = hostile(rng)
            case 1 if isinstance(around, dict):
                around[words.text(rng)] = around.pop(step)
            case 2 if isinstance(around, list):
                around.append(deepcopy(around[step]))
            case 3:
                # A copy: the next choice may fall into it, and a value in itself has no end.
                around[step] = deepcopy(rng.choice(rng.choice(tuple(known_values().values()))))
            case 4 if isinstance(around[step], str):
                around[step] = words.mixed(rng, around[step])
            case _:
                around[step] = hostile(rng)
    return yaml(document)


def large(rng: Random) -> str:
    """A sound spec with one value, key or section of great size in it."""
    document = deepcopy(rng.choice(_small()))
    around, step = rng.choice(list(_places(document)))
    size = rng.choice((100, 300, 1000, 5000, 20_000, 100_000))
    if isinstance(around, dict) and rng.random() < 0.3:
        around["x" * size] = 1
    elif isinstance(around, dict) and rng.random() < 0.3:
        around |= {f"field_{n}": n for n in range(min(size, 2000))}
    else:
        around[step] = huge(rng, size)
    return yaml(document)


def _places(value: Document) -> Iterator[tuple[Document, Any]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for step, inner in list(entries):
        yield value, step
        if isinstance(inner, dict | list) and inner:
            yield from _places(inner)


def yaml(document: Document, indent: int = 0) -> str:
    """A document as YAML: mappings over lines, the rest in one, raw values as they are."""
    if isinstance(document, dict) and document and indent < 12:
        return "".join(_entry(key, value, indent) for key, value in document.items())
    return f"{_flow(document)}\n"


def _entry(key: Document, value: Document, indent: int) -> str:
    head = f"{'  ' * indent}{_flow(key)}:"
    if isinstance(value, dict) and value and indent < 11:
        return f"{head}\n{yaml(value, indent + 1)}"
    return f"{head} {_flow(value)}\n"


def _flow(value: Document) -> str:
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if (
        isinstance(value, str)
        and value.replace("_", "").isalnum()
        and value.isascii()
        and value[0].isalpha()
    ):
        return value
    return json.dumps(value)
