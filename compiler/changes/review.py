"""What is wrong with a plan of Terraform: what AWS refuses, what is lost, what is interrupted."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from compiler.changes.causes import followers, interrupted, named, stopped
from compiler.changes.effects import Effect, Verdict
from compiler.changes.losses import HOLDS_DATA
from compiler.changes.planned import PlannedChange, Step, TerraformPlan
from compiler.changes.sentences import downtime_of
from compiler.graph.graph import PRODUCTION
from trazo_spec.diagnostics import Diagnostic, Severity

MAJOR_UPGRADE = "major_upgrade"
"""The case of the table that nothing takes back."""
MOST_PLACES = 10
"""Of the addresses that a finding about many names."""
_REMOVED = (Step.DESTROY, Step.REPLACE)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The addresses that a review lets pass."""

    losses: Collection[str] = ()
    interruptions: Collection[str] = ()


def production(plan: TerraformPlan) -> bool:
    """Whether users mind an outage, by the tag `Environment`."""
    return any(name.lower() in PRODUCTION for name in plan.environments)


def loss(change: PlannedChange) -> str:
    """What is lost by a change, as a clause whose subject is its address; empty for nothing."""
    if change.step in _REMOVED and change.type_ in HOLDS_DATA:
        verb = "destroyed" if change.step is Step.DESTROY else "replaced by an empty one"
        return f"would be {verb}, and everything in it would be lost"
    lost = (e.reason for e in change.effects if e.verdict is Verdict.LOSES_DATA)
    return next((f"would lose data: {_inside(reason)}" for reason in lost), "")


def interruption(change: PlannedChange, *, in_production: bool) -> Effect | None:
    """The effect that needs a written word; what waits for the maintenance window needs none.

    Args:
        change: The change.
        in_production: Whether any interruption does, or only a major upgrade.
    """
    upgrades = (e for e in change.effects if e.condition == MAJOR_UPGRADE)
    stops = (e for e in change.effects if in_production and e.downtime and not e.pending)
    return next(iter((*upgrades, *stops)), None)


def findings(
    plan: TerraformPlan, allowed: Allowed, *, in_production: bool
) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a plan, by address.

    Args:
        plan: The plan.
        allowed: What the user lets pass.
        in_production: Whether an interruption is an error.
    """
    wrong = [*_failed(plan), *_unknown(plan)]
    groups = followers(plan.changes) if in_production else {}
    for change in plan.changes:
        wrong += _refused(change)
        if words := loss(change):
            wrong += [] if change.address in allowed.losses else [_lost(change, words)]
        elif change.address not in allowed.interruptions:
            group = _not_allowed(groups.get(change.address, ()), allowed)
            wrong += _interruptions(change, group, in_production=in_production)
    return tuple(wrong)


def _not_allowed(group: Iterable[PlannedChange], allowed: Allowed) -> tuple[PlannedChange, ...]:
    may = allowed.interruptions
    return tuple(c for c in interrupted(group) if not (c.address in may or loss(c)))


def _interruptions(
    change: PlannedChange, group: tuple[PlannedChange, ...], *, in_production: bool
) -> Iterator[Diagnostic]:
    """What a change interrupts: itself, or what it takes along; what follows is told there."""
    stops = interruption(change, in_production=in_production)
    if stops is not None and (not change.follows or stops.condition == MAJOR_UPGRADE):
        yield _interrupted(change, stops, group)
    elif group:
        yield _taken_along(change, group)


def unneeded(plan: TerraformPlan, allowed: Allowed, *, in_production: bool) -> Iterator[str]:
    """The options that let nothing pass."""
    lost = {change.address for change in plan.changes if loss(change)}
    stops = [c for c in plan.changes if interruption(c, in_production=in_production)]
    may = {address for change in stops for address in (change.address, change.follows)}
    yield from (f"--allow-loss {a}" for a in allowed.losses if a not in lost)
    pointless = (a for a in allowed.interruptions if a not in may - lost)
    yield from (f"--allow-interruption {a}" for a in pointless)


def _failed(plan: TerraformPlan) -> Iterator[Diagnostic]:
    if plan.failed:
        message = "Terraform stopped with an error while it made the plan, so changes are missing"
        yield _error("TZ724", message, "correct the error and plan again")


def _refused(change: PlannedChange) -> Iterator[Diagnostic]:
    for effect in change.effects:
        if effect.verdict is Verdict.REFUSED:
            message = (
                f"AWS would refuse to change {_what(change, effect)}: {_inside(effect.reason)}"
            )
            yield _error("TZ720", message, effect.advice, change.address)


def _lost(change: PlannedChange, words: str) -> Diagnostic:
    advice = f"keep it as it was, or allow it with --allow-loss {change.address}"
    return _error("TZ721", f"`{change.address}` {words}", advice, change.address)


def _interrupted(
    change: PlannedChange, effect: Effect, group: tuple[PlannedChange, ...]
) -> Diagnostic:
    upgraded = effect.condition == MAJOR_UPGRADE
    says = "upgrade a database, which nothing takes back" if upgraded else "interrupt production"
    message = f"a change of {_what(change, effect)} would {says}; {downtime_of(effect)}"
    message += f"; {named(group)} would go down with it" if group else ""
    return _error("TZ722", message, _allow(change), change.address)


def _taken_along(change: PlannedChange, group: tuple[PlannedChange, ...]) -> Diagnostic:
    message = (
        f"a replacement of `{change.address}` would interrupt production: it takes along "
        f"{named(group)}; {stopped(group)}"
    )
    return _error("TZ722", message, _allow(change), change.address)


def _allow(change: PlannedChange) -> str:
    return f"allow it with --allow-interruption {change.address}, or keep it as it was"


def _unknown(plan: TerraformPlan) -> Iterator[Diagnostic]:
    """One warning for each type that the table does not have and that does not stay as it is."""
    steps = (Step.CHANGE, *_REMOVED)
    changes = [c for c in plan.changes if not c.listed and c.step in steps]
    for type_ in sorted({c.type_ for c in changes}):
        addresses = [c.address for c in changes if c.type_ == type_]
        more = f" and {len(addresses) - 1} more" if len(addresses) > 1 else ""
        yield Diagnostic(
            "TZ723",
            Severity.WARNING,
            f"trazo does not know what a change of `{type_}` does: `{addresses[0]}`{more}",
            tuple(addresses[:MOST_PLACES]),
            help="read the plan, and what the service's documentation says of the arguments",
        )


def _what(change: PlannedChange, effect: Effect) -> str:
    arguments = ", ".join(f"`{argument}`" for argument in effect.arguments)
    return f"{arguments} of `{change.address}`" if arguments else f"`{change.address}`"


def _inside(reason: str) -> str:
    """A sentence in the middle of another one; a name such as AWS keeps its capitals."""
    return reason if reason[1:2].isupper() else f"{reason[:1].lower()}{reason[1:]}"


def _error(code: str, message: str, advice: str, *addresses: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, addresses, help=advice)
