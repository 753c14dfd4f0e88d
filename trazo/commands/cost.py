"""`trazo cost`: the bill, and what Spot, schedule and autoscaling save."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from compiler.findings.check import Checked, that_count
from compiler.plan.plan import Plan
from trazo.input.options import (
    AsJson,
    Budget,
    Environment,
    PricingOptions,
    Quiet,
    SimulationOptions,
    SpecFile,
    Strict,
)
from trazo.input.specs import checked_plans, chosen_graph, sound_spec, sources
from trazo.output.run import (
    INTERRUPTED,
    WRONG_USAGE,
    exit_on,
    print_json,
    print_text,
    progress,
    say,
    stop,
    suggested,
)
from trazo.output.terminal import console, print_findings
from trazo.steps.pricing import chosen_period, over_budget, priced, stopped
from trazo_spec.diagnostics import Diagnostic

if TYPE_CHECKING:
    from cost.advice.advice import Appraisal


class CostFormat(StrEnum):
    """How an estimate is printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    CSV = "csv"
    JSON = "json"


class Group(StrEnum):
    """What the lines of a bill are summed up by."""

    COMPONENT = "component"
    KIND = "kind"
    ENVIRONMENT = "environment"


def cost(
    spec: SpecFile,
    *,
    env: Environment = "",
    all_: Annotated[
        bool, typer.Option("--all", help="Price all environments, side by side.")
    ] = False,
    pricing: PricingOptions,
    simulation: SimulationOptions,
    budget: Budget = None,
    group: Annotated[
        Group | None,
        typer.Option("--group", help="Sum lines by group; `environment` covers all environments."),
    ] = None,
    explain: Annotated[
        str,
        typer.Option(
            "--explain", metavar="NAME", help="Show the formula behind each line of a component."
        ),
    ] = "",
    what_if: Annotated[
        bool, typer.Option("--what-if", help="Show what other configurations would save.")
    ] = False,
    sweep: Annotated[
        bool,
        typer.Option("--sweep", help="Also simulate other assumptions about Spot and task starts."),
    ] = False,
    format_: Annotated[
        CostFormat, typer.Option("--format", help="Output format.")
    ] = CostFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Estimate the bill, and what Spot, schedule and autoscaling save.

    Ctrl-C ends the simulation: what is done is printed, and the exit code is 130.
    """
    period = chosen_period(pricing)
    chosen = CostFormat.JSON if as_json else format_
    several = all_ or group is Group.ENVIRONMENT
    if env and several:
        stop("use either `--env` or all environments, not both", WRONG_USAGE)
    if what_if and several and chosen is CostFormat.TABLE:
        stop("`--what-if` prints a table for one environment: choose one with `--env`", WRONG_USAGE)
    if sweep and simulation.runs == 0:
        stop(
            "`--sweep` requires a simulation, but `--runs 0` switches it off: leave one out",
            WRONG_USAGE,
        )
    checked = sound_spec(spec, quiet=quiet, strict=strict)
    names = list(checked.graphs) if several else [chosen_graph(checked, env).environment]
    plans = checked_plans(checked, names)
    if explain:
        _refuse_unknown(explain, checked, plans)
    with progress(quiet=quiet or as_json) as step:
        results = tuple(priced(checked, plans, period, pricing, simulation, sweep=sweep, tell=step))
    if explain:
        _print_explanation(checked, plans, results, explain, as_json=chosen is CostFormat.JSON)
    else:
        _print_costs(checked, results, group, chosen, budget, several=several, what_if=what_if)
    findings = [*_findings(checked, results), *over_budget(budget, results)]
    if not quiet and not as_json:
        _say_share_over(budget, results)
    print_findings(findings, sources(checked), quiet=quiet)
    if stopped(results):
        _say_stopped(results, names)
        raise typer.Exit(INTERRUPTED)
    exit_on(findings, strict=strict)


def _print_costs(
    checked: Checked,
    results: "Sequence[Appraisal]",
    group: Group | None,
    format_: CostFormat,
    budget: float | None = None,
    *,
    several: bool,
    what_if: bool = False,
) -> None:
    """Prints estimates in a format, whole or summed by a group."""
    from cost.showing import document, text
    from cost.showing.summary import By
    from cost.showing.summary import summary as summed
    from cost.showing.table import summary_table, tables

    if group is not None or (several and format_ is CostFormat.TABLE):
        totals = summed([r.estimate for r in results], By((group or Group.COMPONENT).value))
        if format_ is CostFormat.JSON:
            print_json(document.summary_as_json(totals))
        elif format_ is CostFormat.TABLE:
            console().print(summary_table(totals))
        else:
            render = text.summary_csv if format_ is CostFormat.CSV else text.summary_markdown
            print_text(render(totals), nl=False)
    elif format_ is CostFormat.JSON:
        judge = checked.judge
        if several:
            print_json(document.several_as_json(results, budget, judge))
        else:
            print_json(document.as_json(results[0], budget, judge))
    elif format_ is CostFormat.TABLE:
        console().print(tables(results[0], with_alternatives=what_if))
    else:
        of_all = text.csv_text if format_ is CostFormat.CSV else text.markdown
        print_text(of_all(results), nl=False)


def _refuse_unknown(name: str, checked: Checked, plans: Mapping[str, Plan]) -> None:
    """Exits when no environment has a component of a name, before anything is priced."""
    known = {n for env in plans for n in _components(checked, plans, env)}
    if name not in known:
        stop(f"no component is called `{name}`: {suggested(name, known)}", WRONG_USAGE)


def _components(checked: Checked, plans: Mapping[str, Plan], environment: str) -> set[str]:
    """The components of an environment, implied ones that cost something among them."""
    written = checked.graphs[environment].spec.components
    return {*written, *(meter.component for meter in plans[environment].meters)}


def _print_explanation(
    checked: Checked,
    plans: Mapping[str, Plan],
    results: "Sequence[Appraisal]",
    name: str,
    *,
    as_json: bool,
) -> None:
    """Prints the formula behind every line of a component, of each environment that has it."""
    from cost.showing.explain import as_json as explained
    from cost.showing.explain import explanation

    estimates = [
        result.estimate
        for result in results
        if name in _components(checked, plans, result.estimate.environment)
    ]
    if not as_json:
        for each in estimates:
            chosen, plan = checked.graphs[each.environment], plans[each.environment]
            print_text(explanation(each, chosen, plan, name), nl=False)
    else:
        explanations = [explained(each, plans[each.environment], name) for each in estimates]
        print_json(explanations if len(plans) > 1 else explanations[0])


def _findings(checked: Checked, results: "Sequence[Appraisal]") -> list[Diagnostic]:
    """What pricing found, with places: what has no price, and schedules whose fix moves dollars."""
    from cost.bill.money import CENT

    idle = {
        (fixed.finding.code, fixed.finding.path, result.estimate.environment)
        for result in results
        for fixed in result.advice.fixes
        if abs(fixed.saved_usd) < CENT
    }
    findings = [
        d
        for result in results
        for d in result.findings
        if (d.code, d.path, result.estimate.environment) not in idle
    ]
    return list(that_count(checked.placed(findings)))


def _say_share_over(budget: float | None, results: "Sequence[Appraisal]") -> None:
    """Says how many simulated months are over the budget."""
    from cost.bill.distribution import together

    spread = together([result.estimate.distribution for result in results])
    if budget is not None and spread is not None:
        share, months = f"{spread.share_over(budget):.0%}", f"{spread.runs:,} simulated months"
        say(f"{share} of {months} are over {budget:,.2f} USD")


def _say_stopped(results: "Sequence[Appraisal]", environments: Iterable[str]) -> None:
    """Says what an estimate that was stopped lacks."""
    last = results[-1].estimate
    if (spread := last.distribution) is not None:
        say(
            f"stopped: `{last.environment}` from {spread.runs:,} of {spread.wanted:,} months; "
            f"the mean is accurate to {1.96 * spread.standard_error_usd:,.2f} USD"
        )
    left = [name for name in environments if name not in {r.estimate.environment for r in results}]
    if left:
        say(f"stopped before {', '.join(f'`{name}`' for name in left)}")
