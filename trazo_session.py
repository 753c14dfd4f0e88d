"""What the commands share: reading, the passes in their order, printing, and how a run ends."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import typer

from compiler.backends.diagram.options import Format, Theme, View
from compiler.backends.terminal import console, print_findings, summary
from compiler.backends.tools import ToolMissing
from compiler.check import Checked, check
from compiler.files import write_file, write_tree
from compiler.graph import Graph, impact
from compiler.lower import lower
from compiler.plan import Plan
from trazo_spec.components.ecs import Ecs
from trazo_spec.diagnostics import Diagnostic, Severity, as_document, has_errors
from trazo_spec.fields import did_you_mean
from trazo_spec.load import Loaded, load, locate, merged_findings
from trazo_spec.trace import MOST_BYTES
from trazo_spec.traces import Unreadable, trace_files, with_traces
from trazo_spec.traffic import Profile

if TYPE_CHECKING:
    from compiler.backends.terraform.launch import Worker
    from cost.calendar import Period
    from cost.catalogue import Catalogue
    from cost.estimate import Estimate
    from cost.pricing import Conditions
    from cost.terms import Terms

FINDINGS, WRONG_USAGE, TOOL_MISSING = 1, 2, 3
INTERRUPTED = 130
"""What a shell reports of a program that Ctrl-C ended: 128 and the signal's number."""
BOOTSTRAP = "bootstrap"
REPORT = "report.html"


class GraphFormat(StrEnum):
    """How a graph is printed."""

    TREE = "tree"
    MERMAID = "mermaid"
    JSON = "json"
    DOT = "dot"


class TerraformFormat(StrEnum):
    """In which of Terraform's two languages its files are written."""

    JSON = "json"
    HCL = "hcl"

    @property
    def file(self) -> str:
        """The name of a stack's file; Terraform reads either one, and both if both are there."""
        return "cdk.tf.json" if self is TerraformFormat.JSON else "cdk.tf"


class CostFormat(StrEnum):
    """How an estimate is printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    CSV = "csv"
    JSON = "json"


class DiffFormat(StrEnum):
    """How a difference is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


class Group(StrEnum):
    """What the lines of a bill are summed up by."""

    COMPONENT = "component"
    KIND = "kind"
    ENVIRONMENT = "environment"


def read_spec(spec: Path) -> Loaded:
    """A spec file with its findings; exits when it cannot be read."""
    try:
        content = sys.stdin.buffer.read() if str(spec) == "-" else spec.read_bytes()
    except OSError as error:
        stop(f"{spec} cannot be read: {(error.strerror or str(error)).lower()}", WRONG_USAGE)
    return read_traces(load(content, "<stdin>" if str(spec) == "-" else str(spec)))


def read_traces(loaded: Loaded) -> Loaded:
    """The same specs with the measured demand that stands in files beside them."""
    folder = Path(loaded.file).parent
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
    """The text of the file, for the source lines under findings."""
    return {checked.loaded.file: checked.loaded.text}


def chosen_graph(checked: Checked, env: str) -> Graph:
    """The graph of the named environment, or of the first one."""
    if env and env not in checked.graphs:
        advice = did_you_mean(env, checked.graphs)
        stop(f"the spec has no environment `{env}`: {advice}", WRONG_USAGE)
    return checked.graphs[env or next(iter(checked.graphs))]


def only(checked: Checked, found: tuple[Diagnostic, ...], env: str) -> tuple[Diagnostic, ...]:
    """The findings of one environment, or all."""
    if env and env not in checked.loaded.documents:
        advice = did_you_mean(env, checked.loaded.documents)
        stop(f"the spec has no environment `{env}`: {advice}", WRONG_USAGE)
    return tuple(
        d for d in found if not env or not d.environment or env in d.environment.split(", ")
    )


