"""Comments of a YAML text: what stands behind a `#` that is in no key and in no value."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from trazo_spec.diagnostics import Span
from trazo_spec.yaml.lines import lines
from trazo_spec.yaml.located import Located

# Chosen: many times what a key has; a longer text is searched in parts, to take less memory.
_MOST_LINES = 1_000
_BEGIN = re.compile(r"(?:^|(?<=[ \t]))#")
_NAME = r"[a-z][a-z0-9_]{0,23}"
_PAIR = rf"[\"']?[A-Za-z_]\w*[\"']?:[ \t]+{_NAME}[ \t]*"
_IN_ONE_LINE = re.compile(rf"[# \t]*secrets:[ \t]*\{{[ \t]*{_PAIR}(?:,[ \t]*{_PAIR})*\}}")
_ABOVE = re.compile(r"(?P<indent>[# \t]*)secrets:[ \t]*")
_BELOW = re.compile(rf"(?P<indent>[# \t]*){_PAIR}(?:#.*)?")


class Comment(NamedTuple):
    """What a comment says, in one line or in several below each other."""

    text: str
    line: int
    """Its first line."""
    columns: tuple[int, ...]
    """Where the text of each of its lines begins."""

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The parts of a range of the text: of each line its number, first and last column."""
        position = 0
        for i, line in enumerate(self.text.split("\n")):
            first, last = max(start, position), min(end, position + len(line))
            if first < last:
                column = self.columns[i] - position
                yield self.line + i, column + first, column + last
            position += len(line) + 1


def comments(text: str, document: Located) -> Iterator[Comment]:
    """Every comment of a text, from its top; one that goes on in the next line is one."""
    block: list[str] = []
    line, columns = 0, tuple[int, ...]()
    for alone, comment in _by_line(text, document):
        goes_on = alone and comment.columns == columns and comment.line == line + len(block)
        goes_on = goes_on and len(block) < _MOST_LINES
        if block and not goes_on:
            yield _joined(block, line, columns)
            block = []
        if not block:
            line, columns = comment.line, comment.columns
        block.append(comment.text)
        if not alone:
            yield _joined(block, line, columns)
            block = []
    if block:
        yield _joined(block, line, columns)


def _joined(block: list[str], line: int, columns: tuple[int, ...]) -> Comment:
    return Comment("\n".join(block), line, columns * len(block))


def _by_line(text: str, document: Located) -> Iterator[tuple[bool, Comment]]:
    """Every comment, and whether it has its line alone."""
    if "#" not in text:
        return
    marked = bytes("#" in line for line in lines(text))
    taken = _taken(document, marked)
    inside: int | None = None  # how far a `secrets:` in the comment line above is indented
    for number, line in enumerate(lines(text), start=1):
        for match in _BEGIN.finditer(line):
            column = match.start() + 1
            if not any(start <= column < end for start, end in taken[number]):
                said, inside = _without_names(line[match.end() :], inside)
                alone = not line[: match.start()].strip()
                yield alone, Comment(said, number, (match.end() + 1,))
                break
        else:
            inside = None


def _without_names(text: str, inside: int | None) -> tuple[str, int | None]:
    """A comment with blanks for names of secrets, as a part of a spec that is switched off has.

    >>> _without_names(" secrets: {DB_PASSWORD: database_password}  # names", None)
    ('                                            # names', None)
    """
    if match := _IN_ONE_LINE.match(text):
        return " " * match.end() + text[match.end() :], None
    if match := _ABOVE.fullmatch(text):
        return text, len(match["indent"])
    if inside is not None and (match := _BELOW.fullmatch(text)) and len(match["indent"]) > inside:
        return "", inside
    return text, None


def _taken(document: Located, marked: bytes) -> dict[int, set[tuple[int, float]]]:
    """Line -> the columns in which keys and values stand, for lines with a `#`."""
    taken: dict[int, set[tuple[int, float]]] = defaultdict(set)
    for span in _spans(document):
        # What is left empty at the end of a file is behind its last line.
        for line in range(span.line, min(span.end_line, len(marked)) + 1):
            if marked[line - 1]:
                start = span.column if line == span.line else 1
                end = span.end_column if line == span.end_line else float("inf")
                taken[line].add((start, end))
    return taken


def _spans(node: Located) -> Iterator[Span]:
    if node.key is not None:
        yield node.key
    match node.value:
        case dict():
            for child in node.value.values():
                yield from _spans(child)
        case list():
            for child in node.value:
                yield from _spans(child)
        case _:
            yield node.span
