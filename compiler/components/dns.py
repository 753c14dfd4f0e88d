"""What a DNS zone becomes and what it costs."""

from collections.abc import Iterator, Mapping
from math import ceil

from compiler.aws.metering import each_use
from compiler.aws.names import label, zone_id
from compiler.card import Card, Place
from compiler.graph.graph import Graph, Kind, Relation
from compiler.plan.access import Lasting
from compiler.plan.guards import Guards, set_field
from compiler.plan.outputs import Tellings, Told
from compiler.plan.plan import Assumption, Block, Meter, Omission, Ref, Value
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.dns import Dns, Record
from trazo_spec.document import Spec
from trazo_spec.text import is_below

ICON = "aws.network.Route53"

USAGE: Mapping[str, Assumption] = {
    "queries": Assumption(
        10_000,
        100_000,
        2_000_000,
        "query",
        "mail and checks; queries for load balancer aliases are free",
    ),
}

# One string of a TXT record. Source: https://www.rfc-editor.org/rfc/rfc1035#section-3.3
TXT_STRING_BYTES = 255

# Chosen: as long as other records, so that a zone that is made anew is soon found.
DELEGATION_TTL_S = 300


def _completed(dns: Dns, spec: Spec) -> Dns:
    return dns if dns.zone is not None else dns.model_copy(update={"zone": spec.domain})


def blocks(name: str, dns: Dns, graph: Graph) -> Iterator[Block]:
    """The zone, the records that the spec writes out, and those of load balancers and CDNs."""
    if dns.zone is None:
        return
    zone: dict[str, Value] = {"name": dns.zone}
    if dns.existing:
        yield Block("aws_route53_zone", name, {**zone, "private_zone": False}, name, mode="data")
    else:
        # A new zone gets other name servers, which the registrar would have to be told.
        lifecycle: dict[str, Value] = {"prevent_destroy": True} if graph.production else {}
        yield Block("aws_route53_zone", name, zone, name, lifecycle=lifecycle)
    yield from delegation(name, dns, graph)
    for record in dns.records:
        yield _record(name, dns.zone, record, graph)
    for edge in graph.edges_to(name, Relation.RESOLVED_BY):
        yield from _aliases(name, edge.source, edge.detail, graph)


def _among(dns: Dns, spec: Spec, others: tuple[Spec, ...]) -> Dns:
    """The zone with the one above it, where another environment in the account has that."""
    zone = dns.zone or spec.domain
    if zone is None or dns.existing or not dns.delegate or dns.parent is not None:
        return dns
    own, known = _zones(spec), {z for other in others for z in _zones(other)}
    if any(is_below(zone, z) for z in own):
        return dns
    above = max((z for z in known if is_below(zone, z)), key=len, default=None)
    return dns if above is None else dns.model_copy(update={"parent": above})


def _zones(spec: Spec) -> set[str]:
    domains = (c.zone or spec.domain for c in spec.components.values() if isinstance(c, Dns))
    return {zone for zone in domains if zone is not None}


def delegation(name: str, dns: Dns, graph: Graph) -> tuple[Block, ...]:
    """The NS record of a new zone in the zone above it, and that zone where it is looked up."""
    if dns.zone is None or dns.existing or not dns.delegate:
        return ()
    zones = ((other.zone, n, other) for n, other in graph.of(Dns) if other.zone is not None)
    above = [(len(zone), n, other) for zone, n, other in zones if is_below(dns.zone, zone)]
    if above:
        _, parent, other = max(above, key=lambda a: a[:2])
        if is_delegated(name, dns.zone, (parent, other)):
            return ()
        return (_ns(name, dns.zone, zone_id(parent, graph)),)
    if dns.parent is None or not is_below(dns.zone, dns.parent):
        return ()
    # A component's name has no hyphen, so none has this label.
    label_ = f"{name}-parent"
    body: dict[str, Value] = {"name": dns.parent, "private_zone": False}
    looked_up = Block("aws_route53_zone", label_, body, name, mode="data")
    return (looked_up, _ns(name, dns.zone, Ref(looked_up.address, "zone_id")))


def is_delegated(name: str, zone: str, other: tuple[str, Dns]) -> bool:
    """Whether another component of the spec writes the NS record of a zone itself."""
    parent, dns = other
    written = (r.name for r in dns.records if r.type == "NS")
    return parent != name and any(f"{record}.{dns.zone}" == zone for record in written)


def _ns(name: str, zone: str, above: Ref) -> Block:
    body: dict[str, Value] = {
        "zone_id": above,
        "name": zone,
        "type": "NS",
        "ttl": DELEGATION_TTL_S,
        "records": Ref(f"aws_route53_zone.{name}", "name_servers"),
    }
    return Block("aws_route53_record", f"{name}_delegation", body, name)


