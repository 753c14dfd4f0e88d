"""Secrets in pieces of programs: put in a placeholder's place, typed, piped, or a default."""

import re
from collections.abc import Iterator

from trazo_spec.secrecy.names import (
    Says,
    is_secret,
    looks_chosen,
    looks_made,
    says,
    stands_for_none,
)
from trazo_spec.secrecy.secret import Secret
from trazo_spec.secrecy.values import TEMPLATE, bare

_QUOTED = r"\\{0,3}[\"'](?P<value>[^\"'\\\n]{1,200})\\{0,3}[\"']"
_SUBSTITUTION = re.compile(
    r"(?<![\w./-])s(?P<sign>[/|#,:!@~%])(?P<old>(?:(?!(?P=sign))[^\n]){1,100})(?P=sign)"
    r"(?P<value>(?:(?!(?P=sign))[^\s\"']){1,200})(?P=sign)"
    r"|(?<![\w./-])s\{(?P<old_in_braces>[^\n{}]{1,100})\}\{(?P<value_in_braces>[^\s{}]{1,200})\}"
)
"""`s/old/value/` of sed and perl."""
_PLACEHOLDER = re.compile(r"[\W_]*(?P<name>[A-Za-z][\w.-]{0,80}?)(?:_|[^\w=:*+])*")
_WRAPPED = re.compile(r"[A-Z][A-Z0-9_]*|(?!\^)[\W_]+.*[\W_]+", re.DOTALL)
_EXAMPLES = frozenset({"CHANGEME", "CHANGE_ME", "CHANGE-ME", "REPLACEME", "REPLACE_ME", "TODO"})
_ASKED = re.compile(
    r"(?i)passw|assword|passphrase|passcode|secret|token|credential|keystore|vault|\bpin\b"
)
_TYPED = re.compile(
    r"(?<![\w-])(?:exp_)?send(?P<line>line)?\s*\(?\s*(?:--\s+)?\\{0,3}[\"'{](?P<value>[^\"'{}\\\s]{1,200})"
    r"(?P<key>\\{1,4}[rn]|[\r\n])?\\{0,3}[\"'}]"
)
"""What `expect` types, with the return key."""
_BEFORE = 200
"""How far before it stands what it answers, in characters."""
_WRITTEN = re.compile(
    r"(?<![\w-])(?:echo|printf|yes)\s+(?:-\w{1,3}\s+|[\"']?%s(?:\\{1,2}n)?[\"']?\s+){0,3}"
    r"(?P<value>\"[^\"\n]{1,500}\"|'[^'\n]{1,500}'|[^\s;|&<>\"']{1,500})\s*"
    r"(?:(?P<pipe>\|)\s*(?P<reader>[^|;\n]{1,120})|>{1,2}\s*(?P<file>[^\s;|&]{1,200}))"
)
_READERS = re.compile(
    r"(?:sudo\s+)?(?:\S{0,40}passwd|kinit|cryptsetup|gpg|sudo\s+-S|su|openssl\s+enc|kpasswd|smbpasswd)\b"
    r"|.*(?:--?(?:\w+-)?password-stdin|--with-token|--passphrase-fd|--pass(?:word)?-fd|--stdin\b)"
)
_ENCODERS = re.compile(r"(?:base64|openssl\s+base64|tee|md5sum|sha\d+sum|xxd|wg\s+pubkey)\b")
_CALL = re.compile(
    r"(?i)(?<![\w-])(?P<name>[\w.]{0,40}(?:password|passwd|secret|token|login|auth|authenticate|crypt))"
    rf"\s{{0,2}}=?\s{{0,2}}\(\s*(?P<user>\\{{0,3}}[\"'][\w.@-]{{1,60}}\\{{0,3}}[\"']\s*,\s*)?{_QUOTED}"
)
_LOGS_IN = re.compile(r"(?:login|authenticate|db\.auth|assword)\Z")
_CONNECT = re.compile(
    r"(?i)(?<![A-Za-z])(?:connect|mysqli?_connect|mysqli|pdo|getconnection)\("
    rf"(?:\s{{0,4}}\\{{0,3}}[\"'][^\"'\\\n]{{1,200}}\\{{0,3}}[\"']\s{{0,4}},){{2}}\s{{0,4}}{_QUOTED}"
)
"""A server, a user and a password, as PHP and Java want them."""
_ASKS = re.compile(r"(?i)(?:\w*\.)?(?:get|fetch|read|load|find|lookup|ask|prompt|delete|env)")
_FALLBACK = re.compile(
    r"(?P<name>(?<!\w)[A-Za-z_]\w{2,80})\\{0,3}[\"']?\s{0,4}[)\]]?\s{0,4}"
    rf"(?:\|\||\?\?|\?:|\|\s{{0,4}}default\s{{0,4}}\(?)\s{{0,4}}{_QUOTED}"
    r"|(?:get|getenv|setdefault|fetch|env|environ|config)\(\s{0,4}\\{0,3}[\"'](?P<called>[A-Za-z_]\w{2,80})"
    r"\\{0,3}[\"']\s{0,4},\s{0,4}\\{0,3}[\"'](?P<given>[^\"'\\\n]{1,200})\\{0,3}[\"']"
)
"""What a program takes where a variable is not set."""
_NAMED = re.compile(
    r"(?<![\w$.-])(?P<name>[A-Za-z]+(?:[_-][A-Za-z]+)+|requirepass|masterauth)\s{1,4}"
    r"(?P<value>[^\s;|&<>\"'=.*^\\-][^\s;|&<>\"'=]{0,499}={0,2})(?=[\s\"';|&]|\Z)"
)
"""`secret_access_key q7Jx0vT2mZ`, as arguments and settings have it."""
_VERBS = re.compile(
    r"(?i)(?:get|create|delete|list|describe|show|read|fetch|generate|gen|rotate|verify|revoke|put|rm"
    r"|update|restore|validate|with|no|use)[_-]"
)
_PROPERTY = re.compile(
    r"(?<![\w-])(?:-D|-P|--define[ =])(?P<name>[\w.-]{0,80}(?:login|license|licence|access|sid))="
    r"[\"']?(?P<value>[^\s\"';|&]{8,500})"
)
"""Properties of which the name may be that of a user: `-Dsonar.login=`."""
_QUERY = re.compile(r"[?&](?:key|code|auth|k)=(?P<value>[A-Za-z0-9_-]{20,200})(?![\w%-])")
_LOGIN_FLAGS = re.compile(
    r"(?<![\w-])(?:-[uU]|--?user(?:name)?)[ =]?(?P<user>[\w.@\\-]{1,80})\s(?:[^\n;|]{0,200}?\s)?"
    r"-[pPwW][ =]?(?P<value>\"[^\"\n]{1,200}\"|'[^'\n]{1,200}'|[^\s;|&\"'<>]{1,200})"
)
"""A user and then a password, in the letters that most programs take for them."""
_PAIR_FLAG = re.compile(
    r"(?<![\w-])--?[\w.-]{0,60}(?:auth|users?|creds?|login)[ =][\"']?[\w.@-]{1,64}:"
    r"(?P<value>[^\s\"';|&]{8,200})"
)
_VALUE_FLAG = re.compile(
    r"(?<![\w-])--?(?:value|plaintext|body|data)[ =](?P<value>\"[^\"\n]{1,200}\"|'[^'\n]{1,200}'"
    r"|[^\s;|&\"'<>]{1,200})"
)
"""What a command keeps, where a word before says that it is a secret."""


