"""Rules about a VPC that is there already."""

from collections import Counter
from collections.abc import Iterator

from compiler.components.networking.subnets import zone_names
from compiler.graph.graph import Graph, Relation
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.alb import Alb
from trazo_spec.components.networking import ExistingVpc, Networking
from trazo_spec.diagnostics import Severity, SpecPath

OF_A_NEW_ONE = ("cidr", "public_subnets", "private_subnets", "s3_buckets")


@rule("TZ418", Severity.ERROR)
def subnets_of_existing_vpc(graph: Graph) -> Iterator[Finding]:
    """The subnets of an existing VPC do not match its zones, or there are none for a load balancer.

    The first subnet in each list must be in the first zone, and so on; Terraform looks up each
    subnet in its zone. An internet-facing load balancer requires public subnets.

    ```yaml
    availability_zones: [us-east-2a, us-east-2b]
    existing: {vpc: vpc-0a1b2c3d, private_subnets: [subnet-0a1b2c3d]}                    # bad
    existing: {vpc: vpc-0a1b2c3d, private_subnets: [subnet-0a1b2c3d, subnet-4e5f6a7b]}   # good
    ```
    """
    for name, network in graph.of(Networking):
        if network.existing is not None:
            path: SpecPath = ("components", name, "existing")
            yield from _counts(name, network, network.existing, path, graph)
            yield from _repeated(network.existing, path)


def _counts(
    name: str, network: Networking, existing: ExistingVpc, path: SpecPath, graph: Graph
) -> Iterator[Finding]:
    wanted = len(zone_names(network, graph.spec.region))
    zones = f"{wanted} zone{'s' * (wanted != 1)}"
    related = (("components", name, "availability_zones"),)
    for field in ("public_subnets", "private_subnets"):
        count = len(getattr(existing, field))
        if count not in (wanted, 0):
            entries = f"{count} entr{'y' if count == 1 else 'ies'}"
            message = f"`{field}` has {entries}, but `{name}` uses {zones}"
            yield Finding((*path, field), message, f"list {wanted}, one for each zone", related)
    inside = {edge.source for edge in graph.edges_to(name, Relation.RUNS_IN)}
    albs = [alb for alb, _ in graph.of(Alb) if alb in inside]
    if albs and not existing.public_subnets:
        message = (
            f"`{name}` does not list public subnets, but the load balancer `{albs[0]}` requires "
            "them"
        )
        yield Finding(path, message, "add `public_subnets`", (("components", albs[0]),))


def _repeated(existing: ExistingVpc, path: SpecPath) -> Iterator[Finding]:
    counted = Counter((*existing.public_subnets, *existing.private_subnets))
    for field in ("public_subnets", "private_subnets"):
        for i, subnet in enumerate(getattr(existing, field)):
            if counted[subnet] > 1:
                message = f"the subnet `{subnet}` is listed {counted[subnet]} times"
                yield Finding((*path, field, i), message, "list each subnet once")


@rule("TZ419", Severity.ERROR, local=True)
def settings_of_existing_vpc(graph: Graph) -> Iterator[Finding]:
    """An existing VPC is given addresses or an endpoint policy, which it already has.

    ```yaml
    {kind: networking, cidr: 10.0.0.0/16, existing: {...}}   # bad
    {kind: networking, existing: {...}}                      # good
    ```
    """
    for name, network in graph.of(Networking):
        for field in OF_A_NEW_ONE:
            if network.existing is not None and field in network.model_fields_set:
                message = f"`{name}` already exists, so trazo cannot set its `{field}`"
                path = ("components", name, field)
                yield Finding(path, message, "remove it", (("components", name, "existing"),))


RULES: tuple[Rule, ...] = (subnets_of_existing_vpc, settings_of_existing_vpc)
