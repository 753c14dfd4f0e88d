"""Secrets in documents that a text holds: JSON, YAML, XML, and lines of settings."""

import re
from collections.abc import Iterator

from trazo_spec.secrecy.names import (
    Says,
    is_secret,
    leads_elsewhere,
    looks_made,
    says,
    stands_for_none,
)
from trazo_spec.secrecy.secret import Secret

_STRING = re.compile(
    r"(?P<open>\\{0,3}[\"'])(?P<text>[^\"'\\\n]{0,4000})\\{0,3}[\"'](?P<colon>\s{0,8}:)?|[{}\[\]]"
)
_MOST_OF_CONTAINER = 4_000
_QUOTED = r"\\{0,3}[\"']?"
_PAIR_NAME = (
    rf"\b(?:[Nn]ame|[Kk]ey){_QUOTED}\s{{0,4}}[:=]\s{{0,4}}{_QUOTED}"
    r"(?P<name>[^\W\d][\w.-]{0,80})"
)
_PAIR_VALUE = (
    rf"\b[Vv]alue{_QUOTED}\s{{0,4}}[:=]\s{{0,4}}"
    r"(?:\\{0,3}[\"'](?P<value>[^\"'\\\n<>]{1,500})|(?P<plain>[^\s\"'\\,;{}\[\]<>|][^\s,;{}<>]{0,500}))"
)
_BETWEEN = rf"{_QUOTED}[\s,;-]{{1,80}}{_QUOTED}"
_PAIRS = (
    re.compile(rf"{_PAIR_NAME}{_BETWEEN}{_PAIR_VALUE}"),
    re.compile(rf"{_PAIR_VALUE}{_BETWEEN}{_PAIR_NAME}"),
)
_ELEMENT = re.compile(
    r"<(?:[\w.-]{1,40}:)?(?P<name>[A-Za-z][\w.-]{0,60})(?:\s[^<>]{0,200})?>(?P<value>[^<\s][^<]{0,500})</"
)
_KEY_LINE = re.compile(
    r"(?P<indent>[ \t]*(?:-[ \t]+)*)[\"']?(?P<name>[^\W\d][\w.-]{0,80})[\"']?[ \t]*:[ \t]*"
    r"(?:[|>][-+0-9]{0,3})?[ \t]*(?:#.*)?"
)
_ITEM = re.compile(r"[ \t]*(?:-[ \t]+)?[\"']?(?P<value>[^\"'\n]*[^\"'\s])[\"']?[ \t]*")
_DIRECTIVE = re.compile(
    r"[ \t]*(?P<name>[^\W\d_][\w.-]{1,60})[ \t]+[\"']?(?P<value>[^\s\"'`]{2,500})[\"']?[ \t]*;?"
)
_REDIS_USER = re.compile(
    r"(?i)\b(?:set)?user \S{1,100} (?:on|off) [^\n>]{0,200}>(?P<value>[^\s\"']{1,200})"
)
_WORDS_ALONE = frozenset({"requirepass", "masterauth"})


def of_container(text: str, start: int, name: str) -> tuple[list[Secret], int]:
    """What stands in a list or mapping below a name that says that all of it is secret.

    The number is where it ends, so that nobody looks at a part of it again.
    """
    secrets: list[Secret] = []
    depth, key, end = 0, "", start
    for match in _STRING.finditer(text, start, start + _MOST_OF_CONTAINER):
        end = match.end()
        if match["open"] is None:
            depth += 1 if match.group() in "{[" else -1
            if depth <= 0:
                break
        elif match["colon"]:
            key = match["text"]
        else:
            value = match["text"]
            named = key and (leads_elsewhere(key) or says(key) is not Says.NOTHING)
            if not named and looks_made(value) and not stands_for_none(value):
                what = f"the value of `{name}`"
                secrets.append(Secret(*match.span("text"), what, by_name=True))
            key = ""
    return secrets, end


def of_markup(text: str, *, prose: bool = False) -> Iterator[Secret]:
    """Elements of XML, and values with their name beside them, as task definitions have them."""
    if "alue" in text:
        for pattern in _PAIRS:
            for match in pattern.finditer(text):
                group = "value" if match["value"] is not None else "plain"
                if _is_told(match["name"], match[group], prose=prose):
                    what = f"the value of `{match['name']}`"
                    yield Secret(*match.span(group), what, by_name=True)
    if "</" in text:
        for match in _ELEMENT.finditer(text):
            if _is_told(match["name"], match["value"], prose=prose):
                yield Secret(*match.span("value"), f"the value of `{match['name']}`", by_name=True)


def of_lines(text: str, *, prose: bool = False) -> Iterator[Secret]:
    """What stands in lines below a name, as in YAML, and beside it, as in `requirepass hunter2`."""
    position, below, name = 0, -1, ""
    for line in text.splitlines(keepends=True):
        indent = len(line) - len(line.lstrip(" \t-"))
        if below >= 0 and line.strip():
            item = _ITEM.match(line)
            if indent <= below or item is None:
                below = -1
            elif _is_told(name, item["value"], prose=prose) and not _KEY_LINE.match(line):
                start, end = item.span("value")
                yield Secret(
                    position + start, position + end, f"the value of `{name}`", by_name=True
                )
        bare = line.rstrip("\r\n")
        if (key := _KEY_LINE.fullmatch(bare)) and says(key["name"]) is not Says.NOTHING:
            below, name = len(key["indent"]), key["name"]
        elif (match := _DIRECTIVE.fullmatch(bare)) and _sets(match["name"], match["value"]):
            start, end = match.span("value")
            what = f"the value of `{match['name']}`"
            yield Secret(position + start, position + end, what, by_name=True)
        position += len(line)
    for match in _REDIS_USER.finditer(text) if ">" in text else ():
        yield Secret(*match.span("value"), "a password")


def _sets(name: str, value: str) -> bool:
    if stands_for_none(value):
        return False
    return name in _WORDS_ALONE or (says(name) is Says.SECRET and looks_made(value))


def _is_told(name: str, value: str, *, prose: bool) -> bool:
    return is_secret(name, value) and (not prose or looks_made(value))
