"""Secrets in sentences: what people write about a login, and statements of SQL."""

import re
from collections.abc import Iterator

from trazo_spec.secrecy.names import stands_for_none
from trazo_spec.secrecy.secret import Secret
from trazo_spec.secrecy.values import TEMPLATE

_SQL = re.compile(
    r"(?i)\b(?:password(?:\s+for\s+\S{1,100})?|identified\s+(?:with\s+\S{1,60}\s+)?by(?:\s+password)?"
    r"|pragma\s+(?:re)?key)(?:\s{1,8}(?:=\s{0,8}|to\s{1,8}|as\s{1,8})?|=(?=N)|(?<=key)=)N?\\{0,3}(?P<quote>['\"])(?P<value>[^'\"\n\\]{1,500})\\{0,3}(?P=quote)"
)
_WORD = (
    r"(?:password|passwort|passwd|passphrase|passcode|pass|pwd?|token|secret|api[ -]?key"
    r"|credentials?)"
)
_SAID = re.compile(
    rf"(?i)(?<![\w-]){_WORD}(?P<is>(?:\s{{1,3}}(?:is|was|are|were|still|now|currently|here|value|to|of"
    r"|for\s\S{1,40}))*)\s{0,3}(?P<colon>[:=]?)\s{1,3}[`'\"(]?(?P<value>[^\s`'\"()<>]{6,200})"
)
_LOGIN = re.compile(
    r"(?i)\b(?:log ?in|sign ?in|credentials?|login|user|account)\b[^.\n@]{0,30}?[\s:]"
    r"[\w.@+-]{2,40}(?:\s{0,2}[:/]\s{0,2})(?P<value>[^\s`'\"()<>/]{8,200})"
)
_COMMANDED = re.compile(r"(?<![\w-])(?:get|describe|delete|edit|patch|label|inspect|rm)\s{1,3}\Z")
"""What stands before the name of a secret that a command works with: `kubectl get secret`."""
_LONGEST_COMMAND = 12
"""How far before a name one begins, in characters."""
_ENDS = re.compile(r"[.,;:!?)\]}]+\Z")
_TICKET = re.compile(
    r"[A-Z]{2,10}-?\d+|v?\d[\w.]*|[\w.-]+@[\w.-]+|#\d+|[a-z]+:[^\s]*", re.IGNORECASE
)


def of_sentences(text: str) -> Iterator[Secret]:
    """Secrets that a sentence names, where they look like one."""
    for match in _SQL.finditer(text):
        if not stands_for_none(match["value"]) and not TEMPLATE.match(match["value"]):
            yield Secret(*match.span("value"), "a statement with a password")
    for pattern in (_SAID, _LOGIN):
        for match in pattern.finditer(text):
            value = _ENDS.sub("", match["value"])
            told = pattern is _SAID and bool(match["is"] or match["colon"])
            if pattern is _SAID and not told and _is_commanded(text, match.start()):
                continue
            if _looks_chosen(value, told=told):
                start = match.start("value")
                yield Secret(start, start + len(value), "a password in a sentence")


def _is_commanded(text: str, start: int) -> bool:
    return _COMMANDED.search(text[max(start - _LONGEST_COMMAND, 0) : start]) is not None


def _looks_chosen(value: str, *, told: bool) -> bool:
    """Whether a word is none of a language: letters and digits mixed, in more than one place."""
    if len(value) < 8 or _TICKET.fullmatch(value) or stands_for_none(value) or "://" in value:
        return False
    if TEMPLATE.match(value):
        return False
    lower, upper = any(c.islower() for c in value), any(c.isupper() for c in value)
    digit = any(c.isdigit() for c in value)
    if any(not c.isalnum() and c not in "!#$%&*+=?@^_~-" for c in value):
        return False
    mixed = re.search(r"[a-z]\d+[A-Za-z]|\d[a-z]+\d", value) is not None
    return digit and lower and (upper or (told and mixed and "-" not in value))
