"""YAML events -> located values, and what is wrong with them; it stops where they are too many.

Values are made while the text is parsed, with no tree of ruamel.yaml's own in between: what is too
deep or too much ends the reading at its place, before the rest of the text is looked at.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ruamel.yaml.composer import ComposerError
from ruamel.yaml.error import StringMark
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from trazo_spec.diagnostics import Diagnostic, Severity, Span
from trazo_spec.yaml.core_schema import LONGEST_NUMBER, TAG, number, number_of_yaml_1_1, type_of
from trazo_spec.yaml.located import Located, Scalar

# Chosen: a spec of a thousand services has 30,000 to 42,000 keys and values, and as many as these
# are read and judged in less than two seconds. Far more are aliases of aliases, or no spec.
MOST_VALUES = 45_000
# Chosen: several times a thousand services; no other list or mapping of a spec is nearly as long.
MOST_ENTRIES = 2_000
# Chosen: more than a spec repeats by aliases; each is kept with its event as long as it is read.
MOST_ANCHORS = 1_000
# Chosen: twice as many as a file may have, so that aliases may repeat each of its texts.
MOST_LETTERS = 1_000_000
MOST_DEPTH = 50
# Chosen: more than anybody mends at a time.
MOST_MISTAKES = 1_000
# Chosen: AWS takes 64 KiB for a whole task definition, and less for every other text of a spec.
MOST_TEXT = 65_536
MOST_NAMED = 12
"""More names than anybody wants to read in a line of advice."""
# That of YAML itself for a key without `?`: https://yaml.org/spec/1.2.2/#742-flow-mappings
MOST_KEY = 1024
# Terraform keeps numbers that JSON carries as 64-bit floats, which are exact up to here.
LARGEST_INTEGER = 2**53

_MOST_SHOWN = 40
_SURROGATE = re.compile("[\ud800-\udfff]")
_QUOTE = "write a smaller number, or quote it to keep it as text"
_PLAIN_TAGS = {"None", "!", f"{TAG}seq", f"{TAG}map"}
_TEXT_TAGS = {TAG + kind for kind in ("str", "timestamp", "value", "merge")}


class Refusal(Exception):  # noqa: N818 # not an error of ours: it ends the reading
    """What is wrong with a text of which nothing more is read."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def mistake(code: str, message: str, span: Span, advice: str, *related: Span) -> Diagnostic:
    """An error in a text."""
    return Diagnostic(code, Severity.ERROR, message, at=span, related=related, help=advice)


@dataclass(slots=True)
class Node:
    """A value as it is written, and what an alias of it costs."""

    event: ScalarEvent | SequenceStartEvent | MappingStartEvent
    located: Located | None = None
    """The value with its place, None as long as what it holds is being read."""
    values: int = 1
    """How many keys and values it is, those that it holds included."""
    letters: int = 0
    """How many characters all its texts have."""
    height: int = 0
    """How many levels of values lie below it."""

    def hold(self, child: "Node") -> None:
        """One value more in it."""
        self.values += child.values
        self.letters += child.letters
        self.height = max(self.height, child.height + 1)


