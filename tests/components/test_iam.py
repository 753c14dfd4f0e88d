"""Roles: who may take them, and what links let them do."""

from typing import Any

import pytest

from compiler.aws.permissions import repository_arn
from compiler.components import iam
from compiler.plan.plan import Block, Join, Json, Ref
from tests.examples import HEAD, by_address, graph_of
from trazo_spec.components.iam import Iam

EXAMPLE = {
    "statements": [
        {"actions": ["ses:SendEmail"], "resources": ["arn:aws:ses:us-east-2:123456789012:*"]}
    ]
}

SERVICES = """\
network: {kind: networking}
web:
  kind: ecs
  image: 123456789012.dkr.ecr.us-east-2.amazonaws.com/shop/web:1
  secrets: {KEY: signing_key}
  uses: {database: connect, media: read_write, reports: write, prices: read}
jobs: {kind: ecs, image: "nginx:1", execute_command: true}
database: {kind: rds}
media: {kind: s3}
reports: {kind: s3}
prices: {kind: s3}
"""
SHARED = """\
mail:
  kind: iam
  services: [web]
  permissions_boundary: arn:aws:iam::123456789012:policy/limit
  statements:
    - {actions: [ses:SendEmail], resources: ["arn:aws:ses:us-east-2:123456789012:identity/x"]}
"""


def blocks(components: str = SERVICES, region: str = "us-east-2") -> dict[str, Block]:
    """Roles and policies by address."""
    graph = graph_of(components, HEAD.replace("us-east-2", region))
    own = [b for n, c in graph.of(Iam) for b in iam.blocks(n, c, graph)]
    return by_address([*iam.roles(graph), *own])


def statements(address: str, components: str = SERVICES) -> dict[str, Any]:
    """The statements of a policy by their ids."""
    document = blocks(components)[address].body["policy"]
    assert isinstance(document, Json)
    return {s.get("Sid", s["Effect"]): s for s in document.document["Statement"]}


def arns(statement: dict[str, Any]) -> set[str]:
    """The resources of a statement as text."""
    return {
        r
        if isinstance(r, str)
        else "".join(p if isinstance(p, str) else p.address for p in parts(r))
        for r in statement["Resource"]
    }


def parts(value: Ref | Join) -> tuple[str | Ref, ...]:
    """A value as its pieces."""
    return value.parts if isinstance(value, Join) else (value,)


# Who


@pytest.mark.parametrize("role", ["web_task", "web_execution", "jobs_task", "jobs_execution"])
@pytest.mark.parametrize(
    ("region", "first"),
    [
        ("us-east-2", "arn:aws:ecs:us-east-2:"),
        ("us-gov-west-1", "arn:aws-us-gov:ecs:us-gov-west-1:"),
        ("cn-north-1", "arn:aws-cn:ecs:cn-north-1:"),
    ],
)
def test_only_tasks_of_this_account_and_region_take_a_role(role, region, first):
    """Else ECS could be asked from another account: the confused deputy."""
    document = blocks(region=region)[f"aws_iam_role.{role}"].body["assume_role_policy"]
    account = Ref("data.aws_caller_identity.current", "account_id")

    source = {"ArnLike": {"aws:SourceArn": Join((first, account, ":*"))}}
    same_account = {"StringEquals": {"aws:SourceAccount": account}}

    assert document.document["Statement"] == (
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
            # AWS documents the ARN for the task role only; without a key that ECS does not send,
            # no task would start.
            "Condition": same_account | (source if role.endswith("_task") else {}),
        },
    )


def test_every_service_has_two_roles_of_its_own():
    """What one service may do, another one may not."""
    names = {b.body["name"] for b in blocks().values() if b.type == "aws_iam_role"}

    assert names == {"prod-web-execution", "prod-web-task", "prod-jobs-execution", "prod-jobs-task"}


def test_a_service_without_links_may_do_nothing():
    """Its task role is there and empty."""
    found = blocks(SERVICES.replace(", execute_command: true", ""))

    assert "aws_iam_role.jobs_task" in found
    assert "aws_iam_role_policy.jobs_task" not in found


