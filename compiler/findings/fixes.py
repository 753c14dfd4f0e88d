"""A spec's text with everything mended that is one edit away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from trazo_spec.diagnostics import Diagnostic
from trazo_spec.yaml.edits import applied

# Chosen: a mended name lets further rules look, whose findings may be mended too; a spec with nine
# slips of the pen took two rounds.
MOST_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text after its edits."""

    text: str
    done: tuple[Diagnostic, ...]
    """What was mended, in rounds from the top of the file."""


def fixed(text: str, look: Callable[[str], Iterable[Diagnostic]]) -> Fixed:
    """Applies edits until nothing is found any more that has one.

    Args:
        text: The spec.
        look: Finds what is wrong with a text.
    """
    done: list[Diagnostic] = []
    for _ in range(MOST_ROUNDS):
        chosen = _apart(d for d in look(text) if d.edit is not None)
        if not chosen:
            break
        text = applied(text, (d.edit for d in chosen if d.edit is not None))
        done += chosen
    return Fixed(text, tuple(done))


def _apart(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings whose edits stand at different places: of two for one place, the first."""
    by_place = {d.edit.at: d for d in reversed(tuple(findings)) if d.edit is not None}
    return [by_place[place] for place in sorted(by_place)]
