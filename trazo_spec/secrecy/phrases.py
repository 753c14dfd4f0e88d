"""Secrets that the words around them give away: URLs, connection strings, headers, commands."""

import re
from collections.abc import Iterator

from trazo_spec.secrecy.names import Says, is_secret, looks_made, says, stands_for_none
from trazo_spec.secrecy.secret import Secret

LOCAL_HOSTS = ("localhost", "127.0.0.1", "0.0.0.0", "::1")  # noqa: S104 - looked for only
"""Where a password is of no use to who reads it: nobody else reaches a task's own address."""

_MOST_OF_URL = 2_000
_URL_END = re.compile(r"[\s\"'<>`|\\]")
_AUTHORITY_END = re.compile(r"[/?#]")
_PORT = re.compile(r"\d{0,5}")
_RANDOM_USER = re.compile(r"(?=[^\d]*\d)[A-Za-z0-9_.-]{20,}")
_PUBLIC_USER = re.compile(r"[0-9a-f]{32}")  # of a Sentry address; browsers get it anyway
_TEMPLATE = re.compile(r"\$|\{|<|%[sd(]|\*+$|x{3,}$|\.{3}|\u2022")

# Every part has a longest length, so that a long text costs no more than its length.
_VALUE = re.compile(
    r"(?P<value>\\{0,3}\"(?:[^\"\\\n]|\\[^\"\n])*\\{0,3}\"|\\?'[^'\n]*'|\$\{[^}\n]*\}|\$\([^)\n]*\)"
    r"|\{\{[^}\n]*\}\}|\{[^}\n]*\}|<[^>\n]*>|[^\s;&,\"'`|()<>]"
    r"(?:[^\s;&,\"'`|)}\]]|,(?!\s|$|[\w.-]{1,40}[=:]))*)"
)
_ASSIGNMENT = re.compile(
    r"(?<![\w.])(?P<dashes>-{0,2})(?P<name>[A-Za-z_](?:[\w.-]|(?<=\w) (?=\w)){0,80}+)"
    r"(?P<quote>\\{0,3}[\"']?)(?P<sign>\s{0,4}(?:=>|:=|=|:)\s{0,8})"
)
_REST_OF_LINE = re.compile(r"[ \t]{0,40}(?:#[^\n]*)?(?:[\r\n]|\Z)")
_OPTION = re.compile(
    r"(?<![\w-])--?(?P<name>[A-Za-z][\w-]{0,60})[ \t]{1,8}"
    r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s;|&\"'-][^\s;|&\"']*)"
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
    r"(?<![^\s\"'=])[^\s:\"']{1,253}:(?:\d{1,5}|\*):[^\s:]{1,63}:[^\s:]{1,63}:"
    r"(?P<value>[^\s\"']{1,500})(?=[\s\"']|\Z)"
)

_WORD = r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s;|&\"']+)"
_USER_AND = r"[\"']?[^\s:\"';|&]{1,200}[:%,](?P<value>[^\s\"';|&]{1,500})"
_CLIENTS = (
    (
        r"mysql|mysqldump|mysqladmin|mysqlimport|mysqlcheck|mysqlsh|mysqlshow|mariadb"
        r"|mariadb-dump|mariadb-admin|mariadb-check|mycli|xtrabackup|mariabackup",
        rf"\s-p{_WORD}",
    ),
    (r"redis-cli|valkey-cli|keydb-cli|redis-benchmark", rf"\s(?:-a|--pass)[ =]?{_WORD}"),
    (
        r"mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport|mongostat|mongotop",
        rf"\s-p ?{_WORD}",
    ),
    (
        r"docker|podman|nerdctl|buildah|helm|skopeo|crane|oras|az|oc|argocd|cf|ibmcloud|confluent",
        rf"\slogin\s(?:[^\n]{{0,300}}?\s)?-p[ =]?{_WORD}",
    ),
    (r"sshpass|cqlsh|rabbitmqadmin|cypher-shell|couchbase-cli|twine", rf"\s-p[ =]?{_WORD}"),
    (r"sshpass|7z|7za|7zz", rf"\s-p{_WORD}"),
    (r"curl|wget2|hurl", rf"\s(?:-\w{{0,8}}u ?|--user[ =]|--proxy-user[ =]|-U ?){_USER_AND}"),
    (r"http|https|xh|xhs", rf"\s(?:-a|--auth)[ =]?{_USER_AND}"),
    (r"skopeo|podman|buildah", rf"\s--(?:src-|dest-)?creds[ =]{_USER_AND}"),
    (r"smbclient|rpcclient|lftp|ab|siege", rf"\s(?:-U|-u|-A) ?{_USER_AND}"),
    (
        r"sqlcmd|bcp|isql|tsql|osql|mosquitto_pub|mosquitto_sub|zip|unzip|pcli|wrk",
        rf"\s-P ?{_WORD}",
    ),
    (
        r"ldapsearch|ldapadd|ldapmodify|ldapdelete|ldapwhoami|ldappasswd|ldapcompare",
        rf"\s-w ?{_WORD}",
    ),
    (r"htpasswd", rf"\s-\w{{0,8}}b\w{{0,8}}\s+\S{{1,200}}\s+\S{{1,200}}\s+{_WORD}"),
    (r"sqlplus|sqlldr|expdp|impdp|rman", r"\s[\w$#.]{1,60}/(?P<value>[^\s@/\"']{1,200})@"),
    (r"vault|bao", rf"\slogin\s+(?:-\S+\s+)*{_WORD}"),
    (
        r"echo|printf",
        r"\s(?:-n\s+)?(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s;|&]+)\s*\|\s*"
        r"(?=[^|;\n]{0,120}--?password-stdin|[^|;\n]{0,80}passwd|sudo -S)",
    ),
)
_COMMANDS = tuple(
    (tuple(clients.split("|")), re.compile(rf"(?<![\w.-])(?:{clients})(?=\s)"), re.compile(option))
    for clients, option in _CLIENTS
)
_COMMAND_END = re.compile(r"[\n;]|&&|\|\|")
_MOST_OF_COMMAND = 1_000


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
        yield from _of_commands(text)


