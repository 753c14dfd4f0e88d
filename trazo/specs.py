"""Reading a spec, its environments and their plans; each ends the run where that cannot be done."""

import sys
from pathlib import Path

import typer

from compiler.backends.terminal import print_findings, summary
from compiler.check import Checked, check
from compiler.graph import Graph
from compiler.lower import lower
from compiler.plan import Plan
from trazo.run import FINDINGS, WRONG_USAGE, exit_on, say, stop
from trazo_spec.diagnostics import has_errors
from trazo_spec.fields import did_you_mean
from trazo_spec.load import Loaded, load
from trazo_spec.trace import MOST_BYTES
from trazo_spec.traces import Unreadable, trace_files, with_traces


def read_spec(spec: Path) -> Loaded:
    """A spec file with its findings, and the measured demand that stands in files beside it."""
    try:
        content = sys.stdin.buffer.read() if str(spec) == "-" else spec.read_bytes()
    except OSError as error:
        stop(f"{spec} cannot be read: {(error.strerror or str(error)).lower()}", WRONG_USAGE)
    return read_text(content, "<stdin>" if str(spec) == "-" else str(spec))


def read_text(content: str | bytes, file: str) -> Loaded:
    """The content of a spec file, and the measured demand that stands in files beside it."""
    loaded = load(content, file)
    folder = Path(file).parent
    return with_traces(loaded, {file: _trace(folder / file) for file in trace_files(loaded)})


def _trace(file: Path) -> bytes | Unreadable:
    """What a file holds, unless it is no file, or far too large for a trace."""
    try:
        if not file.is_file():
            return Unreadable("is no file" if file.exists() else "does not exist")
        if (size := file.stat().st_size) > MOST_BYTES:
            return Unreadable(f"has {size:,} bytes, at most {MOST_BYTES:,} are read")
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
    found = checked.diagnostics
    in_full = strict or (warnings and not quiet)
    print_findings(found, sources(checked), quiet=not in_full)
    exit_on(found, strict=strict)
    if found and not in_full and not quiet:
        say(f"{summary(found)}: trazo validate {spec}")
    return checked


def sources(checked: Checked) -> dict[str, str]:
    """The text of the file without its secrets, for the source lines under findings."""
    return {checked.loaded.file: checked.loaded.cover.source}


def chosen_graph(checked: Checked, env: str) -> Graph:
    """The graph of the named environment, or of the first one."""
    if env and env not in checked.graphs:
        advice = did_you_mean(env, checked.graphs)
        stop(f"the spec has no environment `{env}`: {advice}", WRONG_USAGE)
    return checked.graphs[env or next(iter(checked.graphs))]


def checked_plans(checked: Checked, environments: list[str]) -> dict[str, Plan]:
    """The plans of environments; exits when one would not pass Terraform's own checks."""
    from compiler.provider_schema import check as check_plan

    plans = {name: lower(checked.graphs[name]) for name in environments}
    found = checked.with_later(d for plan in plans.values() for d in check_plan(plan))
    if has_errors(found):
        print_findings(found, sources(checked), quiet=True)
        raise typer.Exit(FINDINGS)
    return plans
