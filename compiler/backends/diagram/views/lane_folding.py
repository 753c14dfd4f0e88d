"""Too many lanes or stops for one picture: the first ones stay, and a note names the rest."""

from collections.abc import Sequence
from typing import TypeVar

from compiler.backends.diagram.model.lanes import Look, Stop, Way
from compiler.backends.diagram.model.picture import Item
from compiler.backends.diagram.views.items import listed

T = TypeVar("T")

_MOST_IN_A_NOTE = 8


def first_of(
    found: Sequence[tuple[str, T]], most: int, noun: str
) -> tuple[Sequence[tuple[str, T]], tuple[str, ...]]:
    """The first of many named things, and a sentence about those that are left out.

    >>> first_of([("a", 1), ("b", 2), ("c", 3)], 2, "CDNs")
    ([('a', 1), ('b', 2)], ('Not shown are 1 more CDNs: c.',))
    """
    if len(found) <= most:
        return found, ()
    names = [name for name, _ in found[most:]]
    words = ", ".join(listed(names, _MOST_IN_A_NOTE))
    return found[:most], (f"Not shown are {len(names)} more {noun}: {words}.",)


def folded_ways(
    ways: Sequence[Way], most: int, noun: str, names: Sequence[str] = ()
) -> tuple[Way, ...]:
    """The ways from one stop, or the first of them and one to a stop that names the rest.

    Args:
        ways: all ways.
        most: how many there may be, the one for the rest included.
        noun: what the ways lead to, in the plural.
        names: what each stop is called in a list; left out, its title.
    """
    if len(ways) <= most:
        return tuple(ways)
    rest = ways[most - 1 :]
    left = tuple(names[most - 1 :]) or tuple(w.to.item.title for w in rest)
    first = rest[0].to
    one = Item(
        id=f"{first.item.id}-more",
        icon=first.item.icon,
        title=f"{len(rest)} more {noun}",
        details=listed(left),
        tooltip="\n".join(left),
    )
    look: Look = "words" if first.look == "words" else "beside"
    to = Stop(one, first.column, look)
    return (*ways[: most - 1], Way(to, rest[0].label, number=rest[0].number, dashed=rest[0].dashed))
