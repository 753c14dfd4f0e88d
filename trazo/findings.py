"""What is found in a spec: by rules, by Terraform's own checks and by pricing."""

from typing import NoReturn

import typer

from compiler.backends.terminal import console, print_findings, summary
from compiler.check import Checked
from compiler.lower import lower
from trazo.options import PricingOptions
from trazo.pricing import CLOSED_FORM, chosen_period, priced
from trazo.run import WRONG_USAGE, exit_on, print_json, stop
from trazo.specs import sources
from trazo_spec.diagnostics import Diagnostic, as_document, has_errors
from trazo_spec.fields import did_you_mean


def everything_found(checked: Checked) -> tuple[Diagnostic, ...]:
    """What rules find, then, where that is no error, Terraform's own checks, then prices."""
    from compiler.provider_schema import check as check_plan

    later: list[Diagnostic] = []
    if checked.sound:
        plans = {name: lower(graph) for name, graph in checked.graphs.items()}
        later = [d for plan in plans.values() for d in check_plan(plan)]
    if checked.sound and not has_errors(later):
        pricing = PricingOptions()
        estimates = priced(checked, plans, chosen_period(pricing), pricing, CLOSED_FORM)
        later += [d for e in estimates for d in e.findings]
    return checked.with_later(later)


def only(checked: Checked, found: tuple[Diagnostic, ...], env: str) -> tuple[Diagnostic, ...]:
    """The findings of one environment, or all."""
    if env and env not in checked.loaded.documents:
        advice = did_you_mean(env, checked.loaded.documents)
        stop(f"the spec has no environment `{env}`: {advice}", WRONG_USAGE)
    return tuple(
        d for d in found if not env or not d.environment or env in d.environment.split(", ")
    )


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
