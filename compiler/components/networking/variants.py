"""Other ways out of a VPC, and what each gives up."""

from collections.abc import Iterator

from compiler.graph.graph import Graph
from compiler.plan.variants import Circumstances, Variant
from trazo_spec.components.networking import Egress, Networking


def variants(
    name: str, network: Networking, _graph: Graph, circumstances: Circumstances
) -> Iterator[Variant]:
    """Endpoints instead of NAT, NAT instead of endpoints, and one NAT gateway for all zones."""
    if network.existing is not None:
        return
    nat = network.egress.nat
    if nat != "none":
        needed = circumstances.endpoints(name)
        yield _endpoints(tuple(sorted({*network.egress.endpoints, *needed})))
    elif network.egress.endpoints:
        yield Variant(
            "nat_for_endpoints",
            "one NAT gateway instead of interface endpoints",
            "tasks can reach the internet, but all of them depend on the gateway's zone",
            {"egress": Egress(nat="single")},
            less_service=True,
        )
    if nat == "per_zone":
        yield Variant(
            "single_nat",
            "one NAT gateway instead of one in each zone",
            "if its zone fails, tasks in all zones lose internet access",
            {"egress": network.egress.model_copy(update={"nat": "single"})},
            less_service=True,
        )


def _endpoints(needed: tuple[str, ...]) -> Variant:
    """No NAT, and the endpoints that tasks need then."""
    return Variant(
        "endpoints_for_nat",
        f"{len(needed)} interface endpoints instead of NAT" if needed else "no NAT",
        "tasks can reach only these AWS services, and nothing else on the internet"
        if needed
        else "there are no tasks that would use it",
        {"egress": Egress(nat="none", endpoints=needed)},
        takes_away=True,
    )
