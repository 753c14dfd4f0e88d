"""`trazo diagram`: pictures of an environment, and of what differs between two specs."""

from pathlib import Path
from typing import Annotated

import typer

from compiler.backends.diagram.model.options import Format, Theme, View
from compiler.findings.check import Checked, that_count
from trazo.input.options import (
    AsJson,
    Environment,
    Output,
    Overwrite,
    PricingOptions,
    Quiet,
    SimulationOptions,
    Strict,
    ThemeOption,
)
from trazo.input.paths import STANDARD, chosen_format, path, refuse_inputs
from trazo.input.specs import checked_plans, chosen_graph, sound_spec
from trazo.output.files import refuse_json_beside_a_result, write_result
from trazo.output.run import WRONG_USAGE, stop
from trazo.steps import diffs
from trazo.steps.findings import everything_found, only
from trazo.steps.pricing import chosen_period, priced, stop_unfinished

TEXTS = (Format.MERMAID, Format.DOT)
"""Formats that go to standard output unless a file is named."""


def diagram(
    spec: Annotated[
        Path | None,
        typer.Argument(
            metavar="SPEC",
            parser=path,
            help="Spec to read, a YAML file; `-` reads standard input.",
        ),
    ] = None,
    *,
    env: Environment = "",
    output: Output = None,
    overwrite: Overwrite = None,
    view: Annotated[View, typer.Option("--view", help="What to show.")] = View.OVERVIEW,
    format_: Annotated[
        Format | None,
        typer.Option("--format", help="Output format; by default the output's extension, or svg."),
    ] = None,
    costs: Annotated[
        bool, typer.Option("--costs", help="Show the monthly cost of each part.")
    ] = False,
    findings: Annotated[
        bool, typer.Option("--findings", help="Mark the parts that have findings.")
    ] = False,
    theme: ThemeOption = Theme.AUTO,
    compared: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--diff",
            metavar="BEFORE AFTER",
            help="Draw the differences between two specs, files or `REV:PATH` of git.",
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Draw the architecture; text formats go to standard output, pictures to a file."""
    if (spec is None) is (compared is None):
        stop("give either one spec, or two with `--diff BEFORE AFTER`", WRONG_USAGE)
    if compared is not None and (view is not View.OVERVIEW or findings):
        stop("`--diff` draws only the overview, without findings", WRONG_USAGE)
    if not view.priced and (costs or findings):
        stop(f"the view `{view}` does not show prices or findings", WRONG_USAGE)
    file_format = Format(chosen_format(output, format_, [f.value for f in Format], Format.SVG))
    if file_format in TEXTS and theme is not Theme.AUTO:
        stop(
            f"`--theme {theme}` is only for images: {file_format} does not have its own colors",
            WRONG_USAGE,
        )
    refuse_json_beside_a_result(
        output or (STANDARD if file_format in TEXTS else None), as_json=as_json
    )
    if compared is not None:
        specs = diffs.pair(*compared, strict=strict)
        refuse_inputs([output] if output else [], [one.loaded for one in specs])
        checked, name, shown = specs.after, specs.environments(env)[0], "changes"
        content = diffs.drawing(specs, name, file_format, theme, priced=costs)
    else:
        checked = sound_spec(spec or STANDARD, quiet=quiet, strict=strict)
        refuse_inputs([output] if output else [], [checked.loaded])
        name, shown = chosen_graph(checked, env).environment, view.value
        content = _drawing(checked, name, view, file_format, theme, costs=costs, findings=findings)
    if output is None and file_format in TEXTS:
        output = STANDARD
    file = f"{name}/{shown}.{file_format.suffix}"
    write_result(content, output, checked, file, overwrite or (), as_json=as_json)


def _drawing(
    checked: Checked,
    environment: str,
    view: View,
    file_format: Format,
    theme: Theme,
    *,
    costs: bool,
    findings: bool,
) -> bytes:
    """One environment as the bytes of a file, with prices and findings where they are asked for."""
    from compiler.backends.diagram.draw import draw

    usd, pricing = None, PricingOptions()
    period = chosen_period(pricing)
    if costs:
        plans = checked_plans(checked, [environment])
        (result,) = priced(checked, plans, period, pricing, SimulationOptions())
        stop_unfinished([result])
        usd = result.estimate.bill.by_component()
    marks = only(checked, everything_found(checked) if findings else (), environment)
    counted = that_count(marks)
    graph, week = checked.graphs[environment], period.first_monday
    return draw(graph, view, file_format, theme, usd, week, counted)
