"""Two plans -> what Terraform would create, change, replace and destroy, and why.

It is worked out from the plans alone, without Terraform and without AWS: it takes for granted that
what stands is what the first plan says.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from compiler.backends.terraform.document import document, provider_tags
from compiler.plan.plan import Block, Plan
from compiler.provider_schema.replaced import forces_replacement
from compiler.provider_schema.schema import body as schema_body
from compiler.provider_schema.versions import alike
from trazo_spec.base import Provider

Path: TypeAlias = tuple[str | int, ...]
Body: TypeAlias = Mapping[str, Any]
Resources: TypeAlias = Mapping[str, Body]
"""Bodies by address, as the backend renders them."""

# What Terraform itself reads and no provider ever sees.
# Source: https://developer.hashicorp.com/terraform/language/meta-arguments
META = ("connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner")
DEFAULT_TAGS = "tags_all"
REGION = "region"


class Action(StrEnum):
    """What Terraform would do with a resource."""

    CREATE = "create"
    CHANGE = "change"
    REPLACE = "replace"
    DESTROY = "destroy"


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


def resource_changes(before: Plan | None, after: Plan | None) -> tuple[ResourceChange, ...]:
    """Every resource that Terraform would touch, by address; None is a plan that is not there."""
    both = alike(before, after), alike(after, before)
    return tuple(sorted(_changes(*both), key=lambda change: change.address))


def _changes(before: Plan | None, after: Plan | None) -> Iterator[ResourceChange]:
    old_blocks, new_blocks = _blocks(before), _blocks(after)
    moves = _moves(old_blocks, new_blocks, after)
    known_as = {**moves, **_looked_up(before, after, moves)}
    old = {moves.get(a, a): b for a, b in _resources(before, known_as).items()}
    new = _resources(after, {})
    was = {target: source for source, target in moves.items()}
    for address in sorted(new.keys() - old.keys()):
        yield ResourceChange(address, Action.CREATE, new_blocks[address].component)
    for address in sorted(old.keys() - new.keys()):
        yield ResourceChange(address, Action.DESTROY, old_blocks[address].component)
    if before is None or after is None:
        return
    both = {
        a: (*_differing(_type(a), old[a], new[a], after.provider), *_shared(before, after, a))
        for a in sorted(old.keys() & new.keys())
    }
    replaced = _replaced(both, new, after.provider)
    for address, arguments in both.items():
        unknown = [n for n, reference in _reads(new[address]) if _unknown(reference, replaced, new)]
        because = sorted({*map(_top, arguments), *map(_top, unknown)})
        if address in replaced:
            fixed = [p for p in (*arguments, *unknown) if _fixed(address, p, after.provider)]
            because = sorted(set(map(_top, fixed)))
        action = Action.REPLACE if address in replaced else Action.CHANGE if because else None
        if action is not None or address in was:
            component = new_blocks[address].component
            yield ResourceChange(address, action, component, tuple(because), was.get(address, ""))


def _blocks(plan: Plan | None) -> Mapping[str, Block]:
    blocks = plan.blocks if plan is not None else ()
    return {block.address: block for block in blocks if block.mode == "managed"}


def _moves(
    old: Mapping[str, Block], new: Mapping[str, Block], after: Plan | None
) -> Mapping[str, str]:
    """Old address -> new address of what is there and moves."""
    steps = {m.source: m.target for m in after.moved} if after is not None else {}
    moves = {}
    for address in steps.keys() & old.keys():
        target = steps[address]
        while target not in new and target in steps:
            target = steps[target]
        if target in new:
            moves[address] = target
    return moves


def _looked_up(
    before: Plan | None, after: Plan | None, moves: Mapping[str, str]
) -> Mapping[str, str]:
    """Old address -> new address of what is only looked up, and goes by another name now."""
    new, old = dict(_data(after, {})), dict(_data(before, moves))
    by_text = {text: address for address, text in new.items()}
    renamed = ((address, text) for address, text in old.items() if new.get(address) != text)
    return {address: by_text[text] for address, text in renamed if text in by_text}


def _data(plan: Plan | None, moves: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every data source as its address and a text of its type and arguments."""
    rendered = document(plan).get("data", {}) if plan is not None else {}
    for kind, named in rendered.items():
        for name, body in named.items():
            text = json.dumps([kind, _readdressed(body, moves)], sort_keys=True)
            yield f"data.{kind}.{name}", text


