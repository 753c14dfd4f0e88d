"""The heading of a page and the key to its marks, with the notes below a picture."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from compiler.backends.diagram.model.drawing import Line, Mark, Shape
from compiler.backends.diagram.model.picture import (
    CHANGE_MARKS,
    Chip,
    ChipKind,
    Picture,
    change_words,
)
from compiler.backends.diagram.placing.cards import (
    CHIP_HEIGHT,
    chip_shapes,
    chip_width,
    text,
)
from compiler.backends.diagram.placing.wiring import BADGE, badge
from compiler.graph.change import Change

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


HEADING_SIZE = 21.0
_CHANGES = {
    Change.ADDED: "new, with thick arrows",
    Change.CHANGED: "changed",
    Change.REMOVED: "removed, with dashed arrows",
}
_SAMPLE = 26.0
"""Length of a sample line in the key, in points."""


def heading(picture: Picture, x: float, y: float) -> Mark:
    """The title with the total beside it, its baseline at `y`."""
    title = text(x, y, picture.title, size=HEADING_SIZE, color="text", bold=True)
    shapes: list[Shape] = [title]
    x = title.rect.right + 14
    if picture.total is not None:
        shapes += chip_shapes(picture.total, x, y - 16)
        x += chip_width(picture.total) + 12
    if picture.findings is not None:
        shapes += chip_shapes(picture.findings, x, y - 16)
        x += chip_width(picture.findings) + 12
    if picture.subtitle:
        shapes.append(text(x, y - 2.5, picture.subtitle, size=12))
    return Mark("heading", "heading", tuple(shapes))


def key(picture: Picture, x: float, y: float, right: float) -> tuple[Mark, ...]:
    """What the marks in the picture mean, then its notes; `y` is the top of the first line."""
    samples = [
        Sample(name, width, words, partial(_sample, name, picture))
        for name, width, words in _entries(picture)
    ]
    return key_lines(samples, picture.notes, x, y, right)


def _entries(picture: Picture) -> Iterator[tuple[str, float, str]]:
    """Name, width in points and meaning of each mark that is used."""
    chips = [c for i in picture.items() for c in i.chips]
    chips += [c for n in picture.networks for c in n.chips]
    kinds = {c.kind for c in chips}
    if any(k.number is not None for k in picture.links):
        yield "number", BADGE, "order of steps in one request"
    if "cost" in kinds:
        yield "cost", chip_width(Chip("$", "cost")), "estimated monthly cost at list prices"
    if "schedule" in kinds:
        yield "schedule", chip_width(_first(picture, "schedule")), "runs only during these hours"
    if "security_group" in kinds:
        yield "security_group", chip_width(_first(picture, "security_group")), "security group"
    if picture.findings is not None:
        yield "findings", chip_width(picture.findings), "findings of trazo check"
    changes = {i.change for i in picture.items()} | {k.change for k in picture.links} | kinds
    for change, meaning in _CHANGES.items():
        if change in changes:
            yield change, chip_width(_change_chip(change)), meaning
    if picture.links:
        rule = "rules of security groups: " if "security_group" in kinds else ""
        yield "arrow", _SAMPLE, f"{rule}from caller to receiver, with protocol and port"
    if any(k.dashed for k in picture.links):
        yield "dashed", _SAMPLE, "name lookup"


def _change_chip(change: Change) -> Chip:
    kinds: Mapping[Change, ChipKind] = {
        Change.ADDED: "added",
        Change.CHANGED: "changed",
        Change.REMOVED: "removed",
    }
    return Chip(change_words(change), kinds[change])


def _first(picture: Picture, kind: ChipKind) -> Chip:
    """A chip of a kind, if there is one that says nothing of a change."""
    chips = [c for i in picture.items() for c in i.chips if c.kind == kind]
    return next((c for c in chips if c.text[0] not in CHANGE_MARKS.values()), chips[0])


def _sample(name: str, picture: Picture, x: float, y: float) -> tuple[Shape, ...]:
    """The mark itself, as the key shows it."""
    middle = y + CHIP_HEIGHT / 2
    match name:
        case "number":
            return badge("n", x, y + 1)
        case "cost":
            return chip_shapes(Chip("$", "cost"), x, y)
        case "schedule" | "security_group":
            return chip_shapes(_first(picture, name), x, y)
        case Change():
            return chip_shapes(_change_chip(name), x, y)
        case "findings" if picture.findings is not None:
            return chip_shapes(picture.findings, x, y)
        case _:
            ends = ((x, middle), (x + _SAMPLE, middle))
            return (Line(ends, dashed=name == "dashed", arrow=True),)
