"""Rules about zones, the records that a spec writes out, and how many names are to be proved."""

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping

from compiler.graph.graph import Graph, hostnames_of, zone_of
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.dns import Dns, Record
from trazo_spec.diagnostics import Severity, SpecPath

# Who may give out Amazon's certificates, as a CAA record names it.
# Source: https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html
AMAZON_AUTHORITIES = ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com")
USUAL_NAMES = 10
"""Names of a certificate. Source: https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html"""
LONGEST_TXT = 4000
"""Characters of one value. Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html"""
NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_.*-]*[A-Za-z0-9_])?\.?"
APEX = "@"


@rule("TZ483", Severity.ERROR, local=True)
def zone_without_name(graph: Graph) -> Iterator[Finding]:
    """Neither a zone nor the spec sets the domain.

    ```yaml
    zone: {kind: dns}                  # bad, without a domain at the top of the spec
    zone: {kind: dns, zone: acme.io}   # good
    ```
    """
    for name, dns in graph.of(Dns):
        if dns.zone is None:
            message = f"`{name}` does not set `zone`, and the spec does not set `domain`"
            yield Finding(("components", name), message, "add one, such as `zone: example.com`")


@rule("TZ484", Severity.ERROR, local=True)
def zone_twice(graph: Graph) -> Iterator[Finding]:
    """Two components are for the same zone.

    Only one of two zones with the same name is ever queried; the records in the other one have no
    effect.

    ```yaml
    public: {kind: dns, zone: acme.io}
    mail:   {kind: dns, zone: acme.io}   # bad
    mail:   {kind: dns, zone: acme-mail.io}   # good
    ```
    """
    first: dict[str, str] = {}
    for name, dns in graph.of(Dns):
        if dns.zone is None:
            continue
        if dns.zone in first:
            message = f"`{first[dns.zone]}` and `{name}` are both for the zone `{dns.zone}`"
            related = (("components", first[dns.zone]),)
            yield Finding(("components", name), message, "put all records in one of them", related)
        first.setdefault(dns.zone, name)


@rule("TZ485", Severity.ERROR, local=True)
def record_twice(graph: Graph) -> Iterator[Finding]:
    """A zone has the same record twice.

    A name can have one record of each type, with any number of values.

    ```yaml
    records: [{name: "@", type: TXT, values: [a]}, {name: "@", type: TXT, values: [b]}]   # bad
    records: [{name: "@", type: TXT, values: [a, b]}]                                     # good
    ```
    """
    for path, dns in _zones(graph):
        first: dict[tuple[str, str], SpecPath] = {}
        for i, record in enumerate(dns.records):
            where, key = (*path, "records", i), (record.name, record.type)
            if key in first:
                message = f"the record `{record.name}` of type {record.type} appears twice"
                yield Finding(where, message, "put all values in one record", (first[key],))
            first.setdefault(key, where)


@rule("TZ486", Severity.ERROR, local=True)
def lonely_cname(graph: Graph) -> Iterator[Finding]:
    """A CNAME record is not allowed here, or an NS record would replace those of the zone.

    A name with a CNAME record cannot have other records, and the CNAME must have exactly one value;
    the zone itself always has other records, which Route 53 creates.

    ```yaml
    {name: "@", type: CNAME, values: [acme.github.io]}   # bad
    {name: www, type: CNAME, values: [acme.github.io]}   # good
    ```
    """
    for path, dns in _zones(graph):
        for i, record in enumerate(dns.records):
            others = [r for r in dns.records if r.name == record.name and r.type != record.type]
            problem = ""
            if record.name == APEX and record.type in ("CNAME", "NS"):
                problem = f"`{APEX}`, the zone itself, cannot have {record.type} records here"
            elif record.type == "CNAME" and others:
                problem = (
                    f"`{record.name}` has a CNAME record, so it cannot also have a "
                    f"{others[0].type} record"
                )
            elif record.type == "CNAME" and len(record.values) > 1:
                problem = (
                    f"the CNAME record `{record.name}` has {len(record.values)} values, but can "
                    "have only one"
                )
            if problem:
                yield Finding((*path, "records", i), problem)


@rule("TZ487", Severity.ERROR)
def record_of_component(graph: Graph) -> Iterator[Finding]:
    """A record conflicts with the record of a load balancer or distribution.

    trazo creates the record of its host name automatically.

    ```yaml
    alb:  {kind: alb, hostname: api.acme.io, routes: [{to: web}]}
    zone: {kind: dns, records: [{name: api, type: A, values: [203.0.113.7]}]}   # bad
    zone: {kind: dns}                                                           # good
    ```
    """
    taken: dict[tuple[str, str], SpecPath] = {}
    for name, c in graph.spec.components.items():
        for host, path in hostnames_of(c, graph):
            if zone := zone_of(host, graph):
                taken[zone, host] = ("components", name, *path)
    for path, dns in _zones(graph):
        for i, record in enumerate(dns.records):
            owner = taken.get((str(path[1]), _full_name(record, dns.zone or "")))
            if owner is not None and record.type in ("A", "AAAA", "CNAME"):
                message = (
                    f"the record of `{_full_name(record, dns.zone or '')}` is created by "
                    f"`{owner[1]}`"
                )
                yield Finding((*path, "records", i), message, "remove this record", (owner,))


