"""A small copy of the font with only some letters, to travel inside of an svg."""

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from compiler.backends.diagram.typeface import Typeface

EMBEDDED_FAMILY = "Trazo Diagram"
"""The name of the copy: the font's licence reserves "Source", so a changed copy needs another one.

Source: https://openfontlicense.org/how-to-modify-ofl-fonts/
"""

# Name records: 0 copyright, 1 family, 2 style, 4 full name, 6 PostScript name, 14 licence.
# Source: https://learn.microsoft.com/typography/opentype/spec/name#name-ids
_NAMES = (
    (0, "(c) 2010, 2012, 2014 Adobe. A subset of another font."),
    (1, EMBEDDED_FAMILY),
    (2, "Regular"),
    (4, EMBEDDED_FAMILY),
    (6, EMBEDDED_FAMILY.replace(" ", "")),
    (14, "https://openfontlicense.org"),
)

# Flags of one part of a composite glyph.
# Source: https://learn.microsoft.com/typography/opentype/spec/glyf#composite-glyph-description
_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX, _INSTRUCTIONS = 0x1, 0x8, 0x20, 0x40, 0x80, 0x100

# What the checksum of a whole font file must come to.
# Source: https://learn.microsoft.com/typography/opentype/spec/head
_FILE_CHECKSUM = 0xB1B0AFBA


@dataclass(frozen=True, slots=True)
class _Part:
    """One glyph inside of a composite one, and where its record starts and ends."""

    at: int
    end: int
    flags: int
    glyph: int


def subset(face: Typeface, text: str) -> bytes:
    """A TrueType file with the letters of a text, without hints and kerning."""
    codes = [c for c in sorted({ord(c) for c in text}) if c in face.glyphs]
    kept = _with_parts(face, [0, *(face.glyphs[c] for c in codes)])
    number = {glyph: i for i, glyph in enumerate(kept)}
    outlines = [_padded(_rewritten(face.outline(g), number)) for g in kept]
    ends = [0]
    for outline in outlines:
        ends.append(ends[-1] + len(outline))
    tables = {
        "OS/2": face.tables["OS/2"],
        "cmap": _cmap({c: number[face.glyphs[c]] for c in codes}),
        "glyf": b"".join(outlines),
        "head": _with(face.tables["head"], (8, ">I", 0), (50, ">h", 1)),
        "hhea": _with(face.tables["hhea"], (34, ">H", len(kept))),
        "hmtx": b"".join(struct.pack(">Hh", *face.metrics(g)) for g in kept),
        "loca": struct.pack(f">{len(ends)}I", *ends),
        "maxp": _with(face.tables["maxp"], (4, ">H", len(kept))),
        "name": _name(),
        "post": struct.pack(">I", 0x00030000) + face.tables["post"][4:32],
    }
    return _file(tables)


def _with_parts(face: Typeface, glyphs: Iterable[int]) -> tuple[int, ...]:
    """Glyphs and all glyphs that they are put together from, each once."""
    kept = dict.fromkeys(glyphs)
    waiting = list(kept)
    while waiting:
        for part in _parts(face.outline(waiting.pop())):
            if part.glyph not in kept:
                kept[part.glyph] = None
                waiting.append(part.glyph)
    return tuple(kept)


def _parts(outline: bytes) -> Iterator[_Part]:
    """The parts of a composite glyph; none for a glyph with contours of its own."""
    if not outline or struct.unpack_from(">h", outline)[0] >= 0:
        return
    at, flags = 10, _MORE
    while flags & _MORE:
        flags, glyph = struct.unpack_from(">HH", outline, at)
        scale = 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0
        end = at + 4 + (4 if flags & _WORDS else 2) + scale
        yield _Part(at, end, flags, glyph)
        at = end


def _rewritten(outline: bytes, number: Mapping[int, int]) -> bytes:
    """The glyph without hints, its parts by their new numbers."""
    if not outline:
        return outline
    contours = struct.unpack_from(">h", outline)[0]
    if contours >= 0:
        after = 10 + 2 * contours
        hints = struct.unpack_from(">H", outline, after)[0]
        return outline[:after] + b"\0\0" + outline[after + 2 + hints :]
    parts = tuple(_parts(outline))
    result = bytearray(outline[: parts[-1].end])
    for part in parts:
        struct.pack_into(">HH", result, part.at, part.flags & ~_INSTRUCTIONS, number[part.glyph])
    return bytes(result)


def _cmap(glyphs: Mapping[int, int]) -> bytes:
    """A character map with one group for each letter."""
    groups = b"".join(struct.pack(">III", c, c, g) for c, g in glyphs.items())
    header = struct.pack(">HHHHI", 0, 1, 3, 10, 12)
    return header + struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(glyphs)) + groups


def _name() -> bytes:
    texts = [text.encode("utf-16-be") for _, text in _NAMES]
    at, records = 0, b""
    for (number, _), text in zip(_NAMES, texts, strict=True):
        records += struct.pack(">HHHHHH", 3, 1, 0x409, number, len(text), at)
        at += len(text)
    return struct.pack(">HHH", 0, len(_NAMES), 6 + len(records)) + records + b"".join(texts)


def _file(tables: Mapping[str, bytes]) -> bytes:
    """A font file of these tables."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    header = struct.pack(
        ">IHHHH", 0x00010000, count, 16 * power, power.bit_length() - 1, 16 * (count - power)
    )
    at = {}
    body = b""
    for tag, table in sorted(tables.items()):
        at[tag] = 12 + 16 * count + len(body)
        header += struct.pack(">4sIII", tag.encode(), _checksum(table), at[tag], len(table))
        body += _padded(table)
    rest = (_FILE_CHECKSUM - _checksum(header + body)) & 0xFFFFFFFF
    return _with(header + body, (at["head"] + 8, ">I", rest))


def _checksum(data: bytes) -> int:
    words = _padded(data)
    total: int = sum(struct.unpack(f">{len(words) // 4}I", words))
    return total & 0xFFFFFFFF


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


def _with(table: bytes, *changes: tuple[int, str, int]) -> bytes:
    """A table with some numbers replaced: place, form and value of each."""
    result = bytearray(table)
    for at, form, value in changes:
        struct.pack_into(form, result, at, value)
    return bytes(result)
