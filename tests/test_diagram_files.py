"""The files that a picture becomes: self-contained, equal each time, with every word as written."""

import os
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from compiler.backends.diagram.draw import draw, render
from compiler.backends.diagram.formats import raster as raster_module
from compiler.backends.diagram.formats.icons import icon_file
from compiler.backends.diagram.formats.raster import DPI, raster
from compiler.backends.diagram.model.drawing import Box, Drawing, Image, Mark, Rect
from compiler.backends.diagram.model.options import Format, Theme, View
from compiler.backends.diagram.model.picture import Area, Chip, Item, Link, Picture
from compiler.backends.diagram.placing.cards import text
from compiler.backends.tools import ToolMissing
from compiler.findings.check import check
from compiler.graph.graph import Graph
from tests.examples import graph_of
from trazo_spec.load import load

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "a & <b> \"c\" ${d} %{e} </text> 'f' \\ ]]> &amp; Grüße"

WEB = """
alb: {kind: alb, hostname: www.example.com, routes: [{to: web}]}
web: {kind: ecs, image: a/b:1, port: 80, uses: {media: read}}
media: {kind: s3}
zone: {kind: dns}
"""


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A small web application."""
    return graph_of(WEB)


def hostile(words: str = HOSTILE) -> Picture:
    """A picture in which every text would break a careless writer."""
    chips = (Chip(words, "cost"),)
    users = Item("users", "aws.general.Users", words, (words,), chips, words)
    cdn = Item("cdn", "aws.network.CloudFront", words)
    link = Link("users", "cdn", words, words, 1)
    return Picture(
        words,
        words,
        areas={Area.USERS: (users,), Area.CDNS: (cdn,)},
        links=(link,),
        notes=(words,),
    )


def texts(svg: bytes) -> list[str]:
    """Every text of an svg, as a reader sees it."""
    return [e.text or "" for e in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own file


def test_an_svg_needs_nothing_from_outside(graph: Graph) -> None:
    """A reference to a file of the machine that drew it is a hole on every other one."""
    svg = draw(graph, View.OVERVIEW, Format.SVG).decode()
    references = re.findall(r"""(?:href="|url\()([^")]{0,12})""", svg)

    assert {r for r in references if not r.startswith(("data:", "#icon"))} == set()


def test_an_svg_holds_no_path_of_the_machine(graph: Graph) -> None:
    """Who built a picture, and where, is nobody's business."""
    svg = draw(graph, View.OVERVIEW, Format.SVG).decode()

    assert str(icon_file("aws.network.Route53").parent) not in svg


@pytest.mark.parametrize("to", [Format.SVG, Format.PNG, Format.MERMAID, Format.DOT])
def test_the_same_spec_gives_the_same_bytes(graph: Graph, to: Format) -> None:
    """Else every build would change a file that nobody touched."""
    assert draw(graph, View.OVERVIEW, to) == draw(graph, View.OVERVIEW, to)


def test_hostile_texts_arrive_in_an_svg_as_they_were_written() -> None:
    """A text of a spec never becomes markup."""
    assert HOSTILE in texts(render(hostile(), Format.SVG))


def test_hostile_texts_do_not_stop_a_png() -> None:
    """The same texts pass through Graphviz's own quoting."""
    assert render(hostile(), Format.PNG).startswith(b"\x89PNG")


@pytest.mark.parametrize("to", [Format.PNG, Format.PDF])
def test_what_a_terminal_obeys_arrives_in_no_image(to: Format, monkeypatch) -> None:
    """Neither in what Graphviz gets nor in what a viewer prints of the file."""
    given: list[str] = []
    drawn = raster_module._drawn

    def seen(dot: str, file_format: raster_module.RasterFormat):
        given.append(dot)
        return drawn(dot, file_format)

    monkeypatch.setattr(raster_module, "_drawn", seen)
    image = render(hostile("plain\x1b[2J\x1b]0;owned\x07\x00\x08\x7f\x9b31m\u202eend"), to)

    assert image.startswith(b"\x89PNG" if to is Format.PNG else b"%PDF")
    assert len(given) == 1
    assert "plain" in given[0]
    assert re.findall(r"[^\n\x20-\x7e\xa0-\u2029\u2030-\U0010ffff]", given[0]) == []
    for raw in (b"\x1b[2J", b"\x1b]0;", b"owned\x07", "\u202eend".encode()):
        assert raw not in image


@pytest.mark.parametrize("words", ["C:\\new", "end\\", "\\\\host", 'a \\" b', "Grüße\\"])
def test_a_backslash_does_not_swallow_what_is_drawn_after_it(words: str) -> None:
    """Graphviz counts the letters of a text, and loses the thread when the number is wrong."""
    page = Box(Rect(0, 0, 90, 60), fill="page")
    after = text(5, 50, "after", size=12)
    drawings = [
        Drawing(90, 60, "t", "d", (Mark("page", "page", (page, text(5, 20, words), *rest)),))
        for rest in ((), (after,))
    ]

    assert raster(drawings[0]) != raster(drawings[1])


def test_hostile_texts_stay_quoted_in_dot() -> None:
    """A quote in a name must not end the string."""
    dot = render(hostile(), Format.DOT).decode()
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", dot)

    assert set(outside) & set("&$%") == set()


