"""Every text field of the language, from its types, and a spec that holds a text there."""

import types
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from assault import samples, structures
from trazo_spec.components import KINDS
from trazo_spec.document import Spec
from trazo_spec.load import load
from trazo_spec.yaml.located import plain

KEY = "<key>"
"""The last step of a path that leads to a key, not to what stands behind it."""
Step = str | int
Path = tuple[Step, ...]
_MOST_DEPTH = 8


def text_fields() -> tuple[Path, ...]:
    """The path of every text and of every key that a user chooses, in a spec with all kinds."""
    found = (path for path, is_text in _below(Spec, host(), ()) if is_text)
    return tuple(dict.fromkeys((*found, *_unknown())))


def other_fields() -> tuple[Path, ...]:
    """The path of every number and of every word out of a few; a text there is a finding."""
    found = {path: None for path, is_text in _below(Spec, host(), ()) if not is_text}
    return tuple(path for path in found if path not in text_fields())


def _unknown() -> Iterator[Path]:
    """Keys that no type has, one at each level."""
    yield (KEY,)
    for name in _names_by_kind().values():
        yield ("components", name, KEY)
    yield ("traffic", KEY)
    yield ("checks", "TZ429", KEY)


def _below(annotation: object, value: Any, path: Path) -> Iterator[tuple[Path, bool]]:  # noqa: ANN401 # YAML
    """The fields below a type, along a value where there is one, and whether they are texts."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if len(path) > _MOST_DEPTH:
        return
    if path[:1] == ("components",) and len(path) == 1:
        for kind, name in _names_by_kind().items():
            yield from _below(KINDS[kind], value[name], ("components", name))
        yield ("components", KEY), True
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            alias = field.alias or name
            inner = value.get(alias) if isinstance(value, dict) else None
            yield from _below(field.annotation, inner, (*path, alias))
    elif hasattr(annotation, "__value__"):  # JSON, such as arguments of an override
        yield (*path, "text"), True
    elif origin is Annotated:
        yield from _below(parts[0], value, path)
    elif origin in (Union, types.UnionType):
        for part in parts:
            yield from _below(part, value, path)
    elif origin in (tuple, list, Sequence):
        first = value[0] if isinstance(value, list) and value else None
        yield from _below(parts[0], first, (*path, 0))
    elif origin in (dict, Mapping):
        known = next(iter(value), None) if isinstance(value, dict) else None
        key = known or ("aws_vpc.network" if path[-1:] == ("overrides",) else "web")
        yield (*path, KEY), True
        inner = value.get(key) if isinstance(value, dict) else None
        yield from _below(parts[1], inner, (*path, key))
    elif annotation is not None and annotation is not type(None):
        yield path, annotation is str


@cache
def _names_by_kind() -> Mapping[str, str]:
    """Kind -> the name of the first component of it in the host."""
    components = host()["components"]
    return {c["kind"]: name for name, c in reversed(components.items())}


@cache
def _host() -> Any:  # noqa: ANN401 # a document
    loaded = load((samples.ROOT / "specs" / "trazo.yaml").read_bytes(), "trazo.yaml")
    document: Any = deepcopy(plain(next(iter(loaded.documents.values()))))
    document.pop("environments", None)
    document["components"]["zone"]["records"] = [{"name": "txt", "type": "TXT", "values": ["a"]}]
    document["checks"] = {"TZ429": {"severity": "info", "reason": "known"}}
    return document


def host() -> Any:  # noqa: ANN401 # a document
    """A sound spec with every kind of component."""
    return _host()


def placed(path: Path, text: str) -> str:
    """The host with a text at a path, as YAML."""
    document = deepcopy(host())
    around = document
    for step, after in pairwise(path):
        around = _inner(around, step, after)
    last = path[-1]
    if last == KEY:
        _rename(around, text)
    elif isinstance(around, list):
        around[int(last) :] = [text]
    else:
        around[last] = text
    return structures.yaml(document)


def _inner(around: Any, step: Step, after: Step) -> Any:  # noqa: ANN401 # YAML
    """What is below a step, made where it is missing."""
    empty: Any = [] if isinstance(after, int) else {}
    if isinstance(around, list):
        if not around:
            around.append(empty)
        if not isinstance(around[0], type(empty)):
            around[0] = empty
        return around[0]
    if not isinstance(around.get(step), type(empty)):
        around[step] = empty
    if not around[step] and after != KEY:
        known = structures.known_values().get(str(step), ())
        fitting = [v for v in known if isinstance(v, type(empty)) and v]
        around[step] = deepcopy(fitting[0]) if fitting else empty
    return around[step]


def _rename(around: Any, text: str) -> None:  # noqa: ANN401 # YAML
    """Another key beside those that are there, with the value of the last one."""
    value = deepcopy(next(reversed(around.values()), "a")) if isinstance(around, dict) else "a"
    around[text] = value
