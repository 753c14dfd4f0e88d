"""What happens at each number of a request's way, in words."""

from collections.abc import Iterator, Mapping, Sequence

from compiler.backends.cards import Scene
from compiler.backends.diagram.model.lanes import Step
from compiler.backends.diagram.views.overview import CALLS
from compiler.backends.diagram.views.overview_networks import in_a_new_network
from compiler.card import Card, Origin, Place, Rule, listed
from compiler.graph.graph import Relation
from compiler.plan.plan import Plan, Value

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


def shown_certificate(body: Mapping[str, Value]) -> tuple[str, Value] | None:
    """The TLS policy of a block and the certificate that it shows; None where it shows none."""
    match body:
        case {"ssl_policy": str(policy), "certificate_arn": arn}:
            return policy, arn
        case {
            "viewer_certificate": [
                {"minimum_protocol_version": str(policy), "acm_certificate_arn": arn}
            ]
        }:
            return policy, arn
        case _:
            return None


def tls_words(name: str, plan: Plan) -> str:
    """The TLS versions that a component speaks with users."""
    certificates = (shown_certificate(b.body) for b in plan.blocks if b.component == name)
    policy = next(
        (certificate[0] for certificate in certificates if certificate is not None), "TLS"
    )
    return TLS_VERSIONS.get(policy, policy)


def numbered(texts: Sequence[str]) -> tuple[Step, ...]:
    """Sentences as steps from 1 on."""
    return tuple(Step(i + 1, text) for i, text in enumerate(texts))


def resolved(name: str, scene: Scene) -> bool:
    """Whether a zone of the spec holds the name that users call a component by."""
    return any(True for _ in scene.graph.edges_from(name, Relation.RESOLVED_BY))


def request_steps(
    name: str, card: Card, scene: Scene, tls: str, schedules: Mapping[str, tuple[str, ...]]
) -> tuple[Step, ...]:
    """The steps of a request through an entry that passes it on by rules."""
    services = tuple(dict.fromkeys(r.target for r in card.rules))
    texts = [*_opened(name, card, tls, scene), _rules(card.rules, services)]
    if services:
        off = " ".join(_off_hours(services, schedules))
        where = card.door.where if card.door is not None else card.title
        texts.append(f"{where[:1].upper()}{where[1:]} forwards it to a healthy task. {off}".strip())
    called = " ".join(_calls(name, services, scene))
    return numbered([*texts, called] if called else texts)


def _opened(name: str, card: Card, tls: str, scene: Scene) -> Iterator[str]:
    """How a client comes in."""
    door = card.door
    if door is None:
        yield from _lookup(name, card.hostname or name, card.title, scene)
        yield f"{_client(name, scene)} calls {card.title}."
    else:
        yield from _lookup(name, card.hostname, door.noun, scene)
        opened = f"{_client(name, scene)} opens {tls} to {door.where}"
        yield f"{opened}, which presents {door.certificate}. {door.redirect}"


def entry_steps(
    name: str, card: Card, called: Sequence[str], scene: Scene, tls: str
) -> tuple[Step, ...]:
    """The steps of a request through an entry that has no rules."""
    texts = [*_opened(name, card, tls, scene)]
    if called:
        texts.append(f"{card.title} forwards it to {', '.join(listed(called))}.")
    return numbered(texts)


def _lookup(name: str, hostname: str, what: str, scene: Scene) -> Iterator[str]:
    if resolved(name, scene):
        yield f"The client looks up {hostname} in Route 53, an alias record for the {what}."


def _client(name: str, scene: Scene) -> str:
    """Who connects; a lookup of ours comes before, or one that is not drawn."""
    return (
        "It" if resolved(name, scene) else "The client looks up a name outside the spec's zones and"
    )


def _rules(rules: Sequence[Rule], services: Sequence[str]) -> str:
    rest = all(r.condition for r in rules)
    if not rest and len(services) == 1:
        return "Every request goes to the same target group."
    words = "The first rule that matches chooses the target group."
    return f"{words} Requests that match no rule get a 404 response." if rest else words


def _off_hours(services: Sequence[str], schedules: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What callers get while a service sleeps."""
    asleep = [s for s in services if schedules.get(s, ALWAYS_ON) != ALWAYS_ON]
    if len(asleep) == 1 and len(services) == 1:
        yield "Outside the hours shown, no task runs, and the response is 503."
    elif asleep:
        names = ", ".join(listed(asleep))
        yield f"Outside the hours shown, no task of {names} runs, and the response is 503."


def _calls(name: str, services: Sequence[str], scene: Scene) -> Iterator[str]:
    """What tasks call, as far as services have links."""
    cards = scene.cards
    called = {e.target for s in services for e in scene.graph.edges_from(s, *CALLS)} & cards.keys()
    if not called:
        return
    yield "The task calls the services that it uses."
    if any(cards[n].place is Place.ZONE for n in called):
        yield "Databases and caches accept connections only from services that are linked to them."
    gateways = sorted({cards[n].gateway.upper() for n in called} - {""})
    if gateways and in_a_new_network(name, scene.graph):
        verb = "is" if len(gateways) == 1 else "are"
        yield f"{' and '.join(gateways)} {verb} reached without the internet."


def file_steps(name: str, card: Card, origin: Origin, scene: Scene, tls: str) -> tuple[Step, ...]:
    """The steps of a file that an entry has in its cache, or gets from its origin."""
    *first, last = origin.steps
    return numbered([*_opened(name, card, tls, scene), *first, f"{last}{_all_hours(scene)}"])


def _all_hours(scene: Scene) -> str:
    """Said where a reader might expect the hours of services to hold here too."""
    fleets = [card.fleet for card in scene.cards.values()]
    scheduled = any(fleet is not None and fleet.schedule is not None for fleet in fleets)
    return " Files are always served." if scheduled else ""
