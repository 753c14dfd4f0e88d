"""Secrets that the words around them give away: URLs, connection strings, headers, commands."""

import re
from collections.abc import Iterator
from itertools import pairwise

from trazo_spec.secrecy.clients import of_commands
from trazo_spec.secrecy.names import Says, is_secret, looks_made, says, stands_for_none
from trazo_spec.secrecy.nested import of_container, of_lines, of_markup
from trazo_spec.secrecy.scripts import of_scripts
from trazo_spec.secrecy.secret import Secret
from trazo_spec.secrecy.sentences import of_sentences
from trazo_spec.secrecy.values import TEMPLATE, bare

LOCAL_HOSTS = ("localhost", "127.0.0.1", "0.0.0.0", "::1")  # noqa: S104 - looked for only
"""Where a password is of no use to who reads it: nobody else reaches a task's own address."""

_URL_START = re.compile(
    r"://|:\\{1,2}/\\{1,2}/|(?<![\w:/.*])//(?=[^\s:/@\"']{0,100}:[^\s/@\"']{1,200}@)"
)
_URL_END = re.compile(r"[\s\"'<>`|\\]")
_LOGINS = (
    # A data source name of Go's drivers.
    re.compile(r"(?<![\w.:/@-])[\w.-]{1,64}:(?P<value>[^\s/\"']{1,200})@(?:tcp|unix|udp)\("),
    # Oracle's JDBC, and EZConnect.
    re.compile(r"jdbc:oracle:\w{1,10}:[\w$#]{1,60}/(?P<value>[^\s/@\"']{1,200})@"),
    re.compile(
        r"(?<![\w./@:-])[A-Za-z][\w$#]{0,30}/(?P<value>[^\s/@\"']{3,60})@(?://)?[\w.-]{1,253}:\d{2,5}/"
    ),
    # The same as a URL without its scheme.
    re.compile(
        r"(?<![\w.:/@+%-])[\w.+-]{1,64}:(?P<value>(?=[^\s@]*\d)(?=[^\s@]*[A-Za-z])[^\s:@/\"']{8,200})"
        r"@[\w-]{1,63}\.[\w.-]{2,253}"
    ),
)
_AUTHORITY_END = re.compile(r"[/?#]")
_PORT = re.compile(r"\d{0,5}")
_RANDOM_USER = re.compile(r"(?=[^\d]*\d)[A-Za-z0-9_.-]{20,}")
_NO_PASSWORD = ("x-oauth-basic", "x-token-auth", "X-OAUTH-BASIC")
"""What stands in the place of a password where the user is a token."""
_PUBLIC_USER = re.compile(r"[0-9a-f]{32}")  # of a Sentry address; browsers get it anyway

# Every part has a longest length, so that a long text costs no more than its length.
_VALUE = re.compile(
    r"(?P<value>\\{0,3}\"(?:[^\"\\\n]|\\[^\"\n])*\\{0,3}\"|\\?'[^'\n]*'|\$\{[^}\n]{0,500}\}"
    r"|\$\([^)\n]{0,500}\)"
    r"|\{\{[^}\n]{0,500}\}\}|#?\{[^}\n]{0,500}\}|<[^>\n]{0,500}>|[^\s;&,\"'`|()<>]"
    r"(?:[^\s;&,\"'`|)}\]]|,(?!\s|$|[\w.-]{1,40}[=:]))*)"
)
_ASSIGNMENT = re.compile(
    r"(?<![\w.])(?P<dashes>-{0,2})(?P<name>[^\W\d](?:[\w.-]|(?<=\w) (?=\w)){0,80}+)"
    r"(?P<quote>\\{0,3}[\"']?)(?P<sign>\s{0,4}(?:=>|:=|=(?!=)|:)\s{0,8})"
)
_HOST_PORT = re.compile(r"\d{1,5}(?=[/,?#\s\"']|\Z)")
_DEFAULT = re.compile(r"(?:[-=]|(?![?+\d\s]))\\{0,3}[\"']?(?P<value>[^}\s\"'\\]{1,500})")
_REST_OF_LINE = re.compile(r"[ \t]{0,40}(?:#[^\n]*)?(?:[\r\n]|\Z)")
_OPTION = re.compile(
    r"(?<![\w-])--?(?P<name>[^\W\d][\w.-]{0,60})[ \t]{1,8}"
    r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s;|&\"'<-][^\s;|&\"']*)"
)
_SETTING = re.compile(
    r"\b(?:set|setx|export|put|machine \S{1,200} login \S{1,200}|login)\s{1,4}"
    r"(?P<name>[A-Za-z_][\w.-]{0,80})\s{1,4}(?P<value>[^\s;|&=]{1,500})"
)
_HEADER = re.compile(
    r"(?i)\b(?:proxy-)?authorization\\?[\"']?\s{0,4}[:=]\s{0,4}\\?[\"']?"
    r"(?:(?:basic|bearer|token|apikey|digest|negotiate|splunk|sso-key|key)\s{1,4})?"
    r"(?P<value>\$\{[^}\n]*\}|[^\s\"'\\,;]{3,})"
)
_BEARER = re.compile(r"(?i)\b(?:bearer|ghtoken)\s{1,4}(?P<value>[A-Za-z0-9._~+/=-]{8,})")
_PASS_SOURCE = re.compile(r"(?<![\w/])pass:(?P<value>[^\s\"';]{1,500})")
_PASSWORD_FILE = re.compile(
    r"(?<![^\s\"'=])(?:[^\s:\"']{0,253}[A-Za-z*][^\s:\"']{0,253}|[\d.]{7,15}):(?:\d{3,5}|\*)"
    r":[A-Za-z_*][^\s:]{0,62}:[A-Za-z_*][^\s:]{0,62}:"
    r"(?P<value>[^\s\"']{1,500})(?=[\s\"']|\Z)"
)


