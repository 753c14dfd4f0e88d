"""Writes `docs/reference/`, and what is worked out in other pages, from the code.

Run it with `python scripts/write_reference.py`; with `--check` it writes nothing and exits with 1
when a page is not what it would write.
"""

import sys
from pathlib import Path

from reference import (
    cli,
    cost_json,
    coverage,
    diagnostics,
    language,
    picture,
    review_json,
    rooms,
    written,
)

from compiler.backends.diagram.model.options import View

DOCS = Path(__file__).parent.parent / "docs"
NUMBERED = "explanation/source-coverage.md"
"""The page with links to lines of a spec."""
WORKED_OUT = "explanation/cost-model.md"
"""The page with a bill."""


def main() -> int:
    """Writes or checks every page; the exit code says whether all are up to date."""
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        print("usage: write_reference.py [--check]", file=sys.stderr)
        return 2
    stale = {path: text for path, text in pages().items() if _text(path) != text}
    for path, text in stale.items():
        print(f"{'stale' if check else 'wrote'} {path.relative_to(DOCS.parent)}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if check and stale:
        print("write them with: python scripts/write_reference.py", file=sys.stderr)
    return 1 if check and stale else 0


def pages() -> dict[Path, str]:
    """Every page with the text that it should have."""
    numbered = coverage.renumbered(_text(DOCS / NUMBERED), (DOCS / NUMBERED).parent)
    found = {
        NUMBERED: numbered,
        WORKED_OUT: written.rewritten(_text(DOCS / WORKED_OUT)),
        "images/changes.svg": picture.changes(),
        **{f"images/trazo-prod-{v}.svg": picture.view(v) for v in View if v is not View.OVERVIEW},
        "images/rooms.svg": rooms.write(),
        "images/trazo-prod.svg": picture.write(),
        "reference/cli.md": cli.write(),
        "reference/cost-json.md": cost_json.write(),
        "reference/diagnostics.md": diagnostics.write(),
        "reference/language.md": language.write(),
        "reference/review-json.md": review_json.write(),
    }
    return {DOCS / name: text for name, text in found.items()}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
