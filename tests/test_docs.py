"""The documentation: generated pages are fresh, links lead somewhere, and what it shows works."""

import ast
import doctest
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from compiler.findings.check import check
from compiler.provider_schema.validation_codes import CODES as PLAN_CODES
from compiler.rules import RULES
from compiler.rules.environments import OWNERSHIPS, UNDELEGATED
from tests.pages import ALL, DOCS, FENCE, GUIDES, PAGES, ROOT, START, Snippet, snippets
from trazo_spec.codes import CODES
from trazo_spec.load import load

INLINE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"(?<![A-Z])TZ\d{3}")


def test_generated_pages_are_fresh():
    """A reference that lags behind the code is worse than none; `make docs` writes it anew."""
    command = [sys.executable, str(ROOT / "scripts" / "write_reference.py"), "--check"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    assert (result.returncode, result.stdout) == (0, ""), result.stderr


def test_every_code_in_the_source_has_an_entry():
    """Who meets a finding looks its code up."""
    sources = [p for d in ("trazo_spec", "compiler", "cost") for p in (ROOT / d).rglob("*.py")]
    used = {c for p in sources for c in CODE.findall(p.read_text(encoding="utf-8"))}
    known = [*(c.code for c in (*CODES, *PLAN_CODES, *RULES, *OWNERSHIPS)), UNDELEGATED]

    assert (sorted(used - set(known)), len(known)) == ([], len(set(known)))


def test_every_entry_has_a_user():
    """An entry for a code that nothing can find is a leftover."""
    files = [p for d in ("trazo_spec", "compiler", "cost") for p in (ROOT / d).rglob("*.py")]
    text = "".join(p.read_text(encoding="utf-8") for p in files if not p.name.endswith("codes.py"))
    unused = [c.code for c in (*CODES, *PLAN_CODES) if f'"{c.code}"' not in text]

    assert unused == []


@pytest.mark.parametrize("page", ALL, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_to_pages_and_headings(page: Path):
    """A broken link leaves the reader where they are."""
    text = INLINE.sub("`", FENCE.sub("", page.read_text(encoding="utf-8")))
    links = [link for link in LINK.findall(text) if not link.startswith(("http:", "https:"))]
    broken = [link for link in links if not _leads_somewhere(page, link)]

    assert broken == []


def _leads_somewhere(page: Path, link: str) -> bool:
    file, _, anchor = link.partition("#")
    target = (page.parent / file).resolve() if file else page
    if not target.exists():
        return False
    if target.suffix != ".md" or not anchor:
        return True
    titles = HEADING.findall(FENCE.sub("", target.read_text(encoding="utf-8")))
    return anchor in {_anchor(title) for title in titles}


def _anchor(title: str) -> str:
    """A heading as a link names it: lower case, `-` for spaces, no punctuation."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


PACKAGES = ("trazo_spec", "compiler", "cost", "trazo")
PATH = re.compile(rf"(?:{'|'.join(PACKAGES)}|\.ci|docs|scripts|specs|tests)/[\w./*<>-]*")
MODULE = re.compile(r"(?:\w+/)*\w+\.py")
DOTTED = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+")
SUFFIXES = (".io", ".json", ".txt", ".yaml")


@pytest.mark.parametrize("page", ALL, ids=lambda p: str(p.relative_to(ROOT)))
def test_paths_and_names_on_the_page_exist(page: Path):
    """A path that moved sends the reader to nothing."""
    text = page.read_text(encoding="utf-8")
    made = {s.note for s in snippets(page)}
    words = [word.strip("`()") for word in INLINE.findall(FENCE.sub("", text))]
    paths = [w for w in words if PATH.fullmatch(w) or MODULE.fullmatch(w)]
    dotted = [w for w in words if DOTTED.fullmatch(w) and not w.endswith(SUFFIXES)]
    lost = [p for p in paths if p not in made and not _exists(p)]
    unknown = [n for n in (*dotted, *_imported(page)) if not _resolves(n)]

    assert (lost, unknown) == ([], [])


def _exists(path: str) -> bool:
    """Whether a path leads somewhere; `<kind>` stands for any name, `x.py` for a module of ours."""
    pattern = re.sub(r"<\w+>", "*", path.rstrip("/"))
    places = (ROOT,) if PATH.fullmatch(path) else (ROOT / p for p in (*PACKAGES, "scripts"))
    return any(
        True for place in places for _ in (place.glob if place is ROOT else place.rglob)(pattern)
    )


def _imported(page: Path) -> Iterator[str]:
    """What the Python on a page imports from us."""
    for snippet in snippets(page):
        if snippet.language == "python" and snippet.note == "run":
            yield from _names_imported(snippet.text)


def _names_imported(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGES):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _resolves(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = name.split(".")
    for i in range(len(parts), 0, -1):
        if _is_module(parts[:i]):
            found: Any = import_module(".".join(parts[:i]))
            return all((found := getattr(found, p, None)) is not None for p in parts[i:])
    return False


def _is_module(parts: list[str]) -> bool:
    place = ROOT.joinpath(*parts)
    return place.is_dir() or place.with_suffix(".py").is_file()


def test_the_architecture_has_a_line_for_every_room():
    """A room that the page does not name is one that nobody finds."""
    page = (DOCS / "explanation" / "architecture.md").read_text(encoding="utf-8")
    rooms = [p.parent.relative_to(ROOT) for d in PACKAGES for p in (ROOT / d).glob("*/__init__.py")]

    assert rooms
    assert [str(room) for room in rooms if f"`{room}/`" not in page] == []


def test_the_index_lists_every_page():
    """A page that nothing links to is never read."""
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    missing = [p for p in PAGES if str(p.relative_to(DOCS)) not in index and p.name != "README.md"]

    assert missing == []


WHOLE_OR_PART = [s for s in snippets(*GUIDES) if s.language == "yaml" and not s.note]


@pytest.mark.parametrize("snippet", WHOLE_OR_PART, ids=str)
def test_specs_on_the_pages_are_sound(snippet: Snippet):
    """Readers copy them. A part of a spec is merged into what `trazo init` writes."""
    whole: Any = _plain(START)
    text = json.dumps(_merged(whole, _plain(snippet.text)))
    errors = [d.message for d in check(load(text)).diagnostics if d.severity == "error"]

    assert errors == []


def _plain(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def _merged(base: Any, patch: Any) -> Any:
    """What a reader makes of both: fields are added, and these mappings are written anew."""
    if not isinstance(patch, dict) or not isinstance(base, dict) or "trazo" in patch:
        return patch
    kept = {k: v for k, v in base.items() if k not in patch}
    anew = ("capacity", "egress", "schedule")
    return kept | {k: v if k in anew else _merged(base.get(k), v) for k, v in patch.items()}


@pytest.mark.parametrize("snippet", [s for s in snippets(*GUIDES) if s.note == "workflow"], ids=str)
def test_workflows_run_commands_that_the_page_runs(snippet: Snippet):
    """A workflow cannot run here, but its commands can, and do in the page's own snippets."""
    shown = "".join(s.text for s in snippets(snippet.page) if s.note == "run")
    steps = [
        step["run"]
        for job in _plain(snippet.text)["jobs"].values()
        for step in job["steps"]
        if "run" in step
    ]

    assert [s for s in steps if s.startswith("trazo") and s not in shown] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(DOCS)))
