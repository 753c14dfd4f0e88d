"""What began it: a resource that is made anew takes along what cannot stay without it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from compiler.changes.effects import Effect, Verdict, stops
from compiler.changes.sentences import downtime_of_all


class Following(Protocol):
    """A change that may only happen because of another one."""

    @property
    def address(self) -> str:
        """What changes."""

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What the change does."""

    @property
    def follows(self) -> str:
        """The address that began it; empty for what changes for a reason of its own."""


Change = TypeVar("Change", bound=Following)
_ALONE = (Verdict.LOSES_DATA, Verdict.REFUSED)
FEWEST_GROUPED = 3
"""Of those that follow: fewer are told one by one."""
MOST_NAMED = 2
"""Of the addresses in a sentence; the others are counted."""


def causes(parents: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    """The address that began it, for each that only follows others; of several the first.

    >>> causes({"subnet": ["vpc"], "nat": ["subnet"]})
    {'subnet': 'vpc', 'nat': 'vpc'}
    """
    children: dict[str, list[str]] = {}
    for child, others in parents.items():
        for parent in others:
            children.setdefault(parent, []).append(child)
    began: dict[str, str] = {}
    for first in sorted(children.keys() - parents.keys()):
        left = [first]
        while left:
            new = [child for child in children.get(left.pop(), ()) if child not in began]
            began.update(dict.fromkeys(new, first))
            left += new
    return began


def begun(changes: Iterable[Following], parents: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    """The same of changes, if of what began it anything is said."""
    telling = {change.address for change in changes if change.effects}
    return {address: first for address, first in causes(parents).items() if first in telling}


def followers(changes: Iterable[Change]) -> Mapping[str, tuple[Change, ...]]:
    """What follows from each address that began something."""
    by_cause: dict[str, list[Change]] = {}
    for change in changes:
        if change.follows:
            by_cause.setdefault(change.follows, []).append(change)
    return {address: tuple(group) for address, group in by_cause.items()}


def follower_lines(group: Iterable[Following]) -> Iterator[str]:
    """What follows, a line each; of many how many, how long they are down, and each type."""
    group = tuple(group)
    if len(group) < FEWEST_GROUPED:
        yield from map(_alone, group)
        return
    title = f"{len(group)} more are replaced or interrupted with it"
    yield "; ".join(filter(None, (title, stopped(group)))) + ":"
    alike: dict[tuple[bool, str, tuple[str, ...]], list[str]] = {}
    for change in group:
        running = not any(effect.downtime for effect in change.effects)
        reasons = tuple(dict.fromkeys(e.reason for e in change.effects if e.reason))
        alike.setdefault((running, type_of(change.address), reasons), []).append(change.address)
    for (_, type_, reasons), addresses in sorted(alike.items()):
        what = addresses[0] if len(addresses) == 1 else f"{len(addresses)} {type_}"
        yield f"- {what}" + (f": {'; '.join(reasons)}" if reasons else "")


def _alone(change: Following) -> str:
    """One that follows, in a sentence without its full stop."""
    reasons = (effect.reason for effect in change.effects)
    told = "; ".join(filter(None, (*reasons, stopped((change,)))))
    return f"with it {change.address}" + (f": {told}" if told else "")


def named(group: Iterable[Following]) -> str:
    """The first few of a group by their addresses, and how many more there are."""
    addresses = [f"`{change.address}`" for change in group]
    shown, more = addresses[:MOST_NAMED], len(addresses) - MOST_NAMED
    return f"{', '.join(shown)} and {more} more" if more > 0 else " and ".join(shown)


def told_alone(effects: Iterable[Effect]) -> bool:
    """Whether a change is told for itself, whatever began it."""
    return any(effect.verdict in _ALONE for effect in effects)


def interrupted(group: Iterable[Change]) -> tuple[Change, ...]:
    """Those of a group that are down at the apply."""
    return tuple(change for change in group if stops(change.effects))


def stopped(group: Iterable[Following]) -> str:
    """How long a group is down together, and on what that depends."""
    return downtime_of_all(_effects(group))


def _effects(group: Iterable[Following]) -> tuple[tuple[str, tuple[Effect, ...]], ...]:
    return tuple((change.address, change.effects) for change in group)


def type_of(address: str) -> str:
    """The type in an address, which may be inside modules."""
    return address.partition("[")[0].rpartition(".")[0].rpartition(".")[2]
