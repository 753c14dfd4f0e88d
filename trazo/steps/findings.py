"""What is found in a spec: by rules, by Terraform's own checks and by pricing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, NoReturn

import typer

from compiler.backends.screen import Text
from compiler.findings.check import Checked, of_environment, that_count
from trazo.input.options import PricingOptions
from trazo.input.paths import STANDARD
from trazo.input.specs import sources
from trazo.output.outcome import FINDINGS
from trazo.output.run import WRONG_USAGE, exit_on, stop, suggested
from trazo.output.terminal import console, print_findings, summary
from trazo.steps.documents import write_document
from trazo.steps.pricing import CLOSED_FORM, chosen_period, priced
from trazo_spec.diagnostics import Diagnostic, Span, as_document, has_errors
from trazo_spec.visible import one_line


class FindingsFormat(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def everything_found(checked: Checked) -> tuple[Diagnostic, ...]:
    """What rules find, then, where that is no error, Terraform's own checks, then prices.

    What the spec switches off is among it, marked as ignored.
    """
    later: list[Diagnostic] = []
    whole = False
    if checked.sound:
        later = [d for one in checked.environments.values() for d in one.refused]
    if checked.sound and not has_errors(later):
        plans = {name: one.plan for name, one in checked.environments.items()}
        pricing = PricingOptions()
        environments = priced(checked, plans, chosen_period(pricing), pricing, CLOSED_FORM)
        later += [d for each in environments for d in each.findings]
        whole = True
    return checked.everything(later, whole=whole)


def only(checked: Checked, findings: tuple[Diagnostic, ...], env: str) -> tuple[Diagnostic, ...]:
    """The findings of one environment, or all."""
    if env and env not in checked.loaded.documents:
        advice = suggested(env, checked.loaded.documents)
        stop(f"the spec has no environment `{env}`: {advice}", WRONG_USAGE)
    return of_environment(findings, env)


class Look(NamedTuple):
    """What was found, and where one looked."""

    found: tuple[Diagnostic, ...]
    """The findings, with those that the spec switches off."""
    env: str = ""
    """The only environment whose findings these are; empty for all of them."""
    fixed: tuple[Diagnostic, ...] = ()
    """What was found and is mended now."""

    def environments(self, checked: Checked) -> list[str]:
        """The environments that were looked at."""
        return [self.env] if self.env else [*checked.loaded.documents]


def print_checked(
    looks: Sequence[tuple[Checked, Look]],
    format_: FindingsFormat,
    *,
    quiet: bool,
    strict: bool,
    output: Path | None = None,
) -> NoReturn:
    """Prints findings and what was read, and exits.

    Args:
        looks: Each spec with what is found in it.
        format_: For people, or which document for programs.
        quiet: Whether to print errors and documents only.
        strict: Whether a warning counts as an error.
        output: Where to write the document, beside the text for people, else standard output.
    """
    if format_ is not FindingsFormat.TEXT:
        write_document(_document(looks, format_), output)
    counted = that_count(d for _, look in looks for d in look.found)
    if format_ is FindingsFormat.TEXT or output not in (None, STANDARD):
        texts = {file: text for one, _ in looks for file, text in sources(one).items()}
        print_findings(counted, texts, quiet=quiet)
        for checked, look in () if quiet else looks:
            console().print(_summary(checked, look))
    exit_on(counted, strict=strict)
    raise typer.Exit


def _summary(checked: Checked, look: Look) -> Text:
    """How many findings there are of each sort, and what was looked at."""
    counted = that_count(look.found)
    ignored, fixable = len(look.found) - len(counted), sum(d.edit is not None for d in counted)
    names, known = look.environments(checked), len(checked.loaded.documents)
    text = summary(counted)
    text.append(f", {ignored} ignored" if ignored else "")
    text.append(f", {len(look.fixed)} fixed" if look.fixed else "")
    read = ", ".join(names) or "no environment could be read"
    only_these = f" only, {known - len(names)} more not checked" if known > len(names) else ""
    text.append(one_line(f"  {checked.loaded.file}: {read}{only_these}"), "dim")
    if fixable:
        text.append(f"\n{fixable} can be fixed by `trazo check --fix`")
    return text


def _document(looks: Sequence[tuple[Checked, Look]], format_: FindingsFormat) -> dict[str, object]:
    """The findings for programs; of several specs, in the order in which they were given."""
    every = [d for _, look in looks for d in look.found]
    if format_ is FindingsFormat.SARIF:
        from compiler.backends.sarif import sarif

        placed = (d for one, look in looks for d in _with_places(one, look))
        return sarif(placed, looks[0][0].loaded.file, Path.cwd(), version("trazo"))
    read = [
        {"spec": checked.loaded.file, "environments": look.environments(checked)}
        for checked, look in looks
    ]
    return {
        "schema": FINDINGS,
        **(read[0] if len(read) == 1 else {"specs": read}),
        "findings": [as_document(d) for d in every if not d.ignored],
        "ignored": [as_document(d) | {"reason": d.ignored} for d in every if d.ignored],
        "fixed": [as_document(d) for _, look in looks for d in look.fixed],
    }


def _with_places(checked: Checked, look: Look) -> Iterator[Diagnostic]:
    """The findings of a spec, those without a place at its beginning."""
    start = Span(checked.loaded.file, 1, 1, 1, 1)
    yield from (d if d.at is not None else replace(d, at=start) for d in look.found)
