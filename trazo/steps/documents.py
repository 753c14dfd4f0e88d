"""Documents for programs, printed or in a file."""

from pathlib import Path

from trazo.disk.folders import write_file
from trazo.input.paths import STANDARD
from trazo.output.outcome import current
from trazo.output.run import print_json
from trazo_spec.visible import json_text


def write_document(document: object, output: Path | None) -> None:
    """Writes plain values as JSON to a file, or prints them where none is named."""
    current().printed = True
    if output is None or output == STANDARD:
        print_json(document)
    else:
        write_file(output, f"{json_text(document)}\n".encode())
