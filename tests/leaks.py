"""More secrets and more look-alikes, as specifications, compose files and scripts have them.

`tests/leaks.txt` holds a variable and its value a line; in it `PW` and `WEAK` stand for passwords,
`{r32}`, `{h32}` and `{u32}` for 32 characters as chance has them, hexadecimal digits and capitals,
`{r32l}` for small letters, `{}` for nothing, so that no line of the file is a secret.
"""

import json
import re
from base64 import b64encode
from pathlib import Path

from tests.secrets import hexadecimal, made

PASSWORD = "Tr0ub4dor" + "x9"
"""A password of letters and digits, not in the shape of a token."""
_HERE = Path(__file__).parent
_UPPER = "Q7JX2VTMZ8SLW4RKY6UB3NE9"
_BODY = "\n".join(made(64) for _ in range(6))
_PEM = f"-----BEGIN OPENSSH PRIVATE {'KEY'}-----\n{_BODY}\n-----END OPENSSH PRIVATE {'KEY'}-----"
_ACCOUNT = json.dumps({"type": "service_account", "private_key_id": hexadecimal(40)})
_MADE = re.compile(r"\{(?:([rhu])(\d+)(l?))?\}")


def _made(match: re.Match[str]) -> str:
    sort, length, small = match.groups()
    if sort is None:
        return ""
    text = {"h": hexadecimal, "r": made, "u": lambda n: made(n, _UPPER)}[sort](int(length))
    return text.lower() if small else text


def _filled(text: str) -> str:
    text = text.replace("\\n", "\n").replace("\\\\", "\\")
    return _MADE.sub(_made, text.replace("PW»", f"{PASSWORD}»").replace("«WEAK", "«sun" + "shine"))


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


LEAKS: tuple[tuple[str, str], ...] = (
    *(
        (name, _filled(value))
        for name, _, value in (
            line.partition(" ") for line in (_HERE / "leaks.txt").read_text("utf-8").splitlines()
        )
    ),
    ("SETTING", json.dumps({"a": json.dumps({"password": "PW"})}).replace("PW", f"«{PASSWORD}»")),
    (
        "SETTING",
        f'{{"auths": {{"registry.acme.io": {{"auth": "«{_encoded("svc:" + PASSWORD)}»"}}}}}}',
    ),
    ("SETTING", f"Authorization: Basic «{_encoded('svc:' + PASSWORD)}»"),
    ("SETTING", f"Authorization=Basic%20«{_encoded('svc:' + PASSWORD)}»"),
    ("SETTING", f"«{_encoded(f'DB_PASSWORD={PASSWORD}')}»"),
    ("SETTING", f"«{_PEM}»"),
    ("SETTING", "«" + _PEM.replace("\n", " ") + "»"),
    ("SETTING", f"«{_encoded(_PEM)}»"),
    ("SETTING", f"«{_encoded(_ACCOUNT + _PEM)}»"),
)
"""Variables and their values, with marks around what nobody may see."""

LOOK_ALIKES: tuple[tuple[str, str], ...] = tuple(
    (name, value)
    for name, _, value in (
        line.partition("=") for line in (_HERE / "harmless.env").read_text("utf-8").splitlines()
    )
)
"""Variables and their values of which none is a secret."""
