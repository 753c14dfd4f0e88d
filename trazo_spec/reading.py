"""YAML text -> a document with places, by YAML 1.2 rules."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from trazo_spec.core_schema import (
    LONGEST_NUMBER,
    TAG,
    CoreResolver,
    number,
    number_of_yaml_1_1,
    type_of,
)
from trazo_spec.diagnostics import Diagnostic, Severity, Span
from trazo_spec.lines import line_and_column
from trazo_spec.located import Located, Scalar

MOST_CHARACTERS = 1_000_000
# Chosen: a spec of a hundred services has about 3,000 values; far more means an alias bomb.
MOST_VALUES = 100_000
MOST_DEPTH = 50
# Chosen: AWS takes 64 KiB for a whole task definition, and less for every other text of a spec.
MOST_TEXT = 65_536
MOST_NAMED = 12
"""More names than anybody wants to read in a line of advice."""
# That of YAML itself for a key without `?`: https://yaml.org/spec/1.2.2/#742-flow-mappings
MOST_KEY = 1024
# Terraform keeps numbers that JSON carries as 64-bit floats, which are exact up to here.
LARGEST_INTEGER = 2**53

_OTHER_YAML = re.compile(r"(?:^|(?<=[\r\n]))%YAML (?!1\.2\b)[^\r\n]*")
_LONE_TAG = re.compile(r"(?:&\S+\s+)?!\s")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BEYOND_UNICODE = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}")
_QUOTE = "write a smaller number, or quote it to keep it as text"
# ruamel.yaml ends lines at the first three, and does not count the last as a column.
_MISREAD = "\x85\u2028\u2029\ufeff"
_PRIVATE_USE = range(0xE000, 0xF900)
_TEXT_TAGS = {TAG + kind for kind in ("str", "timestamp", "value", "merge")}


def decode(content: bytes, file: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text of a file, or a finding at the first byte that is not UTF-8."""
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        line, column = line_and_column(before, len(before))
        at = Span(file, line, column, line, column + 1)
        message = f"the byte 0x{content[error.start]:02X} is not UTF-8"
        return "", (_error("TZ101", message, at, "save the file as UTF-8 text"),)


def read(text: str, file: str) -> tuple[Located | None, tuple[Diagnostic, ...]]:
    """The document of a YAML text and what is wrong with it; None when nothing could be read."""
    text = text.removeprefix("\ufeff")
    start = Span(file, 1, 1, 1, 1)
    if len(text) > MOST_CHARACTERS:
        size = f"the file has {len(text):,} characters, more than {MOST_CHARACTERS:,}"
        return None, (_error("TZ107", size, start, "split it into several specs"),)
    if directive := _OTHER_YAML.search(text):
        line, _ = line_and_column(text, directive.start())
        at = Span(file, line, 1, line, 1 + len(directive.group()))
        message = f"`{directive.group()}` asks for other rules than YAML 1.2"
        return None, (_error("TZ111", message, at, "remove the line"),)
    stand_ins = _stand_ins(text)
    reader = _Reader(file, {ord(given): meant for meant, given in stand_ins.items()})
    try:
        table = str.maketrans("".join(stand_ins), "".join(stand_ins.values()))
        nodes = list(_compose(text.translate(table)))
    except MarkedYAMLError as error:
        return None, (_syntax_error(error, file),)
    except ReaderError as error:
        return None, (_unreadable(text, error, file),)
    except RecursionError:
        return None, (_too_deep(start),)
    except (OverflowError, ValueError):  # ruamel.yaml makes a character of `\UFFFFFFFF` unchecked
        return None, (_no_such_character(text, start),)
    if len(nodes) > 1:
        where = reader.span(nodes[1])
        return None, (
            _error("TZ105", "a second document begins here", where, "keep one document a file"),
        )
    if not nodes or not isinstance(nodes[0], MappingNode):
        return None, (_not_a_mapping(nodes, start),)
    document = reader.located(nodes[0], 0)
    return document, tuple(reader.diagnostics)


def _stand_ins(text: str) -> dict[str, str]:
    """Characters that ruamel.yaml misreads -> one each that the text does not hold."""
    misread = [c for c in _MISREAD if c in text]
    if not misread:
        return {}
    used = set(text)
    free = (chr(code) for code in _PRIVATE_USE if chr(code) not in used)
    return dict(zip(misread, free, strict=False))


def _compose(text: str) -> Iterator[Node]:
    yaml = YAML(typ="safe", pure=True)
    yaml.Resolver = CoreResolver
    yaml.allow_duplicate_keys = True  # found by _Reader, which names both places
    yaml.composer.warn_double_anchors = False  # YAML lets an anchor mean something new
    return (node for node in yaml.compose_all(text) if node is not None)


def _error(code: str, message: str, at: Span, advice: str, *related: Span) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, at=at, related=related, help=advice)


