"""What files of prices share: how much is read of them, what a number may be, and what is wrong."""

import re
from collections.abc import Iterable, Mapping
from decimal import Context, Decimal
from pathlib import Path

from trazo_spec.diagnostics import Diagnostic, Severity, Span
from trazo_spec.secrecy.cover import lines_covered
from trazo_spec.yaml.reading import decode

# Chosen: twenty times the catalogue of all regions that is shipped; more is a mistake or a trap.
MOST_BYTES = 8 << 20
# Chosen: the largest instance of AWS costs a few hundred dollars an hour. With this bound a bill of
# any spec stays far below the 28 digits that sums are exact in.
MOST_USD = Decimal(1_000_000)
# Chosen: the last tier of any service begins at some billions of requests.
MOST_QUANTITY = Decimal(10**12)
# Chosen: AWS's price list has ten digits behind the point at most.
MOST_DECIMALS = 15
MOST_DIGITS = 60

_EXACT = Context(prec=MOST_DIGITS + 1)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


class PriceFileError(ValueError):
    """A file of prices that cannot be used, with every finding in it."""

    def __init__(self, findings: Iterable[Diagnostic], sources: Mapping[str, str]) -> None:
        """Takes the findings, and file name -> text for the lines below them."""
        self.found = tuple(findings)
        lines = {
            file: [d.at.line for d in self.found if d.at and d.at.file == file] for file in sources
        }
        self.sources = {file: lines_covered(sources[file], lines[file]) for file in sources}
        super().__init__("\n".join(map(_line, self.found)))


class UnreadableError(Exception):
    """A file of prices that is not there or cannot be opened; the message says why, in one line."""


def _line(d: Diagnostic) -> str:
    """A finding in one line."""
    place = f"{d.at.file}:{d.at.line}:{d.at.column}: " if d.at is not None else ""
    return f"{place}{d.message}" + (f"; {d.help}" if d.help else "")


def wrong(code: str, message: str, place: Span, advice: str) -> Diagnostic:
    """An error in a file of prices."""
    return Diagnostic(code, Severity.ERROR, message, at=place, help=advice)


def price_file_text(path: Path, file: str, most_bytes: int = MOST_BYTES) -> str:
    """The text of a file; `PriceFileError` where it is too large or no text."""
    start = Span(file, 1, 1, 1, 1)
    try:
        with path.open("rb") as stream:
            content = stream.read(most_bytes + 1)
    except (OSError, ValueError) as error:  # a path may hold a NUL
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableError(f"{file} cannot be read: {reason.lower()}") from error
    if len(content) > most_bytes:
        message = f"the file has more than {most_bytes:,} bytes"
        raise PriceFileError([wrong("TZ707", message, start, "keep only the prices you need")], {})
    text, findings = decode(content, file)
    if findings:
        raise PriceFileError(findings, {})
    return text.removeprefix("\ufeff")


def number(text: str, most: Decimal) -> Decimal:
    """A number from 0 to a largest one; the `ValueError` says what is wrong with it.

    >>> number("0.045", MOST_USD)
    Decimal('0.045')
    >>> number("-1", MOST_USD)
    Traceback (most recent call last):
    ...
    ValueError: must be 0 or more
    """
    if not _NUMBER.fullmatch(text):
        raise ValueError("is not a number such as `0.045`")
    if len(text) > MOST_DIGITS:
        raise ValueError(f"must have at most {MOST_DIGITS} digits")
    value = Decimal(text)
    if value < 0:
        raise ValueError("must be 0 or more")
    if value > most:
        raise ValueError(f"must be at most {most:,}")
    if int(value.normalize(_EXACT).as_tuple().exponent) < -MOST_DECIMALS:
        raise ValueError(f"must have at most {MOST_DECIMALS} decimal places")
    return value if value else Decimal(0)
