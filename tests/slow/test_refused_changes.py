"""What the table of changes calls refused is refused by the stand-in as AWS's API documents it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from compiler.changes.effects import Verdict, effects
from tests.aws.account import Account

REGION = "us-east-2"
DATABASE: Mapping[str, Any] = {
    "allocated_storage": 100,
    "engine_version": "16",
    "allow_major_version_upgrade": True,
    "apply_immediately": True,
    "instance_class": "db.t4g.micro",
    "db_subnet_group_name": "first",
}
CALLED = {
    "allocated_storage": "AllocatedStorage",
    "engine_version": "EngineVersion",
    "allow_major_version_upgrade": "AllowMajorVersionUpgrade",
    "instance_class": "DBInstanceClass",
    "max_allocated_storage": "MaxAllocatedStorage",
    "db_subnet_group_name": "DBSubnetGroupName",
}
"""Arguments of Terraform as the API calls them."""


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """An account with a network of three zones and two groups of their subnets."""
    opened = Account()
    rds = opened.client("rds", REGION)
    for name in ("first", "second"):
        rds.create_db_subnet_group(
            DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=subnets(opened)
        )
    yield opened
    opened.close()


def subnets(account: Account) -> list[str]:
    """The subnets of the account's own network, one of each zone."""
    found = account.client("ec2", REGION).describe_subnets()["Subnets"]
    return sorted(subnet["SubnetId"] for subnet in found)


def error(call: Any, **arguments: Any) -> str:
    """The code that a call is refused with, empty where it is taken."""
    try:
        call(**arguments)
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return ""


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"allocated_storage": 20}, "InvalidParameterCombination"),
        ({"allocated_storage": 200}, ""),
        ({"engine_version": "15"}, "InvalidParameterCombination"),
        ({"engine_version": "17"}, ""),
        (
            {"engine_version": "17", "allow_major_version_upgrade": False},
            "InvalidParameterCombination",
        ),
        ({"max_allocated_storage": 105}, "InvalidParameterCombination"),
        ({"max_allocated_storage": 110}, ""),
        ({"instance_class": "db.t4g.small"}, ""),
        ({"db_subnet_group_name": "second"}, "InvalidVPCNetworkStateFault"),
    ],
    ids=str,
)
def test_a_database_is_refused_what_the_table_says(
    account: Account, changed: dict[str, Any], code: str
):
    """A verdict that AWS does not share stops a change that would work, or lets one fail."""
    rds = account.client("rds", REGION)
    name = f"db-{abs(hash(str(changed))) % 10**8}"
    rds.create_db_instance(
        DBInstanceIdentifier=name,
        Engine="postgres",
        EngineVersion="16",
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=100,
        MasterUsername="app",
        MasterUserPassword="longenough",  # of nothing
        DBSubnetGroupName="first",
    )
    allowed = {"AllowMajorVersionUpgrade": True, "ApplyImmediately": True}
    call = {**allowed, **{CALLED[argument]: value for argument, value in changed.items()}}
    found = effects("aws_db_instance", DATABASE, {**DATABASE, **changed})

    assert error(rds.modify_db_instance, DBInstanceIdentifier=name, **call) == code
    assert any(e.verdict is Verdict.REFUSED for e in found) == bool(code)


@pytest.mark.parametrize(
    ("kept", "code"),
    [(slice(0, 2), ""), (slice(0, 1), "DBSubnetGroupDoesNotCoverEnoughAZs")],
    ids=str,
)
def test_a_group_keeps_two_zones(account: Account, kept: slice, code: str):
    """A group without an instance may lose a subnet, but not all of its zones but one."""
    before = subnets(account)
    call = {"DBSubnetGroupName": "second", "SubnetIds": before[kept]}
    bodies = ({"subnet_ids": before}, {"subnet_ids": before[kept]})
    found = effects("aws_db_subnet_group", *bodies)

    assert error(account.client("rds", REGION).modify_db_subnet_group, **call) == code
    assert any(e.verdict is Verdict.REFUSED for e in found) == bool(code)


def test_a_subnet_in_use_stays(account: Account):
    """Which one a database uses is not in a spec, so the table says that it may be refused."""
    rds = account.client("rds", REGION)
    rds.create_db_instance(
        DBInstanceIdentifier="inside",
        Engine="postgres",
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        MasterUsername="app",
        MasterUserPassword="longenough",  # of nothing
        DBSubnetGroupName="first",
    )
    before = subnets(account)
    call = {"DBSubnetGroupName": "first", "SubnetIds": before[1:]}
    found = effects("aws_db_subnet_group", {"subnet_ids": before}, {"subnet_ids": before[1:]})

    assert error(rds.modify_db_subnet_group, **call) == "SubnetAlreadyInUse"
    assert [e.verdict for e in found] == [Verdict.MAY_BE_REFUSED]


def test_two_rules_of_a_listener_do_not_have_one_number(account: Account):
    """As while two rules swap theirs, which Terraform changes one after the other."""
    elb = account.client("elbv2", REGION)
    balancer = elb.create_load_balancer(Name="web", Subnets=subnets(account)[:2])
    action = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    listener = elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancers"][0]["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[action],
    )["Listeners"][0]["ListenerArn"]
    rules = [
        elb.create_rule(
            ListenerArn=listener,
            Priority=priority,
            Conditions=[{"Field": "path-pattern", "Values": [f"/{priority}"]}],
            Actions=[action],
        )["Rules"][0]["RuleArn"]
        for priority in (1, 2)
    ]
    taken = [{"RuleArn": rules[0], "Priority": 2}]
    found = effects("aws_lb_listener_rule", {"priority": 1}, {"priority": 2})

    assert error(elb.set_rule_priorities, RulePriorities=taken) == "PriorityInUse"
    assert [e.verdict for e in found] == [Verdict.MAY_BE_REFUSED]
