"""An argument that differs, and how values in the bodies of resources are read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Body: TypeAlias = Mapping[str, Any]
"""A resource: its arguments, as in Terraform's JSON."""
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """An argument that differs, and the resource around it on both sides."""

    argument: str
    """Its path without positions, such as `rule.expiration.days`."""
    before: Body
    after: Body

    @property
    def old(self) -> Any:  # noqa: ANN401 - any JSON
        """What it was; None where it was not set or is not known."""
        return value(self.before, self.argument)

    @property
    def new(self) -> Any:  # noqa: ANN401 - any JSON
        """What it becomes; None where it is not set or not known."""
        return value(self.after, self.argument)

    @property
    def removed(self) -> frozenset[str]:
        """What a list does not have any more."""
        return members(self.old) - members(self.new)

    @property
    def added(self) -> frozenset[str]:
        """What a list has now and did not have."""
        return members(self.new) - members(self.old)


def leaves(thing: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 - any JSON
    """Every value that is neither a block nor a list, with the way to it."""
    match thing:
        case Mapping():
            for name, inner in thing.items():
                yield from leaves(inner, (*path, name))
        case list() | tuple():
            for i, inner in enumerate(thing):
                yield from leaves(inner, (*path, i))
        case _:
            yield path, thing


def value(body: Body, argument: str) -> Any:  # noqa: ANN401 - any JSON
    """The value of an argument; of a block that is there several times, that of the first.

    >>> value({"rule": [{"expiration": [{"days": 30}]}]}, "rule.expiration.days")
    30
    """
    current: Any = body
    for step in argument.split("."):
        current = current[0] if isinstance(current, list | tuple) and current else current
        current = current.get(step) if isinstance(current, Mapping) else None
    return current


def blocks(body: Body, name: str) -> tuple[Body, ...]:
    """The nested blocks of a name: one may be written as itself, several as a list."""
    nested = body.get(name) or ()
    return (nested,) if isinstance(nested, Mapping) else tuple(nested)


ANEW = "(made anew) "
"""How the text begins that stands for a member of a list which is made again at the apply."""


def members(listed: Any) -> frozenset[str]:  # noqa: ANN401 - any JSON
    """The members of a list, as texts; each that is not known yet differs from all others."""
    if not isinstance(listed, list | tuple | set):
        return frozenset()
    return frozenset(f"{ANEW}{i}" if m is None else str(m) for i, m in enumerate(listed))


def number(thing: Any) -> float | None:  # noqa: ANN401 - any JSON
    """A number, also one that is written as text; None for anything else."""
    try:
        return None if isinstance(thing, bool) or thing is None else float(thing)
    except (TypeError, ValueError):
        return None


def yes(thing: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a value is true, also where the provider takes it as text."""
    return thing is True or thing == "true"


def version(text: Any) -> tuple[int, ...]:  # noqa: ANN401 - any JSON
    """A version as numbers, as far as it is written.

    >>> version("16.4"), version("6.x"), version(None)
    ((16, 4), (6,), ())
    """
    written = re.match(r"\d+(?:\.\d+)*", text) if isinstance(text, str) else None
    return tuple(int(part) for part in written[0].split(".")) if written else ()
