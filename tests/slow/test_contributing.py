"""`CONTRIBUTING.md`: who follows the page in a clone gets what it promises."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pages import CONTRIBUTING, ROOT, Snippet, snippets

COPIED = ("compiler", "cost", "docs", "scripts", "specs", "tests", "trazo", "trazo_spec")
HUNKS = re.compile(r"^@@\n", re.MULTILINE)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the tree whose `.venv` runs the copy."""
    left_out = shutil.ignore_patterns("__pycache__", ".hypothesis", "apply")
    for name in COPIED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=left_out)
    for path in (*ROOT.glob("*.md"), ROOT / "pyproject.toml", ROOT / "LICENSE"):
        shutil.copy(path, tmp_path)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, words in {"python": "", "trazo": "-m trazo "}.items():
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words}"$@"\n')
        (programs / name).chmod(0o755)
    return tmp_path


def test_the_page_can_be_followed_from_top_to_bottom(clone: Path):
    """A newcomer types what it shows; a step that lags behind the code loses them."""
    steps = [s for s in snippets(CONTRIBUTING) if s.note]
    for step in steps:
        if step.note == "run":
            _run(step, clone)
        elif step.language == "diff":
            _edit(step, clone / step.note)
        else:
            path = clone / step.note
            assert not path.exists(), f"{step}: {step.note} exists already"
            path.parent.mkdir(exist_ok=True)
            path.write_text(step.text, encoding="utf-8")

    assert {s.language for s in steps} == {"csv", "diff", "python", "sh", "yaml"}


def _run(step: Snippet, clone: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(clone)}
    result = subprocess.run(
        ["sh", "-e", "-c", step.text],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, f"{step}:\n{result.stdout}\n{result.stderr}"


def _edit(step: Snippet, path: Path) -> None:
    """Replaces the lines with a space or `-` in front by those with a space or `+`."""
    text = path.read_text(encoding="utf-8")
    for hunk in HUNKS.split(step.text):
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] or "\n" for line in lines if not line.startswith("+"))
        after = "".join(line[1:] or "\n" for line in lines if not line.startswith("-"))
        assert text.count(before) == 1, f"{step}: {step.note} has not exactly one\n{before}"
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
