"""What changes in an existing stack although its spec does not: defaults that became safer."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from compiler.graph.graph import Graph
from trazo_spec.diagnostics import Diagnostic, Severity

Document: TypeAlias = Mapping[str, Any]
"""A `cdk.tf.json`, as the backend renders or reads it."""


def changed_defaults(old: Document, graph: Graph) -> Iterator[Diagnostic]:
    """What the owner of an existing stack is told once, with the compilation that changes it.

    Args:
        old: What was compiled before.
        graph: The environment as it is now.
    """
    resources = old.get("resource", {})
    for name, component in graph.spec.components.items():
        for message, advice in graph.kind(component).changed_defaults(name, component, resources):
            yield Diagnostic(
                "TZ709",
                Severity.WARNING,
                message,
                ("components", name),
                help=advice,
                environment=graph.environment,
            )
