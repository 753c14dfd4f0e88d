"""The entries of a price book, in YAML or CSV, and every finding about their form."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from cost.rates.cells import Cell, CellError, rows
from cost.rates.price_file import MOST_QUANTITY, MOST_USD, PriceFileError, number, wrong
from cost.rates.terms import SavingsPlan
from trazo_spec.diagnostics import Diagnostic, Span
from trazo_spec.secrecy import covered
from trazo_spec.validation.fields import did_you_mean
from trazo_spec.yaml.located import Located
from trazo_spec.yaml.reading import MOST_CHARACTERS, read

FIELDS = ("item", "region", "unit", "tier_from", "usd", "discount_percent", "note")
PLAN_FIELDS = ("commitment_usd_per_h", "discount_percent")
# Chosen: five thousand entries, which take a second to read. As CSV a book may be larger.
MOST_CHARACTERS_OF_YAML = 250_000
# Chosen: ten times as many entries as the shipped catalogue has prices.
MOST_ENTRIES = 10_000
# Chosen: nobody reads more at once, and looking for words that were meant takes time.
MOST_FINDINGS = 20
LONGEST_TEXT = 500
_HUNDRED = Decimal(100)
_GUIDE = "docs/how-to/negotiated-prices.md shows a complete example"
_ADVICE = {
    "TZ104": f"begin with `prices:` or `savings_plan:`; {_GUIDE}",
    "TZ107": "use fewer and less deeply nested values",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One price, or one discount."""

    at: Span
    """Where its item stands."""
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


def read_yaml(text: str, file: str, name: str) -> tuple[tuple[Entry, ...], SavingsPlan | None]:
    """The entries and the plan in a YAML text; `PriceFileError` with all that is wrong in it.

    Args:
        text: What the file holds.
        file: How findings call it.
        name: How bills call it.
    """
    if len(text) > MOST_CHARACTERS_OF_YAML:
        raise PriceFileError([_too_long(text, MOST_CHARACTERS_OF_YAML, file)], {})
    document, findings = read(text, file)
    if findings or document is None:
        advised = [
            wrong(d.code, d.message, _at(d, file), _ADVICE.get(d.code, d.help)) for d in findings
        ]
        raise PriceFileError(advised, {file: text})
    reader = _Reader(file, text)
    entries, plan = reader.book(document, name)
    reader.finish()
    return entries, plan


def read_csv(text: str, file: str) -> tuple[Entry, ...]:
    """The entries in a CSV text; `PriceFileError` with all that is wrong in it."""
    reader = _Reader(file, text)
    if len(text) > MOST_CHARACTERS:
        reader.found.append(_too_long(text, MOST_CHARACTERS, file))
    else:
        try:
            reader.table(rows(text, file))
        except CellError as error:
            advice = "quote text that contains a comma, and double each quote in it"
            reader.refuse("TZ703", f"not CSV: {error}", error.at, advice)
    reader.finish()
    return tuple(reader.entries)


def _too_long(text: str, most: int, file: str) -> Diagnostic:
    message = f"the file has {len(text):,} characters, but at most {most:,} are allowed"
    return wrong("TZ707", message, Span(file, 1, 1, 1, 1), "keep only the prices you need")