def of_words(text: str, *, prose: bool = False) -> Iterator[Secret]:
    """The secrets in a text that what stands around them gives away.

    Args:
        text: Any text.
        prose: Whether people wrote it for people, where `token: see below` holds none.
    """
    yield from _of_urls(text)
    yield from _of_headers(text)
    if "=" in text or ":" in text:
        yield from _of_assignments(text, prose=prose)
    if " " in text or "\t" in text:
        yield from _of_options(text, prose=prose)
        yield from of_commands(text)
        yield from of_sentences(text)
    if " " in text or "\n" in text:
        yield from of_lines(text, prose=prose)
    yield from of_markup(text, prose=prose)
    yield from of_scripts(text, prose=prose)


def _of_urls(text: str) -> Iterator[Secret]:
    starts = [match.end() for match in _URL_START.finditer(text)]
    for start, following in pairwise((*starts, len(text))):
        stop = _URL_END.search(text, start, following)
        scheme = text[max(start - 20, 0) : start]
        yield from _of_url(text[start : stop.start() if stop else following], start, scheme)
    for pattern in _LOGINS if "@" in text else ():
        for match in pattern.finditer(text):
            value = match["value"]
            if not TEMPLATE.match(value) and not stands_for_none(value):
                yield Secret(*match.span("value"), "an address with a password")


def _of_url(url: str, start: int, scheme: str) -> Iterator[Secret]:
    """The password in a URL without its scheme; one with a `/` in it is found as well."""
    stop = _AUTHORITY_END.search(url)
    authority = url[: stop.start()] if stop else url
    if "@" not in authority:
        _, colon, rest = authority.partition(":")
        if not colon or "@" not in url or _PORT.fullmatch(rest):
            return
        authority = url
    userinfo, _, host = authority.rpartition("@")
    user, colon, password = userinfo.partition(":")
    if _local(host):
        return
    alone = password in _NO_PASSWORD or (colon and not password) or scheme.endswith("+api://")
    if _is_random(user) or (alone and looks_made(user) and not TEMPLATE.match(user)):
        yield Secret(start, start + len(user), "a URL with a token")
    if password in _NO_PASSWORD:
        return
    if colon and password and not TEMPLATE.match(password):
        begin = start + len(user) + 1
        yield Secret(begin, begin + len(password), "a URL with a password")


def _local(host: str) -> bool:
    name = host[1:].partition("]")[0] if host.startswith("[") else re.split(r"[:/?#]", host)[0]
    return name.lower() in LOCAL_HOSTS or name.lower().endswith(".localhost")


def _is_random(user: str) -> bool:
    return bool(_RANDOM_USER.fullmatch(user)) and not _PUBLIC_USER.fullmatch(user)


def _of_assignments(text: str, *, prose: bool) -> Iterator[Secret]:
    """`NAME=value`, `"name": "value"` and `name: value`, of which the name tells."""
    position = looked_at = 0
    while match := _ASSIGNMENT.search(text, position):
        name = match["name"]
        position = match.end()  # a value may be an assignment itself: `url=db?password=pw`
        if _in_arn(text, match) or _is_host(text, match) or not _names_secret(name):
            continue
        if match["sign"].strip() == ":" and text.endswith("${", 0, match.start()):
            yield from _of_default(text, match)
            continue
        value = _VALUE.match(text, position)
        if value is None:
            continue
        if ":" in match["sign"] and value["value"][0] in "{[":
            if position >= looked_at:
                below, looked_at = of_container(text, position, _last_word(name))
                yield from below
            continue
        start, end = bare(value, "value")
        sure = "=" in match["sign"] or bool(match["quote"]) or _ends_line(match, value, prose=prose)
        if sure or looks_made(text[start:end]):
            content = text[start:end]
            if is_secret(_last_word(name), content) and not _is_scheme(text, end):
                yield Secret(start, end, f"the value of `{_last_word(name)}`", by_name=True)
                position = max(position, end)


