"""What stands in a lane, each part drawn and measured before it has a place."""

from collections.abc import Sequence

from compiler.backends.diagram.model.drawing import Mark, Shape
from compiler.backends.diagram.model.lanes import Step, Stop
from compiler.backends.diagram.model.picture import Item
from compiler.backends.diagram.model.typeface import DETAIL_LINE, WORDS_WIDTH, wrapped
from compiler.backends.diagram.placing.cards import (
    SMALL_ICON,
    Piece,
    joined,
    lines,
    outlined,
    row,
    stacked,
    text,
    words,
)
from compiler.backends.diagram.placing.wiring import BADGE, badge

# Chosen by eye, in points.
_ICON_WORDS_WIDTH = 190.0
_PADDING = 10.0
_STEP_WIDTH = 390.0
_STEP_GAP = 28.0
_STEP_TEXT = BADGE + 8.0


def stop_piece(stop: Stop, width: float = 0.0) -> Piece:
    """A stop with its size; a card is at least `width` wide."""
    item = stop.item
    match stop.look:
        case "icon":
            return stacked(item, most=_ICON_WORDS_WIDTH)
        case "beside":
            return row(item, size=SMALL_ICON, most=WORDS_WIDTH, centred=True)
        case "card":
            piece = row(item, size=SMALL_ICON, most=WORDS_WIDTH, centred=True)
            return outlined(piece, item.id, padding=_PADDING, stroke="supporting", width=width)
        case "words":
            return outlined(
                _words(item), item.id, padding=_PADDING, stroke="supporting", width=width
            )


def _words(item: Item) -> Piece:
    """Title and details without an icon."""
    shown = words(item, WORDS_WIDTH)
    texts, height = lines(shown, 0, 0, "start")
    mark = Mark(item.id, "node", texts, item.tooltip)
    return Piece(shown.width, height, (mark,), {item.id: (0.0, height / 2)})


def steps_piece(lane: str, steps: Sequence[Step], width: float) -> Piece:
    """What happens at each number, in as many columns as fit into a width."""
    fit = max(1, int((width + _STEP_GAP) / (_STEP_WIDTH + _STEP_GAP)))
    fit = min(fit, max(1, len(steps)))
    pitch = (width + _STEP_GAP) / fit
    placed = []
    y = 0.0
    for start in range(0, len(steps), fit):
        row = [
            _step(f"{lane}.step.{start + i}", step, pitch - _STEP_GAP)
            for i, step in enumerate(steps[start : start + fit])
        ]
        placed += [p.at(i * pitch, y) for i, p in enumerate(row)]
        y += max(p.height for p in row) + 8
    return joined(placed, width, max(0.0, y - 8))


def _step(id_: str, step: Step, width: float) -> Piece:
    shown = wrapped(step.text.split(" "), width - _STEP_TEXT)
    shapes: list[Shape] = list(badge(step.number, 0, 0)) if step.number is not None else []
    shapes += [
        text(_STEP_TEXT, 12.5 + i * DETAIL_LINE, words_, color="text")
        for i, words_ in enumerate(shown)
    ]
    height = max(BADGE, 5 + DETAIL_LINE * len(shown))
    return Piece(width, height, (Mark(id_, "label", tuple(shapes)),))
