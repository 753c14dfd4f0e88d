"""Every example, compiled and applied on the stand-in, all at the same time."""

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from compiler.backends.terraform.worker import synthesize
from compiler.findings.check import check
from compiler.lower import lower
from compiler.plan.bootstrap import bootstrap_plan
from compiler.plan.plan import Plan
from compiler.provider_schema import check as check_plan
from tests.apply.edits import STATE, Document, documents, edited, written
from tests.aws.account import PROJECT, Account
from tests.aws.existing import seeded
from tests.aws.facts import facts
from tests.aws.stack import Stack, Verdict
from trazo_spec.diagnostics import has_errors
from trazo_spec.load import load

ASKED_FOR = os.environ.get("TRAZO_APPLY", "").split()
"""`TRAZO_APPLY="trazo my/shop.yaml"` applies some only, and any other spec."""
OUTSIDE = {Path(name).stem: Path(name) for name in ASKED_FOR if name.endswith(".yaml")}
"""Specs without golden files."""
EXAMPLES = {path.stem: path for path in sorted((PROJECT / "specs").glob("*.yaml"))} | OUTSIDE
FURTHER = {
    name: PROJECT / "tests" / "golden" / name / "spec.yaml" for name in ("corner-cases", "existing")
}
"""What the examples leave out; applied and destroyed like them, but not edited."""
CHOSEN = {Path(name).stem for name in ASKED_FOR} or EXAMPLES.keys() | FURTHER.keys()
SPECS = {name: path for name, path in (EXAMPLES | FURTHER).items() if name in CHOSEN}
BOOTSTRAP = "bootstrap"
Name = tuple[str, str]
"""A spec without its suffix, and an environment."""
# As many plans as there are processors: each keeps one busy for seconds.
PLANNERS = os.cpu_count() or 1


def plans_of(text: str, name: str) -> dict[str, Plan]:
    """The plans of all environments of a spec, and of its state bucket."""
    checked = check(load(text, name))
    assert not has_errors(checked.diagnostics), checked.diagnostics
    plans = {environment: lower(graph) for environment, graph in checked.graphs.items()}
    found = [d for plan in plans.values() for d in check_plan(plan)]
    assert not has_errors(found), found
    spec = next(iter(checked.graphs.values())).spec
    state = bootstrap_plan(spec.name, spec.state.bucket, spec.state.region or spec.region)
    return {**plans, BOOTSTRAP: state}


DOCUMENTS: dict[Name, Document] = {
    (name, environment): document
    for name, path in SPECS.items()
    for environment, document in documents(path.read_text()).items()
}
ENVIRONMENTS = list(DOCUMENTS)
"""Every environment of everything that is applied."""
BOOTSTRAPS: list[Name] = [(name, BOOTSTRAP) for name in SPECS if name in EXAMPLES]
"""The stack of every example's state bucket."""
EDITED: dict[tuple[Name, str], Document] = {
    (name, edit): document
    for name, merged in DOCUMENTS.items()
    if name[0] in EXAMPLES
    for edit, document in edited(merged).items()
}
"""The document of every example's environment after each edit."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was applied, and what Terraform said of it right afterwards."""

    folder: Path
    accounts: Mapping[str, Account]
    """By spec."""
    texts: Mapping[str, str]
    """The specs, with the ids of what each account held before."""
    plans: Mapping[Name, Plan]
    stacks: Mapping[Name, Stack]
    second: dict[Name, Verdict] = field(default_factory=dict)
    """What a second plan wanted to do."""
    before: dict[str, str] = field(default_factory=dict)
    """What stood in each account before anything of its spec was applied."""
    facts: dict[str, str] = field(default_factory=dict)
    """What stood in each account once all environments of its spec were applied."""
    refused: dict[Name, str] = field(default_factory=dict)
    """What Terraform said when it was told to destroy an environment as it stood."""
    changes: dict[tuple[Name, str], Verdict | AssertionError] = field(default_factory=dict)
    """What Terraform would do after each edit."""
    failed: dict[Name, str] = field(default_factory=dict)
    """What Terraform said of an apply that it did not finish."""

    def stack(self, name: Name) -> Stack:
        """A stack that was applied to its end."""
        assert name not in self.failed, self.failed[name]
        return self.stacks[name]

    def client(self, name: Name, service: str, region: str = "") -> object:
        """A client of boto3 for the account of a spec, in the environment's region."""
        return self.accounts[name[0]].client(service, region or self.plans[name].region)

    def read(self, spec: str) -> str:
        """What stands in the account of a spec now."""
        region = next(plan.region for name, plan in self.plans.items() if name[0] == spec)
        return facts(self.accounts[spec], region)

    def close(self) -> None:
        """Ends all accounts."""
        for account in self.accounts.values():
            account.close()


