"""`trazo review`: what AWS does with a plan of Terraform."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from trazo.input import paths
from trazo.input.options import AsJson, Quiet, Strict
from trazo.output.run import WRONG_USAGE, exit_on, print_json, print_text, say, stop
from trazo.output.terminal import console, print_findings


class ReviewFormat(StrEnum):
    """How a review is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def review(
    plan: Annotated[
        Path,
        typer.Argument(
            metavar="PLAN",
            parser=paths.path,
            help="Output of `terraform show -json`, a file; `-` reads standard input.",
        ),
    ],
    *,
    format_: Annotated[
        ReviewFormat, typer.Option("--format", help="Output format.")
    ] = ReviewFormat.TEXT,
    production: Annotated[
        bool,
        typer.Option(
            "--production",
            help="Exit 1 on an interruption, as for plans whose tag `Environment` is `prod`.",
        ),
    ] = False,
    allow_loss: Annotated[
        list[str] | None,
        typer.Option("--allow-loss", metavar="ADDRESS", help="Allow the loss of what holds data."),
    ] = None,
    allow_interruption: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-interruption",
            metavar="ADDRESS",
            help="Allow an interruption of this resource in production.",
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Review a plan of Terraform: what AWS refuses, what is lost, what is down and for how long.

    The plan is what `terraform show -json PLAN` prints. Exits 1 if AWS would refuse it, if data
    would be lost, or if production would be interrupted.
    """
    from compiler.changes.plan_json import PlanError
    from compiler.changes.planned import read_plan
    from compiler.changes.review import Allowed, findings, unneeded
    from compiler.changes.review import production as is_production
    from cost.showing import review_text as texts

    name = "standard input" if plan == paths.STANDARD else str(plan)
    try:
        planned = read_plan(_content(plan, name))
    except PlanError as error:
        stop(f"{name} {error}", WRONG_USAGE)
    strictly = production or is_production(planned)
    allowed = Allowed(allow_loss or (), allow_interruption or ())
    wrong = findings(planned, allowed, in_production=strictly)
    result = texts.Review(planned, name, strictly, wrong)
    if as_json or format_ is ReviewFormat.JSON:
        print_json(texts.as_json(result))
    elif format_ is ReviewFormat.MARKDOWN:
        print_text(texts.markdown(result), nl=False)
    else:
        console().print(texts.tables(result))
    print_findings(wrong, {}, quiet=quiet)
    for option in () if quiet else unneeded(planned, allowed, in_production=strictly):
        say(f"`{option}` does not have an effect: leave it out")
    exit_on(wrong, strict=strict)


def _content(plan: Path, name: str) -> bytes:
    """The bytes of a plan, of a file without an end only as many as show that it is too large."""
    from compiler.changes.plan_json import MOST_BYTES

    try:
        if plan != paths.STANDARD:
            with plan.open("rb") as file:
                return file.read(MOST_BYTES + 1)
        if sys.stdin is None:
            raise ValueError("it is closed")
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # a closed stream is a wrong value
        reason = error.strerror if isinstance(error, OSError) else None
        stop(f"{name} cannot be read: {(reason or str(error)).lower()}", WRONG_USAGE)