def everything_found(checked: Checked) -> tuple[Diagnostic, ...]:
    """What rules find, then, where that is no error, Terraform's own checks, then prices."""
    from compiler.provider_schema import check as check_plan

    later: list[Diagnostic] = []
    if checked.sound:
        plans = {name: lower(graph) for name, graph in checked.graphs.items()}
        later = [d for plan in plans.values() for d in check_plan(plan)]
    if checked.sound and not has_errors(later):
        period = chosen_period("", None)
        estimates = priced(checked, plans, period, told=CLOSED_FORM)
        later += [d for e in estimates for d in e.findings]
    return checked.with_later(later)


def checked_plans(checked: Checked, environments: list[str]) -> dict[str, Plan]:
    """The plans of environments; exits when one would not pass Terraform's own checks."""
    from compiler.provider_schema import check as check_plan

    plans = {name: lower(checked.graphs[name]) for name in environments}
    found = checked.with_later(d for plan in plans.values() for d in check_plan(plan))
    if has_errors(found):
        print_findings(found, sources(checked), quiet=True)
        raise typer.Exit(FINDINGS)
    return plans


class Told(NamedTuple):
    """What a command was told about prices and about the simulation."""

    book: Path | None = None
    free_tier: bool = False
    runs: int | None = None
    """Months to simulate; 0 for the closed form, None for as many as the mean needs."""
    seed: int = 0
    sweep: bool = False
    """Whether to simulate under other assumptions, too."""


CLOSED_FORM = Told(runs=0)


def refuse_losses(
    checked: Checked,
    plans: Mapping[str, Plan],
    folder: Path,
    base: str,
    allowed: list[str] | None,
) -> None:
    """Exits when what stands would lose data, or the state that knows where it is."""
    from compiler.backends.terraform.document import document
    from compiler.losses import dropped, losses
    from compiler.standing import standing

    before = _base_documents(base) if base else standing(folder)
    found = list(dropped(before, checked.graphs, allowed or ()))
    for name, plan in plans.items():
        old = before.get(name, {})
        found += losses(old, document(plan), checked.graphs[name], allowed or ())
    if found:
        print_findings(checked.with_later(found), sources(checked), quiet=True)
        raise typer.Exit(FINDINGS)


def _base_documents(base: str) -> dict[str, Mapping[str, object]]:
    """What the spec of a revision became, by environment."""
    from compiler.backends.terraform.document import document
    from compiler.revisions import RevisionError, read_revision

    try:
        checked = check(load(read_revision(base), base))
    except RevisionError as error:
        stop(str(error), WRONG_USAGE)
    if not checked.sound:
        stop(f"the spec of {base} has errors: choose a revision that compiles", WRONG_USAGE)
    return {name: document(lower(graph)) for name, graph in checked.graphs.items()}


def priced(
    checked: Checked,
    plans: Mapping[str, Plan],
    period: "Period",
    profile: Profile = Profile.TYPICAL,
    told: Told = Told(),  # noqa: B008 - a tuple never changes
    tell: Callable[[str], None] = lambda _text: None,
) -> Iterator["Estimate"]:
    """The estimates of environments, one after the other; after Ctrl-C, those that are there.

    Args:
        checked: The spec.
        plans: What its environments become.
        period: What is billed.
        profile: Which guesses are taken for use that the spec does not state.
        told: Prices and simulation.
        tell: Is told what goes on.
    """
    from cost.advice import advised
    from cost.estimate import estimate
    from cost.pricing import Conditions

    catalogue, terms = chosen_catalogue(Path(checked.loaded.file).parent, told)
    conditions = Conditions(period, catalogue, profile, terms)
    for name, plan in plans.items():
        graph = checked.graphs[name]
        if told.runs == 0 or not any(graph.of(Ecs)):
            found = estimate(graph, plan, period, catalogue, profile, terms)
        else:
            found = _simulated(graph, plan, conditions, told, tell)
        yield advised(found, graph, plan, conditions)
        if stopped([found]):
            return


