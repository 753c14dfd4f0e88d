"""Terraform's files: CDKTF while it loads, the text of every stack, and what would be lost."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from compiler.backends.tools import ToolMissing
from compiler.findings.check import Checked, check, that_count
from compiler.plan.plan import Plan
from trazo.input.options import TerraformFormat
from trazo.input.specs import read_spec_of_revision, sources
from trazo.output.run import WRONG_USAGE, exit_on, fail, say, stop
from trazo.output.terminal import print_findings
from trazo_spec.diagnostics import Diagnostic, has_errors

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


class Allowed(NamedTuple):
    """What the command line lets happen to what stands, each word as it was given."""

    losses: tuple[str, ...] = ()
    """Addresses that may be lost, environments that may go, and `state` for its place."""
    interruptions: tuple[str, ...] = ()
    """Addresses that may be interrupted."""

    def without_each(self) -> Iterator[tuple[str, "Allowed"]]:
        """Each word as it is written, and what is allowed without it."""
        for option, words in zip(("--allow-loss", "--allow-interruption"), self, strict=True):
            for word in words:
                others = tuple(other for other in words if other != word)
                field = "losses" if option == "--allow-loss" else "interruptions"
                yield f"{option} {word}", self._replace(**{field: others})


def refuse_changes(
    checked: Checked,
    plans: Mapping[str, Plan],
    folder: Path,
    base: str,
    allowed: Allowed,
    *,
    quiet: bool,
    strict: bool,
) -> None:
    """Exits when what stands would lose data or its state, be refused, or be interrupted.

    A word that lets go of nothing is said and no error, for a script says it again in its next run.
    """
    from trazo.disk.standing import standing

    before = _base_documents(base) if base else standing(folder)
    after = {name: _comparable(plan, before.get(name, {})) for name, plan in plans.items()}
    changes = _changes(checked, before, after, allowed)
    if has_errors(changes):
        refused = that_count(checked.everything(changes))
        print_findings(refused, sources(checked), quiet=True)
        fail(refused, checked.loaded.documents)
    _tell(checked, changes, quiet=quiet, strict=strict)
    if not quiet:
        _tell_defaults(checked, before, plans)
    for word, others in () if quiet else allowed.without_each():
        if _changes(checked, before, after, others) == changes:
            say(f"`{word}` does not have an effect: leave it out")


def _comparable(plan: Plan, before: "Document") -> "Document":
    """What a plan becomes, read in the language that the files on disk are in."""
    from compiler.backends.terraform.document import document
    from compiler.backends.terraform.hcl import hcl
    from compiler.backends.terraform.hcl_reading import FROM_HCL, read_hcl

    if before.get("//") != FROM_HCL:
        return document(plan)
    return {**document(plan), **read_hcl(hcl(plan))}


def _tell(checked: Checked, changes: list[Diagnostic], *, quiet: bool, strict: bool) -> None:
    """Prints what is worth saying of changes and no error, unless it is treated as one."""
    told = that_count(checked.placed(changes))
    print_findings(told, sources(checked), quiet=quiet)
    exit_on(told, strict=strict)


def _tell_defaults(
    checked: Checked, before: "Mapping[str, Document]", plans: Mapping[str, Plan]
) -> None:
    """Prints what changes in what exists although the spec does not."""
    from compiler.changes.defaults import changed_defaults

    findings = [
        d for name in plans for d in changed_defaults(before.get(name, {}), checked.graphs[name])
    ]
    print_findings(that_count(checked.placed(findings)), sources(checked), quiet=False)


def _changes(
    checked: Checked,
    before: "Mapping[str, Document]",
    after: "Mapping[str, Document]",
    allowed: Allowed,
) -> list[Diagnostic]:
    """What would become of what stands, apart from what may."""
    from compiler.changes.losses import NAMES, dropped, losses
    from compiler.changes.refusals import INTERRUPTED, refusals
    from compiler.changes.renames import renames

    findings = list(dropped(before, checked.graphs, allowed.losses))
    for name, stack in after.items():
        pair = before.get(name, {}), stack, checked.graphs[name]
        findings += losses(*pair, allowed.losses)
        renamed = renames(*pair)
        may = renamed and NAMES in allowed.losses
        refused = refusals(*pair, (*allowed.losses, *allowed.interruptions))
        # Whoever lets all names change has been told that all of it stops in between.
        findings += (d for d in refused if not (may and d.code == INTERRUPTED))
        findings += () if may else renamed
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
