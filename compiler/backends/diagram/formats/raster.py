"""A drawing as png or pdf, drawn by Graphviz's libraries with our places and our font."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Literal, TypeAlias

from compiler.backends.diagram.formats.icons import LINE_ICONS, icon_file, plate
from compiler.backends.diagram.formats.paths import Segment, head, pieces, rounded
from compiler.backends.diagram.formats.theme import Palette, color, palette
from compiler.backends.diagram.model.drawing import (
    Box,
    Drawing,
    Image,
    Line,
    Point,
    Rect,
    Shape,
    Text,
)
from compiler.backends.diagram.model.options import Theme
from compiler.backends.diagram.model.typeface import FAMILY, files
from compiler.backends.staging import temporary
from compiler.backends.tools import ToolMissing

RasterFormat: TypeAlias = Literal["png", "pdf"]

DPI = 144
"""Twice the size of the svg, for screens with small pixels."""

_CHILD = Path(__file__).with_name("graphviz_child.py")
_TIMEOUT_S = 60
_NOTHING = "#00000000"
_BACKSLASH = ord("\\")

# Graphviz refuses a quoted text of more than 16384 bytes, but joins several with `+`.
_MOST_QUOTED = 4000


def raster(
    drawing: Drawing, file_format: RasterFormat = "png", theme: Theme = Theme.LIGHT, dpi: int = DPI
) -> bytes:
    """The drawing as an image; `dpi` is for png."""
    dot = graphviz_text(drawing, palette(theme), dpi if file_format == "png" else None)
    done = _drawn(dot, file_format)
    problem = _problem(done.returncode, done.stderr.decode(errors="replace"))
    if problem or not done.stdout:
        advice = "the formats svg, mermaid and dot do not require it"
        raise ToolMissing(
            f"Graphviz could not draw the {file_format}: {problem or 'it is empty'}; {advice}"
        )
    return done.stdout


def _drawn(dot: str, file_format: RasterFormat) -> "subprocess.CompletedProcess[bytes]":
    """How Graphviz ended that was to draw a text with our font."""
    try:
        with temporary() as folder:
            return subprocess.run(  # noqa: S603 - our own script, by our own Python
                [sys.executable, "-P", str(_CHILD), file_format],
                input=dot.encode(),
                capture_output=True,
                timeout=_TIMEOUT_S,
                check=False,
                env={
                    **os.environ,
                    "FONTCONFIG_FILE": str(_font_folder(folder)),
                    "TMPDIR": str(folder),
                },
            )
    except subprocess.TimeoutExpired:
        message = f"Graphviz did not finish the {file_format} within {_TIMEOUT_S} s"
        raise ToolMissing(message) from None
    except OSError as error:
        raise ToolMissing(f"cannot write temporary files ({error}): set TMPDIR") from error


def _problem(code: int, stderr: str) -> str:
    """What went wrong, empty when nothing did; a wrong picture is told of on stderr only."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    # Python ends a traceback with `SomeError: why`, Graphviz writes `Error: why`.
    errors = [line for line in lines if re.match(r"[\w.]*Error:", line)]
    if errors:
        return errors[-1]
    last = f": {lines[-1]}" if lines else ""
    return f"it exited with code {code}{last}" if code else ""


def _font_folder(folder: Path) -> Path:
    """A fontconfig file that knows our font and nothing of the machine's."""
    fonts = folder / "fonts"
    fonts.mkdir()
    for file in files():
        shutil.copy(file, fonts)
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(fonts))}</dir>"
        f"<cachedir>{escape(str(folder / 'cache'))}</cachedir></fontconfig>"
    )
    return config


def graphviz_text(drawing: Drawing, colors: Palette, dpi: int | None) -> str:
    """DOT in which every shape has its place: icons as nodes, all else as a background."""
    height = drawing.height
    shapes = [s for m in drawing.marks for s in m.shapes]
    operations = (o for s in shapes for o in _operations(s, colors, height))
    background = " +\n".join(_quoted(chunk) for chunk in _chunks(operations))
    resolution = f" dpi={dpi}" if dpi else ""
    icons = [s for s in shapes if isinstance(s, Image)]
    return "\n".join(
        (
            "digraph {",
            f'graph [bb="0,0,{_number(drawing.width)},{_number(height)}"',
            f"pad=0 margin=0{resolution}",
            f"_background={background}]",
            *(_icon(number, image, height) for number, image in enumerate(icons)),
            "}\n",
        )
    )


def _chunks(operations: Iterable[str]) -> Iterator[str]:
    """Operations in pieces that are short enough for Graphviz, each with a space at its end."""
    chunk = ""
    for operation in operations:
        chunk += f"{operation} "
        if len(chunk) > _MOST_QUOTED:
            yield chunk
            chunk = ""
    if chunk:
        yield chunk