def _record(zone: str, domain: str, record: Record, graph: Graph) -> Block:
    whole = record.name == "@"
    role = record.type.lower() if whole else f"{label(record.name)}_{record.type.lower()}"
    quoted = record.type == "TXT"
    return Block(
        "aws_route53_record",
        f"{zone}_{role}",
        {
            "zone_id": zone_id(zone, graph),
            "name": domain if whole else f"{record.name}.{domain}",
            "type": record.type,
            "ttl": record.ttl_s,
            "records": [txt_value(value) if quoted else value for value in record.values],
        },
        zone,
    )


def txt_value(text: str) -> str:
    r"""A TXT value as the provider takes it, which puts the quotes around it.

    Longer ones become several strings; quotes, backslashes and what is not ASCII are escaped.

    >>> txt_value('say "é"'), txt_value("a" * 256)[-5:]
    ('say \\"\\303\\251\\"', 'aa""a')
    """
    data = text.encode()
    starts = range(0, len(data), TXT_STRING_BYTES)
    strings = (data[start : start + TXT_STRING_BYTES] for start in starts)
    return '""'.join("".join(map(_txt_byte, string)) for string in strings)


def _txt_byte(byte: int) -> str:
    """Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html."""
    if chr(byte) in '"\\':
        return f"\\{chr(byte)}"
    return chr(byte) if 0x20 <= byte <= 0x7E else f"\\{byte:03o}"


def _aliases(zone: str, owner: str, host: str, graph: Graph) -> Iterator[Block]:
    """The records that lead a host name to its load balancer (IPv4 only) or distribution."""
    types: tuple[str, ...] = ("A",)
    match graph.spec.components.get(owner):
        case Alb():
            target = f"aws_lb.{owner}"
            where = (Ref(target, "dns_name"), Ref(target, "zone_id"))
        case Cloudfront():
            target, types = f"aws_cloudfront_distribution.{owner}", ("A", "AAAA")
            where = (Ref(target, "domain_name"), Ref(target, "hosted_zone_id"))
        case _:
            return
    for kind in types:
        alias: dict[str, Value] = {
            "name": where[0],
            "zone_id": where[1],
            # There is one answer only, so nothing to fail over to: it is given, healthy or not.
            "evaluate_target_health": False,
        }
        yield Block(
            "aws_route53_record",
            label(host) if kind == "A" else f"{label(host)}_{kind.lower()}",
            {"zone_id": zone_id(zone, graph), "name": host, "type": kind, "alias": [alias]},
            owner,
        )


def meters(name: str, dns: Dns, graph: Graph) -> Iterator[Meter]:  # noqa: ARG001 - one signature for all kinds
    """The zone and its queries; a zone that is only looked up is on somebody else's bill."""
    if dns.existing:
        return
    yield Meter(
        name,
        "route53_hosted_zone_month",
        "zone-month",
        # Not prorated: a zone that is there for a part of a month pays for all of it.
        # Source: https://aws.amazon.com/route53/pricing/
        lambda load: float(ceil(load.months)),
        "fixed",
        "1 hosted zone; a partial month counts as a whole one",
    )
    item, what = "route53_standard_query_per_million", "queries that are not for an alias"
    yield each_use(name, item, "1M queries", "queries", what, per=1_000_000)


def card(name: str, dns: Dns, _: Graph) -> Card:
    """A hosted zone, one line of the mark for all of them: they are one service to a reader."""
    words = f"{dns.zone or name}{' (existing)' if dns.existing else ''}"
    return Card("Route 53", Place.NAMES, (words,))


GUARDS: Guards = {
    "aws_route53_record": {
        "alias": set_field("hostname"),
        "name": set_field("hostname", "records"),
        "records": set_field("records"),
        "type": set_field("records"),
        "zone_id": set_field("hostname", "records"),
    },
    "aws_route53_zone": {
        "name": set_field("zone"),
        "private_zone": "host names must be public",
        "vpc": "host names must be public",
        "zone_id": set_field("zone"),
    },
}


TOLD: Tellings = {
    "aws_route53_zone": (
        Told("name_servers", "name_servers", "What the domain's registrar has to know"),
    ),
}

UNPRICED = (Omission("Route 53 health checks, domain registration", "not supported by any kind"),)


KIND = Kind(
    icon=ICON,
    usage=USAGE,
    blocks=blocks,
    meters=meters,
    unpriced=UNPRICED,
    card=card,
    completed=_completed,
    among=_among,
    existing=lambda dns: dns.existing,
    zone=lambda dns: dns.zone,
    lasting={"aws_route53_zone": Lasting(("delegation_set_id", "name"), regional=False)},
    guards=GUARDS,
    told=TOLD,
)
