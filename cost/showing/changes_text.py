"""What changes of resources do, for terminals, reviews and programs."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.table import Table

from compiler.backends.screen import Text
from compiler.changes.causes import FEWEST_GROUPED, Change, Following, follower_lines, followers
from compiler.changes.effects import Effect, Verdict
from compiler.changes.losses import holds_data
from compiler.changes.sentences import WORDS, Downtime, downtime_words, downtimes, sentences
from cost.showing.fitting import Fitting
from trazo_spec import visible

MINUS = "\N{MINUS SIGN}"
ARROW = "\N{RIGHTWARDS ARROW}"
CHANGED = "~"
NOTHING = "No changes."
STYLES = {
    "+": "green",
    "~": "yellow",
    MINUS: "red",
    f"{MINUS}/+": "bold red",
    ARROW: "cyan",
    "=": "dim",
}
VERDICT_STYLES = {
    WORDS[Verdict.REFUSED]: "bold red",
    WORDS[Verdict.LOSES_DATA]: "bold red",
    WORDS[Verdict.REPLACES]: "red",
    WORDS[Verdict.INTERRUPTS]: "bold yellow",
    WORDS[Verdict.MAY_BE_REFUSED]: "yellow",
    WORDS[Verdict.PENDING]: "cyan",
    WORDS[Verdict.NEW_TASKS_ONLY]: "cyan",
    "downtime": "bold yellow",
    "to do": "bold green",
}
"""By the words that a line begins with: color repeats them, and says nothing alone."""
INDENT = 2


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a resource."""

    mark: str
    """As Terraform's own plans mark it."""
    address: str
    because: str
    """Why it is touched; empty where nothing is to be said."""
    lines: tuple[str, ...] = ()
    """What the change does."""


def lines_of(change: Following, groups: Mapping[str, Sequence[Following]]) -> tuple[str, ...]:
    """What a change does, a line each, and what it takes along."""
    own = (line for effect in change.effects for line in sentences(effect))
    return (*own, *follower_lines(groups.get(change.address, ())))


def groups_of(changes: Iterable[Change]) -> Mapping[str, tuple[Change, ...]]:
    """What follows from each address, but for what holds data."""
    return followers(change for change in changes if not holds_data(change.address))


def own(changes: Iterable[Change]) -> list[Change]:
    """What is told for itself, the worst first."""
    return worst_first(c for c in changes if not c.follows or holds_data(c.address))


def worst_first(changes: Iterable[Change]) -> list[Change]:
    """Changes by what they do, then by their addresses."""
    order = list(Verdict)

    def rank(change: Change) -> tuple[int, str]:
        return min((order.index(e.verdict) for e in change.effects), default=len(order)), (
            change.address
        )

    return sorted(changes, key=rank)


def folded(told: Sequence[Told]) -> list[Told]:
    """The same, with those about which there is nothing to say in one entry for each reason."""
    silent: dict[str, list[str]] = {}
    for one in filter(_silent, told):
        silent.setdefault(one.because, []).append(one.address)
    many = {b: addresses for b, addresses in silent.items() if len(addresses) >= FEWEST_GROUPED}
    kept = [one for one in told if not (_silent(one) and one.because in many)]
    return kept + [
        Told(CHANGED, f"{len(addresses)} resources", because, (", ".join(addresses),))
        for because, addresses in sorted(many.items())
    ]


def _silent(one: Told) -> bool:
    return one.mark == CHANGED and not one.lines


def told_moves(moves: Sequence[tuple[str, str]]) -> list[Told]:
    """What only gets another address, as one entry: the addresses before and after."""
    if not moves:
        return []
    count = f"{len(moves)} resource{'s' * (len(moves) > 1)}"
    lines = tuple(f"{now} was {before}" for before, now in moves)
    return [Told(ARROW, count, "only in Terraform's state; nothing happens in AWS", lines)]


