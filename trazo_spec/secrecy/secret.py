"""What the detector gives back: a part of a text that must not be seen, and what it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Secret:
    """A secret in a text."""

    start: int
    """Its first character, counted from the beginning of the text."""
    end: int
    """Just past its last character."""
    what: str
    """What it is, with its article: `a GitHub token`."""
    by_name: bool = False
    """Whether only a name beside it tells, and not how it looks."""
    likely: bool = True
    """Whether it is one beyond reasonable doubt; else it only looks random."""
