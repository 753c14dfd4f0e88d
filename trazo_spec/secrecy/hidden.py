"""Secrets inside other writings: percent-encoded, in base64, or only random."""

import base64
import binascii
import math
import re
from collections import Counter
from urllib.parse import unquote

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{12,65536}={0,2}(?![A-Za-z0-9+/_=-])")
_WORD = re.compile(r"[^\s\"'<>&]+")
# A key of PKCS #1, PKCS #8 or SEC 1 is a SEQUENCE that begins with the INTEGER of its version,
# a certificate one that begins with another SEQUENCE. Source: https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1
_PRIVATE_DER = re.compile(
    rb"0(?:[\x00-\x7f]|\x81.|\x82..)\x02\x01[\x00\x01](?:\x02|\x04|0)", re.DOTALL
)

_RANDOM = re.compile(r"[A-Za-z0-9+/_~=-]{24,200}")
_RESOURCE = re.compile(
    r"[0-9a-fA-F-]+|[\d.-]+|sha(?:256|384|512)[-:].*|[a-z0-9]+(?:[-_/][A-Za-z0-9]+)*"
    r"|(?:[A-Za-z]+[-_/])+[A-Za-z0-9]+|[A-Z0-9]+(?:[-_][A-Z0-9]+)*|(?:[A-Z]?[a-z]++\d{0,3}+[-_/.]?+)++"
)
_PUBLIC = ("sha256-", "sha384-", "sha512-", "pk_", "pub", "phc_")
"""How digests begin, and keys that browsers get."""
_ACCOUNT = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
"""How Twilio names accounts, services and numbers."""
_PUBLIC_PEM = (
    "LS0tLS1CRUdJTiBDRVJ",
    "LS0tLS1CRUdJTiBQVUJM",
    "MFkwEwYHKoZIzj0CAQ",
    "MIIBIjANBgkqhkiG9w0BAQE",
)
"""How certificates and public keys begin in base64."""
_LEAST_TAIL = 28
"""How long the last part of a name is that people did not choose."""
_LEAST_BITS = 4.0
"""Of a character, by the text's own letters. Chosen: words joined have 3.4 to 3.9, 32 random bytes
in base64 4.6 to 5.2."""


def decoded_percent(text: str) -> str:
    """What a percent-encoded text says, empty when it is none."""
    return unquote(text) if "%" in text and unquote(text) != text else ""


def percent_encoded(text: str) -> list[tuple[int, int]]:
    """Where percent-encoded texts stand; only those that hide a `://`, `:` or space matter."""
    lower = text.lower()
    if not any(sign in lower for sign in ("%3a", "%20", "%3d")):
        return []
    return [match.span() for match in _WORD.finditer(text) if "%" in match.group()]


def in_base64(text: str) -> list[tuple[int, int, bytes]]:
    """Where base64 stands, and the bytes that it is."""
    pieces = []
    for match in _BASE64.finditer(text):
        word = match.group().rstrip("=").replace("-", "+").replace("_", "/")
        word = word[: len(word) - (len(word) % 4 == 1)]
        try:
            content = base64.b64decode(word + "=" * (-len(word) % 4))
        except (binascii.Error, ValueError):
            continue
        pieces.append((match.start(), match.end(), content))
    return pieces


def is_private_der(content: bytes) -> bool:
    """Whether bytes are a private key without its header lines."""
    return len(content) >= 40 and bool(_PRIVATE_DER.match(content))


def as_text(content: bytes) -> str:
    """Bytes that are readable text, empty when they are not."""
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError:
        return ""
    return text if all(c.isprintable() or c in "\r\n\t" for c in text) else ""


def looks_random(text: str) -> bool:
    """Whether a whole value looks like chance made it, and like nothing that AWS or git names.

    >>> looks_random("q7Jx0vT2mZ8sLw4RkY6uB1nE9cHf3gDa"), looks_random("acme-uploads-2026-prod-eu")
    (True, False)
    """
    if not _RANDOM.fullmatch(text) or text.startswith((*_PUBLIC_PEM, *_PUBLIC)):
        return False
    if _ACCOUNT.fullmatch(text):
        return False
    tail = re.split("[-_]", text)[-1]
    if _RESOURCE.fullmatch(text) and not (
        len(tail) >= _LEAST_TAIL and tail.isalnum() and is_mixed(tail)
    ):
        return False
    return is_mixed(text)


def is_mixed(text: str) -> bool:
    """Whether capitals, small letters and digits stand in a text as chance puts them."""
    kinds = (str.isupper, str.islower, str.isdigit)
    return all(any(kind(c) for c in text) for kind in kinds) and _bits(text) >= _LEAST_BITS


def _bits(text: str) -> float:
    """Shannon's entropy of a character."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
