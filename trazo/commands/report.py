"""`trazo report`: one HTML file about all environments."""

from compiler.findings.check import that_count
from trazo.input.options import (
    AsJson,
    Budget,
    OnlyEnvironment,
    Output,
    Overwrite,
    PricingOptions,
    Quiet,
    SimulationOptions,
    SpecFile,
    Strict,
)
from trazo.input.paths import chosen_format, refuse_inputs
from trazo.input.specs import checked_plans, chosen_graph, sound_spec, sources
from trazo.output.files import refuse_json_beside_a_result, write_result
from trazo.output.run import exit_on, progress
from trazo.output.terminal import print_findings
from trazo.steps.page import REPORT, report_page
from trazo.steps.pricing import chosen_period, over_budget, priced, stop_unfinished


def report(
    spec: SpecFile,
    *,
    env: OnlyEnvironment = "",
    output: Output = None,
    overwrite: Overwrite = None,
    pricing: PricingOptions,
    simulation: SimulationOptions,
    budget: Budget = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    strict: Strict = False,
) -> None:
    """Write an HTML report: bill, savings, weeks, months, diagrams and findings."""
    chosen_format(output, None, ("html",), "html")
    refuse_json_beside_a_result(output, as_json=as_json)
    period = chosen_period(pricing)
    checked = sound_spec(spec, quiet=quiet, strict=strict)
    refuse_inputs([output] if output else [], [checked.loaded], pricing.prices)
    names = [chosen_graph(checked, env).environment] if env else list(checked.graphs)
    plans = checked_plans(checked, names)
    with progress(quiet=quiet or as_json) as step:
        results = tuple(priced(checked, plans, period, pricing, simulation, tell=step))
        stop_unfinished(results)
        step("drawing")
        later = (d for result in results for d in result.findings)
        findings = that_count(checked.everything(later))
        page = report_page(checked, results, findings, budget)
    write_result(page.encode(), output, checked, REPORT, overwrite or (), as_json=as_json)
    price_findings = [d for d in findings if d.code.startswith("TZ7")]
    price_findings += over_budget(budget, results)
    print_findings(price_findings, sources(checked), quiet=quiet)
    exit_on(price_findings, strict=strict)
