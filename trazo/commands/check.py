"""`trazo check`: everything that can be found, and the edits that mend it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from compiler.findings.check import Checked, check
from compiler.findings.clashes import clashes
from compiler.findings.fixes import fixed
from trazo.disk.folders import write_file
from trazo.disk.places import is_special
from trazo.disk.writing import clear_away
from trazo.input.options import AsJson, OnlyEnvironment, Output, Quiet, SpecFiles, Strict
from trazo.input.paths import STANDARD, chosen_format, refuse_inputs
from trazo.input.specs import read_spec, read_text
from trazo.output.run import FINDINGS, WRONG_USAGE, print_text, stop
from trazo.steps.findings import FindingsFormat, Look, everything_found, only, print_checked
from trazo_spec.diagnostics import Diagnostic

FormatOption = Annotated[
    FindingsFormat,
    typer.Option(
        "--format", help="How to print findings; `sarif` is for code scanning, such as GitHub's."
    ),
]
Fix = Annotated[
    bool,
    typer.Option("--fix", help="Apply single-edit fixes to the file, then check again."),
]


def check_(
    spec: SpecFiles,
    *,
    env: OnlyEnvironment = "",
    format_: FormatOption = FindingsFormat.TEXT,
    output: Output = None,
    fix: Fix = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Check everything: what `validate` does, then every Terraform argument and every price.

    Of several specs, also which names in AWS two of them would own.
    """
    chosen = FindingsFormat.JSON if as_json else format_
    if output is not None and chosen is FindingsFormat.TEXT:
        stop("`--output` requires `--format json` or `sarif`", WRONG_USAGE)
    chosen_format(output, chosen, ("json", "sarif"), chosen)
    _refuse_twice(spec)
    every = [check(read_spec(one)) for one in spec]
    refuse_inputs([output] if output else [], [checked.loaded for checked in every])
    looks = [
        _look(one, checked, env, chosen, fix=fix) for one, checked in zip(spec, every, strict=True)
    ]
    shared = clashes([checked for checked, _ in looks]) if len(looks) > 1 else ((),)
    looks = [
        (checked, look._replace(found=(*look.found, *only(checked, clashing, env))))
        for (checked, look), clashing in zip(looks, shared, strict=True)
    ]
    print_checked(looks, chosen, quiet=quiet, strict=strict, output=output)


def _refuse_twice(specs: Sequence[Path]) -> None:
    """A spec would clash with itself in everything, and standard input is empty the second time."""
    for spec, times in Counter(specs).items():
        if times > 1:
            stop(f"{spec} is given {times} times: give it once", WRONG_USAGE)


def _look(
    spec: Path, checked: Checked, env: str, chosen: FindingsFormat, *, fix: bool
) -> tuple[Checked, Look]:
    """What is found in one spec, after what can be mended is."""
    mended = _fix(spec, checked, env) if fix else ()
    if mended:
        checked = check(read_spec(spec))
        if chosen is FindingsFormat.TEXT:
            print_text("\n".join(map(_told, mended)))
    return checked, Look(only(checked, everything_found(checked), env), env, mended)


def _fix(spec: Path, checked: Checked, env: str) -> tuple[Diagnostic, ...]:
    """Mends the file, and says what was mended."""
    if spec == STANDARD or is_special(spec):
        stop("`--fix` needs a file to write to", WRONG_USAGE)

    def look(text: str) -> tuple[Diagnostic, ...]:
        again = check(read_text(text, str(spec)))
        return only(again, everything_found(again), env)

    clear_away(spec)
    result = fixed(checked.loaded.text, look)
    if result.done:
        before = spec.read_bytes()
        mark = "\ufeff" if before.startswith(b"\xef\xbb\xbf") else ""
        if before != f"{mark}{checked.loaded.text}".encode():
            stop(f"{spec} was changed by another program: run `--fix` again", FINDINGS)
        write_file(spec, f"{mark}{result.text}".encode(), "fix it by hand")
    return result.done


def _told(d: Diagnostic) -> str:
    """A mended finding in a line: its place, code and what is written there now."""
    place = f"{d.at.file}:{d.at.line}:{d.at.column}: " if d.at is not None else ""
    return f"{place}fixed {d.code}: {d.message}; now `{d.edit.text if d.edit is not None else ''}`"
