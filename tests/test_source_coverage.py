"""The page that maps the first user's document to spec and Terraform: every row leads somewhere."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from compiler.backends.terraform.document import document
from compiler.findings.check import Checked, check
from compiler.lower import lower
from compiler.plan.bootstrap import bootstrap_plan
from trazo.program import app
from trazo_spec.diagnostics import SpecPath
from trazo_spec.load import load
from trazo_spec.yaml.located import Located, place, walk
from trazo_spec.yaml.reading import read

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "explanation" / "source-coverage.md"
SPEC = ROOT / "specs" / "trazo.yaml"

SPEC_LINK = re.compile(r"\[`([^`]+)`\]\(\.\./\.\./specs/trazo\.yaml#L(\d+)\)")
PAGE_LINK = re.compile(r"\[[^\]`]+\]\(([^)#]*)(#[^)]*)?\)")
CODE = re.compile(r"`([^`]+)`")
STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
ABSENT = "absent by `enabled: false`:"


@dataclass(frozen=True)
class Row:
    """One statement and where it went."""

    line: int
    statement: str
    spec: str
    target: str
    environments: tuple[str, ...]

    def __str__(self) -> str:
        """What pytest calls it."""
        return f"{self.line}: {self.statement[:40]}"

    @property
    def there(self) -> tuple[str, ...]:
        """The code in the third column that must lead somewhere."""
        return tuple(CODE.findall(self.target.partition(ABSENT)[0]))

    @property
    def absent(self) -> tuple[str, ...]:
        """The addresses in the third column that must not exist."""
        return tuple(CODE.findall(self.target.partition(ABSENT)[2]))


def rows() -> Iterator[Row]:
    for number, line in enumerate(PAGE.read_text(encoding="utf-8").splitlines(), 1):
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and not line.startswith(("| statement |", "| ---")):
            assert len(cells) == 4, f"line {number} has {len(cells)} cells"
            yield Row(number, cells[0], cells[1], cells[2], tuple(cells[3].split(", ")))


ROWS = tuple(rows())
rows_with_links = pytest.mark.parametrize("row", [r for r in ROWS if r.spec != "—"], ids=str)


@cache
def written() -> Located:
    """The spec as its file has it, environments included."""
    document, _ = read(SPEC.read_text(encoding="utf-8"), SPEC.name)
    assert document is not None
    return document


@cache
def checked(text: str = SPEC.read_text(encoding="utf-8")) -> Checked:
    return check(load(text, SPEC.name))


@cache
def emitted(environment: str, text: str = SPEC.read_text(encoding="utf-8")) -> Any:
    """What Terraform reads for an environment."""
    graphs = checked(text).graphs
    if environment == "bootstrap":
        spec = graphs["prod"].spec
        region = spec.state.region or spec.region
        return document(bootstrap_plan(spec.name, spec.state.bucket, region))
    return document(lower(graphs[environment]))


def steps(text: str) -> SpecPath:
    return tuple(int(position) if position else key for position, key in STEP.findall(text))


def below(value: Any, path: SpecPath) -> Any:
    """A value below a path; the only entry of a list needs no position. None when not there."""
    for step in path:
        if isinstance(value, list | tuple) and not isinstance(step, int) and len(value) == 1:
            value = value[0]
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def found(environment: str, text: str, spec: str = SPEC.read_text(encoding="utf-8")) -> Any:
    """What stands at an address, with an argument or without; None when nothing does."""
    path = steps(text)
    if path[0] in ("terraform", "provider"):
        return below(emitted(environment, spec), path)
    if path[0] not in ("data", "ephemeral"):
        path = ("resource", *path)
    return below(emitted(environment, spec), path)


def shown(value: Any) -> str:
    """A value as the page writes it: references bare, all else as JSON."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, str) and (reference := re.fullmatch(r"\$\{([\w.-]+)\}", value)):
        return reference[1]
    return json.dumps(value)


