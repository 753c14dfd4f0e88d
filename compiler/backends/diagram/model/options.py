"""What can be chosen for a diagram; loaded by every command, so it imports nothing."""

from enum import StrEnum


class View(StrEnum):
    """What a diagram is about."""

    OVERVIEW = "overview"
    NETWORK = "network"
    REQUEST = "request"
    SECURITY = "security"

    @property
    def priced(self) -> bool:
        """Whether it can show what each part costs: not where a part is drawn more than once."""
        return self not in (View.REQUEST, View.SECURITY)


class Format(StrEnum):
    """The kind of file."""

    SVG = "svg"
    PNG = "png"
    PDF = "pdf"
    MERMAID = "mermaid"
    DOT = "dot"

    @property
    def suffix(self) -> str:
        """The end of a file's name."""
        return "mmd" if self is Format.MERMAID else str(self)


class Theme(StrEnum):
    """Which colours a diagram has."""

    LIGHT = "light"
    DARK = "dark"
    AUTO = "auto"
    """As the viewer has set it, in formats that can follow; else light."""