def _resources(plan: Plan | None, known_as: Mapping[str, str]) -> Resources:
    """Every managed resource with its arguments, other resources called by their new addresses."""
    if plan is None:
        return {}
    rendered = document(plan).get("resource", {})
    return {
        f"{kind}.{name}": _readdressed(body, known_as)
        for kind, named in rendered.items()
        for name, body in named.items()
    }


# What a reference begins with; two resources may swap their names, so all change at once.
_ADDRESS = re.compile(r"\b(?:data\.)?aws_\w+\.[\w-]+")


def _readdressed(value: Any, known_as: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    match value:
        case Mapping():
            return {name: _readdressed(inner, known_as) for name, inner in value.items()}
        case list() | tuple():
            return [_readdressed(inner, known_as) for inner in value]
        case str() if "${" in value:
            return _ADDRESS.sub(lambda match: known_as.get(match[0], match[0]), value)
        case _:
            return value


def _write_only(type_: str, provider: Provider) -> Iterator[str]:
    """Arguments that no state keeps, so that Terraform never sees them differ."""
    known = schema_body(type_, provider=provider)
    if known is not None:
        yield from (name for name, a in known.attributes.items() if a.write_only)


def _differing(type_: str, old: Body, new: Body, provider: Provider) -> tuple[Path, ...]:
    """The paths of the arguments that differ and that Terraform does not ignore."""
    before, after = dict(_leaves(old)), dict(_leaves(new))
    ignored = {
        *META,
        *_write_only(type_, provider),
        *new.get("lifecycle", {}).get("ignore_changes", ()),
    }
    paths = dict.fromkeys((*before, *after))
    return tuple(
        path for path in paths if path[0] not in ignored and before.get(path) != after.get(path)
    )


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 - any JSON
    match value:
        case Mapping():
            for name, inner in value.items():
                yield from _leaves(inner, (*path, name))
        case list() | tuple():
            for i, inner in enumerate(value):
                yield from _leaves(inner, (*path, i))
        case _:
            yield path, value


def _shared(before: Plan, after: Plan, address: str) -> tuple[Path, ...]:
    """What differs for every resource at once: the tags of all, and the region."""
    known = schema_body(_type(address), provider=after.provider)
    tagged = known is not None and DEFAULT_TAGS in known.attributes
    tags = tagged and provider_tags(before) != provider_tags(after)
    region = before.region != after.region
    return ((DEFAULT_TAGS,),) * tags + ((REGION,),) * region


def _replaced(
    both: Mapping[str, tuple[Path, ...]], new: Resources, provider: Provider
) -> frozenset[str]:
    """What is replaced, also since it stands on something that is."""
    replaced = {a for a, paths in both.items() if any(_fixed(a, p, provider) for p in paths)}
    while True:
        further = {
            a
            for a in both.keys() - replaced
            if any(
                _fixed(a, path, provider) and _unknown(reference, replaced, new)
                for path, reference in _reads(new[a])
            )
        }
        if not further:
            return frozenset(replaced)
        replaced |= further


def _fixed(address: str, path: Path, provider: Provider) -> bool:
    return path == (REGION,) or forces_replacement(_type(address), path, provider)


# An address and an attribute of it, in what Terraform evaluates.
_READ = re.compile(r"(?<!data\.)\b(aws_\w+\.[\w-]+)(?:\[[^\]]*\])?\.(\w+)")


def _reads(body: Body) -> Iterator[tuple[Path, tuple[str, str]]]:
    """Each argument that reads another resource, with that one's address and attribute."""
    for path, value in _leaves(body):
        if path[0] not in META and isinstance(value, str) and "${" in value:
            for match in _READ.finditer(value):
                yield path, (match[1], match[2])


def _unknown(read: tuple[str, str], replaced: set[str] | frozenset[str], new: Resources) -> bool:
    """Whether a value is only known after its resource has been made again."""
    address, attribute = read
    return address in replaced and attribute not in new[address]


def _type(address: str) -> str:
    return address.partition(".")[0]


def _top(path: Path) -> str:
    return str(path[0])
