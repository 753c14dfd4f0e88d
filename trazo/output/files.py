"""Where a command writes to, and what it says about that."""

import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from compiler.findings.check import Checked
from trazo.disk.folders import OutputError, our_files, write_file, write_tree
from trazo.disk.places import lies_in
from trazo.output.run import WRONG_USAGE, print_json, print_text, stop
from trazo_spec.validation.fields import did_you_mean
from trazo_spec.visible import file_name, one_line


def default_folder(checked: Checked) -> Path:
    """`out/` and the spec's own name, so that two specs never share a folder.

    Nobody named it, so it may not be a link that came with the spec.
    """
    name = file_name(Path(checked.loaded.file).stem.strip("<>").strip("."))
    folder = Path("out") / (name or "spec")
    if not lies_in(folder, Path()):
        raise OutputError(f"{folder} is reached through a link: if you want this, set it with -o")
    return folder


def refuse_unknown(overwrite: Iterable[str], files: Collection[str], folder: Path) -> None:
    """Exits when `--overwrite` names a file that is neither written nor removed."""
    known = {*files, *our_files(folder)} if overwrite else set()
    for name in overwrite:
        if name not in known:
            advice = did_you_mean(name, sorted(known))
            stop(f"`--overwrite {name}`: trazo does not write such a file: {advice}", WRONG_USAGE)


def refuse_json_beside_a_result(output: Path | None, *, as_json: bool) -> None:
    """Exits when standard output would have to hold a file and a document about it."""
    if as_json and str(output) == "-":
        stop("`--json` reports which file was written: set one with `--output`", WRONG_USAGE)


def write_result(
    content: bytes,
    output: Path | None,
    checked: Checked,
    name: str,
    overwrite: Sequence[str],
    *,
    as_json: bool,
) -> None:
    """Writes the one file of a command where it was asked for, else to the default folder.

    Args:
        content: The file's bytes.
        output: A file, `-` for standard output, or nothing.
        checked: Whose default folder is used.
        name: The file's name in that folder.
        overwrite: Names of files in that folder that may be replaced although they were edited.
        as_json: Whether to say as JSON what was written.
    """
    if str(output) == "-":
        print_bytes(content)
    elif output is not None:
        write_file(output, content)
        print_files("wrote", output.parent, [output.name], as_json=as_json)
    else:
        folder = default_folder(checked)
        refuse_unknown(overwrite, (name,), folder)
        write_tree(folder, {name: content}, (name,), overwrite)
        print_files("wrote", folder, [name], as_json=as_json)


def print_bytes(content: bytes) -> None:
    """Writes a file to standard output as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def print_files(what: str, folder: Path, names: Iterable[str], *, as_json: bool) -> None:
    """Prints what happened to some files of a folder."""
    paths = [str(folder / name) for name in names]
    if as_json:
        print_json({"schema": "trazo.files/1", "result": what, "files": paths})
    else:
        print_text("\n".join(f"{what} {one_line(path)}" for path in paths) or what)
