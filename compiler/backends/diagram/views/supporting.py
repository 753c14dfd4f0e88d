"""The services that no arrow shows: certificates, secrets, logs, alarms, roles, idle buckets."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from compiler.backends.diagram.model.picture import Chip, Item
from compiler.backends.diagram.views.items import DASH, Overlays, item_of, money
from compiler.card import Card, Mark, Place, Shared, listed
from compiler.graph.graph import Graph

CERTIFICATE_ICON = "aws.security.CertificateManager"
SECRET_ICON = "aws.security.SecretsManager"  # noqa: S105 - an icon
LOGS_ICON = "aws.management.CloudwatchLogs"
ALARM_ICON = "aws.management.CloudwatchAlarm"
ROLE_ICON = "aws.security.IdentityAndAccessManagementIam"
OTHER_ICON = "aws.management.Cloudwatch"


def supporting(
    graph: Graph, cards: Mapping[str, Card], overlays: Overlays, placed: frozenset[str]
) -> tuple[Item, ...]:
    """All of them; `placed` are the components that stand elsewhere."""
    items = (
        *_certificates(graph, cards),
        *_secrets(graph, cards, overlays),
        *_logs(cards),
        *_alarms(graph, cards, overlays),
        *_roles(cards, overlays),
    )
    # What has no mark of its own adds to one that stands for several.
    own = {n for n, c in cards.items() if c.place is not Place.SUPPORTING or not c.shared}
    idle = tuple(_idle(n, cards[n], overlays) for n in cards if n in own - placed)
    marks = {m for m in Mark if any(i.id.startswith(f"supporting.{m}") for i in items)}
    priced = {n for n, c in cards.items() if any(s.priced and s.mark in marks for s in c.shared)}
    return (*items, *idle, *_rest(overlays, placed | own | priced))


def _of(mark: Mark, cards: Mapping[str, Card]) -> tuple[tuple[str, Shared], ...]:
    """What each component adds to a mark."""
    return tuple((n, s) for n, c in cards.items() for s in c.shared if s.mark is mark)


def _lines(mark: Mark, cards: Mapping[str, Card]) -> tuple[str, ...]:
    """All lines of a mark, each once."""
    return tuple(dict.fromkeys(line for _, s in _of(mark, cards) for line in s.lines))


def _owners(mark: Mark, cards: Mapping[str, Card]) -> tuple[str, ...]:
    """The components that have their price at a mark."""
    return tuple(name for name, s in _of(mark, cards) if s.priced)


def _certificates(graph: Graph, cards: Mapping[str, Card]) -> Iterator[Item]:
    names = _lines(Mark.CERTIFICATES, cards)
    if any(n.kind == "certificate" for n in graph.nodes):
        yield Item(
            "supporting.certificates",
            CERTIFICATE_ICON,
            "Certificates",
            listed(names),
            tooltip="\n".join(names),
        )


def _secrets(graph: Graph, cards: Mapping[str, Card], overlays: Overlays) -> Iterator[Item]:
    owners = _owners(Mark.SECRETS, cards)
    names = [
        n.name.removeprefix(f"{n.owner}.") if n.owner in owners else n.name.replace(".", " ")
        for n in graph.nodes
        if n.kind == "secret"
    ]
    if names:
        cost = overlays.chips(*owners)
        title = "Secrets Manager"
        yield Item("supporting.secrets", SECRET_ICON, title, listed(names), cost, "\n".join(names))


def _logs(cards: Mapping[str, Card]) -> Iterator[Item]:
    days = sorted({int(line) for line in _lines(Mark.LOGS, cards)})
    if days:
        span = f"{days[0]}" if len(days) == 1 else f"{days[0]}{DASH}{days[-1]}"
        unit = "day" if days == [1] else "days"
        many = len(_of(Mark.LOGS, cards)) > 1
        whose = "output of all services" if many else "output of the service"
        details = (whose, f"kept {span} {unit}")
        yield Item("supporting.logs", LOGS_ICON, "CloudWatch Logs", details)


def _alarms(graph: Graph, cards: Mapping[str, Card], overlays: Overlays) -> Iterator[Item]:
    elsewhere = _owners(Mark.SECRETS, cards) if any(n.kind == "secret" for n in graph.nodes) else ()
    for name, shared in _of(Mark.ALARMS, cards):
        cost = () if name in elsewhere else overlays.chips(name)
        yield Item(
            f"supporting.alarms.{name}",
            ALARM_ICON,
            "CloudWatch alarms",
            shared.lines,
            cost,
            "\n".join(shared.lines),
        )


def _roles(cards: Mapping[str, Card], overlays: Overlays) -> Iterator[Item]:
    if _of(Mark.ROLES, cards):
        cost = overlays.chips(*_owners(Mark.ROLES, cards))
        yield Item("supporting.roles", ROLE_ICON, "IAM roles", _lines(Mark.ROLES, cards), cost)


def _idle(name: str, card: Card, overlays: Overlays) -> Item:
    """A component that no arrow reaches."""
    item = item_of(name, card, overlays)
    alone = card.idle if card.place is Place.REGION else name
    return replace(item, details=card.details or (alone,))


def _rest(overlays: Overlays, shown: frozenset[str]) -> Iterator[Item]:
    """What has a price but no item, so that the prices add up to the total."""
    left = {n: usd for n, usd in overlays.costs_usd.items() if n not in shown and usd}
    if left:
        chip = Chip(money(sum(left.values(), Decimal(0))), "cost")
        yield Item("supporting.rest", OTHER_ICON, "Other", listed(sorted(left)), (chip,))
