"""`trazo schema`: the language as JSON Schema."""

import typer

from compiler.files import write_file
from trazo.options import Output
from trazo.paths import STANDARD, chosen_format


def schema(output: Output = None) -> None:
    """Print the JSON Schema of the language, for an editor's completion and hover text."""
    from trazo_spec.schema import schema_text

    chosen_format(output, None, ("json",), "json")
    if output is None or output == STANDARD:
        typer.echo(schema_text(), nl=False)
    else:
        write_file(output, schema_text().encode())
