"""Files of the price list that would fill the memory, seen before anything of them is built."""

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


def refuse_traps(path: Path, source: str) -> None:
    """Reads a file once without keeping anything, and refuses what would fill the memory.

    A long value, a deep one, or one with more in it than any product or term has is seen here
    before it is built.
    """
    import ijson  # noqa: PLC0415 - only an update reads such files

    depth, inside, level = 0, 0, 1
    begun = False
    try:
        with path.open("rb") as file:
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

    def __init__(self, file: BinaryIO, source: str) -> None:
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
