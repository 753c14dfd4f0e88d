"""Policies, statement by statement."""

from collections.abc import Mapping
from typing import Any

from tests.aws.facts.reader import Lines, Reader


def statement(statement: Mapping[str, Any]) -> str:
    """Who may do what on what, in one line."""
    who = statement.get("Principal", "")
    principal = f"{_flat(who)} may " if who else ""
    condition = f" if {_flat(statement['Condition'])}" if "Condition" in statement else ""
    actions, resources = _flat(statement["Action"]), _flat(statement.get("Resource", "this role"))
    return f"{statement['Effect']} {principal}{actions} on {resources}{condition}"


def _flat(value: Any) -> str:
    """A part of a policy in one line, whether it was written as one or as many."""
    match value:
        case dict():
            return " and ".join(f"{key} {_flat(part)}" for key, part in sorted(value.items()))
        case list():
            return " ".join(sorted(map(str, value)))
        case _:
            return str(value)


def roles(reader: Reader) -> Lines:
    """Who takes each role, and every statement of its policies."""
    client = reader.client("iam")
    for role in (r["RoleName"] for r in client.list_roles()["Roles"]):
        found = client.get_role(RoleName=role)["Role"]
        statements = [*found["AssumeRolePolicyDocument"]["Statement"]]
        for policy in client.list_role_policies(RoleName=role)["PolicyNames"]:
            answer = client.get_role_policy(RoleName=role, PolicyName=policy)
            statements += answer["PolicyDocument"]["Statement"]
        for policy in client.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            arn = policy["PolicyArn"]
            version = client.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            answer = client.get_policy_version(PolicyArn=arn, VersionId=version)
            statements += answer["PolicyVersion"]["Document"]["Statement"]
        yield from (f"{role}: {statement(s)}" for s in statements)
