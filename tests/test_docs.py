"""The documentation: generated pages are fresh, links lead somewhere, and what it shows works."""

import doctest
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from compiler.findings.check import check
from compiler.provider_schema.codes import CODES as PLAN_CODES
from compiler.rules import RULES
from compiler.rules.environments import OWNERSHIPS
from tests.pages import DOCS, FENCE, GUIDES, PAGES, ROOT, START, Snippet, snippets
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
    known = [c.code for c in (*CODES, *PLAN_CODES, *RULES, *OWNERSHIPS)]

    assert (sorted(used - set(known)), len(known)) == ([], len(set(known)))


def test_every_entry_has_a_user():
    """An entry for a code that nothing can find is a leftover."""
    files = [p for d in ("trazo_spec", "compiler", "cost") for p in (ROOT / d).rglob("*.py")]
    text = "".join(p.read_text(encoding="utf-8") for p in files if p.name != "codes.py")
    unused = [c.code for c in (*CODES, *PLAN_CODES) if f'"{c.code}"' not in text]

    assert unused == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(DOCS)))
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