def _of_default(text: str, match: re.Match[str]) -> Iterator[Secret]:
    """What a shell takes where a variable is not set: `${DB_PASSWORD:-hunter2}`."""
    default = _DEFAULT.match(text, match.end("sign"))
    if default is None or TEMPLATE.match(default["value"]):
        return
    if is_secret(match["name"], default["value"]):
        yield Secret(*default.span("value"), f"the value of `{match['name']}`", by_name=True)


def _last_word(name: str) -> str:
    """The name without words before it: of `use this Password`, the last."""
    words = name.split(" ")
    pair = " ".join(words[-2:])
    return pair if len(words) > 1 and says(words[-1]) is not Says.SECRET else words[-1]


def _names_secret(name: str) -> bool:
    return says(_last_word(name)) is not Says.NOTHING


def _is_scheme(text: str, end: int) -> bool:
    """Whether what was read as a value is the scheme of a URL."""
    return text.startswith("://", end)


def _in_arn(text: str, match: re.Match[str]) -> bool:
    """Whether a name stands between colons, as in `arn:aws:secretsmanager:...:secret:db`."""
    return match["sign"] == ":" and text[match.start() - 1 : match.start()] == ":"


def _is_host(text: str, match: re.Match[str]) -> bool:
    """Whether a name is that of a server with its port, as in `http://auth:9000/verify`."""
    if match["sign"] != ":" or not _HOST_PORT.match(text, match.end()):
        return False
    before = text[max(match.start() - 2, 0) : match.start()]
    return before.endswith(("//", "@", "/\\")) or "/" in text[match.end() : match.end() + 6]


def _ends_line(match: re.Match[str], value: re.Match[str], *, prose: bool) -> bool:
    """Whether an assignment by a colon is all of its line, as in YAML, or of its flow mapping."""
    text = match.string
    before = text[
        max(text.rfind("\n", 0, match.start()) + 1, match.start() - 200) : match.start()
    ].strip(" \t-#")
    after = text[value.end() : value.end() + 1]
    opening = text[match.start() - 1 : match.start()] if match.start() else ""
    alone = not before and bool(_REST_OF_LINE.match(text, value.end()))
    in_mapping = before.endswith(("{", ",")) and after in (",", "}", "", "\n")
    if prose:
        return in_mapping or (alone and looks_made(value["value"].strip("\"'")))
    content = value["value"]
    in_quotes = opening in ("'", '"') and opening == after and content[0] not in "\"'"
    quoted = content[0] in "\"'" and not any(c.isspace() for c in content)
    option = text[max(match.start() - 2, 0) : match.start()] == " /"
    return alone or in_mapping or in_quotes or quoted or option


def _of_headers(text: str) -> Iterator[Secret]:
    lower = text.lower()
    if "authorization" in lower:
        for match in _HEADER.finditer(text):
            if looks_made(match["value"]) and not stands_for_none(match["value"]):
                yield Secret(*match.span("value"), "a header with credentials")
    if "bearer" in lower:
        for match in _BEARER.finditer(text):
            if looks_made(match["value"]):
                yield Secret(*match.span("value"), "a bearer token")
    if "pass:" in lower:
        for match in _PASS_SOURCE.finditer(text):
            if not stands_for_none(match["value"]):
                yield Secret(*match.span("value"), "a password")
    for match in _PASSWORD_FILE.finditer(text) if text.count(":") >= 4 else ():
        if not stands_for_none(match["value"]):
            yield Secret(*match.span("value"), "a line from a password file")


def _of_options(text: str, *, prose: bool) -> Iterator[Secret]:
    """`--password pw`, `set SECRET pw` and the lines of a `.netrc`."""
    for pattern in (_OPTION, _SETTING):
        for match in pattern.finditer(text):
            start, end = bare(match, "value")
            value = text[start:end]
            sure = says(match["name"]) is Says.SECRET and is_secret(match["name"], value)
            if sure and (not prose or looks_made(value)):
                yield Secret(start, end, f"the value of `{match['name']}`", by_name=True)
