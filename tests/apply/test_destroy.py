"""Production resists a destroy; once its protection is lifted in writing, nothing is left."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from ruamel.yaml import YAML

from compiler.backends.terraform.worker import synthesize
from compiler.plan import Plan
from tests.apply.standing import ENVIRONMENTS, SPECS, Name, Standing, plans_of
from tests.aws.stack import Stack
from tests.terraform import terraform_available, terraform_missing

pytestmark = [
    pytest.mark.skipif(not terraform_available(), reason=terraform_missing()),
    pytest.mark.xdist_group("aws"),  # they share what was applied
]

PROTECTED = [(path.stem, "prod") for path in SPECS]
# What lifts the protection of a component, in a spec's own words.
LIFTED: Mapping[str, dict[str, Any]] = {
    "alb": {"deletion_protection": False},
    "rds": {"deletion_protection": False, "final_snapshot": False},
}


def _protected(plan: Plan) -> list[str]:
    return sorted(b.address for b in plan.blocks if b.lifecycle.get("prevent_destroy"))


@pytest.mark.parametrize("name", PROTECTED, ids="-".join)
def test_a_destroy_of_production_is_refused(name: Name, standing: Standing):
    """One mistyped command must not cost a company its data."""
    stack = standing.stack(name)
    protected = _protected(standing.plans[name])
    with pytest.raises(AssertionError) as error:
        stack.destroy() if protected else pytest.skip("nothing in it lasts")

    assert "Instance cannot be destroyed" in str(error.value)
    assert any(address in str(error.value) for address in protected)
    assert stack.plan().lines() == ""


@pytest.fixture(scope="session")
def gone(standing: Standing) -> Mapping[Name, str]:
    """What Terraform said when everything was destroyed, empty where that went well."""
    texts = synthesize(
        {
            f"{path.stem}/{environment}": plan
            for path in SPECS
            for environment, plan in plans_of(
                _lifted(path.read_text(), standing), path.name
            ).items()
        }
    )

    def destroy(spec: str) -> dict[Name, str]:
        # The environment that owns the zone goes last.
        names = [name for name in reversed(ENVIRONMENTS) if name[0] == spec]
        return {name: _destroy(standing.stack(name), texts["/".join(name)]) for name in names}

    with ThreadPoolExecutor(len(SPECS)) as pool:
        answers = pool.map(destroy, [path.stem for path in SPECS])
    return {name: answer for found in answers for name, answer in found.items()}


def _destroy(stack: Stack, text: str) -> str:
    (stack.folder / "cdk.tf.json").write_text(text)
    try:
        stack.apply()
        stack.destroy()
    except AssertionError as error:
        return str(error)
    return ""


def _lifted(text: str, standing: Standing) -> str:
    """A spec with an overlay on every environment that lets go of everything."""
    spec = YAML(typ="safe", pure=True).load(text)
    environments = spec.setdefault("environments", {"prod": {}})
    for environment, overlay in environments.items():
        components = overlay.setdefault("components", {})
        for name, component in spec["components"].items():
            if component["kind"] in LIFTED:
                components.setdefault(name, {}).update(LIFTED[component["kind"]])
        (plan,) = (
            plan
            for (_, e), plan in standing.plans.items()
            if e == environment and plan.project == spec["name"]
        )
        kept = [a for a in _protected(plan) if not a.startswith("aws_db_instance.")]
        overlay["overrides"] = {a: {"lifecycle": {"prevent_destroy": False}} for a in kept}
    return json.dumps(spec)


@pytest.mark.parametrize("name", ENVIRONMENTS, ids="-".join)
def test_nothing_is_left_once_protection_is_lifted(
    name: Name, standing: Standing, gone: Mapping[Name, str]
):
    """Whoever wants to leave is not held back by a resource that hangs."""
    assert gone[name] == ""
    assert standing.stack(name).addresses == ()


@pytest.mark.parametrize("spec", [path.stem for path in SPECS])
def test_the_account_is_empty_afterwards(spec: str, standing: Standing, gone: Mapping[Name, str]):
    """Terraform's own word is not enough: what costs money is looked for in the account."""
    failed = {name: text for name, text in gone.items() if name[0] == spec and text}
    account, region = standing.accounts[spec], standing.plans[spec, "prod"].region
    ec2, s3 = account.client("ec2", region), account.client("s3", region)
    state = [b["Name"] for b in s3.list_buckets()["Buckets"] if b["Name"].endswith("-state")]
    left = {
        "vpcs": [v["VpcId"] for v in ec2.describe_vpcs()["Vpcs"] if not v["IsDefault"]],
        "gateways": [
            g["NatGatewayId"]
            for g in ec2.describe_nat_gateways()["NatGateways"]
            if g["State"] != "deleted"
        ],
        "addresses": ec2.describe_addresses()["Addresses"],
        "balancers": account.client("elbv2", region).describe_load_balancers()["LoadBalancers"],
        "databases": account.client("rds", region).describe_db_instances()["DBInstances"],
        "caches": account.client("elasticache", region).describe_replication_groups()[
            "ReplicationGroups"
        ],
        "buckets": [b["Name"] for b in s3.list_buckets()["Buckets"] if b["Name"] not in state],
        "distributions": account.client("cloudfront", region)
        .list_distributions()["DistributionList"]
        .get("Items", []),
    }

    assert failed == {}
    assert {what: found for what, found in left.items() if found} == {}
