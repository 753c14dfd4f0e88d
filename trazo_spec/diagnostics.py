"""Findings: what is wrong with a spec, where it stands, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from trazo_spec.visible import one_line

SpecPath = tuple[str | int, ...]
"""Keys and list positions from the top of a spec to a value: `("components", "alb", "port")`."""


class Severity(StrEnum):
    """How much a finding matters: only an error makes a command fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file; lines and columns count from 1, `end` is just past the last character."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Remedy:
    """What makes a finding disappear, where one value or key is all there is to change."""

    value: str | int | float | bool
    """What to write at the finding's path instead."""
    of_key: bool = False
    """Whether the key is to change, not what stands behind it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A remedy as a change of the file's text."""

    at: Span
    text: str
    """What to write there instead, as YAML."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding of a pass."""

    code: str
    """A code such as `TZ301`; its meaning never changes."""
    severity: Severity
    message: str
    """What is wrong: the value found and what was expected."""
    path: SpecPath = ()
    """Which value of the spec it is about; of a plan of Terraform, the addresses of resources."""
    at: Span | None = None
    """Where that value stands in the file."""
    related: tuple[Span, ...] = ()
    """The other places that take part, such as the second half of a conflict."""
    related_paths: tuple[SpecPath, ...] = ()
    """The same places as paths, before `locate()` has found their spans."""
    related_environment: str = ""
    """The environment that `related_paths` lead into, where it is not `environment`."""
    help: str = ""
    """What to do about it."""
    environment: str = ""
    """The environment whose merged spec shows it, empty when every one does."""
    confidential: bool = False
    """Whether the text at `at` must not be printed, since logs are read by many."""
    remedy: Remedy | None = None
    """The one change that makes it disappear, where there is one."""
    edit: Edit | None = None
    """The same in the file's text, where it changes no other environment."""
    ignored: str = ""
    """Why the spec switches it off, empty where it does not."""

    def __post_init__(self) -> None:
        """What is told is one line without anything unseen, whatever it quotes."""
        object.__setattr__(self, "message", one_line(self.message))
        object.__setattr__(self, "help", one_line(self.help))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any finding is an error."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def as_document(d: Diagnostic) -> dict[str, object]:
    """A finding as plain JSON values."""
    return {
        "code": d.code,
        "severity": str(d.severity),
        "message": d.message,
        "help": d.help or None,
        "path": list(d.path),
        "environment": d.environment or None,
        "at": _span(d.at) if d.at is not None else None,
        "related": [_span(s) for s in d.related],
        "fix": {"at": _span(d.edit.at), "text": d.edit.text} if d.edit is not None else None,
    }


def _span(span: Span) -> dict[str, object]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
