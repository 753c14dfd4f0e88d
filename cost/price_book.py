"""Prices of one's own: negotiated ones, discounts, and a Savings Plan, laid over a catalogue."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

from cost.catalogue import EVERYWHERE, Catalogue, Confidence, Price, Tier
from cost.savings_plan import SavingsPlan
from trazo_spec.fields import did_you_mean

FIELDS = ("item", "region", "unit", "tier_from", "usd", "discount_percent", "note")
PLAN_FIELDS = ("commitment_usd_per_h", "discount_percent")
_HUNDRED = Decimal(100)


class PriceBookError(ValueError):
    """A price book that cannot be used; the message names the file, the entry and what is wrong."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One price, or one discount."""

    at: str
    """Where it stands, such as `prices.yaml: entry 2`."""
    item: str
    """An item of the catalogue; `*` stands for any letters."""
    region: str
    """The region that it is for; empty for all."""
    unit: str
    """The unit of the price; empty for the catalogue's own."""
    tier_from: Decimal
    usd: Decimal | None
    """USD for one unit, or None for a discount."""
    discount_share: Decimal
    """What is taken off the catalogue's price, 0 to 1."""
    note: str


@dataclass(frozen=True, slots=True)
class PriceBook:
    """What differs from list prices."""

    name: str
    """What the bill calls it."""
    entries: tuple[Entry, ...] = ()
    savings_plan: SavingsPlan | None = None


