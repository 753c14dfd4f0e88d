"""Line numbers in links to a spec, such as those of `docs/explanation/source-coverage.md`."""

import re
from pathlib import Path

from trazo_spec.diagnostics import SpecPath
from trazo_spec.yaml.located import Located, place, walk
from trazo_spec.yaml.reading import read

_LINK = re.compile(r"\[`(?P<path>[^`]+)`\]\((?P<file>[^)#]+\.yaml)#L(?P<line>\d+)\)")
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def renumbered(text: str, folder: Path) -> str:
    """A page whose links `[path](file#L1)` lead to the lines that the paths stand on now."""
    documents: dict[Path, Located] = {}

    def link(match: re.Match[str]) -> str:
        file = (folder / match["file"]).resolve()
        if file not in documents:
            documents[file] = _document(file)
        line = place(documents[file], _written(documents[file], match["path"])).line
        return f"[`{match['path']}`]({match['file']}#L{line})"

    return _LINK.sub(link, text)


def spec_path(text: str) -> SpecPath:
    """A path from its text.

    >>> spec_path("components.alb.routes[0].to")
    ('components', 'alb', 'routes', 0, 'to')
    """
    steps = _STEP.findall(text)
    return tuple(int(position) if position else key for position, key in steps)


def _document(file: Path) -> Located:
    document, found = read(file.read_text(encoding="utf-8"), file.name)
    if document is None:
        raise SystemExit(f"{file.name}: {found[0].message}")
    return document


def _written(document: Located, text: str) -> SpecPath:
    path = spec_path(text)
    if len(list(walk(document, path))) <= len(path):
        raise SystemExit(f"the spec has no `{text}`, which a page links to")
    return path
