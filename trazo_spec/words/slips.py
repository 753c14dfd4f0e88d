"""Slips of the pen: which word was meant, and where nobody can know.

A word that means something itself, here or in AWS, Docker, Terraform or compose, is no slip of
another one: `amd64` is not `arm64`, and `ingress_ports` are not `egress_ports`.
"""

import re
from collections.abc import Iterable

from trazo_spec.diagnostics import Remedy
from trazo_spec.words.foreign import folded
from trazo_spec.words.vocabulary import UNITS, meaningful

# Chosen: of shorter words, one letter in two to four makes another word: `cpu` and `gpu`.
_LEAST_LETTERS = {"other": 5, "more": 4, "swapped": 3}
_LEAST_LETTERS_OF_TWO_SLIPS = 6
_LONGEST_WORD = 64
_DIGIT = re.compile(r"[0-9]")
_MOST_LISTED = 12


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Advice that names the nearest known words, or all of them when they are few.

    >>> did_you_mean("databse", ["database", "cache"])
    'did you mean `database`?'
    >>> did_you_mean("ingress_ports", ["egress_ports", "port"])
    'use one of `egress_ports`, `port`'
    """
    words = sorted(known)
    if near := nearest(word, words):
        return f"did you mean {' or '.join(f'`{one}`' for one in near)}?"
    if 0 < len(words) <= _MOST_LISTED:
        return "use one of " + ", ".join(f"`{w}`" for w in words)
    return ""


def meant(word: str, known: Iterable[str], *, of_key: bool = False) -> Remedy | None:
    """The remedy of a slip of the pen: the only known word that is one slip away.

    >>> meant("wbe", ["web", "database"])
    Remedy(value='web', of_key=False)
    >>> meant("web", ["web1", "web2"])
    """
    near = [other for other in known if is_slip(word, other)]
    return Remedy(near[0], of_key) if len(near) == 1 else None


def nearest(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known words that may have been meant, all of them as near as each other.

    >>> nearest("stop_timeout", ["stop_timeout_s", "start"]), nearest("HTTPs", ["HTTP", "HTTPS"])
    (('stop_timeout_s',), ('HTTPS',))
    """
    if not word or len(word) > _LONGEST_WORD:
        return ()
    ranked: dict[int, list[str]] = {}
    for other in known:
        rank = _rank(word, other)
        if rank is not None:
            ranked.setdefault(rank, []).append(other)
    return tuple(ranked[min(ranked)]) if ranked else ()


def is_slip(word: str, other: str) -> bool:
    """Whether one letter more, less, other or swapped makes one word of the other.

    Digits say which of several things is meant, and short words mean something with any letter.

    >>> is_slip("wbe", "web"), is_slip("storge_gb", "storage_gb"), is_slip("web1", "web2")
    (True, True, False)
    >>> is_slip("gpu", "cpu"), is_slip("memory_mb", "memory_mib")
    (False, False)
    """
    if max(len(word), len(other)) > _LONGEST_WORD or distance(word, other, most=1) != 1:
        return False
    if folded(word) == folded(other):
        return word.replace("-", "_") == other
    if _digits(word) != _digits(other) or not _may_be_slip(word, other):
        return False
    longer = max(len(word), len(other))
    if len(word) != len(other):
        return longer >= _LEAST_LETTERS["more"]
    swapped = sorted(word) == sorted(other)
    return longer >= _LEAST_LETTERS["swapped" if swapped else "other"]


def _rank(word: str, other: str) -> int | None:
    """How far a word is from another one that may be meant by it; None where it is not."""
    plain, plain_other = folded(word), folded(other)
    if plain == plain_other or _lacks_unit(plain, other):
        return 0
    most = 2 if len(plain) >= _LEAST_LETTERS_OF_TWO_SLIPS else 1
    if max(len(plain), len(plain_other)) <= 2 or abs(len(plain) - len(plain_other)) > most:
        return None
    far = distance(plain, plain_other, most=most)
    if far is None or _DIGIT.sub("0", plain) == _DIGIT.sub("0", plain_other):
        return None
    return far if _may_be_slip(plain, plain_other) else None


def _may_be_slip(word: str, other: str) -> bool:
    """Whether no part in which two words differ means something as it is written."""
    parts, others = folded(word).split("_"), folded(other).split("_")
    if folded(word) in meaningful() and word != other:
        return False
    if len(parts) != len(others):
        return not (set(parts) - set(others)) & meaningful()
    return not any(
        part in meaningful() and one not in (f"{part}s", part.removesuffix("s"))
        for part, one in zip(parts, others, strict=True)
        if part != one
    )


def _lacks_unit(word: str, other: str) -> bool:
    """Whether only the unit at the end is missing: `memory` and `memory_mib`."""
    stem, _, unit = other.rpartition("_")
    return stem == word and unit in UNITS


def _digits(word: str) -> str:
    return "".join(c for c in word if c.isdigit())


def distance(word: str, other: str, most: int) -> int | None:
    """How many letters are added, left out, replaced or swapped, None for more than `most`.

    A slip is counted as its letters are: a swap and another slip at the same place are two.
    """
    if abs(len(word) - len(other)) > most or len({*word} ^ {*other}) > 2 * most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, start=1):
        last, before, row = before, row, [i]
        for j, one in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != one))
            if i > 1 and j > 1 and letter == other[j - 2] and one == word[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None
