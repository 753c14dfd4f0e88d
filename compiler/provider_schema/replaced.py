"""Which arguments the provider cannot change in place: Terraform destroys and creates instead."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path


def forces_replacement(type_: str, path: Sequence[str | int]) -> bool:
    """Whether a new value at a path, its positions skipped, makes another object.

    >>> forces_replacement("aws_db_instance", ("username",))
    True
    >>> forces_replacement("aws_db_instance", ("allocated_storage",))
    False
    """
    name = ".".join(step for step in path if isinstance(step, str))
    known = _file().get(type_, ())
    return any(name == fixed or name.startswith(f"{fixed}.") for fixed in known)


@cache
def _file() -> Mapping[str, Sequence[str]]:
    path = Path(__file__).with_name("replaced.json")
    entries: Mapping[str, Sequence[str]] = json.loads(path.read_bytes())
    return entries
