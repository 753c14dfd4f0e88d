"""The pages of the documentation and the blocks on them that can be run or read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trazo_spec.authoring.template import SCHEMA_FILE, template

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
PAGES = sorted(DOCS.rglob("*.md"))
ALL = [ROOT / "README.md", CONTRIBUTING, *PAGES]
GUIDES = sorted([DOCS / "getting-started.md", *(DOCS / "how-to").glob("*.md")])

FENCE = re.compile(r"^```(\w+)?(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)

START = template(
    "myapp", "myapp-example.com", "us-east-2", "America/New_York", "app.yaml", SCHEMA_FILE
)
"""What `trazo init` of the first page writes; fragments on the pages change it."""


@dataclass(frozen=True)
class Snippet:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    note: str
    text: str

    def __str__(self) -> str:
        """What pytest calls it."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def snippets(*pages: Path) -> Iterator[Snippet]:
    """Every fenced block of some pages."""
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for match in FENCE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield Snippet(page, line, match[1] or "", match[2] or "", match[3])
