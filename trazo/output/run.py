"""How a run speaks and ends: lines for people, JSON for programs, and exit codes."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from trazo.output import outcome
from trazo.output.terminal import console
from trazo_spec.diagnostics import Diagnostic, Severity
from trazo_spec.secrecy import covered
from trazo_spec.validation.fields import did_you_mean
from trazo_spec.visible import json_text, one_line, visible

FINDINGS, WRONG_USAGE, TOOL_MISSING = 1, 2, 3
MOST_NAMES = 40
"""How many names a line of advice lists."""
MOST_LETTERS = 200
"""How much of a word is compared with others; no name is nearly as long."""
INTERRUPTED = 130
"""What a shell reports of a program that Ctrl-C ended: 128 and the signal's number."""


def say(text: str) -> None:
    """Prints a line for people to standard error, without secrets that a file or argument holds."""
    print(one_line(covered(text, prose=True)), file=sys.stderr, flush=True)


def print_text(text: str, *, nl: bool = True) -> None:
    """Prints text of a command's result to standard output; what it holds is shown, never sent."""
    print(visible(text), end="\n" if nl else "", flush=True)


def suggested(word: str, known: Iterable[str]) -> str:
    """Advice about a word of the command line: the nearest known one, else all that there are."""
    names = sorted(known)
    if advice := did_you_mean(word[:MOST_LETTERS], names):
        return advice
    if not names:
        return "there are none"
    more = f", and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return "use one of " + ", ".join(f"`{name}`" for name in names[:MOST_NAMES]) + more


def stop(text: str, code: int) -> NoReturn:
    """Prints one line of advice and exits."""
    outcome.current().message = text
    say(f"trazo: {text}")
    raise SystemExit(code)


def exit_on(
    findings: Iterable[Diagnostic], *, strict: bool, environments: Iterable[str] = ()
) -> None:
    """Exits when a finding is an error, or anything above a hint when strict."""
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    findings = tuple(findings)
    if any(d.severity in failing for d in findings):
        fail(findings, environments)


def fail(findings: Iterable[Diagnostic], environments: Iterable[str] = ()) -> NoReturn:
    """Exits for findings that are printed already; a program that asked for JSON gets them so.

    Args:
        findings: The findings.
        environments: What could be read of the spec that they are about.
    """
    now = outcome.current()
    now.found, now.environments = tuple(findings), tuple(environments)
    raise typer.Exit(FINDINGS)


def print_json(document: object) -> None:
    """Prints plain values as JSON to standard output."""
    print_text(document_text(document))
    outcome.current().printed = True


def document_text(document: object) -> str:
    """Plain values as JSON that standard output can say."""
    utf = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    return json_text(document, ascii_only=not utf)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Shows which step runs, on a terminal as a spinner and elsewhere not at all."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    screen = console(stderr=True)
    spinner = SpinnerColumn("line" if screen.options.ascii_only else "dots")
    columns = (spinner, TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(
        *columns, console=screen, transient=True, disable=quiet or not screen.is_terminal
    ) as bar:
        task = bar.add_task("")
        yield lambda text: bar.update(task, description=text)
