"""A copy of the tree, in which a test changes the program and runs it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.pages import ROOT

COPIED = ("compiler", "cost", "docs", "scripts", "specs", "tests", "trazo", "trazo_spec")
HUNKS = re.compile(r"^@@\n", re.MULTILINE)


def clone_into(folder: Path) -> Path:
    """A copy of the tree whose `.venv` runs the copy."""
    left_out = shutil.ignore_patterns("__pycache__", ".hypothesis", "apply")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    for path in (*ROOT.glob("*.md"), ROOT / "pyproject.toml", ROOT / "LICENSE"):
        shutil.copy(path, folder)
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, words in {"python": "", "trazo": "-m trazo "}.items():
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words}"$@"\n')
        (programs / name).chmod(0o755)
    return folder


def run(text: str, clone: Path) -> subprocess.CompletedProcess[str]:
    """What some lines of a shell do in a copy, up to the first one that fails."""
    return subprocess.run(
        ["sh", "-e", "-c", text],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(clone), "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
    )


def edit(difference: str, path: Path, why: str = "") -> None:
    """Replaces the lines with a space or `-` in front by those with a space or `+`."""
    text = path.read_text(encoding="utf-8")
    for hunk in HUNKS.split(difference):
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] or "\n" for line in lines if not line.startswith("+"))
        after = "".join(line[1:] or "\n" for line in lines if not line.startswith("-"))
        assert text.count(before) == 1, f"{why or path}: there is not exactly one\n{before}"
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
