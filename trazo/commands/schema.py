"""`trazo schema`: the language as JSON Schema."""

from trazo.disk.folders import write_file
from trazo.input.options import Output
from trazo.input.paths import STANDARD, chosen_format
from trazo.output.run import print_text


def schema(output: Output = None) -> None:
    """Print the JSON Schema of the language, for completion and hover text in editors."""
    from trazo_spec.authoring.schema import schema_text

    chosen_format(output, None, ("json",), "json")
    if output is None or output == STANDARD:
        print_text(schema_text(), nl=False)
    else:
        write_file(output, schema_text().encode())
