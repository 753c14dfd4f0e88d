"""YAML text -> a document with places, by YAML 1.2 rules."""

import re
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import Event, MappingStartEvent
from ruamel.yaml.reader import ReaderError

from trazo_spec.diagnostics import Diagnostic, Span
from trazo_spec.yaml.composing import Composer, Refusal, mistake
from trazo_spec.yaml.lines import line_and_column
from trazo_spec.yaml.located import Located
from trazo_spec.yaml.tokens import Tokens

# Chosen: a spec of a thousand services has about 400,000; reading so many takes a second.
MOST_CHARACTERS = 500_000
# Chosen: several times as many; a place is kept for each.
MOST_LINES = 100_000

_OTHER_YAML = re.compile(r"(?:^|(?<=[\r\n]))%YAML (?!1\.2\b)[^\r\n]*")
_BEYOND_UNICODE = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}")
# ruamel.yaml ends lines at the first three, and does not count the last as a column.
_MISREAD = "\x85\u2028\u2029\ufeff"
_PRIVATE_USE = range(0xE000, 0xF900)


def decode(content: bytes, file: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text of a file, or a finding at the first byte that is not UTF-8."""
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        line, column = line_and_column(before, len(before))
        span = Span(file, line, column, line, column + 1)
        message = f"the byte 0x{content[error.start]:02X} is not UTF-8"
        return "", (mistake("TZ101", message, span, "save the file as UTF-8 text"),)


def too_long(text: str) -> str:
    """What a text has too much of for anything of it to be read, empty for one that is read."""
    if len(text) > MOST_CHARACTERS:
        return f"the file has {len(text):,} characters, more than {MOST_CHARACTERS:,}"
    if (breaks := text.count("\n") + text.count("\r")) > MOST_LINES:
        return f"the file has {breaks:,} line breaks, more than {MOST_LINES:,}"
    return ""


def read(text: str, file: str) -> tuple[Located | None, tuple[Diagnostic, ...]]:
    """The document of a YAML text and what is wrong with it; None when nothing could be read."""
    text = text.removeprefix("\ufeff")
    start = Span(file, 1, 1, 1, 1)
    if size := too_long(text):
        return None, (mistake("TZ107", size, start, "split it into several specs"),)
    if directive := _OTHER_YAML.search(text):
        line, _ = line_and_column(text, directive.start())
        span = Span(file, line, 1, line, 1 + len(directive.group()))
        message = f"`{directive.group()[:60]}` requests a YAML version other than 1.2"
        return None, (mistake("TZ111", message, span, "remove the line"),)
    stand_ins = _stand_ins(text)
    table = str.maketrans("".join(stand_ins), "".join(stand_ins.values()))
    composer = Composer(
        file,
        _events(text.translate(table)),
        {ord(given): meant for meant, given in stand_ins.items()},
    )
    try:
        document = composer.document()
    except Refusal as refusal:
        return None, (*composer.diagnostics, refusal.diagnostic)
    except MarkedYAMLError as error:
        return None, (_syntax_error(error, file),)
    except ReaderError as error:
        return None, (_unreadable(text, error, file),)
    except (OverflowError, ValueError):  # ruamel.yaml makes a character of `\UFFFFFFFF` unchecked
        return None, (_no_such_character(text, start),)
    if document is None or not isinstance(document.event, MappingStartEvent):
        return None, (_not_a_mapping(start, empty=document is None),)
    return document.located, tuple(composer.diagnostics)


def _stand_ins(text: str) -> dict[str, str]:
    """Characters that ruamel.yaml misreads -> one each that the text does not hold."""
    misread = [c for c in _MISREAD if c in text]
    if not misread:
        return {}
    used = set(text)
    free = (chr(code) for code in _PRIVATE_USE if chr(code) not in used)
    return dict(zip(misread, free, strict=False))


def _events(text: str) -> Iterator[Event]:
    """What a text holds, parsed as far as it is asked for."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = Tokens
    events: Iterator[Event] = yaml.parse(text)
    return events


def _unreadable(text: str, error: ReaderError, file: str) -> Diagnostic:
    line, column = line_and_column(text, error.position)
    message = f"the character U+{ord(text[error.position]):04X} is not allowed in YAML"
    span = Span(file, line, column, line, column + 1)
    return mistake("TZ101", message, span, "remove it; save the file as UTF-8 text")


def _no_such_character(text: str, start: Span) -> Diagnostic:
    escape = _BEYOND_UNICODE.search(text)
    advice = "the highest character is `\\U0010FFFF`"
    if escape is None:
        return mistake(
            "TZ102", "not valid YAML: an escape does not name a character", start, advice
        )
    line, column = line_and_column(text, escape.start())
    span = Span(start.file, line, column, line, column + len(escape.group()))
    return mistake(
        "TZ102", f"not valid YAML: `{escape.group()}` does not name a character", span, advice
    )


def _not_a_mapping(start: Span, *, empty: bool) -> Diagnostic:
    message = (
        "the file is empty"
        if empty
        else "the file does not have `key: value` pairs at its top level"
    )
    advice = "begin with `trazo: 1`; `trazo init` writes a complete example"
    return mistake("TZ104", message, start, advice)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _syntax_error(error: MarkedYAMLError, file: str) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    span = Span(file, line, column, line, column + 1)
    problem = _one_line(str(error.problem or error.context or "not YAML"))
    context = f" {_one_line(str(error.context))}" if error.context and error.problem else ""
    if "found character '\\t'" in problem or "found a tab" in problem.lower():
        return mistake(
            "TZ102", "a tab is used where YAML requires spaces", span, "indent with spaces"
        )
    if "found undefined alias" in problem:
        return mistake(
            "TZ102",
            problem,
            span,
            "define it first with `&name`, or quote a value that begins with `*`",
        )
    advice = (
        "check indentation and quotes around here; quote values that begin with a special character"
    )
    return mistake("TZ102", f"not valid YAML: {problem}{context}", span, advice)
