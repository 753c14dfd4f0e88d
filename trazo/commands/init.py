"""`trazo init`: a spec to begin with."""

from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from compiler.backends.terminal import print_findings
from compiler.check import check
from compiler.files import write_file
from trazo.options import Quiet
from trazo.run import WRONG_USAGE, say, stop
from trazo_spec.load import load


def init(
    file: Annotated[Path, typer.Argument(help="The spec to write.")] = Path("app.yaml"),
    name: Annotated[str, typer.Option(help="The project's name.")] = "myapp",
    domain: Annotated[str, typer.Option(help="A domain that you own.")] = "myapp-example.com",
    region: Annotated[str, typer.Option(help="An AWS region.")] = "us-east-2",
    timezone: Annotated[str, typer.Option(help="Your users' time zone.")] = "America/New_York",
    quiet: Quiet = False,
) -> None:
    """Write a commented spec to begin with, and the schema that gives an editor completion."""
    from trazo_spec.schema import schema_text
    from trazo_spec.template import SCHEMA_FILE, template

    text = template(name, domain, region, timezone, str(file), SCHEMA_FILE)
    checked = check(load(text, str(file)))
    if not checked.sound:
        print_findings(checked.diagnostics, {str(file): text}, quiet=True)
        raise typer.Exit(WRONG_USAGE)
    if file.exists():
        stop(f"{file} exists already: choose another name, or move it away", WRONG_USAGE)
    schema = file.parent / SCHEMA_FILE
    write_file(schema, schema_text().encode())
    write_file(file, text.encode())
    if not quiet:
        say(f"wrote {file} and {schema}; next: trazo validate {quote(str(file))}")
