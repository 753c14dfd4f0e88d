"""What a plan of Terraform does, for terminals, reviews and programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType

from compiler.backends.screen import Text
from compiler.changes.effects import Verdict
from compiler.changes.planned import PlannedChange, Step, TerraformPlan
from compiler.changes.review import loss
from compiler.changes.sentences import Downtime, downtimes
from cost.showing.changes_text import (
    ARROW,
    MINUS,
    NOTHING,
    Told,
    downtime_values,
    effect_values,
    folded,
    groups_of,
    lines_of,
    own,
    resources_rows,
    resources_table,
    styled,
    told_moves,
    verdict_lines,
)
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
    parts += [resources_table(_told(review.plan))] if review.plan.changes else []
    parts += [styled(line) for line in totals(review)]
    parts += [Text(note, "yellow") for note in notes(review)]
    return Group(*parts)


def headline(review: Review) -> str:
    """A plan in one line: `1 to create, 2 to change`."""
    words = (f"{n} to {step}" for step in Step if (n := review.plan.count(step)))
    return ", ".join(words) or NOTHING


def totals(review: Review) -> Iterator[str]:
    """Downtime, losses, and what is refused or waits, a line for each."""
    changes = review.plan.changes
    yield from verdict_lines(changes, lost=[c.address for c in changes if loss(c)])


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
    lines += [f"\n**{visible.markdown(line)}**" for line in totals(review)]
    if review.plan.changes:
        lines += ["", *resources_rows(_told(review.plan))]
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


def _resource(change: PlannedChange) -> dict[str, object]:
    return {
        "address": change.address,
        "type": change.type_,
        "action": str(change.step),
        "was": change.was or None,
        "because": list(change.because),
        "follows": change.follows or None,
        "note": change.note or None,
        "known_type": change.listed,
        "loses_data": bool(loss(change)),
        "effects": [effect_values(effect) for effect in change.effects],
    }


def _told(plan: TerraformPlan) -> list[Told]:
    """What is told of each resource; what only moves or follows is told in one place."""
    groups = groups_of(plan.changes)
    told = [
        Told(MARKS[c.step], c.address, _reason(c), (*lines_of(c, groups), *_lost(c)))
        for c in own(plan.changes)
        if c.step is not Step.MOVE
    ]
    return folded(told) + told_moves(
        [(c.was, c.address) for c in plan.changes if c.step is Step.MOVE]
    )


def _reason(change: PlannedChange) -> str:
    words = ", ".join(change.because)
    if words and change.step is Step.REPLACE:
        words += " cannot change in place"
    moved = f"was {change.was}" if change.was else ""
    told = str(change.step) if change.step in (Step.IMPORT, Step.FORGET) else ""
    return "; ".join(filter(None, (moved, told, words, change.note)))


def _lost(change: PlannedChange) -> Iterator[str]:
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
