"""Which arguments the provider cannot change in place: Terraform destroys and creates instead."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from compiler.provider_schema.versions import facts
from trazo_spec.base import Provider


def forces_replacement(type_: str, path: Sequence[str | int], provider: Provider = 5) -> bool:
    """Whether a new value at a path, its positions skipped, makes another object.

    >>> forces_replacement("aws_db_instance", ("username",))
    True
    >>> forces_replacement("aws_db_instance", ("allocated_storage",))
    False
    """
    name = ".".join(step for step in path if isinstance(step, str))
    known = _file().get(type_, ())
    if provider == 6:
        known = _of_provider_6(type_, known)
    return any(name == fixed or name.startswith(f"{fixed}.") for fixed in known)


def _of_provider_6(type_: str, known: Sequence[str]) -> Sequence[str]:
    """What replaces there; where its source does not tell, as in provider 5."""
    changed = facts(type_)
    in_place = changed.get("in_place", ())
    return (*(name for name in known if name not in in_place), *changed.get("replaced", ()))


@cache
def _file() -> Mapping[str, Sequence[str]]:
    path = Path(__file__).with_name("replaced.json")
    entries: Mapping[str, Sequence[str]] = json.loads(path.read_bytes())
    return entries
