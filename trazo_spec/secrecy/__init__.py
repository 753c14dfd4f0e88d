"""Secrets in texts: what is one, and where it begins and ends.

One detector serves the findings that refuse a spec, and everything that is printed of it.
"""

from collections.abc import Iterable
from functools import lru_cache

from trazo_spec.secrecy import hidden
from trazo_spec.secrecy.forms import of_form
from trazo_spec.secrecy.names import is_secret, leads_elsewhere
from trazo_spec.secrecy.phrases import of_words
from trazo_spec.secrecy.secret import Secret

__all__ = ["COVER", "DOT", "Secret", "covered", "join_overlaps", "secrets_in"]

DOT = "\N{BULLET}"
COVER = DOT * 5
"""What stands in a message instead of a secret, however long it is."""
_MOST_DEPTH = 2
"""How often a writing may hide another: base64 of a URL of which the password is encoded."""


@lru_cache(maxsize=1024)
def secrets_in(text: str, name: str = "", *, prose: bool = False) -> tuple[Secret, ...]:
    """The secrets in a text, none inside another, from its beginning.

    Args:
        text: Any text.
        name: The name that it is the value of, such as that of a variable.
        prose: Whether people wrote it for people, so that more than a name has to tell.

    >>> [s.what for s in secrets_in("postgres://app:hunter2@db.acme.io/app")]
    ['a URL with a password']
    >>> secrets_in("postgres://db.acme.io/app")
    ()
    """
    return join_overlaps([*_found(text, name, prose=prose, depth=0)])


def covered(text: str, name: str = "", *, prose: bool = False) -> str:
    """The same text with dots where secrets stood.

    >>> covered("postgres://app:hunter2@db.acme.io/app")
    'postgres://app:•••••@db.acme.io/app'
    """
    for secret in reversed(secrets_in(text, name, prose=prose)):
        text = f"{text[: secret.start]}{COVER}{text[secret.end :]}"
    return text


def _found(text: str, name: str, *, prose: bool, depth: int) -> list[Secret]:
    secrets = [*of_form(text), *of_words(text, prose=prose)]
    if depth < _MOST_DEPTH:
        secrets += _inside(text, prose=prose, depth=depth)
    if name and is_secret(name, text):
        told = next((s for s in secrets if not s.by_name), None)
        what = f"the value of `{name}`" if told is None else told.what
        return [Secret(0, len(text), what, by_name=told is None)]
    if not secrets and not prose and not leads_elsewhere(name) and hidden.looks_random(text):
        return [Secret(0, len(text), "a value that looks random", likely=False)]
    return secrets


def _inside(text: str, *, prose: bool, depth: int) -> list[Secret]:
    """What stands percent-encoded or in base64, each covered as a whole."""
    secrets: list[Secret] = []
    for start, end in hidden.percent_encoded(text):
        plain = hidden.decoded_percent(text[start:end])
        within = _found(plain, "", prose=prose, depth=depth + 1) if plain else []
        secrets += [Secret(start, end, f"{s.what}, encoded") for s in within[:1]]
    for start, end, content in hidden.in_base64(text):
        if hidden.is_private_der(content):
            secrets.append(Secret(start, end, "a private key"))
        elif plain := hidden.as_text(content):
            sure = (s for s in _found(plain, "", prose=prose, depth=depth + 1) if s.likely)
            secrets += [Secret(start, end, f"{s.what}, in base64") for s in sure][:1]
    return secrets


def join_overlaps(secrets: Iterable[Secret]) -> tuple[Secret, ...]:
    """Secrets that overlap as one; what it is says the first, and a form before a name."""
    joined: list[Secret] = []
    for secret in sorted(secrets, key=lambda s: (s.start, s.by_name, -s.end)):
        if joined and secret.start < joined[-1].end:
            last = joined[-1]
            by_name = last.by_name and secret.by_name
            what = secret.what if last.by_name and not secret.by_name else last.what
            joined[-1] = Secret(last.start, max(last.end, secret.end), what, by_name)
        else:
            joined.append(secret)
    return tuple(joined)
