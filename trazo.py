"""The command line: reads, calls a pass, prints and exits."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from compiler.backends.diagram.options import Format, Theme, View
from compiler.backends.terminal import console, print_findings, summary, tree
from compiler.backends.tools import ToolMissing
from compiler.check import Checked, check
from compiler.files import OutputError, stale, write_file, write_tree
from compiler.graph import Graph, impact
from compiler.lower import lower
from compiler.plan import Plan
from compiler.provider_schema import check as check_plan
from trazo_spec.diagnostics import Diagnostic, Severity, as_document, has_errors
from trazo_spec.fields import did_you_mean
from trazo_spec.load import Loaded, load
from trazo_spec.traffic import Profile

if TYPE_CHECKING:
    from compiler.backends.terraform.launch import Worker
    from cost.calendar import Period
    from cost.estimate import Estimate

FINDINGS, WRONG_USAGE, TOOL_MISSING = 1, 2, 3
BOOTSTRAP = "bootstrap"

app = typer.Typer(
    name="trazo",
    help="Compile one spec of an AWS web application into Terraform, diagrams and a bill.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

SpecFile = Annotated[
    Path, typer.Argument(metavar="SPEC", help="The spec, a YAML file; `-` reads standard input.")
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
ThemeOption = Annotated[Theme, typer.Option("--theme", help="Colours; `auto` follows the viewer.")]


Base = Annotated[
    str,
    typer.Option(
        "--base",
        metavar="REV:PATH",
        help="Look for losses against a spec in git rather than against the output.",
    ),
]
AllowLoss = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-loss",
        metavar="ADDRESS",
        help="Let go of a database, bucket or zone, or of the place of the `state`.",
    ),
]


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
    JSON = "json"


TerraformOption = Annotated[
    TerraformFormat,
    typer.Option("--format", help="In which language to write Terraform's files."),
]


def main() -> None:
    """Runs a command; a missing tool or an unwritable folder becomes one line of advice."""
    try:
        app(standalone_mode=True)
    except ToolMissing as error:
        _stop(str(error), TOOL_MISSING)
    except OutputError as error:
        _stop(str(error), FINDINGS)
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
        _stop(f"{file} exists already: choose another name, or move it away", WRONG_USAGE)
    schema = file.parent / SCHEMA_FILE
    write_file(schema, schema_text().encode())
    write_file(file, text.encode())
    if not quiet:
        _say(f"wrote {file} and {schema}; next: trazo validate {file}")


@app.command()
def validate(
    spec: SpecFile,
    env: Environment = "",
    as_json_: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Check types, references and all rules, in every environment."""
    checked = check(_load(spec))
    _report(
        checked,
        _only(checked, checked.diagnostics, env),
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
    checked = check(_load(spec))
    later: list[Diagnostic] = []
    if checked.sound:
        plans = {name: lower(graph) for name, graph in checked.graphs.items()}
        later = [d for plan in plans.values() for d in check_plan(plan)]
    if checked.sound and not has_errors(later):
        later += [d for e in _estimates(checked, plans, _period("", None)) for d in e.findings]
    found = _only(checked, checked.with_later(later), env)
    _report(checked, found, as_json=as_json_, quiet=quiet, strict=strict)


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

    chosen = _graph(_sound(spec, quiet=quiet, strict=strict), env)
    if impact_of:
        _print_impact(chosen, impact_of, as_json=as_json_)
    elif as_json_ or format_ is GraphFormat.JSON:
        _print_json(as_json(chosen))
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
    with _cdktf(format_) as worker:
        checked = _sound(spec, quiet=quiet, strict=strict, warnings=True)
        name = _graph(checked, env).environment
        folder = output or _default_folder(checked)
        plans = _plans(checked, [name])
        _refuse_losses(checked, plans, folder, base, allow_loss)
        files = _terraform_files(checked, plans, format_, worker)
    if only_check:
        old = stale(folder, files, within=(f"{name}/cdk.tf", f"{BOOTSTRAP}/"))
        _print_files("stale" if old else "up to date", folder, old, as_json=as_json_)
        raise typer.Exit(FINDINGS if old else 0)
    write_tree(folder, files, within=(f"{name}/cdk.tf", f"{BOOTSTRAP}/"))
    _print_files("wrote", folder, sorted(files), as_json=as_json_)
    if not quiet and not as_json_:
        _say(f"{plans[name].resources} resources; next: cd {folder / name} && terraform init")


@app.command()
def diagram(
    spec: SpecFile,
    env: Environment = "",
    output: Output = None,
    view: Annotated[View, typer.Option("--view", help="What to show.")] = View.OVERVIEW,
    format_: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.SVG,
    costs: Annotated[
        bool, typer.Option("--costs", help="Show what each part costs a month.")
    ] = False,
    theme: ThemeOption = Theme.AUTO,
    as_json_: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Draw the architecture; text formats go to standard output, pictures to a file."""
    checked = _sound(spec, quiet=quiet, strict=strict)
    chosen = _graph(checked, env)
    priced = None
    if costs:
        plans = _plans(checked, [chosen.environment])
        priced = next(_estimates(checked, plans, _period("", None)))
    content = _drawing(chosen, priced, view, format_, theme)
    if str(output) == "-" or (output is None and format_ in (Format.MERMAID, Format.DOT)):
        sys.stdout.buffer.write(content)
        return
    if output is not None:
        write_file(output, content)
        _print_files("wrote", output.parent, [output.name], as_json=as_json_)
        return
    folder, name = _default_folder(checked), f"{chosen.environment}/{view}.{format_.suffix}"
    write_tree(folder, {name: content}, within=(name,))
    _print_files("wrote", folder, [name], as_json=as_json_)


@app.command()
def cost(
    spec: SpecFile,
    env: Environment = "",
    month_: Month = "",
    hours_: Hours = None,
    profile: ProfileOption = Profile.TYPICAL,
    format_: Annotated[
        CostFormat, typer.Option("--format", help="How to print it.")
    ] = CostFormat.TABLE,
    as_json_: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Estimate the bill, and what Spot, schedule and autoscaling save."""
    from cost.document import as_json as cost_document
    from cost.table import tables

    period = _period(month_, hours_)
    checked = _sound(spec, quiet=quiet, strict=strict)
    plans = _plans(checked, [_graph(checked, env).environment])
    result = next(_estimates(checked, plans, period, profile))
    if as_json_ or format_ is CostFormat.JSON:
        _print_json(cost_document(result))
    else:
        console().print(tables(result))
    found = [d for d in checked.with_later(result.findings) if d.code.startswith("TZ7")]
    print_findings(found, _sources(checked), quiet=quiet)
    _exit_on(found, strict=strict)


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
    theme: ThemeOption = Theme.AUTO,
    format_: TerraformOption = TerraformFormat.JSON,
    base: Base = "",
    allow_loss: AllowLoss = None,
    as_json_: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Do all of it for every environment: check, Terraform, diagrams and bills in one folder."""
    from cost.table import build_summary

    period = _period(month_, hours_)
    with _cdktf(format_) as worker, _progress(quiet=quiet or as_json_) as step:
        step("checking")
        checked = _sound(spec, quiet=True, strict=strict)
        folder = output or _default_folder(checked)
        plans = _plans(checked, list(checked.graphs))
        _refuse_losses(checked, plans, folder, base, allow_loss)
        step("pricing")
        estimates = {e.environment: e for e in _estimates(checked, plans, period, profile)}
        files: dict[str, bytes | str] = {}
        for name, chosen in checked.graphs.items():
            step(f"drawing {name}")
            files |= _drawings_and_bill(chosen, estimates[name], theme)
        step("writing Terraform")
        files |= _terraform_files(checked, plans, format_, worker)
        write_tree(folder, files)
    found = checked.with_later(d for e in estimates.values() for d in e.findings)
    if as_json_:
        _print_json(_build_document(folder, files, plans, estimates, found))
    else:
        print_findings(found, _sources(checked), quiet=quiet)
        resources = {name: plan.resources for name, plan in plans.items()}
        console().print(
            build_summary(folder, sorted(files), resources, estimates.values(), summary(found))
        )
    _exit_on(found, strict=strict)


def _load(spec: Path) -> Loaded:
    try:
        content = sys.stdin.buffer.read() if str(spec) == "-" else spec.read_bytes()
    except OSError as error:
        _stop(f"{spec} cannot be read: {(error.strerror or str(error)).lower()}", WRONG_USAGE)
    return load(content, "<stdin>" if str(spec) == "-" else str(spec))


def _sound(spec: Path, *, quiet: bool, strict: bool, warnings: bool = False) -> Checked:
    """The checked spec; prints what is wrong and exits when that is an error.

    Args:
        spec: The file.
        quiet: Whether to keep quiet about what is no error.
        strict: Whether a warning counts as an error.
        warnings: Whether to print warnings in full, else how many there are.
    """
    checked = check(_load(spec))
    found = checked.diagnostics
    in_full = strict or (warnings and not quiet)
    print_findings(found, _sources(checked), quiet=not in_full)
    _exit_on(found, strict=strict)
    if found and not in_full and not quiet:
        _say(f"{summary(found)}: trazo validate {spec}")
    return checked


def _sources(checked: Checked) -> dict[str, str]:
    return {checked.loaded.file: checked.loaded.text}


def _graph(checked: Checked, env: str) -> Graph:
    """The graph of the named environment, or of the first one."""
    if env and env not in checked.graphs:
        advice = did_you_mean(env, checked.graphs)
        _stop(f"the spec has no environment `{env}`: {advice}", WRONG_USAGE)
    return checked.graphs[env or next(iter(checked.graphs))]


def _only(checked: Checked, found: tuple[Diagnostic, ...], env: str) -> tuple[Diagnostic, ...]:
    """The findings of one environment, or all."""
    if env and env not in checked.loaded.documents:
        advice = did_you_mean(env, checked.loaded.documents)
        _stop(f"the spec has no environment `{env}`: {advice}", WRONG_USAGE)
    return tuple(
        d for d in found if not env or not d.environment or env in d.environment.split(", ")
    )


def _plans(checked: Checked, environments: list[str]) -> dict[str, Plan]:
    """The plans of environments; exits when one would not pass Terraform's own checks."""
    plans = {name: lower(checked.graphs[name]) for name in environments}
    found = checked.with_later(d for plan in plans.values() for d in check_plan(plan))
    if has_errors(found):
        print_findings(found, _sources(checked), quiet=True)
        raise typer.Exit(FINDINGS)
    return plans


def _refuse_losses(
    checked: Checked,
    plans: Mapping[str, Plan],
    folder: Path,
    base: str,
    allowed: list[str] | None,
) -> None:
    """Exits when what stands would lose data, or the state that knows where it is."""
    from compiler.backends.terraform.document import document
    from compiler.losses import losses

    before = _base_documents(base) if base else None
    found: list[Diagnostic] = []
    for name, plan in plans.items():
        old = _written_before(folder / name) if before is None else before.get(name, {})
        found += losses(old, document(plan), checked.graphs[name], allowed or ())
    if found:
        print_findings(checked.with_later(found), _sources(checked), quiet=True)
        raise typer.Exit(FINDINGS)


def _base_documents(base: str) -> dict[str, Mapping[str, object]]:
    """What the spec of a revision became, by environment."""
    from compiler.backends.terraform.document import document
    from compiler.revisions import RevisionError, read_revision

    try:
        checked = check(load(read_revision(base), base))
    except RevisionError as error:
        _stop(str(error), WRONG_USAGE)
    if not checked.sound:
        _stop(f"the spec of {base} has errors: choose a revision that compiles", WRONG_USAGE)
    return {name: document(lower(graph)) for name, graph in checked.graphs.items()}


def _written_before(folder: Path) -> Mapping[str, object]:
    """The Terraform that an environment's folder holds, if any."""
    file = folder / "cdk.tf.json"
    if not file.exists() and (folder / "cdk.tf").exists():
        _say(f"{folder / 'cdk.tf'} is not compared: see what would be lost with `--base REV:PATH`")
    try:
        document = json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise OutputError(
            f"{file} cannot be read ({error}): restore it, or move it away"
        ) from error
    return document if isinstance(document, dict) else {}


def _estimates(
    checked: Checked,
    plans: Mapping[str, Plan],
    period: "Period",
    profile: Profile = Profile.TYPICAL,
) -> Iterator["Estimate"]:
    from cost.catalogue import read_catalogue
    from cost.estimate import estimate

    catalogue = read_catalogue()
    return (estimate(checked.graphs[n], p, period, catalogue, profile) for n, p in plans.items())


def _period(month_: str, hours_: float | None) -> "Period":
    from cost.calendar import coming_month, hours, month

    now = datetime.now(UTC)
    if month_ and hours_ is not None:
        _stop("give `--month` or `--hours`, not both", WRONG_USAGE)
    try:
        return (
            hours(hours_, now)
            if hours_ is not None
            else month(month_)
            if month_
            else coming_month(now)
        )
    except ValueError as error:
        _stop(str(error), WRONG_USAGE)


@contextmanager
def _cdktf(format_: TerraformFormat) -> Iterator["Worker | None"]:
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


def _terraform_files(
    checked: Checked,
    plans: Mapping[str, Plan],
    format_: TerraformFormat,
    worker: "Worker | None",
) -> dict[str, bytes | str]:
    from compiler.backends.terraform.hcl import hcl
    from compiler.backends.terraform.worker import synthesize
    from compiler.bootstrap import bootstrap_plan

    first = next(iter(checked.graphs.values())).spec
    state = bootstrap_plan(first.name, first.state.bucket, first.state.region or first.region)
    stacks = {**plans, BOOTSTRAP: state}
    if format_ is TerraformFormat.HCL:
        texts = {name: hcl(plan) for name, plan in stacks.items()}
    else:
        texts = synthesize(stacks, worker)
    return {f"{name}/{format_.file}": text for name, text in texts.items()}


def _drawing(
    chosen: Graph, priced: "Estimate | None", view: View, format_: Format, theme: Theme
) -> bytes:
    from compiler.backends.diagram.draw import draw

    costs = priced.bill.by_component() if priced else None
    return draw(chosen, view, format_, theme, costs)


def _drawings_and_bill(chosen: Graph, priced: "Estimate", theme: Theme) -> dict[str, bytes | str]:
    from cost.document import as_json as cost_document
    from cost.table import table_text

    formats = (Format.SVG, Format.PNG, Format.MERMAID)
    drawings: dict[str, bytes | str] = {
        f"{chosen.environment}/overview.{f.suffix}": _drawing(
            chosen, priced, View.OVERVIEW, f, theme
        )
        for f in formats
    }
    document = json.dumps(cost_document(priced), indent=2) + "\n"
    bill = {"cost.json": document, "cost.txt": table_text(priced)}
    return drawings | {f"{chosen.environment}/{name}": text for name, text in bill.items()}


def _default_folder(checked: Checked) -> Path:
    """`out/` and the spec's own name, so that two specs never share a folder."""
    name = Path(checked.loaded.file).stem.strip("<>")
    return Path("out") / name


def _report(
    checked: Checked, found: tuple[Diagnostic, ...], *, as_json: bool, quiet: bool, strict: bool
) -> NoReturn:
    environments = list(checked.loaded.documents)
    if as_json:
        findings = [as_document(d) for d in found]
        _print_json(
            {
                "schema": "trazo.findings/1",
                "spec": checked.loaded.file,
                "environments": environments,
                "findings": findings,
            }
        )
    else:
        print_findings(found, _sources(checked), quiet=quiet)
        if not quiet:
            names = ", ".join(environments) or "no environment could be read"
            console().print(summary(found).append(f"  {checked.loaded.file}: {names}", "dim"))
    _exit_on(found, strict=strict)
    raise typer.Exit


def _exit_on(found: Iterable[Diagnostic], *, strict: bool) -> None:
    """Exits when a finding is an error, or anything above a hint when strict."""
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(d.severity in failing for d in found):
        raise typer.Exit(FINDINGS)


def _print_impact(chosen: Graph, name: str, *, as_json: bool) -> None:
    names = [n.name for n in chosen.nodes]
    if name not in names:
        _stop(f"no component is called `{name}`: {did_you_mean(name, names)}", WRONG_USAGE)
    affected = impact(chosen, name)
    if as_json:
        _print_json({"schema": "trazo.impact/1", "component": name, "affected": affected})
    else:
        typer.echo("\n".join(affected) or f"nothing depends on {name}")


def _print_files(what: str, folder: Path, names: Iterable[str], *, as_json: bool) -> None:
    paths = [str(folder / name) for name in names]
    if as_json:
        _print_json({"schema": "trazo.files/1", "result": what, "files": paths})
    else:
        typer.echo("\n".join(f"{what} {path}" for path in paths) or what)


def _build_document(
    folder: Path,
    files: Mapping[str, object],
    plans: Mapping[str, Plan],
    estimates: Mapping[str, "Estimate"],
    found: Iterable[Diagnostic],
) -> dict[str, object]:
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


def _print_json(document: object) -> None:
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _stop(text: str, code: int) -> NoReturn:
    """Prints one line of advice and exits."""
    _say(f"trazo: {text}")
    raise SystemExit(code)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Shows which step runs, on a terminal as a spinner and elsewhere not at all."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    screen = console(stderr=True)
    with Progress(
        *columns, console=screen, transient=True, disable=quiet or not screen.is_terminal
    ) as bar:
        task = bar.add_task("")
        yield lambda text: bar.update(task, description=text)


if __name__ == "__main__":
    main()