def of_scripts(text: str, *, prose: bool = False) -> Iterator[Secret]:
    """The secrets that a command or a piece of a program puts in, types, pipes or falls back on."""
    yield from _of_substitutions(text)
    yield from _of_dialogues(text)
    yield from _of_pipes(text)
    yield from _of_calls(text)
    yield from _of_fallbacks(text)
    yield from _of_names(text)
    if not prose:
        yield from _of_logins(text)


def _is_given(value: str) -> bool:
    return not stands_for_none(value) and not TEMPLATE.match(value)


def _of_substitutions(text: str) -> Iterator[Secret]:
    for match in _SUBSTITUTION.finditer(text):
        group = "value" if match["sign"] else "value_in_braces"
        old, value = match["old"] or match["old_in_braces"], match[group]
        placeholder = _PLACEHOLDER.fullmatch(old)
        if placeholder is None or not _is_given(value):
            continue
        name = placeholder["name"]
        surely = is_secret(name, value) and (_WRAPPED.fullmatch(old) or looks_made(value))
        if surely or (name.upper() in _EXAMPLES and looks_chosen(value)):
            yield Secret(*match.span(group), f"the value of `{name}`", by_name=True)


def _of_dialogues(text: str) -> Iterator[Secret]:
    for match in _TYPED.finditer(text) if "send" in text else ():
        value, start = match["value"], match.start()
        asked = _ASKED.search(text, max(start - _BEFORE, 0), start)
        typed = match["key"] or match["line"]
        if _is_given(value) and (asked or (typed and looks_chosen(value))):
            yield Secret(*match.span("value"), "a password that a program types")