def verdict_lines(changes: Sequence[Following], lost: Collection[str] = ()) -> Iterator[str]:
    """What is worst, a line each: downtime, what loses data, and what AWS refuses.

    Args:
        changes: The changes.
        lost: The addresses of what loses data beside what their effects say.
    """
    began = {change.address: change.follows for change in changes if change.follows}
    titles = ((False, "downtime"), (True, "downtime in the maintenance window"))
    for pending, title in titles:
        total = downtimes(((c.address, c.effects) for c in changes), pending=pending)
        if words := downtime_words(total, began):
            yield visible.one_line(f"{title}: {words}")
    verdicts = {c.address: {e.verdict for e in c.effects} for c in changes}
    losing = [a for a, does in verdicts.items() if Verdict.LOSES_DATA in does or a in lost]
    refused = [a for a, does in verdicts.items() if Verdict.REFUSED in does]
    if losing:
        yield visible.one_line(f"{WORDS[Verdict.LOSES_DATA]}: {', '.join(losing)}")
    if refused:
        told = f"{WORDS[Verdict.REFUSED]}: {', '.join(refused)}; the apply would stop halfway"
        yield visible.one_line(told)


def resources_table(told: Sequence[Told]) -> Fitting:
    """Each resource with the reason beside it, or below it where there is little room."""
    wide, narrow = table("", "resource", "because of"), table("", "resource")
    for one in told:
        mark, address = Text(one.mark, STYLES[one.mark]), Text(visible.one_line(one.address))
        because = Text(visible.one_line(one.because), "dim")
        lines = [Padding(styled(visible.one_line(line)), _indent(line)) for line in one.lines]
        first = [because] if one.because else []
        wide.add_row(mark, address, Group(*first, *lines))
        beside = Text.assemble(address, "  ", because) if one.because else address
        narrow.add_row(mark, Group(beside, *(Padding(line, (0, 0, 0, INDENT)) for line in lines)))
    return Fitting(wide, narrow)


def _indent(line: str) -> tuple[int, int, int, int]:
    """An item of a list is below its title."""
    return (0, 0, 0, INDENT if line.startswith("- ") else 0)


def styled(line: str) -> Text:
    """A line of a change, with the words that it begins with in their color."""
    text = Text(line)
    for words, style in VERDICT_STYLES.items():
        if line.startswith(words):
            text.stylize(style, 0, len(words))
            break
    return text


def resources_rows(told: Sequence[Told]) -> Iterator[str]:
    """The same as a table in Markdown."""
    yield from header(("", "resource", "because of"))
    for one in told:
        lines = filter(None, (one.because, *one.lines))
        cells = "<br>".join(visible.markdown(visible.one_line(line)) for line in lines)
        yield visible.markdown_row((one.mark, visible.markdown_code(one.address), cells))


def table(*columns: str) -> Table:
    """An empty table for a terminal; long words are folded."""
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in columns:
        grid.add_column(title, overflow="fold")
    return grid


def header(titles: Sequence[str], numbers: int = 0) -> tuple[str, str]:
    """The first two lines of a table in Markdown, the last few columns for numbers."""
    rules = ["---"] * (len(titles) - numbers) + ["---:"] * numbers
    return visible.markdown_row(titles), visible.markdown_row(rules)


def effect_values(effect: Effect) -> dict[str, object]:
    """An effect as plain JSON values."""
    return {
        "arguments": list(effect.arguments),
        "verdict": str(effect.verdict),
        "reason": effect.reason or None,
        "downtime": effect.downtime,
        "minutes": _minutes(effect.minutes),
        "depends_on": effect.depends_on or None,
        "pending": effect.pending,
        "advice": effect.advice or None,
        "condition": effect.condition or None,
        "source": effect.source,
    }


def downtime_values(total: Downtime) -> dict[str, object]:
    """A total as plain JSON values, in minutes."""
    return {"minutes": _minutes(total.minutes), "unknown": list(total.unknown)}


def _minutes(minutes: tuple[float, float] | None) -> dict[str, float] | None:
    return None if minutes is None else {"low": minutes[0], "high": minutes[1]}
