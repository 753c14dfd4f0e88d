"""Text of others as it may be sent on: what a reader cannot see is spelled, what acts is tamed."""

import codecs
import json
import re
import unicodedata
from collections.abc import Iterable

_JOINERS = "\u200c\u200d"
_SELECTORS = "\ufe0e\ufe0f"
_KEYCAP = "\u20e3"
# Controls, format characters such as bidirectional marks, whatever has no width, line and paragraph
# separators, tags and half characters. Written out, so that every version of Python spells alike.
# Source: categories Cc, Cf, Cs, Zl, Zp and the property Default_Ignorable_Code_Point of
# https://www.unicode.org/Public/17.0.0/ucd/DerivedCoreProperties.txt, read 2026-11-28; without the
# signs of Cf that are seen, such as U+0600.
_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_UNSEEN = re.compile(f"[{_HIDDEN}]")
_UNSEEN_OR_BREAK = re.compile(f"[\t\n{_HIDDEN}]")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""A control character that no text may hold."""
CONTROL_OR_BREAK = re.compile("[\x00-\x1f\x7f-\x9f]")
"""The same with tab and line feed, which some texts may hold."""

_SPELLINGS = {
    "\N{GREATER-THAN OR EQUAL TO}": "at least",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{EN DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{MIDDLE DOT}": "-",
    "\N{PLUS-MINUS SIGN}": "+/-",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{BULLET}": "*",
    "\N{HORIZONTAL ELLIPSIS}": "...",
}
"""What we print ourselves beyond ASCII, for a stream that cannot say it."""
_FORMULA = re.compile(r"[=+\-@]")
_MARKDOWN = re.compile(
    r"[\\`*\[\]<>&@#!~$|{}\n]|://|www\.|\bGH-\d|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", re.IGNORECASE
)
"""What Markdown or GitHub may take for more than letters."""
SPELLED = "trazo.spelled"
"""The name of the error handler that spells what an encoding cannot say."""


def visible(text: str) -> str:
    r"""The same text with all that a reader cannot see spelled; line breaks and tabs stay.

    Joiners and variation selectors stay where scripts and emoji need them, and nowhere else.

    >>> visible("a\x1b[2J\u202eb\rc"), visible("na\u00efve \U0001f469\u200d\U0001f4bb")
    ('a\\x1b[2J\\u202eb\\rc', 'naïve 👩\u200d💻')
    """
    return _UNSEEN.sub(_shown, text)


def visible_pieces(text: str) -> list[str]:
    """The same as a piece for each character of the text, so that places in it can be found."""
    pieces = list(text)
    for match in _UNSEEN.finditer(text):
        pieces[match.start()] = _shown(match)
    return pieces


def one_line(text: str) -> str:
    r"""The same with line breaks and tabs spelled too, for what must not begin a line of its own.

    >>> one_line("a\n::error::b")
    'a\\n::error::b'
    """
    return _UNSEEN_OR_BREAK.sub(_shown, text)


def file_name(text: str) -> str:
    r"""The same as a part of a file's name, `_` for what a reader of the name cannot see.

    >>> file_name("shop\x1b[2J")
    'shop_[2J'
    """
    return _UNSEEN_OR_BREAK.sub("_", text)


def json_text(
    document: object,
    *,
    indent: int | None = 2,
    sort_keys: bool = False,
    ascii_only: bool = False,
    allow_nan: bool = True,
) -> str:
    r"""A document as JSON with escapes for what a reader cannot see; its values stay the same.

    >>> json_text("a\u202e\u00e9")
    '"a\\u202eé"'
    """
    text = json.dumps(
        document,
        indent=indent,
        sort_keys=sort_keys,
        ensure_ascii=ascii_only,
        allow_nan=allow_nan,
    )
    return _UNSEEN.sub(lambda match: json.dumps(match[0])[1:-1], text)


def yaml_text(value: object) -> str:
    r"""A scalar as YAML between quotes, with escapes for what a reader cannot see.

    >>> yaml_text("a\u202e\x85")
    '"a\\u202e\\x85"'
    """
    return _UNSEEN.sub(lambda match: spelling(match[0]), json.dumps(value, ensure_ascii=False))


def hcl_character(character: str) -> str:
    r"""A character of a text between quotes of Terraform's own language.

    >>> hcl_character("a"), hcl_character("\u202e"), hcl_character("\U000e0041")
    ('a', '\\u202e', '\\U000e0041')
    """
    if not _UNSEEN.match(character):
        return character
    number = ord(character)
    return f"\\U{number:08x}" if number > 0xFFFF else f"\\u{number:04x}"


def csv_cell(text: str) -> str:
    r"""A text as a cell of CSV, with `'` in front of what a spreadsheet would take for a formula.

    Source: https://owasp.org/www-community/attacks/CSV_Injection

    >>> csv_cell("=1+1"), csv_cell("web"), csv_cell("a\rb")
    ("'=1+1", 'web', 'a\\rb')
    """
    cell = one_line(text)
    return f"'{cell}" if _FORMULA.match(cell) else cell


def markdown(text: str) -> str:
    """A text of others in Markdown: as code where anything in it could mean something there.

    Code alone holds off links, HTML, and mentions, which GitHub makes of what is left of escapes.

    >>> markdown("web_1"), markdown("@acme <b>")
    ('web_1', '`@acme <b>`')
    """
    plain = not _MARKDOWN.search(text) and visible(text) == text
    return text if plain else markdown_code(text)


def markdown_code(text: str) -> str:
    r"""Text that Markdown leaves as it is; more backticks around than there are in it.

    >>> markdown_code("a"), markdown_code("a`b"), markdown_code("a\nb")
    ('`a`', '`` a`b ``', '`a\\nb`')
    """
    if not text:
        return ""
    line = one_line(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    space = " " if "`" in line or line != line.strip() else ""
    return f"{fence}{space}{line}{space}{fence}"


def markdown_row(cells: Iterable[str]) -> str:
    r"""A row of a table. After a backslash a bar cannot be escaped, so it is spelled there.

    >>> markdown_row(["a", "`b|c`", "`d\\|e`"])
    '| a | `b\\|c` | `d\\x7ce` |'
    """
    escaped = (cell.replace("\\|", "\\x7c").replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def sayable(text: str, encoding: str) -> str:
    r"""The same text with what an encoding cannot say spelled.

    >>> sayable("\u2265 $2", "ascii"), sayable("\u00fc", "ascii")
    ('at least $2', '\\xfc')
    """
    if text.isascii():
        return text
    return text.encode(encoding, SPELLED).decode(encoding)


def _shown(match: re.Match[str]) -> str:
    return match[0] if _needed(match.string, match.start()) else spelling(match[0])


def spelling(character: str) -> str:
    r"""A character by its number, as Python writes it.

    >>> spelling("\x1b"), spelling("\u202e")
    ('\\x1b', '\\u202e')
    """
    return character.encode("unicode_escape").decode()


def _needed(text: str, index: int) -> bool:
    """Whether a character without a width belongs to its neighbours: a joiner, or a selector."""
    character, before, after = text[index], text[index - 1 : index], text[index + 1 : index + 2]
    if character in _JOINERS:
        return _joinable(before) and _joinable(after)
    if character in _SELECTORS:
        return after == _KEYCAP or (bool(before) and unicodedata.category(before) in _PICTURES)
    # Which of several forms of a Han character is meant.
    return "\U000e0100" <= character <= "\U000e01ef" and "\u3400" <= before <= "\U000323af"


_PICTURES = ("So", "Sm", "Po", "Pd")
_JOINED = ("Lo", "Mn", "Mc", "So", "Sk", "Sm")


def _joinable(neighbour: str) -> bool:
    """Whether joiners mean something beside it: emoji, and letters of scripts without case."""
    if not neighbour or neighbour.isascii():
        return False
    return neighbour in _SELECTORS or (
        unicodedata.category(neighbour) in _JOINED and not _UNSEEN.match(neighbour)
    )


def _spelled(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    unsaid = error.object[error.start : error.end]
    return "".join(_SPELLINGS.get(c) or spelling(c) for c in unsaid), error.end


codecs.register_error(SPELLED, _spelled)
