"""The variables and secrets of a service, and what its two roles may do."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from compiler.aws.lists import partition
from compiler.aws.permissions import allow, given, link_statements, repository_arn, written
from compiler.graph.graph import Graph, Relation
from compiler.plan.access import InjectedSecret, PolicyStatement, Role
from compiler.plan.plan import Join, Ref, Value
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.security import Security

V = TypeVar("V")


def environment(service: Ecs, graph: Graph) -> dict[str, Value]:
    """The plain variables of a service, sorted; what the spec sets wins over what links give."""
    linked = {v: x for _, v, x in given(service, graph) if not isinstance(x, InjectedSecret)}
    return _with_own(linked, service, service.environment)


def secrets(service: Ecs, graph: Graph) -> dict[str, InjectedSecret]:
    """The secret variables of a service, sorted; what the spec sets wins over what links give."""
    linked = {v: x for _, v, x in given(service, graph) if isinstance(x, InjectedSecret)}
    own = {variable: _named(secret, graph) for variable, secret in service.secrets.items()}
    return _with_own(linked, service, own)


def _with_own(linked: Mapping[str, V], service: Ecs, own: Mapping[str, V]) -> dict[str, V]:
    taken = {*service.environment, *service.secrets}
    kept = {variable: value for variable, value in linked.items() if variable not in taken}
    return dict(sorted({**kept, **own}.items()))


def _named(secret: str, graph: Graph) -> InjectedSecret:
    """A secret of a `security` component; only one that Terraform fills has a version block."""
    filled = any(c.secrets[secret].generate for _, c in graph.of(Security) if secret in c.secrets)
    version = f"aws_secretsmanager_secret_version.{secret}" if filled else ""
    return InjectedSecret(Ref(f"aws_secretsmanager_secret.{secret}", "arn"), "", version)


def execution_statements(name: str, service: Ecs, graph: Graph) -> Iterator[PolicyStatement]:
    """What ECS may do to start a task: pull the image, write its log, read its secrets."""
    if arn := repository_arn(service.image):
        pull = (
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
        )
        yield allow("PullImage", pull, arn)
        # This action knows no resource:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
        yield allow("LogInToRegistry", ("ecr:GetAuthorizationToken",), "*")
    streams = Join((Ref(f"aws_cloudwatch_log_group.{name}", "arn"), ":*"))
    yield allow("WriteLog", ("logs:CreateLogStream", "logs:PutLogEvents"), streams)
    arns = {s.arn for s in secrets(service, graph).values()}
    if arns:
        ordered = sorted(arns, key=lambda r: (r.address, r.attribute))
        yield allow("ReadSecrets", ("secretsmanager:GetSecretValue",), *ordered)


def task_statements(service: Ecs, graph: Graph) -> Iterator[PolicyStatement]:
    """What the code in a task may do: use the buckets of its links, and what the spec adds."""
    yield from link_statements(service, graph)
    if service.execute_command:
        channels = (
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        )
        # These actions know no resource:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsessionmanagermessagegatewayservice.html
        yield allow("OpenShell", channels, "*")
    yield from (written(s) for s in service.iam.statements)


def _trusted(conditions: Mapping[str, Value]) -> PolicyStatement:
    """Tasks of ECS may take the role, under some conditions."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": conditions,
    }


def _same_account() -> Mapping[str, Value]:
    """Only for tasks of this account."""
    return {
        "StringEquals": {"aws:SourceAccount": Ref("data.aws_caller_identity.current", "account_id")}
    }


def _same_region(graph: Graph) -> Mapping[str, Value]:
    """Only for tasks of this account and region.

    A cluster cannot be named: AWS wants every one of the account. It documents this key for the
    task role; a key that ECS did not send for the execution role would let no task start.
    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
    """
    account = Ref("data.aws_caller_identity.current", "account_id")
    region = graph.spec.region
    tasks = Join((f"arn:{partition(region)}:ecs:{region}:", account, ":*"))
    return {"ArnLike": {"aws:SourceArn": tasks}, **_same_account()}


def roles(name: str, service: Ecs, graph: Graph) -> Iterator[Role]:
    """An execution role for ECS and a task role for the code."""
    execution, task = _trusted(_same_account()), _trusted(_same_region(graph))
    yield Role("execution", execution, tuple(execution_statements(name, service, graph)))
    yield Role("task", task, tuple(task_statements(service, graph)))


def policies(name: str, service: Ecs, graph: Graph) -> tuple[str, ...]:
    """Addresses of everything that gives a service's roles their permissions."""
    own = (role.name for role in roles(name, service, graph) if role.statements)
    shared = (
        address
        for edge in graph.edges_to(name, Relation.GRANTS)
        for address in _shared(edge.source, name, graph)
    )
    return (*(f"aws_iam_role_policy.{name}_{role}" for role in own), *shared)


def _shared(source: str, name: str, graph: Graph) -> tuple[str, ...]:
    component = graph.spec.components[source]
    return tuple(graph.kind(component).grants(source, component, name))
