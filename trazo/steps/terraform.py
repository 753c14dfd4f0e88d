"""Terraform's files: CDKTF while it loads, the text of every stack, and what would be lost."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.backends.tools import ToolMissing
from compiler.findings.check import Checked, check, that_count
from compiler.plan.plan import Plan
from trazo.input.options import TerraformFormat
from trazo.input.specs import read_spec_of_revision, sources
from trazo.output.run import WRONG_USAGE, fail, say, stop
from trazo.output.terminal import print_findings
from trazo_spec.diagnostics import Diagnostic

if TYPE_CHECKING:
    from compiler.backends.terraform.document import Document
    from compiler.backends.terraform.launch import Worker

BOOTSTRAP = "bootstrap"


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
    tell: Callable[[str], None],
) -> dict[str, bytes | str]:
    """The text of every stack, the bootstrap stack included, by file name.

    Args:
        checked: The spec.
        plans: Its environments.
        format_: The language.
        worker: CDKTF, where it is loading already.
        tell: Is told when CDKTF takes unusually long.
    """
    from compiler.backends.terraform.hcl import hcl
    from compiler.backends.terraform.worker import synthesize
    from compiler.plan.bootstrap import bootstrap_plan

    specs = [graph.spec for graph in checked.graphs.values()]
    first = specs[0]
    # The oldest of all environments, as the state bucket is everybody's.
    provider = min(spec.provider for spec in specs)
    # Where environments have accounts of their own, the bucket may be in any of them.
    account = first.account if {spec.account for spec in specs} == {first.account} else None
    region = first.state.region or first.region
    state = bootstrap_plan(
        first.name, first.state.bucket, region, provider=provider, account=account
    )
    stacks = {**plans, BOOTSTRAP: state}
    if format_ is TerraformFormat.HCL:
        texts = {name: hcl(plan) for name, plan in stacks.items()}
    else:
        texts = synthesize(stacks, worker, tell)
    return {f"{name}/{format_.file}": text for name, text in texts.items()}


def refuse_losses(
    checked: Checked,
    plans: Mapping[str, Plan],
    folder: Path,
    base: str,
    allowed: Collection[str],
    *,
    quiet: bool,
) -> None:
    """Exits when what stands would lose data, or the state that knows where it is.

    A word that lets go of nothing is said and no error, for a script says it again in its next run.
    """
    from compiler.backends.terraform.document import document
    from trazo.disk.standing import standing

    before = _base_documents(base) if base else standing(folder)
    after = {name: document(plan) for name, plan in plans.items()}
    if findings := _losses(checked, before, after, allowed):
        lost = that_count(checked.everything(findings))
        print_findings(lost, sources(checked), quiet=True)
        fail(lost, checked.loaded.documents)
    if not quiet:
        _tell_defaults(checked, before, plans)
    for word in () if quiet else allowed:
        others = [other for other in allowed if other != word]
        if not _losses(checked, before, after, others):
            say(f"`--allow-loss {word}` does not have an effect: leave it out")


def _tell_defaults(
    checked: Checked, before: "Mapping[str, Document]", plans: Mapping[str, Plan]
) -> None:
    """Prints what changes in what exists although the spec does not."""
    from compiler.changes.defaults import changed_defaults

    findings = [
        d for name in plans for d in changed_defaults(before.get(name, {}), checked.graphs[name])
    ]
    print_findings(that_count(checked.placed(findings)), sources(checked), quiet=False)


def _losses(
    checked: Checked,
    before: "Mapping[str, Document]",
    after: "Mapping[str, Document]",
    allowed: Collection[str],
) -> list[Diagnostic]:
    """What would be lost of what stands, apart from what may go."""
    from compiler.changes.losses import dropped, losses
    from compiler.changes.renames import renames

    findings = list(dropped(before, checked.graphs, allowed))
    for name, stack in after.items():
        findings += losses(before.get(name, {}), stack, checked.graphs[name], allowed)
        findings += renames(before.get(name, {}), stack, checked.graphs[name], allowed)
    return findings


def _base_documents(base: str) -> dict[str, Mapping[str, object]]:
    """What the spec of a revision became, by environment."""
    from compiler.backends.terraform.document import document
    from trazo.disk.revisions import RevisionError

    try:
        checked = check(read_spec_of_revision(base))
    except RevisionError as error:
        stop(str(error), WRONG_USAGE)
    if not checked.sound:
        stop(f"the spec of {base} has errors: choose a revision that compiles", WRONG_USAGE)
    return {name: document(one.plan) for name, one in checked.environments.items()}
