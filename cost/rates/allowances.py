"""What AWS gives an account each month for nothing, which all of its environments share."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from cost.rates.catalogue import Confidence

SHIPPED = Path(__file__).with_name("allowances.csv")


@dataclass(frozen=True, slots=True)
class Allowance:
    """A quantity of one item that is free in each calendar month."""

    item: str
    quantity: Decimal
    """In the item's unit, per account and month."""
    unit: str
    effective: date
    source: str
    confidence: Confidence
    note: str = ""


def read_allowances(path: Path = SHIPPED) -> Mapping[str, Allowance]:
    """Item -> what of it is free."""
    with path.open(encoding="utf-8", newline="") as lines:
        allowances = [_allowance(row) for row in csv.DictReader(lines, strict=True)]
    return {allowance.item: allowance for allowance in allowances}


def _allowance(row: Mapping[str, str]) -> Allowance:
    return Allowance(
        row["item"],
        Decimal(row["quantity"]),
        row["unit"],
        date.fromisoformat(row["effective"]),
        row["source"],
        Confidence(row["confidence"]),
        row["note"],
    )
