"""`trazo review`: what AWS does with a plan of Terraform."""

import sys
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trazo.disk.places import same_file
from trazo.input import paths
from trazo.input.options import AsJson, Output, Quiet, Strict
from trazo.output.run import WRONG_USAGE, exit_on, print_text, say, stop
from trazo.output.terminal import console, print_findings
from trazo.steps.documents import write_document


class ReviewFormat(StrEnum):
    """How a review is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    SARIF = "sarif"


if TYPE_CHECKING:
    from cost.showing.review_text import Review

DOCUMENTS = (ReviewFormat.JSON, ReviewFormat.SARIF)
"""The formats for programs."""
UNNAMED = "plan.json"
"""The file that alerts are about, where the plan is on standard input: GitHub asks for one."""


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
        ReviewFormat,
        typer.Option(
            "--format", help="Output format; `sarif` is for code scanning, such as GitHub's."
        ),
    ] = ReviewFormat.TEXT,
    output: Output = None,
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
            help="Allow an interruption of this resource in production, or its major upgrade.",
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

    chosen = ReviewFormat.JSON if as_json else format_
    _refuse(output, chosen, plan)
    name = "standard input" if plan == paths.STANDARD else str(plan)
    try:
        planned = read_plan(_content(plan, name))
    except PlanError as error:
        stop(f"{name} {error}", WRONG_USAGE)
    strictly = production or is_production(planned)
    allowed = Allowed(allow_loss or (), allow_interruption or ())
    wrong = findings(planned, allowed, in_production=strictly)
    result = texts.Review(planned, name, strictly, wrong)
    if chosen in DOCUMENTS:
        write_document(_document(result, chosen), output)
    if chosen is ReviewFormat.MARKDOWN:
        print_text(texts.markdown(result), nl=False)
    elif chosen is ReviewFormat.TEXT or output not in (None, paths.STANDARD):
        console().print(texts.tables(result))
    print_findings(wrong, {}, quiet=quiet)
    for option in () if quiet else unneeded(planned, allowed, in_production=strictly):
        say(f"`{option}` does not have an effect: leave it out")
    exit_on(wrong, strict=strict)


def _refuse(output: Path | None, chosen: ReviewFormat, plan: Path) -> None:
    """Exits when an output does not fit the format, or is the plan itself."""
    if output is None:
        return
    if chosen not in DOCUMENTS:
        stop("`--output` requires `--format json` or `sarif`", WRONG_USAGE)
    paths.chosen_format(output, chosen, DOCUMENTS, chosen)
    if paths.STANDARD not in (output, plan) and same_file(output, plan):
        stop(f"{output} is the plan, which is an input: choose another output", WRONG_USAGE)
    paths.refuse_inputs([output], ())


def _document(result: "Review", chosen: ReviewFormat) -> dict[str, object]:
    """A review for programs; on standard input the plan is called as `terraform show` has it."""
    from compiler.backends.sarif import sarif
    from cost.showing.review_text import as_json

    if chosen is ReviewFormat.JSON:
        return as_json(result)
    file = UNNAMED if result.name == "standard input" else result.name
    return sarif(result.findings, file, Path.cwd(), version("trazo"), planned=True)


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
