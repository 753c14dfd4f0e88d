"""The program: its commands in the order of `--help`, and what ends a run before its time."""

import errno
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.metadata import version as installed_version
from io import TextIOWrapper
from typing import Annotated

import typer

from compiler.backends.tools import ToolMissing
from trazo.command import Command, Program
from trazo.commands.build import build
from trazo.commands.check import check_
from trazo.commands.compile import compile_
from trazo.commands.cost import cost
from trazo.commands.diagram import diagram
from trazo.commands.diff import diff
from trazo.commands.graph import graph
from trazo.commands.init import init
from trazo.commands.prices import show, update
from trazo.commands.report import report
from trazo.commands.review import review
from trazo.commands.schema import schema
from trazo.commands.validate import validate
from trazo.disk.writing import NO_ROOM, OutputError
from trazo.input.options import written_out
from trazo.output.run import FINDINGS, TOOL_MISSING, print_text, stop
from trazo_spec.visible import SPELLED, one_line

COMMANDS: Mapping[str, Callable[..., None]] = {
    "init": init,
    "validate": validate,
    "check": check_,
    "graph": graph,
    "compile": compile_,
    "diagram": diagram,
    "cost": cost,
    "report": report,
    "diff": diff,
    "review": review,
    "schema": schema,
    "build": build,
}
PRICES: Mapping[str, Callable[..., None]] = {"show": show, "update": update}


app = typer.Typer(
    name="trazo",
    cls=Program,
    help="Compile one spec of an AWS web application into Terraform, diagrams and a bill.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
prices_app = typer.Typer(
    help="Show the prices that bills use, or read fresh ones from AWS.", no_args_is_help=True
)
app.add_typer(prices_app, name="prices")
for owner, commands in ((app, COMMANDS), (prices_app, PRICES)):
    for name, command in commands.items():
        owner.command(name, cls=Command)(written_out(command))


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        print_text(f"trazo {installed_version('trazo')}")
        raise typer.Exit


def main() -> None:
    """Runs a command; a missing tool or an unwritable output becomes one line of advice."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=SPELLED)  # where a terminal cannot say a letter
    try:
        _run()
    except BrokenPipeError:  # `trazo ... | head` closed the pipe
        _silence()
        sys.exit(FINDINGS)
    except OSError as error:
        _silence()
        reason = (error.strerror or str(error)).lower()
        where = one_line(f": {error.filename}") if error.filename else ""
        remedy = "free some space" if error.errno in NO_ROOM else "fix this first"
        if error.errno == errno.EBADF:
            reason, where, remedy = "standard output is closed", "", "remove `>&-`"
        with suppress(OSError):  # standard error may be full as well
            print(  # noqa: T201 - typer would look for a terminal first
                f"trazo: cannot write the output ({reason}{where}): {remedy}",
                file=sys.stderr,
                flush=True,
            )
        sys.exit(FINDINGS)


def _run() -> None:
    """Runs a command to its end, with all that it printed sent off."""
    try:
        app(standalone_mode=True)
    except ToolMissing as error:
        stop(str(error), TOOL_MISSING)
    except OutputError as error:
        stop(str(error), FINDINGS)
    finally:
        # Now, while an error can still be told; Python itself would print a traceback at its end.
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()


def _silence() -> None:
    """Lets what is left in the buffers go nowhere, for there is no place for it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
