"""What AWS does when an argument of a standing resource changes: refuse, replace, interrupt, wait.

The rows are in `effects.csv`, each with the page that says so. It works on what a plan renders and
on `before` and `after` of `terraform show -json` alike.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from compiler.changes.conditions import CONDITIONS
from compiler.changes.edit import Edit, leaves
from compiler.provider_schema.replaced import forces_replacement
from compiler.provider_schema.schema import Attribute, Nested, body
from trazo_spec.base import Provider

Body: TypeAlias = Mapping[str, Any]

# What Terraform itself reads and no provider ever sees.
# Source: https://developer.hashicorp.com/terraform/language/meta-arguments
META = ("connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner")
PROVIDER = "https://github.com/hashicorp/terraform-provider-aws/tree/v5.100.0"
"""Where it can be seen what the provider replaces: it was asked itself."""
EVERY_TYPE = "*"
WINDOWED = ("aws_db_instance", "aws_elasticache_replication_group")
"""The types that may wait for their maintenance window."""


class Verdict(StrEnum):
    """What a change does, the worst first."""

    REFUSED = "refused"
    LOSES_DATA = "loses_data"
    REPLACES = "replaces"
    INTERRUPTS = "interrupts"
    MAY_BE_REFUSED = "may_be_refused"
    PENDING = "pending"
    """Not yet: in the maintenance window, or when somebody reboots it."""
    IGNORED = "ignored"
    """The provider drops the change and says nothing."""
    NEW_TASKS_ONLY = "new_tasks_only"
    UNKNOWN = "unknown"
    """Updated in place, as far as the provider says; what AWS does is not in the table."""
    IN_PLACE = "in_place"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of some arguments of one resource does."""

    arguments: tuple[str, ...]
    """Their paths without positions, such as `rule.expiration.days`."""
    verdict: Verdict
    reason: str
    """A sentence without its full stop; empty where there is nothing to say."""
    source: str
    """The page that says so."""
    condition: str = ""
    """The row's name of the case, such as `major_upgrade`; empty for any change."""
    downtime: bool = False
    """Whether something does not serve while it happens."""
    minutes: tuple[float, float] | None = None
    """How long, from and to, where AWS publishes a figure; None is unknown or no downtime."""
    depends_on: str = ""
    """What a duration depends on."""
    pending: bool = False
    """Whether it waits for the maintenance window."""
    advice: str = ""
    """What to do instead, or first."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: one kind of change of one or more arguments of a type."""

    type_: str
    arguments: tuple[str, ...]
    condition: str
    effect: Effect
    waits: bool
    """Whether it waits for the maintenance window where it is not applied at once."""


def effects(
    type_: str, before: Body, after: Body, unknown: Iterable[str] = (), provider: Provider = 5
) -> tuple[Effect, ...]:
    """What the differences between two bodies of one resource do, the worst first.

    Args:
        type_: The resource's type, such as `aws_db_instance`.
        before: Its arguments as they are; computed attributes beside them do not matter.
        after: Its arguments as they will be, without those that are not known yet.
        unknown: The arguments that are only known after something else has been made again.
        provider: The provider's major version that plans it.
    """
    arguments: dict[Row, list[str]] = {}
    for argument in sorted({*changed_arguments(type_, before, after, provider), *unknown}):
        for row in _rows_for(type_, Edit(argument, before, after), provider):
            arguments.setdefault(row, []).append(argument)
    at_once = type_ not in WINDOWED or after.get("apply_immediately") is True
    chosen = [_effect(row, named, at_once=at_once) for row, named in arguments.items()]
    if any(effect.verdict is Verdict.REPLACES for effect in chosen):
        # What is made anew does not change in place beside that.
        chosen = [effect for effect in chosen if effect.verdict in _OF_REPLACED]
    return tuple(sorted(chosen, key=lambda e: (list(Verdict).index(e.verdict), e.arguments)))


_OF_REPLACED = (Verdict.LOSES_DATA, Verdict.REPLACES)


def stops(effects_: Iterable[Effect]) -> bool:
    """Whether something does not serve while these happen at the apply."""
    return any(effect.downtime and not effect.pending for effect in effects_)


def changed_arguments(
    type_: str, before: Body, after: Body, provider: Provider = 5
) -> tuple[str, ...]:
    """The arguments that differ, as paths without positions; null and an empty list are not set."""
    known = body(type_, provider=provider)
    old, new = ({p: v for p, v in leaves(side) if v is not None} for side in (before, after))
    ignored = ignored_arguments(type_, after)
    paths = [p for p in dict.fromkeys((*old, *new)) if old.get(p) != new.get(p)]
    paths = [p for p in paths if p[0] not in ignored]
    if known is not None:
        paths = [p for p in paths if _settable(known.attributes.get(str(p[0])))]
    return tuple(sorted({argument_of(type_, path) for path in paths}))