@dataclass(slots=True)
class Composer:
    """Makes a document of the events of a text and collects what is wrong on the way."""

    file: str
    events: Iterator[Event]
    stood_in_for: Mapping[int, str] = field(default_factory=dict)
    """Characters in events -> what the text has in their place."""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    values: int = 0
    """How many keys and values there are until now, with those that aliases repeat."""
    letters: int = 0
    """How many characters are in texts that aliases repeat."""
    anchors: dict[str, Node] = field(default_factory=dict)
    last: Event | None = None
    """What ended the last list or mapping."""

    def document(self) -> Node | None:
        """The only document of the text, None where it has none.

        Raises:
            Refusal: The text has another one, or too much of something.
        """
        document = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                first = next(self.events)
                if document is not None:
                    message, advice = "a second document begins here", "keep one document per file"
                    raise Refusal(mistake("TZ105", message, self._span(first), advice))
                document = self._node(first, 0)
        return document

    def _node(self, event: Event, depth: int) -> Node:
        """What begins with an event, read to its end."""
        if isinstance(event, AliasEvent):
            return self._aliased(event, depth)
        if not isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
            raise RuntimeError(f"{event!r} begins no value")
        self._count(1, event)
        if depth > MOST_DEPTH:
            raise Refusal(self._too_deep(event))
        node = Node(event)
        if event.anchor is not None:
            self._name_anchor(event, node)
        if isinstance(event, ScalarEvent):
            span = self._span(event)
            value = self._scalar(event, span)
            node.located = Located(value, span, None, _spelling(event, value))
            node.letters = len(event.value)
            return node
        count = len(self.diagnostics)
        in_list = isinstance(event, SequenceStartEvent)
        held = self._sequence(node, depth) if in_list else self._mapping(node, depth)
        span = self._span(event, self.last)
        node.located = Located(held, span)
        if str(event.tag) not in _PLAIN_TAGS:
            del self.diagnostics[count:]
            self._wrong("TZ108", _no_meaning(str(event.tag)), span, "remove it")
            node.located, node.values, node.height = Located(None, span), 1, 0
        return node

    def _count(self, values: int, event: Event) -> None:
        """So many values more, which may be too many."""
        self.values += values
        if self.values > MOST_VALUES:
            whose, advice = "the file contains", "split it into several specs"
            if isinstance(event, AliasEvent):
                whose, advice = "aliases expand to", "use fewer aliases"
            message = f"{whose} more than {MOST_VALUES:,} keys and values"
            raise Refusal(mistake("TZ107", message, self._span(event), advice))

    def _name_anchor(self, event: NodeEvent, node: Node) -> None:
        """A value that aliases may repeat; there may be too many of them."""
        if len(self.anchors) == MOST_ANCHORS:
            message = f"the file contains more than {MOST_ANCHORS:,} anchors"
            raise Refusal(mistake("TZ107", message, self._span(event), "write the values out"))
        self.anchors[event.anchor] = node

    def _too_deep(self, event: Event) -> Diagnostic:
        message = f"values are nested deeper than {MOST_DEPTH} levels"
        return mistake("TZ107", message, self._span(event), "flatten the spec")

    def _wrong(self, code: str, message: str, span: Span, advice: str, *related: Span) -> None:
        """One more thing that is wrong; there may be too many of them."""
        if len(self.diagnostics) == MOST_MISTAKES:
            raise Refusal(too_many_mistakes(span))
        self.diagnostics.append(mistake(code, message, span, advice, *related))

    def _aliased(self, event: AliasEvent, depth: int) -> Node:
        """What an alias stands for: the value that is written where its anchor is."""
        node = self._anchor(event)
        if node.located is None:
            self._count(1, event)
            span = self._span(node.event)
            self._wrong("TZ107", "an alias contains itself", span, "write the values out in full")
            return Node(node.event, Located(None, span))
        self._count(node.values, event)
        self.letters += node.letters
        if self.letters > MOST_LETTERS:
            message = f"aliases expand to strings of more than {MOST_LETTERS:,} characters"
            raise Refusal(mistake("TZ107", message, self._span(event), "use fewer aliases"))
        if depth + node.height > MOST_DEPTH:
            raise Refusal(self._too_deep(event))
        return node

    def _anchor(self, alias: AliasEvent) -> Node:
        if alias.anchor not in self.anchors:
            problem = f"found undefined alias {alias.anchor[:_MOST_SHOWN]!r}"
            raise ComposerError(None, None, problem, alias.start_mark)
        return self.anchors[alias.anchor]

    def _span(self, start: Event, end: Event | None = None) -> Span:
        """From where an event begins to where another one ends, or itself."""
        begin: StringMark = start.start_mark
        past: StringMark = (end or start).end_mark
        line, column = begin.line + 1, begin.column + 1
        # One number for both lines where they are one: there are as many of them as values.
        end_line = line if past.line == begin.line else past.line + 1
        end_column = past.column + 1
        if isinstance(start, ScalarEvent) and not start.value and end_line > line:
            end_line, end_column = line, column + 1
        return Span(self.file, line, column, end_line, end_column)

    def _inside(self) -> Iterator[Event]:
        """The events that begin what stands in a list or mapping, up to its end."""
        entries = 0
        while not isinstance(event := next(self.events), CollectionEndEvent):
            entries += 1
            if entries > MOST_ENTRIES:
                message = f"a list or mapping has more than {MOST_ENTRIES:,} entries"
                raise Refusal(mistake("TZ107", message, self._span(event), "split the spec"))
            yield event
        self.last = event

    def _sequence(self, node: Node, depth: int) -> list[Located]:
        values = []
        for event in self._inside():
            child = self._node(event, depth + 1)
            node.hold(child)
            values.append(_read(child))
        return values

    def _mapping(self, node: Node, depth: int) -> dict[str, Located]:
        result: dict[str, Located] = {}
        merged: dict[str, Located] = {}
        for event in self._inside():
            self._count(1, event)
            node.values += 1
            written = self._key(event, depth)
            span = self._span(written)
            is_merge = _is_merge(written)
            key = None if is_merge else self._name(written, span)
            count = len(self.diagnostics)
            child = self._node(next(self.events), depth + 1)
            node.hold(child)
            if is_merge:
                for name, value in self._merged(_read(child), span).items():
                    merged.setdefault(name, value)
            elif key is None:
                del self.diagnostics[count:]  # of a value that has no name
            elif (first := result.get(key)) is None:
                result[key] = replace(_read(child), key=span)
            else:
                message = f"the key `{key}` appears twice"
                advice = "keep one of them; otherwise the second would silently win"
                related = (first.key,) if first.key is not None else ()
                self._wrong("TZ103", message, span, advice, *related)
        return {**merged, **result}

    def _merged(self, value: Located, span: Span) -> dict[str, Located]:
        """What `<<` stands for in YAML 1.1, so that nothing else is found to be missing."""
        # The first of several mappings wins.
        parts = reversed(value.value) if isinstance(value.value, list) else [value]
        fields: dict[str, Located] = {}
        for part in parts:
            fields |= part.value if isinstance(part.value, dict) else {}
        advice = "write the fields out in full"
        if 0 < len(fields) <= MOST_NAMED:
            advice += ": " + ", ".join(f"`{name}`" for name in fields)
        self._wrong("TZ110", "`<<` merges mappings only in YAML 1.1", span, advice)
        return fields

    def _key(self, event: Event, depth: int) -> Event:
        """What is written as a key, read to its end."""
        if isinstance(event, AliasEvent):
            return self._anchor(event).event
        if not isinstance(event, ScalarEvent) or event.anchor is not None:
            count = len(self.diagnostics)
            self._node(event, depth + 1)
            del self.diagnostics[count:]  # as a key it is another mistake, or none
        return event

    def _name(self, event: Event, span: Span) -> str | None:
        """What a key says, None where it is no text."""
        if not isinstance(event, ScalarEvent):
            message = "a key is a list or mapping, not text"
            self._wrong("TZ106", message, span, "use plain text as a key")
            return None
        if _tag(event) not in _TEXT_TAGS:
            shown = f"`{event.value[:_MOST_SHOWN]}`"
            self._wrong("TZ106", f"the key {shown} is not text", span, "quote it")
            return None
        if len(event.value) > MOST_KEY:
            message = (
                f"a key has {len(event.value):,} characters, but at most {MOST_KEY:,} are allowed"
            )
            self._wrong("TZ112", message, span, "shorten it")
            return None
        return self._text(str(event.value), span)

    def _scalar(self, event: ScalarEvent, span: Span) -> Scalar:
        text = str(event.value)
        tag = _tag(event)
        match tag.removeprefix(TAG):
            case "null" if type_of(text) == "null":
                return None
            case "bool" if type_of(text) == "bool":
                return text.lower() == "true"
            case "int":
                return self._integer(text, span)
            case "float":
                return self._decimal(text, span)
            case _ if tag in _TEXT_TAGS:
                return self._text(text, span)
            case _:
                advice = "remove it; use quotes to make a value text"
                self._wrong("TZ108", _no_meaning(tag), span, advice)
                return None

    def _text(self, text: str, span: Span) -> str | None:
        text = text.translate(self.stood_in_for) if self.stood_in_for else text
        if half := _SURROGATE.search(text):
            message = f"U+{ord(half.group()):04X} is half of a character"
            self._wrong("TZ101", message, span, "write the character itself")
            return None
        if len(text) > MOST_TEXT:
            message = (
                f"a string has {len(text):,} characters, but at most {MOST_TEXT:,} are allowed"
            )
            self._wrong("TZ112", message, span, "shorten it, or keep it in S3")
            return None
        return text

    def _integer(self, text: str, span: Span) -> int | None:
        value = number(text)
        if not isinstance(value, int):  # a tag says so, or there are thousands of digits
            too_long = type_of(text) == "int"
            what = "is too long for a number" if too_long else "is not a whole number"
            advice = _QUOTE if too_long else "remove the tag"
            self._wrong("TZ109", f"`{text[:_MOST_SHOWN]}` {what}", span, advice)
            return None
        if abs(value) > LARGEST_INTEGER:
            what = f"is larger than {LARGEST_INTEGER}, so it cannot be represented exactly"
            message = f"`{text[:_MOST_SHOWN]}` {what}"
            self._wrong("TZ109", message, span, _QUOTE)
            return None
        return value

    def _decimal(self, text: str, span: Span) -> float | None:
        value = number(text)
        if value is None:
            too_long = len(text) > LONGEST_NUMBER
            what = "is too long for a number" if too_long else "is not a finite number"
            message = f"`{text[:_MOST_SHOWN]}` {what}"
            self._wrong("TZ109", message, span, _QUOTE)
            return None
        return float(value)


