"""The command line: reads, calls a pass, prints and exits."""

import os
import sys
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

import trazo_diff
import trazo_session as session
from compiler.backends.diagram.options import Format, Theme, View
from compiler.backends.terminal import console, print_findings, summary, tree
from compiler.backends.tools import ToolMissing
from compiler.check import check
from compiler.files import OutputError, stale, write_file, write_tree
from compiler.lower import lower
from trazo_session import (
    BOOTSTRAP,
    FINDINGS,
    INTERRUPTED,
    REPORT,
    TOOL_MISSING,
    WRONG_USAGE,
    CostFormat,
    DiffFormat,
    GraphFormat,
    Group,
    TerraformFormat,
)
from trazo_spec.fields import did_you_mean
from trazo_spec.load import load
from trazo_spec.traffic import Profile

app = typer.Typer(
    name="trazo",
    help="Compile one spec of an AWS web application into Terraform, diagrams and a bill.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

prices_app = typer.Typer(
    help="Show the prices that bills use, or read fresh ones from AWS.", no_args_is_help=True
)
app.add_typer(prices_app, name="prices")

SpecFile = Annotated[
    Path, typer.Argument(metavar="SPEC", help="The spec, a YAML file; `-` reads standard input.")
]
BeforeSpec = Annotated[
    str, typer.Argument(metavar="BEFORE", help="The spec before, a file or `REV:PATH` of git.")
]
AfterSpec = Annotated[
    str, typer.Argument(metavar="AFTER", help="The spec after, a file or `REV:PATH` of git.")
]
Environment = Annotated[
    str, typer.Option("--env", metavar="NAME", help="The environment; else the spec's first one.")
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="PATH", help="Where to write to.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors and results only.")]
Strict = Annotated[bool, typer.Option("--strict", help="Let warnings fail as errors do.")]
Month = Annotated[
    str, typer.Option("--month", metavar="YYYY-MM", help="The month to price; else the coming one.")
]
Hours = Annotated[
    float | None,
    typer.Option("--hours", help="Price so many hours instead; 730 are AWS's calculator's month."),
]
ProfileOption = Annotated[
    Profile,
    typer.Option("--profile", help="Which defaults to assume where the spec states no use."),
]
PricesFile = Annotated[
    Path | None,
    typer.Option(
        "--prices",
        metavar="FILE",
        help="Negotiated prices, discounts and a Savings Plan, in YAML or CSV.",
    ),
]
FreeTier = Annotated[
    bool,
    typer.Option("--free-tier", help="Take off what AWS gives an account each month for nothing."),
]
RunsOption = Annotated[
    int | None,
    typer.Option(
        "--runs",
        min=0,
        max=100_000,
        metavar="MONTHS",
        help="Months to simulate; 0 for the closed form, left out as many as the mean needs.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Of all random numbers.")]
Budget = Annotated[
    float | None,
    typer.Option("--budget", metavar="USD", help="Exit 1 when the total is over it."),
]
ThemeOption = Annotated[Theme, typer.Option("--theme", help="Colours; `auto` follows the viewer.")]


Base = Annotated[
    str,
    typer.Option(
        "--base",
        metavar="REV:PATH",
        help="Compare with the spec of a git revision for what would be lost.",
    ),
]
AllowLoss = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-loss",
        metavar="ADDRESS",
        help="Let go of a database, bucket or zone, of an environment, or of the `state`'s place.",
    ),
]


TerraformOption = Annotated[
    TerraformFormat,
    typer.Option("--format", help="In which language to write Terraform's files."),
]


