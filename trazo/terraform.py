"""Terraform's files: CDKTF while it loads, the text of every stack, and what would be lost."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.backends.tools import ToolMissing
from compiler.findings.check import Checked, check, that_count
from compiler.lower import lower
from compiler.plan.plan import Plan
from trazo.options import TerraformFormat
from trazo.run import WRONG_USAGE, fail, stop
from trazo.specs import read_spec_of_revision, sources
from trazo.terminal import print_findings

if TYPE_CHECKING:
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

    first = next(iter(checked.graphs.values())).spec
    state = bootstrap_plan(first.name, first.state.bucket, first.state.region or first.region)
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
    allowed: list[str] | None,
) -> None:
    """Exits when what stands would lose data, or the state that knows where it is."""
    from compiler.backends.terraform.document import document
    from compiler.changes.losses import dropped, losses
    from trazo.disk.standing import standing

    before = _base_documents(base) if base else standing(folder)
    found = list(dropped(before, checked.graphs, allowed or ()))
    for name, plan in plans.items():
        old = before.get(name, {})
        found += losses(old, document(plan), checked.graphs[name], allowed or ())
    if found:
        lost = that_count(checked.everything(found))
        print_findings(lost, sources(checked), quiet=True)
        fail(lost, checked.loaded.documents)


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
    return {name: document(lower(graph)) for name, graph in checked.graphs.items()}