def _simulated(
    graph: Graph, plan: Plan, conditions: "Conditions", told: Told, tell: Callable[[str], None]
) -> "Estimate":
    """The estimate of an environment from simulated months, with a sweep where it was asked for."""
    from cost.simulation.months import Runs
    from cost.simulation.outlook import simulated_estimate
    from cost.simulation.sweep import MONTHS, sweep

    name, period, catalogue = graph.environment, conditions.period, conditions.catalogue
    profile, terms = conditions.profile, conditions.terms
    tell(f"{name}: simulating")
    runs = Runs(
        told.runs,
        told.seed,
        lambda done, whole: tell(f"{name}: {done:,} of {whole:,} months simulated"),
    )
    found = simulated_estimate(graph, plan, period, catalogue, profile, terms, runs)
    if not told.sweep or stopped([found]):
        return found
    other = Runs(
        told.runs or MONTHS,
        told.seed,
        lambda done, whole: tell(f"{name}: {done} of {whole} assumptions swept"),
    )
    return replace(found, sensitivity=sweep(graph, plan, conditions, other))


def stopped(results: "Sequence[Estimate]") -> bool:
    """Whether Ctrl-C ended the last simulation before all its months were there."""
    spread = results[-1].distribution
    return spread is not None and spread.stopped


def say_stopped(results: "Sequence[Estimate]", environments: Iterable[str]) -> None:
    """Says what an estimate that was stopped lacks."""
    last = results[-1]
    if (spread := last.distribution) is not None:
        say(
            f"stopped: `{last.environment}` from {spread.runs:,} of {spread.wanted:,} months; "
            f"the mean is known to {1.96 * spread.standard_error_usd:,.2f} USD"
        )
    left = [name for name in environments if name not in {r.environment for r in results}]
    if left:
        say(f"stopped before {', '.join(f'`{name}`' for name in left)}")


def stop_unfinished(results: "Sequence[Estimate]") -> None:
    """Exits when a simulation was stopped: a file is written from all months, or not at all."""
    if stopped(results):
        stop("stopped: nothing is written", INTERRUPTED)


def chosen_catalogue(folder: Path, told: Told = Told()) -> "tuple[Catalogue, Terms]":  # noqa: B008
    """The prices beside a spec, else the shipped ones, with a price book laid over them."""
    from cost.allowances import read_allowances
    from cost.catalogue import BESIDE, CatalogueError, read_catalogue
    from cost.price_book import PriceBookError, apply, read_price_book
    from cost.terms import Terms

    own = folder / BESIDE
    try:
        catalogue = read_catalogue(own, str(own)) if own.is_file() else read_catalogue()
        book = None if told.book is None else read_price_book(told.book)
        catalogue = catalogue if book is None else apply(book, catalogue)
    except (CatalogueError, PriceBookError) as error:
        stop(str(error), WRONG_USAGE)
    free = read_allowances() if told.free_tier else {}
    return catalogue, Terms(free, None if book is None else book.savings_plan)


def print_costs(
    results: "Sequence[Estimate]",
    group: Group | None,
    format_: CostFormat,
    budget: float | None = None,
    *,
    several: bool,
    what_if: bool = False,
) -> None:
    """Prints estimates in a format, whole or summed by a group."""
    from cost import document, text
    from cost.summary import By
    from cost.summary import summary as summed
    from cost.table import summary_table, tables

    if group is not None or (several and format_ is CostFormat.TABLE):
        found = summed(results, By((group or Group.COMPONENT).value))
        if format_ is CostFormat.JSON:
            print_json(document.summary_as_json(found))
        elif format_ is CostFormat.TABLE:
            console().print(summary_table(found))
        else:
            of = text.summary_csv if format_ is CostFormat.CSV else text.summary_markdown
            typer.echo(of(found), nl=False)
    elif format_ is CostFormat.JSON:
        whole = document.several_as_json if several else lambda r, b: document.as_json(r[0], b)
        print_json(whole(results, budget))
    elif format_ is CostFormat.TABLE:
        console().print(tables(results[0], with_alternatives=what_if))
    else:
        of_all = text.csv_text if format_ is CostFormat.CSV else text.markdown
        typer.echo(of_all(results), nl=False)


