"""Plain scalars by the core schema of YAML 1.2, and the numbers that only YAML 1.1 has.

Source: https://yaml.org/spec/1.2.2/#103-core-schema
"""

import math
import re

TAG = "tag:yaml.org,2002:"
_CORE = (
    ("null", re.compile(r"null|Null|NULL|~|")),
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE")),
    ("int", re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")),
    ("float", re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")),
    ("float", re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")),
)
LONGEST_NUMBER = 64
"""More characters than any spelling has of which advice could be made."""
_OLD_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(?:(?P<prefix>0[bxo])(?P<digits>[0-9a-fA-F_]+)|(?P<plain>[0-9][0-9_]*))"
)
_OLD_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*(?:[eE][-+]?[0-9]+)?")
_BASES = {"0b": 2, "0o": 8, "0x": 16}


def type_of(text: str) -> str:
    """What a plain scalar is: `null`, `bool`, `int`, `float` or `str`.

    >>> [type_of(text) for text in ("1000", "1_000", "0b11", "+0x1F", "1e3", "=", "~")]
    ['int', 'str', 'str', 'str', 'float', 'str', 'null']
    """
    return next((name for name, pattern in _CORE if pattern.fullmatch(text)), "str")


def number(text: str) -> int | float | None:
    """The number that a plain scalar is, None where it is none; `.inf` is none either.

    >>> number("017"), number("0x1F"), number("1e3"), number("1_000"), number(".nan")
    (17, 31, 1000.0, None, None)
    """
    if len(text) > LONGEST_NUMBER:
        return None
    match type_of(text):
        case "int":
            return int(text, 0) if text.startswith(("0x", "0o")) else int(text)
        case "float" if text[-1] not in "fFnN" and math.isfinite(value := float(text)):
            return value
        case _:
            return None


def number_of_yaml_1_1(text: str) -> int | float | None:
    """The number that readers of YAML 1.1, or of no standard at all, make of a text.

    A `0` in front of an integer is left out: it meant octal there, and means nothing in YAML 1.2.

    >>> number_of_yaml_1_1("400_000"), number_of_yaml_1_1("0b11"), number_of_yaml_1_1("1_0.5")
    (400000, 3, 10.5)
    >>> number_of_yaml_1_1("0_17"), number_of_yaml_1_1("20:00"), number_of_yaml_1_1("_1")
    (None, None, None)
    """
    if len(text) > LONGEST_NUMBER:
        return None
    if match := _OLD_INTEGER.fullmatch(text):
        sign = -1 if match["sign"] == "-" else 1
        digits = (match["plain"] or match["digits"]).replace("_", "")
        if match["plain"] and digits.startswith("0") and digits != "0":
            return None
        base = _BASES[match["prefix"]] if match["prefix"] else 10
        try:
            return sign * int(digits, base)
        except ValueError:  # such as `0b12`, which is no number anywhere
            return None
    if _OLD_FLOAT.fullmatch(text) and any(c.isdigit() for c in text):
        value = float(text.replace("_", ""))
        return value if math.isfinite(value) else None
    return None
