"""What an assault finds: failures of a bar, each kept as a file that repeats it."""

import hashlib
import re
import shlex
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

MOST_KEPT = 3
"""How many files are kept of failures that look alike; all are counted."""
_DIGITS = re.compile(r"\b\d+|U\+[0-9A-F]+")


class Bar(StrEnum):
    """What must be none."""

    TRACEBACK = "tracebacks"
    SLOW = "over 2 s of CPU"
    MEMORY = "too much memory"
    HALF = "half files"
    STRAY = "strays after the next run"
    NEXT = "next runs that fail"
    SIGNAL = "wrong ends after a signal"
    INJECTION = "raw injections"


@dataclass(frozen=True, slots=True)
class Failure:
    """One input that a bar does not hold for."""

    bar: Bar
    target: str
    """What was tried, such as `parse cron` or `kill compile`."""
    what: str
    """What happened, in a line; failures of one target and one line are alike."""
    case: tuple[object, ...]
    """The input, of plain values, so that its `repr` is enough to repeat it."""
    detail: str = ""
    """The traceback, or what was printed."""

    @property
    def kind(self) -> str:
        """What failures that look alike have in common."""
        return f"{self.bar.name.lower()} {self.target}: {_DIGITS.sub('#', self.what)}"


@dataclass(slots=True)
class Results:
    """Everything that was tried and found so far."""

    folder: Path
    tried: Counter[str] = field(default_factory=Counter)
    """Target -> inputs."""
    cpu_s: Counter[str] = field(default_factory=Counter)
    """Target -> seconds of CPU."""
    shares: dict[tuple[str, str], float] = field(default_factory=dict)
    """Command and file -> its peak of memory as a share of that of the sound spec."""
    bars: Counter[Bar] = field(default_factory=Counter)
    """Bar -> failures."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Kind -> failures that look alike."""
    smallest: dict[str, Failure] = field(default_factory=dict)
    """Kind -> its shortest failure."""

    def add(self, found: Failure) -> None:
        """Counts a failure, and keeps it where it is the first or the shortest of its kind."""
        self.bars[found.bar] += 1
        self.kinds[found.kind] += 1
        before = self.smallest.get(found.kind)
        shorter = before is None or len(repr(found.case)) < len(repr(before.case))
        if shorter:
            self.smallest[found.kind] = found
        if shorter or self.kinds[found.kind] <= MOST_KEPT:
            self.keep(found)

    def keep(self, found: Failure) -> Path:
        """Writes a failure to a file of its kind, below the folder of its bar."""
        number = min(self.kinds[found.kind], MOST_KEPT)
        key = hashlib.sha256(found.kind.encode("utf-8", "replace")).hexdigest()[:10]
        words = re.sub(r"[^a-z0-9]+", "-", found.target.lower()).strip("-")
        path = self.folder / found.bar.name.lower() / f"{words}-{key}-{number}.case"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_written(found, path), encoding="utf-8", errors="backslashreplace")
        return path


def _written(found: Failure, path: Path) -> str:
    """A failure as a file: comments for people, then the target and the input as Python values."""
    repeat = f"{sys.executable} scripts/assault --repeat {shlex.quote(str(path))}"
    lines = [
        f"{found.bar}: {found.target}: {found.what}",
        f"repeat: {repeat}",
        *found.detail.splitlines(),
    ]
    comments = "".join(f"# {ascii(line)[1:-1]}\n" for line in lines)
    return f"{comments}{(found.target, found.case)!a}\n"


def table(results: Results, allowed: Mapping[Bar, int], tried: Mapping[Bar, str]) -> str:
    """The one table: each bar, on how much it was tried, and what was found."""
    rows = [("bar", "tried on", "found", "bar is", "verdict")]
    for bar, most in allowed.items():
        count = results.bars[bar]
        verdict = "held" if count <= most else "MISSED"
        rows.append((str(bar), tried.get(bar, "nothing"), f"{count:,}", f"{most:,}", verdict))
    return aligned(rows)


def aligned(rows: Iterable[tuple[str, ...]]) -> str:
    """Rows as text, each column as wide as its widest cell."""
    listed = list(rows)
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in listed
    )
