"""`trazo diff`: what differs between two specs."""

from enum import StrEnum
from typing import Annotated

import typer

from trazo.input.options import AsJson, PricingOptions, Quiet, Strict
from trazo.input.paths import place
from trazo.input.specs import sources
from trazo.output.run import exit_on, print_json, print_text
from trazo.output.terminal import console, print_findings
from trazo.steps import diffs
from trazo.steps.pricing import chosen_period


class DiffFormat(StrEnum):
    """How a difference is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def diff(
    before: Annotated[
        str,
        typer.Argument(
            metavar="BEFORE", parser=place, help="Old spec, a file or `REV:PATH` of git."
        ),
    ],
    after: Annotated[
        str,
        typer.Argument(
            metavar="AFTER", parser=place, help="New spec, a file or `REV:PATH` of git."
        ),
    ],
    *,
    env: Annotated[
        str,
        typer.Option(
            "--env", metavar="NAME", help="Environment to compare; by default all of them."
        ),
    ] = "",
    pricing: PricingOptions,
    format_: Annotated[
        DiffFormat, typer.Option("--format", help="Output format.")
    ] = DiffFormat.TEXT,
    as_json: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Compare two specs: components, what Terraform would do, and dollars.

    Data that would be lost is only a warning, because nothing is applied. A spec is a file, or
    `REV:PATH` of git.
    """
    from cost.showing import diff_text as texts

    period = chosen_period(pricing)
    specs = diffs.pair(before, after, strict=strict)
    names = specs.environments(env)
    changed = list(diffs.environment_diffs(specs, names, period, pricing))
    if as_json or format_ is DiffFormat.JSON:
        print_json(texts.as_json(changed, before, after, period))
    elif format_ is DiffFormat.MARKDOWN:
        print_text(texts.markdown(changed, before, after, period), nl=False)
    else:
        console().print(texts.tables(changed, before, after, period))
    lost = diffs.lost(specs, names)
    print_findings(lost, sources(specs.after), quiet=quiet)
    exit_on(lost, strict=strict)
