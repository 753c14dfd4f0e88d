"""What is found in a spec: by rules, by Terraform's own checks and by pricing."""

from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

import typer

from compiler.backends.screen import Text
from compiler.backends.terminal import console, print_findings, summary
from compiler.check import Checked
from compiler.files import write_file
from compiler.lower import lower
from trazo.options import PricingOptions
from trazo.paths import STANDARD
from trazo.pricing import CLOSED_FORM, chosen_period, priced
from trazo.run import WRONG_USAGE, exit_on, print_json, stop
from trazo.specs import sources
from trazo_spec.diagnostics import Diagnostic, as_document, has_errors
from trazo_spec.fields import did_you_mean
from trazo_spec.visible import json_text, one_line


class FindingsFormat(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def everything_found(checked: Checked) -> tuple[Diagnostic, ...]:
    """What rules find, then, where that is no error, Terraform's own checks, then prices.

    What the spec switches off is among it, marked as ignored.
    """
    from compiler.provider_schema import check as check_plan

    later: list[Diagnostic] = []
    whole = False
    if checked.sound:
        plans = {name: lower(graph) for name, graph in checked.graphs.items()}
        later = [d for plan in plans.values() for d in check_plan(plan)]
    if checked.sound and not has_errors(later):
        pricing = PricingOptions()
        estimates = priced(checked, plans, chosen_period(pricing), pricing, CLOSED_FORM)
        later += [d for e in estimates for d in e.findings]
        whole = True
    return checked.everything(later, whole=whole)


def only(checked: Checked, found: tuple[Diagnostic, ...], env: str) -> tuple[Diagnostic, ...]:
    """The findings of one environment, or all."""
    if env and env not in checked.loaded.documents:
        advice = did_you_mean(env, checked.loaded.documents)
        stop(f"the spec has no environment `{env}`: {advice}", WRONG_USAGE)
    return tuple(
        d for d in found if not env or not d.environment or env in d.environment.split(", ")
    )


def print_checked(
    checked: Checked,
    found: tuple[Diagnostic, ...],
    format_: FindingsFormat,
    *,
    quiet: bool,
    strict: bool,
    output: Path | None = None,
    fixed: tuple[Diagnostic, ...] = (),
) -> NoReturn:
    """Prints findings and what was read, and exits.

    Args:
        checked: The spec.
        found: What is found in it, with what it switches off.
        format_: For people, or which document for programs.
        quiet: Whether to print errors and documents only.
        strict: Whether a warning counts as an error.
        output: Where to write the document, beside the text for people, else standard output.
        fixed: What was found and is mended now.
    """
    counted = tuple(d for d in found if not d.ignored)
    if format_ is not FindingsFormat.TEXT:
        _write(_document(checked, found, format_, fixed), output)
    if format_ is FindingsFormat.TEXT or output not in (None, STANDARD):
        print_findings(counted, sources(checked), quiet=quiet)
        if not quiet:
            console().print(_summary(checked, found, len(fixed)))
    exit_on(counted, strict=strict)
    raise typer.Exit


def _write(document: object, output: Path | None) -> None:
    if output is None or output == STANDARD:
        print_json(document)
    else:
        write_file(output, f"{json_text(document)}\n".encode())


def _summary(checked: Checked, found: tuple[Diagnostic, ...], fixed: int) -> Text:
    """How many findings there are of each sort, and what was read."""
    counted = [d for d in found if not d.ignored]
    ignored, fixable = len(found) - len(counted), sum(d.edit is not None for d in counted)
    text = summary(counted)
    text.append(f", {ignored} ignored" if ignored else "")
    text.append(f", {fixed} fixed" if fixed else "")
    names = ", ".join(checked.loaded.documents) or "no environment could be read"
    text.append(one_line(f"  {checked.loaded.file}: {names}"), "dim")
    if fixable:
        text.append(f"\n{fixable} can be fixed by `trazo check --fix`")
    return text


def _document(
    checked: Checked,
    found: tuple[Diagnostic, ...],
    format_: FindingsFormat,
    fixed: tuple[Diagnostic, ...],
) -> dict[str, object]:
    """The findings for programs."""
    if format_ is FindingsFormat.SARIF:
        from compiler.backends.sarif import sarif

        return sarif(found, checked.loaded.file, Path.cwd(), version("trazo"))
    return {
        "schema": "trazo.findings/1",
        "spec": checked.loaded.file,
        "environments": list(checked.loaded.documents),
        "findings": [as_document(d) for d in found if not d.ignored],
        "ignored": [as_document(d) | {"reason": d.ignored} for d in found if d.ignored],
        "fixed": [as_document(d) for d in fixed],
    }
