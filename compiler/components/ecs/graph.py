"""What a service needs, and what it names."""

from collections.abc import Iterator

from compiler.graph.graph import Edge, Node, Relation
from compiler.graph.references import Reference
from trazo_spec.base import Linkable
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.security import Security
from trazo_spec.diagnostics import SpecPath
from trazo_spec.document import Spec


def nodes(name: str, _service: Ecs) -> Iterator[Node]:
    """The log group of its tasks."""
    yield Node(f"{name}.logs", "log_group", name)


def references(service: Ecs) -> Iterator[Reference]:
    """The databases, caches and buckets that its tasks use."""
    for target, access in service.uses.items():
        yield Reference(("uses", target), target, "uses", (Linkable,), access)


def edges(name: str, service: Ecs, spec: Spec) -> Iterator[Edge]:
    """Its log group, and the secrets that its variables hold."""
    path: SpecPath = ("components", name)
    yield Edge(name, f"{name}.logs", Relation.LOGS_TO, path)
    for variable, secret in service.secrets.items():
        for owner, holder in spec.components.items():
            if isinstance(holder, Security) and secret in holder.secrets:
                yield Edge(name, f"{owner}.{secret}", Relation.READS, (*path, "secrets", variable))
