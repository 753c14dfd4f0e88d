"""The key to the marks in a picture of lanes."""

from collections.abc import Iterator
from functools import partial

from compiler.backends.diagram.model.drawing import Line, Mark, Shape
from compiler.backends.diagram.model.lanes import Sheet
from compiler.backends.diagram.placing.cards import CHIP_HEIGHT, chip_shapes, chip_width
from compiler.backends.diagram.placing.key_lines import Sample, key_lines
from compiler.backends.diagram.placing.wiring import BADGE, badge

_ARROW = 26.0
"""Length of a sample arrow, in points."""


def lane_key(sheet: Sheet, x: float, y: float, right: float) -> tuple[Mark, ...]:
    """What the marks mean, then the notes; `y` is the top of the first line."""
    return key_lines(_samples(sheet), sheet.notes, x, y, right)


def _samples(sheet: Sheet) -> Iterator[Sample]:
    links = sheet.links()
    numbers = [(k.source, k.number) for k in links if k.number is not None]
    if numbers:
        shared = "; arrows of one step share a number" if len({*numbers}) < len(numbers) else ""
        yield Sample("number", BADGE, f"order of one request{shared}", _number)
    chips = [c for i in sheet.items() for c in i.chips if c.kind == "schedule"]
    if chips:
        shapes = partial(chip_shapes, chips[0])
        yield Sample("schedule", chip_width(chips[0]), "runs only in these hours", shapes)
    if sheet.arrow and any(not k.dashed for k in links):
        yield Sample("arrow", _ARROW, sheet.arrow, _arrow)
    if sheet.dashed and any(k.dashed for k in links):
        yield Sample("dashed", _ARROW, sheet.dashed, partial(_arrow, dashed=True))


def _number(x: float, y: float) -> tuple[Shape, ...]:
    return badge("n", x, y + 1)


def _arrow(x: float, y: float, *, dashed: bool = False) -> tuple[Shape, ...]:
    middle = y + CHIP_HEIGHT / 2
    return (Line(((x, middle), (x + _ARROW, middle)), dashed=dashed, arrow=True),)
