"""One environment's graph -> everything it becomes: blocks, meters, outputs, providers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from compiler.aws import certificates, security_groups
from compiler.graph.graph import Graph
from compiler.graph.moves import moved
from compiler.plan import names
from compiler.plan.guards import SHARED, Guards
from compiler.plan.names import Names
from compiler.plan.outputs import Tellings, outputs
from compiler.plan.overrides import apply
from compiler.plan.plan import STATE_FILE, Block, Meter, Output, Plan, StateBackend
from compiler.plan.references import addresses, references
from compiler.provider_schema.validation import check as check_plan
from compiler.provider_schema.versions import written_out
from trazo_spec.diagnostics import Diagnostic

ENVIRONMENT_WIDE: tuple[Callable[[Graph], Iterator[Block]], ...] = (
    certificates.blocks,
    security_groups.groups,
)
"""What components of several kinds share or all of them decide on together."""

LOOKED_UP = (Block("aws_caller_identity", "current", {}, mode="data"),)
"""What is looked up about the account, in environments where something asks for it."""


@dataclass(frozen=True)
class Environment:
    """An environment and what follows from it, each worked out once, when it is asked for."""

    graph: Graph

    @cached_property
    def plan(self) -> Plan:
        """Everything that it becomes; its graph has no finding of severity error."""
        return lower(self.graph)

    @cached_property
    def refused(self) -> tuple[Diagnostic, ...]:
        """Everything in the plan that Terraform or the provider would refuse."""
        return check_plan(self.plan)


def lower(graph: Graph) -> Plan:
    """Everything that an environment becomes; its graph has no finding of severity error."""
    blocks = tuple(sorted(all_blocks(graph), key=lambda block: block.address))
    spec = graph.spec
    plan = Plan(
        project=spec.name,
        environment=graph.environment,
        region=spec.region,
        state=StateBackend(
            bucket=spec.state.bucket,
            key=f"{spec.name}/{graph.environment}/{STATE_FILE}",
            region=spec.state.region or spec.region,
        ),
        blocks=blocks,
        aliases=_aliases(graph, blocks),
        outputs=(*outputs(blocks, _tellings(graph)), *_by_hand(graph)),
        moved=moved(graph, all_blocks),
        meters=tuple(all_meters(graph)),
        guards=_guards(graph),
        account=spec.account,
        names=_names(graph),
        default_tags={
            "Project": spec.name,
            "Environment": graph.environment,
            "ManagedBy": "trazo",
        },
        provider=spec.provider,
    )
    return apply(written_out(plan), spec.overrides)


def all_blocks(graph: Graph) -> Iterator[Block]:
    """Every block of an environment, in no order and before overrides."""
    blocks = [block for shared in ENVIRONMENT_WIDE for block in shared(graph)]
    for kind in graph.kinds.values():
        blocks += kind.shared_blocks(graph)
    for name, component in graph.spec.components.items():
        blocks += graph.kind(component).blocks(name, component, graph)
    yield from blocks
    asked = {address for block in blocks for address in references(block)}
    asked |= {address for output in _by_hand(graph) for address in addresses(output.value)}
    asked -= {block.address for block in blocks}
    yield from (block for block in LOOKED_UP if block.address in asked)


def _tellings(graph: Graph) -> Tellings:
    """What is printed of blocks, as all kinds say it."""
    return {type_: told for kind in graph.kinds.values() for type_, told in kind.told.items()}


def _guards(graph: Graph) -> Guards:
    """What no override may set, as all kinds say it of their resources."""
    own = (kind.guards.items() for kind in graph.kinds.values())
    return {**SHARED, **dict(chain.from_iterable(own))}


def _names(graph: Graph) -> Names:
    """The names that resources own in AWS, as all kinds say it of theirs."""
    own = (kind.names.items() for kind in graph.kinds.values())
    return {**names.SHARED, **dict(chain.from_iterable(own))}


def _by_hand(graph: Graph) -> tuple[Output, ...]:
    """What somebody has to do by hand outside of Terraform."""
    of_kinds = (output for kind in graph.kinds.values() for output in kind.outputs(graph))
    return (*certificates.outputs(graph), *of_kinds)


def all_meters(graph: Graph) -> Iterator[Meter]:
    """Every line that AWS bills for an environment, component by component."""
    for name, component in sorted(graph.spec.components.items()):
        yield from graph.kind(component).meters(name, component, graph)


def _aliases(graph: Graph, blocks: Iterable[Block]) -> Mapping[str, str]:
    """Further providers that some block asks for: alias -> region."""
    asked = {block.provider for block in blocks}
    regions = sorted({kind.certificate_region for kind in graph.kinds.values()} - {""})
    aliases = {certificates.alias_of(region): region for region in regions}
    return {alias: region for alias, region in aliases.items() if alias in asked}
