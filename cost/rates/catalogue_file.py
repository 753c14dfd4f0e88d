"""The price catalogue as CSV: how it is read and written, and what is wrong in it."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from cost.rates.catalogue import (
    EVERYWHERE,
    Catalogue,
    Confidence,
    Price,
    Tier,
    has_prices,
    is_item,
)
from cost.rates.cells import CellError
from cost.rates.cells import rows as cell_rows
from cost.rates.price_file import (
    MOST_QUANTITY,
    MOST_USD,
    PriceFileError,
    number,
    price_file_text,
    wrong,
)
from trazo_spec.diagnostics import Diagnostic, Span
from trazo_spec.visible import csv_cell

SHIPPED = Path(__file__).with_name("prices")
"""The catalogue that comes with trazo: one CSV file for each kind of component, one tier a row."""

BESIDE = "trazo-prices.csv"
"""The catalogue beside a spec, which `trazo prices update` writes and which goes before ours."""

COLUMNS = (
    "item", "region", "unit", "tier_from", "usd", "effective", "source", "confidence", "note"
)  # fmt: skip

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_SHORT = 7
"""Numbers with fewer letters than this lie within all bounds."""
_MADE_ANEW = "fix it, or delete the file and run `trazo prices update`"
_FROM_BEST = tuple(Confidence)
_BY_CONFIDENCE: Mapping[str, Confidence] = {word.value: word for word in Confidence}


def read_catalogue(place: Path = SHIPPED, name: str = "shipped") -> Catalogue:
    """The catalogue in a CSV file or a folder of them; `PriceFileError` if any row is wrong."""
    rows: dict[tuple[str, str], list[_Row]] = {}
    for path in (place,) if place.is_file() else sorted(place.glob("*.csv")):
        for row in _rows(path):
            rows.setdefault((row.item, row.region), []).append(row)
    if not rows:
        what = "file" if place.is_file() else "folder"
        message = f"there are no prices in this {what}"
        start = Span(str(place), 1, 1, 1, 1)
        raise PriceFileError([wrong("TZ703", message, start, _MADE_ANEW)], {})
    try:
        _check_units(row for group in rows.values() for row in group)
        return Catalogue(name, {key: _price(group) for key, group in rows.items()})
    except _MisplacedError as error:
        file = error.found[0].at.file if error.found[0].at else ""
        raise _placed(error, price_file_text(Path(file), file)) from error


class _Row(NamedTuple):
    """One line of a price file: one tier of one price."""

    at: tuple[str, int]
    """File and line."""
    item: str
    region: str
    unit: str
    tier: Tier
    effective: date | None
    source: str
    confidence: Confidence
    note: str


def catalogue_text(catalogue: Catalogue) -> str:
    """A catalogue as one CSV file that `read_catalogue` reads."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for price in sorted(catalogue.prices.values(), key=lambda p: (p.item, p.region)):
        since = price.effective.isoformat() if price.effective else ""
        for tier in price.tiers:
            amounts = f"{tier.from_quantity:f}", f"{tier.usd:f}"
            start = map(csv_cell, (price.item, price.region, price.unit))
            source, note = csv_cell(price.source), csv_cell(price.note)
            writer.writerow((*start, *amounts, since, source, price.confidence, note))
    return text.getvalue()


def _error(place: tuple[str, int], problem: str, column: str = COLUMNS[0]) -> "_MisplacedError":
    """An error in a row, at one of its columns."""
    code = "TZ704" if column in ("tier_from", "usd") else "TZ703"
    span = Span(place[0], place[1], 1, place[1], 1)
    return _MisplacedError(COLUMNS.index(column), [wrong(code, problem, span, _MADE_ANEW)], {})


class _MisplacedError(PriceFileError):
    """An error whose column in the file is not looked up yet."""

    def __init__(
        self, cell: int, findings: Iterable[Diagnostic], sources: Mapping[str, str]
    ) -> None:
        """Takes which cell of the row is wrong."""
        super().__init__(findings, sources)
        self.cell = cell


def _placed(error: _MisplacedError, text: str) -> PriceFileError:
    """The error with the place of its cell, which is looked up only then: it takes time."""
    (finding,) = error.found
    place = finding.at
    if place is None:
        return error
    with suppress(CellError):  # a row counts by its last line, as with Python's csv
        rows = (cells for cells in cell_rows(text, place.file) if cells)
        row = next((cells for cells in rows if cells[-1].at.end_line == place.line), None)
        place = row[error.cell].at if row is not None else place
    return PriceFileError([replace(finding, at=place)], {place.file: text})


