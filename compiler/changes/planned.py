"""What a plan of Terraform does to each resource, by the table of changes.

A plan holds secrets in clear text: nothing of its values is kept, but the name of the environment
in the tags.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from compiler.changes.causes import begun, told_alone
from compiler.changes.edit import Path, leaves
from compiler.changes.effects import Effect, Verdict, argument_of, effects, stops, table
from compiler.changes.plan_json import (
    NO_OP,
    Entry,
    Place,
    Written,
    address_in,
    arguments_set,
    entries_in,
    inner_of,
    inside_module,
    object_in,
    objects_in,
    plan_document,
    text_in,
)
from compiler.provider_schema.replaced import forces_replacement
from compiler.provider_schema.schema import Attribute, body


class Step(StrEnum):
    """What Terraform does with a resource."""

    CREATE = "create"
    CHANGE = "change"
    REPLACE = "replace"
    DESTROY = "destroy"
    MOVE = "move"
    """It only gets another address."""
    IMPORT = "import"
    """What exists in AWS is managed from now on, and stays as it is."""
    FORGET = "forget"
    """It is not managed any more, and stays in AWS."""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A resource that does not stay as it is."""

    address: str
    type_: str
    step: Step
    because: tuple[str, ...] = ()
    """The arguments that differ; for a replacement, those that cannot change in place."""
    effects: tuple[Effect, ...] = ()
    """What a change or a replacement does, the worst first."""
    was: str = ""
    """The address before, where it moves."""
    note: str = ""
    """What else the plan says of it, such as why it is replaced."""
    follows: str = ""
    """The address whose replacement takes it along; empty where it changes for its own reason."""

    @property
    def listed(self) -> bool:
        """Whether the table of changes knows the type."""
        return body(self.type_) is not None


@dataclass(frozen=True, slots=True)
class TerraformPlan:
    """What an apply would do."""

    changes: tuple[PlannedChange, ...]
    """By address."""
    terraform: str
    """The version of Terraform that made it."""
    environments: tuple[str, ...]
    """The values of the tag `Environment`, as far as they look like a name."""
    drifted: tuple[str, ...]
    """The addresses of what was changed in AWS without Terraform."""
    deferred: tuple[str, ...]
    """The addresses of what Terraform plans later, once more is known."""
    failed: bool
    """Whether Terraform stopped with an error while it planned."""

    def count(self, step: Step) -> int:
        """How many resources are treated so."""
        return sum(change.step is step for change in self.changes)


def read_plan(content: bytes) -> TerraformPlan:
    """What a plan does to each resource.

    Args:
        content: What `terraform show -json PLAN` prints.

    Raises:
        PlanError: It is something else, or too large.
    """
    document = plan_document(content)
    configured = arguments_set(document)
    entries = [*entries_in(document, "resource_changes")]
    gone = {str(e.before.get("id")) for e in entries if "delete" in e.actions}
    managed = (_with_members(e, gone) for e in entries if e.mode == "managed")
    changes = (_change(e, configured.get(e.place)) for e in managed)
    done = sorted(filter(None, changes), key=lambda change: (change.address, change.note))
    began = begun(done, _parents(entries, done, configured))
    deferred = (
        address_in(object_in(e, "resource_change"), "deferred_changes")
        for e in objects_in(document, "deferred_changes")
    )
    drifted = (e for e in entries_in(document, "resource_drift") if e.actions != NO_OP)
    return TerraformPlan(
        tuple(replace(change, follows=began.get(change.address, "")) for change in done),
        text_in(document, "terraform_version"),
        _environments(entries),
        tuple(sorted({e.address for e in drifted if e.mode == "managed"})),
        tuple(sorted({*deferred})),
        document.get("errored") is True,
    )


