"""Lines of HCL as `terraform fmt` leaves them: indentation, and `=` under `=`.

Source: https://developer.hashicorp.com/terraform/language/style#code-formatting, read 2026-11-22
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

INDENT = "  "


@dataclass(frozen=True, slots=True)
class Line:
    """One line, in two halves where it assigns a value that ends on it."""

    depth: int
    lead: str = ""
    assigned: str = ""
    """The value of a one-line argument; such lines in a row have their `=` in one column."""

    @property
    def whole(self) -> str:
        """Both halves as one, without alignment."""
        return f"{self.lead} = {self.assigned}" if self.assigned else self.lead


BLANK = Line(0)


def nested(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines one level deeper."""
    return tuple(replace(line, depth=line.depth + 1) for line in lines)


def assignment(name: str, value: Sequence[Line]) -> tuple[Line, ...]:
    """An argument with its value, which has one line or more."""
    if len(value) == 1:
        return (replace(value[0], lead=name, assigned=value[0].whole),)
    return (replace(value[0], lead=f"{name} = {value[0].whole}"), *value[1:])


def enclosed(before: str, value: Sequence[Line], after: str) -> tuple[Line, ...]:
    """The value with text before its first line and behind its last one."""
    lines = list(value)
    lines[0] = replace(lines[0], lead=f"{before}{lines[0].lead}")
    lines[-1] = replace(lines[-1], lead=f"{lines[-1].lead}{after}")
    return tuple(lines)


def text(lines: Sequence[Line]) -> str:
    """The lines as a file's text, with a newline at the end."""
    return "".join(f"{line}\n" for line in _aligned(lines))


def _aligned(lines: Sequence[Line]) -> Iterator[str]:
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and lines[end].assigned:
            end += 1
        width = max((_columns(line.lead) for line in lines[start:end]), default=0)
        for line in lines[start:end]:
            gap = " " * (width - _columns(line.lead))
            yield f"{INDENT * line.depth}{line.lead}{gap} = {line.assigned}"
        if end < len(lines):
            yield f"{INDENT * lines[end].depth}{lines[end].lead}".rstrip()
        start = end + 1


def _columns(lead: str) -> int:
    """How many characters a reader sees."""
    return sum(1 for character in lead if not unicodedata.combining(character))
