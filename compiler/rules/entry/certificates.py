"""Rules about host names and the certificates for them."""

import re
from collections.abc import Iterator

from compiler.graph.graph import Graph, hostnames_of, zone_of
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.dns import Dns
from trazo_spec.diagnostics import Severity, SpecPath
from trazo_spec.validation.fields import did_you_mean

LONGEST_FIRST_NAME = 64
"""Source: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html"""
CERTIFICATE_ARN = re.compile(r"arn:[^:]+:acm:(?P<region>[^:]*):\d{12}:certificate/.+")


@rule("TZ476", Severity.ERROR, local=True)
def long_certificate_name(graph: Graph) -> Iterator[Finding]:
    """The first name of a certificate is longer than AWS allows.

    It becomes the certificate's common name, which can have at most 64 characters; the names after
    it may be longer.

    ```yaml
    # bad
    names: [a-very-long-label-of-a-customer.another-long-label.europe.services.acme.io]
    # good
    names: [acme.io, a-very-long-label-of-a-customer.another-long-label.europe.services.acme.io]
    ```
    """
    for name, c in _public(graph):
        first = c.certificate.names[0] if c.certificate.names else ""
        if len(first) > LONGEST_FIRST_NAME:
            message = (
                f"`{first}` has {len(first)} characters, but the first name of a certificate "
                "can have at most 64"
            )
            path = ("components", name, "certificate", "names", 0)
            advice = "put a shorter name first, such as the zone's"
            yield Finding(path, message, advice)


@rule("TZ477", Severity.ERROR)
def hostname_outside_zones(graph: Graph) -> Iterator[Finding]:
    """A host name is not in any of the spec's zones.

    trazo cannot create the record that points to the component, nor the one that validates the
    certificate. A host name whose DNS is managed elsewhere needs an existing certificate.

    ```yaml
    zone: {kind: dns, zone: acme.io}
    alb:  {kind: alb, hostname: api.acme.com, routes: [{to: web}]}   # bad
    alb:  {kind: alb, hostname: api.acme.io, routes: [{to: web}]}    # good
    ```
    """
    zones = _zones(graph)
    for name, c in _public(graph):
        if not zones or c.certificate.arn is not None:
            continue
        for host, path in hostnames_of(c, graph):
            if zone_of(host, graph) is None:
                message = (
                    f"`{host}` is not in any zone of the spec: {', '.join(f'`{z}`' for z in zones)}"
                )
                yield Finding(("components", name, *path), message, _in_zone(host, zones))


def _zones(graph: Graph) -> list[str]:
    return sorted({dns.zone for _, dns in graph.of(Dns) if dns.zone is not None})


def _in_zone(host: str, zones: list[str]) -> str:
    """The host name with its domain put right, or what else to do."""
    _, _, domain = host.partition(".")
    near = did_you_mean(domain, zones)
    if near.startswith("did"):
        return near.replace("`", f"`{host.removesuffix(domain)}", 1)
    return "add a `dns` component for it, or the `arn` of an existing certificate"


@rule("TZ478", Severity.WARNING)
def certificate_without_zone(graph: Graph) -> Iterator[Finding]:
    """A certificate is for a name outside all zones of the spec, so nothing validates it.

    AWS requires a DNS record before it issues the certificate. Without a zone in the spec,
    Terraform prints that record and waits up to 75 minutes until you have created it.

    ```yaml
    alb: {kind: alb, hostname: api.acme.io, routes: [{to: web}]}   # bad, without a dns component

    zone: {kind: dns, zone: acme.io, existing: true}               # good, with it
    ```
    """
    for name, c in _public(graph):
        written = graph.written.components[name]
        if c.certificate.arn is not None or not isinstance(written, Alb | Cloudfront):
            continue
        derived = not written.certificate.names
        for i, host in enumerate(c.certificate.names):
            # A host name in the wrong zone is TZ477 already.
            if zone_of(host, graph) is not None or (derived and _zones(graph)):
                continue
            path: SpecPath = ("hostname",) if derived else ("certificate", "names", i)
            message = (
                f"`{host}` is not in any zone of the spec, so you must create the validation "
                "record of its certificate"
            )
            advice = (
                f"add a `dns` component for the domain of `{host}`, or the `arn` of an existing "
                "certificate"
            )
            yield Finding(("components", name, *path), message, advice)
            break


