"""`trazo build`: all of it for every environment."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.backends.diagram.model.options import Format, Theme, View
from compiler.findings.check import Checked, that_count
from compiler.graph.graph import Graph
from compiler.plan.plan import Plan
from trazo.disk.folders import write_tree
from trazo.input.options import (
    AllowInterruption,
    AllowLoss,
    AsJson,
    Base,
    OutputFolder,
    Overwrite,
    PricingOptions,
    Quiet,
    SimulationOptions,
    SpecFile,
    Strict,
    TerraformFormat,
    TerraformOption,
    ThemeOption,
)
from trazo.input.paths import refuse_inputs
from trazo.input.specs import checked_plans, sound_spec, sources
from trazo.output.files import default_folder, refuse_unknown
from trazo.output.run import exit_on, print_json, progress
from trazo.output.terminal import console, print_findings, summary
from trazo.steps.page import REPORT, report_page
from trazo.steps.pricing import chosen_period, priced, stop_unfinished
from trazo.steps.terraform import Allowed, cdktf, refuse_changes, terraform_files
from trazo_spec.diagnostics import Diagnostic, as_document
from trazo_spec.visible import json_text

if TYPE_CHECKING:
    from cost.advice.advice import Appraisal

PICTURES = (Format.SVG, Format.PNG, Format.MERMAID)


def build(
    spec: SpecFile,
    *,
    output: OutputFolder = None,
    overwrite: Overwrite = None,
    pricing: PricingOptions,
    simulation: SimulationOptions,
    theme: ThemeOption = Theme.AUTO,
    format_: TerraformOption = TerraformFormat.JSON,
    base: Base = "",
    allow_loss: AllowLoss = None,
    allow_interruption: AllowInterruption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Do everything for every environment: check, Terraform, diagrams, bills and the report."""
    from cost.showing.table import build_summary

    period = chosen_period(pricing)
    allowed = Allowed(tuple(allow_loss or ()), tuple(allow_interruption or ()))
    with cdktf(format_) as worker, progress(quiet=quiet or as_json) as step:
        step("checking")
        checked = sound_spec(spec, quiet=True, strict=strict)
        folder = output or default_folder(checked)
        refuse_inputs([folder], [checked.loaded], pricing.prices)
        plans = checked_plans(checked, list(checked.graphs))
        refuse_changes(checked, plans, folder, base, allowed, quiet=quiet, strict=strict)
        step("pricing")
        results = tuple(priced(checked, plans, period, pricing, simulation, tell=step))
        stop_unfinished(results)
        findings = that_count(checked.everything(d for each in results for d in each.findings))
        environments = {each.estimate.environment: each for each in results}
        files: dict[str, bytes | str] = {}
        for name, chosen in checked.graphs.items():
            step(f"drawing {name}")
            files |= _pictures_and_bill(checked, environments[name], chosen, theme)
        files[REPORT] = report_page(checked, results, findings)
        step("writing Terraform")
        files |= terraform_files(checked, plans, format_, worker, step)
        refuse_inputs(
            (folder, *(folder / file for file in files)), [checked.loaded], pricing.prices
        )
        refuse_unknown(overwrite or (), files, folder)
        write_tree(folder, files, None, overwrite or ())
    if as_json:
        print_json(_document(checked, folder, files, plans, environments, findings))
    else:
        print_findings(findings, sources(checked), quiet=quiet)
        resources = {name: plan.resources for name, plan in plans.items()}
        estimates = [each.estimate for each in results]
        console().print(
            build_summary(folder, sorted(files), resources, estimates, summary(findings))
        )
    exit_on(findings, strict=strict)


def _pictures_and_bill(
    checked: Checked, appraisal: "Appraisal", chosen: Graph, theme: Theme
) -> dict[str, bytes | str]:
    """The files of an environment beside its Terraform, by name."""
    from compiler.backends.diagram.draw import draw
    from cost.showing.document import as_json
    from cost.showing.table import table_text

    usd = appraisal.estimate.bill.by_component()
    files: dict[str, bytes | str] = {
        f"overview.{file_format.suffix}": draw(
            chosen, View.OVERVIEW, file_format, theme, usd, appraisal.estimate.period.first_monday
        )
        for file_format in PICTURES
    }
    document = as_json(appraisal, judge=checked.judge)
    files["cost.json"] = json_text(document, ascii_only=True) + "\n"
    files["cost.txt"] = table_text(appraisal)
    return {f"{chosen.environment}/{name}": content for name, content in files.items()}


def _document(
    checked: Checked,
    folder: Path,
    files: Mapping[str, object],
    plans: Mapping[str, Plan],
    environments: Mapping[str, "Appraisal"],
    findings: Iterable[Diagnostic],
) -> dict[str, object]:
    """What a build made, as plain JSON values."""
    from cost.showing.document import as_json

    return {
        "schema": "trazo.build/1",
        "folder": str(folder),
        "files": sorted(files),
        "environments": {
            name: {
                "resources": plan.resources,
                "cost": as_json(environments[name], judge=checked.judge),
            }
            for name, plan in plans.items()
        },
        "findings": [as_document(d) for d in findings],
    }
