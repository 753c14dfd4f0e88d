"""What happens at each number of a request's way, in words."""

from collections.abc import Iterator, Mapping, Sequence

from compiler.aws.routing import LiveRoute
from compiler.backends.cards import cards_of
from compiler.backends.diagram.model.lanes import Step
from compiler.backends.diagram.views.overview import CALLS
from compiler.backends.diagram.views.overview_networks import in_a_new_network
from compiler.card import Card, Place, listed
from compiler.graph.graph import Graph, Relation
from compiler.plan.plan import Plan
from trazo_spec.components.alb import Alb
from trazo_spec.components.certificate import Certificate
from trazo_spec.components.cloudfront import Cloudfront

ALWAYS_ON = ("always on",)

# The TLS versions that a viewer may speak, by AWS's name for them.
# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
# and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
TLS_VERSIONS: Mapping[str, str] = {
    "ELBSecurityPolicy-TLS13-1-2-2021-06": "TLS 1.2 or 1.3",
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06": "TLS 1.2 or 1.3",
    "ELBSecurityPolicy-TLS13-1-3-2021-06": "TLS 1.3",
    "TLSv1.2_2021": "TLS 1.2 or 1.3",
}


def listener_tls(alb: str, plan: Plan) -> str:
    """The TLS versions of a load balancer's HTTPS listener."""
    body = next(b.body for b in plan.blocks if b.address == f"aws_lb_listener.{alb}_https")
    return TLS_VERSIONS[f"{body['ssl_policy']}"]


def distribution_tls(cdn: str, plan: Plan) -> str:
    """The TLS versions of a distribution."""
    address = f"aws_cloudfront_distribution.{cdn}"
    body = next(b.body for b in plan.blocks if b.address == address)
    match body["viewer_certificate"]:
        case [{"minimum_protocol_version": str(version)}]:
            return TLS_VERSIONS[version]
        case other:
            message = f"{address} has no certificate for viewers: {other}"
            raise ValueError(message)


def numbered(texts: Sequence[str]) -> tuple[Step, ...]:
    """Sentences as steps from 1 on."""
    return tuple(Step(i + 1, text) for i, text in enumerate(texts))


def resolved(name: str, graph: Graph) -> bool:
    """Whether a zone of the spec holds the name that users call a component by."""
    return any(True for _ in graph.edges_from(name, Relation.RESOLVED_BY))


def request_steps(
    name: str,
    alb: Alb,
    routes: Sequence[LiveRoute],
    graph: Graph,
    tls: str,
    schedules: Mapping[str, tuple[str, ...]],
) -> tuple[Step, ...]:
    """The steps of a request through a load balancer."""
    services = tuple(dict.fromkeys(r.service for r in routes))
    texts = [*_lookup(name, alb.hostname, "load balancer", graph)]
    texts.append(
        f"{_client(name, graph)} opens {tls} to the load balancer, which shows "
        f"{_certificate(alb.certificate)}. HTTP on port 80 is redirected to HTTPS."
    )
    texts.append(_rules(routes, services))
    if services:
        off = " ".join(_off_hours(services, schedules))
        texts.append(f"The load balancer passes it on to a healthy task. {off}".strip())
    called = " ".join(_calls(name, services, graph))
    return numbered([*texts, called] if called else texts)


def entry_steps(name: str, card: Card, called: Sequence[str], graph: Graph) -> tuple[Step, ...]:
    """The steps of a request through an entry of which no more is known than its card."""
    texts = [*_lookup(name, card.hostname or name, card.title, graph)]
    texts.append(f"{_client(name, graph)} calls {card.title}.")
    if called:
        texts.append(f"{card.title} passes it on to {', '.join(listed(called))}.")
    return numbered(texts)


def _lookup(name: str, hostname: str, what: str, graph: Graph) -> Iterator[str]:
    if resolved(name, graph):
        yield f"The client looks up {hostname} in Route 53: an alias of the {what}."


def _client(name: str, graph: Graph) -> str:
    """Who connects; a lookup of ours comes before, or one that is not drawn."""
    return "It" if resolved(name, graph) else "The client looks up a name outside of our zones and"


def _certificate(certificate: Certificate) -> str:
    if certificate.arn is not None:
        return "a certificate that is there already"
    return f"the certificate of {', '.join(listed(certificate.names, 2))}"


def _rules(routes: Sequence[LiveRoute], services: Sequence[str]) -> str:
    rest = all(r.priority is not None for r in routes)
    if not rest and len(services) == 1:
        return "Every request goes to the same target group."
    words = "The first rule that matches chooses the target group."
    return f"{words} What no rule matches is answered with 404." if rest else words


def _off_hours(services: Sequence[str], schedules: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What callers get while a service sleeps."""
    asleep = [s for s in services if schedules.get(s, ALWAYS_ON) != ALWAYS_ON]
    if len(asleep) == 1 and len(services) == 1:
        yield "Outside of the hours shown no task runs, and the answer is 503."
    elif asleep:
        names = ", ".join(listed(asleep))
        yield f"Outside of the hours shown no task of {names} runs, and the answer is 503."


def _calls(name: str, services: Sequence[str], graph: Graph) -> Iterator[str]:
    """What tasks call, as far as services have links."""
    cards = cards_of(graph)
    called = {e.target for s in services for e in graph.edges_from(s, *CALLS)} & cards.keys()
    if not called:
        return
    yield "The task calls what it needs."
    if any(cards[n].place is Place.ZONE for n in called):
        yield "Databases and caches let in only the services that are linked to them."
    gateways = sorted({cards[n].gateway.upper() for n in called} - {""})
    if gateways and in_a_new_network(name, graph):
        verb = "is" if len(gateways) == 1 else "are"
        yield f"{' and '.join(gateways)} {verb} reached without the internet."


def file_steps(
    name: str, cdn: Cloudfront, graph: Graph, tls: str, *, ours: bool
) -> tuple[Step, ...]:
    """The steps of a file through a CDN; `ours` says whether the bucket's policy is ours."""
    texts = [*_lookup(name, cdn.hostname, "distribution", graph)]
    texts.append(
        f"{_client(name, graph)} opens {tls} to the nearest edge location, which shows "
        f"{_certificate(cdn.certificate)}. HTTP is redirected to HTTPS; a file in the cache is "
        "answered at once."
    )
    identity = "as its origin access identity" if cdn.origin_access == "oai" else "with SigV4"
    texts.append(f"For any other file CloudFront asks S3, and signs that request {identity}.")
    policy = "lets CloudFront read" if ours else "has to let CloudFront read, and is not ours"
    missing = " A missing file is answered with the start page." if cdn.single_page_app else ""
    public = "The bucket is not public: its policy" if ours else "The policy of the bucket"
    texts.append(f"{public} {policy}.{missing}{_all_hours(graph)}")
    return numbered(texts)


def _all_hours(graph: Graph) -> str:
    """Said where a reader might expect the hours of services to hold here too."""
    fleets = [card.fleet for card in cards_of(graph).values()]
    scheduled = any(fleet is not None and fleet.schedule is not None for fleet in fleets)
    return " Files are served at all hours." if scheduled else ""
