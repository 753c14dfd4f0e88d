"""Files of the price list that would fill the memory, seen before anything of them is built."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import BinaryIO

# Chosen: several times what AWS's files have: their values stand six levels deep, a product has
# some thirty of them and its terms some hundreds.
MOST_DEPTH = 30
MOST_VALUES = 10_000
# Chosen: the longest text of AWS's files, their disclaimer, has a few hundred letters.
MOST_BYTES_OF_A_VALUE = 1 << 20


class OfferError(ValueError):
    """A file of the price list that cannot be used; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class OfferFile:
    """A file of the price list on disk, which is read for so long only."""

    path: Path
    source: str
    """Where the file was read."""
    left_s: Callable[[], float] = lambda: inf
    """How many seconds are left to read it."""

    @contextmanager
    def opened(self) -> Iterator["_InTime"]:
        """The file's content; each piece is read only while there is time."""
        with self.path.open("rb") as file:
            yield _InTime(file, self)


class _InTime:
    """A file that ends with an error as soon as the time is over."""

    def __init__(self, file: BinaryIO, what: OfferFile) -> None:
        """Takes the opened file, and what it is."""
        self.file = file
        self.what = what

    def read(self, size: int) -> bytes:
        """The next piece.

        Raises:
            OfferError: There is no time left.
        """
        if self.what.left_s() <= 0:
            raise OfferError(f"{self.what.source}: reading it timed out")
        return self.file.read(size)


def refuse_traps(offer_file: OfferFile) -> None:
    """Reads a file once without keeping anything, and refuses what would fill the memory.

    A long value, a deep one, or one with more in it than any product or term has is seen here
    before it is built.
    """
    import ijson  # noqa: PLC0415 - only an update reads such files

    depth, inside, level = 0, 0, 1
    source = offer_file.source
    begun = False
    try:
        with offer_file.opened() as file:
            slow = _Slow(file, source)
            for event, value in ijson.basic_parse(slow, use_float=False):
                slow.silent_bytes = 0
                begun = True
                inside += 1
                if event == "map_key":
                    if depth <= level:  # what is kept whole begins anew
                        inside = 0
                    if depth == 1:
                        level = _LEVELS.get(value, 1)
                elif event in ("start_map", "start_array"):
                    depth += 1
                elif event in ("end_map", "end_array"):
                    depth -= 1
                if depth > MOST_DEPTH or inside > MOST_VALUES:
                    raise OfferError(_trap(source, deep=depth > MOST_DEPTH))
    except OfferError:
        raise
    except (ijson.JSONError, ValueError) as error:  # the latter for numbers without an end, too
        problem = "it is malformed or truncated" if begun else "it is not JSON"
        raise OfferError(f"{source}: {problem}") from error


_LEVELS = {"products": 2, "terms": 3}
"""Key at the top -> how deep the keys stand whose values are kept whole."""


def _trap(source: str, *, deep: bool) -> str:
    if deep:
        return f"{source}: it is nested deeper than {MOST_DEPTH} levels"
    return f"{source}: one entry has more than {MOST_VALUES:,} values"


class _Slow:
    """A file that a parser reads piece by piece, and that knows how much passed without a value."""

    def __init__(self, file: _InTime, source: str) -> None:
        """Takes the file, and what messages call it."""
        self.file = file
        self.source = source
        self.silent_bytes = 0

    def read(self, size: int) -> bytes:
        """The next piece."""
        if self.silent_bytes > MOST_BYTES_OF_A_VALUE:
            raise OfferError(
                f"{self.source}: a value has more than {MOST_BYTES_OF_A_VALUE:,} bytes"
            )
        piece = self.file.read(size)
        self.silent_bytes += len(piece)
        return piece