def _quoted(text: str) -> str:
    """A DOT string; a backslash means itself there unless a quote or another one follows."""
    escaped = text.replace('"', '\\"')
    return f'"{escaped}"'


def _icon(number: int, image: Image, height: float) -> str:
    rect = image.rect
    return (
        f'icon{number} [shape=none label="" image={_quoted(icon_file(image.icon).as_posix())} '
        f"imagescale=true fixedsize=true "
        f"width={rect.width / 72:.4f} height={rect.height / 72:.4f} "
        f'pos="{_number(rect.cx)},{_number(height - rect.cy)}"]'
    )


# The operations are those of Graphviz's xdot format: c pen, C fill, S style, F font, T text,
# p/P outline/filled polygon, B/b outline/filled Bézier curve.
# Source: https://graphviz.org/docs/outputs/canon/#xdot
def _operations(shape: Shape, colors: Palette, height: float) -> Iterator[str]:
    match shape:
        case Box():
            yield from _box(shape, colors, height)
        case Text():
            yield from _text(shape, colors, height)
        case Line():
            yield from _line(shape, colors, height)
        case Image() if shape.icon in LINE_ICONS and colors.plate != "none":
            yield from _box(plate(shape), colors, height)
        case Image():
            pass


def _box(box: Box, colors: Palette, height: float) -> Iterator[str]:
    start, segments = rounded(box.rect, box.radius) if box.radius else _square(box.rect)
    points = _bezier(start, segments, height)
    if box.fill is not None:
        yield f"{_pen(_NOTHING)} {_fill(color(box.fill, colors))} b {points}"
    if box.stroke is not None:
        yield _stroke(color(box.stroke, colors), box.line_width, dashed=box.dashed)
        yield f"B {points}"


def _text(text: Text, colors: Palette, height: float) -> Iterator[str]:
    align = {"start": -1, "middle": 0, "end": 1}[text.anchor]
    words = "".join(c if c.isprintable() else " " for c in text.text)
    # DOT has no way to say a single backslash before these, xdot none to say it at the end.
    words = re.sub(r'\\(?=["\\])', r"\\\\", words)
    words += " " * words.endswith("\\")
    font = f"{FAMILY} Bold" if text.bold else FAMILY
    # Graphviz sets text a twentieth of its size too high.
    y = height - text.y - 0.05 * text.size
    yield (
        f"{_pen(color(text.color, colors))} F {_number(text.size)} {_counted(font)} "
        f"T {_number(text.x)} {_number(y)} {align} {_number(text.width)} {_counted(words)}"
    )


def _line(line: Line, colors: Palette, height: float) -> Iterator[str]:
    start, segments = pieces(line)
    paint = color(line.stroke, colors)
    yield _stroke(paint, line.line_width, dashed=line.dashed)
    yield f"B {_bezier(start, segments, height)}"
    if line.arrow:
        corners = head(line)
        points = " ".join(_point(p, height) for p in corners)
        yield f"{_pen(_NOTHING)} {_fill(paint)} P {len(corners)} {points}"


def _square(rect: Rect) -> tuple[Point, tuple[Segment, ...]]:
    corners = ((rect.right, rect.y), (rect.right, rect.bottom), (rect.x, rect.bottom))
    return (rect.x, rect.y), tuple((p,) for p in (*corners, (rect.x, rect.y)))


def _bezier(start: Point, segments: tuple[Segment, ...], height: float) -> str:
    """Number and places of a curve's points; a straight piece has its handles at its thirds."""
    points = [start]
    for segment in segments:
        if len(segment) == 1:
            (x1, y1), (x2, y2) = points[-1], segment[0]
            points += [(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t) for t in (1 / 3, 2 / 3)]
        points += segment
    return f"{len(points)} " + " ".join(_point(p, height) for p in points)


def _stroke(paint: str, width: float, *, dashed: bool) -> str:
    style = _counted("dashed" if dashed else "solid")
    return f"{_pen(paint)} S {style} S {_counted(f'setlinewidth({_number(width)})')}"


def _pen(paint: str) -> str:
    return f"c {_counted(paint)}"


def _fill(paint: str) -> str:
    return f"C {_counted(paint)}"


def _counted(text: str) -> str:
    """A text as xdot has it: its length in bytes, a dash, the text.

    Graphviz does not count a backslash, except behind another one.
    """
    data = text.encode()
    uncounted = sum(byte == _BACKSLASH and data[i - 1 : i] != b"\\" for i, byte in enumerate(data))
    return f"{len(data) - uncounted} -{text}"


def _point(point: Point, height: float) -> str:
    return f"{_number(point[0])} {_number(height - point[1])}"


def _number(value: float) -> str:
    return f"{value:.3f}"
