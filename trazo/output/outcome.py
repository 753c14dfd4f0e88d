"""What a run has said so far, so that a program that asked for JSON gets some in every case."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import pairwise

from trazo_spec.diagnostics import Diagnostic, as_document

ERROR = "trazo.error/1"
FINDINGS = "trazo.findings/1"
KINDS = {1: "failure", 2: "wrong usage", 3: "tool missing", 130: "interrupted"}
"""Exit code -> what the document about an error calls it."""
DOCUMENTS = ("json", "sarif")
"""Values of `--format` that are documents for programs."""
TERRAFORM = ("compile", "build")
"""Commands whose `--format` is the language of what they write, not of what they print."""


@dataclass(slots=True)
class Outcome:
    """How a run went until now."""

    as_json: bool = False
    """Whether a document for programs was asked for."""
    printed: bool = False
    """Whether one was printed, or written to the file that was named for it."""
    message: str = ""
    """Why the run ends, when it is no finding."""
    found: Sequence[Diagnostic] = ()
    """The findings that end the run."""
    environments: Sequence[str] = field(default=())
    """What could be read of the spec that they are about."""


_CURRENT: ContextVar[Outcome] = ContextVar("outcome")


def current() -> Outcome:
    """The outcome of the run that goes on."""
    return _CURRENT.get(None) or Outcome()  # the latter where no command line is read


@contextmanager
def begun() -> Iterator[Outcome]:
    """A run of its own: commands that tests call one after the other know nothing of each other."""
    token = _CURRENT.set(Outcome())
    try:
        yield current()
    finally:
        _CURRENT.reset(token)


def asks_for_json(command: str, words: Sequence[str]) -> bool:
    """Whether a command line, which may be wrong, asks for a document.

    >>> asks_for_json("cost", ["app.yaml", "--format=json"])
    True
    >>> asks_for_json("compile", ["app.yaml", "--format", "json"])
    False
    """
    options = words[: words.index("--")] if "--" in words else words
    if "--json" in options:
        return True
    if command in TERRAFORM:
        return False
    return any(f"--format={word}" in options for word in DOCUMENTS) or any(
        word == "--format" and value in DOCUMENTS for word, value in pairwise(options)
    )


def document(outcome: Outcome, message: str, code: int) -> dict[str, object]:
    """A failure for programs: the findings, or else what ended the run."""
    if not outcome.found:
        kind = KINDS.get(code, "failure")
        return {"schema": ERROR, "kind": kind, "message": message, "exit_code": code}
    files = [d.at.file for d in outcome.found if d.at is not None]
    return {
        "schema": FINDINGS,
        "spec": files[0] if files else "",
        "environments": list(outcome.environments),
        "findings": [as_document(d) for d in outcome.found if not d.ignored],
        "ignored": [as_document(d) | {"reason": d.ignored} for d in outcome.found if d.ignored],
        "fixed": [],
    }
