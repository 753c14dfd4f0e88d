"""What a service needs, and what it names."""

from collections.abc import Iterator

from compiler.graph.graph import Edge, Kinds, Node, Relation
from compiler.graph.references import Reference
from trazo_spec.base import Linkable
from trazo_spec.components.ecs import Ecs
from trazo_spec.diagnostics import SpecPath
from trazo_spec.document import Spec


def nodes(name: str, _service: Ecs) -> Iterator[Node]:
    """The log group of its tasks."""
    yield Node(f"{name}.logs", "log_group", name)


def references(service: Ecs) -> Iterator[Reference]:
    """The databases, caches and buckets that its tasks use."""
    for target, access in service.uses.items():
        yield Reference(("uses", target), target, "uses", (Linkable,), access)


def edges(name: str, _service: Ecs, _spec: Spec, _kinds: Kinds) -> Iterator[Edge]:
    """Its log group."""
    yield Edge(name, f"{name}.logs", Relation.LOGS_TO, ("components", name))


def secrets(service: Ecs) -> Iterator[tuple[SpecPath, str]]:
    """The secrets that its variables hold."""
    for variable, secret in service.secrets.items():
        yield ("secrets", variable), secret
