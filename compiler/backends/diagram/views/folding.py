"""Too many things for one picture: the first ones stay, one or a note stands for the rest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias, TypeVar

from compiler.backends.diagram.model.lanes import Look, Stop, Way
from compiler.backends.diagram.model.picture import (
    Area,
    Chip,
    Inside,
    Item,
    Link,
    Network,
    Picture,
    Store,
    TaskRows,
)
from compiler.card import listed
from compiler.graph.change import Change

# Chosen: what a reader still takes in; AWS's own reference architectures show no more.
MOST_SERVICES = 8
MOST_BALANCERS = 4
MOST_STORES_IN_A_ROW = 5
MOST_STORES = 15
MOST_CDNS = 4
MOST_BUCKETS = 5
MOST_SUPPORTING = 12

_MOST_IN_A_NOTE = 8


ChipsOf: TypeAlias = Callable[..., tuple[Chip, ...]]
"""Names of components -> chips that say something of them together."""


class _Folder:
    """What was folded so far: which item stands for which, and the notes that say so."""

    def __init__(self, chips_of: ChipsOf) -> None:
        self.chips_of = chips_of
        self.stand_in: dict[str, str] = {}
        self.notes: list[str] = []

    def fold(self, items: Sequence[Item], most: int, noun: str) -> tuple[Item, ...]:
        """The items, or the first of them and one for the rest."""
        if len(items) <= most:
            return tuple(items)
        # What has changed is what a picture of two specs is for: it is folded last.
        first = sorted(range(len(items)), key=lambda i: (items[i].change is None, i))[: most - 1]
        rest = [item for i, item in enumerate(items) if i not in first]
        names = [i.id for i in rest]
        words = ", ".join(listed(names, _MOST_IN_A_NOTE))
        one = Item(
            id=f"more-{noun.replace(' ', '-')}-{names[0]}",
            icon=rest[0].icon,
            title=f"{len(rest)} more {noun}",
            details=(", ".join(names),),
            chips=self.chips_of(*names),
            tooltip="\n".join(names),
            change=_change_of_all([i.change for i in rest]),
            keeps_data=rest[0].keeps_data,
        )
        self.stand_in.update(dict.fromkeys(names, one.id))
        self.notes.append(f"One mark represents {len(rest)} {noun}: {words}.")
        return (*(items[i] for i in sorted(first)), one)


def agreed(words: Sequence[str]) -> str:
    """What all say; nothing where they differ."""
    return words[0] if len(set(words)) == 1 else ""


def folded(
    picture: Picture, chips_of: ChipsOf, label: Callable[[Sequence[str]], str] = agreed
) -> Picture:
    """The same picture, small enough to be read.

    Args:
        picture: everything there is.
        chips_of: the chips of one mark for several components.
        label: the words for several arrows that became one.
    """
    links = picture.links
    folder = _Folder(chips_of)
    cdns = folder.fold(picture.cdns, MOST_CDNS, "CDNs")
    kept = {c.id for c in cdns}
    read = {k.target for k in links if k.source in kept}
    first = [o for o in picture.origins if o.id in read]
    later = [o for o in picture.origins if o.id not in read]
    origins = (*first, *folder.fold(later, 1, "buckets"))
    result = replace(
        picture,
        networks=tuple(_network(n, folder) for n in picture.networks),
    )
    areas = {
        **picture.areas,
        Area.CDNS: cdns,
        Area.ORIGINS: origins,
        Area.BUCKETS: folder.fold(picture.buckets, MOST_BUCKETS, "buckets"),
        Area.SUPPORTING: folder.fold(picture.supporting, MOST_SUPPORTING, "services"),
    }
    result = replace(result, areas=areas)
    notes = (*picture.notes, *folder.notes)
    return replace(result, links=_renamed(links, folder.stand_in, label), notes=notes)


def _network(network: Network, folder: _Folder) -> Network:
    services = folder.fold([s.item for s in network.services], MOST_SERVICES, "services")
    tasks = {s.item.id: s.tasks for s in network.services}
    stores: list[Store] = []
    most = max(2, min(MOST_STORES_IN_A_ROW, MOST_STORES // len(network.zones)))
    for row in range(len(network.zones)):
        here = [s.item for s in network.stores if s.row == row]
        noun = "databases and caches"
        stores += [Store(i, row) for i in folder.fold(here, most, noun)]
    balancers = folder.fold(network.balancers, MOST_BALANCERS, "load balancers")
    return replace(
        network,
        areas={**network.areas, Inside.BALANCERS: balancers},
        services=tuple(TaskRows(i, tasks.get(i.id, ())) for i in services),
        stores=tuple(stores),
    )


def _renamed(
    links: Iterable[Link], stand_in: Mapping[str, str], label: Callable[[Sequence[str]], str]
) -> tuple[Link, ...]:
    """Each arrow once, between what is drawn; details on which several disagree are left out."""
    groups: dict[tuple[str, str], list[Link]] = {}
    for k in links:
        ends = stand_in.get(k.source, k.source), stand_in.get(k.target, k.target)
        groups.setdefault(ends, []).append(k)
    return tuple(
        replace(
            min(group, key=lambda k: (k.number is None, k.number or 0)),
            source=source,
            target=target,
            label=label([k.label for k in group]),
            detail=agreed([k.detail for k in group]),
            change=_change_of_all([k.change for k in group]),
        )
        for (source, target), group in groups.items()
    )


def _change_of_all(changes: Sequence[Change | None]) -> Change | None:
    """What happened to several things: the same to all, or something to some of them."""
    different = set(changes)
    return different.pop() if len(different) == 1 else Change.CHANGED


T = TypeVar("T")


def first_of(
    things: Sequence[tuple[str, T]], most: int, noun: str
) -> tuple[Sequence[tuple[str, T]], tuple[str, ...]]:
    """The first of many named things, and a sentence about those that are left out.

    >>> first_of([("a", 1), ("b", 2), ("c", 3)], 2, "CDNs")
    ([('a', 1), ('b', 2)], ('1 more CDNs are not shown: c.',))
    """
    if len(things) <= most:
        return things, ()
    names = [name for name, _ in things[most:]]
    words = ", ".join(listed(names, _MOST_IN_A_NOTE))
    return things[:most], (f"{len(names)} more {noun} are not shown: {words}.",)


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
        keeps_data=first.item.keeps_data,
    )
    look: Look = "words" if first.look == "words" else "beside"
    stop = Stop(one, first.column, look)
    return (
        *ways[: most - 1],
        Way(stop, rest[0].label, number=rest[0].number, dashed=rest[0].dashed),
    )