def test_every_row_is_complete():
    """An empty cell is a statement that went nowhere."""
    empty = [str(r) for r in ROWS if not all((r.statement, r.spec, r.target, r.environments[0]))]

    assert (len(ROWS) > 80, empty) == (True, [])


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_row_leads_somewhere(row: Row):
    """A row without a path, address, command or page says nothing that could be checked."""
    pointers = (*row.there, *row.absent, *PAGE_LINK.findall(row.target))

    assert len(pointers) > 0


@rows_with_links
def test_paths_stand_on_the_line_that_the_page_names(row: Row):
    """A reader follows the link to the line; `make docs` moves the numbers when the spec moves."""
    tree = written()
    links = SPEC_LINK.findall(row.spec)
    there = [len(list(walk(tree, steps(path)))) > len(steps(path)) for path, _ in links]
    lines = [str(place(tree, steps(path)).line) for path, _ in links]

    assert (all(there), lines) == (True, [line for _, line in links])


@rows_with_links
def test_lines_name_what_the_path_ends_with(row: Row):
    """Checked against the file's text, since `place` is also what writes the numbers."""
    lines = SPEC.read_text(encoding="utf-8").splitlines()
    links = SPEC_LINK.findall(row.spec)
    missing = [
        path
        for path, line in links
        if isinstance(last := steps(path)[-1], str) and last not in lines[int(line) - 1]
    ]

    assert (missing, len(links) > 0) == ([], True)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_environments_exist(row: Row):
    """A statement about an environment that nobody has would never be checked."""
    assert set(row.environments) <= {"bootstrap", *checked().graphs}


def command(text: str) -> bool:
    return text.startswith(("trazo ", "terraform "))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_addresses_are_in_the_plan(row: Row):
    """What the page says that Terraform gets is what it gets, in every environment named."""
    wrong = [
        (environment, text)
        for environment in row.environments
        for text in row.there
        if not command(text) and not _holds(environment, text)
    ]

    assert wrong == []


def _holds(environment: str, text: str) -> bool:
    if " = " in text:
        address, expected = text.split(" = ", 1)
        return shown(found(environment, address)) == expected
    if " has " in text:
        address, part = text.split(" has ", 1)
        return part in str(found(environment, address))
    return found(environment, text) is not None


COMMANDS = sorted({t for r in ROWS for t in r.there if t.startswith("trazo ")})


@pytest.mark.parametrize("text", COMMANDS)
def test_commands_exist(text: str):
    """A statement about work is carried by a command that is there."""
    names = {c.name or getattr(c.callback, "__name__", "") for c in app.registered_commands}

    assert text.split()[1] in names


@pytest.mark.parametrize("row", [r for r in ROWS if r.absent], ids=str)
def test_what_is_switched_off_is_absent(row: Row):
    """The document says that these are switched off, so nothing of them may be deployed."""
    present = [(e, a) for e in row.environments for a in row.absent if found(e, a) is not None]

    assert present == []


@pytest.mark.parametrize("row", [r for r in ROWS if r.absent], ids=str)
def test_what_is_switched_off_comes_with_the_switch(row: Row):
    """Absent because of `enabled: false`, and not because the address is misspelt."""
    switched_on = SPEC.read_text(encoding="utf-8").replace("enabled: false", "enabled: true")
    missing = [
        (environment, address)
        for environment in row.environments
        for address in row.absent
        if found(environment, address, switched_on) is None
    ]

    assert missing == []


def codes(text: str) -> set[str]:
    return {d.code for d in checked(text).diagnostics}


def test_the_literal_midnight_is_warned_about():
    """The page quotes both warnings; the spec itself must keep causing them."""
    page, found_now = PAGE.read_text(encoding="utf-8"), checked().diagnostics
    quoted = [
        f"{SPEC.relative_to(ROOT)}:{d.at.line}:{d.at.column}: {d.severity} {d.code}: {d.message}"
        for d in found_now
        if d.code in ("TZ510", "TZ511") and d.at is not None
    ]

    assert [line in page for line in quoted] == [True, True]


def test_the_other_midnight_needs_one_line():
    """The page shows this change as the cure."""
    before, after = re.findall(r"^[-+] {10}- (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    text = SPEC.read_text(encoding="utf-8")
    left = codes(text.replace(before, after)) & {"TZ510", "TZ511"}

    assert (text.count(before), left) == (1, set())