# Execution role


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (
            "123456789012.dkr.ecr.us-east-2.amazonaws.com/shop/web@sha256:00",
            "arn:aws:ecr:us-east-2:123456789012:repository/shop/web",
        ),
        (
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web",
            "arn:aws-cn:ecr:cn-north-1:123456789012:repository/web",
        ),
        ("public.ecr.aws/nginx/nginx:1.29", None),
        ("nginx", None),
    ],
)
def test_only_a_private_image_has_a_repository(image, expected):
    """Public ones are pulled by anybody."""
    assert repository_arn(image) == expected


def test_ecs_pulls_from_the_one_repository():
    """AWS's own policy for this role would allow every repository of the account."""
    found = statements("aws_iam_role_policy.web_execution")

    assert arns(found["PullImage"]) == {"arn:aws:ecr:us-east-2:123456789012:repository/shop/web"}


def test_a_star_stands_only_where_aws_knows_no_resource():
    """Logging in to the registry, and the channels of a shell."""
    stars = {
        action
        for address, block in blocks().items()
        if block.type == "aws_iam_role_policy"
        for statement in statements(address).values()
        if "*" in statement["Resource"]
        for action in statement["Action"]
    }

    assert stars == {
        "ecr:GetAuthorizationToken",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    }


def test_a_public_image_needs_no_permission():
    """Only the log is left."""
    assert set(statements("aws_iam_role_policy.jobs_execution")) == {"WriteLog"}


def test_ecs_writes_the_services_own_log():
    """And no other one."""
    found = statements("aws_iam_role_policy.web_execution")

    assert arns(found["WriteLog"]) == {"aws_cloudwatch_log_group.web:*"}


def test_ecs_reads_the_secrets_that_it_injects():
    """Its own, and the credentials of the databases it is linked to."""
    found = statements("aws_iam_role_policy.web_execution")

    assert arns(found["ReadSecrets"]) == {
        "aws_secretsmanager_secret.database_credentials",
        "aws_secretsmanager_secret.signing_key",
    }


# Task role


def test_the_task_role_follows_the_links():
    """Reading does not write, and writing does not read."""
    found = statements("aws_iam_role_policy.web_task")

    assert {sid: (found[sid]["Action"], arns(found[sid])) for sid in found} == {
        "ListBuckets": (("s3:ListBucket",), {"aws_s3_bucket.media", "aws_s3_bucket.prices"}),
        "ReadObjects": (("s3:GetObject",), {"aws_s3_bucket.media/*", "aws_s3_bucket.prices/*"}),
        "WriteObjects": (
            ("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"),
            {"aws_s3_bucket.media/*", "aws_s3_bucket.reports/*"},
        ),
    }


def test_statements_of_the_spec_are_taken_as_they_are():
    """With their conditions."""
    own = SERVICES.replace(
        "  secrets: {KEY",
        "  iam: {statements: [{effect: Deny, actions: [s3:DeleteObject], resources: [arn:x],"
        " condition: {Bool: {aws:SecureTransport: 'false'}}}]}\n  secrets: {KEY",
    )

    assert statements("aws_iam_role_policy.web_task", own)["Deny"] == {
        "Effect": "Deny",
        "Action": ("s3:DeleteObject",),
        "Resource": ("arn:x",),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


# iam components


def test_a_shared_policy_is_attached_to_the_services_it_names():
    """And to no other one."""
    found = blocks(SERVICES + SHARED)
    attached = [b for b in found.values() if b.type == "aws_iam_role_policy_attachment"]

    assert [b.body for b in attached] == [
        {
            "role": Ref("aws_iam_role.web_task", "name"),
            "policy_arn": Ref("aws_iam_policy.mail", "arn"),
        }
    ]


def test_a_boundary_limits_both_roles():
    """An organisation that asks for one asks for it on every role."""
    found = blocks(SERVICES + SHARED)
    limited = {b.name for b in found.values() if "permissions_boundary" in b.body}

    assert limited == {"web_execution", "web_task"}


def test_an_iam_component_without_statements_still_holds_the_roles():
    """It stands for them in diagrams and differences."""
    found = blocks(SERVICES + "roles: {kind: iam}\n")

    assert {b.component for b in found.values()} == {"roles"}


def test_roles_are_free():
    """AWS bills nothing for them."""
    graph = graph_of(SERVICES + SHARED)

    assert list(iam.KIND.meters("mail", Iam(), graph)) == []
