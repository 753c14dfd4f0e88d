"""Hypothesis strategies for specs that somebody broke: as text, and as values of the right type."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.strategies.documents import documents
from tests.strategies.words import Document

Draw = Callable[[st.SearchStrategy[Any]], Any]
Place = tuple[str | int, ...]

SPECS = sorted(Path(__file__).parent.parent.joinpath("specs").glob("*.yaml"))
WRITTEN = st.sampled_from(
    [
        *("", "null", "3", "-1", "1.5", "1e400", "true", "[]", "[1]", "{}", "{a: 1}", "text"),
        *('"${x}"', "*nowhere", "{kind: s3}", "[[[]]]", "2026-01-01", "!!int x", '"\\ud800"'),
        *("'", "\0", "&a [*a]", "999999999999999999999", "0 0 * * *", "*.x", "a" * 300),
    ]
)
"""What may stand behind a colon by mistake."""


@st.composite
def damaged(draw: Draw) -> str:
    """A shipped spec with one to three of its values replaced, or lines lost or doubled."""
    lines = draw(st.sampled_from([p.read_text(encoding="utf-8") for p in SPECS])).splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        match draw(st.sampled_from(("value", "lose", "double", "cut", "inside"))):
            case "value":
                lines[at] = f"{line.partition(':')[0]}: {draw(WRITTEN)}"
            case "lose":
                lines[at] = ""
            case "double":
                lines.insert(at, line)
            case "cut":
                lines[at] = line[: draw(st.integers(0, len(line)))]
            case "inside":
                lines[at] = _inside(draw, line)
    return "\n".join(lines) + "\n"


def _inside(draw: Draw, line: str) -> str:
    """The line with one value of its `{...}` replaced."""
    pieces = line.split(", ")
    piece = draw(st.integers(0, len(pieces) - 1))
    head, colon, tail = pieces[piece].rpartition(": ")
    end = "}" * (tail.count("}") - tail.count("{"))
    pieces[piece] = f"{head}{colon}{draw(WRITTEN)}{end}"
    return ", ".join(pieces)


NUMBERS = (0, 1, 2, 5, 15, 63, 100, 120, 256, 443, 1024, 3600, 5000, 65_535, 2_147_483_647, -1)
TEXTS = (
    *("", "x", "*", "-", "_", "@", "/", "/*", "é", "${x}", "a" * 64, "acme-example.com"),
    *("*.acme-example.com", "10.0.0.0/16", "10.0.0.0/28", "0.0.0.0/0", "UTC", "MON-SUN", "24:00"),
    *("0 0 * * ? *", "0 0 ? * SUN *", "1 minute", "1970-01-01T00:00:00Z", "arn:aws:s3:::*"),
    *("static", "none", "per_zone", "HTTPS", "us-gov-west-1", "mx-central-1", "connect", "read"),
    *("200-299", "db.r7g.large", "1 day", "on_demand", "A", "CNAME", "ecr.api", "Teapot_1"),
)


@st.composite
def altered(draw: Draw) -> Document:
    """A generated spec with one or two values changed to others of their type, or left out."""
    document: Document = deepcopy(draw(documents()))
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.sampled_from([p for p in _places(document) if len(p) > 1]))
        *way, last = place
        around = document
        for step in way:
            around = around[step]
        if draw(st.integers(0, 4)) == 0:
            del around[last]
        else:
            around[last] = draw(_other(around[last], document))
    return document


def _places(value: object) -> Iterator[Place]:
    yield ()
    entries: Any = ()
    if isinstance(value, dict):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    for step, inner in entries:
        yield from ((step, *rest) for rest in _places(inner))


def _other(value: object, document: Document) -> st.SearchStrategy[Any]:
    """Another value of the same type."""
    match value:
        case bool():
            return st.just(not value)
        case int() | float():
            return st.sampled_from(NUMBERS)
        case str():
            return st.sampled_from((*TEXTS, *document.get("components", ())))
        case list():
            return st.sampled_from(([], [*value, *value], value[:1]))
        case _:
            return st.sampled_from(({}, value))