def stand_up(folder: Path) -> Standing:
    """Applies everything; what fails is kept for the test that asks for it."""
    accounts = {name: Account() for name in SPECS}
    standing = _written(folder, accounts)
    standing.before.update({name: standing.read(name) for name in SPECS})
    chains = [[n for n in ENVIRONMENTS if n[0] == name] for name in SPECS]
    chains += [[name] for name in BOOTSTRAPS]
    with ThreadPoolExecutor(len(chains)) as appliers, ThreadPoolExecutor(PLANNERS) as planners:
        running = [appliers.submit(_chain, standing, chain, planners) for chain in chains]
        plans = [plan for chain in running for plan in chain.result()]
        standing.facts.update({name: standing.read(name) for name in SPECS})
        for plan in plans:
            plan.result()
    return standing


def _written(folder: Path, accounts: Mapping[str, Account]) -> Standing:
    """Everything compiled, each environment in a folder of its own."""
    texts = {
        name: seeded(path.read_text(), documents(path.read_text()), accounts[name])
        for name, path in SPECS.items()
    }
    plans = {
        (name, environment): plan
        for name, text in texts.items()
        for environment, plan in plans_of(text, name).items()
        if environment != BOOTSTRAP or (name, environment) in BOOTSTRAPS
    }
    compiled = synthesize({"/".join(name): plan for name, plan in plans.items()})
    stacks = {}
    for name in plans:
        target = folder.joinpath(*name)
        target.mkdir(parents=True)
        (target / "cdk.tf.json").write_text(compiled["/".join(name)])
        stacks[name] = Stack(target, accounts[name[0]].endpoint)
    return Standing(folder, accounts, texts, plans, stacks)


def _chain(standing: Standing, names: Iterable[Name], planners: Executor) -> list[Future[None]]:
    """One environment after the other: later ones look up what the first one creates."""
    plans = []
    for name in names:
        try:
            stack = standing.stacks[name].prepare()
            stack.apply()
            standing.second[name] = stack.plan()
        except AssertionError as error:
            standing.failed[name] = f"{error}\n{standing.accounts[name[0]].failures}"
            return plans
        if any(block.lifecycle.get("prevent_destroy") for block in standing.plans[name].blocks):
            plans.append(planners.submit(_refuse, standing, name))
        if edits := {edit: d for (n, edit), d in EDITED.items() if n == name and edit != STATE}:
            plans += _edit(standing, name, edits, planners)
    return plans


def _refuse(standing: Standing, name: Name) -> None:
    try:
        standing.stacks[name].destroy()
    except AssertionError as error:
        standing.refused[name] = str(error)


def _edit(
    standing: Standing, name: Name, edits: Mapping[str, Document], planners: Executor
) -> list[Future[None]]:
    """Plans of all edits of an environment; the state that they start from is this moment's."""
    plans = {edit: plans_of(written(d, name[1]), edit)[name[1]] for edit, d in edits.items()}
    texts = synthesize(plans)
    folder = standing.folder / "changes" / "-".join(name)
    stacks = {e: standing.stacks[name].copied(folder / e, text) for e, text in texts.items()}
    return [planners.submit(_plan, standing, name, e, stack) for e, stack in stacks.items()]


def _plan(standing: Standing, name: Name, edit: str, stack: Stack) -> None:
    try:
        standing.changes[name, edit] = stack.change()
    except AssertionError as error:
        standing.changes[name, edit] = error