def unit_place(path: Path, item: str, region: str) -> Span:
    """Where a catalogue's file says in which unit an item is priced in a region."""
    file = str(path)
    for cells in cell_rows(price_file_text(path, file), file):
        if [cell.text for cell in cells[:2]] == [item, region]:
            return cells[COLUMNS.index("unit")].at
    return Span(file, 1, 1, 1, 1)


def _rows(path: Path) -> Iterator[_Row]:
    """The rows of one file, checked one by one."""
    file = str(path)
    text = price_file_text(path, file)
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        if next(reader, None) != list(COLUMNS):
            raise _error((file, 1), f"the first line must be {','.join(COLUMNS)}")
        for cells in reader:
            yield _row((file, reader.line_num), cells)
    except csv.Error as error:
        raise _placed(_error((file, reader.line_num), str(error)), text) from error
    except _MisplacedError as error:
        raise _placed(error, text) from error


def _row(place: tuple[str, int], cells: Sequence[str]) -> _Row:
    """One row, its cells turned into values."""
    if len(cells) != len(COLUMNS):
        raise _error(place, f"the row has {len(cells)} cells instead of {len(COLUMNS)}")
    item, region, unit, tier_from, usd, effective, source, confidence, note = cells
    if not is_item(item):
        raise _error(
            place,
            f"`{item}` is not a valid item: use lowercase letters, with a size after a colon",
            "item",
        )
    if not has_prices(region):
        raise _error(
            place, f"`{region}` is not an AWS region, CloudFront edge or `{EVERYWHERE}`", "region"
        )
    if not unit or not source:
        raise _error(place, f"`{item}` must have a unit and a source", "unit")
    if confidence not in _BY_CONFIDENCE:
        known = ", ".join(_BY_CONFIDENCE)
        raise _error(place, f"confidence is `{confidence}`, not one of {known}", "confidence")
    start = _number(place, "tier_from", tier_from, MOST_QUANTITY)
    tier = Tier(start, _number(place, "usd", usd, MOST_USD))
    since = _date(place, effective) if effective else None
    return _Row(place, item, region, unit, tier, since, source, _BY_CONFIDENCE[confidence], note)


def _number(place: tuple[str, int], column: str, text: str, most: Decimal) -> Decimal:
    """A decimal number as it is written, without an exponent."""
    if not _NUMBER.fullmatch(text):
        raise _error(place, f"{column} is `{text[:60]}`, not a plain decimal number", column)
    if len(text) < _SHORT:  # nearly all; the bounds are looked at where they could be passed
        return Decimal(text)
    try:
        return number(text, most)
    except ValueError as error:
        raise _error(place, f"{column} is `{text[:60]}`; it {error}", column) from error


def _date(place: tuple[str, int], text: str) -> date:
    """A date."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _error(
            place, f"effective is `{text}`, not a date such as 2026-09-11", "effective"
        ) from error


def _price(rows: Sequence[_Row]) -> Price:
    """The rows of one item in one region as one price."""
    _check_tiers(rows)
    first = rows[0]
    tiers = tuple([row.tier for row in rows])
    effective, source, confidence, note = first[5:]
    if len(rows) > 1:  # nearly all have one, and joining is what takes time here
        dates = [row.effective for row in rows if row.effective]
        effective = min(dates) if len(dates) == len(rows) else None
        source = "; ".join(dict.fromkeys(row.source for row in rows))
        confidence = max((row.confidence for row in rows), key=_FROM_BEST.index)
        note = "; ".join(dict.fromkeys(row.note for row in rows if row.note))
    return Price(first.item, first.region, first.unit, tiers, effective, source, confidence, note)


def _check_tiers(rows: Sequence[_Row]) -> None:
    """Refuses tiers that do not begin at 0 and ascend, and a price that is there twice."""
    first = rows[0]
    if first.tier.from_quantity != 0:
        raise _error(first.at, f"`{first.item}` in {first.region} must begin at tier_from 0")
    for before, row in pairwise(rows):
        start = row.tier.from_quantity
        if start == before.tier.from_quantity:
            problem = f"already exists in {Path(before.at[0]).name}:{before.at[1]}"
        elif start < before.tier.from_quantity:
            problem = "must come before the higher tiers"
        else:
            continue
        raise _error(row.at, f"`{row.item}` in {row.region} from {start} on {problem}", "item")


def _check_units(rows: Iterable[_Row]) -> None:
    """Refuses an item with more than one unit."""
    first_of_item: dict[str, _Row] = {}
    for row in rows:
        first = first_of_item.setdefault(row.item, row)
        if row.unit != first.unit:
            raise _error(
                row.at, f"`{row.item}` is per {row.unit} here, but per {first.unit} elsewhere"
            )
