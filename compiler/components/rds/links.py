"""What whoever links a database gets, and what that connects."""

from collections.abc import Iterator

from compiler.components.rds.blocks import POSTGRESQL_PORT
from compiler.graph.graph import Edge, Graph, Node, Relation
from compiler.plan.access import Given, InjectedSecret
from compiler.plan.plan import Ref
from trazo_spec.base import Access
from trazo_spec.components.rds import Rds
from trazo_spec.diagnostics import SpecPath


def nodes(name: str, _rds: Rds) -> Iterator[Node]:
    """The secret with its password."""
    yield Node(f"{name}.credentials", "secret", name)


def links(source: str, name: str, _rds: Rds, _access: Access, path: SpecPath) -> Iterator[Edge]:
    """A connection, and the credentials for it."""
    yield Edge(source, name, Relation.CONNECTS_TO, path, POSTGRESQL_PORT)
    yield Edge(source, f"{name}.credentials", Relation.READS, path)


def gives(name: str, rds: Rds, _graph: Graph) -> Iterator[tuple[str, Given]]:
    """Where it is, and who may come in."""
    yield "HOST", Ref(f"aws_db_instance.{name}", "address")
    yield "PORT", str(POSTGRESQL_PORT)
    yield "NAME", rds.database_name
    for key in ("username", "password"):
        yield key.upper(), _credential(name, rds, key)


def _credential(name: str, database: Rds, key: str) -> InjectedSecret:
    if database.password == "rds_managed":  # noqa: S105 - says who makes it
        # A database that had a password of ours has no secret of its own before the apply.
        arn = Ref(f"aws_db_instance.{name}", "master_user_secret[0].secret_arn", late=True)
        return InjectedSecret(arn, key)
    label = f"{name}_credentials"
    version = f"aws_secretsmanager_secret_version.{label}"
    return InjectedSecret(Ref(f"aws_secretsmanager_secret.{label}", "arn"), key, version)
