"""What may be printed of a spec and of what is found in it: everything but its secrets."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice, pairwise

from trazo_spec.diagnostics import Diagnostic, Span, SpecPath
from trazo_spec.secrecy import COVER, DOT, secrets_in
from trazo_spec.secrecy.comments import Comment
from trazo_spec.secrecy.document import Leaf
from trazo_spec.secrecy.names import Says, says, stands_for_none
from trazo_spec.yaml.lines import Places

_LEAST_LINE = 4
_ANYWHERE = 8
"""A secret of fewer characters, or of letters alone, is only covered where it is a whole word."""
_CUT = 6
"""How many characters of a secret are still one where a message cuts it short."""
MOST_SECRETS = 400
"""Chosen: of so many at most each is looked for in all that is printed, which takes its time."""
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\U0010ffff]+")
_LINE = re.compile(
    r"(?P<indent>[ \t]*(?:- +)?)(?:#+[ \t]*)?(?P<key>[\"']?[\w.-]{1,80}[\"']?)"
    r"[ \t]*:[ \t]+(?:[!&]\S{0,100}[ \t]+)?(?P<rest>\S.*)"
)
_FLOW = re.compile(
    r"(?<![\w.-])(?P<key>[\w.-]{1,80})[\"']?[ \t]{0,4}:[ \t]{1,4}"
    r"(?:[!&]\S{0,100}[ \t]{1,4})?[*\"']?(?P<rest>[^\s,}\]{[\"'|>][^,}\]\n]*)"
)
_BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(?:#.*)?")
_QUOTED = re.compile(r"(?P<quote>[`\"'])(?P<text>[^`\"'\n]{1,4000})(?P=quote)")
_PLAIN_PATH = re.compile(r"[\w.\[\]-]+")
_OF_AWS = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d|x86_64|arm64|db\.[a-z0-9.]+|cache\.[a-z0-9.]+")
"""Words of the language that a weak password may equal."""
_OWN = ("TZ465", "TZ466", "TZ492", "TZ493")
"""What is found of secrets themselves, which quotes names and never a value."""
_Marks = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Cover:
    """A spec's text without its secrets, and the secrets, to take them out of other texts."""

    source: str = ""
    """The spec's text with a dot for each character of a secret."""
    words: tuple[str, ...] = field(default=(), repr=False)
    """The secrets, the longest first."""
    too_many: bool = False
    """Whether there are so many secrets that nothing of the spec is printed."""
    places: frozenset[SpecPath] | None = None
    """Where secrets stand, None where nobody knows."""

    def over(self, text: str, *, near: bool = True) -> str:
        """A text in which a secret may stand, with dots in its place.

        A password that is a word of a language stands in many a message that says nothing about it;
        dots there would only tell which word it is. So it is covered only where something is quoted
        at the place of the secret.

        Args:
            text: What is to be printed.
            near: Whether it is about the place where a secret stands.
        """
        if self.too_many:
            return COVER
        if not self.words or not text:
            return text
        telling = tuple(word for word in self.words if not _is_common(word))
        if telling:
            text = _without_beginnings(_pattern(telling).sub(COVER, text), telling)
        common = frozenset(self.words).difference(telling)
        if not common:
            return text
        quoted = _common_pattern(common)
        return _QUOTED.sub(lambda m: _without_common(m, common, quoted, near=near), text)

    def finding(self, d: Diagnostic) -> Diagnostic:
        """A finding that can be printed; one that would write a secret has no edit."""
        if not self.words:
            return d
        near = d.code not in _OWN and (self.places is None or d.path in self.places)
        leaks = (
            d.edit is not None and self.over(f"`{d.edit.text}`", near=near) != f"`{d.edit.text}`"
        )
        return replace(
            d,
            message=self.over(d.message, near=near),
            help=self.over(d.help, near=near),
            ignored=self.over(d.ignored, near=near),
            path=tuple(self.over(p, near=False) if isinstance(p, str) else p for p in d.path),
            edit=None if leaks else d.edit,
        )


