"""Rules about what visitors of a host name get: a page, a record, HTTPS for how long."""

import re
from collections.abc import Iterator

from compiler.graph.graph import Graph, Relation, hostnames_of, zone_of
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.dns import Dns
from trazo_spec.diagnostics import Severity

# Source: https://hstspreload.org/#submission-requirements, read 2026-11-30
PRELOAD_DAYS = 365
# Chosen: how hosts are called that hold the files of other pages.
OF_FILES = re.compile(
    r"(static|assets?|cdn|media|images?|img|files?|uploads?|downloads?)([-.0-9]|$)"
)


@rule("TZ695", Severity.WARNING, local=True)
def refused_preload(graph: Graph) -> Iterator[Finding]:
    """Browsers would not accept a domain for their preload lists.

    The lists accept only domains whose header includes subdomains and is valid for a year or more.

    ```yaml
    hsts: {preload: true}                             # bad
    hsts: {preload: true, include_subdomains: true}   # good
    ```
    """
    for name, cdn in graph.of(Cloudfront):
        path = ("components", name, "hsts")
        if not cdn.hsts.preload:
            continue
        if not cdn.hsts.include_subdomains:
            message = f"`{name}` asks for `preload` without `include_subdomains`"
            yield Finding((*path, "preload"), message, "add `include_subdomains: true`")
        if cdn.hsts.max_age_days < PRELOAD_DAYS:
            message = (
                f"`{name}` asks for `preload` with {cdn.hsts.max_age_days} days, but the lists "
                f"require {PRELOAD_DAYS}"
            )
            yield Finding((*path, "max_age_days"), message, f"write {PRELOAD_DAYS} or more")


@rule("TZ696", Severity.WARNING)
def hsts_at_apex(graph: Graph) -> Iterator[Finding]:
    """A whole domain would be HTTPS only, for as long as browsers remember.

    At the top of a domain, `include_subdomains` holds for every host name of the domain: for mail
    servers' web pages, devices and hosts of other teams, too. A browser that has seen the header
    refuses HTTP there for `max_age_days`, and nothing that you deploy later can call it back for
    those who do not return.

    ```yaml
    cdn: {kind: cloudfront, hostname: acme.io, hsts: {include_subdomains: true}}   # bad
    cdn: {kind: cloudfront, hostname: acme.io}                                     # good
    ```
    """
    tops = {dns.zone for _, dns in graph.of(Dns)} | {graph.spec.domain}
    for name, cdn in graph.of(Cloudfront):
        if cdn.hsts.include_subdomains and cdn.hsts.max_age_days and cdn.hostname in tops:
            message = (
                f"every host name below `{cdn.hostname}` would be HTTPS only for "
                f"{cdn.hsts.max_age_days} days"
            )
            advice = "leave `include_subdomains` out, unless all of them are served by HTTPS"
            yield Finding(("components", name, "hsts", "include_subdomains"), message, advice)


@rule("TZ698", Severity.INFO)
def site_without_page(graph: Graph) -> Iterator[Finding]:
    """A distribution has no page for `/`.

    CloudFront then asks S3 for the list of the bucket, which is private: visitors of the host name
    itself get status 403. This is fine where only files are linked, such as styles and images, so
    host names such as `static.acme.io` and buckets that a service writes to do not show it.

    ```yaml
    site: {kind: cloudfront, hostname: www.acme.io, origin: files}                        # bad
    site: {kind: cloudfront, hostname: www.acme.io, origin: files,
      default_root_object: index.html}                                                    # good
    ```
    """
    for name, cdn in graph.of(Cloudfront):
        if cdn.default_root_object is not None or cdn.single_page_app:
            continue
        # A bucket that a service fills holds the files of its pages, not the pages.
        filled = any(graph.edges_to(cdn.origin, Relation.WRITES))
        if not filled and not OF_FILES.match(cdn.hostname):
            message = f"`https://{cdn.hostname}/` responds with 403"
            advice = "add `default_root_object: index.html`, unless only files are linked"
            yield Finding(("components", name), message, advice)


@rule("TZ699", Severity.INFO)
def host_without_record(graph: Graph) -> Iterator[Finding]:
    """A host name with an existing certificate is in no zone of the spec.

    Nothing creates its DNS record, so this name does not lead to the component until you create
    one. If its zone is in the account, add a `dns` component for it.

    ```yaml
    zone: {kind: dns, zone: acme.io}
    alb:
      certificate: {arn: "arn:aws:acm:..."}
      routes: [{host: shop.acme.com, to: web}]   # bad
      routes: [{host: shop.acme.io, to: web}]    # good
    ```
    """
    if not any(graph.of(Dns)):
        return  # all names are managed elsewhere
    for name, c in graph.spec.components.items():
        if isinstance(c, Alb | Cloudfront) and c.certificate.arn is not None:
            for host, path in hostnames_of(c, graph):
                if zone_of(host, graph) is None:
                    message = f"`{host}` is not in any zone of the spec: nothing creates its record"
                    advice = "create it by hand, or add a `dns` component for its zone"
                    yield Finding(("components", name, *path), message, advice)


RULES: tuple[Rule, ...] = (
    refused_preload,
    hsts_at_apex,
    site_without_page,
    host_without_record,
)
