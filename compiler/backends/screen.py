"""Where people read: a console that shows the text of others, and never acts on it."""

from collections.abc import Iterable
from itertools import accumulate
from typing import Any, Self

from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style
from rich.text import Span
from rich.text import Text as Styled

from trazo_spec.visible import one_line, sayable, visible, visible_pieces


class Text(Styled):
    """Styled text that is measured as it is shown, so that tables fit what they hold."""

    def __init__(self, text: str = "", style: str = "", **settings: Any) -> None:  # noqa: ANN401 # those of rich
        super().__init__(visible(text), style, **settings)  # rich drops some controls unseen

    def append(self, text: str | Styled, style: str | Style | None = None) -> Self:
        """Adds text, and returns the same one for more."""
        super().append(visible(text) if isinstance(text, str) else text, style)
        return self

    def append_text(self, text: Styled) -> Self:
        """Adds styled text, and returns the same one for more."""
        super().append_text(text)
        return self

    @classmethod
    def assemble(cls, *parts: "str | Styled | tuple[str, str | Style]", **settings: Any) -> Self:  # noqa: ANN401 # those of rich
        """Parts, with a style each or without, as one text."""
        text = cls(**settings)
        for part in parts:
            text.append(*part) if isinstance(part, tuple) else text.append(part)
        return text

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """The width of what is shown."""
        return Styled.__rich_measure__(_shown(self, console.encoding), console, options)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[Segment]:
        """What is shown."""
        return Styled.__rich_console__(_shown(self, console.encoding), console, options)


class Screen(Console):
    """A console for which every text is data: no markup in it, no control sequence, no emoji code.

    Whatever is printed comes through `render`, so nothing that prints has to think of it.
    """

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 # those of rich
        super().__init__(highlight=False, markup=False, emoji=False, **settings)

    def render_str(self, text: str, **settings: Any) -> Styled:  # noqa: ANN401 # those of rich
        """A text without a style, such as a cell, as it is shown: in one line."""
        return _shown(super().render_str(one_line(text), **settings), self.encoding)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """The segments of anything, every text in it as it is shown."""
        whole = _shown(renderable, self.encoding) if isinstance(renderable, Styled) else renderable
        return super().render(whole, options)


def _shown(text: Styled, encoding: str) -> Styled:
    """The same text with what cannot be seen or said spelled, every style where it was."""
    if sayable(visible(text.plain), encoding) == text.plain:
        return text
    pieces = [sayable(piece, encoding) for piece in visible_pieces(text.plain)]
    ends = [*accumulate(map(len, pieces), initial=0)]
    last = len(pieces)
    result = text.blank_copy("".join(pieces))
    result.spans = [
        Span(ends[min(start, last)], ends[min(end, last)], style)
        for start, end, style in text.spans
    ]
    return result
