"""What a plan of Terraform does, for terminals, reviews and programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from compiler.backends.screen import Text
from compiler.changes.effects import Verdict
from compiler.changes.planned import PlannedChange, Step, TerraformPlan
from compiler.changes.review import loss
from compiler.changes.sentences import Downtime, downtime_words, downtimes, sentence
from cost.showing.diff_text import (
    ARROW,
    MINUS,
    NOTHING,
    STYLES,
    downtime_values,
    effect_values,
    header,
    table,
)
from cost.showing.fitting import Fitting
from trazo_spec import visible
from trazo_spec.diagnostics import Diagnostic, as_document

SCHEMA = "trazo.review/1"
MARKS = {
    Step.CREATE: "+",
    Step.CHANGE: "~",
    Step.REPLACE: f"{MINUS}/+",
    Step.DESTROY: MINUS,
    Step.MOVE: ARROW,
    Step.IMPORT: ARROW,
    Step.FORGET: ARROW,
}
"""As Terraform's own plans mark them; an arrow for what changes in the state only."""


@dataclass(frozen=True, slots=True)
class Review:
    """A plan, where it comes from, and what is found in it."""

    plan: TerraformPlan
    name: str
    """The file."""
    production: bool
    findings: Sequence[Diagnostic]
    """What is wrong with it."""

    def downtime(self, *, pending: bool = False) -> Downtime:
        """How long something is down at the apply, or in the maintenance window."""
        return downtimes(((c.address, c.effects) for c in self.plan.changes), pending=pending)


def tables(review: Review) -> Group:
    """Each resource with what its change does, as a table for a terminal."""
    where = "production" if review.production else ""
    parts: list[RenderableType] = [
        Text.assemble((visible.one_line(review.name), "bold"), (f"   {where}".rstrip(), "dim")),
        Text(headline(review)),
    ]
    parts += [_table(review.plan.changes)] if review.plan.changes else []
    parts += [Text(line, "bold") for line in totals(review)]
    parts += [Text(note, "yellow") for note in notes(review)]
    return Group(*parts)


def headline(review: Review) -> str:
    """A plan in one line: `1 to create, 2 to change`."""
    words = (f"{n} to {step}" for step in Step if (n := review.plan.count(step)))
    return ", ".join(words) or NOTHING


def totals(review: Review) -> Iterator[str]:
    """Downtime, losses, and what is refused or waits, a line for each."""
    titles = ((False, "downtime"), (True, "downtime in the maintenance window"))
    for pending, title in titles:
        if words := downtime_words(review.downtime(pending=pending)):
            yield visible.one_line(f"{title}: {words}")
    changes = review.plan.changes
    lists = {
        "loses data": [c.address for c in changes if loss(c)],
        "refused by AWS": [c.address for c in changes if _does(c, Verdict.REFUSED)],
    }
    told = (f"{title}: {', '.join(names)}" for title, names in lists.items() if names)
    yield from map(visible.one_line, told)


def notes(review: Review) -> Iterator[str]:
    """What the table does not show, a sentence each."""
    if drifted := review.plan.drifted:
        yield visible.one_line(f"Changed in AWS without Terraform: {', '.join(drifted)}.")
    if deferred := review.plan.deferred:
        later = ", ".join(deferred)
        yield visible.one_line(f"Not in this plan, because Terraform defers it: {later}.")


def markdown(review: Review) -> str:
    """The same as Markdown, such as for a comment on a change."""
    lines = [f"## {visible.markdown_code(review.name)}: {headline(review)}"]
    if review.plan.changes:
        lines += ["", *header(("", "resource", "because of"))]
        lines += [visible.markdown_row(_cells(change)) for change in review.plan.changes]
    lines += [f"\n**{visible.markdown(line)}**" for line in totals(review)]
    lines += [f"\n{visible.markdown(note)}" for note in notes(review)]
    if review.findings:
        lines += ["", *map(_item, review.findings)]
    return "\n".join(lines) + "\n"


def as_json(review: Review) -> dict[str, object]:
    """The same as plain JSON values."""
    plan = review.plan
    return {
        "schema": SCHEMA,
        "plan": review.name,
        "terraform": plan.terraform or None,
        "environments": list(plan.environments),
        "production": review.production,
        "resources": [_resource(change) for change in plan.changes],
        "counts": {str(step): plan.count(step) for step in Step},
        "downtime": {
            "at_once": downtime_values(review.downtime()),
            "in_window": downtime_values(review.downtime(pending=True)),
        },
        "drifted": list(plan.drifted),
        "deferred": list(plan.deferred),
        "findings": [as_document(d) for d in review.findings],
    }


def _does(change: PlannedChange, verdict: Verdict) -> bool:
    return any(effect.verdict is verdict for effect in change.effects)


def _resource(change: PlannedChange) -> dict[str, object]:
    return {
        "address": change.address,
        "type": change.type_,
        "action": str(change.step),
        "was": change.was or None,
        "because": list(change.because),
        "note": change.note or None,
        "known_type": change.listed,
        "loses_data": bool(loss(change)),
        "effects": [effect_values(effect) for effect in change.effects],
    }


def _table(changes: Sequence[PlannedChange]) -> Fitting:
    """Each resource with the reason beside it, or below it where there is little room."""
    wide, narrow = table("", "resource", "because of"), table("", "resource")
    for change in changes:
        _add(wide, narrow, change)
    return Fitting(wide, narrow)


def _add(wide: Table, narrow: Table, change: PlannedChange) -> None:
    lines = [Text(line) for line in _lines(change)]
    mark = Text(MARKS[change.step], STYLES[MARKS[change.step]])
    address = Text(visible.one_line(change.address))
    wide.add_row(mark, address, Group(*lines))
    narrow.add_row(mark, address)
    if lines:
        narrow.add_row("", Padding(Group(*lines), (0, 0, 0, 2)))


def _cells(change: PlannedChange) -> tuple[str, str, str]:
    because = "<br>".join(map(visible.markdown, _lines(change)))
    return MARKS[change.step], visible.markdown_code(change.address), because


def _lines(change: PlannedChange) -> list[str]:
    """Why a resource is touched, and a line for each thing that the change does."""
    return [visible.one_line(line) for line in (_reason(change), *_does_what(change)) if line]


def _reason(change: PlannedChange) -> str:
    words = ", ".join(change.because)
    if words and change.step is Step.REPLACE:
        words += " cannot change in place"
    moved = f"was {change.was}" if change.was else ""
    told = str(change.step) if change.step in (Step.IMPORT, Step.FORGET) else ""
    return "; ".join(filter(None, (moved, told, words, change.note)))


def _does_what(change: PlannedChange) -> Iterator[str]:
    for effect in change.effects:
        if words := sentence(effect):
            yield f"{words}."
    if not any(e.verdict is Verdict.LOSES_DATA for e in change.effects) and (words := loss(change)):
        yield f"loses data: it {words}."


def _item(d: Diagnostic) -> str:
    advice = f" {_rich(_sentence(d.help))}" if d.help else ""
    return f"- **{d.severity} {d.code}**: {_rich(_sentence(d.message))}{advice}"


def _rich(text: str) -> str:
    """A message in Markdown: what it quotes is code, and the rest is words."""
    parts = enumerate(text.split("`"))
    return "".join(visible.markdown_code(p) if i % 2 else visible.markdown(p) for i, p in parts)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
