"""What effects of changes are called: a sentence for each, and how long what is down."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from compiler.changes.effects import Effect, Verdict

WORDS = {
    Verdict.REFUSED: "refused by AWS",
    Verdict.LOSES_DATA: "loses data",
    Verdict.REPLACES: "replaced",
    Verdict.INTERRUPTS: "interrupts",
    Verdict.MAY_BE_REFUSED: "may be refused by AWS",
    Verdict.PENDING: "pending",
    Verdict.IGNORED: "ignored",
    Verdict.NEW_TASKS_ONLY: "rolls tasks",
    Verdict.UNKNOWN: "not known",
    Verdict.IN_PLACE: "in place",
}
"""What comes before the reason."""
IN_WINDOW = "waits for the maintenance window, and Terraform shows it at every plan until then"
UNSEEN_IN_WINDOW = "waits for the maintenance window, and no plan of Terraform shows it until then"
UNSEEN = ("major_upgrade", "minor_upgrade", "minor_version_left_out", "minor_version_named")
"""Versions of databases, by their conditions: the provider reads which one is pending."""


@dataclass(frozen=True, slots=True)
class Downtime:
    """How long resources do not serve, either at the apply or in the maintenance window."""

    minutes: tuple[float, float] | None = None
    """Together, from the longest of them to all one after the other; None where none is known."""
    unknown: tuple[str, ...] = ()
    """The addresses of those for which AWS publishes no figure."""

    @property
    def none(self) -> bool:
        """Whether nothing is down."""
        return self.minutes is None and not self.unknown


def sentences(effect: Effect) -> tuple[str, ...]:
    """What an effect does, how long, when and what to do; empty where there is nothing to say.

    >>> found = Effect(("port",), Verdict.INTERRUPTS, "It restarts", "https://x", downtime=True)
    >>> sentences(found)
    ('interrupts (port): It restarts.', 'downtime unknown')
    """
    if not effect.reason:
        return ()
    first = f"{WORDS[effect.verdict]} ({', '.join(effect.arguments)}): {effect.reason}."
    advice = f"to do: {effect.advice}" if effect.advice else ""
    return tuple(filter(None, (first, downtime_of(effect), _wait(effect), advice)))


def _wait(effect: Effect) -> str:
    """What to expect of plans until the window; empty where nothing waits for it."""
    shown = UNSEEN_IN_WINDOW if effect.condition in UNSEEN else IN_WINDOW
    return shown if effect.pending else ""


def duration(minutes: tuple[float, float]) -> str:
    """A range of minutes in words.

    >>> duration((1.0, 2.0)), duration((0, 0.02)), duration((5, 5))
    ('1 to 2 minutes', 'up to 1.2 seconds', '5 minutes')
    """
    low, high = minutes
    unit = "minutes" if high >= 1 else "seconds"
    first, last = (f"{m if high >= 1 else m * 60:g}" for m in (low, high))
    if low == high:
        return f"{last} {unit}"
    return f"up to {last} {unit}" if low == 0 else f"{first} to {last} {unit}"


def downtimes(
    changes: Iterable[tuple[str, Sequence[Effect]]], *, pending: bool = False
) -> Downtime:
    """How long the changed resources are down, at the apply or, where pending, in the window.

    Args:
        changes: Addresses with their effects.
        pending: Whether those in the maintenance window are counted, instead of those at the apply.
    """
    ranges, unknown = [], []
    for address, effects in changes:
        stopped = [e for e in effects if e.downtime and e.pending == pending]
        known = [e.minutes for e in stopped if e.minutes is not None]
        if len(known) < len(stopped):
            unknown.append(address)
        ranges += known
    total = (max(low for low, _ in ranges), sum(high for _, high in ranges)) if ranges else None
    return Downtime(total, tuple(unknown))


def downtime_words(total: Downtime, began: Mapping[str, str] = MappingProxyType({})) -> str:
    """A total, `1 to 2 minutes, and unknown for aws_lb.alb`; empty where nothing is down.

    Args:
        total: The total.
        began: For each address that only follows another one, that one: it is named instead.
    """
    known = duration(total.minutes) if total.minutes is not None else ""
    along = Counter(began[address] for address in total.unknown if address in began)
    own = [a for a in total.unknown if a not in began or along[began[a]] == 1]
    many = ((cause, count) for cause, count in along.items() if count > 1)
    names = [*own, *(f"{count} that {cause} takes along" for cause, count in many)]
    unknown = f"unknown for {', '.join(names)}" if names else ""
    return ", and ".join(filter(None, (known, unknown)))


def downtime_of_all(changes: Iterable[tuple[str, Sequence[Effect]]]) -> str:
    """How long changes take something down at the apply, and on what that depends."""
    changes = tuple(changes)
    stopping = [e for _, effects in changes for e in effects if e.downtime and not e.pending]
    depends = dict.fromkeys(e.depends_on for e in stopping if e.depends_on)
    total = downtimes(changes)
    ranges = filter(
        None,
        (
            duration(total.minutes) if total.minutes is not None else "",
            "unknown" if total.unknown else "",
        ),
    )
    words = f"downtime {' and '.join(ranges)}" if stopping else ""
    return f"{words}, depends on {'; '.join(depends)}" if words and depends else words


def downtime_of(effect: Effect) -> str:
    """How long an effect takes something down, and on what that depends."""
    if not effect.downtime:
        return f"depends on {effect.depends_on}" if effect.depends_on else ""
    depends = f", depends on {effect.depends_on}" if effect.depends_on else ""
    known = duration(effect.minutes) if effect.minutes is not None else "unknown"
    return f"downtime {known}{depends}"
