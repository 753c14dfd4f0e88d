"""Commands and Python on the pages of the documentation run as they are shown."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pages import GUIDES, ROOT, START, snippets


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder with a spec, and a `trazo` command that runs this checkout."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "trazo"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m trazo "$@"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "app.yaml").write_text(START, encoding="utf-8")
    return tmp_path


def _run(command: list[str], workplace: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(workplace / "bin"), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=workplace, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("page", GUIDES, ids=lambda p: p.name)
def test_commands_on_the_page_work(page: Path, workplace: Path):
    """Readers type them, one after the other."""
    shell = "".join(s.text for s in snippets(page) if (s.language, s.note) == ("sh", "run"))
    if page.name == "getting-started.md":  # it begins with `trazo init`
        (workplace / "app.yaml").unlink()
    result = _run(["sh", "-e", "-c", shell or ":"], workplace)

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("page", GUIDES, ids=lambda p: p.name)
def test_python_on_the_page_works(page: Path, workplace: Path):
    """The functions that a page calls are there and take what it gives them."""
    code = "".join(s.text for s in snippets(page) if (s.language, s.note) == ("python", "run"))
    result = _run([sys.executable, "-c", code], workplace)

    assert result.returncode == 0, result.stderr
