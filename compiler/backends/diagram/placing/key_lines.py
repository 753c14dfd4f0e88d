"""The lines below a picture: samples of its marks with what they mean, and notes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from compiler.backends.diagram.model.drawing import Mark, Shape
from compiler.backends.diagram.placing.cards import text

_ENTRY_GAP = 26.0
_LINE_HEIGHT = 26.0


@dataclass(frozen=True, slots=True)
class Sample:
    """A mark and what it means."""

    name: str
    width: float
    """How wide the mark is, in points."""
    words: str
    shapes: Callable[[float, float], tuple[Shape, ...]]
    """The mark itself with its upper left corner at a point."""


def key_lines(
    samples: Iterable[Sample], notes: Iterable[str], x: float, y: float, right: float
) -> tuple[Mark, ...]:
    """Samples in as many lines as they need, then notes; `y` is the top of the first line."""
    marks = []
    start = x
    for sample in samples:
        label_at = sample.width + 7
        whole = label_at + text(0, 0, sample.words).width
        if x > start and x + whole > right:
            x, y = start, y + _LINE_HEIGHT
        shapes = (*sample.shapes(x, y), text(x + label_at, y + 13.5, sample.words))
        marks.append(Mark(f"key.{sample.name}", "legend", shapes))
        x += whole + _ENTRY_GAP
    for i, note in enumerate(notes):
        y += _LINE_HEIGHT if marks else 0.0
        marks.append(Mark(f"note.{i}", "legend", (text(start, y + 13.5, note, color="text"),)))
    return tuple(marks)