def print_explanation(
    checked: Checked,
    plans: Mapping[str, Plan],
    results: "Sequence[Estimate]",
    name: str,
    *,
    as_json: bool,
) -> None:
    """Prints the formula behind every line of a component; exits when none is called so."""
    from cost.explain import as_json as explained
    from cost.explain import explanation

    for result in results:
        chosen, plan = checked.graphs[result.environment], plans[result.environment]
        known = {li.component for li in result.bill.lines} | set(chosen.spec.components)
        if name not in known:
            advice = did_you_mean(name, sorted(known))
            stop(f"no component is called `{name}`: {advice}", WRONG_USAGE)
        if not as_json:
            typer.echo(explanation(result, chosen, plan, name), nl=False)
    if as_json:
        found = [explained(result, plans[result.environment], name) for result in results]
        print_json(found[0] if len(found) == 1 else found)


def progress_text(name: str, done: int, whole: int) -> str:
    """Progress of a file, in MB."""
    of = f" of {whole / 1e6:,.1f}" if whole else ""
    return f"{name}: {done / 1e6:,.1f}{of} MB"


def cost_findings(checked: Checked, results: "Sequence[Estimate]") -> list[Diagnostic]:
    """What pricing found, with places: what has no price, and schedules whose fix moves dollars."""
    from cost.money import CENT

    idle = {
        (fixed.finding.code, fixed.finding.path, result.environment)
        for result in results
        for fixed in result.fixes
        if abs(fixed.saved_usd) < CENT
    }
    found = [d for r in results for d in r.findings if (d.code, d.path, r.environment) not in idle]
    documents = checked.loaded.documents
    return list(merged_findings(locate(found, documents), tuple(documents)))


def over_budget(budget: float | None, results: "Sequence[Estimate]") -> list[Diagnostic]:
    """The finding that all environments together are over the budget, if they are."""
    from decimal import Decimal

    from cost.bill import budget_finding

    if budget is None:
        return []
    if not budget >= 0:
        stop(f"`--budget {budget:g}` is no amount of money", WRONG_USAGE)
    total = sum((result.total_usd for result in results), Decimal(0))
    found = budget_finding(total, Decimal(repr(budget)))
    return [] if found is None else [found]


def say_share_over(budget: float | None, results: "Sequence[Estimate]") -> None:
    """Says how many simulated months are over the budget."""
    from cost.distribution import together

    spread = together([result.distribution for result in results])
    if budget is not None and spread is not None:
        share, of = f"{spread.share_over(budget):.0%}", f"{spread.runs:,} simulated months"
        say(f"{share} of {of} are over {budget:,.2f} USD")


def chosen_period(month_: str, hours_: float | None) -> "Period":
    """The period that a command was told, else the coming month."""
    from cost.calendar import coming_month, hours, month

    now = datetime.now(UTC)
    if month_ and hours_ is not None:
        stop("give `--month` or `--hours`, not both", WRONG_USAGE)
    try:
        return (
            hours(hours_, now)
            if hours_ is not None
            else month(month_)
            if month_
            else coming_month(now)
        )
    except ValueError as error:
        stop(str(error), WRONG_USAGE)


@contextmanager
def cdktf(format_: TerraformFormat) -> Iterator["Worker | None"]:
    """CDKTF, which takes half a second to load, loading while the spec is read and checked.

    None where a tool is missing, so that what is wrong with the spec is said first, and for HCL,
    which needs neither CDKTF nor Node.
    """
    from compiler.backends.terraform import early
    from compiler.backends.terraform.launch import start

    worker = early.worker
    if format_ is TerraformFormat.JSON:
        with suppress(ToolMissing):
            worker = worker or start()
    try:
        yield worker
    finally:
        if worker is not None:
            worker.stop()


