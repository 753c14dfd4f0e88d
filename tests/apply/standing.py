"""Every example of `specs/`, compiled and applied on the stand-in, all at the same time."""

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from compiler.backends.terraform.worker import synthesize
from compiler.bootstrap import bootstrap_plan
from compiler.check import check
from compiler.lower import lower
from compiler.plan import Plan
from compiler.provider_schema import check as check_plan
from tests.aws.account import PROJECT, Account
from tests.aws.stack import Stack, Verdict
from trazo_spec.diagnostics import has_errors
from trazo_spec.load import load

EVERY = sorted((PROJECT / "specs").glob("*.yaml"))
CHOSEN = set(os.environ.get("TRAZO_APPLY", "").split()) or {path.stem for path in EVERY}
"""`TRAZO_APPLY="trazo smallest"` applies some only, for whoever works on one."""
SPECS = tuple(path for path in EVERY if path.stem in CHOSEN)
BOOTSTRAP = "bootstrap"
# The state's bucket differs in its name only: one stands for all.
BOOTSTRAPPED = (SPECS[-1].stem, BOOTSTRAP)
Name = tuple[str, str]
"""A spec without its suffix, and an environment."""


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


def environments() -> list[Name]:
    """Every environment of every example, in the order of the specs."""
    return [
        (path.stem, environment)
        for path in SPECS
        for environment in load(path.read_text(), path.name).documents
    ]


ENVIRONMENTS = environments()


@dataclass(frozen=True, slots=True)
class Standing:
    """What was applied, and what Terraform said of it right afterwards."""

    folder: Path
    accounts: Mapping[str, Account]
    """By spec."""
    plans: Mapping[Name, Plan]
    stacks: dict[Name, Stack] = field(default_factory=dict)
    second: dict[Name, Verdict] = field(default_factory=dict)
    """What a second plan wanted to do."""
    failed: dict[Name, str] = field(default_factory=dict)
    """What Terraform said of an apply that it did not finish."""

    def stack(self, name: Name) -> Stack:
        """A stack that was applied to its end."""
        assert name not in self.failed, self.failed[name]
        return self.stacks[name]

    def client(self, name: Name, service: str, region: str = "") -> object:
        """A client of boto3 for the account of a spec, in the environment's region."""
        return self.accounts[name[0]].client(service, region or self.plans[name].region)

    def close(self) -> None:
        """Ends all accounts."""
        for account in self.accounts.values():
            account.close()


def stand_up(folder: Path) -> Standing:
    """Applies everything; what fails is kept for the test that asks for it."""
    accounts = {path.stem: Account() for path in SPECS}
    plans = {
        (path.stem, environment): plan
        for path in SPECS
        for environment, plan in plans_of(path.read_text(), path.name).items()
        if environment != BOOTSTRAP or (path.stem, environment) == BOOTSTRAPPED
    }
    texts = synthesize({"/".join(name): plan for name, plan in plans.items()})
    standing = Standing(folder, accounts, plans)
    for name, plan in plans.items():
        target = folder.joinpath(*name)
        target.mkdir(parents=True)
        (target / "cdk.tf.json").write_text(texts["/".join(name)])
        standing.stacks[name] = Stack(target, accounts[name[0]].endpoint)
        _existing_zones(accounts[name[0]], plan, plans)
    with ThreadPoolExecutor(len(plans)) as pool:
        done = [pool.submit(_apply_all, standing, names) for names in _sequences()]
    for future in done:
        future.result()
    return standing


def _sequences() -> list[list[Name]]:
    """Later environments look up what the first one creates; all else goes on at the same time."""
    first = [[name for name in ENVIRONMENTS if name[0] == path.stem] for path in SPECS]
    return [*first, [BOOTSTRAPPED]]


def _existing_zones(account: Account, plan: Plan, plans: Mapping[Name, Plan]) -> None:
    """Zones that a spec only looks up, and that none of the examples creates."""
    created = {
        block.body["name"]
        for other in plans.values()
        for block in other.blocks
        if block.address.startswith("aws_route53_zone.")
    }
    for block in plan.blocks:
        zone = block.body.get("name")
        if block.address.startswith("data.aws_route53_zone.") and zone not in created:
            client = account.client("route53", plan.region)
            client.create_hosted_zone(Name=zone, CallerReference=block.address)


def _apply_all(standing: Standing, names: Iterable[Name]) -> None:
    for name in names:
        try:
            stack = standing.stacks[name].prepare()
            stack.apply()
            standing.second[name] = stack.plan()
        except AssertionError as error:
            standing.failed[name] = f"{error}\n{standing.accounts[name[0]].failures}"
