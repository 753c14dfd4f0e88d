"""The diagrams' font: where it is, how wide a text is in it, and a small copy to embed."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FAMILY = "Source Sans Pro"
"""The name under which Graphviz finds the font."""

EMBEDDED_FAMILY = "Trazo Diagram"
"""The name of the copy: the font's licence reserves "Source", so a changed copy needs another one.

Source: https://openfontlicense.org/how-to-modify-ofl-fonts/
"""

_PACKAGE = "font_source_sans_pro"
_REGULAR, _BOLD = "SourceSansPro-Regular.ttf", "SourceSansPro-Bold.ttf"
# Family, style, full and PostScript name; the others (copyright, licence) stay as they are.
# Source: https://learn.microsoft.com/typography/opentype/spec/name#name-ids
_FAMILY_NAMES = (1, 4, 6, 16)

# Chosen: a letter that the font lacks is drawn by another font; most need about this much.
_UNKNOWN_WIDTH_EM = 0.62


DETAIL_SIZE, DETAIL_LINE = 11.0, 14.0


MOST_WIDTH = 158.0
"""No text of an item is wider than this; longer ones are broken or cut."""


# Chosen by eye, in points.
WORDS_WIDTH = 232.0
"""No line of words on a card is wider than this."""


def folder() -> Path:
    """Where the font's files are."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        message = "the package `font-source-sans-pro` is missing: reinstall trazo"
        raise ModuleNotFoundError(message)
    return Path(next(iter(spec.submodule_search_locations))) / "files"


def files() -> tuple[Path, Path]:
    """The font's files that diagrams use: regular and bold."""
    return folder() / _REGULAR, folder() / _BOLD


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of text is, in points, without kerning."""
    return sum(_width_em(character, bold=bold) for character in text) * size


def subset(text: str, *, bold: bool) -> bytes:
    """A TrueType file with only the letters of a text; equal bytes each time."""
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415 # takes 0.15 s, for svg only

    font = _read(bold=bold)
    for record in font["name"].names:
        if record.nameID in _FAMILY_NAMES:
            record.string = EMBEDDED_FAMILY
    options = Options(hinting=False, layout_features=[], notdef_outline=True, name_IDs=["*"])
    options.drop_tables += [
        "BASE",
        "GDEF",
        "GPOS",
        "GSUB",
    ]  # kerning and ligatures; not read: faster
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    file = BytesIO()
    font.save(file)
    return file.getvalue()


def _read(*, bold: bool) -> "TTFont":
    from fontTools.ttLib import TTFont  # noqa: PLC0415 # most commands draw nothing

    return TTFont(BytesIO(files()[bold].read_bytes()), lazy=True, recalcTimestamp=False)


@cache
def _glyphs(*, bold: bool) -> dict[int, float]:
    """The width of every letter of the font, as a multiple of its size, by code point."""
    font = _read(bold=bold)
    units_per_em = font["head"].unitsPerEm
    widths = font["hmtx"].metrics
    return {code: widths[name][0] / units_per_em for code, name in font.getBestCmap().items()}


def _width_em(character: str, *, bold: bool) -> float:
    width = _glyphs(bold=bold).get(ord(character))
    return _fallback_em(character) if width is None else width


def _fallback_em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(character) in "WF" else _UNKNOWN_WIDTH_EM


def wrapped(parts: Iterable[str], most: float, size: float = DETAIL_SIZE) -> tuple[str, ...]:
    """Parts with a space between them, in lines no wider than `most` points.

    >>> wrapped(["s3:GetObject,", "s3:PutObject"], 100)
    ('s3:GetObject,', 's3:PutObject')
    """
    result: list[str] = []
    for part in parts:
        longer = f"{result[-1]} {part}" if result else part
        if result and text_width(longer, size) <= most:
            result[-1] = longer
        else:
            result.append(part)
    return tuple(result)
