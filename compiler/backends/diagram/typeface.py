"""The diagrams' font: where it is, and how wide a text is in it."""

import struct
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

FAMILY = "Source Sans Pro"
"""The name under which Graphviz finds the font."""

_PACKAGE = "font_source_sans_pro"
_REGULAR, _BOLD = "SourceSansPro-Regular.ttf", "SourceSansPro-Bold.ttf"

# Chosen: a letter that the font lacks is drawn by another font; most need about this much.
_UNKNOWN_WIDTH_EM = 0.62


class Typeface:
    """A TrueType font: which glyph a letter has, how wide it is, and its outline."""

    def __init__(self, data: bytes) -> None:
        count = struct.unpack_from(">H", data, 4)[0]
        records = (struct.unpack_from(">4sIII", data, 12 + 16 * i) for i in range(count))
        self.tables: Mapping[str, bytes] = {
            tag.decode(): data[at : at + size] for tag, _, at, size in records
        }
        self.glyphs: Mapping[int, int] = dict(_character_map(self.tables["cmap"]))
        """Code point to glyph."""
        self._units_per_em: int = struct.unpack_from(">H", self.tables["head"], 18)[0]
        self._widths_em: dict[str, float] = {}

    def width_em(self, text: str) -> float:
        """How wide a line of text is, as a multiple of the font's size."""
        return sum(self._character_em(c) for c in text)

    def metrics(self, glyph: int) -> tuple[int, int]:
        """Width and left side of a glyph, in font units."""
        full = struct.unpack_from(">H", self.tables["hhea"], 34)[0]
        table = self.tables["hmtx"]
        width = struct.unpack_from(">H", table, 4 * min(glyph, full - 1))[0]
        at = 4 * glyph + 2 if glyph < full else 4 * full + 2 * (glyph - full)
        return width, struct.unpack_from(">h", table, at)[0]

    def outline(self, glyph: int) -> bytes:
        """The shape of a glyph as the font's file has it."""
        long = struct.unpack_from(">h", self.tables["head"], 50)[0]
        form, step, unit = (">II", 4, 1) if long else (">HH", 2, 2)
        start, end = struct.unpack_from(form, self.tables["loca"], step * glyph)
        return self.tables["glyf"][start * unit : end * unit]

    def _character_em(self, character: str) -> float:
        if character not in self._widths_em:
            glyph = self.glyphs.get(ord(character))
            self._widths_em[character] = (
                _fallback_em(character)
                if glyph is None
                else self.metrics(glyph)[0] / self._units_per_em
            )
        return self._widths_em[character]


def folder() -> Path:
    """Where the font's files are."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        message = "the package `font-source-sans-pro` is missing: install trazo again"
        raise ModuleNotFoundError(message)
    return Path(next(iter(spec.submodule_search_locations))) / "files"


def files() -> tuple[Path, Path]:
    """The font's files that diagrams use: regular and bold."""
    return folder() / _REGULAR, folder() / _BOLD


@cache
def typeface(*, bold: bool) -> Typeface:
    """The font in one weight; it is read once."""
    return Typeface(files()[bold].read_bytes())


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of text is, in points, without kerning."""
    return typeface(bold=bold).width_em(text) * size


def _fallback_em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(character) in "WF" else _UNKNOWN_WIDTH_EM


def _character_map(table: bytes) -> Iterator[tuple[int, int]]:
    """Code points and their glyphs, from the table's form for all of Unicode (format 12).

    Source: https://learn.microsoft.com/typography/opentype/spec/cmap
    """
    count = struct.unpack_from(">H", table, 2)[0]
    starts = (struct.unpack_from(">I", table, 8 + 8 * i)[0] for i in range(count))
    start = next(at for at in starts if struct.unpack_from(">H", table, at)[0] == 12)
    groups = struct.unpack_from(">I", table, start + 12)[0]
    body = table[start + 16 : start + 16 + 12 * groups]
    for first, last, glyph in struct.iter_unpack(">III", body):
        for code in range(first, last + 1):
            yield code, glyph + code - first