def test_worked_examples_are_right(page: Path):
    """A formula with a wrong number teaches the wrong formula."""
    code = "\n".join(s.text for s in snippets(page) if s.note == "doctest")
    example = doctest.DocTestParser().get_doctest(code, {}, page.name, str(page), 0)
    result = doctest.DocTestRunner(verbose=False).run(example)

    assert result.failed == 0


WITH_EXAMPLES = [
    str(path.relative_to(ROOT))
    for package in ("trazo_spec", "compiler", "cost", "trazo")
    for path in sorted((ROOT / package).rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("path", WITH_EXAMPLES)
def test_worked_examples_of_docstrings_are_right(path: str):
    """A wrong example in a docstring is worse than none."""
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    result = doctest.testmod(import_module(name))

    assert (result.failed, result.attempted > 0) == (0, True)


def test_the_mistake_on_the_first_page_looks_like_that():
    """The first page shows what a finding looks like."""
    page = (DOCS / "getting-started.md").read_text(encoding="utf-8")
    text = START.replace("      spot: {weight: 1}      #", "      spott: {weight: 1}     #")
    (found,) = (d for d in check(load(text, "app.yaml")).diagnostics if d.code == "TZ202")
    assert found.at is not None
    shown = (
        f"{found.at.file}:{found.at.line}:{found.at.column}: error {found.code}: {found.message}"
    )

    assert (shown in page, f"help: {found.help}" in page) == (True, True)
