"""The shapes that most meters have: so many an hour, so much a month, and a month's use."""

from collections.abc import Iterator
from math import ceil
from typing import Literal

from compiler.aws.placement import subnet_ids
from compiler.graph.graph import Graph, Relation
from compiler.plan.plan import Load, Meter, Omission

KMS_KEYS = Omission(
    "customer-managed KMS keys and their requests",
    "encryption uses AWS managed keys, which are free",
)
WAF = Omission("AWS WAF and Shield Advanced", "not supported by any kind")
"""What several kinds could have and none of their lines prices."""


def free(*_question: object) -> tuple[()]:
    """The answer of a kind that AWS bills nothing for, so that its meters are not missed."""
    return ()


def each_hour(component: str, item: str, unit: str, count: int, why: str) -> Meter:
    """So many of an item in every hour, whether or not anybody comes.

    A part of an hour counts as a whole one, as AWS says of load balancers, NAT gateways, interface
    endpoints and nodes of caches.
    Source: https://aws.amazon.com/elasticloadbalancing/pricing/, https://aws.amazon.com/vpc/pricing/
    """

    def quantity(load: Load) -> float:
        hours = load.hours if load.hours.is_integer() else ceil(load.hours)
        return hours if count == 1 else count * hours

    return Meter(component, item, unit, quantity, "fixed", why)


def by_the_second(component: str, item: str, unit: str, count: int, why: str) -> Meter:
    """So many of an item all the time, of which AWS bills each second."""

    def quantity(load: Load) -> float:
        return load.hours if count == 1 else count * load.hours

    return Meter(component, item, unit, quantity, "fixed", why)


def each_month(component: str, item: str, unit: str, amount: float, why: str) -> Meter:
    """So much of an item in every month, whether or not anybody comes."""

    def quantity(load: Load) -> float:
        return load.months if amount == 1 else amount * load.months

    return Meter(component, item, unit, quantity, "fixed", why)


def each_use(component: str, item: str, unit: str, use: str, why: str, per: int = 1) -> Meter:
    """What a component uses in a month, as the spec says or as is assumed.

    Args:
        component: Whose line it is.
        item: What is billed.
        unit: The item's unit.
        use: The field of `trazo_spec.traffic.Usage` that counts it.
        why: How the quantity comes about, in words.
        per: How many of the field one unit is, such as 10,000 requests.
    """

    def quantity(load: Load) -> float:
        used = load.usage[use]
        return (used if per == 1 else used / per) * load.months

    return Meter(component, item, unit, quantity, "assumed", why)


def between_zones(
    component: str, network: str | None, graph: Graph, *, sides: Literal[1, 2]
) -> Iterator[Meter]:
    """The data of tasks that stand in another zone than what they connect to.

    Tasks are spread over all zones, and one of these is that of the database or cache. A network
    with one zone, and a component that no task uses, have none.

    Args:
        component: The database or cache.
        network: Its VPC.
        graph: The environment.
        sides: On how many sides AWS bills a GB.
    """
    zones = len(subnet_ids(network, "private", graph))
    if zones < 2 or not any(graph.edges_to(component, Relation.CONNECTS_TO)):
        return
    share = 1 - 1 / zones
    item = "data_transfer_inter_az_gb_each_direction"
    billed = {1: "billed on the task's side", 2: "billed on both sides"}[sides]

    def quantity(load: Load) -> float:
        crossing = share * load.usage["gb_exchanged"] * load.months
        return crossing if sides == 1 else sides * crossing

    why = f"{share:.0%} of the tasks' data goes to another zone, {billed}"
    yield Meter(component, item, "GB", quantity, "assumed", why)