def terraform_files(
    checked: Checked,
    plans: Mapping[str, Plan],
    format_: TerraformFormat,
    worker: "Worker | None",
    say: Callable[[str], None],
) -> dict[str, bytes | str]:
    """The text of every stack, the bootstrap stack included, by file name.

    Args:
        checked: The spec.
        plans: Its environments.
        format_: The language.
        worker: CDKTF, where it is loading already.
        say: Is told when CDKTF takes unusually long.
    """
    from compiler.backends.terraform.hcl import hcl
    from compiler.backends.terraform.worker import synthesize
    from compiler.bootstrap import bootstrap_plan

    first = next(iter(checked.graphs.values())).spec
    state = bootstrap_plan(first.name, first.state.bucket, first.state.region or first.region)
    stacks = {**plans, BOOTSTRAP: state}
    if format_ is TerraformFormat.HCL:
        texts = {name: hcl(plan) for name, plan in stacks.items()}
    else:
        texts = synthesize(stacks, worker, say)
    return {f"{name}/{format_.file}": text for name, text in texts.items()}


def drawing(
    chosen: Graph,
    priced: "Estimate | None",
    view: View,
    format_: Format,
    theme: Theme,
    findings: Sequence[Diagnostic] = (),
) -> bytes:
    """One picture as the bytes of a file."""
    from compiler.backends.diagram.draw import draw

    costs = priced.bill.by_component() if priced else None
    return draw(chosen, view, format_, theme, costs, findings=findings)


def diagram_format(asked: Format | None, output: Path | None) -> Format:
    """The kind of file that was asked for, else the one that the output's name ends in."""
    if asked is not None:
        return asked
    known = {f.suffix: f for f in Format}
    return known.get(output.suffix.removeprefix("."), Format.SVG) if output else Format.SVG


def write_diagram(
    content: bytes, output: Path | None, checked: Checked, name: str, *, as_json: bool
) -> None:
    """Writes a picture where it was asked for; else text to standard output, others to a file.

    Args:
        content: the picture.
        output: a file, `-` for standard output, or nothing.
        checked: whose default folder is used.
        name: the file's name in that folder.
        as_json: whether to say as JSON what was written.
    """
    if str(output) == "-" or (output is None and name.endswith((".mmd", ".dot"))):
        sys.stdout.buffer.write(content)
    elif output is not None:
        write_file(output, content)
        print_files("wrote", output.parent, [output.name], as_json=as_json)
    else:
        folder = default_folder(checked)
        write_tree(folder, {name: content}, within=(name,))
        print_files("wrote", folder, [name], as_json=as_json)


def drawings_and_bill(chosen: Graph, priced: "Estimate", theme: Theme) -> dict[str, bytes | str]:
    """The files of an environment beside its Terraform, by name."""
    from cost.document import as_json as cost_document
    from cost.table import table_text

    formats = (Format.SVG, Format.PNG, Format.MERMAID)
    drawings: dict[str, bytes | str] = {
        f"{chosen.environment}/overview.{f.suffix}": drawing(
            chosen, priced, View.OVERVIEW, f, theme
        )
        for f in formats
    }
    document = json.dumps(cost_document(priced), indent=2) + "\n"
    bill = {"cost.json": document, "cost.txt": table_text(priced)}
    return drawings | {f"{chosen.environment}/{name}": text for name, text in bill.items()}


