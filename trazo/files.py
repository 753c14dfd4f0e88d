"""Where a command writes to, and what it says about that."""

import sys
from collections.abc import Iterable
from pathlib import Path

import typer

from compiler.check import Checked
from compiler.files import write_file, write_tree
from trazo.run import WRONG_USAGE, print_json, stop


def default_folder(checked: Checked) -> Path:
    """`out/` and the spec's own name, so that two specs never share a folder."""
    name = Path(checked.loaded.file).stem.strip("<>")
    return Path("out") / name


def refuse_json_beside_a_result(output: Path | None, *, as_json: bool) -> None:
    """Exits when standard output would have to hold a file and a document about it."""
    if as_json and str(output) == "-":
        stop("`--json` says which file was written: name one with `--output`", WRONG_USAGE)


def write_result(
    content: bytes, output: Path | None, checked: Checked, name: str, *, as_json: bool
) -> None:
    """Writes the one file of a command where it was asked for, else to the default folder.

    Args:
        content: The file's bytes.
        output: A file, `-` for standard output, or nothing.
        checked: Whose default folder is used.
        name: The file's name in that folder.
        as_json: Whether to say as JSON what was written.
    """
    if str(output) == "-":
        sys.stdout.buffer.write(content)
    elif output is not None:
        write_file(output, content)
        print_files("wrote", output.parent, [output.name], as_json=as_json)
    else:
        folder = default_folder(checked)
        write_tree(folder, {name: content}, within=(name,))
        print_files("wrote", folder, [name], as_json=as_json)


def print_files(what: str, folder: Path, names: Iterable[str], *, as_json: bool) -> None:
    """Prints what happened to some files of a folder."""
    paths = [str(folder / name) for name in names]
    if as_json:
        print_json({"schema": "trazo.files/1", "result": what, "files": paths})
    else:
        typer.echo("\n".join(f"{what} {path}" for path in paths) or what)
