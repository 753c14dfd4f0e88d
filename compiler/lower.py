"""One environment's graph -> everything it becomes: blocks, meters, outputs, providers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from compiler.aws import certificates, security_groups
from compiler.components import (
    alb,
    cloudfront,
    dns,
    ecs,
    iam,
    networking,
    rds,
    redis,
    s3,
    security,
)
from compiler.graph.graph import Graph
from compiler.graph.moves import moved
from compiler.plan.outputs import outputs
from compiler.plan.overrides import apply
from compiler.plan.plan import STATE_FILE, Assumption, Block, Meter, Output, Plan, StateBackend
from compiler.plan.references import addresses, references


class Lowering(Protocol):
    """What every module of `compiler/components/` offers."""

    ICON: str
    """The class of the icon, its path below the package `diagrams`."""
    USAGE: Mapping[str, Assumption]
    """The use per month that this kind is billed by, by the field names of `Usage`."""

    def blocks(self, name: str, component: Any, graph: Graph, /) -> Iterator[Block]:  # noqa: ANN401 - each takes its own kind
        """What a component becomes in Terraform."""
        ...

    def meters(self, name: str, component: Any, graph: Graph, /) -> Iterator[Meter]:  # noqa: ANN401 - the same
        """What AWS bills for a component."""
        ...


LOWERINGS: Mapping[str, Lowering] = {
    "alb": alb,
    "cloudfront": cloudfront,
    "dns": dns,
    "ecs": ecs,
    "iam": iam,
    "networking": networking,
    "rds": rds,
    "redis": redis,
    "s3": s3,
    "security": security,
}
"""Every kind by the name that a spec uses."""

ENVIRONMENT_WIDE: tuple[Callable[[Graph], Iterator[Block]], ...] = (
    certificates.blocks,
    ecs.cluster,
    iam.roles,
    security_groups.groups,
)
"""What several components share or all of them decide on together."""

LOOKED_UP = (Block("aws_caller_identity", "current", {}, mode="data"),)
"""What is looked up about the account, in environments where something asks for it."""

ALIAS_REGIONS: Mapping[str, str] = {certificates.CLOUDFRONT_ALIAS: certificates.CLOUDFRONT_REGION}
"""Further providers: alias -> region."""


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
        aliases={a: region for a, region in ALIAS_REGIONS.items() if _used(a, blocks)},
        outputs=(*outputs(blocks), *_by_hand(graph)),
        moved=moved(graph, all_blocks),
        meters=tuple(all_meters(graph)),
        usage={name: LOWERINGS[c.kind].USAGE for name, c in spec.components.items()},
        default_tags={
            "Project": spec.name,
            "Environment": graph.environment,
            "ManagedBy": "trazo",
        },
    )
    return apply(plan, spec.overrides)


def all_blocks(graph: Graph) -> Iterator[Block]:
    """Every block of an environment, in no order and before overrides."""
    blocks = [block for shared in ENVIRONMENT_WIDE for block in shared(graph)]
    for name, component in graph.spec.components.items():
        blocks += LOWERINGS[component.kind].blocks(name, component, graph)
    yield from blocks
    asked = {address for block in blocks for address in references(block)}
    asked |= {address for output in _by_hand(graph) for address in addresses(output.value)}
    asked -= {block.address for block in blocks}
    yield from (block for block in LOOKED_UP if block.address in asked)


def _by_hand(graph: Graph) -> tuple[Output, ...]:
    """What somebody has to do by hand outside of Terraform."""
    return (*certificates.outputs(graph), *s3.outputs(graph))


def all_meters(graph: Graph) -> Iterator[Meter]:
    """Every line that AWS bills for an environment, component by component."""
    for name, component in sorted(graph.spec.components.items()):
        yield from LOWERINGS[component.kind].meters(name, component, graph)


def _used(alias: str, blocks: Iterable[Block]) -> bool:
    return any(block.provider == alias for block in blocks)
