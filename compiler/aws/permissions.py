"""What a link gives a service's containers, and what its two roles may do."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from compiler.aws.names import bucket_ref
from compiler.graph.graph import Graph, Relation
from compiler.plan.plan import Join, Ref, Value
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.iam import Iam
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.components.s3 import S3
from trazo_spec.components.security import Security
from trazo_spec.components.statement import Statement

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class InjectedSecret:
    """A secret that ECS puts into a variable when a task starts."""

    arn: Ref
    """The secret."""
    key: str = ""
    """The key of a secret that is a JSON object; empty for the whole secret."""
    version: str = ""
    """The block that gives the secret its value; empty when somebody else does."""

    @property
    def value_from(self) -> Value:
        """The secret as a container definition names it: the ARN, with its key where it has one.

        Source:
        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
        """
        return Join((self.arn, f":{self.key}::")) if self.key else self.arn


def environment(service: Ecs, graph: Graph) -> dict[str, Value]:
    """The plain variables of a service, sorted; what the spec sets wins over what links give."""
    return _with_own(_linked_variables(service, graph), service, service.environment)


def secrets(service: Ecs, graph: Graph) -> dict[str, InjectedSecret]:
    """The secret variables of a service, sorted; what the spec sets wins over what links give."""
    own = {variable: _named(secret, graph) for variable, secret in service.secrets.items()}
    return _with_own(_linked_secrets(service, graph), service, own)


def linked_names(service: Ecs, graph: Graph) -> Iterator[tuple[str, str]]:
    """Each variable that links give, with the component that it comes from."""
    for found in (_linked_variables(service, graph), _linked_secrets(service, graph)):
        yield from ((variable, target) for target, variable, _ in found)


def _with_own(
    linked: Iterator[tuple[str, str, V]], service: Ecs, own: Mapping[str, V]
) -> dict[str, V]:
    taken = {*service.environment, *service.secrets}
    kept = {variable: value for _, variable, value in linked if variable not in taken}
    return dict(sorted({**kept, **own}.items()))


def _linked_variables(service: Ecs, graph: Graph) -> Iterator[tuple[str, str, Value]]:
    """Target, variable and value of what is no secret."""
    for target in sorted(service.uses):
        prefix = target.upper()
        match graph.spec.components.get(target):
            case Rds(database_name=database):
                host = Ref(f"aws_db_instance.{target}", "address")
                yield target, f"{prefix}_HOST", host
                yield target, f"{prefix}_PORT", "5432"
                yield target, f"{prefix}_NAME", database
            case Redis():
                group = f"aws_elasticache_replication_group.{target}"
                yield target, f"{prefix}_HOST", Ref(group, "primary_endpoint_address")
                yield target, f"{prefix}_PORT", "6379"
            case S3():
                yield target, f"{prefix}_BUCKET", bucket_ref(target, "bucket", graph)
            case _:
                pass


def _linked_secrets(service: Ecs, graph: Graph) -> Iterator[tuple[str, str, InjectedSecret]]:
    for target in sorted(service.uses):
        component = graph.spec.components.get(target)
        if not isinstance(component, Rds):
            continue
        for key in ("username", "password"):
            yield target, f"{target.upper()}_{key.upper()}", _credential(target, component, key)


def _credential(name: str, database: Rds, key: str) -> InjectedSecret:
    if database.password == "rds_managed":  # noqa: S105 - says who makes it
        # A database that had a password of ours has no secret of its own before the apply.
        arn = Ref(f"aws_db_instance.{name}", "master_user_secret[0].secret_arn", late=True)
        return InjectedSecret(arn, key)
    label = f"{name}_credentials"
    version = f"aws_secretsmanager_secret_version.{label}"
    return InjectedSecret(Ref(f"aws_secretsmanager_secret.{label}", "arn"), key, version)


def _named(secret: str, graph: Graph) -> InjectedSecret:
    """A secret of a `security` component; only one that Terraform fills has a version block."""
    filled = any(c.secrets[secret].generate for _, c in graph.of(Security) if secret in c.secrets)
    version = f"aws_secretsmanager_secret_version.{secret}" if filled else ""
    return InjectedSecret(Ref(f"aws_secretsmanager_secret.{secret}", "arn"), "", version)


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
