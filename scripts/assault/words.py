"""Hostile texts, numbers and bytes, drawn from a generator of random numbers."""

from random import Random

CONTROLS = "\0\a\b\t\n\v\f\r\x1b\x7f\x80\x85\x90\x9b\x9c\x9d\xa0\xad"
MARKS = "\u200b\u200e\u200f\u061c\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\ufffe\U000e0001"
LETTERS = "azAZ09_-.:/*?#@%&'\"\\`{}[]()<>|!,;=+~^$ "
WIDE = "éßĲ\u017fKİ\u0131\u03b1字😀👩‍👩‍👧𝟙٣"

NUMBERS = (
    *("0", "1", "-1", "+1", "00", "012", "0o17", "0x1F", "0b11", "1_000", "8_0", "1__0", "_1"),
    *("1.", ".5", "1.5", "16.10", "1e3", "1E+3", "1e400", "-1e400", "1e-400", "5e-324", "1e999999"),
    *(".inf", "-.INF", ".nan", ".NaN", "NaN", "Infinity", "inf", "9007199254740993", "1" * 31),
    *("99999999999999999999", "-9223372036854775809", "9" * 400, "0." + "0" * 400 + "1", "1:30"),
    *("190:20:30", "2026-01-01", "2026-01-01T00:00:00Z", "\u0661٢", "1²", "0x", "0xG", "1e", "--1"),
)
"""Numbers of all spellings, and what looks like one."""

SCALARS = (
    *NUMBERS,
    *("", "null", "~", "Null", "true", "True", "TRUE", "yes", "on", "Off", "n", "[]", "[1]", "{}"),
    *("{a: 1}", "[[[]]]", "text", '""', "''", '"', "'", "|", ">", "|-\n  a\n", ">+\n\n a", "- a"),
    *("*nowhere", "&a [*a]", "&a a", "*a", "<<", "!!int x", "!!str 1", "!!binary =", "!t x", "!"),
    *('"\\ud800"', '"\\UFFFFFFFF"', '"\\x1b[2J"', '"\\0"', '"\\e"', "%YAML 1.1", "---", "...", "?"),
    *("? a", ": b", "a: b: c", "@a", "`a`", "#", " # c", "\t", "{kind: s3}", "{<<: {a: 1}}"),
    *(
        "${x}",
        "%{if}",
        '"${x}"',
        "0 0 * * ? *",
        "cron(0 0 * * ? *)",
        "10.0.0.0/8",
        "::/0",
        "*.x.io",
    ),
)
"""What may stand behind a colon by mistake or malice, as YAML writes it."""

TEXTS = (
    *(
        "0 0 * * ? *",
        "0 0 ? * SUN#5 *",
        "0/0 * * * ? *",
        "*/61 * * * ? *",
        "0 0 L-31 * ? 1970-2199",
    ),
    *(
        "0 0 31W 2 ? *",
        "0 0 LW * ? *",
        "0 0 ? * 7L 2199/200",
        "59-0 23-0 ? * FRI-MON *",
        "1,,2 * * * ? *",
    ),
    *("MON-FRI", "SAT,SUN", "FRI-MON", "MON-", ",", "mon", "1-5", "24:00", "00:60", "7:5", "99:99"),
    *("UTC", "Europe/Berlin", "America/New_York", "../../etc/passwd", "posixrules", "Etc/GMT+14"),
    *("/etc/localtime", "localtime", ".", "america/new_york", "15 minutes", "0 days", "1 day"),
    *("999999999999 days", "1 minutes", "-1 hours", "2026-12-24T18:00:00", "2026-02-30T00:00:00"),
    *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00", "2026-12-24T18:00:00+25:00", "2026-W01-1"),
    *(
        "10.0.0.0/16",
        "10.0.0.0/33",
        "10.0.0.1/16",
        "010.0.0.0/16",
        "10.0.0.0/255.255.0.0",
        "::1/64",
    ),
    *("api.example.com", "*.example.com", "-.example.com", "xn--a.com", "a..b", "a." * 130 + "com"),
    *("arn:aws:s3:::b", "arn:aws-cn:iam::123456789012:role/r", "arn:aws:::", "arn:" + ":" * 40),
    *(
        "a@b.c",
        "@",
        "a@b",
        "2026-11",
        "0001-01",
        "9999-12",
        "2026-13",
        "٢٠٢٦-\u0661\u0661",
        "0000-01",
    ),
    *("main:specs/app.yaml", "HEAD:", ":x", "--output=x:y", "HEAD~999:a", "@{-1}:a", "HEAD:../a"),
    *("vpc-0123456789abcdef0", "subnet-00000000", "db.t4g.micro", "acme-state", "us-east-2", "web"),
    *("http://[::1", "https://", "//x", "http://127.0.0.1:99999", "javascript:x", "a" * 5000),
)
"""Texts with a form of their own, right ones and wrong ones."""