_STEPS: Mapping[tuple[str, ...], Step] = {
    ("create",): Step.CREATE,
    ("update",): Step.CHANGE,
    ("delete",): Step.DESTROY,
    ("delete", "create"): Step.REPLACE,
    ("create", "delete"): Step.REPLACE,
    ("create", "forget"): Step.REPLACE,
    ("forget",): Step.FORGET,
}
_REASONS: Mapping[str, str] = {
    "replace_because_tainted": "tainted",
    "replace_by_request": "requested with `-replace`",
    "replace_by_triggers": "requested by `replace_triggered_by`",
    "delete_because_no_resource_config": "not in the configuration",
    "delete_because_no_module": "not in the configuration",
    "delete_because_wrong_repetition": "not in `count` or `for_each`",
    "delete_because_count_index": "not in `count` or `for_each`",
    "delete_because_each_key": "not in `count` or `for_each`",
    "delete_because_no_move_target": "its `moved` block has no target",
}
"""What Terraform calls a reason that is not a change of an argument.

Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""
_FOLLOWS: Mapping[str, str] = {"subnet_mapping": "subnets", "tags_all": "tags"}
"""What the provider works out, and of which argument."""
_TAGS = "tags_all"


def _parents(
    entries: Collection[Entry],
    changes: Collection[PlannedChange],
    configured: Mapping[Place, Written],
) -> Mapping[str, tuple[str, ...]]:
    """For each address that changes only because others are replaced, those."""
    replaced = {c.address for c in changes if c.step is Step.REPLACE}
    # Of a resource with several instances, the first one answers for all.
    first: dict[str, str] = {}
    for address in sorted(replaced):
        modules, name, _ = inside_module(address)
        first.setdefault(modules + name, address)
    by_address = {c.address: c for c in changes if not told_alone(c.effects)}
    parents = {}
    for entry in entries:
        change = by_address.get(entry.address)
        if change is None or entry.deposed:
            continue
        causing = _causing(entry, change)
        modules, _, key = inside_module(entry.address)
        read = {r for name in causing for r in configured.get(entry.place, {}).get(name, ())}
        wanted = sorted(f"{modules}{type_}.{name}" for type_, name in read)
        known = (one + key if one + key in replaced else first.get(one) for one in wanted)
        if begins := tuple(address for address in known if address):
            parents[entry.address] = begins
    return parents


def _causing(entry: Entry, change: PlannedChange) -> set[str]:
    """The arguments that are not known yet and why it is replaced; all of them, where it stops."""
    later = {str(path[0]) for path in _later(entry)}
    if change.step is Step.REPLACE:
        return later & {str(path[0]) for path in entry.replace_paths}
    only = change.step is Step.CHANGE and later >= set(change.because) and stops(change.effects)
    return set(change.because) if only else set()


def _change(entry: Entry, configured: Collection[str] | None) -> PlannedChange | None:
    """What happens to a resource, or nothing where it stays as it is."""
    step = _STEPS.get(entry.actions) or _kept(entry)
    if step is None:
        return None
    change = PlannedChange(entry.address, entry.type_, step, was=entry.was, note=_note(entry, step))
    if step not in (Step.CHANGE, Step.REPLACE):
        return change
    told = _told(entry, configured)
    if step is Step.REPLACE:
        because = {str(path[0]) for path in entry.replace_paths}
        return replace(change, because=tuple(sorted(because)), effects=_of_replacement(told))
    return replace(change, because=_because(told), effects=_of_update(told))


def _with_members(entry: Entry, gone: Collection[str]) -> Entry:
    """The same with what is known of lists that Terraform calls unknown: which members stay.

    Args:
        entry: What happens to a resource.
        gone: The ids of what is destroyed or made anew.
    """
    lists = {
        name: [None if str(member) in gone else member for member in entry.before[name]]
        for name, unknown in entry.unknown.items()
        if unknown is True and isinstance(entry.before.get(name), list)
    }
    known = {name: members for name, members in lists.items() if None in members}
    return replace(entry, after={**known, **entry.after})


def _kept(entry: Entry) -> Step | None:
    if entry.actions != NO_OP:
        return None
    return Step.IMPORT if entry.imported else Step.MOVE if entry.was else None


def _note(entry: Entry, step: Step) -> str:
    parts = [
        "imported" if entry.imported and step is not Step.IMPORT else "",
        "left over from an earlier replacement" if entry.deposed else "",
        "stays in AWS" if step is Step.FORGET else "",
        "" if entry.deposed or step is Step.FORGET else _REASONS.get(entry.reason, ""),
    ]
    return "; ".join(filter(None, parts))


def _told(entry: Entry, configured: Collection[str] | None) -> Entry:
    """The same without what only the provider fills in: it differs because something else does."""
    kept = {name for name in entry.unknown if _filled_in(entry.type_, name, configured)}
    kept = {name for name in kept if entry.unknown[name] is True} | _spelt_anew(entry)
    differing = {*entry.before, *entry.after} - kept
    differing = {n for n in differing if entry.before.get(n) != entry.after.get(n)}
    kept |= {name for name, origin in _FOLLOWS.items() if origin in differing}
    same = {name: entry.before.get(name) for name in kept}
    unknown = {name: value for name, value in entry.unknown.items() if name not in kept}
    return replace(entry, after={**entry.after, **same}, unknown=unknown)


def _spelt_anew(entry: Entry) -> set[str]:
    """What would replace a resource, and is not why it is replaced: AWS only writes it otherwise.

    It answers `6` for `tcp`, and an empty text for nothing.
    """
    because = {str(path[0]) for path in entry.replace_paths}
    names = {*entry.before, *entry.after, *entry.unknown} - because if because else set()
    return {name for name in names if forces_replacement(entry.type_, (name,))}


def _filled_in(type_: str, name: str, configured: Collection[str] | None) -> bool:
    """Whether an argument that is not known yet comes from AWS and not from the configuration."""
    known = body(type_)
    attribute = known.attributes.get(name) if known is not None else None
    if isinstance(attribute, Attribute):
        return attribute.computed and not (configured and name in configured)
    return configured is not None and name not in configured


def _because(entry: Entry) -> tuple[str, ...]:
    """The arguments that differ or will."""
    known = body(entry.type_)
    names = {*entry.before, *entry.after, *(str(path[0]) for path in _later(entry))}
    if known is not None:
        names = {n for n in names if _settable(known.attributes.get(n))}
    later = {str(path[0]) for path in _later(entry)}
    return tuple(
        sorted(n for n in names if n in later or entry.before.get(n) != entry.after.get(n))
    )


def _settable(attribute: Attribute | None) -> bool:
    return attribute is None or attribute.settable


def _later(entry: Entry) -> list[Path]:
    """The paths of what is only known after something else was made."""
    return [path for path, value in leaves(entry.unknown) if value is True and path]


def _effects(entry: Entry) -> tuple[Effect, ...]:
    known = body(entry.type_)
    later = [p for p in _later(entry) if known is None or _settable_path(entry.type_, p)]
    # The tags of all resources change in place, and are not an argument.
    after = {**entry.after, _TAGS: entry.before.get(_TAGS)}
    unknown = {argument_of(entry.type_, path) for path in later if path[0] != _TAGS}
    return effects(entry.type_, entry.before, after, unknown)


def _settable_path(type_: str, path: Path) -> bool:
    known = body(type_)
    return known is None or _settable(known.attributes.get(str(path[0])))


def _of_update(entry: Entry) -> tuple[Effect, ...]:
    """What an update does: another version of the provider may change in place what ours cannot."""
    return tuple(
        replace(e, verdict=Verdict.UNKNOWN, reason="", downtime=False, depends_on="", advice="")
        if e.verdict is Verdict.REPLACES
        else e
        for e in _effects(entry)
    )


def _of_replacement(entry: Entry) -> tuple[Effect, ...]:
    """What a replacement does, also one for a reason that the table does not have."""
    because = {argument_of(entry.type_, path) for path in entry.replace_paths}
    forced = (_forced(effect, because) for effect in _effects(entry))
    left = [effect for effect in forced if effect.arguments]
    if any(effect.verdict in _REMADE for effect in left):
        return tuple(left)
    return (replace(_remade(entry.type_), arguments=tuple(sorted(because))), *left)


def _forced(effect: Effect, because: Collection[str]) -> Effect:
    """An effect without the arguments that would replace a resource, and are not why it is."""
    if effect.verdict is not Verdict.REPLACES or not because:
        return effect
    return replace(effect, arguments=tuple(a for a in effect.arguments if a in because))


_REMADE = (Verdict.REPLACES, Verdict.NEW_TASKS_ONLY)
"""What the table says of arguments that the provider cannot change in place."""


def _remade(type_: str) -> Effect:
    """What any replacement of a type does."""
    rows = (r.effect for r in table() if r.type_ == type_ and not r.condition)
    return next((effect for effect in rows if effect.verdict in _REMADE), _MADE_ANEW)


_MADE_ANEW = Effect(
    (),
    Verdict.REPLACES,
    "It is destroyed and created again",
    "https://developer.hashicorp.com/terraform/language/resources/behavior",
    downtime=True,
    depends_on="delete and create, for which AWS publishes no figure",
)


# Where it happens

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")


def _environments(entries: Collection[Entry]) -> tuple[str, ...]:
    tags = (inner_of(side, _TAGS) for e in entries for side in (e.before, e.after))
    values = {value for each in tags for key, value in each.items() if key.lower() == "environment"}
    return tuple(sorted(v for v in values if isinstance(v, str) and _NAME.fullmatch(v)))
