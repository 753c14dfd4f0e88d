"""Paths as they are written on the command line, and what their ends say about a file's format."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from mimetypes import MimeTypes
from pathlib import Path

import typer

from trazo.disk.places import is_special, is_standard_input, open_descriptor, same_file
from trazo.output.run import WRONG_USAGE, stop
from trazo_spec.load import Loaded
from trazo_spec.traces import named_traces

STANDARD = Path("-")
"""Standard input or output; a file of that name is written `./-`."""

_STDOUT = 1
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")

_SUFFIXES: Mapping[str, Sequence[str]] = {
    "svg": (".svg",),
    "png": (".png",),
    "pdf": (".pdf",),
    "mermaid": (".mmd", ".mermaid"),
    "dot": (".dot", ".gv"),
    "html": (".html", ".htm"),
    "json": (".json",),
    "sarif": (".sarif", ".json"),
    "yaml": (".yaml", ".yml"),
}
_TEXTS = ("mermaid", "dot", "json", "sarif")
"""Formats that may stand in a file that says only that it is text."""
# Beside those of the standard library's own table, which is the same on every machine.
_OTHER_SUFFIXES = (
    *(".ai", ".avif", ".csv", ".d2", ".docx", ".drawio", ".excalidraw", ".fig", ".heic", ".hcl"),
    *(".jpg", ".jxl", ".key", ".log", ".md", ".numbers", ".odg", ".odp", ".ods", ".odt", ".pages"),
    *(".plantuml", ".pptx", ".puml", ".rst", ".sketch", ".svgz", ".tex", ".tf", ".toml", ".txt"),
    *(".vsd", ".vsdx", ".webp", ".xlsx", ".yaml", ".yml"),
)
_OF_FILES = frozenset((".tf", ".hcl", ".yaml", ".yml", ".zip")).union(*_SUFFIXES.values())
"""Ends of names that nobody gives to a folder."""


def path(given: str) -> Path:
    """A path to read from or write to: `-` is the standard stream, `./-` a file."""
    if not str(given):
        raise typer.BadParameter("a path must not be empty")
    if "\0" in str(given):
        raise typer.BadParameter("a path must not contain a null character")
    if _ADDRESS.match(str(given)):  # not repeated: it may hold a password
        raise typer.BadParameter("a path is needed here, not an address")
    location = Path(given)
    return Path.cwd() / location if location == STANDARD and str(given) != "-" else location


def file(given: str) -> Path:
    """A path to one file, or the standard stream, which has other names such as `/dev/stdout`."""
    if str(given).endswith("/"):
        raise typer.BadParameter(f"`{given}` is a folder: give a file in it")
    location = path(given)
    return STANDARD if open_descriptor(location) == _STDOUT else location


def named_file(given: str) -> Path:
    """A path to a file that cannot be the standard stream."""
    if str(given) == "-":
        raise typer.BadParameter("`-` must be a file here; `./-` is a file with that name")
    return path(given)


def folder(given: str) -> Path:
    """A path to a folder that several files are written to."""
    if str(given) == "-":
        raise typer.BadParameter(
            "several files are written, so standard output cannot be used: give a folder; `./-` "
            "is a folder with that name"
        )
    location = path(given)
    if location.suffix.lower() in _OF_FILES and not location.is_dir():
        raise typer.BadParameter(
            f"`{given}` has the extension of a file, but several files are written: give a folder"
        )
    return location


def place(given: str) -> str:
    """A spec file, or `REV:PATH` of git."""
    return str(path(given))


def chosen_format(
    output: Path | None, asked: str | None, offered: Sequence[str], default: str
) -> str:
    """The format that was asked for, else that of the output's name; exits when they contradict.

    Args:
        output: Where to write to, if that was said.
        asked: The format, if it was named.
        offered: The formats that there are.
        default: What is written where nobody says anything.
    """
    suffix = "" if output is None else output.suffix.lower()
    if output is None or not suffix or is_special(output):
        return asked or default
    fitting = [one for one in offered if suffix in _SUFFIXES[one]]
    if asked is None and fitting:
        return fitting[0]
    if asked is None and (len(offered) > 1 or _means_something(suffix)):
        names = ", ".join(f"`{_SUFFIXES[one][0]}`" for one in offered)
        stop(f"`{output}` must end in {names}: its extension selects the format", WRONG_USAGE)
    if asked is not None and asked not in fitting and (fitting or not _may_hold(suffix, asked)):
        stop(
            f"`{output}` does not match the format `{asked}`, which uses the extension "
            f"`{_SUFFIXES[asked][0]}`; the formats are {', '.join(offered)}",
            WRONG_USAGE,
        )
    return asked or default


def _may_hold(suffix: str, format_: str) -> bool:
    """Whether a file of that name may hold a format with another end."""
    return not _means_something(suffix) or (suffix in (".txt", ".md") and format_ in _TEXTS)


def _means_something(suffix: str) -> bool:
    """Whether the end of a name promises what is in the file."""
    known = MimeTypes(filenames=())
    tables = (*known.types_map, known.encodings_map, known.suffix_map)
    return suffix in _OTHER_SUFFIXES or any(suffix in table for table in tables)


def refuse_inputs(
    outputs: Iterable[Path], specs: Collection[Loaded], prices: Path | None = None
) -> None:
    """Exits when an output is what is read: a spec, its traces, or its prices."""
    read = list(_inputs(specs, prices))
    for output in outputs:
        if output == STANDARD or is_special(output):
            continue
        if is_standard_input(output):
            stop(f"{output} is the file that standard input reads: {_ELSEWHERE}", WRONG_USAGE)
        for what, one in read:
            if same_file(output, one):
                stop(f"{output} is {what}, which is an input: {_ELSEWHERE}", WRONG_USAGE)


_ELSEWHERE = "choose another output with -o"


def _inputs(specs: Collection[Loaded], prices: Path | None) -> Iterator[tuple[str, Path]]:
    """Every file that a run reads because of some specs, with what it is."""
    from cost.rates.catalogue_file import BESIDE

    for spec in specs:
        beside = Path(spec.file).parent
        yield "the spec", Path(spec.file)
        yield "the price catalogue next to the spec", beside / BESIDE
        for name in named_traces(spec):
            yield "a trace of the spec", beside / name
    if prices is not None:
        yield "the price book", prices