def main() -> None:
    """Runs a command; a missing tool or an unwritable folder becomes one line of advice."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # `?` where a terminal cannot say a letter
    try:
        app(standalone_mode=True)
    except ToolMissing as error:
        session.stop(str(error), TOOL_MISSING)
    except OutputError as error:
        session.stop(str(error), FINDINGS)
    except BrokenPipeError:  # `trazo ... | head` closed the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FINDINGS)


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(f"trazo {installed_version('trazo')}")
        raise typer.Exit


@app.command()
def init(
    file: Annotated[Path, typer.Argument(help="The spec to write.")] = Path("app.yaml"),
    name: Annotated[str, typer.Option(help="The project's name.")] = "myapp",
    domain: Annotated[str, typer.Option(help="A domain that you own.")] = "myapp-example.com",
    region: Annotated[str, typer.Option(help="An AWS region.")] = "us-east-2",
    timezone: Annotated[str, typer.Option(help="Your users' time zone.")] = "America/New_York",
    quiet: Quiet = False,
) -> None:
    """Write a commented spec to begin with, and the schema that gives an editor completion."""
    from trazo_spec.schema import schema_text
    from trazo_spec.template import SCHEMA_FILE, template

    text = template(name, domain, region, timezone, str(file), SCHEMA_FILE)
    checked = check(load(text, str(file)))
    if not checked.sound:
        print_findings(checked.diagnostics, {str(file): text}, quiet=True)
        raise typer.Exit(WRONG_USAGE)
    if file.exists():
        session.stop(f"{file} exists already: choose another name, or move it away", WRONG_USAGE)
    schema = file.parent / SCHEMA_FILE
    write_file(schema, schema_text().encode())
    write_file(file, text.encode())
    if not quiet:
        session.say(f"wrote {file} and {schema}; next: trazo validate {file}")


@app.command()
def validate(
    spec: SpecFile,
    env: Environment = "",
    as_json_: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Check types, references and all rules, in every environment."""
    checked = check(session.read_spec(spec))
    session.print_checked(
        checked,
        session.only(checked, checked.diagnostics, env),
        as_json=as_json_,
        quiet=quiet,
        strict=strict,
    )


