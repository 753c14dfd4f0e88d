"""A card as an item of a diagram: icon, title, a few words, its price and its findings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from compiler.backends.diagram.model.picture import Chip, Item, TaskRows
from compiler.card import Card, listed
from trazo_spec.diagnostics import Diagnostic, Severity

DASH = "\N{EN DASH}"

ZONES = "route-53"
"""The id of the item for all that resolves host names."""

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Overlays:
    """What is shown on top of the architecture."""

    costs_usd: Mapping[str, Decimal]
    """USD per month of each component, in whole cents; empty for a diagram without prices."""
    schedules: Mapping[str, tuple[str, ...]]
    """For each service with hours: its windows in words."""
    findings: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict)
    """What is found in each component; empty for a diagram without findings."""

    def chips(self, *components: str) -> tuple[Chip, ...]:
        """What some components cost together, and what is found in them."""
        diagnostics = [d for c in components for d in self.findings.get(c, ())]
        return (*self.cost(*components), *finding_chip(diagnostics))

    def cost(self, *components: str) -> tuple[Chip, ...]:
        """The price of some components together; nothing for what has no bill."""
        known = [self.costs_usd[c] for c in components if c in self.costs_usd]
        usd = sum(known, Decimal(0))
        return (Chip(money(usd), "cost"),) if usd else ()


def finding_chip(findings: Sequence[Diagnostic]) -> tuple[Chip, ...]:
    """How many findings there are, in the colour of the worst; nothing for none."""
    counts = Counter(d.severity for d in findings)
    there = [(severity, counts[severity]) for severity in Severity if counts[severity]]
    if not there:
        return ()
    words = ", ".join(f"{count} {s}{'s' if count > 1 else ''}" for s, count in there)
    tooltip = "\n".join(f"{d.severity} {d.code}: {d.message}" for d in findings)
    return (Chip(words, there[0][0].value, tooltip),)


def money(usd: Decimal) -> str:
    """An amount with cents.

    >>> money(Decimal("1234.5"))
    '$1,234.50'
    """
    return f"${usd:,.2f}"


def total_chip(costs_usd: Mapping[str, Decimal]) -> Chip:
    """What everything costs together."""
    return Chip(f"{money(sum(costs_usd.values(), Decimal(0)))} / month", "cost")


def in_cents(costs_usd: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    """The same amounts in whole cents, so that they add up to the rounded total.

    >>> a_third = Decimal(1) / 3
    >>> [str(usd) for usd in in_cents({"a": a_third, "b": a_third, "c": a_third}).values()]
    ['0.34', '0.33', '0.33']
    """
    total = sum(costs_usd.values(), Decimal(0)).quantize(_CENT)
    rounded = {name: usd // _CENT * _CENT for name, usd in sorted(costs_usd.items())}
    missing = int((total - sum(rounded.values(), Decimal(0))) / _CENT)
    by_rest = sorted(rounded, key=lambda name: (rounded[name] - costs_usd[name], name))
    return {name: usd + _CENT * (name in by_rest[:missing]) for name, usd in rounded.items()}


def item_of(name: str, card: Card, overlays: Overlays) -> Item:
    """A component with its price and what is found in it."""
    return Item(
        name,
        card.icon,
        card.title,
        card.details,
        overlays.chips(name),
        card.tooltip,
        keeps_data=card.keeps_data,
    )


def zones(cards: Mapping[str, Card], overlays: Overlays) -> Item | None:
    """All that resolves host names as one item, for it is one service to a reader."""
    if not cards:
        return None
    first = next(iter(cards.values()))
    names = [line for c in cards.values() for line in c.details]
    chips = overlays.chips(*cards)
    return Item(ZONES, first.icon, first.title, listed(names), chips, "\n".join(names))


def service(name: str, card: Card, overlays: Overlays, rows: int, *, alone: bool) -> TaskRows:
    """A service: its capacity and size, and what stands below the task icon of each zone."""
    item = item_of(name, card, overlays)
    title = card.title if alone else name
    if card.fleet is None:
        return TaskRows(replace(item, title=title))
    fleet = card.fleet
    windows = overlays.schedules.get(name, ())
    zone = fleet.schedule.timezone if fleet.schedule else "UTC"
    chips = [Chip(w.removesuffix(f" {zone}") if "/" in zone else w, "schedule") for w in windows]
    low, high = fleet.min, fleet.max
    tasks = f"{low} task{'s' * (low != 1)}" if low == high else f"{low}{DASH}{high} tasks"
    hours = f" · hours in {_city(zone)}" if windows and "/" in zone else ""
    captions = tuple(
        "tasks" if high > rows else "task" if high > row else "or here" for row in range(rows)
    )
    return TaskRows(
        replace(
            item,
            title=title,
            details=(*item.details, f"{tasks}{hours}"),
            chips=(*item.chips, *chips),
        ),
        captions,
    )


def _city(zone: str) -> str:
    """A time zone as people say it.

    >>> _city("America/New_York")
    'New York'
    """
    return zone.rpartition("/")[2].replace("_", " ")
