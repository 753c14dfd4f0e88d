"""What an `iam` component becomes, and the two roles of every service."""

from collections.abc import Iterator, Mapping

from compiler.aws.names import aws_name, short_name
from compiler.aws.permissions import (
    PolicyStatement,
    document,
    execution_statements,
    granted,
    task_statements,
    written,
)
from compiler.card import Card, Mark, Shared
from compiler.graph.graph import Graph
from compiler.plan.plan import Assumption, Block, Json, Meter, Ref, Value
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.iam import Iam

ICON = "aws.security.IdentityAndAccessManagementIam"
USAGE: Mapping[str, Assumption] = {}

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LONGEST_ROLE_NAME = 64


def blocks(name: str, component: Iam, graph: Graph) -> Iterator[Block]:
    """The policy that services share, attached to their task roles."""
    if not component.statements:
        return
    body: dict[str, Value] = {
        "name": aws_name(graph, name),
        "description": "What the tasks of several services may do",
        "policy": Json(document(written(s) for s in component.statements)),
    }
    yield Block("aws_iam_policy", name, body, name)
    for service in granted(name, graph):
        attachment: dict[str, Value] = {
            "role": Ref(f"aws_iam_role.{service}_task", "name"),
            "policy_arn": Ref(f"aws_iam_policy.{name}", "arn"),
        }
        yield Block("aws_iam_role_policy_attachment", f"{name}_{service}", attachment, name)


def meters(_name: str, _component: Iam, _graph: Graph) -> Iterator[Meter]:
    """Nothing: IAM is free."""
    yield from ()


def roles(graph: Graph) -> Iterator[Block]:
    """An execution role for ECS and a task role for the code, for every service."""
    for name, service in graph.of(Ecs):
        statements = tuple(execution_statements(name, service, graph))
        yield from _role(name, "execution", statements, graph)
        yield from _role(name, "task", tuple(task_statements(name, service, graph)), graph)


def _role(
    service: str, role: str, statements: tuple[PolicyStatement, ...], graph: Graph
) -> Iterator[Block]:
    owner, boundary = _owner(service, graph), _boundary(service, graph)
    label = f"{service}_{role}"
    body: dict[str, Value] = {
        "name": short_name(graph, service, role=role, most=LONGEST_ROLE_NAME),
        "assume_role_policy": Json(document((_trust(),))),
    }
    if boundary is not None:
        body["permissions_boundary"] = boundary
    yield Block("aws_iam_role", label, body, owner)
    if statements:
        policy: dict[str, Value] = {
            "name": role,
            "role": Ref(f"aws_iam_role.{label}", "id"),
            "policy": Json(document(statements)),
        }
        yield Block("aws_iam_role_policy", label, policy, owner)


def _trust() -> PolicyStatement:
    """Only tasks of this account may take the role.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
    """
    account = Ref("data.aws_caller_identity.current", "account_id")
    return {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }


def _owner(service: str, graph: Graph) -> str:
    """The component that roles belong to: the `iam` component about a service, else the service."""
    return next((iam for iam, _ in graph.of(Iam) if service in granted(iam, graph)), service)


def _boundary(service: str, graph: Graph) -> str | None:
    limits = (
        component.permissions_boundary
        for name, component in graph.of(Iam)
        if service in granted(name, graph)
    )
    return next((arn for arn in limits if arn is not None), None)


def card(name: str, _: Iam, __: Graph) -> Card:
    """A policy that roles share, a part of the mark for all roles."""
    return Card(f"IAM policy {name}", shared=(Shared(Mark.ROLES, priced=True),))