@app.command(name="check")
def check_(
    spec: SpecFile,
    env: Environment = "",
    as_json_: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Check everything: what `validate` does, then every Terraform argument and every price."""
    checked = check(session.read_spec(spec))
    found = session.only(checked, session.everything_found(checked), env)
    session.print_checked(checked, found, as_json=as_json_, quiet=quiet, strict=strict)


@app.command()
def graph(
    spec: SpecFile,
    env: Environment = "",
    format_: Annotated[
        GraphFormat, typer.Option("--format", help="How to print it.")
    ] = GraphFormat.TREE,
    impact_of: Annotated[
        str,
        typer.Option("--impact", metavar="NAME", help="Print what depends on a component instead."),
    ] = "",
    as_json_: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Print what depends on what, and why."""
    from compiler.backends.graph_text import as_dot, as_json
    from compiler.backends.mermaid import mermaid

    chosen = session.chosen_graph(session.sound_spec(spec, quiet=quiet, strict=strict), env)
    if impact_of:
        session.print_impact(chosen, impact_of, as_json=as_json_)
    elif as_json_ or format_ is GraphFormat.JSON:
        session.print_json(as_json(chosen))
    elif format_ is GraphFormat.TREE:
        console().print(tree(chosen))
    else:
        typer.echo(mermaid(chosen) if format_ is GraphFormat.MERMAID else as_dot(chosen), nl=False)


@app.command(name="compile")
def compile_(
    spec: SpecFile,
    env: Environment = "",
    output: Output = None,
    only_check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit 1 when the files on disk are stale."),
    ] = False,
    format_: TerraformOption = TerraformFormat.JSON,
    base: Base = "",
    allow_loss: AllowLoss = None,
    as_json_: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Write Terraform, ready for `terraform init` and `terraform plan`."""
    with session.cdktf(format_) as worker:
        checked = session.sound_spec(spec, quiet=quiet, strict=strict, warnings=True)
        name = session.chosen_graph(checked, env).environment
        folder = output or session.default_folder(checked)
        plans = session.checked_plans(checked, [name])
        session.refuse_losses(checked, plans, folder, base, allow_loss)
        say = (lambda _: None) if quiet else session.say
        files = session.terraform_files(checked, plans, format_, worker, say)
    if only_check:
        old = stale(folder, files, within=(f"{name}/cdk.tf", f"{BOOTSTRAP}/"))
        session.print_files("stale" if old else "up to date", folder, old, as_json=as_json_)
        raise typer.Exit(FINDINGS if old else 0)
    write_tree(folder, files, within=(f"{name}/cdk.tf", f"{BOOTSTRAP}/"))
    session.print_files("wrote", folder, sorted(files), as_json=as_json_)
    if not quiet and not as_json_:
        session.say(
            f"{plans[name].resources} resources; next: cd {folder / name} && terraform init"
        )


@app.command()
def diagram(
    spec: Annotated[
        Path | None,
        typer.Argument(metavar="SPEC", help="The spec, a YAML file; `-` reads standard input."),
    ] = None,
    env: Environment = "",
    output: Output = None,
    view: Annotated[View, typer.Option("--view", help="What to show.")] = View.OVERVIEW,
    format_: Annotated[
        Format | None,
        typer.Option(
            "--format", help="What to write; else what the output's name ends in, else svg."
        ),
    ] = None,
    costs: Annotated[
        bool, typer.Option("--costs", help="Show what each part costs a month.")
    ] = False,
    findings: Annotated[
        bool, typer.Option("--findings", help="Mark the parts in which `check` finds something.")
    ] = False,
    theme: ThemeOption = Theme.AUTO,
    compared: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--diff",
            metavar="BEFORE AFTER",
            help="Draw what differs between two specs instead, files or `REV:PATH` of git.",
        ),
    ] = None,
    as_json_: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Draw the architecture; text formats go to standard output, pictures to a file."""
    if (spec is None) is (compared is None):
        session.stop("give a spec, or two of them with `--diff BEFORE AFTER`", WRONG_USAGE)
    if compared is not None and (view is not View.OVERVIEW or findings):
        session.stop("`--diff` draws the overview, and without findings", WRONG_USAGE)
    if not view.priced and (costs or findings):
        session.stop(f"the view `{view}` shows neither prices nor findings", WRONG_USAGE)
    to = session.diagram_format(format_, output)
    if compared is not None:
        specs = trazo_diff.pair(*compared, strict=strict)
        name = specs.environments(env)[0]
        content = trazo_diff.drawing(specs, name, to, theme, priced=costs)
        session.write_diagram(
            content, output, specs.after, f"{name}/changes.{to.suffix}", as_json=as_json_
        )
        return
    checked = session.sound_spec(spec or Path("-"), quiet=quiet, strict=strict)
    chosen = session.chosen_graph(checked, env)
    name = chosen.environment
    priced = None
    if costs:
        plans = session.checked_plans(checked, [name])
        priced = next(session.priced(checked, plans, session.chosen_period("", None)))
        session.stop_unfinished([priced])
    found = session.everything_found(checked) if findings else ()
    found = session.only(checked, found, name)
    content = session.drawing(chosen, priced, view, to, theme, found)
    session.write_diagram(content, output, checked, f"{name}/{view}.{to.suffix}", as_json=as_json_)


@app.command()
def cost(
    spec: SpecFile,
    env: Environment = "",
    all_: Annotated[
        bool, typer.Option("--all", help="Price all environments, side by side.")
    ] = False,
    month_: Month = "",
    hours_: Hours = None,
    profile: ProfileOption = Profile.TYPICAL,
    prices_: PricesFile = None,
    free_tier: FreeTier = False,
    runs: RunsOption = None,
    seed: Seed = 0,
    budget: Budget = None,
    group: Annotated[
        Group | None,
        typer.Option("--group", help="Sum up lines; by `environment` for all environments."),
    ] = None,
    explain: Annotated[
        str,
        typer.Option("--explain", metavar="NAME", help="Show a component's lines as formulas."),
    ] = "",
    what_if: Annotated[
        bool, typer.Option("--what-if", help="Show what other ways to write it would save.")
    ] = False,
    sweep: Annotated[
        bool,
        typer.Option("--sweep", help="Simulate other assumptions on Spot and starts, too."),
    ] = False,
    format_: Annotated[
        CostFormat, typer.Option("--format", help="How to print it.")
    ] = CostFormat.TABLE,
    as_json_: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Estimate the bill, and what Spot, schedule and autoscaling save.

    Ctrl-C ends the simulation: what is done is printed, and the exit code is 130.
    """
    period = session.chosen_period(month_, hours_)
    if env and (all_ or group is Group.ENVIRONMENT):
        session.stop("give `--env`, or ask for all environments, not both", WRONG_USAGE)
    if sweep and runs == 0:
        session.stop("`--sweep` simulates, and `--runs 0` does not: leave one out", WRONG_USAGE)
    checked = session.sound_spec(spec, quiet=quiet, strict=strict)
    several = all_ or group is Group.ENVIRONMENT
    names = list(checked.graphs) if several else [session.chosen_graph(checked, env).environment]
    plans = session.checked_plans(checked, names)
    told = session.Told(prices_, free_tier, runs, seed, sweep)
    with session.progress(quiet=quiet or as_json_) as step:
        results = tuple(session.priced(checked, plans, period, profile, told, step))
    if explain:
        session.print_explanation(checked, plans, results, explain, as_json=as_json_)
    else:
        chosen = CostFormat.JSON if as_json_ else format_
        session.print_costs(results, group, chosen, budget, several=several, what_if=what_if)
    found = session.cost_findings(checked, results)
    found += session.over_budget(budget, results)
    if not quiet and not as_json_:
        session.say_share_over(budget, results)
    print_findings(found, session.sources(checked), quiet=quiet)
    if session.stopped(results):
        session.say_stopped(results, names)
        raise typer.Exit(INTERRUPTED)
    session.exit_on(found, strict=strict)


@app.command()
def report(
    spec: SpecFile,
    env: Annotated[
        str, typer.Option("--env", metavar="NAME", help="Only this environment; else all of them.")
    ] = "",
    output: Output = None,
    month_: Month = "",
    hours_: Hours = None,
    profile: ProfileOption = Profile.TYPICAL,
    prices_: PricesFile = None,
    free_tier: FreeTier = False,
    runs: RunsOption = None,
    seed: Seed = 0,
    budget: Budget = None,
    as_json_: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Write one HTML file for people: bill, savings, weeks, months, diagrams and findings."""
    period = session.chosen_period(month_, hours_)
    session.over_budget(budget, ())  # exits when that is no amount, before anything is written
    checked = session.sound_spec(spec, quiet=quiet, strict=strict)
    names = [session.chosen_graph(checked, env).environment] if env else list(checked.graphs)
    plans = session.checked_plans(checked, names)
    told = session.Told(prices_, free_tier, runs, seed)
    with session.progress(quiet=quiet or as_json_) as step:
        results = tuple(session.priced(checked, plans, period, profile, told, step))
        session.stop_unfinished(results)
        step("drawing")
        page = session.report_page(checked, results, budget)
    if str(output) == "-":
        typer.echo(page, nl=False)
    elif output is not None:
        write_file(output, page.encode())
        session.print_files("wrote", output.parent, [output.name], as_json=as_json_)
    else:
        folder = session.default_folder(checked)
        write_tree(folder, {REPORT: page}, within=(REPORT,))
        session.print_files("wrote", folder, [REPORT], as_json=as_json_)
    later = [d for result in results for d in result.findings]
    found = [d for d in checked.with_later(later) if d.code.startswith("TZ7")]
    found += session.over_budget(budget, results)
    print_findings(found, session.sources(checked), quiet=quiet)
    session.exit_on(found, strict=strict)


@app.command()
def diff(
    before: BeforeSpec,
    after: AfterSpec,
    env: Annotated[
        str, typer.Option("--env", metavar="NAME", help="The environment; else all of them.")
    ] = "",
    month_: Month = "",
    hours_: Hours = None,
    profile: ProfileOption = Profile.TYPICAL,
    prices_: PricesFile = None,
    free_tier: FreeTier = False,
    format_: Annotated[
        DiffFormat, typer.Option("--format", help="How to print it.")
    ] = DiffFormat.TEXT,
    as_json_: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Compare two specs: components, what Terraform would do, and dollars.

    Data that would be lost is a warning, for nothing is applied here. A spec is a file, or
    `REV:PATH` of git.
    """
    from cost import difference_text as texts

    period = session.chosen_period(month_, hours_)
    specs = trazo_diff.pair(before, after, strict=strict)
    names = specs.environments(env)
    terms = session.Told(prices_, free_tier)
    found = list(trazo_diff.differences(specs, names, period, profile, terms))
    if as_json_ or format_ is DiffFormat.JSON:
        session.print_json(texts.as_json(found, before, after, period))
    elif format_ is DiffFormat.MARKDOWN:
        typer.echo(texts.markdown(found, before, after, period), nl=False)
    else:
        console().print(texts.tables(found, before, after, period))
    lost = trazo_diff.lost(specs, names)
    print_findings(lost, session.sources(specs.after), quiet=quiet)
    session.exit_on(lost, strict=strict)


@prices_app.command()
def show(
    spec: Annotated[
        Path | None,
        typer.Argument(metavar="SPEC", help="Use the prices beside this spec, if there are any."),
    ] = None,
    item: Annotated[
        str, typer.Option("--item", metavar="PATTERN", help="Only items like `nat_*`.")
    ] = "*",
    region: Annotated[
        list[str] | None, typer.Option("--region", help="Only this region; may be repeated.")
    ] = None,
    stale_only: Annotated[
        bool, typer.Option("--stale", help="Only prices that are old or have no date.")
    ] = False,
    prices_: PricesFile = None,
    as_json_: AsJson = False,
) -> None:
    """List items, regions, prices, sources and ages; stale ones are marked."""
    from cost.price_list import listed, price_table, prices_as_json

    if spec is not None and not spec.exists():
        session.stop(f"{spec} is no spec; `--item '*{spec}*'` lists prices by name", WRONG_USAGE)
    catalogue, _ = session.chosen_catalogue(
        Path() if spec is None else spec.parent, session.Told(prices_)
    )
    found = listed(catalogue, datetime.now(UTC).date(), item, region or ())
    chosen = [one for one in found if one.stale or not stale_only]
    if as_json_:
        session.print_json(prices_as_json(catalogue, chosen))
        return
    console().print(price_table(chosen))
    stale_ones = sum(one.stale for one in chosen)
    session.say(f"{catalogue.name} catalogue: {len(chosen)} prices, {stale_ones} of them stale")


@prices_app.command(name="update")
def update_(
    spec: SpecFile,
    region: Annotated[
        list[str] | None,
        typer.Option("--region", help="A region to read; else those of the spec."),
    ] = None,
    offer: Annotated[
        list[str] | None,
        typer.Option("--offer", help="A service to read, such as `AmazonECS`; else all of them."),
    ] = None,
    price_list: Annotated[
        str, typer.Option("--price-list", metavar="URL", help="Where AWS's price list is.")
    ] = "",
    spot_feed: Annotated[
        str, typer.Option("--spot-feed", metavar="URL", help="Where Fargate Spot prices are.")
    ] = "",
    tries: Annotated[
        int, typer.Option("--tries", min=1, max=20, help="How often to ask for a file.")
    ] = 5,
    as_json_: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read fresh prices from AWS's public price list into a catalogue beside the spec."""
    from cost import update as fresh
    from cost.catalogue import BESIDE, catalogue_text
    from cost.download import Patience
    from cost.offers import OFFERS
    from cost.price_list import change_table, changes_as_json, kept_table

    graphs = {} if region else session.sound_spec(spec, quiet=True, strict=False).graphs
    regions = region or sorted({graph.spec.region for graph in graphs.values()})
    folder = Path() if str(spec) == "-" else spec.parent
    before, _ = session.chosen_catalogue(folder)
    codes, today = [o.code for o in OFFERS], datetime.now(UTC).date()
    for code in offer or ():
        if code not in codes:
            session.stop(
                f"nothing is read from the offer `{code}`: {did_you_mean(code, codes)}", WRONG_USAGE
            )
    sources = fresh.Sources(
        price_list or fresh.PRICE_LIST,
        spot_feed or fresh.SPOT_FEED,
        tuple(o for o in OFFERS if not offer or o.code in offer),
        Patience(tries=tries),
    )
    try:
        with session.progress(quiet=quiet or as_json_) as step:
            after, kept = fresh.update(
                before,
                regions,
                folder / ".trazo-prices",
                today,
                lambda name, done, whole: step(session.progress_text(name, done, whole)),
                sources,
            )
    except fresh.UpdateError as error:
        session.stop(f"{error}; the prices are those of before", FINDINGS)
    write_file(folder / BESIDE, catalogue_text(after).encode())
    found = list(fresh.changes(before, after))
    if as_json_:
        session.print_json(changes_as_json(str(folder / BESIDE), found, kept))
        return
    billed = {meter.item for graph in graphs.values() for meter in lower(graph).meters}
    used = [one for one in kept if one.price.item in billed or region]
    if found:
        console().print(change_table(found))
    if used:
        console().print(kept_table(used, today))
    typer.echo(f"wrote {folder / BESIDE}: {len(found)} prices changed, of {len(after.prices)}")
    if kept:
        session.say(
            f"{len(kept)} prices stay as they were, {len(used)} of them in the table above; "
            "`--json` names them all"
        )


@app.command()
def schema(output: Output = None) -> None:
    """Print the JSON Schema of the language, for an editor's completion and hover text."""
    from trazo_spec.schema import schema_text

    if output is None:
        typer.echo(schema_text(), nl=False)
    else:
        write_file(output, schema_text().encode())


@app.command()
def build(
    spec: SpecFile,
    output: Output = None,
    month_: Month = "",
    hours_: Hours = None,
    profile: ProfileOption = Profile.TYPICAL,
    prices_: PricesFile = None,
    free_tier: FreeTier = False,
    runs: RunsOption = None,
    seed: Seed = 0,
    theme: ThemeOption = Theme.AUTO,
    format_: TerraformOption = TerraformFormat.JSON,
    base: Base = "",
    allow_loss: AllowLoss = None,
    as_json_: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Do all of it for every environment: check, Terraform, diagrams, bills and the report."""
    from cost.table import build_summary

    period = session.chosen_period(month_, hours_)
    with session.cdktf(format_) as worker, session.progress(quiet=quiet or as_json_) as step:
        step("checking")
        checked = session.sound_spec(spec, quiet=True, strict=strict)
        folder = output or session.default_folder(checked)
        plans = session.checked_plans(checked, list(checked.graphs))
        session.refuse_losses(checked, plans, folder, base, allow_loss)
        step("pricing")
        told = session.Told(prices_, free_tier, runs, seed)
        priced = tuple(session.priced(checked, plans, period, profile, told, step))
        session.stop_unfinished(priced)
        estimates = {e.environment: e for e in priced}
        files: dict[str, bytes | str] = {}
        for name, chosen in checked.graphs.items():
            step(f"drawing {name}")
            files |= session.drawings_and_bill(chosen, estimates[name], theme)
        files[REPORT] = session.report_page(checked, priced)
        step("writing Terraform")
        files |= session.terraform_files(checked, plans, format_, worker, step)
        write_tree(folder, files)
    found = checked.with_later(d for e in estimates.values() for d in e.findings)
    if as_json_:
        session.print_json(session.build_document(folder, files, plans, estimates, found))
    else:
        print_findings(found, session.sources(checked), quiet=quiet)
        resources = {name: plan.resources for name, plan in plans.items()}
        console().print(
            build_summary(folder, sorted(files), resources, estimates.values(), summary(found))
        )
    session.exit_on(found, strict=strict)


if __name__ == "__main__":
    main()