def _of_urls(text: str) -> Iterator[Secret]:
    position = text.find("://")
    while position >= 0:
        start = position + 3
        stop = _URL_END.search(text, start, start + _MOST_OF_URL)
        end = stop.start() if stop else min(len(text), start + _MOST_OF_URL)
        yield from _of_url(text[start:end], start)
        position = text.find("://", start)


def _of_url(url: str, start: int) -> Iterator[Secret]:
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
    if _is_random(user):
        yield Secret(start, start + len(user), "a URL with a token")
    if colon and password and not _TEMPLATE.match(password):
        begin = start + len(user) + 1
        yield Secret(begin, begin + len(password), "a URL with a password")


def _local(host: str) -> bool:
    name = host[1:].partition("]")[0] if host.startswith("[") else re.split(r"[:/?#]", host)[0]
    return name.lower() in LOCAL_HOSTS or name.lower().endswith(".localhost")


def _is_random(user: str) -> bool:
    return bool(_RANDOM_USER.fullmatch(user)) and not _PUBLIC_USER.fullmatch(user)


def _of_assignments(text: str, *, prose: bool) -> Iterator[Secret]:
    """`NAME=value`, `"name": "value"` and `name: value`, of which the name tells."""
    position = 0
    while match := _ASSIGNMENT.search(text, position):
        name = match["name"]
        position = match.end()  # a value may be an assignment itself: `url=db?password=pw`
        if _in_arn(text, match) or not _names_secret(name):
            continue
        value = _VALUE.match(text, position)
        if value is None:
            continue
        start, end = _bare(value, "value")
        sure = "=" in match["sign"] or bool(match["quote"]) or _ends_line(match, value, prose=prose)
        if sure or looks_made(text[start:end]):
            found = text[start:end]
            if is_secret(_last_word(name), found) and not _is_scheme(text, end):
                yield Secret(start, end, f"the value of `{_last_word(name)}`", by_name=True)
                position = max(position, end)


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


def _ends_line(match: re.Match[str], value: re.Match[str], *, prose: bool) -> bool:
    """Whether an assignment by a colon is all of its line, as in YAML, or of its flow mapping."""
    text = match.string
    before = text[
        max(text.rfind("\n", 0, match.start()) + 1, match.start() - 200) : match.start()
    ].strip(" \t-#")
    after = text[value.end() : value.end() + 1]
    alone = not before and bool(_REST_OF_LINE.match(text, value.end()))
    in_mapping = before.endswith(("{", ",")) and after in (",", "}", "", "\n")
    if prose:
        return in_mapping or (alone and looks_made(value["value"].strip("\"'")))
    return alone or in_mapping


def _bare(match: re.Match[str], group: str) -> tuple[int, int]:
    """Where the value of a group begins and ends without its quotes or ODBC's braces."""
    start, end = match.span(group)
    text = match.string
    while start < end and text[start] == "\\" and text[start + 1 : start + 2] in ("\\", '"', "'"):
        start += 1
    if start < end and text[start] in "\"'":
        quote = text[start]
        start += 1
        end -= text[end - 1] == quote and end > start
        while end > start and text[end - 1] == "\\":
            end -= 1
    return start, end


def _of_headers(text: str) -> Iterator[Secret]:
    lower = text.lower()
    if "authorization" in lower:
        for match in _HEADER.finditer(text):
            if looks_made(match["value"]) and not stands_for_none(match["value"]):
                yield Secret(*match.span("value"), "a header that logs in")
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
            yield Secret(*match.span("value"), "a line of a password file")


def _of_options(text: str, *, prose: bool) -> Iterator[Secret]:
    """`--password pw`, `set SECRET pw` and the lines of a `.netrc`."""
    for pattern in (_OPTION, _SETTING):
        for match in pattern.finditer(text):
            start, end = _bare(match, "value")
            value = text[start:end]
            sure = says(match["name"]) is Says.SECRET and is_secret(match["name"], value)
            if sure and (not prose or looks_made(value)):
                yield Secret(start, end, f"the value of `{match['name']}`", by_name=True)


def _of_commands(text: str) -> Iterator[Secret]:
    """Passwords behind the short options of well-known clients."""
    for clients, called, option in _COMMANDS:
        if not any(client in text for client in clients):
            continue
        past = 0
        for client in called.finditer(text):
            if client.end() < past:
                continue
            stop = _COMMAND_END.search(text, client.end(), client.end() + _MOST_OF_COMMAND)
            past = stop.start() if stop else min(len(text), client.end() + _MOST_OF_COMMAND)
            for match in option.finditer(text, client.end(), past):
                start, end = _bare(match, "value")
                if not stands_for_none(text[start:end]) and not _TEMPLATE.match(text[start:end]):
                    yield Secret(start, end, "a command with a password")
