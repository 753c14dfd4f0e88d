"""A loaded file -> the graphs of its environments and every finding with its place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compiler.graph import Graph, build
from compiler.rules import RULES
from compiler.rules import check as check_graph
from compiler.rules.environments import across
from trazo_spec.diagnostics import Diagnostic, has_errors
from trazo_spec.load import Loaded, locate, merged_findings


@dataclass(frozen=True, slots=True)
class Checked:
    """What a spec file becomes before anything is emitted."""

    loaded: Loaded
    graphs: Mapping[str, Graph]
    """The graph of every environment that could be read."""
    found: tuple[Diagnostic, ...]
    """What rules found, environment by environment, without places."""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything found, each once, in the order of the file."""
        return self.with_later(())

    def with_later(self, later: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """The same together with what later passes found."""
        located = locate((*self.found, *later), self.loaded.documents)
        environments = tuple(self.loaded.documents)
        return merged_findings((*self.loaded.diagnostics, *located), environments)

    @property
    def sound(self) -> bool:
        """Whether nothing found is an error."""
        return not has_errors(self.diagnostics)


def check(loaded: Loaded) -> Checked:
    """All rules over all environments; those that look at single parts where fields are wrong."""
    graphs = {name: build(spec, name) for name, spec in loaded.environments.items()}
    found: list[Diagnostic] = []
    for graph in graphs.values():
        found += check_graph(graph)
    for name, spec in loaded.partial.items():
        graph = build(spec, name)
        for rule in RULES:
            found += rule.diagnostics(graph) if rule.local else ()
    found += across(graphs)
    return Checked(loaded, graphs, tuple(found))
