"""The cells of a CSV text, each with the place where it stands, which the csv module does not say.

Source of the form: https://www.rfc-editor.org/rfc/rfc4180
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trazo_spec.diagnostics import Span

_PLAIN = re.compile(r"[^,\r\n]*")
_LINE_END = re.compile(r"\r\n|\r|\n")


class CellError(ValueError):
    """A text that is not CSV; the message says what is wrong, `at` where."""

    def __init__(self, message: str, place: Span) -> None:
        """Takes what is wrong, and where."""
        super().__init__(message)
        self.at = place


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row."""

    text: str
    at: Span


def rows(text: str, file: str) -> Iterator[tuple[Cell, ...]]:
    """The rows of a CSV text, an empty line as an empty row; `CellError` where it is not CSV."""
    place = _Place(file)
    position = 0
    while position < len(text):
        cells: list[Cell] = []
        while True:
            begin = position
            value, position = _cell(text, position, place)
            cells.append(Cell(value, place.span(text, begin, position)))
            if position == len(text) or text[position] != ",":
                break
            position += 1
        if end := _LINE_END.match(text, position):
            position = end.end()
            place.line, place.begin = place.line + 1, position
        elif position < len(text):
            here = place.span(text, position, position + 1)
            raise CellError("there is text after the closing quote", here)
        yield () if len(cells) == 1 and cells[0].at.column == cells[0].at.end_column else (*cells,)


@dataclass(slots=True)
class _Place:
    """Which line of a file is read."""

    file: str
    line: int = 1
    begin: int = 0
    """Where the line begins in the text."""

    def span(self, text: str, begin: int, end: int) -> Span:
        """A stretch of the text from the current line on, whose last line becomes the current."""
        line, column = self.line, begin - self.begin + 1
        if text[begin : begin + 1] == '"':  # only a quoted cell may hold line ends
            for line_end in _LINE_END.finditer(text, begin, end):
                self.line, self.begin = self.line + 1, line_end.end()
        return Span(self.file, line, column, self.line, end - self.begin + 1)


def _cell(text: str, begin: int, place: _Place) -> tuple[str, int]:
    """The value of a cell and where it ends."""
    if text[begin : begin + 1] != '"':
        end = _PLAIN.match(text, begin)
        return ("", begin) if end is None else (end[0], end.end())
    parts: list[str] = []
    position = begin + 1
    while (quote := text.find('"', position)) >= 0:
        parts.append(text[position:quote])
        if text[quote + 1 : quote + 2] != '"':
            return "".join(parts), quote + 1
        parts.append('"')
        position = quote + 2
    raise CellError("a quote is not closed", place.span(text, begin, begin + 1))
