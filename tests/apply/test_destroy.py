"""Production resists a destroy; once its protection is lifted in writing, nothing is left."""

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from compiler.backends.terraform.worker import synthesize
from compiler.changes.losses import LASTING
from compiler.graph.graph import PRODUCTION
from compiler.plan.plan import Plan
from tests.apply.edits import documents, everything, written
from tests.apply.standing import (
    BOOTSTRAPS,
    ENVIRONMENTS,
    EXAMPLES,
    SPECS,
    Name,
    Standing,
    plans_of,
)
from tests.terraform import terraform_available, terraform_missing

pytestmark = [
    pytest.mark.skipif(not terraform_available(), reason=terraform_missing()),
    pytest.mark.xdist_group("aws"),  # they share what was applied
]

EVERYTHING = [*ENVIRONMENTS, *BOOTSTRAPS]
# What lifts the protection of a component, in a spec's own words.
LIFTED: Mapping[str, dict[str, Any]] = {
    "alb": {"deletion_protection": False},
    "rds": {"deletion_protection": False, "final_snapshot": False},
    "s3": {"force_destroy": True},  # logs have been written meanwhile
}


def _protected(plan: Plan) -> list[str]:
    return sorted(b.address for b in plan.blocks if b.lifecycle.get("prevent_destroy"))


@pytest.mark.parametrize("name", EVERYTHING, ids="-".join)
def test_a_destroy_is_refused_where_something_lasts(name: Name, standing: Standing):
    """One mistyped command must not cost a company its data."""
    standing.stack(name)
    protected = _protected(standing.plans[name])
    said = standing.refused.get(name, "")

    assert ("Instance cannot be destroyed" in said) == bool(protected)
    assert all(address in said for address in protected)


@pytest.mark.parametrize("name", [n for n in ENVIRONMENTS if n[1] in PRODUCTION], ids="-".join)
def test_production_protects_what_lasts(name: Name, standing: Standing):
    """Every database, bucket and zone, but what the spec lets go of."""
    blocks = [b for b in standing.plans[name].blocks if b.mode == "managed" and b.type in LASTING]
    kept = [b for b in blocks if not b.body.get("force_destroy")]
    kept = [b for b in kept if b.body.get("deletion_protection", True)]

    assert _protected(standing.plans[name]) == sorted(b.address for b in kept)


@dataclass(frozen=True, slots=True)
class Gone:
    """What happened when everything was edited once more, and then destroyed."""

    settled: dict[Name, str] = field(default_factory=dict)
    """What a plan wanted after all edits were applied at once."""
    said: dict[Name, str] = field(default_factory=dict)
    """What Terraform said of an apply or a destroy that it did not finish."""
    left: dict[str, str] = field(default_factory=dict)
    """What stood in the account of each spec afterwards."""


@pytest.fixture(scope="session")
def gone(standing: Standing) -> Gone:
    """Every environment edited in all ways at once, freed of its protection, and destroyed."""
    texts = _released(standing)
    result = Gone()

    def edit(name: Name) -> None:
        stack = standing.stack(name)
        (stack.folder / "cdk.tf.json").write_text(texts[name])
        stack.apply()
        result.settled[name] = stack.plan().lines()

    def each(action: Callable[[Name], None], names: Iterable[Name]) -> None:
        for name in names:
            try:
                action(name)
            except AssertionError as error:
                # What failed first is why the rest fails.
                failures = standing.accounts[name[0]].failures
                result.said.setdefault(name, f"{error}\n{failures}")

    with ThreadPoolExecutor(len(EVERYTHING)) as pool:
        list(pool.map(lambda name: each(edit, [name]), EVERYTHING))
        # The environment that owns the zone goes last.
        chains = [[n for n in reversed(ENVIRONMENTS) if n[0] == spec] for spec in SPECS]
        chains += [[name] for name in BOOTSTRAPS]
        list(pool.map(lambda chain: each(lambda n: standing.stack(n).destroy(), chain), chains))
    result.left.update({spec: standing.read(spec) for spec in SPECS})
    return result


def _released(standing: Standing) -> dict[Name, str]:
    """What to apply before a destroy: all edits at once, and nothing that is protected."""
    specs = {name: _let_go(name, standing) for name in ENVIRONMENTS}
    plans = {"/".join(n): plans_of(text, n[0])[n[1]] for n, text in specs.items()}
    texts = synthesize(plans)
    released = {name: texts["/".join(name)] for name in ENVIRONMENTS}
    for name in BOOTSTRAPS:  # no spec lets go of the state: that takes an edit of the output
        compiled = json.loads((standing.stacks[name].folder / "cdk.tf.json").read_text())
        del compiled["resource"]["aws_s3_bucket"]["state"]["lifecycle"]
        released[name] = json.dumps(compiled)
    return released


def _let_go(name: Name, standing: Standing) -> str:
    """A spec with all edits, that lets go of everything."""
    document = documents(standing.texts[name[0]])[name[1]]
    if name[0] in EXAMPLES:
        document = everything(document)
    for component in document["components"].values():
        if not component.get("existing"):
            component.update(LIFTED.get(component["kind"], {}))
    plan = plans_of(written(document, name[1]), name[0])[name[1]]
    overrides = {address: {"lifecycle": {"prevent_destroy": False}} for address in _protected(plan)}
    return written({**document, "overrides": overrides}, name[1])


@pytest.mark.parametrize("name", [n for n in ENVIRONMENTS if n[0] in EXAMPLES], ids="-".join)
def test_all_edits_at_once_apply_and_settle(name: Name, standing: Standing, gone: Gone):
    """A plan may look good and fail, or want the same change for ever."""
    standing.stack(name)

    assert gone.said.get(name, "") == ""
    assert gone.settled[name] == ""


@pytest.mark.parametrize("name", EVERYTHING, ids="-".join)
def test_nothing_is_left_once_protection_is_lifted(name: Name, standing: Standing, gone: Gone):
    """Whoever wants to leave is not held back by a resource that hangs."""
    assert gone.said.get(name, "") == ""
    assert standing.stack(name).addresses == ()


@pytest.mark.parametrize("spec", SPECS)
def test_the_account_is_as_it_was_before(spec: str, standing: Standing, gone: Gone):
    """Terraform's own word is not enough: what costs money is looked for in the account."""
    assert [name for name in gone.said if name[0] == spec] == []
    assert gone.left[spec] == standing.before[spec]
