"""A loaded file -> the graphs of its environments and every finding with its place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compiler.findings.severities import idle_checks, judged, wrong_checks
from compiler.graph.graph import Graph, build
from compiler.rules import RULES
from compiler.rules import check as check_graph
from compiler.rules.environments import across
from trazo_spec.diagnostics import Diagnostic, has_errors
from trazo_spec.edits import with_edits
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
        """Everything found that counts, each once, in the order of the file."""
        return self.with_later(())

    def with_later(self, later: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """The same together with what later passes found."""
        return tuple(d for d in self.everything(later) if not d.ignored)

    def everything(
        self, later: Iterable[Diagnostic], *, whole: bool = False
    ) -> tuple[Diagnostic, ...]:
        """The same together with what the spec switches off.

        Args:
            later: What later passes found.
            whole: Whether these are all the passes that there are.
        """
        found = (*self.loaded.diagnostics, *self.found, *later)
        return self._judged((*found, *idle_checks(found, self.loaded, whole=whole)))

    def alone(self, later: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Only what a later pass found and counts, with places."""
        return tuple(d for d in self._judged(later) if not d.ignored)

    def counted(self, later: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """The same without places, environment by environment."""
        return tuple(d for d in judged(later, self.loaded) if not d.ignored)

    def _judged(self, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        documents = self.loaded.documents
        located = locate(judged(found, self.loaded), documents)
        merged = merged_findings(located, tuple(documents))
        found = with_edits(merged, self.loaded.text, documents, self.loaded.written)
        return tuple(map(self.loaded.cover.finding, found))

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
    found += wrong_checks(loaded)
    return Checked(loaded, graphs, tuple(found))