def _at(d: Diagnostic, file: str) -> Span:
    return d.at or Span(file, 1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class _Text:
    """A value as it is written, and where."""

    text: str
    at: Span


@dataclass(slots=True)
class _Reader:
    """Reads entries, and collects what is wrong on the way."""

    file: str
    text: str
    found: list[Diagnostic] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    lines: Sequence[str] = ()

    def finish(self) -> None:
        """Raises what was found, if anything was."""
        if self.found:
            raise PriceFileError(self.found, {self.file: self.text})

    def refuse(self, code: str, message: str, place: Span, advice: str) -> None:
        self.found.append(wrong(code, message, place, advice))
        if len(self.found) >= MOST_FINDINGS:
            self.finish()

    def add(self, entry: Entry | None, place: Span) -> bool:
        """Keeps an entry; False when there are too many of them."""
        if entry is not None:
            self.entries.append(entry)
        if len(self.entries) <= MOST_ENTRIES:
            return True
        message = f"there are more than {MOST_ENTRIES:,} entries"
        self.refuse("TZ707", message, place, "use `*` in `item` to change many prices at once")
        return False

    # YAML

    def book(self, document: Located, name: str) -> tuple[tuple[Entry, ...], SavingsPlan | None]:
        top = self.mapping(document, ("prices", "savings_plan"), "a price book")
        self.lines = self.text.split("\n")
        listed = top.get("prices")
        if listed is not None and listed.value is not None:
            if isinstance(listed.value, list):
                self.listed(listed.value)
            else:
                self.refuse("TZ703", "`prices` must be a list of entries", listed.label, _GUIDE)
        plan = top.get("savings_plan")
        if plan is None or plan.value is None:
            return tuple(self.entries), None
        return tuple(self.entries), self.plan(plan, name)

    def listed(self, entries: Iterable[Located]) -> None:
        for raw in entries:
            for entry in self.yaml_entries(raw):
                if not self.add(entry, raw.label):
                    return

    def yaml_entries(self, raw: Located) -> Iterator[Entry | None]:
        """One entry, or one for each of its tiers."""
        cells = self.mapping(raw, (*FIELDS, "tiers"), "an entry")
        if not cells:
            return
        tiers = cells.get("tiers")
        before = len(self.found)
        shared = self.texts({key: value for key, value in cells.items() if key != "tiers"})
        if len(self.found) > before:
            return
        if tiers is None:
            yield self.entry(shared, raw.span)
            return
        if not isinstance(tiers.value, list) or not tiers.value or cells.keys() & _PRICES:
            message = (
                "`tiers` must be a list of `{from, usd}` and cannot be combined with another price"
            )
            self.refuse("TZ703", message, tiers.key or tiers.span, _GUIDE)
            return
        for tier in tiers.value:
            own = self.texts(self.mapping(tier, ("from", "usd"), "a tier"))
            if own:
                renamed = {"tier_from" if key == "from" else key: own[key] for key in own}
                yield self.entry({**shared, **renamed}, tier.span)

    def mapping(self, raw: Located, fields: tuple[str, ...], what: str) -> Mapping[str, Located]:
        """The fields of a mapping; those that do not exist are refused."""
        if not isinstance(raw.value, dict):
            self.refuse(
                "TZ703", f"{what} must be a mapping of {', '.join(fields)}", raw.span, _GUIDE
            )
            return {}
        for key, child in raw.value.items():
            if key not in fields:
                self.unknown(key, fields, child.key or child.span)
        return {key: child for key, child in raw.value.items() if key in fields}

    def unknown(self, key: str, fields: Sequence[str], place: Span) -> None:
        advice = did_you_mean(key[:LONGEST_TEXT], fields)
        self.refuse("TZ703", f"a price book does not have a field `{_short(key)}`", place, advice)

    def texts(self, cells: Mapping[str, Located]) -> dict[str, _Text]:
        """Values as they are written, so that no float loses a digit; what is empty is left out."""
        texts: dict[str, _Text] = {}
        for key, value in cells.items():
            if isinstance(value.value, dict | list):
                self.refuse("TZ703", f"`{key}` must be a single value", value.label, _GUIDE)
            elif value.value is not None:
                texts[key] = _Text(self.written(value), value.span)
        return texts

    def written(self, value: Located) -> str:
        if isinstance(value.value, str):
            return value.value
        span = value.span
        if span.line == span.end_line <= len(self.lines):
            text = self.lines[span.line - 1][span.column - 1 : span.end_column - 1]
            if _says(text, value.value):
                return text
        return str(value.value)

    def plan(self, raw: Located, name: str) -> SavingsPlan | None:
        cells = self.texts(self.mapping(raw, PLAN_FIELDS, "`savings_plan`"))
        for key in PLAN_FIELDS:
            if key not in cells and isinstance(raw.value, dict):
                self.refuse(
                    "TZ703", f"`savings_plan` does not have `{key}`", raw.label, f"add `{key}`"
                )
        if len(cells) < len(PLAN_FIELDS):
            return None
        commitment = self.number("commitment_usd_per_h", cells["commitment_usd_per_h"], MOST_USD)
        share = self.share(cells["discount_percent"])
        return None if commitment is None or share is None else SavingsPlan(commitment, share, name)

    # CSV

    def table(self, lines: Iterator[tuple[Cell, ...]]) -> None:
        columns = [cell.text for cell in next(lines, ())]
        head = Span(self.file, 1, 1, 1, 1)
        for column in dict.fromkeys(columns):
            if column not in FIELDS:
                self.unknown(column, FIELDS, head)
            elif columns.count(column) > 1:
                self.refuse(
                    "TZ703", f"the column `{column}` appears twice", head, "keep one of them"
                )
        if "item" not in columns:
            names = ", ".join(FIELDS)
            advice = f"the first line must name the columns; possible columns are {names}"
            self.refuse("TZ703", "the column `item` is missing", head, advice)
        if self.found:
            return
        for cells in lines:
            if cells and not self.row(columns, cells):
                return

    def row(self, columns: Sequence[str], cells: tuple[Cell, ...]) -> bool:
        place = cells[0].at
        if len(cells) != len(columns):
            message = f"the row has {len(cells)} cells, but there are {len(columns)} columns"
            self.refuse("TZ703", message, place, "write a cell for each column, empty if necessary")
            return True
        named = zip(columns, cells, strict=True)
        return self.add(
            self.entry({c: _Text(v.text, v.at) for c, v in named if v.text}, place), place
        )

    # Both

    def entry(self, cells: Mapping[str, _Text], place: Span) -> Entry | None:
        before = len(self.found)
        item = cells.get("item")
        if item is None or not item.text:
            self.refuse(
                "TZ703",
                "the entry does not have an `item`",
                place,
                "`trazo prices show` lists them",
            )
        if ("usd" in cells) == ("discount_percent" in cells):
            both = "both `usd` and" if "usd" in cells else "neither `usd` nor"
            advice = "set either `usd` or `discount_percent`"
            self.refuse("TZ703", f"the entry has {both} `discount_percent`", place, advice)
        for key in _TEXTS & cells.keys():
            if (letters := len(cells[key].text)) > LONGEST_TEXT:
                size = f"`{key}` has {letters:,} characters, but at most {LONGEST_TEXT} are allowed"
                self.refuse("TZ707", size, cells[key].at, "shorten it")
        if len(self.found) > before or item is None:
            return None
        tier_from = self.number("tier_from", cells.get("tier_from", _NOTHING), MOST_QUANTITY)
        usd = self.number("usd", cells["usd"], MOST_USD) if "usd" in cells else None
        share = self.share(cells.get("discount_percent", _NOTHING))
        if tier_from is None or share is None or len(self.found) > before:
            return None
        region, unit, note = (
            cells[key].text if key in cells else "" for key in ("region", "unit", "note")
        )
        return Entry(item.at, item.text, region, unit, tier_from, usd, share, note)

    def number(self, name: str, cell: _Text, most: Decimal) -> Decimal | None:
        try:
            return number(cell.text, most)
        except ValueError as error:
            message = f"`{name}` is `{_short(cell.text)}`; it {error}"
            self.refuse("TZ704", message, cell.at, "write a plain decimal number")
            return None

    def share(self, cell: _Text) -> Decimal | None:
        percent = self.number("discount_percent", cell, _HUNDRED)
        if percent == _HUNDRED:
            message = f"`discount_percent` is `{_short(cell.text)}`; it must be below 100"
            self.refuse("TZ704", message, cell.at, "for a free item, write `usd: 0`")
            return None
        return None if percent is None else percent / _HUNDRED


_NOTHING = _Text("0", Span("", 1, 1, 1, 1))
_TEXTS = {"item", "region", "unit", "note"}
_PRICES = {"usd", "discount_percent"}


def _says(text: str, value: object) -> bool:
    """Whether a text is how a number or truth value is written."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return text.lower() == str(value).lower()
    try:
        return float(text) == float(value)
    except ValueError:
        return False


def _short(text: str) -> str:
    text = covered(text)
    return text if len(text) <= 60 else f"{text[:57]}..."
