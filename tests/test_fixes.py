"""Edits that mend a finding: each does that and nothing else, and none is a guess."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given

from compiler.findings.check import check
from compiler.findings.fixes import Fixed, fixed
from tests.damage import damaged
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.load import load
from trazo_spec.yaml.edits import applied

FIXTURES = Path(__file__).parent / "fixtures"
FIXABLE = (
    *("TZ113", "TZ121", "TZ201", "TZ202", "TZ205", "TZ301", "TZ303"),
    *("TZ451", "TZ457", "TZ458", "TZ459", "TZ460", "TZ621", "TZ650"),
)
HEAD = """\
# The shop of ACME, 東京
trazo: 1
name: acme
region: us-east-2
state: {bucket: acme-state}
"""


def look(text: str) -> tuple[Diagnostic, ...]:
    return check(load(text, "spec.yaml")).diagnostics


def mended(components: str, rest: str = "") -> str:
    """The components after every edit, without what stands around them."""
    head = f"{HEAD}components:\n"
    text = fixed(f"{head}{components}\n{rest}", look).text
    return text.removeprefix(head).removesuffix(f"\n{rest}")


def bad(code: str) -> str:
    return (FIXTURES / code / "bad.yaml").read_text(encoding="utf-8")


def test_these_findings_can_be_fixed():
    """One that no longer can is a promise broken; a new one is looked at first."""
    codes = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())
    offered = [code for code in codes if any(d.edit is not None for d in look(bad(code)))]

    assert offered == list(FIXABLE)


@pytest.mark.parametrize("code", FIXABLE)
def test_a_fix_leaves_nothing_to_find(code):
    """What it mends is gone, and nothing else came in its place."""
    assert look(fixed(bad(code), look).text) == ()


@pytest.mark.parametrize("code", FIXABLE)
def test_a_fix_touches_nothing_else(code):
    """Comments, order and spaces are the writer's."""
    (found,) = look(bad(code))
    assert found.edit is not None
    at, after = found.edit.at, applied(bad(code), [found.edit])
    lines = bad(code).splitlines()
    line = lines[at.line - 1]
    lines[at.line - 1] = line[: at.column - 1] + found.edit.text + line[at.end_column - 1 :]

    assert (at.line, after.splitlines()) == (at.end_line, lines)


@pytest.mark.parametrize("code", FIXABLE)
def test_a_second_time_changes_nothing(code):
    """A commit hook runs it again and again."""
    once = fixed(bad(code), look).text

    assert fixed(once, look) == Fixed(once, ())


MENDED = {
    "a kind": ("  a: {kind: securty}", "  a: {kind: security}"),
    "a truth of YAML 1.1": (
        "  a: {kind: s3, force_destroy: no}",
        "  a: {kind: s3, force_destroy: false}",
    ),
    "a number in quotes": (
        "  a: {kind: ecs, image: a, cpu: '512', memory_mib: 1024}",
        "  a: {kind: ecs, image: a, cpu: 512, memory_mib: 1024}",
    ),
    "a text without quotes": (
        "  a: {kind: ecs, image: a, environment: {PORT: 80, DEBUG: true}}",
        '  a: {kind: ecs, image: a, environment: {PORT: "80", DEBUG: "true"}}',
    ),
    "a name in quotes": (
        '  a: {kind: ecs, image: a, uses: {"fils": read}}\n  files: {kind: s3}',
        "  a: {kind: ecs, image: a, uses: {files: read}}\n  files: {kind: s3}",
    ),
    "numbers as they are spelled": (
        "  a: {kind: ecs, image: a, environment: {A: 0x10, B: 012, C: +1, D: True, E: .5, F: 1e3}}",
        '  a: {kind: ecs, image: a, environment: {A: "0x10", B: "012", C: "+1", D: "True", '
        'E: ".5", F: "1e3"}}',
    ),
    "a number that only YAML 1.1 knows": (
        "  a: {kind: ecs, image: a, cpu: 1_024, memory_mib: 2_048, egress_ports: [0b11]}",
        "  a: {kind: ecs, image: a, cpu: 1024, memory_mib: 2048, egress_ports: [3]}",
    ),
    "two in a line": (
        "  a: {kind: ecs, imag: a, cpuu: 512, memory_mib: 1024}",
        "  a: {kind: ecs, image: a, cpu: 512, memory_mib: 1024}",
    ),
    "one that shows another one": (
        "  a: {kind: ecs, image: a, usess: {fils: read}}\n  files: {kind: s3}",
        "  a: {kind: ecs, image: a, uses: {files: read}}\n  files: {kind: s3}",
    ),
    "behind letters of other widths": (
        "  a: {kind: ecs, image: a, environment: {A: 東京😀}, cpuu: 512, memory_mib: 1024}",
        "  a: {kind: ecs, image: a, environment: {A: 東京😀}, cpu: 512, memory_mib: 1024}",
    ),
}


@pytest.mark.parametrize("case", MENDED)
def test_slips_of_the_pen_are_mended(case):
    """What a person would write after reading the advice."""
    before, after = MENDED[case]

    assert mended(before) == after


NOT_MENDED = {
    "two names are near": "  a: {kind: ecs, image: a, uses: {file: read}}\n"
    "  files: {kind: s3}\n  filed: {kind: s3}",
    "two agree on the name": "  a: {kind: ecs, image: a, uses: {files: read}}\n"
    "  b: {kind: ecs, image: b, uses: {files: read}}\n  fils: {kind: s3}",
    "the right key stands there": "  a: {kind: ecs, image: a, cpu: 256, cpuu: 512}",
    "an alias shares the value": "  a: {kind: s3, purpose: &p medio}\n  b: {kind: s3, purpose: *p}",
    "two kinds are one slip away": "  a: {kind: rd3}",
    "no value would fit most": "  a: {kind: ecs}",
}


@pytest.mark.parametrize("case", NOT_MENDED)
def test_what_is_not_sure_is_left_to_its_writer(case):
    """A wrong edit costs more than a missing one."""
    assert mended(NOT_MENDED[case]) == NOT_MENDED[case]


DATABASE = "  a: {kind: ecs, image: a, uses: {b: connect}}\n  b: {kind: rds%s}"
OPEN = ", final_snapshot: false"


def test_an_overlay_is_mended_where_it_says_so():
    """The value that counts is the overlay's, and the base is right."""
    rest = "environments: {prod: {components: {b: {final_snapshot: %s}}}, staging: {}}"
    text = f"{HEAD}components:\n{DATABASE % ''}\n{rest}\n"

    assert fixed(text % "false", look).text == text % "true"


def test_what_another_environment_shares_is_not_changed_for_one():
    """Staging may go without a last snapshot, and would be changed along with production."""
    rest = "environments: {prod: {}, staging: {}}\n"

    assert mended(DATABASE % OPEN, rest) == DATABASE % OPEN


def test_what_is_switched_off_is_not_mended():
    """It is meant so."""
    rest = "checks: {TZ459: {severity: off, reason: a copy}}\n"

    assert mended(DATABASE % OPEN, rest) == DATABASE % OPEN


def test_lines_of_windows_stay():
    """A file whose every line differs is no review."""
    text = bad("TZ202").replace("\n", "\r\n")

    assert fixed(text, look).text == text.replace("maxx", "max")


@given(damaged())
def test_what_could_be_read_can_be_read_afterwards(text):
    """An edit never makes YAML of a spec that is none, nor a key that stands twice."""
    codes = [
        Counter(d.code for d in look(one) if d.code < "TZ120")
        for one in (text, fixed(text, look).text)
    ]

    assert codes[0] == codes[1]
