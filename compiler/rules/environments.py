"""Rules about two environments of one spec, which stand side by side in one account."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from compiler.aws.names import bucket_name
from compiler.components.dns import delegation, is_delegated
from compiler.graph.accounts import share_account
from compiler.graph.graph import Graph, hostnames_of, zone_of
from compiler.plan.names import Scope
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.dns import Dns
from trazo_spec.components.s3 import S3
from trazo_spec.diagnostics import Diagnostic, Severity, SpecPath
from trazo_spec.text import is_below

Owned = Iterator[tuple[str, SpecPath]]
"""Account-wide names that one environment owns, each with the place that says so."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """A kind of name that only one environment can own; `owned` has its reference entry."""

    code: str
    owned: Callable[[Graph], Owned]
    what: str
    """What the environments would do with the name, up to the name."""
    advice: str
    scope: Scope
    """Where only one can own it."""
    noun: str
    """What owners of several specs share, before the name."""

    @property
    def doc(self) -> str:
        """Why it matters, with a bad and a good example."""
        return self.owned.__doc__ or ""


@dataclass(frozen=True, slots=True)
class _Shared:
    """A name that a later environment would own although an earlier one does."""

    name: str
    earlier: str
    earlier_path: SpecPath
    later: str
    later_path: SpecPath


def shared_names(graphs: Mapping[str, Graph]) -> tuple[Diagnostic, ...]:
    """Every name that two environments of a spec would both own, said of the later one."""
    hosts = {(s.later, s.name) for s in _shared(HOSTNAMES, graphs)}
    return tuple(
        _diagnostic(ownership, shared)
        for ownership in OWNERSHIPS
        for shared in _shared(ownership, graphs)
        # A shared host name shares its certificate's record too: once is enough.
        if ownership.owned is not validations or (shared.later, shared.name) not in hosts
    )


def _shared(ownership: Ownership, graphs: Mapping[str, Graph]) -> Iterator[_Shared]:
    owners: dict[str, list[tuple[str, SpecPath]]] = {}
    for environment, graph in graphs.items():
        mine: dict[str, SpecPath] = {}
        for name, path in ownership.owned(graph):
            mine.setdefault(name, path)
        for name, path in mine.items():
            before = owners.setdefault(name, [])
            for earlier, where in before:
                if ownership.scope is Scope.GLOBAL or share_account(
                    graphs[earlier].spec, graph.spec
                ):
                    yield _Shared(name, earlier, where, environment, path)
                    break
            before.append((environment, path))


def _diagnostic(ownership: Ownership, shared: _Shared) -> Diagnostic:
    component = str(shared.later_path[1])
    return Diagnostic(
        code=ownership.code,
        severity=Severity.ERROR,
        message=f"`{shared.earlier}` and `{shared.later}` {ownership.what} `{shared.name}`",
        path=shared.later_path,
        related_paths=(shared.earlier_path,),
        related_environment=shared.earlier,
        help=ownership.advice.format(environment=shared.later, component=component),
        environment=shared.later,
    )


def zones(graph: Graph) -> Owned:
    """Two environments would create the same hosted zone.

    Route 53 would create both, but only one of them would ever be queried. One environment must own
    the zone, and the others look it up.

    ```yaml
    components: {zone: {kind: dns, zone: acme.io}}
    # bad
    environments: {prod: {}, staging: {}}
    # good
    environments: {prod: {}, staging: {components: {zone: {existing: true}}}}
    ```
    """
    for name, dns in graph.of(Dns):
        if dns.zone is not None and not dns.existing:
            yield dns.zone, ("components", name, "zone")


def hostnames(graph: Graph) -> Owned:
    """Two environments would use the same host name.

    ```yaml
    components: {alb: {kind: alb, hostname: api.acme.io, routes: [{to: web}]}}
    # bad
    environments: {prod: {}, staging: {}}
    # good
    environments: {prod: {}, staging: {components: {alb: {hostname: api-staging.acme.io}}}}
    ```
    """
    for name, c in graph.spec.components.items():
        for host, path in hostnames_of(c, graph):
            yield host, ("components", name, *path)


def validations(graph: Graph) -> Owned:
    """Two environments would own the same validation record of a certificate.

    The validation record of a name is the same for every certificate in an account, and the same
    for `acme.io` and `*.acme.io`. Destroying one environment would delete the other environment's
    record, and its certificate would not be renewed.

    ```yaml
    # bad, in the overlay of staging, when prod has it too
    certificate: {names: ["*.acme.io"]}
    # good
    certificate: {names: [static-staging.acme.io]}
    ```
    """
    for name, c in graph.spec.components.items():
        if not isinstance(c, Alb | Cloudfront) or c.certificate.arn is not None:
            continue
        written = graph.written.components[name]
        said = written.certificate.names if isinstance(written, Alb | Cloudfront) else ()
        hosts = dict(hostnames_of(c, graph))
        for i, host in enumerate(c.certificate.names):
            path = ("certificate", "names", i) if said else hosts[host]
            if zone_of(host, graph) is not None:
                yield host.removeprefix("*."), ("components", name, *path)


def buckets(graph: Graph) -> Owned:
    """Two environments would own a bucket with the same name.

    A bucket name must be unique across all of AWS. The default name contains the name of the
    environment.

    ```yaml
    components: {media: {kind: s3, bucket: acme-media}}   # bad, with two environments
    components: {media: {kind: s3}}                       # good
    ```
    """
    for name, bucket in graph.of(S3):
        if not bucket.existing:
            yield bucket_name(graph, name, bucket.bucket), ("components", name, "bucket")


def records(graph: Graph) -> Owned:
    """Two environments would own the same DNS record.

    An environment that looks up a zone still creates the records that it lists.

    ```yaml
    # bad, in the overlay of staging, when the zone has records
    zone: {existing: true}
    # good
    zone: {existing: true, records: []}
    ```
    """
    for name, dns in graph.of(Dns):
        for i, record in enumerate(dns.records):
            full = dns.zone if record.name == "@" else f"{record.name}.{dns.zone}"
            yield f"{full} {record.type}", ("components", name, "records", i)


UNDELEGATED = "TZ697"


def undelegated(graphs: Mapping[str, Graph]) -> Iterator[Diagnostic]:
    """A zone is below another one that does not delegate it, so nothing in it can be found.

    The zone above needs an NS record with the name servers of the new zone. trazo creates it where
    the zone above is in the spec, in any environment of the same account, or where `parent` says
    that it is in the account. Otherwise create the record by hand, with the name servers that
    `terraform output` prints, and write `delegate: false`.

    ```yaml
    domain: acme.io
    components:
      zone: {kind: dns, zone: staging.acme.io}                    # bad
      zone: {kind: dns, zone: staging.acme.io, parent: acme.io}   # good
    ```
    """
    for environment, graph in graphs.items():
        for name, dns in graph.of(Dns):
            if dns.zone is None or dns.existing or not dns.delegate or delegation(name, dns, graph):
                continue
            if any(is_delegated(name, dns.zone, other) for other in graph.of(Dns)):
                continue
            if problem := _not_delegated(dns.zone, environment, graphs):
                message, advice = problem
                yield Diagnostic(
                    UNDELEGATED,
                    Severity.WARNING,
                    message,
                    ("components", name, "zone"),
                    help=f"{advice}; then write `delegate: false`",
                    environment=environment,
                )


def _not_delegated(
    zone: str, environment: str, graphs: Mapping[str, Graph]
) -> tuple[str, str] | None:
    """Why nothing leads to a zone, and what to do; None where it may be the domain itself."""
    names, graph = [*graphs], graphs[environment]
    earlier = names[: names.index(environment)]
    for other in (g for g in graphs.values() if not share_account(g.spec, graph.spec)):
        for _, dns in other.of(Dns):
            if dns.zone is not None and is_below(zone, dns.zone):
                return (
                    f"`{zone}` is below `{dns.zone}`, which `{other.environment}` has in another "
                    "account, so nothing delegates it",
                    f"create its NS record in `{dns.zone}` by hand",
                )
            if other.environment in earlier and dns.zone == zone and not dns.existing:
                return (
                    f"`{other.environment}` has a zone `{zone}` in another account, and only one "
                    "of the two can be delegated",
                    f"use a zone below, such as `{graph.environment}.{zone}`, or delegate this one",
                )
    domain = graph.spec.domain
    if domain is None or not is_below(zone, domain):
        return None
    return (
        f"`{zone}` is below `{domain}`, but nothing delegates it",
        f"write `parent: {domain}` if that zone is in the account, or create its NS record in it "
        "by hand",
    )


ZONES = Ownership(
    "TZ494",
    zones,
    "would both create the zone",
    "write `environments.{environment}.components.{component}: {{existing: true}}`",
    Scope.ACCOUNT,
    "zone",
)
HOSTNAMES = Ownership(
    "TZ495",
    hostnames,
    "would both use",
    "give `{component}` another host name in `environments.{environment}`",
    Scope.GLOBAL,
    "host name",
)
VALIDATIONS = Ownership(
    "TZ496",
    validations,
    "would both own the validation record of",
    "give the certificate of `{component}` other names in `environments.{environment}`",
    Scope.ACCOUNT,
    "validation record of",
)
BUCKETS = Ownership(
    "TZ497",
    buckets,
    "would both own the bucket",
    "leave `bucket` out, or change it in `environments.{environment}`",
    Scope.GLOBAL,
    "bucket",
)
RECORDS = Ownership(
    "TZ498",
    records,
    "would both own the record",
    "write `records: []` on `{component}` in `environments.{environment}`",
    Scope.ACCOUNT,
    "record",
)
OWNERSHIPS: tuple[Ownership, ...] = (ZONES, HOSTNAMES, VALIDATIONS, BUCKETS, RECORDS)
