"""What a service's two roles may do: statements of IAM policies from links and settings."""

import re
from collections.abc import Iterable, Iterator

from compiler.aws.buckets import bucket_ref
from compiler.aws.links import secrets
from compiler.graph.graph import Graph, Relation
from compiler.plan.plan import Join, Ref, Value
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.iam import Iam
from trazo_spec.components.s3 import S3
from trazo_spec.components.statement import Statement

PolicyStatement = dict[str, Value]

_ECR_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/"
    r"(?P<repository>[a-z0-9._/-]+)([:@].*)?"
)


def repository_arn(image: str) -> str | None:
    """The ARN of the private ECR repository that an image comes from; None for any other image.

    >>> repository_arn("123456789012.dkr.ecr.us-east-2.amazonaws.com/shop/web:7")
    'arn:aws:ecr:us-east-2:123456789012:repository/shop/web'
    """
    match = _ECR_IMAGE.fullmatch(image)
    if match is None:
        return None
    region, account = match["region"], match["account"]
    return f"arn:{partition(region)}:ecr:{region}:{account}:repository/{match['repository']}"


def partition(region: str) -> str:
    """The first part of every ARN of a region after `arn:`.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def document(statements: Iterable[PolicyStatement]) -> dict[str, Value]:
    """A policy of some statements."""
    return {"Version": "2012-10-17", "Statement": tuple(statements)}


def execution_statements(name: str, service: Ecs, graph: Graph) -> Iterator[PolicyStatement]:
    """What ECS may do to start a task: pull the image, write its log, read its secrets."""
    if arn := repository_arn(service.image):
        pull = (
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
        )
        yield _allow("PullImage", pull, arn)
        # This action knows no resource:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
        yield _allow("LogInToRegistry", ("ecr:GetAuthorizationToken",), "*")
    streams = Join((Ref(f"aws_cloudwatch_log_group.{name}", "arn"), ":*"))
    yield _allow("WriteLog", ("logs:CreateLogStream", "logs:PutLogEvents"), streams)
    arns = {s.arn for s in secrets(service, graph).values()}
    if arns:
        ordered = sorted(arns, key=lambda r: (r.address, r.attribute))
        yield _allow("ReadSecrets", ("secretsmanager:GetSecretValue",), *ordered)


def task_statements(name: str, service: Ecs, graph: Graph) -> Iterator[PolicyStatement]:
    """What the code in a task may do: use the buckets of its links, and what the spec adds."""
    yield from _bucket_statements(name, graph)
    if service.execute_command:
        channels = (
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
        )
        # These actions know no resource:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsessionmanagermessagegatewayservice.html
        yield _allow("OpenShell", channels, "*")
    yield from (written(s) for s in service.iam.statements)


def written(statement: Statement) -> PolicyStatement:
    """A statement as the spec has it."""
    result: PolicyStatement = {
        "Effect": statement.effect,
        "Action": statement.actions,
        "Resource": statement.resources,
    }
    return {**result, "Condition": statement.condition} if statement.condition else result


def policies(name: str, service: Ecs, graph: Graph) -> tuple[str, ...]:
    """Addresses of everything that gives a service's roles their permissions."""
    found = [f"aws_iam_role_policy.{name}_execution"]
    if any(task_statements(name, service, graph)):
        found.append(f"aws_iam_role_policy.{name}_task")
    for iam, shared in graph.of(Iam):
        if shared.statements and name in granted(iam, graph):
            found.append(f"aws_iam_role_policy_attachment.{iam}_{name}")
    return tuple(found)


def granted(iam: str, graph: Graph) -> tuple[str, ...]:
    """The services that an `iam` component is about, sorted."""
    return tuple(e.target for e in graph.edges_from(iam, Relation.GRANTS))


def _bucket_statements(name: str, graph: Graph) -> Iterator[PolicyStatement]:
    buckets = {bucket for bucket, _ in graph.of(S3)}
    read = [e.target for e in graph.edges_from(name, Relation.READS) if e.target in buckets]
    write = [e.target for e in graph.edges_from(name, Relation.WRITES) if e.target in buckets]
    if read:
        yield _allow("ListBuckets", ("s3:ListBucket",), *(_bucket(b, graph) for b in read))
        yield _allow("ReadObjects", ("s3:GetObject",), *(_objects(b, graph) for b in read))
    if write:
        changes = ("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject")
        yield _allow("WriteObjects", changes, *(_objects(b, graph) for b in write))


def _bucket(name: str, graph: Graph) -> Ref:
    return bucket_ref(name, "arn", graph)


def _objects(name: str, graph: Graph) -> Join:
    return Join((_bucket(name, graph), "/*"))


def _allow(sid: str, actions: tuple[str, ...], *resources: Value) -> PolicyStatement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
