"""Lines of a text as YAML 1.2 counts them: LF, CR LF and CR end one, and nothing else does.

`str.splitlines` ends lines at eight more characters, such as U+2028, which a comment may hold.
"""

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from trazo_spec.diagnostics import Span

_BREAK = re.compile(r"\r\n|\n|\r")


@lru_cache(maxsize=4)  # each finding of a file shows one of its lines
def lines(text: str) -> tuple[str, ...]:
    r"""The lines of a text without what ends them; a break at its end begins no further one.

    >>> lines("a\r\nb\u2028c\rd\n")
    ('a', 'b\u2028c', 'd')
    """
    parts = _BREAK.split(text)
    if parts[-1] == "":
        parts.pop()
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the lines of a text begin, to turn places into positions and back."""

    starts: Sequence[int]
    """The position of each line's first character; the last is that of the text's end."""

    @classmethod
    def of(cls, text: str) -> "Places":
        """The places of a text."""
        starts = array("I", (0,))  # a tenth of what numbers of their own take
        starts.extend(match.end() for match in _BREAK.finditer(text))
        starts.append(len(text))
        return cls(starts)

    def offsets(self, span: Span) -> tuple[int, int]:
        """Where a place begins and ends, in characters from the start of the text."""
        return self._offset(span.line, span.column), self._offset(span.end_line, span.end_column)

    def _offset(self, line: int, column: int) -> int:
        return self.starts[min(line, len(self.starts)) - 1] + column - 1


def line_and_column(text: str, position: int) -> tuple[int, int]:
    r"""The line and column of a position, both from 1.

    >>> line_and_column("a\rbc", 3)
    (2, 2)
    """
    breaks = [match.end() for match in _BREAK.finditer(text, 0, position)]
    return len(breaks) + 1, position - (breaks[-1] if breaks else 0) + 1