def cover_of(text: str, leaves: Iterable[Leaf], comments: Iterable[Comment]) -> Cover:
    """The cover of a spec that could be read.

    Args:
        text: The spec.
        leaves: Its keys and values that hold secrets.
        comments: Its comments.
    """
    leaves = tuple(islice(leaves, MOST_SECRETS + 1))
    if len(leaves) > MOST_SECRETS:
        return Cover(too_many=True)
    starts = Places.of(text).starts
    marks: _Marks = []
    words: set[str] = set()
    places: set[SpecPath] = set()
    for leaf in leaves:
        places.add(_merged(leaf))
        literals = [leaf.text[s.start : s.end] for s in leaf.secrets]
        words.update(literals)
        marks += _marks(text, leaf, _offsets(starts, leaf.span, text), literals, words)
    for comment in comments:
        for secret in secrets_in(comment.text, prose=True):
            words.add(comment.text[secret.start : secret.end])
            for line, first, last in comment.pieces(secret.start, secret.end):
                begin = starts[line - 1] - 1
                marks.append((begin + first, begin + last))
    return replace(_cover(text, marks, words), places=frozenset(places))


def _merged(leaf: Leaf) -> SpecPath:
    """The path of a value in the merged spec, where overlays are no part of it."""
    in_overlay = leaf.environment and leaf.path[:1] == ("environments",)
    return leaf.path[2:] if in_overlay else leaf.path


def rough_cover(text: str) -> Cover:
    """The cover of a text that could not be read, or not all: rather too much than too little."""
    marks = [(s.start, s.end) for s in secrets_in(text)]
    marks += _named_lines(text)
    marks += (m.span("rest") for m in _FLOW.finditer(text) if _is_named(m["key"], m["rest"]))
    return _cover(text, marks, {text[start:end].strip(" \"'") for start, end in marks})


def lines_covered(text: str, numbers: Iterable[int]) -> str:
    """A text of which only some lines are to be printed, those without their secrets."""
    starts = (*Places.of(text).starts, len(text))
    pieces, position = [], 0
    for number in sorted({*numbers}):
        if 0 < number < len(starts):
            begin, end = starts[number - 1], max(starts[number], starts[number - 1])
            pieces += [text[position:begin], rough_cover(text[begin:end]).source]
            position = end
    return "".join((*pieces, text[position:]))


def _is_named(key: str, value: str) -> bool:
    return says(key) is Says.SECRET and not stands_for_none(value.strip(" \"'"))


def both(one: Cover, other: Cover, text: str) -> Cover:
    """What either of two covers hides."""
    if one.too_many or other.too_many:
        return Cover(too_many=True)
    pairs = zip(one.source, other.source, text, strict=True)
    source = "".join(c if a == b == c else DOT for a, b, c in pairs)
    return Cover(source, _sorted({*one.words, *other.words}))


def _cover(text: str, marks: _Marks, words: set[str]) -> Cover:
    if len(words) > MOST_SECRETS:
        return Cover(too_many=True)
    usable = _sorted(_parts(words))
    source = _dotted(text, marks)
    distinct = tuple(w for w in usable if len(w) >= _ANYWHERE and not w.isalpha())
    if distinct:
        source = _pattern(distinct).sub(lambda match: DOT * len(match.group()), source)
    return Cover(source, usable)


def _sorted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _parts(words: Iterable[str]) -> set[str]:
    """Secrets, and those of many lines line by line too, since a message may show their breaks."""
    parts = set()
    for word in words:
        lines = [line.strip() for line in _UNPRINTABLE.split(word)]
        if len(lines) == 1:
            parts.add(word)
        else:
            parts.update(line for line in lines if len(line) >= _LEAST_LINE)
    return {part for part in parts if part and set(part) != {DOT}}


@lru_cache(maxsize=4)  # each finding of a file is looked through for the same ones
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    whole = (rf"(?<![A-Za-z0-9]){re.escape(w)}(?![A-Za-z0-9])" for w in words if _is_short(w))
    return re.compile("|".join((*(re.escape(w) for w in words if not _is_short(w)), *whole)))


