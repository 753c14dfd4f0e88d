"""How wide the columns of a VPC are, and where each of them stands."""

from dataclasses import dataclass

from compiler.backends.diagram.cards import DETAIL_SIZE, ICON, TITLE_SIZE, Piece
from compiler.backends.diagram.network_parts import CARD_PADDING, Parts
from compiler.backends.diagram.network_rows import titles_beside
from compiler.backends.diagram.picture import Link, Network, items_of
from compiler.backends.diagram.typeface import text_width
from compiler.backends.diagram.wiring import (
    AFTER_TRACKS,
    BEFORE_TRACKS,
    TRACK,
    gap_width,
    label_width,
)

# Chosen by eye, in points.
EDGE = 14.0
"""From a group's line to what is inside."""
SUBNET_ICON = 25.0
ARROW = 14.0
"""From a label to what its arrow points at."""
_LEAST_SUBNET = 150.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """The links of a VPC by the gap that they cross."""

    entering: tuple[Link, ...]
    """From users to load balancers."""
    routed: tuple[Link, ...]
    """From load balancers to services."""
    stored: tuple[Link, ...]
    """From services to databases and caches."""
    leaving: tuple[Link, ...]
    """From services to buckets and to endpoints of AWS services."""
    egress: tuple[Link, ...]
    """From services to NAT gateways."""
    outward: tuple[Link, ...]
    """From NAT gateways to the internet gateway."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The horizontal places in a VPC; x in points."""

    gateway_x: float
    zones: tuple[float, float]
    """Left and right side of every zone."""
    public: tuple[float, float] | None
    title_width: float
    """Room for titles left of the contents of a subnet; 0 where they stand above."""
    balancers: tuple[float, float]
    nat_x: float
    private: tuple[float, float] | None
    services: tuple[float, float]
    stores_x: float
    doors_x: float
    width: float


def traffic(network: Network, links: tuple[Link, ...]) -> Traffic:
    """The links that have to do with a VPC, sorted by where they run."""
    balancers = {i.id for i in network.balancers}
    services = {s.item.id for s in network.services}
    stores = {s.item.id for s in network.stores}
    nats = {z.nat.id for z in network.zones if z.nat is not None}
    inside = {i.id for i in items_of(network)}
    ends = {network.interface_endpoints.id} if network.interface_endpoints else set()
    called = [link for link in links if link.source in services]
    return Traffic(
        entering=tuple(k for k in links if k.target in balancers),
        routed=tuple(k for k in links if k.source in balancers and k.target in services),
        stored=tuple(k for k in called if k.target in stores),
        leaving=tuple(k for k in called if k.target not in inside or k.target in ends),
        egress=tuple(k for k in called if k.target in nats),
        outward=tuple(k for k in links if k.source in nats),
    )


def columns(network: Network, parts: Parts, services: Piece | None, flow: Traffic) -> Columns:
    """Every column as wide as what stands in it, every gap as wide as its arrows need."""
    beside = titles_beside(len(network.zones))
    titles = _title_width(network) if beside else 0.0
    gateway_x = EDGE + (parts.gateway.width / 2 if parts.gateway else 0.0)
    left = EDGE + (parts.gateway.width + EDGE if parts.gateway else 0.0)
    if len(network.balancers) > 1:
        left += BEFORE_TRACKS + TRACK
    x = left + EDGE
    public: tuple[float, float] | None = None
    balancers = (x, x)
    nat_x = x
    if parts.balancers is not None or any(parts.nats):
        public, balancers, nat_x = _public(parts, x, titles, network)
        gap = gap_width(_tracks(network, flow.routed), (*flow.routed, *flow.egress))
        x = public[1] + (gap + ARROW if services is not None else EDGE)
    return _private(
        network, parts, services, flow, Columns(gateway_x, (left, x), public, titles, balancers, nat_x, None, (x, x), x, x, x)
    )
