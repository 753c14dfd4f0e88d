"""`CONTRIBUTING.md`: who follows the page in a clone gets what it promises."""

from pathlib import Path

import pytest

from tests.clones import clone_into, edit, run
from tests.pages import CONTRIBUTING, snippets


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the tree."""
    return clone_into(tmp_path)


def test_the_page_can_be_followed_from_top_to_bottom(clone: Path):
    """A newcomer types what it shows; a step that lags behind the code loses them."""
    steps = [s for s in snippets(CONTRIBUTING) if s.note]
    for step in steps:
        if step.note == "run":
            result = run(step.text, clone)
            assert result.returncode == 0, f"{step}:\n{result.stdout}\n{result.stderr}"
        elif step.language == "diff":
            edit(step.text, clone / step.note, f"{step}: {step.note}")
        else:
            path = clone / step.note
            assert not path.exists(), f"{step}: {step.note} exists already"
            path.parent.mkdir(exist_ok=True)
            path.write_text(step.text, encoding="utf-8")

    assert {s.language for s in steps} == {"csv", "diff", "python", "sh", "yaml"}