@rule("TZ479", Severity.ERROR, local=True)
def certificate_misses_hostname(graph: Graph) -> Iterator[Finding]:
    """A certificate is not valid for the host name that it is used for.

    Browsers refuse the connection. A wildcard matches exactly one label: `*.acme.io` is valid for
    `api.acme.io`, but not for `acme.io` or `eu.api.acme.io`.

    ```yaml
    {hostname: acme.io, certificate: {names: ["*.acme.io"]}}            # bad
    {hostname: acme.io, certificate: {names: [acme.io, "*.acme.io"]}}   # good
    ```
    """
    for name, c in _public(graph):
        names = c.certificate.names
        for host, path in hostnames_of(c, graph):
            if names and not any(covers(n, host) for n in names):
                shown = ", ".join(f"`{n}`" for n in names)
                message = (
                    f"the certificate of `{name}` is for {shown}, which does not cover `{host}`"
                )
                related = (("components", name, "certificate", "names"),)
                advice = f"add `{host}` to `certificate.names`"
                yield Finding(("components", name, *path), message, advice, related)


def covers(name: str, host: str) -> bool:
    """Whether a name of a certificate is valid for a host name.

    >>> covers("*.acme.io", "api.acme.io"), covers("*.acme.io", "acme.io")
    (True, False)
    """
    return name == host or (name.startswith("*.") and host.partition(".")[2] == name[2:])


@rule("TZ480", Severity.ERROR, local=True)
def foreign_certificate(graph: Graph) -> Iterator[Finding]:
    """An existing certificate is in the wrong region.

    CloudFront accepts only certificates in us-east-1, whatever the spec's region; a load balancer
    accepts only those in its own region. Terraform does not check this, and AWS rejects the
    certificate at the last step.

    ```yaml
    cdn:
      kind: cloudfront
      certificate: {arn: "arn:aws:acm:us-east-2:123456789012:certificate/0f1e2d3c"}   # bad
      certificate: {arn: "arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c"}   # good
    ```
    """
    for name, c in _public(graph):
        arn = c.certificate.arn
        if arn is None:
            continue
        path = ("components", name, "certificate", "arn")
        match = CERTIFICATE_ARN.fullmatch(arn)
        wanted = graph.kind(c).certificate_region or graph.spec.region
        if match is None:
            message = f"`{arn}` is not an AWS Certificate Manager certificate"
            advice = f"write one such as `arn:aws:acm:{wanted}:123456789012:certificate/...`"
            yield Finding(path, message, advice)
        elif match["region"] != wanted:
            who = "CloudFront" if isinstance(c, Cloudfront) else f"a load balancer in `{wanted}`"
            message = (
                f"the certificate is in `{match['region']}`, but {who} requires one in `{wanted}`"
            )
            advice = f"use a certificate in `{wanted}`, or remove `arn` to create a new one"
            yield Finding(path, message, advice)


@rule("TZ481", Severity.ERROR, local=True)
def names_of_existing_certificate(graph: Graph) -> Iterator[Finding]:
    """A certificate is both existing and new.

    ```yaml
    certificate: {arn: "arn:aws:acm:...", names: [api.acme.io]}   # bad
    certificate: {names: [api.acme.io]}                           # good
    ```
    """
    for name, c in _public(graph):
        if c.certificate.arn is not None and c.certificate.names:
            path: SpecPath = ("components", name, "certificate")
            message = (
                f"the certificate of `{name}` has both `names` for a new one and the `arn` of "
                "an existing one"
            )
            yield Finding((*path, "names"), message, "keep one of them", ((*path, "arn"),))


@rule("TZ482", Severity.ERROR, local=True)
def hostname_twice(graph: Graph) -> Iterator[Finding]:
    """Two components have the same host name.

    A host name can point to only one of them, and which one would be a matter of chance.

    ```yaml
    alb: {kind: alb, hostname: www.acme.io, routes: [{to: web}]}
    cdn: {kind: cloudfront, hostname: www.acme.io, origin: static}      # bad
    cdn: {kind: cloudfront, hostname: static.acme.io, origin: static}   # good
    ```
    """
    first: dict[str, SpecPath] = {}
    for name, c in _public(graph):
        for host, path in hostnames_of(c, graph):
            where = ("components", name, *path)
            if host in first:
                message = f"`{first[host][1]}` and `{name}` both use the host name `{host}`"
                yield Finding(where, message, "give each its own host name", (first[host],))
            first.setdefault(host, where)


def _public(graph: Graph) -> Iterator[tuple[str, Alb | Cloudfront]]:
    for name, c in graph.spec.components.items():
        if isinstance(c, Alb | Cloudfront):
            yield name, c


RULES: tuple[Rule, ...] = (
    long_certificate_name,
    hostname_outside_zones,
    certificate_without_zone,
    certificate_misses_hostname,
    foreign_certificate,
    names_of_existing_certificate,
    hostname_twice,
)
