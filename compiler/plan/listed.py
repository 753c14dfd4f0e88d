"""Names that only AWS can give: which there are, where, and as of which day."""

from collections.abc import Mapping
from dataclasses import dataclass

from trazo_spec.diagnostics import SpecPath


@dataclass(frozen=True, slots=True)
class Offer:
    """Where and with what AWS offers a name."""

    regions: frozenset[str] = frozenset()
    """Empty where it is the same everywhere."""
    engines: frozenset[str] = frozenset()
    """The engine versions that take it, such as `16`; empty where any does."""
    retired: bool = False
    """Whether AWS offers it for nothing new any more."""


@dataclass(frozen=True, slots=True)
class Names:
    """Every name of one sort, as of a day."""

    what: str
    """What one of them is, such as `a region`."""
    read: str
    """The day of the data."""
    offers: Mapping[str, Offer]
    announced: frozenset[str] = frozenset()
    """Names that AWS has published without anything behind them yet."""
    regions: frozenset[str] = frozenset()
    """The regions of which the data knows what they offer."""
    engines: frozenset[str] = frozenset()
    """The engine versions of which it knows that."""
    numbered: bool = False
    """Whether the next one may differ by a digit, so that such a name is no slip of the pen."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a partition of AWS does not take what a kind becomes."""

    why: str
    advice: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A value of a component that has to be one of AWS's names."""

    path: SpecPath
    """Where it stands inside of the component."""
    name: str
    names: Names
    engine: str = ""
    """The engine version that it has to go with."""
    engine_path: SpecPath = ()
    """Where that stands, if it is written."""
    text: str = ""
    """The whole value, where the name is only a part of it."""
