"""Two plans -> what Terraform would create, change, replace and destroy, and why.

It is worked out from the plans alone, without Terraform and without AWS: it takes for granted that
what stands is what the first plan says.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from compiler.backends.terraform.document import document, provider_tags
from compiler.changes.bodies import Resources, Sides, reads, sides
from compiler.changes.causes import begun, told_alone
from compiler.changes.edit import ANEW, Body, Path, leaves
from compiler.changes.effects import (
    META,
    Effect,
    Verdict,
    argument_of,
    effects,
    ignored_arguments,
    replaces,
    stops,
)
from compiler.plan.plan import Block, Plan
from compiler.provider_schema.replaced import forces_replacement
from compiler.provider_schema.schema import body as schema_body
from compiler.provider_schema.versions import alike
from trazo_spec.base import Provider

DEFAULT_TAGS = "tags_all"
REGION = "region"


class Action(StrEnum):
    """What Terraform would do with a resource."""

    CREATE = "create"
    CHANGE = "change"
    REPLACE = "replace"
    DESTROY = "destroy"
    IGNORE = "ignore"
    """The provider drops the only difference, so that nothing happens."""


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """A resource that would not stay as it is."""

    address: str
    """Its Terraform address; after a move, the new one."""
    action: Action | None
    """None for one that only gets another address."""
    component: str
    """The component that it belongs to; empty for what a whole environment shares."""
    because: tuple[str, ...] = ()
    """The arguments that differ; for a replacement, those that cannot change in place."""
    was: str = ""
    """The address before, where it moves."""
    effects: tuple[Effect, ...] = ()
    """What the change does, the worst first; nothing for what is created, destroyed or moved."""
    follows: str = ""
    """The address whose replacement takes it along; empty where it changes for its own reason."""


def resource_changes(before: Plan | None, after: Plan | None) -> tuple[ResourceChange, ...]:
    """Every resource that Terraform would touch, by address; None is a plan that is not there."""
    both = alike(before, after), alike(after, before)
    return tuple(sorted(_changes(*both), key=lambda change: change.address))


def _changes(before: Plan | None, after: Plan | None) -> Iterator[ResourceChange]:
    provider = after.provider if after is not None else 5
    stacks = (None if plan is None else document(plan) for plan in (before, after))
    pair = sides(*stacks, provider=provider)
    old_blocks, new_blocks = _blocks(before), _blocks(after)
    for address in sorted(pair.new.keys() - pair.old.keys()):
        yield ResourceChange(address, Action.CREATE, new_blocks[address].component)
    for address in sorted(pair.old.keys() - pair.new.keys()):
        yield ResourceChange(address, Action.DESTROY, old_blocks[address].component)
    if before is None or after is None:
        return
    shared = {address: _shared(before, after, address) for address in pair.both}
    for change in kept(pair, shared):
        if change.action is not None or change.was:
            yield replace(change, component=new_blocks[change.address].component)


def kept(
    pair: Sides, shared: Mapping[str, tuple[Path, ...]] = MappingProxyType({})
) -> Iterator[ResourceChange]:
    """What happens to each resource that is on both sides, without its component.

    Args:
        pair: The resources.
        shared: What differs beside their arguments, by address.
    """
    both = {
        a: (*_differing(_type(a), *pair.known(a), pair.provider), *shared.get(a, ()))
        for a in pair.both
    }
    replaced = _replaced(both, pair)
    parents: dict[str, tuple[str, ...]] = {}
    changes = []
    for address, paths in both.items():
        later = tuple(r for r in _read(pair.new[address]) if _unknown(r[1], replaced, pair.new))
        unknown = tuple(path for path, _ in later)
        change = _of_one(address, paths, unknown, pair)
        causing = later if not paths and stops(change.effects) else ()
        if address in replaced:
            causing = tuple(r for r in later if _fixed(address, r[0], pair.provider))
            fixed = [p for p in paths if _forces(address, p, pair)]
            fixed += [path for path, _ in causing]
            change = replace(change, action=Action.REPLACE, because=_tops(fixed))
        if causing and not told_alone(change.effects):
            parents[address] = tuple(dict.fromkeys(read[0] for _, read in causing))
        changes.append(change)
    began = begun(changes, parents)
    yield from (replace(c, follows=began.get(c.address, "")) for c in changes)


def _of_one(
    address: str, paths: tuple[Path, ...], unknown: tuple[Path, ...], pair: Sides
) -> ResourceChange:
    """What differs in a resource, as if nothing of it replaced the resource."""
    type_, was = _type(address), pair.was.get(address, "")
    because = _tops((*paths, *unknown))
    if not because:
        return ResourceChange(address, None, "", was=was)
    later = [argument_of(type_, path) for path in unknown]
    old, new = pair.known(address)
    does = effects(type_, old, _marked(new, unknown), later, pair.provider)
    dropped = {a for e in does if e.verdict is Verdict.IGNORED for a in e.arguments}
    left = tuple(name for name in because if name not in dropped)
    action = Action.CHANGE if left else Action.IGNORE
    return ResourceChange(address, action, "", left or because, was, does)


def _marked(thing: Any, unknown: Collection[Path], path: Path = ()) -> Any:  # noqa: ANN401 - any JSON
    """A body in which members of lists that are made anew are not taken for the old ones."""
    match thing:
        case Mapping():
            return {name: _marked(v, unknown, (*path, name)) for name, v in thing.items()}
        case list() | tuple():
            return [_marked(member, unknown, (*path, i)) for i, member in enumerate(thing)]
        case _:
            return f"{ANEW}{path[-1]}" if path in unknown and isinstance(path[-1], int) else thing


def _blocks(plan: Plan | None) -> Mapping[str, Block]:
    blocks = plan.blocks if plan is not None else ()
    return {block.address: block for block in blocks if block.mode == "managed"}


def _differing(type_: str, old: Body, new: Body, provider: Provider) -> tuple[Path, ...]:
    """The paths of the arguments that differ and that Terraform does not ignore."""
    before, after = dict(leaves(old)), dict(leaves(new))
    ignored = ignored_arguments(type_, new, provider)
    paths = dict.fromkeys((*before, *after))
    return tuple(
        path for path in paths if path[0] not in ignored and before.get(path) != after.get(path)
    )


def _shared(before: Plan, after: Plan, address: str) -> tuple[Path, ...]:
    """What differs for every resource at once: the tags of all, and the region."""
    known = schema_body(_type(address), provider=after.provider)
    tagged = known is not None and DEFAULT_TAGS in known.attributes
    tags = tagged and provider_tags(before) != provider_tags(after)
    region = before.region != after.region
    return ((DEFAULT_TAGS,),) * tags + ((REGION,),) * region


def _replaced(both: Mapping[str, tuple[Path, ...]], pair: Sides) -> frozenset[str]:
    """What is replaced, also since it stands on something that is."""
    replaced = {a for a, paths in both.items() if any(_forces(a, p, pair) for p in paths)}
    while True:
        further = {
            a
            for a in both.keys() - replaced
            if any(
                _fixed(a, path, pair.provider) and _unknown(reference, replaced, pair.new)
                for path, reference in _read(pair.new[a])
            )
        }
        if not further:
            return frozenset(replaced)
        replaced |= further


def _forces(address: str, path: Path, pair: Sides) -> bool:
    """Whether the difference at a path replaces the resource, by its values."""
    if path == (REGION,):
        return True
    type_ = _type(address)
    return replaces(type_, argument_of(type_, path), *pair.known(address), pair.provider)


def _fixed(address: str, path: Path, provider: Provider) -> bool:
    """Whether any other value at a path replaces the resource."""
    return path == (REGION,) or forces_replacement(_type(address), path, provider)


def _read(body: Body) -> Iterator[tuple[Path, tuple[str, str]]]:
    return ((path, read) for path, read in reads(body) if path[0] not in META)


def _unknown(read: tuple[str, str], replaced: set[str] | frozenset[str], new: Resources) -> bool:
    """Whether a value is only known after its resource has been made again."""
    address, attribute = read
    if address not in replaced:
        return False
    written = new[address].get(attribute)
    passed_on = (further for _, further in reads({attribute: written}))
    return written is None or any(_unknown(further, replaced, new) for further in passed_on)


def _type(address: str) -> str:
    return address.partition(".")[0]


def _tops(paths: Iterable[Path]) -> tuple[str, ...]:
    """The arguments that paths begin with, sorted."""
    return tuple(sorted({str(path[0]) for path in paths}))
