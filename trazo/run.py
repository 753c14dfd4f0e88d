"""How a run speaks and ends: lines for people, JSON for programs, and exit codes."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from compiler.backends.terminal import console
from trazo_spec.diagnostics import Diagnostic, Severity
from trazo_spec.secrecy import covered

FINDINGS, WRONG_USAGE, TOOL_MISSING = 1, 2, 3
INTERRUPTED = 130
"""What a shell reports of a program that Ctrl-C ended: 128 and the signal's number."""


def say(text: str) -> None:
    """Prints a line for people to standard error, without secrets that a file or argument holds."""
    typer.echo(covered(text, prose=True), err=True)


def stop(text: str, code: int) -> NoReturn:
    """Prints one line of advice and exits."""
    say(f"trazo: {text}")
    raise SystemExit(code)


def exit_on(found: Iterable[Diagnostic], *, strict: bool) -> None:
    """Exits when a finding is an error, or anything above a hint when strict."""
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(d.severity in failing for d in found):
        raise typer.Exit(FINDINGS)


def print_json(document: object) -> None:
    """Prints plain values as JSON to standard output."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Shows which step runs, on a terminal as a spinner and elsewhere not at all."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    screen = console(stderr=True)
    with Progress(
        *columns, console=screen, transient=True, disable=quiet or not screen.is_terminal
    ) as bar:
        task = bar.add_task("")
        yield lambda text: bar.update(task, description=text)
