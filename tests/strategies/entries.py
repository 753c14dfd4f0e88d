"""Entries from the internet: load balancers and distributions with their certificates."""

from hypothesis import strategies as st

from tests.strategies.draft import Draft
from tests.strategies.words import Document, some

TLS_POLICIES = ("ELBSecurityPolicy-TLS13-1-2-Res-2021-06", "ELBSecurityPolicy-TLS13-1-3-2021-06")


def add_load_balancer(draft: Draft) -> None:
    """A load balancer for some of the services that listen and stand in one VPC."""
    draw, place = draft.draw, draft.place()
    listening = [n for n in draft.of("ecs") if "port" in draft.components[n]]
    services = st.sampled_from([n for n in listening if draft.beside(n, place)] or ["none"])
    if draw(services) == "none":
        return
    host = draft.host()
    routes: list[Document] = []
    for position in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from((f"/{position}/*", f"/{position}$?\"'@:+&.~_-*")))
        only = draw(st.sampled_from(({"path": path}, {"host": host, "path": path}, {})))
        routes.append({"to": draw(services), **(only or {"host": draft.host()})})
    routes.append({"to": draw(services)})
    hosts = [host, *(r["host"] for r in routes if "host" in r)]
    certificate = _certificate(draft, draft.region, hosts)
    body = {**place, "hostname": host, "routes": routes, **certificate}
    if logs := draft.of("s3", purpose="alb_logs"):
        enabled = some(enabled=st.booleans())
        body["access_logs"] = {"bucket": draw(st.sampled_from(logs)), **draw(enabled)}
    body |= draw(
        some(
            idle_timeout_s=st.integers(1, 4000),
            deletion_protection=st.booleans(),
            tls_policy=st.sampled_from(TLS_POLICIES),
        )
    )
    draft.add("alb", body)


def _certificate(draft: Draft, region: str, hosts: list[str]) -> Document:
    """A new certificate for the host names where a zone can prove them, else an existing one."""
    match draft.draw(st.integers(0, 3)) if draft.zones else 0:
        case 0:
            number = "01234567-89ab-cdef-0123-456789abcdef"
            return {
                "certificate": {"arn": f"arn:aws:acm:{region}:123456789012:certificate/{number}"}
            }
        case 1:
            wider = [f"*.{host.partition('.')[2]}" for host in hosts]
            return {"certificate": {"names": list(dict.fromkeys([*hosts, *wider]))}}
        case _:
            return {}


def add_distribution(draft: Draft) -> None:
    """A distribution for a bucket of files that no other one serves."""
    draw = draft.draw
    served = {draft.components[n]["origin"] for n in draft.of("cloudfront")}
    buckets = [n for n in draft.of("s3", purpose="static") if n not in served]
    if not buckets:
        return
    body = {"hostname": draft.host(), "origin": draw(st.sampled_from(buckets))}
    page = draw(st.sampled_from(({}, {"default_root_object": "index.html"})))
    optional = some(
        origin_access=st.sampled_from(("oac", "oai")),
        price_class=st.sampled_from(("PriceClass_All", "PriceClass_100")),
        hsts=some(
            max_age_days=st.sampled_from((0, 365, 730)),
            include_subdomains=st.booleans(),
            preload=st.booleans(),
        ),
        content_security_policy=st.just("default-src 'self' ${x} %{y} \"z\""),
        **({"single_page_app": st.booleans()} if page else {}),
    )
    certificate = _certificate(draft, "us-east-1", [body["hostname"]])
    draft.add("cloudfront", {**body, **page, **certificate, **draw(optional)})
