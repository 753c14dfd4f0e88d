"""Two specs of an environment -> what differs: components, Terraform resources, dollars a month."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from compiler.changes.effects import Verdict
from compiler.changes.resource_changes import Action, ResourceChange, resource_changes
from compiler.changes.sentences import Downtime, downtimes
from compiler.graph.change import Change
from compiler.graph.graph import Graph
from compiler.graph.spec_changes import (
    ComponentChange,
    FieldChange,
    component_changes,
    new_names,
    setting_changes,
)
from compiler.plan.plan import Plan
from cost.bill.estimate import Estimate

# Finer than a cent: what a bill's own lines are rounded to.
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two specs, as one environment."""

    graph: Graph
    plan: Plan
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class CostChange:
    """What one component costs on both sides, in USD of the period."""

    component: str
    before_usd: Decimal | None
    """None where it is not there, or none of its lines has a price."""
    after_usd: Decimal | None

    @property
    def difference_usd(self) -> Decimal:
        """By how much the bill grows."""
        return (self.after_usd or Decimal(0)) - (self.before_usd or Decimal(0))


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs in one environment."""

    environment: str
    components: tuple[ComponentChange, ...]
    settings: tuple[FieldChange, ...]
    """What differs beside components, such as the demand of traffic."""
    resources: tuple[ResourceChange, ...]
    amounts: tuple[CostChange, ...]
    """The components whose costs differ by a cent or more, the largest difference first."""
    total: CostChange
    """The whole bills."""
    notes: tuple[str, ...]
    """What the lists do not show, a sentence each."""

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.components or self.settings or self.resources or self.amounts)

    def count(self, action: Action | None) -> int:
        """How many resources Terraform would treat so; None for those that only move."""
        return Counter(r.action for r in self.resources)[action]

    def downtime(self, *, pending: bool = False) -> Downtime:
        """How long something is down at the apply, or in the maintenance window."""
        return downtimes(((r.address, r.effects) for r in self.resources), pending=pending)


def diff(before: Side | None, after: Side | None) -> Diff:
    """What differs between the two; None is a spec without this environment."""
    old, new = (s.graph if s is not None else None for s in (before, after))
    known = after or before
    components = component_changes(old, new)
    resources = resource_changes(
        before.plan if before is not None else None, after.plan if after is not None else None
    )
    return Diff(
        known.graph.environment if known is not None else "",
        components,
        setting_changes(old, new),
        resources,
        tuple(sorted(_amounts(before, after), key=lambda a: (-abs(a.difference_usd), a.component))),
        CostChange("total", _total(before), _total(after)),
        (*_notes(before, after), *_of_changes(components, resources)),
    )


def _of_changes(
    components: Collection[ComponentChange], resources: Collection[ResourceChange]
) -> Iterator[str]:
    if any(e.verdict is Verdict.REFUSED for r in resources for e in r.effects):
        yield "The costs include what AWS refuses: they are not what would be billed."
    for kind in sorted({c.kind for c in components}):
        of_kind = [c for c in components if c.kind == kind]
        gone = [c.name for c in of_kind if c.change is Change.REMOVED]
        new = [c.name for c in of_kind if c.change is Change.ADDED]
        if len(gone) == len(new) == 1:
            yield (
                f"If `{gone[0]}` is called `{new[0]}` now, write `was: {gone[0]}` in it: then its "
                "resources stay."
            )


def _total(side: Side | None) -> Decimal | None:
    return side.estimate.total_usd if side is not None else None


def _amounts(before: Side | None, after: Side | None) -> Iterator[CostChange]:
    names = new_names(before.graph if before else None, after.graph if after else None)
    old = {names.get(n, n): usd for n, usd in _by_component(before).items()}
    new = _by_component(after)
    for name in sorted({*old, *new}):
        amount = CostChange(name, old.get(name), new.get(name))
        if abs(amount.difference_usd) >= _CENT:
            yield amount


def _by_component(side: Side | None) -> Mapping[str, Decimal]:
    return side.estimate.bill.by_component() if side is not None else {}


def _notes(before: Side | None, after: Side | None) -> Iterator[str]:
    if before is None or after is None:
        missing = "new" if before is None else "removed"
        yield f"The whole environment is {missing}."
        return
    old, new = before.plan, after.plan
    if old.region != new.region:
        yield (
            f"Terraform will look for everything only in {new.region}: first destroy the "
            f"resources in {old.region} with the old spec."
        )
    if old.state != new.state:
        yield "The state moves to another place: see `terraform init -migrate-state`."
    if old.provider < new.provider:
        yield (
            f"The AWS provider changes from {old.provider} to {new.provider}: run `terraform init "
            "-upgrade`. That alone replaces nothing."
        )
    elif old.provider > new.provider:
        yield (
            f"The AWS provider changes from {old.provider} to {new.provider}: it may refuse a "
            "state that the newer one has written."
        )
    unpriced = {line.item for s in (before, after) for line in s.estimate.bill.unpriced}
    if unpriced:
        yield f"Not included because the price is not known: {', '.join(sorted(unpriced))}."
