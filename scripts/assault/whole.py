"""Whole commands in this process, as the command line calls them, on hostile specs."""

import io
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from assault import samples, structures, words
from assault.parsers import Case, Target
from assault.sinks import raw_controls
from trazo import program

SPEC = Path("fuzzed.yaml")
"""The hostile spec, in the folder of the worker."""
KNOWN_CODES = (0, 1, 2, 3)


class CommandError(AssertionError):
    """A command that did not end as it should."""


class RawError(AssertionError):
    """An output that holds what a terminal would obey."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        """All that was printed."""
        return (self.out + self.err).decode("utf-8", "replace")


def run(words_: Sequence[str], stdin: bytes = b"") -> Ran:
    """A command in this process; what it raises but for its exit code is raised."""
    with _streams(["trazo", *words_], stdin) as (out, err):
        code: object = 0
        try:
            program.main()
        except SystemExit as end:
            code = end.code
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        return Ran(_number(code), out.getvalue(), err.getvalue())


def _number(code: object) -> int:
    return code if isinstance(code, int) else 0 if code is None else 1


@contextmanager
def _streams(argv: list[str], stdin: bytes) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    """Streams of our own, and the arguments of a command."""
    before = sys.argv, sys.stdin, sys.stdout, sys.stderr
    out, err = io.BytesIO(), io.BytesIO()
    sys.argv = argv
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    sys.stdout = io.TextIOWrapper(out, "utf-8")
    sys.stderr = io.TextIOWrapper(err, "utf-8")
    try:
        yield out, err
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr = before


def _command(content: bytes, *words_: str) -> None:
    """A command on a hostile spec: it ends with a known code and sends nothing raw."""
    SPEC.write_bytes(content)
    ran = run(words_)
    if ran.code not in KNOWN_CODES:
        raise CommandError(f"ends with {ran.code}")
    if "Traceback (most recent call last)" in ran.text:
        raise CommandError("prints a traceback")
    if found := raw_controls(ran.text):
        raise RawError(f"prints {found} raw")
    if "--json" in words_ and ran.code == 0:
        json.loads(ran.out)


def _spec(rng: Random) -> bytes:
    """A hostile spec; half of them differ so little that commands get beyond reading."""
    match rng.randrange(4):
        case 0:
            begun = rng.choice((*samples.specs(), *samples.fixtures()))
            return words.mutated(rng, begun, samples.fixtures())
        case 1 | 2:
            return structures.altered(rng).encode("utf-8", "surrogatepass")
        case _:
            return structures.whole(rng).encode("utf-8", "surrogatepass")


def _draw(*words_: str) -> Target:
    return Target(lambda rng: (_spec(rng), *words_), _command, weight=1)


def _with_options(rng: Random) -> Case:
    """A command with options that hold hostile texts; none holds NUL, as on a real line."""
    name = words.text(rng, 12).replace("\0", "").encode("utf-8", "replace").decode()
    spec = str(SPEC)
    return _spec(rng), *rng.choice(
        (
            ("validate", spec, "--env", name),
            ("graph", spec, "--impact", name),
            ("cost", spec, "--runs", "0", "--explain", name),
            ("cost", spec, "--runs", "0", "--month", name),
            ("cost", spec, "--runs", "0", f"--budget={name}"),
            ("cost", spec, "--runs", "0", "--hours", words.number(rng)),
            ("diagram", spec, "--env", name, "--format", "dot"),
            ("prices", "show", "--item", name, "--region", name),
            ("diff", spec, name),
            (name, spec),
            ("validate", name),
        )
    )


def _priced(content: bytes, *words_: str) -> None:
    """A bill of a sound spec with a hostile price book."""
    Path("book.yaml").write_bytes(content)
    _command(b"", "cost", "sound.yaml", "--runs", "0", "--prices", "book.yaml", *words_)


def _book(rng: Random) -> Case:
    """A price book with one to three of its numbers in other spellings."""
    content = samples.PRICE_BOOKS["yaml"].decode()
    for found in rng.sample([*re.finditer(r"(?<=: )[\d.]+", content)], rng.choice((1, 1, 3))):
        content = content.replace(f": {found[0]}", f": {words.number(rng)}", 1)
    return content.encode(), *rng.choice(((), ("--json",), ("--format", "csv"), ("--what-if",)))


_S = str(SPEC)
COMMANDS: Mapping[str, Target] = {
    "trazo validate": _draw("validate", _S),
    "trazo validate --json": _draw("validate", _S, "--json"),
    "trazo check": _draw("check", _S),
    "trazo check --format sarif": _draw("check", _S, "--format", "sarif"),
    "trazo check --fix": _draw("check", _S, "--fix"),
    "trazo graph": _draw("graph", _S),
    "trazo graph --json": _draw("graph", _S, "--json"),
    "trazo graph --format dot": _draw("graph", _S, "--format", "dot"),
    "trazo diagram": _draw("diagram", _S, "-o", "fuzzed.svg"),
    "trazo diagram --view network": _draw(
        "diagram", _S, "--view", "network", "--format", "mermaid"
    ),
    "trazo cost --runs 0": _draw("cost", _S, "--runs", "0"),
    "trazo cost --runs 0 --json": _draw("cost", _S, "--runs", "0", "--json"),
    "trazo diff": _draw("diff", "sound.yaml", _S),
    "trazo compile --format hcl": _draw("compile", _S, "--format", "hcl", "-o", "fuzzed"),
    "trazo schema": _draw("schema"),
    "trazo cost --prices": Target(_book, _priced, weight=1.5),
    "trazo with options": Target(_with_options, _command, weight=4),
}
"""What takes tens of milliseconds."""
