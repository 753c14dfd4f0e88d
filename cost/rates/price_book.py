"""Prices of one's own: negotiated ones, discounts, and a Savings Plan, laid over a catalogue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path

from cost.rates.catalogue import (
    EVERYWHERE,
    Catalogue,
    Confidence,
    Price,
    Tier,
    has_prices,
    is_item,
)
from cost.rates.price_book_reader import MOST_FINDINGS, Entry, read_csv, read_yaml
from cost.rates.price_file import PriceFileError, price_file_text, wrong
from cost.rates.terms import SavingsPlan
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.validation.fields import did_you_mean

# Chosen: a hundred discounts on everything; a second of work.
MOST_BYTES = 2_000_000
"""Of the file: far more than the characters that are read of it take."""
MOST_CHANGES = 200_000
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class PriceBook:
    """What differs from list prices."""

    name: str
    """What the bill calls it."""
    entries: tuple[Entry, ...] = ()
    savings_plan: SavingsPlan | None = None
    text: str = ""
    """The file's text, for the source line under a finding."""


def read_price_book(path: Path) -> PriceBook:
    """The price book in a YAML or CSV file.

    Raises:
        PriceFileError: Something in it is wrong.
        UnreadableError: It cannot be opened.
    """
    file = str(path)
    text = price_file_text(path, file, MOST_BYTES)
    if path.suffix.lower() == ".csv":
        return PriceBook(path.name, read_csv(text, file), None, text)
    entries, plan = read_yaml(text, file, path.name)
    return PriceBook(path.name, entries, plan, text)


def apply(book: PriceBook, catalogue: Catalogue) -> Catalogue:
    """A catalogue with the prices of a book; the last entry about a price wins.

    Raises:
        PriceFileError: An entry is about no price of the catalogue, or its tiers do not ascend.
    """
    layer = _Layer(book.name, dict(catalogue.prices))
    for entries in _grouped(book.entries):
        layer.lay(entries)
        if len(layer.found) >= MOST_FINDINGS or layer.changes > MOST_CHANGES:
            break
    if layer.found:
        raise PriceFileError(layer.found, {book.entries[0].at.file: book.text})
    return Catalogue(f"{catalogue.name} + {book.name}", layer.prices)


def _grouped(entries: Sequence[Entry]) -> Iterator[tuple[Entry, ...]]:
    """Entries one by one, the tiers of one price together."""
    group: list[Entry] = []
    for entry in entries:
        if group and not (entry.tier_from and _same(entry, group[0])):
            yield tuple(group)
            group = []
        group.append(entry)
    if group:
        yield tuple(group)


def _same(entry: Entry, first: Entry) -> bool:
    return (entry.item, entry.region) == (first.item, first.region) and entry.usd is not None


class _Layer:
    """Prices over which entries are laid, one after the other."""

    def __init__(self, name: str, prices: dict[tuple[str, str], Price]) -> None:
        """Takes the book's name, and the prices that are changed in place."""
        self.name = name
        self.prices = prices
        self.found: list[Diagnostic] = []
        self.changes = 0
        self._regions: dict[str, list[str]] = {}
        """Item -> where it has a price."""
        for item, region in prices:
            self._regions.setdefault(item, []).append(region)

    def lay(self, entries: Sequence[Entry]) -> None:
        """Lays one price, with all its tiers, or one discount over the prices."""
        first = entries[0]
        items = self._items(first)
        if items is None or not self._ascending(entries):
            return
        keys = [(i, r) for i in items for r in self._regions.get(i, ())]
        chosen = [key for key in keys if first.region in ("", key[1])]
        self.changes += len(chosen) + 1
        if self.changes > MOST_CHANGES:
            message = f"the entries change more than {MOST_CHANGES:,} prices"
            self._refuse("TZ707", message, first, "change each price in fewer entries")
        elif first.usd is not None:
            if self._placed(first):
                self._replace(entries, items, set(chosen))
        elif not chosen:
            places = ", ".join(sorted({region for _, region in keys}))
            self._refuse(
                "TZ705",
                f"`{first.item}` does not have a price in `{first.region}` to discount",
                first,
                f"it has one in {places}",
            )
        else:
            for key in chosen:
                self.prices[key] = _discounted(self.prices[key], first, self.name)

    def _items(self, entry: Entry) -> tuple[str, ...] | None:
        """The items that an entry is about; one that nobody knows needs a unit to be a new one."""
        if entry.item in self._regions:
            return (entry.item,)
        matches = tuple(sorted(item for item in self._regions if fnmatchcase(item, entry.item)))
        if matches:
            return matches
        if entry.usd is not None and entry.unit and is_item(entry.item):
            return (entry.item,)
        advice = did_you_mean(entry.item, self._regions)
        more = "`trazo prices show` lists all items, and a new one must have a `unit`"
        message = f"the catalogue does not have an item `{entry.item}`"
        self._refuse("TZ705", message, entry, f"{advice} {more}" if advice else more)
        return None

    def _placed(self, entry: Entry) -> bool:
        """Whether a price is for a place that there can be; elsewhere nobody would ever find it."""
        if not entry.region or has_prices(entry.region):
            return True
        known = sorted({region for regions in self._regions.values() for region in regions})
        message = f"`{entry.region}` is not an AWS region, CloudFront edge or `{EVERYWHERE}`"
        self._refuse("TZ705", message, entry, did_you_mean(entry.region, known))
        return False

    def _ascending(self, entries: Sequence[Entry]) -> bool:
        first = entries[0]
        before = len(self.found)
        if first.tier_from:
            message = f"the first tier of `{first.item}` must begin at 0"
            self._refuse("TZ706", message, first, "add the price of the first unit")
        for one, after in pairwise(entries):
            if after.tier_from <= one.tier_from:
                message = f"the tiers of `{after.item}` must be in ascending order"
                self._refuse("TZ706", message, after, "sort them by `from`")
        return len(self.found) == before

    def _replace(
        self, entries: Sequence[Entry], items: Sequence[str], keys: set[tuple[str, str]]
    ) -> None:
        first = entries[0]
        tiers = tuple(Tier(e.tier_from, e.usd) for e in entries if e.usd is not None)
        for item in items:
            regions = self._regions.setdefault(item, [])
            known = self.prices[item, regions[0]] if regions else None
            unit = first.unit or (known.unit if known else "")
            if known is not None and unit != known.unit:
                message = f"`{item}` is counted per {known.unit}, not per {unit}"
                self._refuse("TZ705", message, first, f"give a price per {known.unit}")
                return
            own = first.region or EVERYWHERE
            for region in sorted({r for r in regions if (item, r) in keys} | {own}):
                if (item, region) not in self.prices:
                    regions.append(region)
                self.prices[item, region] = Price(
                    item, region, unit, tiers, None, self.name, Confidence.NEGOTIATED, first.note
                )

    def _refuse(self, code: str, message: str, entry: Entry, advice: str) -> None:
        self.found.append(wrong(code, message, entry.at, advice))


def _discounted(price: Price, entry: Entry, name: str) -> Price:
    left = 1 - entry.discount_share
    tiers = tuple(Tier(tier.from_quantity, tier.usd * left) for tier in price.tiers)
    percent = (entry.discount_share * _HUNDRED).normalize()
    note = f"{percent:f}% off {price.source}" + (f"; {entry.note}" if entry.note else "")
    return replace(price, tiers=tiers, source=name, confidence=Confidence.NEGOTIATED, note=note)
