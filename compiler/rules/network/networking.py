"""Rules about a VPC: its addresses, zones and subnets."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations

from compiler.components.networking.egress import interface_services
from compiler.components.networking.subnets import MOST_PREFIX, SLOT_BITS, zone_names, zones
from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.base import Placed
from trazo_spec.components.alb import Alb
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.diagnostics import Severity, SpecPath

# The addresses of every subnet that AWS keeps for itself.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
RESERVED_ADDRESSES = 5
# The smallest subnet that a load balancer takes.
# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
SMALLEST_ALB_SUBNET = 27
PRIVATE_RANGES = tuple(
    IPv4Network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)


def subnets_of(network: Networking, region: str) -> tuple[tuple[IPv4Network, SpecPath], ...]:
    """Every subnet with the field that says so, public ones first; none in too small a VPC.

    Of a VPC that is there already, only AWS knows the addresses.
    """
    if network.existing is not None:
        return ()
    cut = zones(network, region)
    subnets: list[tuple[IPv4Network, SpecPath]] = []
    for tier, written in (("public", network.public_subnets), ("private", network.private_subnets)):
        field = f"{tier}_subnets"
        if written:
            subnets += [(IPv4Network(n), (field, i)) for i, n in enumerate(written)]
        else:
            subnets += [(IPv4Network(getattr(zone, tier)), (field,)) for zone in cut]
    return tuple(subnets)


@rule("TZ401", Severity.ERROR, local=True)
def vpc_too_small(graph: Graph) -> Iterator[Finding]:
    """A VPC has too few addresses to be divided into subnets.

    trazo divides a VPC into sixteen subnets, eight public and eight private, so that none of them
    moves when a zone is added. AWS does not allow subnets smaller than /28, so the VPC must be a
    /24 or larger.

    ```yaml
    cidr: 10.0.0.0/26   # bad
    cidr: 10.0.0.0/16   # good
    ```
    """
    for name, network in graph.of(Networking):
        size = IPv4Network(network.cidr).prefixlen + SLOT_BITS
        written = network.existing or (network.public_subnets and network.private_subnets)
        if size > MOST_PREFIX and not written:
            message = (
                f"`{network.cidr}` would be divided into /{size} subnets, but AWS does not "
                f"allow subnets smaller than /{MOST_PREFIX}"
            )
            advice = (
                "use a /24 or larger, such as `10.0.0.0/16`, or write `public_subnets` and "
                "`private_subnets`"
            )
            yield Finding(("components", name, "cidr"), message, advice)


@rule("TZ402", Severity.ERROR, local=True)
def subnet_outside_vpc(graph: Graph) -> Iterator[Finding]:
    """A subnet is not inside its VPC.

    ```yaml
    {kind: networking, cidr: 10.0.0.0/16, public_subnets: [10.1.0.0/24, 10.0.1.0/24]}   # bad
    {kind: networking, cidr: 10.0.0.0/16, public_subnets: [10.0.0.0/24, 10.0.1.0/24]}   # good
    ```
    """
    for name, network in graph.of(Networking):
        for subnet, path in subnets_of(network, graph.spec.region):
            if not subnet.subnet_of(IPv4Network(network.cidr)):
                message = f"the subnet `{subnet}` is not inside `{network.cidr}`"
                related = (("components", name, "cidr"),)
                yield Finding(("components", name, *path), message, "", related)


@rule("TZ403", Severity.ERROR, local=True)
def subnets_overlap(graph: Graph) -> Iterator[Finding]:
    """Two subnets of a VPC overlap.

    If only one of the two lists is set, trazo takes the other subnets from their half of the VPC:
    public subnets from the first half, private ones from the second.

    ```yaml
    private_subnets: [10.0.128.0/20, 10.0.128.0/24]   # bad
    private_subnets: [10.0.128.0/20, 10.0.144.0/20]   # good
    ```
    """
    for name, network in graph.of(Networking):
        for (first, one), (second, other) in combinations(
            subnets_of(network, graph.spec.region), 2
        ):
            # What is cut overlaps only when a zone is named twice, which is TZ411.
            if len(one) == len(other) == 1 or not first.overlaps(second):
                continue
            # What was written is to blame, not what was cut from the rest.
            blamed, rest = (one, other) if len(other) == 1 else (other, one)
            message = f"the subnets `{first}` and `{second}` of `{name}` overlap"
            related = (("components", name, *rest),) if len(rest) > 1 else ()
            yield Finding(("components", name, *blamed), message, "", related)


@rule("TZ404", Severity.ERROR, local=True)
def subnets_per_zone(graph: Graph) -> Iterator[Finding]:
    """A list of subnets does not have one entry for each zone.

    ```yaml
    {kind: networking, availability_zones: 2, public_subnets: [10.0.0.0/24]}                # bad
    {kind: networking, availability_zones: 2, public_subnets: [10.0.0.0/24, 10.0.1.0/24]}   # good
    ```
    """
    for name, network in graph.of(Networking):
        wanted = len(zone_names(network, graph.spec.region))
        for field in ("public_subnets", "private_subnets"):
            count = len(getattr(network, field))
            if count not in (0, wanted):
                message = f"`{field}` has {count} entries, but `{name}` uses {_zones(wanted)}"
                advice = f"write {wanted}, or remove `{field}`"
                path = ("components", name, field)
                yield Finding(path, message, advice, (("components", name, "availability_zones"),))


@rule("TZ405", Severity.WARNING, local=True)
def vpcs_overlap(graph: Graph) -> Iterator[Finding]:
    """Two VPCs overlap.

    They work independently, but can never be connected to each other.

    ```yaml
    blue:  {kind: networking, cidr: 10.0.0.0/16}
    green: {kind: networking, cidr: 10.0.128.0/17}   # bad
    green: {kind: networking, cidr: 10.1.0.0/16}     # good
    ```
    """
    ours = [(name, network) for name, network in graph.of(Networking) if network.existing is None]
    for (one, first), (other, second) in combinations(ours, 2):
        if IPv4Network(first.cidr).overlaps(IPv4Network(second.cidr)):
            message = f"the VPCs `{one}` (`{first.cidr}`) and `{other}` (`{second.cidr}`) overlap"
            advice = "give one of them another `cidr` before anything is deployed in it"
            related = (("components", one, "cidr"),)
            yield Finding(("components", other, "cidr"), message, advice, related)


@rule("TZ406", Severity.ERROR)
def too_few_zones(graph: Graph) -> Iterator[Finding]:
    """A VPC has one zone, but something in it requires two.

    AWS requires two zones to create a load balancer or database, and a cache fails over only from
    one zone to another.

    ```yaml
    network: {kind: networking, availability_zones: 1}   # bad, with an alb or rds component
    network: {kind: networking, availability_zones: 2}   # good
    ```
    """
    for name, network in graph.of(Networking):
        need = [(n, what) for n, c in _inside(graph, name) if (what := _needs_two_zones(c))]
        count = len(zone_names(network, graph.spec.region))
        if count >= 2 or not (need or count == 0):
            continue
        who = " and ".join(f"the {what} `{n}`" for n, what in need) or "a VPC"
        verb = (
            "require two" if len(need) > 1 else "requires two" if need else "requires one or more"
        )
        message = f"`{name}` has {_zones(count)}, but {who} {verb}"
        related = tuple(("components", n) for n, _ in need)
        path = ("components", name, "availability_zones")
        yield Finding(path, message, "write `availability_zones: 2`", related)


def _needs_two_zones(component: object) -> str:
    match component:
        case Alb():
            return "load balancer"
        case Rds():
            return "database"
        case Redis(nodes=nodes) if nodes > 1:
            return "cache with replicas"
        case _:
            return ""


@rule("TZ407", Severity.ERROR)
def small_load_balancer_subnets(graph: Graph) -> Iterator[Finding]:
    """The public subnets are too small for a load balancer.

    A load balancer uses more addresses as it scales; AWS requires a /27 or larger for it in each
    zone.

    ```yaml
    cidr: 10.0.0.0/24   # bad with an alb component: its subnets are /28
    cidr: 10.0.0.0/20   # good
    ```
    """
    for name, network in graph.of(Networking):
        albs = [n for n, c in _inside(graph, name) if isinstance(c, Alb)]
        for subnet, path in subnets_of(network, graph.spec.region):
            small = path[0] == "public_subnets" and subnet.prefixlen > SMALLEST_ALB_SUBNET
            if not albs or not small:
                continue
            where = path if len(path) > 1 else ("cidr",)
            message = (
                f"the public subnet `{subnet}` is too small for the load balancer `{albs[0]}`: "
                f"AWS requires a /{SMALLEST_ALB_SUBNET} or larger"
            )
            advice = "" if len(path) > 1 else "use a /23 or larger for `cidr`"
            related = (("components", albs[0]),)
            yield Finding(("components", name, *where), message, advice, related)
            if len(path) == 1:
                break


@rule("TZ408", Severity.ERROR)
def addresses_exhausted(graph: Graph) -> Iterator[Finding]:
    """The private subnets have fewer addresses than tasks, databases and endpoints need.

    Every task has its own address, and a rolling update starts new tasks before old ones stop. AWS
    reserves five addresses in every subnet.

    ```yaml
    {kind: networking, cidr: 10.0.0.0/24}   # bad with scaling: {max: 40}: two private /28 hold 22
    {kind: networking, cidr: 10.0.0.0/16}   # good
    ```
    """
    for name, network in graph.of(Networking):
        private = [
            s for s, path in subnets_of(network, graph.spec.region) if path[0] == "private_subnets"
        ]
        room = sum(s.num_addresses - RESERVED_ADDRESSES for s in private)
        need = sum(_addresses(c) for _, c in _inside(graph, name))
        need += len(interface_services(network)) * len(zone_names(network, graph.spec.region))
        if private and need > room:
            message = (
                f"tasks, databases and endpoints in `{name}` need up to {need} addresses, but "
                f"its private subnets have {room}"
            )
            field = "private_subnets" if network.private_subnets else "cidr"
            yield Finding(
                ("components", name, field), message, "use a larger network, such as a /16"
            )


def _addresses(component: object) -> int:
    match component:
        case Ecs():
            return component.scaling.max
        case Rds():
            return 2 if component.multi_az else 1
        case Redis():
            return component.nodes
        case _:
            return 0


@rule("TZ409", Severity.WARNING, local=True)
def public_addresses(graph: Graph) -> Iterator[Finding]:
    """A VPC uses public addresses, which belong to someone else on the internet.

    The servers at these addresses cannot be reached from inside the VPC.

    ```yaml
    cidr: 11.0.0.0/16   # bad
    cidr: 10.0.0.0/16   # good
    ```
    """
    for name, network in graph.of(Networking):
        cidr = IPv4Network(network.cidr)
        if network.existing is None and not any(cidr.subnet_of(r) for r in PRIVATE_RANGES):
            message = f"`{network.cidr}` is not one of the private ranges of RFC 1918"
            advice = "use addresses in `10.0.0.0/8`, `172.16.0.0/12` or `192.168.0.0/16`"
            yield Finding(("components", name, "cidr"), message, advice)


def _inside(graph: Graph, network: str) -> Iterator[tuple[str, Placed]]:
    for name, c in graph.spec.components.items():
        if isinstance(c, Placed) and c.network == network:
            yield name, c


def _zones(count: int) -> str:
    return f"{count or 'no'} zone{'' if count == 1 else 's'}"


RULES: tuple[Rule, ...] = (
    vpc_too_small,
    subnet_outside_vpc,
    subnets_overlap,
    subnets_per_zone,
    vpcs_overlap,
    too_few_zones,
    small_load_balancer_subnets,
    addresses_exhausted,
    public_addresses,
)
