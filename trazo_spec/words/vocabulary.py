"""Words that mean something as they are written, so that none of them is a slip of the pen."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, get_args

from pydantic import BaseModel

from trazo_spec.components import KINDS
from trazo_spec.document import Spec
from trazo_spec.words.foreign import fields, values

_UNITS = (
    "s ms min h d sec second seconds minutes hours day days month months b kb kib mb mib gb gib tb "
    "tib bytes percent share usd vcpu mhz ghz hz"
)
UNITS = frozenset(_UNITS.split())
"""What the name of a number may end with."""
_OPPOSITES = (
    "start stop begin end in out up down ingress egress inbound outbound internal external min max "
    "minimum maximum least most healthy unhealthy enable disable enabled disabled allow deny input "
    "output upload download source target client server before after first last primary replica "
    "master standby hot cold on off get put open close get set add remove import export push pull "
    "send receive publish subscribe create delete local remote global regional single multi"
)
"""Words of which a letter or two may make the opposite."""


@lru_cache(maxsize=1)
def meaningful() -> frozenset[str]:
    """Every word, and every part of one, that names something here or elsewhere."""
    words = {*UNITS, *_OPPOSITES.split(), *KINDS}
    for model in models(Spec):
        words |= field_names(model).keys()
    for table in (fields(), values()):
        for place in table.values():
            words |= place.keys()
    parts = {part for word in words for part in word.split("_") if part}
    return frozenset(words | parts)


def field_names(model: type[BaseModel]) -> Mapping[str, Any]:
    """The names of a type's fields as a spec writes them, each with its type."""
    return {f.alias or name: f.annotation for name, f in model.model_fields.items()}


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every type of mapping that may stand in a type, itself included."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for inner in field_names(annotation).values():
            yield from models(inner)
    for argument in get_args(annotation):
        yield from models(argument)


@lru_cache(maxsize=64)
def sections(model: type[BaseModel]) -> Mapping[str, str]:
    """Field -> the field of a type below which it stands, where there is only one such field.

    >>> sections(KINDS["ecs"])["target_cpu_percent"], sections(KINDS["networking"])["nat"]
    ('scaling', 'egress')
    """
    homes: dict[str, list[str]] = {}
    for section, annotation in field_names(model).items():
        for inner in models(annotation):
            for name in field_names(inner):
                homes.setdefault(name, []).append(section)
    return {name: candidates[0] for name, candidates in homes.items() if len(set(candidates)) == 1}