def too_many_mistakes(span: Span) -> Diagnostic:
    """What is said in the place of all that is wrong from there on."""
    message = f"more than {MOST_MISTAKES:,} errors up to here; checking stopped"
    return mistake("TZ107", message, span, "fix the first ones, or check that this file is a spec")


def _read(node: Node) -> Located:
    """The value of a node that is read to its end."""
    if node.located is None:
        raise RuntimeError("what is being read has no value yet")
    return node.located


def _tag(event: ScalarEvent) -> str:
    """What a scalar is: what its tag says, else what it looks like; a lone `!` makes it text."""
    if event.tag is None:
        return TAG + (type_of(event.value) if event.style is None else "str")
    return f"{TAG}str" if event.tag == "!" else str(event.tag)


def _no_meaning(tag: str) -> str:
    """A tag of somebody's own is not quoted: a password that begins with `!` reads as one."""
    known = f" `{tag.removeprefix(TAG)[:_MOST_SHOWN]}`" if tag.startswith(TAG) else ""
    return f"the tag{known} has no meaning here"


def _spelling(event: ScalarEvent, value: Scalar) -> str:
    """How a scalar is written, where its value does not say so."""
    text = str(event.value)
    if not isinstance(value, str):
        return text
    old = event.style is None and type_of(text) == "str" and number_of_yaml_1_1(text) is not None
    return text if old else ""


def _is_merge(key: Event) -> bool:
    """Whether a key is the `<<` of YAML 1.1; in quotes it is a text like any other."""
    return isinstance(key, ScalarEvent) and key.value == "<<" and key.style is None