def text(rng: Random, most: int = 40) -> str:
    """A text of letters, marks and controls, or one with a form of its own."""
    if rng.random() < 0.4:
        return mixed(rng, rng.choice(TEXTS))
    pools = (LETTERS, LETTERS, LETTERS, "0123456789", CONTROLS, MARKS, WIDE)
    return "".join(rng.choice(rng.choice(pools)) for _ in range(rng.randrange(most)))


def mixed(rng: Random, known: str) -> str:
    """A text with a few of its letters lost, doubled or replaced, or as it is."""
    letters = list(known)
    for _ in range(rng.choice((0, 1, 1, 2, 5))):
        at = rng.randrange(len(letters) + 1)
        new = rng.choice(rng.choice((LETTERS, "0123456789", CONTROLS, MARKS, WIDE)))
        letters[at : at + rng.randrange(3)] = [new] * rng.choice((0, 1, 1, 1, 2, 30))
    return "".join(letters)


def number(rng: Random) -> str:
    """A number in one of its spellings, or what looks like one."""
    if rng.random() < 0.6:
        return rng.choice(NUMBERS)
    digits = "".join(rng.choice("0123456789") for _ in range(rng.choice((1, 2, 3, 8, 40))))
    return rng.choice(("{}", "-{}", "{}.{}", "{}e{}", "0x{}", "{}_{}", ".{}")).format(
        digits, digits
    )


def mutated(rng: Random, content: bytes, others: tuple[bytes, ...] = ()) -> bytes:
    """Bytes with one to four parts changed, lost, doubled, moved or taken from elsewhere."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        content = _changed(rng, content, others)
    return content


def _changed(rng: Random, content: bytes, others: tuple[bytes, ...]) -> bytes:
    at = rng.randrange(len(content) + 1)
    end = min(len(content), at + rng.choice((1, 1, 2, 5, 20, 200)))
    match rng.randrange(9):
        case 0:
            return content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]
        case 1:
            return content[:at] + content[end:]
        case 2:
            return content[:end] + content[at:end] * rng.choice((1, 2, 50)) + content[end:]
        case 3:
            other = rng.choice(others) if others else content
            start = rng.randrange(len(other) + 1)
            return content[:at] + other[start : start + rng.choice((5, 50, 300))] + content[end:]
        case 4:
            return content[:at] + text(rng, 12).encode("utf-8", "surrogatepass") + content[at:]
        case 5:
            return (
                content[:at] + rng.choice(SCALARS).encode("utf-8", "surrogatepass") + content[end:]
            )
        case 6:
            return _line_changed(rng, content)
        case 7:
            return content[:at]
        case _:
            return content.replace(*rng.choice(_SWAPS))


_SWAPS = (
    *((b"\n", b"\r\n"), (b"\n", b"\r"), (b"\n", b"\xe2\x80\xa8"), (b"\n", b"\xc2\x85")),
    *(
        (b"  ", b"\t"),
        (b": ", b":"),
        (b"{", b"["),
        (b"a", b"\xc3\xa9"),
        (b"e", b"\xff"),
        (b",", b""),
    ),
)


def _line_changed(rng: Random, content: bytes) -> bytes:
    """The same lines with what stands behind one's colon replaced, or its indentation."""
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    head, colon, _ = lines[at].partition(b":")
    match rng.randrange(3):
        case 0:
            lines[at] = b" " * rng.randrange(12) + lines[at].lstrip()
        case 1:
            lines.insert(rng.randrange(len(lines) + 1), lines[at])
        case _:
            value = rng.choice(SCALARS).encode("utf-8", "surrogatepass")
            lines[at] = head + (colon or b":") + b" " + value
    return b"\n".join(lines)
