"""`trazo init`: a spec to begin with."""

import json
import os
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from compiler.findings.check import check
from trazo.disk.folders import write_file
from trazo.disk.places import is_special
from trazo.disk.writing import clear_away
from trazo.input import paths
from trazo.input.options import Quiet
from trazo.input.specs import sources
from trazo.output.run import WRONG_USAGE, print_text, say, stop
from trazo.output.terminal import print_findings
from trazo_spec.load import load

_ANOTHER = "choose another file"


def init(
    file: Annotated[
        Path,
        typer.Argument(parser=paths.file, help="Spec to write; `-` is standard output."),
    ] = Path("app.yaml"),
    name: Annotated[str, typer.Option(help="Project name.")] = "myapp",
    domain: Annotated[str, typer.Option(help="Domain that you own.")] = "myapp-example.com",
    region: Annotated[str, typer.Option(help="AWS region.")] = "us-east-2",
    timezone: Annotated[str, typer.Option(help="Time zone of your users.")] = "America/New_York",
    quiet: Quiet = False,
) -> None:
    """Write a commented starter spec, and the schema for completion in editors."""
    from trazo_spec.authoring.schema import schema_text
    from trazo_spec.authoring.template import SCHEMA_FILE, template

    paths.chosen_format(file, None, ("yaml",), "yaml")
    text = template(name, domain, region, timezone, str(file), SCHEMA_FILE)
    checked = check(load(text, str(file)))
    if not checked.sound:
        print_findings(checked.diagnostics, sources(checked), quiet=True)
        raise typer.Exit(WRONG_USAGE)
    if file == paths.STANDARD:
        print_text(text, nl=False)
        return
    if is_special(file):
        write_file(file, text.encode(), _ANOTHER)
        return
    clear_away(file)
    if file.exists():
        stop(f"{file} already exists: choose another name, or move it away", WRONG_USAGE)
    schema, schema_of_spec = file.parent / SCHEMA_FILE, schema_text()
    _refuse_foreign(schema)
    write_file(schema, schema_of_spec.encode(), _ANOTHER)
    write_file(file, text.encode(), _ANOTHER)
    if not quiet:
        say(f"wrote {file} and {schema}; next: trazo validate {quote(str(file))}")


def _refuse_foreign(schema: Path) -> None:
    """Exits when something else stands where the schema is to be written."""
    from trazo_spec.authoring.schema import TITLE

    if not os.path.lexists(schema):
        return
    try:
        document = json.loads(schema.read_bytes()) if schema.is_file() else None
    except (OSError, ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("title") != TITLE or schema.is_symlink():
        stop(f"{schema} already exists and is not a trazo schema: move it away", WRONG_USAGE)