def _unreadable(text: str, error: ReaderError, file: str) -> Diagnostic:
    line, column = line_and_column(text, error.position)
    message = f"the character U+{ord(text[error.position]):04X} may not stand in YAML"
    at = Span(file, line, column, line, column + 1)
    return _error("TZ101", message, at, "remove it; save the file as UTF-8 text")


def _no_such_character(text: str, start: Span) -> Diagnostic:
    escape = _BEYOND_UNICODE.search(text)
    advice = "the highest character is `\\U0010FFFF`"
    if escape is None:
        return _error("TZ102", "not valid YAML: an escape names no character", start, advice)
    line, column = line_and_column(text, escape.start())
    at = Span(start.file, line, column, line, column + len(escape.group()))
    return _error("TZ102", f"not valid YAML: `{escape.group()}` names no character", at, advice)


def _too_deep(at: Span) -> Diagnostic:
    return _error(
        "TZ107", f"values are nested deeper than {MOST_DEPTH} levels", at, "flatten the spec"
    )


def _not_a_mapping(nodes: list[Node], start: Span) -> Diagnostic:
    found = "the file is empty" if not nodes else "the file holds no `key: value` pairs at its top"
    return _error(
        "TZ104", found, start, "begin with `trazo: 1`; `trazo init` writes a whole example"
    )


def _no_meaning(node: Node) -> str:
    return f"the tag `{str(node.tag).removeprefix(TAG)}` has no meaning here"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _syntax_error(error: MarkedYAMLError, file: str) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    at = Span(file, line, column, line, column + 1)
    problem = _one_line(str(error.problem or error.context or "not YAML"))
    context = f" {_one_line(str(error.context))}" if error.context and error.problem else ""
    if "found character '\\t'" in problem or "found a tab" in problem.lower():
        return _error("TZ102", "a tab stands where YAML wants spaces", at, "indent with spaces")
    if "found undefined alias" in problem:
        return _error(
            "TZ102",
            problem,
            at,
            "define it first with `&name`, or quote a value that begins with `*`",
        )
    advice = (
        "check indentation and quotes around here; quote values that begin with a special character"
    )
    return _error("TZ102", f"not valid YAML: {problem}{context}", at, advice)