def _of_pipes(text: str) -> Iterator[Secret]:
    for match in _WRITTEN.finditer(text) if "|" in text or ">" in text else ():
        start, end = bare(match, "value")
        value = text[start:end]
        if _is_given(value) and _takes_secrets(match, value):
            begin = start + value.rfind(":") + 1 if "chpasswd" in match.group() else start
            yield Secret(begin, end, "a password that a command passes on")


def _takes_secrets(match: re.Match[str], value: str) -> bool:
    """Whether what follows `echo` reads a secret, or keeps what looks like one."""
    if match["file"] is not None:
        name = match["file"].rsplit("/", 1)[-1]
        return says(name) is Says.SECRET or ("/secrets/" in match["file"] and looks_made(value))
    reads = _READERS.match(match["reader"]) is not None
    return reads or (_ENCODERS.match(match["reader"]) is not None and looks_chosen(value))


def _of_calls(text: str) -> Iterator[Secret]:
    for match in _CALL.finditer(text) if "(" in text else ():
        value, name = match["value"], match["name"]
        if not _is_given(value) or _ASKS.match(name):
            continue
        told = bool(match["user"]) and looks_made(value) and value[-1] != "@"
        sure = _LOGS_IN.search(name) if match["user"] else name == "PASSWORD"
        if looks_chosen(value) or told or (sure and value.isalnum()):
            yield Secret(*match.span("value"), f"a password that `{name}` is called with")

    for match in _CONNECT.finditer(text) if "(" in text else ():
        told = looks_made(match["value"]) or not match.group().lower().startswith("connect")
        if _is_given(match["value"]) and told:
            yield Secret(*match.span("value"), "a login with a password")


def _of_fallbacks(text: str) -> Iterator[Secret]:
    for match in _FALLBACK.finditer(text) if "(" in text or "|" in text or "?" in text else ():
        group = "value" if match["value"] is not None else "given"
        name = match["name"] or match["called"]
        if is_secret(name, match[group]):
            yield Secret(*match.span(group), f"the value of `{name}`", by_name=True)


def _of_names(text: str) -> Iterator[Secret]:
    for match in _NAMED.finditer(text) if " " in text else ():
        name, value = match["name"], match["value"]
        chosen = says(name) is Says.SECRET and looks_chosen(value) and not _VERBS.match(name)
        if chosen or (name in ("requirepass", "masterauth") and _is_given(value)):
            yield Secret(*match.span("value"), f"the value of `{name}`", by_name=True)
    for match in _PROPERTY.finditer(text):
        if looks_chosen(match["value"]):
            yield Secret(*match.span("value"), f"the value of `{match['name']}`", by_name=True)
    for match in _QUERY.finditer(text) if "?" in text or "&" in text else ():
        if looks_chosen(match["value"]):
            yield Secret(*match.span("value"), "a URL with a key")


def _of_logins(text: str) -> Iterator[Secret]:
    for pattern in (_LOGIN_FLAGS, _PAIR_FLAG, _VALUE_FLAG):
        for match in pattern.finditer(text) if "-" in text else ():
            start, end = bare(match, "value")
            before = max(match.start() - _BEFORE, 0), match.start()
            told = pattern is not _VALUE_FLAG or _ASKED.search(text, *before)
            if told and looks_chosen(text[start:end]):
                yield Secret(start, end, "a command with a password")