@rule("TZ488", Severity.ERROR, local=True)
def record_value(graph: Graph) -> Iterator[Finding]:
    """A record's value is not valid for its type.

    Route 53 rejects it when Terraform creates the record, after many other resources have been
    created.

    ```yaml
    {name: "@", type: MX, values: [mx.acme.io]}        # bad
    {name: "@", type: MX, values: ["10 mx.acme.io"]}   # good
    ```
    """
    for path, dns in _zones(graph):
        for i, record in enumerate(dns.records):
            fits, example = VALUES[record.type]
            for j, value in enumerate(record.values):
                if not fits(value):
                    shown = value if len(value) <= 60 else f"{value[:57]}..."
                    message = f"`{shown}` is not a valid value for a record of type {record.type}"
                    where = (*path, "records", i, "values", j)
                    yield Finding(where, message, f"write one such as `{example}`")


def _address(version: int) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        try:
            return ipaddress.ip_address(value).version == version
        except ValueError:
            return False

    return fits


def _pattern(text: str) -> Callable[[str], bool]:
    pattern = re.compile(text)
    return lambda value: pattern.fullmatch(value) is not None


VALUES: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "A": (_address(4), "203.0.113.7"),
    "AAAA": (_address(6), "2001:db8::7"),
    "CAA": (_pattern(r'\d{1,3} [A-Za-z0-9]+ ".*"'), '0 issue "amazon.com"'),
    "CNAME": (_pattern(NAME), "target.example.com"),
    "MX": (_pattern(rf"\d{{1,5}} {NAME}|0 \."), "10 mx.example.com"),
    "NS": (_pattern(NAME), "ns1.example.com"),
    "SRV": (_pattern(rf"\d{{1,5}} \d{{1,5}} \d{{1,5}} (?:{NAME}|\.)"), "1 10 5060 sip.example.com"),
    "TXT": (lambda value: 0 < len(value) <= LONGEST_TXT, "v=spf1 -all"),
}
"""Record type -> whether a value fits, and one that does."""


@rule("TZ489", Severity.WARNING, local=True)
def full_name_of_record(graph: Graph) -> Iterator[Finding]:
    """A record's name contains the zone's name, which is appended anyway.

    ```yaml
    records: [{name: www.acme.io, type: A, values: [203.0.113.7]}]   # bad in the zone acme.io
    records: [{name: www, type: A, values: [203.0.113.7]}]           # good
    ```
    """
    for path, dns in _zones(graph):
        for i, record in enumerate(dns.records):
            if dns.zone and f".{record.name}".endswith(f".{dns.zone}"):
                short = record.name.removesuffix(dns.zone).removesuffix(".") or APEX
                message = f"the full name of the record would be `{_full_name(record, dns.zone)}`"
                yield Finding((*path, "records", i, "name"), message, f'write `name: "{short}"`')


@rule("TZ490", Severity.ERROR)
def amazon_may_not_certify(graph: Graph) -> Iterator[Finding]:
    """A CAA record prevents Amazon from issuing the requested certificate.

    CAA records list who may issue certificates; if there are any, everyone else is excluded.

    ```yaml
    {name: "@", type: CAA, values: ['0 issue "letsencrypt.org"']}                           # bad
    {name: "@", type: CAA, values: ['0 issue "letsencrypt.org"', '0 issue "amazon.com"']}   # good
    ```
    """
    certified = {e.target: e for e in graph.edges if e.source.endswith(".certificate")}
    for path, dns in _zones(graph):
        for i, record in enumerate(dns.records):
            if record.type != "CAA" or record.name != APEX or str(path[1]) not in certified:
                continue
            issuers = [v for v in record.values if re.search(r"\bissue\b", v)]
            if issuers and not any(a in v for v in issuers for a in AMAZON_AUTHORITIES):
                edge = certified[str(path[1])]
                message = (
                    f"this record prevents the certificate for `{edge.detail}`, because it does "
                    "not include Amazon"
                )
                advice = """add `'0 issue "amazon.com"'` to its values"""
                yield Finding((*path, "records", i), message, advice, (edge.path,))


@rule("TZ491", Severity.WARNING, local=True)
def many_certificate_names(graph: Graph) -> Iterator[Finding]:
    """A certificate has more names than AWS allows by default.

    AWS allows 10 names, and up to 100 if you request a higher quota; without it, the apply fails.
    If `names` is not set, a certificate covers every host name of its component.

    ```yaml
    certificate: {names: [acme.io, a.acme.io, b.acme.io, ...]}   # bad with 11 of them
    certificate: {names: [acme.io, "*.acme.io"]}                 # good
    ```
    """
    for name, c in graph.spec.components.items():
        names = c.certificate.names if isinstance(c, Alb | Cloudfront) else ()
        if len(set(names)) > USUAL_NAMES:
            message = (
                f"the certificate of `{name}` has {len(set(names))} names, but AWS allows "
                f"{USUAL_NAMES} by default"
            )
            wildcard = f"*.{names[0].partition('.')[2]}"
            advice = f"request a higher quota, or use a wildcard such as `{wildcard}`"
            yield Finding(("components", name, "certificate", "names"), message, advice)


def _zones(graph: Graph) -> Iterator[tuple[SpecPath, Dns]]:
    return ((("components", name), dns) for name, dns in graph.of(Dns))


def _full_name(record: Record, zone: str) -> str:
    return zone if record.name == APEX else f"{record.name}.{zone}"


RULES: tuple[Rule, ...] = (
    zone_without_name,
    zone_twice,
    record_twice,
    lonely_cname,
    record_of_component,
    record_value,
    full_name_of_record,
    amazon_may_not_certify,
    many_certificate_names,
)