def ignored_arguments(type_: str, after: Body, provider: Provider = 5) -> frozenset[str]:
    """What Terraform never sees differ: its own arguments, write-only ones and those told to it."""
    known = body(type_, provider=provider)
    attributes = known.attributes if known is not None else {}
    write_only = (name for name, attribute in attributes.items() if attribute.write_only)
    requested = after.get("lifecycle", {}).get("ignore_changes", ())
    return frozenset((*META, *write_only, *requested))


def table() -> Sequence[Row]:
    """Every row, as shipped."""
    return [row for rows in _table().values() for row in rows]


def rows_of(type_: str, argument: str) -> tuple[Row, ...]:
    """The rows of one argument, in any of its conditions."""
    everywhere = (r for r in _table().get(EVERY_TYPE, ()) if argument in r.arguments)
    return (*(r for r in _table().get(type_, ()) if argument in r.arguments), *everywhere)


def replaces(type_: str, argument: str, before: Body, after: Body, provider: Provider = 5) -> bool:
    """Whether this change of an argument replaces the resource, by these values."""
    edit = Edit(argument, before, after)
    rows = [r for r in rows_of(type_, argument) if r.effect.verdict is Verdict.REPLACES]
    conditional = [row for row in rows if row.condition]
    if len(conditional) == 0 or len(conditional) < len(rows):
        return forces_replacement(type_, argument.split("."), provider)
    return any(CONDITIONS[row.condition](edit) for row in conditional)


def _settable(attribute: Attribute | Nested | None) -> bool:
    return not isinstance(attribute, Attribute) or attribute.settable


def argument_of(type_: str, path: Sequence[str | int]) -> str:
    """The longest part of a path that has a row: keys of maps are not arguments."""
    steps = [step for step in path if isinstance(step, str)]
    parts = [".".join(steps[:end]) for end in range(len(steps), 0, -1)]
    return next((part for part in parts if rows_of(type_, part)), parts[0])


def _rows_for(type_: str, edit: Edit, provider: Provider) -> Iterator[Row]:
    """The rows whose condition holds, else those of any change, else what is not in the table."""
    rows = rows_of(type_, edit.argument)
    chosen = [row for row in rows if row.condition and CONDITIONS[row.condition](edit)]
    plain = [row for row in rows if not row.condition]
    yield from chosen or plain or [_unlisted(type_, edit.argument, provider)]


def _unlisted(type_: str, argument: str, provider: Provider) -> Row:
    replaced = forces_replacement(type_, argument.split("."), provider)
    verdict = Verdict.REPLACES if replaced else Verdict.UNKNOWN
    effect = Effect((), verdict, "", PROVIDER, downtime=replaced, depends_on=_REMADE * replaced)
    return Row(type_, (argument,), "", effect, waits=False)


_REMADE = "delete and create, for which AWS publishes no figure"


def _effect(row: Row, arguments: Sequence[str], *, at_once: bool) -> Effect:
    postponed = row.waits and not at_once
    verdict = row.effect.verdict
    if postponed and verdict in (Verdict.INTERRUPTS, Verdict.IN_PLACE):
        verdict = Verdict.PENDING
    return replace(row.effect, arguments=tuple(arguments), verdict=verdict, pending=postponed)


@cache
def _table() -> Mapping[str, tuple[Row, ...]]:
    """The rows by type."""
    rows: dict[str, list[Row]] = {}
    with Path(__file__).with_name("effects.csv").open(encoding="utf-8", newline="") as file:
        for fields in csv.DictReader(file):
            rows.setdefault(fields["type"], []).append(_row(fields))
    return {type_: tuple(listed) for type_, listed in rows.items()}


def _row(fields: Mapping[str, str]) -> Row:
    verdict, depends_on = Verdict(fields["effect"]), fields["depends_on"]
    low, high = fields["minutes_low"], fields["minutes_high"]
    remade = verdict is Verdict.REPLACES and bool(depends_on)
    effect = Effect(
        (),
        verdict,
        fields["note"],
        fields["source"],
        fields["condition"],
        downtime=verdict is Verdict.INTERRUPTS or remade,
        minutes=(float(low), float(high)) if low else None,
        depends_on=depends_on,
        advice=fields["advice"],
    )
    arguments = tuple(fields["arguments"].split())
    return Row(fields["type"], arguments, fields["condition"], effect, fields["waits"] == "yes")
