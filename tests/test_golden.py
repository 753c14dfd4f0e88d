"""What the shipped specs become, as files that people read: Terraform, bill, findings.

`pytest tests/test_golden.py --update-golden` writes them anew; review the diff like code.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from rich.console import Console

from compiler.backends.diagram.draw import draw
from compiler.backends.terraform.document import document, dump
from compiler.findings.check import Checked, check
from compiler.graph.graph import Graph
from compiler.lower import lower
from compiler.plan.plan import Plan
from cost.advice.advice import Appraisal
from cost.advice.alternatives import advised
from cost.bill.calendar import month
from cost.bill.estimate import estimate
from cost.bill.pricing import Conditions
from cost.rates.catalogue_file import read_catalogue
from cost.showing.table import tables
from tests.strategies.sample import compiled
from trazo.output.terminal import WIDTH_WITHOUT_TERMINAL, finding, summary
from trazo_spec.components import KINDS
from trazo_spec.load import load

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
FIXTURES = ROOT / "tests" / "fixtures"
MONTH = month("2026-12")
LINES_OF_DIFF = 60
CODE = re.compile(r"\bTZ\d{3}\b")


@dataclass(frozen=True, slots=True)
class Case:
    """One spec whose results are kept."""

    name: str
    path: Path

    @property
    def folder(self) -> Path:
        """Where its results are kept."""
        return GOLDEN / self.name


CASES = tuple(
    Case(path.parent.name if path.name == "spec.yaml" else path.stem, path)
    for path in (*sorted(ROOT.glob("specs/*.yaml")), *sorted(GOLDEN.glob("*/spec.yaml")))
)


@cache
def checked(case: Case) -> Checked:
    """The spec of a case, read and checked."""
    return check(load(case.path.read_text(encoding="utf-8"), case.path.name))


@cache
def plan(case: Case, environment: str) -> Plan:
    """What one environment of a case becomes."""
    return lower(checked(case).graphs[environment])


def cost_of(case: Case, environment: str) -> Appraisal:
    """What one environment of a case costs in December 2026, at the shipped prices."""
    graph, conditions = checked(case).graphs[environment], Conditions(MONTH, read_catalogue())
    found = estimate(graph, plan(case, environment), conditions)
    advice = advised(graph, plan(case, environment), conditions)
    return Appraisal(found, advice)


def environments(case: Case) -> tuple[str, ...]:
    """The environments that are compiled and priced; none of a spec with an error."""
    return tuple(checked(case).graphs) if checked(case).sound else ()


def results(case: Case) -> Iterator[tuple[str, str]]:
    """Every golden file of a case: its name and its text."""
    yield "diagnostics.txt", _findings(checked(case))
    for environment in environments(case):
        yield f"{environment}/cdk.tf.json", dump(document(plan(case, environment)))
        yield (
            f"{environment}/bill.txt",
            _printed(tables(cost_of(case, environment), with_alternatives=True)),
        )
        yield f"{environment}/overview.svg", _drawn(checked(case).graphs[environment])


def _findings(found: Checked) -> str:
    sources = {found.loaded.file: found.loaded.cover.source}
    parts = (*(finding(d, sources) for d in found.diagnostics), summary(found.diagnostics))
    return "".join(f"{part.plain}\n" for part in parts)


def _drawn(graph: Graph) -> str:
    """The overview, its icons by their digests: a tenth of the size, and every place to be seen.

    The letters are left out, since each version of fontTools packs them in its own way.
    """

    def digest(data: re.Match[str]) -> str:
        return f"data:image/png;base64,sha256-{sha256(data[1].encode()).hexdigest()}"

    svg = re.sub(r"data:font/ttf;base64,[\w+/=]+", "data:font/ttf", draw(graph).decode())
    return re.sub(r"data:image/png;base64,([\w+/=]+)", digest, svg)


def _printed(text: object) -> str:
    """What a pipe gets, without the spaces at the ends of lines."""
    stream = io.StringIO()
    Console(file=stream, width=WIDTH_WITHOUT_TERMINAL, highlight=False).print(text)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_results_are_those_that_were_reviewed(case, update_golden):
    """A change of Terraform or of a bill is seen by a person before it is merged."""
    expected = dict(results(case))
    if update_golden:
        _write(case.folder, expected)
    kept = {name: _read(case.folder / name) for name in expected}

    changes = [line for name in expected for line in _diff(name, kept[name], expected[name])]
    assert changes[:LINES_OF_DIFF] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_golden_file_is_left_over(case):
    """A file that nothing compares any more is read as if it were true."""
    there = {str(p.relative_to(case.folder)) for p in case.folder.rglob("*") if p.is_file()}

    of_each = {
        f"{e}/{name}"
        for e in environments(case)
        for name in ("cdk.tf.json", "bill.txt", "overview.svg")
    }
    assert there == {"diagnostics.txt", *of_each, *({"spec.yaml"} & there)}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _diff(name: str, before: str, after: str) -> Iterator[str]:
    lines = unified_diff(before.splitlines(), after.splitlines(), "kept", name, lineterm="", n=1)
    return iter(list(lines))


def _write(folder: Path, files: dict[str, str]) -> None:
    for old in [p for p in folder.rglob("*") if p.is_file() and p.name != "spec.yaml"]:
        old.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _plans() -> Iterator[Plan]:
    for case in CASES:
        yield from (plan(case, environment) for environment in environments(case))


def test_every_kind_is_in_a_golden_case():
    """What a kind becomes is seen in at least one reviewed file."""
    graphs = [graph for case in CASES for graph in checked(case).graphs.values()]

    shown = {c.kind for g in graphs for c in g.spec.components.values()}
    assert shown == set(KINDS), "show the kinds that are left in a spec of specs/"


@given(compiled())
def test_every_meter_item_is_in_a_golden_case(spec):
    """A line that AWS may bill stands in at least one bill that a person has read."""
    items = {_item(meter.item) for p in spec.plans.values() for meter in p.meters}

    assert items - _golden_items() == set(), "bill them in a spec of specs/ or tests/golden/"


@given(compiled())
def test_every_type_of_block_is_in_a_golden_case(spec):
    """A resource that may be made stands in at least one file that a person has read."""
    types = {block.type for p in spec.plans.values() for block in p.blocks}

    assert types - _golden_types() == set(), "make them in a spec of specs/ or tests/golden/"


@cache
def _golden_types() -> frozenset[str]:
    return frozenset(block.type for p in _plans() for block in p.blocks)


@cache
def _golden_items() -> frozenset[str]:
    return frozenset(_item(meter.item) for p in _plans() for meter in p.meters)


def _item(name: str) -> str:
    """An item without the size behind its colon."""
    return name.partition(":")[0]


def test_every_code_is_shown_by_a_fixture_or_a_test():
    """A finding that no test ever shows may be wrong, or never appear at all."""
    folders = ("trazo_spec", "compiler", "cost")
    sources = [p for folder in folders for p in sorted((ROOT / folder).rglob("*.py"))]
    used = {code for path in sources for code in CODE.findall(path.read_text(encoding="utf-8"))}
    fixtures = {path.name for path in FIXTURES.iterdir()}
    tests = sorted((ROOT / "tests").rglob("test_*.py"))
    tested = {code for path in tests for code in CODE.findall(path.read_text(encoding="utf-8"))}

    assert used - fixtures - tested == set()
