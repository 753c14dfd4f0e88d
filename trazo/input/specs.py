"""Reading a spec, its environments and their plans; each ends the run where that cannot be done."""

import sys
from pathlib import Path, PurePosixPath
from posixpath import normpath
from shlex import quote

from compiler.findings.check import Checked, check, that_count
from compiler.graph.graph import Graph
from compiler.plan.plan import Plan
from trazo.disk.revisions import RevisionError, read_revision
from trazo.input.reading import may_be_read
from trazo.output.run import WRONG_USAGE, exit_on, fail, say, stop, suggested
from trazo.output.terminal import print_findings, summary
from trazo_spec.diagnostics import has_errors
from trazo_spec.load import Loaded, load
from trazo_spec.traces import Outside, Unreadable, trace_files, with_traces
from trazo_spec.traces.trace import MOST_BYTES
from trazo_spec.yaml.reading import MOST_CHARACTERS

_MOST_BYTES = 4 * MOST_CHARACTERS + 1
"""No character of UTF-8 has more than four bytes."""


def read_spec(spec: Path) -> Loaded:
    """A spec file with its findings, and the measured demand that stands in files beside it."""
    name = "standard input" if str(spec) == "-" else str(spec)
    try:
        content = _content(spec)
    except (OSError, ValueError) as error:  # a closed stream is a wrong value
        reason = error.strerror if isinstance(error, OSError) else None
        stop(f"{name} cannot be read: {(reason or str(error)).lower()}", WRONG_USAGE)
    return read_text(content, "<stdin>" if str(spec) == "-" else str(spec))


def _content(spec: Path) -> bytes:
    """The bytes of a spec, of a file without an end only as many as show that it is too large."""
    if str(spec) != "-":
        with spec.open("rb") as file:
            return file.read(_MOST_BYTES)
    if sys.stdin is None:
        raise ValueError("it is closed")
    return sys.stdin.buffer.read(_MOST_BYTES)


def read_text(content: str | bytes, file: str) -> Loaded:
    """The content of a spec file, and the measured demand that stands in files beside it."""
    loaded = load(content, file)
    folder = Path(file).parent
    return with_traces(
        loaded, {file: _trace(folder / file, folder) for file in trace_files(loaded)}
    )


def read_spec_of_revision(place: str) -> Loaded:
    """The spec at `REV:PATH` of git, with the traces that the same revision has.

    Raises:
        RevisionError: Git knows no such revision or file.
    """
    loaded = load(read_revision(place), place)
    revision, _, path = place.partition(":")
    folder = PurePosixPath(path).parent
    contents: dict[str, bytes | Unreadable] = {}
    for file in trace_files(loaded):
        within = PurePosixPath(normpath(file))
        if within.parts[:1] == ("..",):
            contents[file] = Outside("is outside the spec's folder")
            continue
        try:
            contents[file] = read_revision(f"{revision}:{folder / within}")
        except RevisionError:
            contents[file] = Unreadable(f"does not exist in `{revision}`")
    return with_traces(loaded, contents)


def _trace(file: Path, folder: Path) -> bytes | Unreadable:
    """What a file holds, unless it may not be read, is no file, or far too large for a trace."""
    try:
        if not may_be_read(file, folder):
            return Outside("is outside the spec's folder")
        if not file.is_file():
            return Unreadable("is not a file" if file.exists() else "does not exist")
        if (size := file.stat().st_size) > MOST_BYTES:
            return Unreadable(f"has {size:,} bytes, but at most {MOST_BYTES:,} are allowed")
        return file.read_bytes()
    except (OSError, ValueError) as error:  # a path may hold a NUL
        return Unreadable(
            f"cannot be read: {error.strerror if isinstance(error, OSError) else error}"
        )


def sound_spec(spec: Path, *, quiet: bool, strict: bool, warnings: bool = False) -> Checked:
    """The checked spec; prints what is wrong and exits when that is an error.

    Args:
        spec: The file.
        quiet: Whether to keep quiet about what is no error.
        strict: Whether a warning counts as an error.
        warnings: Whether to print warnings in full, else how many there are.
    """
    checked = check(read_spec(spec))
    findings = checked.diagnostics
    in_full = strict or (warnings and not quiet)
    print_findings(findings, sources(checked), quiet=not in_full)
    exit_on(findings, strict=strict, environments=checked.loaded.documents)
    if findings and not in_full and not quiet:
        say(f"{summary(findings)}: trazo validate {quote(str(spec))}")
    return checked


def sources(checked: Checked) -> dict[str, str]:
    """The text of the file without its secrets, for the source lines under findings."""
    return {checked.loaded.file: checked.loaded.cover.source}


def chosen_graph(checked: Checked, env: str) -> Graph:
    """The graph of the named environment, or of the first one."""
    if env and env not in checked.graphs:
        advice = suggested(env, checked.graphs)
        stop(f"the spec has no environment `{env}`: {advice}", WRONG_USAGE)
    return checked.graphs[env or next(iter(checked.graphs))]


def checked_plans(checked: Checked, environments: list[str]) -> dict[str, Plan]:
    """The plans of environments; exits when one would not pass Terraform's own checks."""
    refused = [d for name in environments for d in checked.environments[name].refused]
    if has_errors(refused):
        findings = that_count(checked.everything(refused))
        print_findings(findings, sources(checked), quiet=True)
        fail(findings, checked.loaded.documents)
    return {name: checked.environments[name].plan for name in environments}
