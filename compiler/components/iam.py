"""What an `iam` component becomes, and the roles of all that runs code."""

from collections.abc import Iterator, Mapping

from compiler.aws.metering import free
from compiler.aws.names import aws_name, short_name
from compiler.aws.permissions import document, granted, written
from compiler.card import Card, Mark, Shared
from compiler.graph.graph import Edge, Graph, Kind, Kinds, Relation
from compiler.graph.references import Reference
from compiler.plan.access import Role
from compiler.plan.guards import ALL, PERMISSIONS, Guards
from compiler.plan.names import Named, Names, Scope
from compiler.plan.plan import Assumption, Block, Json, Ref, Value
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.iam import Iam
from trazo_spec.document import Spec

ICON = "aws.security.IdentityAndAccessManagementIam"
USAGE: Mapping[str, Assumption] = {}

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LONGEST_ROLE_NAME = 64


def _references(iam: Iam) -> Iterator[Reference]:
    for i, service in enumerate(iam.services):
        yield Reference(("services", i), service, "applies to", (Ecs,))


def _edges(name: str, iam: Iam, spec: Spec, kinds: Kinds) -> Iterator[Edge]:
    every = sorted(n for n, c in spec.components.items() if kinds[c.kind].runs_code)
    for service in iam.services or every:
        yield Edge(name, service, Relation.GRANTS, ("components", name))


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


def _grants(name: str, iam: Iam, service: str) -> Iterator[str]:
    if iam.statements:
        yield f"aws_iam_role_policy_attachment.{name}_{service}"


def roles(graph: Graph) -> Iterator[Block]:
    """The roles of everything that runs code, each with its policy."""
    for name, component in graph.spec.components.items():
        for role in graph.kind(component).roles(name, component, graph):
            yield from _role(name, role, graph)


def _role(name: str, role: Role, graph: Graph) -> Iterator[Block]:
    owner, boundary = _owner(name, graph), _boundary(name, graph)
    label = f"{name}_{role.name}"
    body: dict[str, Value] = {
        "name": short_name(graph, name, role=role.name, most=LONGEST_ROLE_NAME),
        "assume_role_policy": Json(document((role.trusted,))),
    }
    if boundary is not None:
        body["permissions_boundary"] = boundary
    yield Block("aws_iam_role", label, body, owner)
    if role.statements:
        policy: dict[str, Value] = {
            "name": role.name,
            "role": Ref(f"aws_iam_role.{label}", "id"),
            "policy": Json(document(role.statements)),
        }
        yield Block("aws_iam_role_policy", label, policy, owner)


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


_POLICY = {ALL: PERMISSIONS}

GUARDS: Guards = {
    "aws_iam_policy": {"policy": "set `statements` of `{component}` instead"},
    "aws_iam_role": {
        "assume_role_policy": "only tasks in this account may assume the role",
        "inline_policy": PERMISSIONS,
        "managed_policy_arns": PERMISSIONS,
        "permissions_boundary": "set `permissions_boundary` of an `iam` component instead",
    },
    "aws_iam_role_policy": _POLICY,
    "aws_iam_role_policy_attachment": _POLICY,
}


# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
# read 2026-11-29
NAMES: Names = {
    "aws_iam_policy": Named("IAM policy", Scope.ACCOUNT, 128),
    "aws_iam_role": Named("IAM role", Scope.ACCOUNT, LONGEST_ROLE_NAME),
}


KIND = Kind(
    icon=ICON,
    usage=USAGE,
    blocks=blocks,
    meters=free,
    card=card,
    references=_references,
    edges=_edges,
    grants=_grants,
    shared_blocks=roles,
    names=NAMES,
    guards=GUARDS,
)