def read_price_book(path: Path) -> PriceBook:
    """The price book in a YAML or CSV file; `PriceBookError` if anything in it is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise PriceBookError(f"{path} cannot be read: {reason.lower()}") from error
    if path.suffix.lower() == ".csv":
        return PriceBook(path.name, tuple(_csv_entries(path.name, text)))
    return _yaml_book(path.name, text)


def apply(book: PriceBook, catalogue: Catalogue) -> Catalogue:
    """A catalogue with the prices of a book; the last entry about a price wins."""
    prices = dict(catalogue.prices)
    for entries in _grouped(book.entries):
        first = entries[0]
        keys = _matches(first, prices)
        if first.usd is None:
            prices |= {key: _discounted(prices[key], first, book.name) for key in keys}
        else:
            prices |= _replaced(entries, keys, prices, book.name)
    return Catalogue(f"{catalogue.name} + {book.name}", prices)


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


def _matches(entry: Entry, prices: Mapping[tuple[str, str], Price]) -> tuple[tuple[str, str], ...]:
    """The prices that an entry is about; an item that nobody knows needs a unit to be a new one."""
    named = [key for key in prices if fnmatchcase(key[0], entry.item)]
    if not named and (entry.usd is None or "*" in entry.item or not entry.unit):
        advice = did_you_mean(entry.item, sorted({item for item, _ in prices}))
        raise PriceBookError(
            f"{entry.at}: the catalogue has no item `{entry.item}`: {advice}; "
            "`trazo prices show` lists all, and a new one needs a `unit`"
        )
    found = tuple(k for k in named if entry.region in ("", k[1]))
    if named and not found and entry.usd is None:
        places = ", ".join(sorted({region for _, region in named}))
        raise PriceBookError(
            f"{entry.at}: `{entry.item}` has no price in `{entry.region}` to take a discount off; "
            f"it has one in {places}"
        )
    return found


def _discounted(price: Price, entry: Entry, name: str) -> Price:
    left = 1 - entry.discount_share
    tiers = tuple(Tier(tier.from_quantity, tier.usd * left) for tier in price.tiers)
    percent = (entry.discount_share * _HUNDRED).normalize()
    note = f"{percent:f} % off {price.source}" + (f"; {entry.note}" if entry.note else "")
    return replace(price, tiers=tiers, source=name, confidence=Confidence.NEGOTIATED, note=note)


def _replaced(
    entries: Sequence[Entry],
    keys: Sequence[tuple[str, str]],
    prices: Mapping[tuple[str, str], Price],
    name: str,
) -> dict[tuple[str, str], Price]:
    first = entries[0]
    _check_tiers(entries)
    items = sorted({item for item, _ in keys}) or [
        item for item in sorted({i for i, _ in prices}) if fnmatchcase(item, first.item)
    ]
    found: dict[tuple[str, str], Price] = {}
    for item in items or [first.item]:
        known = next((price for key, price in prices.items() if key[0] == item), None)
        unit = first.unit or (known.unit if known else "")
        if known is not None and unit != known.unit:
            raise PriceBookError(
                f"{first.at}: `{item}` is counted per {known.unit}, not per {unit}"
            )
        tiers = tuple(Tier(e.tier_from, e.usd) for e in entries if e.usd is not None)
        regions = {region for i, region in keys if i == item} | {first.region or EVERYWHERE}
        for region in sorted(regions):
            found[item, region] = Price(
                item, region, unit, tiers, None, name, Confidence.NEGOTIATED, first.note
            )
    return found


def _check_tiers(entries: Sequence[Entry]) -> None:
    if entries[0].tier_from:
        raise PriceBookError(f"{entries[0].at}: the first tier of `{entries[0].item}` begins at 0")
    for before, entry in pairwise(entries):
        if entry.tier_from <= before.tier_from:
            raise PriceBookError(f"{entry.at}: tiers of `{entry.item}` must ascend")


# Reading


def _csv_entries(name: str, text: str) -> Iterator[Entry]:
    reader = csv.DictReader(StringIO(text), strict=True)
    unknown = sorted(set(reader.fieldnames or ()) - set(FIELDS))
    if unknown or "item" not in (reader.fieldnames or ()):
        raise PriceBookError(
            f"{name}: the first line names the columns, out of {', '.join(FIELDS)}; "
            f"{'`' + unknown[0] + '` is none' if unknown else '`item` is missing'}"
        )
    try:
        for row in reader:
            if None in row or None in row.values():
                raise PriceBookError(f"{name}:{reader.line_num}: cells and columns do not match")
            yield _entry(f"{name}:{reader.line_num}", {k: v for k, v in row.items() if v})
    except csv.Error as error:
        raise PriceBookError(f"{name}:{reader.line_num}: {error}") from error


def _yaml_book(name: str, text: str) -> PriceBook:
    from ruamel.yaml import YAML  # noqa: PLC0415 - only who has a price book pays for it
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    reader = YAML(typ="base", pure=True)  # every scalar as it is written: no float loses a digit
    try:
        content = reader.load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        problem = getattr(error, "problem", None) or "it is no YAML"
        raise PriceBookError(f"{where}: {problem}") from error
    return _book(name, content)


def _book(name: str, content: Any) -> PriceBook:  # noqa: ANN401 - YAML is of any type
    top = _mapping(name, content, ("prices", "savings_plan"))
    listed = top.get("prices") or []
    if not isinstance(listed, list):
        raise PriceBookError(f"{name}: `prices` is a list of entries")
    entries: list[Entry] = []
    for number, raw in enumerate(listed, 1):
        at = f"{name}: entry {number}"
        entries += _yaml_entries(at, _mapping(at, raw, (*FIELDS, "tiers")))
    plan = top.get("savings_plan")
    return PriceBook(name, tuple(entries), None if plan is None else _plan(name, plan))


def _yaml_entries(at: str, raw: Mapping[str, Any]) -> Iterator[Entry]:
    """One entry, or one for each of its tiers."""
    tiers = raw.get("tiers")
    if tiers is None:
        yield _entry(at, raw)
        return
    if not isinstance(tiers, list) or not tiers or "usd" in raw or "discount_percent" in raw:
        raise PriceBookError(f"{at}: `tiers` is a list of `{{from, usd}}`, without another price")
    shared = {key: value for key, value in raw.items() if key != "tiers"}
    for tier in tiers:
        cells = _mapping(at, tier, ("from", "usd"))
        yield _entry(at, {**shared, "tier_from": cells.get("from"), "usd": cells.get("usd")})


def _entry(at: str, raw: Mapping[str, Any]) -> Entry:
    if not isinstance(raw.get("item"), str) or not raw["item"]:
        raise PriceBookError(f"{at}: an `item` is missing")
    usd, discount = raw.get("usd"), raw.get("discount_percent")
    if (usd is None) == (discount is None):
        raise PriceBookError(f"{at}: give either `usd` or `discount_percent`")
    return Entry(
        at,
        raw["item"],
        str(raw.get("region") or ""),
        str(raw.get("unit") or ""),
        _number(at, "tier_from", raw.get("tier_from") or "0"),
        None if usd is None else _number(at, "usd", usd),
        Decimal(0) if discount is None else _share(at, discount),
        str(raw.get("note") or ""),
    )


def _plan(name: str, raw: Any) -> SavingsPlan:  # noqa: ANN401 - YAML is of any type
    at = f"{name}: savings_plan"
    plan = _mapping(at, raw, PLAN_FIELDS)
    for key in PLAN_FIELDS:
        if key not in plan:
            raise PriceBookError(f"{at}: `{key}` is missing")
    commitment = _number(at, "commitment_usd_per_h", plan["commitment_usd_per_h"])
    return SavingsPlan(commitment, _share(at, plan["discount_percent"]), name)


def _mapping(at: str, raw: Any, fields: Iterable[str]) -> Mapping[str, Any]:  # noqa: ANN401
    if not isinstance(raw, dict):
        raise PriceBookError(f"{at}: expected {', '.join(fields)}")
    for key in raw:
        if key not in fields:
            raise PriceBookError(f"{at}: there is no `{key}`; there are {', '.join(fields)}")
    return raw


def _number(at: str, field: str, text: object) -> Decimal:
    try:
        number = Decimal(str(text))
    except InvalidOperation as error:
        raise PriceBookError(f"{at}: `{field}` is `{text}`, not a number") from error
    if not number.is_finite() or number < 0:
        raise PriceBookError(f"{at}: `{field}` is `{text}`; it is 0 or more")
    return number


def _share(at: str, text: object) -> Decimal:
    percent = _number(at, "discount_percent", text)
    if percent >= _HUNDRED:
        raise PriceBookError(f"{at}: `discount_percent` is `{text}`; it lies below 100")
    return percent / _HUNDRED
