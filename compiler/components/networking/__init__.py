"""What a VPC becomes, what is billed for it, its icon and card, and when it is implied."""

from collections.abc import Iterator

from compiler.aws.lists import ZONE_LETTERS, regions, zones
from compiler.components.networking.blocks import blocks
from compiler.components.networking.card import card
from compiler.components.networking.egress import exits
from compiler.components.networking.firewall import groups, ways_out
from compiler.components.networking.guards import GUARDS
from compiler.components.networking.meters import USAGE, meters
from compiler.components.networking.s3_endpoint import changed_defaults
from compiler.components.networking.subnets import subnet_ids
from compiler.components.networking.variants import variants
from compiler.graph.graph import IMPLIED_NETWORK, Components, Kind, Kinds
from compiler.plan.listed import Listed
from trazo_spec.base import Placed
from trazo_spec.components.networking import Networking

__all__ = ["KIND"]


def _implied(components: Components, _kinds: Kinds) -> Components:
    """Adds a VPC where one is needed and none is written, and names it in what runs in it."""
    inside = {n: c for n, c in components.items() if isinstance(c, Placed)}
    networks = sorted(n for n, c in components.items() if isinstance(c, Networking))
    if not inside or len(networks) > 1:
        return components
    if not networks:
        if IMPLIED_NETWORK in components:
            return components
        components, networks = {**components, IMPLIED_NETWORK: Networking()}, [IMPLIED_NETWORK]
    placed = {
        n: c.model_copy(update={"network": networks[0]})
        for n, c in inside.items()
        if c.network is None
    }
    return {**components, **placed}


def _listed(network: Networking, region: str) -> Iterator[Listed]:
    """Its zones; of a region that nobody knows, nobody knows the zones."""
    if isinstance(network.availability_zones, int) or region not in regions().offers:
        return
    for i, zone in enumerate(network.availability_zones):
        # What has another form is no zone at all, which a rule of its own says.
        if zone.startswith(region) and zone.removeprefix(region) in tuple(ZONE_LETTERS):
            yield Listed(("availability_zones", i), zone, zones(region))


KIND = Kind(
    icon="aws.network.VPC",
    usage=USAGE,
    blocks=blocks,
    meters=meters,
    card=card,
    implied=_implied,
    listed=_listed,
    groups=groups,
    subnets=subnet_ids,
    exits=exits,
    ways_out=ways_out,
    changed_defaults=changed_defaults,
    existing=lambda network: network.existing is not None,
    variants=variants,
    guards=GUARDS,
)
