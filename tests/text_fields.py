"""Every place of a spec where text may stand, by the types, and documents with text there."""

from collections.abc import Iterator
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, JsonValue

from tests import one_of_each
from trazo_spec.components import KINDS
from trazo_spec.document import Spec
from trazo_spec.visible import yaml_text

Path = tuple[str | int, ...]

KEY = "<key>"
"""Stands in a path for a key that is text itself."""

ANY = "any"
"""Stands in a path for the first key of a mapping, whatever it is."""

SOUND: dict[str, Any] = one_of_each.document(
    {
        "overrides": {"aws_db_instance.rds": {"license_model": "postgresql-license"}},
        "checks": {"TZ429": {"severity": "off", "reason": "ours"}},
    }
)
"""A sound spec with a component of each kind, called after it."""


def text_fields(annotation: Any = Spec, path: Path = ()) -> Iterator[Path]:
    """The paths of all texts below a type; a list has its first entry, a mapping any key."""
    if path == ("components",):
        yield (*path, KEY)
        for kind, component in KINDS.items():
            yield from text_fields(component, (*path, kind))
    elif annotation is str or get_origin(annotation) is Literal or annotation is JsonValue:
        yield path
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield from text_fields(field.annotation, (*path, field.alias or name))
    elif get_origin(annotation) is dict:
        yield (*path, KEY)
        yield from text_fields(get_args(annotation)[1], (*path, ANY))
    elif get_origin(annotation) is tuple:
        yield from text_fields(get_args(annotation)[0], (*path, 0))
    elif get_origin(annotation) is Annotated:
        yield from text_fields(get_args(annotation)[0], path)
    else:
        for member in get_args(annotation):
            if member is not NoneType:
                yield from text_fields(member, path)


FIELDS = tuple(dict.fromkeys(text_fields()))


def with_text(document: Any, path: Path, text: str) -> Any:
    """The same document with a text at a path, whatever is missing on the way made."""
    if not path:
        return text
    step, *rest = path
    if isinstance(step, int):
        first, *others = document if isinstance(document, list) and document else [None]
        return [with_text(first, tuple(rest), text), *others]
    mapping = document if isinstance(document, dict) else {}
    if step == KEY:
        return {**mapping, text: next(iter(mapping.values()), {})}
    step = next(iter(mapping), ANY) if step == ANY else step
    return {**mapping, step: with_text(mapping.get(step), tuple(rest), text)}


def written(document: Any) -> str:
    """The document as YAML that says every character by its number where nobody could see it."""
    return yaml_text(document)
