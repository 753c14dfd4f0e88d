"""What may not arrive in an output as it was written, and how one sees that it did."""

import csv
import io
import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import Any

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the order of what a reader sees.

Source: https://www.unicode.org/reports/tr9/
"""
TAG = "zqtag"
"""The element that payloads try to make."""
NODE = "zqnode"
"""The node, block or heading that payloads try to make."""
VARIABLE = "zqvar"
"""The expression that payloads try to have evaluated."""
# Chosen for the scan of every output: a class of characters is as fast as Python gets.
_RAW = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{''.join(sorted(BIDI))}]")


LIBRARY_LENGTH = 1_000_000
"""Longer than any script of our own: the library of charts, which stands in the page whole."""


def raw_controls(text: str) -> str:
    """The first control or mark that is sent as it is, by its number; line ends and tabs may be."""
    found = _RAW.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def json_problem(text: str) -> str:
    """What is wrong with a JSON output."""
    try:
        json.loads(text, object_pairs_hook=_unique)
    except ValueError as error:
        return f"is no JSON: {str(error)[:60]}"
    return ""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands there twice")
    return dict(pairs)


def terraform_problem(text: str) -> str:
    """What is wrong with Terraform in JSON: no text of a spec may be evaluated."""
    found = json_problem(text)
    return found or next((p for t in texts(json.loads(text)) if (p := _interpolated(t))), "")


def _interpolated(text: str) -> str:
    """Whether a text holds a payload's expression with an odd number of its first letter."""
    for found in re.finditer(rf"(\$+|%+){{\s*{VARIABLE}", text):
        if len(found[1]) % 2:
            return f"sends `{found[1][0]}{{` unescaped"
    return ""


def hcl_problem(text: str) -> str:
    """What is wrong with Terraform in HCL."""
    if re.search(rf"^\s*(resource|variable|locals|output)?\b.*^\s*{NODE}", text, re.MULTILINE):
        return "starts a line of its own"
    return _interpolated(text)


def texts(document: Any) -> list[str]:  # noqa: ANN401 # JSON
    """Every text and key of a JSON document."""
    if isinstance(document, str):
        return [document]
    if isinstance(document, dict):
        return [t for k, v in document.items() for t in (k, *texts(v))]
    return [t for v in document for t in texts(v)] if isinstance(document, list) else []


class _Tags(HTMLParser):
    """Collects elements and attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.made: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.made += [tag] if TAG in tag else []
        for name, value in attrs:
            if TAG in name or (name in ("href", "src") and "javascript:" in (value or "")):
                self.made.append(f"{tag} {name}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def without_library(page: str) -> str:
    """A page without the library of charts in it, which is as its makers wrote it."""
    start = page.find("<script>")
    while start >= 0:
        end = page.find("</script>", start)
        if end - start > LIBRARY_LENGTH:
            return page[: start + len("<script>")] + page[end:]
        start = page.find("<script>", start + 1)
    return page


def html_problem(text: str) -> str:
    """Whether a payload made an element or an attribute of a page."""
    parser = _Tags()
    parser.feed(text)
    parser.close()
    if parser.made:
        return f"makes an element: {parser.made[0]}"
    return "" if "html" in parser.names else "is no page"


def svg_problem(text: str) -> str:
    """Whether an SVG parses and holds no element of a payload."""
    try:
        root = ET.fromstring(text)  # noqa: S314 # what is read is our own output
    except ET.ParseError as error:
        return f"is no XML: {str(error)[:60]}"
    made = [e.tag for e in root.iter() if TAG in str(e.tag) or any(TAG in k for k in e.attrib)]
    return f"makes an element: {made[0]}" if made else ""


def mermaid_problem(text: str) -> str:
    """Whether a payload starts a line, a directive or an element of its own."""
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith((NODE, f"click {NODE}", "%%{", f"end {NODE}")):
            return "starts a line of its own"
        if f"<{TAG}" in bare:
            return "makes an element"
    return ""


def dot_problem(text: str) -> str:
    """Whether a graph parses and has no node of a payload."""
    import pygraphviz  # noqa: PLC0415 # heavy, and for this alone

    try:
        graph = pygraphviz.AGraph(string=text)
    except (ValueError, pygraphviz.DotError) as error:
        return f"is no graph: {str(error)[:60]}"
    return "makes a node" if NODE in graph.nodes() else ""


def csv_problem(text: str) -> str:
    """Whether rows have one width and no cell begins a formula."""
    rows = list(csv.reader(io.StringIO(text), strict=True))
    if len({len(row) for row in rows if row}) > 1:
        return "has rows of several widths"
    formulas = [c for row in rows for c in row if c.startswith(("=", "@", "\t", "\r"))]
    formulas += [c for row in rows for c in row if re.match(r"[+-][^\d.]", c)]
    return f"begins a formula: {formulas[0][:20]!r}" if formulas else ""


def markdown_problem(text: str) -> str:
    """Whether a payload makes an element, a link, a heading or a cell."""
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    if f"<{TAG}" in outside.replace(f"\\<{TAG}", ""):
        return "makes an element"
    if re.search(r"(?<!\\)\]\(javascript:", outside):
        return "makes a link"
    if re.search(rf"^\s*#* *{NODE}", text, re.MULTILINE):
        return "starts a line of its own"
    widths: set[int] = set()
    for line in text.splitlines():
        if line.startswith("|"):
            widths.add(len(re.findall(r"(?<!\\)\|", line)))
        else:
            if len(widths) > 1:
                return "has rows of several widths"
            widths = set()
    return "has rows of several widths" if len(widths) > 1 else ""


def text_problem(text: str) -> str:
    """Whether a payload starts a line of its own, which a log or a person takes for ours."""
    if re.search(rf"^(::|##|{NODE})", text, re.MULTILINE):
        return "starts a line of its own"
    return ""


def name_problem(name: str) -> str:
    """What is wrong with the name of a file that was written."""
    if any(unicodedata.category(c) in ("Cc", "Cf") for c in name):
        return "has a control in its name"
    return "leads elsewhere" if ".." in name.split("/") else ""