def test_ids_in_an_svg_are_unique(graph: Graph) -> None:
    """Links and style sheets go by them."""
    root = ET.fromstring(draw(graph, View.OVERVIEW, Format.SVG))  # noqa: S314 - our own file
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]

    assert sorted(ids) == sorted(set(ids))


def test_an_svg_follows_the_viewer_between_light_and_dark(graph: Graph) -> None:
    """One file stands in a README that is read in both."""
    themes = [draw(graph, View.OVERVIEW, Format.SVG, t).decode() for t in Theme]

    assert ["prefers-color-scheme" in svg for svg in themes] == [False, False, True]


def test_a_dark_svg_has_a_dark_page(graph: Graph) -> None:
    """For viewers that ignore the setting."""
    svg = draw(graph, View.OVERVIEW, Format.SVG, Theme.DARK).decode()
    page = re.search(r'<g id="page-page"[^>]*><rect [^>]*fill="(#\w+)"', svg)

    assert page is not None
    assert page.group(1) == "#0f1b2a"


def test_every_text_has_the_width_that_it_was_given(graph: Graph) -> None:
    """With a wider fallback font, words would run over the edges of their boxes."""
    root = ET.fromstring(draw(graph, View.OVERVIEW, Format.SVG))  # noqa: S314 - our own file

    assert [e.text for e in root.iter(f"{SVG}text") if "textLength" not in e.attrib] == []


def test_a_png_is_as_large_as_its_resolution_says() -> None:
    """Else it would be blurred or cut off."""
    page = Mark("page", "page", (Box(Rect(0, 0, 300, 200), fill="page"),))
    png = raster(Drawing(300, 200, "t", "d", (page,)), "png")

    assert struct.unpack(">II", png[16:24]) == (300 * DPI // 72, 200 * DPI // 72)


def test_a_pdf_is_drawn_too(graph: Graph) -> None:
    """For documents that are printed."""
    assert draw(graph, View.OVERVIEW, Format.PDF).startswith(b"%PDF")


def test_a_missing_icon_is_an_error_and_not_a_hole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Graphviz draws on without it and says so on standard error only."""
    monkeypatch.setattr(raster_module, "icon_file", lambda _: tmp_path / "gone.png")
    mark = Mark("a", "node", (Image(Rect(0, 0, 20, 20), "aws.network.Route53"),))

    with pytest.raises(ToolMissing, match="svg, mermaid and dot"):
        raster(Drawing(50, 50, "t", "d", (mark,)), "png")


def test_the_files_end_as_their_kind_does() -> None:
    """Viewers go by it."""
    assert [f.suffix for f in Format] == ["svg", "png", "pdf", "mmd", "dot"]


EXAMPLES = sorted((Path(__file__).parent.parent / "specs").glob("*.yaml"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_no_example_refers_to_anything_outside(example: Path) -> None:
    """Each of these pictures is meant to be copied somewhere else."""
    graphs = check(load(example.read_bytes(), example.name)).graphs.values()
    svgs = [draw(graph).decode() for graph in graphs]
    references = {r for svg in svgs for r in re.findall(r"""(?:href="|url\()([^")]{0,12})""", svg)}

    assert {r for r in references if not r.startswith(("data:", "#icon"))} == set()


@pytest.mark.parametrize("to", ["svg", "mermaid"])
def test_another_process_draws_the_same_bytes(to: str) -> None:
    """Python shuffles its sets anew in each process."""
    spec = str(EXAMPLES[-1])
    command = [sys.executable, "-m", "trazo", "diagram", spec, "-q", "--format", to]
    drawn = {
        subprocess.run(
            [*command, "-o", "-"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(drawn) == 1


def test_fonts_of_the_machine_change_nothing(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A container often has none at all."""
    with_fonts = draw(graph, to=Format.PNG)
    for name in ("FONTCONFIG_FILE", "FONTCONFIG_PATH", "HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))

    assert draw(graph, to=Format.PNG) == with_fonts


@pytest.mark.parametrize(
    ("child", "told"),
    [
        ("import os; os.abort()", "code -6"),
        ("import sys; print('Error: no such thing', file=sys.stderr); print('png')", "no such"),
        ("raise SystemExit(0)", "svg, mermaid and dot"),
    ],
    ids=["it aborts", "it only says so", "it draws nothing"],
)
def test_what_goes_wrong_in_graphviz_is_one_line_of_advice(
    child: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It may end the whole process, or draw a wrong picture and end well."""
    script = tmp_path / "child.py"
    script.write_text(child)
    monkeypatch.setattr(raster_module, "_CHILD", script)

    with pytest.raises(ToolMissing, match=told):
        raster(Drawing(50, 50, "t", "d", ()), "png")


def test_a_graphviz_that_never_ends_is_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A build must not wait for ever."""
    script = tmp_path / "child.py"
    script.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(raster_module, "_CHILD", script)
    monkeypatch.setattr(raster_module, "_TIMEOUT_S", 0.5)

    with pytest.raises(ToolMissing, match="did not finish"):
        raster(Drawing(50, 50, "t", "d", ()), "png")
