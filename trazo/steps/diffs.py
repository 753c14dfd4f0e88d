"""Two specs: reading both, and what differs between them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from compiler.backends.diagram.model.options import Format, Theme
from compiler.findings.check import Checked, check
from trazo.disk.revisions import RevisionError
from trazo.input.options import PricingOptions
from trazo.input.specs import checked_plans, read_spec, read_spec_of_revision, sources
from trazo.output.run import WRONG_USAGE, exit_on, stop, suggested
from trazo.output.terminal import print_findings
from trazo.steps.pricing import chosen_conditions, chosen_period, fitting_units
from trazo_spec.diagnostics import Diagnostic, Severity
from trazo_spec.load import Loaded, locate, merged_findings

if TYPE_CHECKING:
    from cost.bill.calendar import Period
    from cost.bill.diff import Diff, Side
    from cost.bill.pricing import Conditions


class Pair(NamedTuple):
    """Two specs as they were named, each read and without errors."""

    before: Checked
    after: Checked

    def environments(self, env: str) -> list[str]:
        """The named environment, else those of the second spec and then what only the first has."""
        known = list(dict.fromkeys((*self.after.graphs, *self.before.graphs)))
        if env and env not in known:
            advice = suggested(env, known)
            stop(f"neither spec has an environment `{env}`: {advice}", WRONG_USAGE)
        return [env] if env else known

    @property
    def folder(self) -> Path:
        """Where prices may lie: beside the newer of the two that is a file."""
        files = (Path(c.loaded.file) for c in (self.after, self.before))
        return next((file.parent for file in files if file.is_file()), Path())


def pair(before: str, after: str, *, strict: bool) -> Pair:
    """Both specs; prints what is wrong with either one and exits when that is an error."""
    if before == after == "-":
        stop("standard input contains only one spec: give a file for the other one", WRONG_USAGE)
    checked = Pair(*(check(_read(place)) for place in (before, after)))
    findings = [d for one in checked for d in one.diagnostics]
    for one in checked:
        print_findings(one.diagnostics, sources(one), quiet=not strict)
    exit_on(findings, strict=strict)
    return checked


def _read(place: str) -> Loaded:
    """A spec file, or one as a revision of git has it; a file of that name comes first."""
    if ":" not in place or Path(place).exists():
        return read_spec(Path(place))
    try:
        return read_spec_of_revision(place)
    except RevisionError as error:
        stop(str(error), WRONG_USAGE)


def environment_diffs(
    specs: Pair, environments: list[str], period: "Period", pricing: PricingOptions
) -> "Iterator[Diff]":
    """What differs in each environment, both sides at the same prices."""
    from cost.bill.diff import diff

    conditions = chosen_conditions(specs.folder, period, pricing)
    with fitting_units(specs.folder, pricing.prices):
        known = [_sides(checked, environments, conditions) for checked in specs]
    for name in environments:
        before, after = (sides.get(name) for sides in known)
        yield diff(before, after)


def _sides(
    checked: Checked, environments: list[str], conditions: "Conditions"
) -> "Mapping[str, Side]":
    """The environments of a spec that has them, each with its plan and its estimate."""
    from cost.bill.diff import Side
    from cost.bill.estimate import estimate

    there = [name for name in environments if name in checked.graphs]
    plans = checked_plans(checked, there)
    return {
        name: Side(checked.graphs[name], plan, estimate(checked.graphs[name], plan, conditions))
        for name, plan in plans.items()
    }


def drawing(
    specs: Pair, environment: str, file_format: Format, theme: Theme, *, priced: bool
) -> bytes:
    """An environment of both specs in one picture, as the bytes of a file."""
    from compiler.backends.diagram.draw import Priced, draw_changes

    pricing = PricingOptions()
    period = chosen_period(pricing)
    conditions = chosen_conditions(specs.folder, period, pricing) if priced else None

    def side(checked: Checked) -> "Priced | None":
        graph = checked.graphs.get(environment)
        if graph is None or conditions is None:
            return None if graph is None else Priced(graph)
        with fitting_units(specs.folder, pricing.prices):
            known = _sides(checked, [environment], conditions)
        return Priced(graph, known[environment].estimate.bill.by_component())

    files = (one.loaded.file for one in specs)
    return draw_changes(
        side(specs.before),
        side(specs.after),
        file_format,
        theme,
        " \N{RIGHTWARDS ARROW} ".join(files),
        period.first_monday,
    )


SAID = ("TZ670", "TZ673", "TZ678")
"""What is said of changes beside the tables: what AWS refuses, and what has no effect."""


def lost(specs: Pair, environments: list[str]) -> tuple[Diagnostic, ...]:
    """What the second spec would lose or AWS refuse, as warnings: nothing is applied."""
    from compiler.backends.terraform.document import document
    from compiler.changes.losses import dropped, losses
    from compiler.changes.refusals import refusals
    from compiler.changes.renames import renames

    old = {n: one for n, one in specs.before.environments.items() if n in environments}
    before = {name: document(one.plan) for name, one in old.items()}
    findings = list(dropped(before, specs.after.graphs))
    for name in before.keys() & specs.after.environments.keys():
        after = specs.after.environments[name]
        stacks = before[name], document(after.plan), after.graph
        findings += losses(*stacks)
        findings += (d for d in refusals(*stacks) if d.code in SAID)
        findings += renames(*stacks)
    documents = specs.after.loaded.documents
    warnings = locate((replace(d, severity=Severity.WARNING) for d in findings), documents)
    return merged_findings(warnings, tuple(documents))
