"""A catalogue as a list: what each item costs, where that was read, and how old it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from itertools import groupby
from typing import Any

from rich import box
from rich.table import Table

from cost.rates.catalogue import Catalogue, Price
from cost.rates.update import Kept, PriceChange
from cost.showing.fitting import Fitting

# Chosen: AWS changes list prices of these services less than once a year, Spot prices each month.
STALE_DAYS = 365
STALE_SPOT_DAYS = 60


@dataclass(frozen=True, slots=True)
class Listed:
    """A price and its age."""

    price: Price
    age_days: int | None
    """None for a price without a date."""
    stale: bool
    """Whether it should be read anew: too old, or without a date."""


def listed(
    catalogue: Catalogue, today: date, pattern: str = "*", regions: Iterable[str] = ()
) -> Iterator[Listed]:
    """The prices whose items fit a pattern, in the order of item and region."""
    chosen = frozenset(regions)
    for (item, region), price in sorted(catalogue.prices.items()):
        if fnmatchcase(item, pattern) and (not chosen or region in chosen):
            yield _listed(price, today)


def _listed(price: Price, today: date) -> Listed:
    if price.effective is None:
        return Listed(price, None, stale=True)
    age_days = (today - price.effective).days
    most = STALE_SPOT_DAYS if price.item.startswith("fargate_spot_") else STALE_DAYS
    return Listed(price, age_days, stale=age_days > most)


def price_table(prices: Sequence[Listed]) -> Fitting:
    """Prices for people, stale ones marked; each below its item, and the source where it fits."""
    return Fitting(_prices(prices, sourced=True), _prices(prices, sourced=False))


def _prices(prices: Sequence[Listed], *, sourced: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("item and region", overflow="fold")
    table.add_column("USD", justify="right", no_wrap=True)
    table.add_column("per")
    table.add_column("from", justify="right", no_wrap=True)
    table.add_column("age", justify="right", no_wrap=True)
    if sourced:
        table.add_column("source", overflow="ellipsis", no_wrap=True, max_width=60)
    for item, of_item in groupby(prices, key=lambda one: one.price.item):
        table.add_section()
        table.add_row(item, style="bold")
        for one in of_item:
            for cells in _price_rows(one):
                table.add_row(*cells[: len(table.columns)], style="yellow" if one.stale else "")
    return table


def _price_rows(one: Listed) -> Iterator[tuple[str, ...]]:
    """A row for each tier; what all of them share stands in the first."""
    price, age = one.price, _age_text(one.age_days)
    shared = f"{age} stale" if one.stale else age, f"{price.confidence}: {price.source}"
    for number, tier in enumerate(price.tiers):
        start = f"{tier.from_quantity.normalize():f}" if tier.from_quantity else ""
        rate = f"{tier.usd.normalize():f}", price.unit, start
        yield (f"  {price.region}", *rate, *shared) if number == 0 else ("", *rate, "", "")


def prices_as_json(catalogue: Catalogue, prices: Iterable[Listed]) -> dict[str, Any]:
    """Prices for machines."""
    return {
        "schema": "trazo.prices/1",
        "catalogue": catalogue.name,
        "prices": [
            {
                "item": one.price.item,
                "region": one.price.region,
                "unit": one.price.unit,
                "tiers": _tiers(one.price),
                "effective": one.price.effective.isoformat() if one.price.effective else None,
                "age_days": one.age_days,
                "stale": one.stale,
                "confidence": str(one.price.confidence),
                "source": one.price.source,
                "note": one.price.note,
            }
            for one in prices
        ],
    }


def change_table(changes: Iterable[PriceChange]) -> Table:
    """What an update changes, for people."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("item", overflow="fold")
    table.add_column("region")
    table.add_column("before", justify="right")
    table.add_column("now", justify="right")
    for change in changes:
        before = "none" if change.before is None else _rates(change.before)
        table.add_row(change.item, change.region, before, _rates(change.after))
    return table


def kept_table(kept: Iterable[Kept], today: date) -> Table:
    """What an update left as it was, for people."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("unchanged", "region", "USD", "age", "why"):
        table.add_column(title, justify="right" if title in ("USD", "age") else "left")
    for one in kept:
        price, age = one.price, _age_text(_listed(one.price, today).age_days)
        table.add_row(price.item, price.region, _rates(price), age, one.why)
    return table


def _age_text(age_days: int | None) -> str:
    return "undated" if age_days is None else f"{age_days} d"


def changes_as_json(
    file: str, changes: Iterable[PriceChange], kept: Iterable[Kept]
) -> dict[str, Any]:
    """What an update changes and what it left as it was, for machines."""
    return {
        "schema": "trazo.price-changes/1",
        "file": file,
        "changes": [
            {
                "item": change.item,
                "region": change.region,
                "before": None if change.before is None else _tiers(change.before),
                "after": _tiers(change.after),
            }
            for change in changes
        ],
        "kept": [
            {
                "item": one.price.item,
                "region": one.price.region,
                "tiers": _tiers(one.price),
                "effective": one.price.effective.isoformat() if one.price.effective else None,
                "why": one.why,
            }
            for one in kept
        ],
    }


def _tiers(price: Price) -> list[dict[str, float]]:
    return [{"from_quantity": float(t.from_quantity), "usd": float(t.usd)} for t in price.tiers]


def _rates(price: Price) -> str:
    return ", ".join(f"{tier.usd.normalize():f}" for tier in price.tiers)
