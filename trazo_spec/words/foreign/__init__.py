"""Words of AWS, Docker, Terraform, compose and others: what each is called here, if anything.

`fields.csv` holds words that stand where a field's name is wanted, `values.csv` those that stand
where one of a few values is wanted. Their columns:

* `at`: where the word stands: `spec`, or a kind of component, and the fields below it; `*` is any
  kind or any name.
* `words`: the words, in lower case with `_` between their parts.
* `here`: what it is called here, from the component or spec on; empty where it has no place.
* `why`: what else there is to say.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import StringIO

_LONGEST_WORD = 64
_PART = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
Place = tuple[str, ...]
"""`spec` or a kind, then the fields below it."""


@dataclass(frozen=True, slots=True)
class ForeignWord:
    """A word that means something elsewhere."""

    at: Place
    word: str
    here: str
    why: str

    @property
    def advice(self) -> str:
        """What to tell whoever wrote it."""
        if not self.here:
            return f"not supported: {self.why}"
        return f"use `{self.here}` instead" + (f" ({self.why})" if self.why else "")


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    """A word as the tables spell it.

    >>> folded("healthCheck"), folded("PORT"), folded("memory-mib")
    ('health_check', 'port', 'memory_mib')
    """
    return re.sub(r"[-\s]", "_", _PART.sub("_", word)).lower().strip("_")


def foreign_field(place: Place, word: str) -> ForeignWord | None:
    """What is known of a word where a field's name is wanted, or of it anywhere above."""
    if len(word) > _LONGEST_WORD:
        return None
    for end in range(len(place), 0, -1):
        if entry := _found(fields(), place[:end], folded(word)):
            return entry
        if place[0] == "spec":
            return None  # what stands at the top says nothing of what stands below it
    return _found(fields(), ("*",), folded(word)) if place and place[0] != "spec" else None


def foreign_value(place: Place, word: str) -> ForeignWord | None:
    """What is known of a word where one of a few values is wanted."""
    return _found(values(), place, word.lower()) if len(word) <= _LONGEST_WORD else None


@lru_cache(maxsize=1)
def fields() -> Mapping[Place, Mapping[str, ForeignWord]]:
    """The words for fields, by where they stand."""
    return _by_place("fields.csv")


@lru_cache(maxsize=1)
def values() -> Mapping[Place, Mapping[str, ForeignWord]]:
    """The words for values, by the field that they stand behind."""
    return _by_place("values.csv")


def _found(
    table: Mapping[Place, Mapping[str, ForeignWord]], target: Place, word: str
) -> ForeignWord | None:
    places = (place for place in table if len(place) == len(target) and word in table[place])
    fitting = (
        p for p in places if all(_fits(one, step) for one, step in zip(p, target, strict=True))
    )
    return next((table[place][word] for place in fitting), None)


def _fits(pattern: str, step: str) -> bool:
    return pattern == step or (pattern == "*" and step != "spec")


def rows(file: str) -> Iterator[ForeignWord]:
    """The words of one table, in its order."""
    text = (files(__name__) / file).read_text(encoding="utf-8")
    for row in csv.DictReader(StringIO(text), strict=True):
        for word in row["words"].split():
            yield ForeignWord(tuple(row["at"].split(".")), word, row["here"], row["why"] or "")


def _by_place(file: str) -> Mapping[Place, Mapping[str, ForeignWord]]:
    table: dict[Place, dict[str, ForeignWord]] = {}
    for row in rows(file):
        table.setdefault(row.at, {})[row.word] = row
    return table
