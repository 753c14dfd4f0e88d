"""What people read is plain English: constructions that made them read twice do not come back."""

import ast
import csv
import re
from collections.abc import Iterator

import pytest

from compiler.findings.all_codes import CODES
from tests.pages import ALL, ROOT
from trazo_spec.authoring.schema import json_schema

PACKAGES = ("trazo_spec", "compiler", "cost", "trazo")
REPORT = ROOT / "cost" / "showing" / "report.html"

BANNED = (
    r"\b(?:has|have) not\b(?! \w+(?:ed|en)\b)",  # "does not have", "does not exist in"
    r"(?<!there )\b(?:is|are) no (?!longer)\w",  # "is not a", "is not valid"
    r"\bnot ours\b|\bin our\b",  # "trazo cannot set", "trazo's"
    r"\bthere already\b",  # "already exists"
    r"\bgo(?:es)? by\b",  # "is chosen by", "follows"
    r"\bstands?\b(?!-)",  # "is", "appears", "contains"
    r"\blies?\b",  # "is"
    r"\bbeside\b",  # "next to", "with", "in addition to"
    r"\bby (?:itself|themselves)\b",  # "automatically"
    r"\b(?:outside|inside) of\b",  # "outside", "inside"
    r"\bnobody\b|\bsomebody\b|\bwhoever\b",  # who or what does not
    r"\bfor nothing\b|\bfor want of\b",  # "free", "because"
    r"\bwithout a word\b",  # "silently"
    r"\bslip of the pen\b",  # "typo"
    r"\bput (?:that|it) right\b|\bmend(?:s|ed)?\b",  # "fix"
    r"\be-mail\b|\blower case letter\b|\bgrey\b|\bcolou?rs? of its own\b",
    r"(?<!do)(?<!says)(?<!if) so[.;]?$",  # "this way"
)
BAD = re.compile("|".join(f"(?:{one})" for one in BANNED), re.IGNORECASE)
CODE = re.compile(r"^(?:```.*?^```|\$\$.*?\$\$)$|`[^`\n]*`|<[^>]*>|\]\([^)]*\)", re.M | re.S)
QUOTED = re.compile(r"^> .*$", re.MULTILINE)
"""Words of others, which stay as they are."""


def _text(node: ast.expr) -> str | None:
    """The words of a string; each `{}` of an f-string is a single letter."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(p.value if isinstance(p, ast.Constant) else "X" for p in parts)
    return None


def _strings(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Every string of more than one word with its line, without docstrings."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        text = _text(child) if isinstance(child, ast.expr) else None
        if text is not None and " " in text.strip():
            yield child.lineno, text
        elif not isinstance(child, ast.JoinedStr):
            yield from _strings(child)
        for value in child.values if isinstance(child, ast.JoinedStr) else ():
            yield from _strings(value)


def _sources() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            for line, text in _strings(ast.parse(file.read_text("utf-8"))):
                yield f"{file.relative_to(ROOT)}:{line}", text


def _codes() -> Iterator[tuple[str, str]]:
    for code in CODES.values():
        yield f"{code.code}, title", code.title
        yield code.code, f"{code.why}\n{code.example}"


def _descriptions(schema: object) -> Iterator[tuple[str, str]]:
    if isinstance(schema, dict):
        if isinstance(found := schema.get("description"), str):
            yield found[:40], found
        for value in schema.values():
            yield from _descriptions(value)


def _foreign() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "trazo_spec" / "words" / "foreign").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            yield from (
                (f"{file.name}: {row['words']}", row["why"]) for row in csv.DictReader(lines)
            )


def _report() -> Iterator[tuple[str, str]]:
    page = re.sub(r"<style>.*?</style>", "", REPORT.read_text("utf-8"), flags=re.DOTALL)
    words = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", "\n", page, flags=re.DOTALL)
    yield from ((REPORT.name, line) for line in words.splitlines())


def _pages() -> Iterator[tuple[str, str]]:
    for page in ALL:
        if "decisions" not in page.parts:
            prose = CODE.sub("X", QUOTED.sub("", page.read_text("utf-8")))
            for paragraph in re.split(r"\n\s*\n", prose):
                yield str(page.relative_to(ROOT)), " ".join(paragraph.split())


TEXTS = {
    "sources": _sources,
    "codes": _codes,
    "fields": lambda: _descriptions(json_schema()),
    "foreign words": _foreign,
    "report": _report,
    "pages": _pages,
}


@pytest.mark.parametrize("kind", TEXTS)
def test_what_people_read_is_plain_english(kind: str) -> None:
    """A text that must be read twice is not understood at once."""
    texts = [(where, CODE.sub("X", text)) for where, text in TEXTS[kind]()]
    found = [(where, match[0], text) for where, text in texts if (match := BAD.search(text))]

    assert texts
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "a component that the spec has not",
        "`us-east-1z` is no availability zone of `us-east-1`",
        "`lifecycle` of `aws_lb.alb` cannot be overridden so",
        "`vpc` is there already, so its `cidr` is not ours to say",
        "rows with 0 where nobody came",
        "a key stands twice",
    ],
)
def test_the_old_manner_is_found(text: str) -> None:
    """A pattern that matches nothing would keep nothing."""
    assert BAD.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "there is no load balancer",
        "it is no longer used",
        "the output has not been written",
        "do so",
    ],
)
def test_plain_english_is_left_alone(text: str) -> None:
    """The patterns must not forbid what a native speaker writes."""
    assert not BAD.search(text)
