"""`trazo compile`: Terraform for one environment."""

from shlex import quote
from typing import Annotated

import typer

from trazo.disk.folders import stale, write_tree
from trazo.input.options import (
    AllowInterruption,
    AllowLoss,
    AsJson,
    Base,
    Environment,
    OutputFolder,
    Overwrite,
    Quiet,
    SpecFile,
    Strict,
    TerraformFormat,
    TerraformOption,
)
from trazo.input.paths import refuse_inputs
from trazo.input.specs import checked_plans, chosen_graph, sound_spec
from trazo.output.files import default_folder, print_files, refuse_unknown
from trazo.output.run import FINDINGS, say
from trazo.steps.terraform import BOOTSTRAP, Allowed, cdktf, refuse_changes, terraform_files


def compile_(
    spec: SpecFile,
    *,
    env: Environment = "",
    output: OutputFolder = None,
    overwrite: Overwrite = None,
    only_check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit 1 if the files on disk are out of date."),
    ] = False,
    format_: TerraformOption = TerraformFormat.JSON,
    base: Base = "",
    allow_loss: AllowLoss = None,
    allow_interruption: AllowInterruption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Write Terraform, ready for `terraform init` and `terraform plan`."""
    allowed = Allowed(tuple(allow_loss or ()), tuple(allow_interruption or ()))
    with cdktf(format_) as worker:
        checked = sound_spec(spec, quiet=quiet, strict=strict, warnings=True)
        name = chosen_graph(checked, env).environment
        folder = output or default_folder(checked)
        plans = checked_plans(checked, [name])
        refuse_changes(checked, plans, folder, base, allowed, quiet=quiet, strict=strict)
        tell = (lambda _: None) if quiet else say
        files = terraform_files(checked, plans, format_, worker, tell)
    ours = (f"{name}/cdk.tf", f"{BOOTSTRAP}/")
    refuse_inputs((folder, *(folder / file for file in files)), [checked.loaded])
    refuse_unknown(overwrite or (), files, folder)
    if only_check:
        old = stale(folder, files, within=ours)
        print_files("stale" if old else "up to date", folder, old, as_json=as_json)
        raise typer.Exit(FINDINGS if old else 0)
    write_tree(folder, files, ours, overwrite or ())
    print_files("wrote", folder, sorted(files), as_json=as_json)
    if not quiet and not as_json:
        where = quote(str(folder / name))
        say(f"{plans[name].resources} resources; next: cd {where} && terraform init")