@dataclass(slots=True)
class _Reader:
    """Turns YAML nodes into located values and collects what is wrong on the way."""

    file: str
    stood_in_for: Mapping[int, str] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    open_nodes: set[int] = field(default_factory=set)
    values: int = 0

    def span(self, node: Node) -> Span:
        start: StringMark = node.start_mark
        end: StringMark = node.end_mark
        line, column = start.line + 1, start.column + 1
        end_line, end_column = end.line + 1, end.column + 1
        if isinstance(node, ScalarNode) and not node.value and end_line > line:
            end_line, end_column = line, column + 1
        return Span(self.file, line, column, end_line, end_column)

    def located(self, node: Node, depth: int, key: Span | None = None) -> Located:
        span = self.span(node)
        self.values += 1
        if id(node) in self.open_nodes:
            return self.refused(
                "TZ107", "an alias contains itself", span, "write the values out", key
            )
        if depth > MOST_DEPTH:
            self.diagnostics.append(_too_deep(span))
            return Located(None, span, key)
        if self.values > MOST_VALUES:
            return self.too_many(span, key)
        if isinstance(node, ScalarNode):
            value = self.scalar(node, span)
            return Located(value, span, key, _spelling(node, value))
        if str(node.tag) not in (f"{TAG}seq", f"{TAG}map"):
            return self.refused("TZ108", _no_meaning(node), span, "remove it", key)
        self.open_nodes.add(id(node))
        try:
            if isinstance(node, SequenceNode):
                return Located([self.located(n, depth + 1) for n in node.value], span, key)
            return Located(self.mapping(node, depth), span, key)
        finally:
            self.open_nodes.discard(id(node))

    def too_many(self, span: Span, key: Span | None) -> Located:
        if self.values == MOST_VALUES + 1:
            message = f"aliases make more than {MOST_VALUES:,} values"
            return self.refused("TZ107", message, span, "use fewer aliases", key)
        return Located(None, span, key)

    def refused(
        self, code: str, message: str, span: Span, advice: str, key: Span | None
    ) -> Located:
        self.diagnostics.append(_error(code, message, span, advice))
        return Located(None, span, key)

    def mapping(self, node: Node, depth: int) -> dict[str, Located]:
        result: dict[str, Located] = {}
        merged: dict[str, Located] = {}
        for key_node, value_node in node.value:
            span = self.span(key_node)
            if _is_merge(key_node):
                merged = {**self.merged(value_node, span, depth), **merged}
                continue
            key = self.key(key_node, span)
            if key is None:
                continue
            value = self.located(value_node, depth + 1, span)
            first = result.get(key)
            if first is None:
                result[key] = value
            else:
                message = f"the key `{key}` stands here twice"
                advice = "keep one of them; the second would silently win"
                related = (first.key,) if first.key is not None else ()
                self.diagnostics.append(_error("TZ103", message, span, advice, *related))
        return {**merged, **result}

    def merged(self, node: Node, span: Span, depth: int) -> dict[str, Located]:
        """What `<<` stands for in YAML 1.1, so that nothing else is found to be missing."""
        value = self.located(node, depth + 1, span).value
        # The first of several mappings wins.
        parts = reversed(value) if isinstance(value, list) else [Located(value, span)]
        fields: dict[str, Located] = {}
        for part in parts:
            fields |= part.value if isinstance(part.value, dict) else {}
        advice = "write the fields out"
        if 0 < len(fields) <= MOST_NAMED:
            advice += ": " + ", ".join(f"`{name}`" for name in fields)
        message = "`<<` merges mappings in YAML 1.1 only"
        self.diagnostics.append(_error("TZ110", message, span, advice))
        return fields

    def key(self, node: Node, span: Span) -> str | None:
        if isinstance(node, ScalarNode) and node.tag in _TEXT_TAGS:
            if len(node.value) > MOST_KEY:
                message = f"a key has {len(node.value):,} characters, at most {MOST_KEY:,} are read"
                self.diagnostics.append(_error("TZ112", message, span, "shorten it"))
                return None
            return self.text(str(node.value), span)
        shown = f"`{node.value[:40]}`" if isinstance(node, ScalarNode) else "a list or mapping"
        advice = "put it in quotes" if isinstance(node, ScalarNode) else "use plain text as a key"
        self.diagnostics.append(_error("TZ106", f"the key {shown} is not text", span, advice))
        return None

    def scalar(self, node: ScalarNode, span: Span) -> Scalar:
        text = str(node.value)
        if _is_text_by_tag(node):
            return self.text(text, span)
        match str(node.tag).removeprefix(TAG):
            case "null" if type_of(text) == "null":
                return None
            case "bool" if type_of(text) == "bool":
                return text.lower() == "true"
            case "int":
                return self.integer(text, span)
            case "float":
                return self.decimal(text, span)
            case _ if node.tag in _TEXT_TAGS:
                return self.text(text, span)
            case _:
                advice = "remove it; quotes make text of a value"
                self.diagnostics.append(_error("TZ108", _no_meaning(node), span, advice))
                return None

    def text(self, text: str, span: Span) -> str | None:
        text = text.translate(self.stood_in_for) if self.stood_in_for else text
        if half := _SURROGATE.search(text):
            message = f"U+{ord(half.group()):04X} is half of a character"
            self.diagnostics.append(_error("TZ101", message, span, "write the character itself"))
            return None
        if len(text) > MOST_TEXT:
            message = f"a text has {len(text):,} characters, at most {MOST_TEXT:,} are read"
            self.diagnostics.append(_error("TZ112", message, span, "shorten it, or keep it in S3"))
            return None
        return text

    def integer(self, text: str, span: Span) -> int | None:
        value = number(text)
        if not isinstance(value, int):  # a tag says so, or there are thousands of digits
            too_long = type_of(text) == "int"
            what = "is too long for a number" if too_long else "is not a whole number"
            advice = _QUOTE if too_long else "remove the tag"
            self.diagnostics.append(_error("TZ109", f"`{text[:40]}` {what}", span, advice))
            return None
        if abs(value) > LARGEST_INTEGER:
            message = f"`{text[:40]}` is larger than {LARGEST_INTEGER}, too large to keep exactly"
            self.diagnostics.append(_error("TZ109", message, span, _QUOTE))
            return None
        return value

    def decimal(self, text: str, span: Span) -> float | None:
        value = number(text)
        if value is None:
            too_long = len(text) > LONGEST_NUMBER
            what = "is too long for a number" if too_long else "is not a finite number"
            message = f"`{text[:40]}` {what}"
            self.diagnostics.append(_error("TZ109", message, span, _QUOTE))
            return None
        return float(value)


def _is_text_by_tag(node: ScalarNode) -> bool:
    """Whether a plain scalar stands behind a lone `!`, which makes text of it in YAML 1.2."""
    mark: StringMark = node.start_mark
    return node.style is None and bool(_LONE_TAG.match(mark.buffer, mark.pointer))


def _spelling(node: ScalarNode, value: Scalar) -> str:
    """How a scalar is written, where its value does not say so."""
    text = str(node.value)
    if not isinstance(value, str):
        return text
    old = node.style is None and type_of(text) == "str" and number_of_yaml_1_1(text) is not None
    return text if old else ""


def _is_merge(key: Node) -> bool:
    """Whether a key is the `<<` of YAML 1.1; in quotes it is a text like any other."""
    return isinstance(key, ScalarNode) and key.value == "<<" and key.style is None