def report_page(
    checked: Checked, results: "Sequence[Estimate]", budget: float | None = None
) -> str:
    """Everything about some environments as one page of HTML.

    Args:
        checked: The spec.
        results: The estimates of the environments.
        budget: What all of them together may cost, in USD.
    """
    from decimal import Decimal

    from compiler.backends.diagram.draw import embedded
    from cost.report import Section
    from cost.report import report as page

    found = checked.with_later(d for result in results for d in result.findings)
    gravest_first = tuple(sorted(found, key=lambda d: list(Severity).index(d.severity)))
    sections = [
        Section(
            result,
            embedded(
                checked.graphs[result.environment],
                f"{result.environment}-",
                result.bill.by_component(),
            ),
            only(checked, gravest_first, result.environment),
        )
        for result in results
    ]
    return page(sections, None if budget is None else Decimal(repr(budget)))


def default_folder(checked: Checked) -> Path:
    """`out/` and the spec's own name, so that two specs never share a folder."""
    name = Path(checked.loaded.file).stem.strip("<>")
    return Path("out") / name


def print_checked(
    checked: Checked, found: tuple[Diagnostic, ...], *, as_json: bool, quiet: bool, strict: bool
) -> NoReturn:
    """Prints findings and what was read, and exits."""
    environments = list(checked.loaded.documents)
    if as_json:
        findings = [as_document(d) for d in found]
        print_json(
            {
                "schema": "trazo.findings/1",
                "spec": checked.loaded.file,
                "environments": environments,
                "findings": findings,
            }
        )
    else:
        print_findings(found, sources(checked), quiet=quiet)
        if not quiet:
            names = ", ".join(environments) or "no environment could be read"
            console().print(summary(found).append(f"  {checked.loaded.file}: {names}", "dim"))
    exit_on(found, strict=strict)
    raise typer.Exit


def exit_on(found: Iterable[Diagnostic], *, strict: bool) -> None:
    """Exits when a finding is an error, or anything above a hint when strict."""
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(d.severity in failing for d in found):
        raise typer.Exit(FINDINGS)


def print_impact(chosen: Graph, name: str, *, as_json: bool) -> None:
    """Prints what depends on a component; exits when there is none of that name."""
    names = [n.name for n in chosen.nodes]
    if name not in names:
        stop(f"no component is called `{name}`: {did_you_mean(name, names)}", WRONG_USAGE)
    affected = impact(chosen, name)
    if as_json:
        print_json({"schema": "trazo.impact/1", "component": name, "affected": affected})
    else:
        typer.echo("\n".join(affected) or f"nothing depends on {name}")


def print_files(what: str, folder: Path, names: Iterable[str], *, as_json: bool) -> None:
    """Prints what happened to some files of a folder."""
    paths = [str(folder / name) for name in names]
    if as_json:
        print_json({"schema": "trazo.files/1", "result": what, "files": paths})
    else:
        typer.echo("\n".join(f"{what} {path}" for path in paths) or what)


def build_document(
    folder: Path,
    files: Mapping[str, object],
    plans: Mapping[str, Plan],
    estimates: Mapping[str, "Estimate"],
    found: Iterable[Diagnostic],
) -> dict[str, object]:
    """What a build made, as plain JSON values."""
    from cost.document import as_json as cost_document

    return {
        "schema": "trazo.build/1",
        "folder": str(folder),
        "files": sorted(files),
        "environments": {
            name: {"resources": plans[name].resources, "cost": cost_document(estimates[name])}
            for name in plans
        },
        "findings": [as_document(d) for d in found],
    }


def print_json(document: object) -> None:
    """Prints plain values as JSON to standard output."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


def say(text: str) -> None:
    """Prints a line for people to standard error."""
    typer.echo(text, err=True)


def stop(text: str, code: int) -> NoReturn:
    """Prints one line of advice and exits."""
    say(f"trazo: {text}")
    raise SystemExit(code)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Shows which step runs, on a terminal as a spinner and elsewhere not at all."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    screen = console(stderr=True)
    with Progress(
        *columns, console=screen, transient=True, disable=quiet or not screen.is_terminal
    ) as bar:
        task = bar.add_task("")
        yield lambda text: bar.update(task, description=text)
