"""What the links of a service give its containers: environment variables and secrets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from compiler.aws.buckets import bucket_ref
from compiler.graph.graph import POSTGRESQL_PORT, REDIS_PORT, Graph
from compiler.plan.plan import Join, Ref, Value
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.components.s3 import S3
from trazo_spec.components.security import Security

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
                yield target, f"{prefix}_PORT", str(POSTGRESQL_PORT)
                yield target, f"{prefix}_NAME", database
            case Redis():
                group = f"aws_elasticache_replication_group.{target}"
                yield target, f"{prefix}_HOST", Ref(group, "primary_endpoint_address")
                yield target, f"{prefix}_PORT", str(REDIS_PORT)
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
