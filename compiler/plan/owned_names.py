"""The names that the resources of a plan own in AWS."""

from collections.abc import Iterator
from dataclasses import dataclass

from compiler.plan.names import Named, Scope
from compiler.plan.plan import Block, Plan, Ref


@dataclass(frozen=True, slots=True)
class OwnedName:
    """A name that a resource of a plan gets in AWS."""

    text: str
    named: Named
    block: Block
    within: str = ""
    """The VPC, by its id where it exists already; empty for all wider scopes and for a new VPC."""

    @property
    def component(self) -> str:
        """The component that it belongs to, empty for what a whole environment shares."""
        return self.block.component


def owned_names(plan: Plan) -> Iterator[OwnedName]:
    """Every name that the resources of a plan own, in the order of their addresses."""
    existing = {b.address: str(b.body.get("id", "")) for b in plan.blocks if b.mode == "data"}
    for block in plan.blocks:
        named = plan.names.get(block.type)
        if named is None or block.mode != "managed":
            continue
        text = block.body.get(named.argument)
        if isinstance(text, str):
            vpc = block.body.get("vpc_id") if named.scope is Scope.VPC else None
            within = existing.get(vpc.address, "") if isinstance(vpc, Ref) else ""
            yield OwnedName(text, named, block, within)