def _is_short(word: str) -> bool:
    return len(word) < _ANYWHERE or word.isalpha()


def _is_common(word: str) -> bool:
    """Whether a secret may stand in a message that does not speak of it: `web`, `5432`."""
    known = _OF_AWS.fullmatch(word) is not None
    return known or word.isalpha() or word.isdecimal() or len(word) < _LEAST_LINE


def _common_pattern(words: frozenset[str]) -> re.Pattern[str]:
    listed = "|".join(map(re.escape, _sorted(words)))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{listed})(?![A-Za-z0-9])")


def _without_common(
    match: re.Match[str], words: frozenset[str], pattern: re.Pattern[str], *, near: bool
) -> str:
    """What is quoted, where it is the value and not a name with it or a path through it."""
    quote, text = match["quote"], match["text"]
    if _PLAIN_PATH.fullmatch(text):
        return f"{quote}{COVER}{quote}" if near and text in words else match.group()
    return f"{quote}{pattern.sub(COVER, text)}{quote}"


def _without_beginnings(text: str, words: tuple[str, ...]) -> str:
    """A text without secrets that it cuts short, as in `postgres://app:hunt...`."""
    for word in words:
        start = text.find(word[:_CUT]) if len(word) > _CUT else -1
        while start >= 0:
            end = start + _CUT
            while end < len(text) and end - start < len(word) and text[end] == word[end - start]:
                end += 1
            if text[end : end + 1] in ("`", "\N{HORIZONTAL ELLIPSIS}", "") or text.startswith(
                "...", end
            ):
                text = f"{text[:start]}{COVER}{text[end:]}"
                end = start + len(COVER)
            start = text.find(word[:_CUT], end)
    return text


def _offsets(starts: Sequence[int], span: Span, text: str) -> tuple[int, int]:
    last = len(starts) - 1
    start = starts[min(span.line - 1, last)] + span.column - 1
    end = starts[min(span.end_line - 1, last)] + span.end_column - 1
    return min(start, len(text)), min(max(start, end), len(text))


def _marks(
    text: str, leaf: Leaf, where: tuple[int, int], literals: list[str], words: set[str]
) -> Iterator[tuple[int, int]]:
    """Where secrets stand in a value as it is written; all of it where escapes hide them."""
    start, end = where
    written = text[start:end]
    whole = literals == [leaf.text]
    if whole or not all(literal and literal in written for literal in literals):
        words.update({written.strip("\"'")} if "\n" not in written else ())
        yield where
        return
    for literal in literals:
        offset = written.find(literal)
        while offset >= 0:
            yield start + offset, start + offset + len(literal)
            offset = written.find(literal, offset + len(literal))


def _dotted(text: str, marks: _Marks) -> str:
    """The text with a dot for each printable character between marks."""
    pieces = []
    position = 0
    for start, end in sorted(marks):
        begin = max(start, position)
        if end > begin:
            hidden = "".join(c if c.isspace() and c != " " else DOT for c in text[begin:end])
            pieces += [text[position:begin], hidden]
            position = end
    return "".join((*pieces, text[position:]))


def _named_lines(text: str) -> Iterator[tuple[int, int]]:
    """What stands behind a key that says that it is secret, with the lines of a block below it."""
    inside: int | None = None  # how far the key of a block is indented
    for position, end in pairwise(Places.of(text).starts):
        line = text[position:end]
        indent = len(line) - len(line.lstrip(" \t"))
        if inside is not None and line.strip() and indent <= inside:
            inside = None
        if inside is not None:
            yield position, position + len(line.rstrip())
        elif (match := _LINE.match(line)) and says(match["key"].strip("\"'")) is Says.SECRET:
            rest = match["rest"].rstrip()
            if _BLOCK.fullmatch(rest):
                inside = len(match["indent"])
            elif not stands_for_none(rest.strip("\"'")) and rest[0] not in "{[":
                yield position + match.start("rest"), position + match.start("rest") + len(rest)
