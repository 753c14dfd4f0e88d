"""Findings and graphs as text for a terminal."""

from collections import Counter
from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.tree import Tree

from compiler.backends.screen import Screen, Text
from compiler.graph.graph import Edge, Graph, Relation
from trazo_spec.diagnostics import Diagnostic, Severity, Span
from trazo_spec.visible import one_line, sayable
from trazo_spec.yaml.lines import lines as lines_of

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
WIDEST_SOURCE = 160
WIDTH_WITHOUT_TERMINAL = 150


def console(*, stderr: bool = False) -> Screen:
    """Where people read: as wide as the terminal, or wide enough for a table in a file or pipe."""
    plain = Screen(stderr=stderr)
    return plain if plain.is_terminal else Screen(stderr=stderr, width=WIDTH_WITHOUT_TERMINAL)


def print_findings(
    diagnostics: Iterable[Diagnostic], sources: dict[str, str], *, quiet: bool
) -> None:
    """Prints findings to standard error, errors only when quiet."""
    diagnostics = tuple(diagnostics)
    places = [d.at for d in diagnostics if d.confidential and d.at is not None]
    sources = {
        file: _hidden(text, (place for place in places if place.file == file))
        for file, text in sources.items()
    }
    screen = console(stderr=True)
    for d in diagnostics:
        if d.severity is Severity.ERROR or not quiet:
            screen.print(finding(d, sources, screen.encoding), soft_wrap=True)


def finding(d: Diagnostic, sources: dict[str, str], encoding: str = "utf-8") -> Text:
    """A finding with its source line and a caret, as `file:line:column: severity code: message`.

    Args:
        d: The finding.
        sources: File name -> its text.
        encoding: Of the output, so that the caret stands below what it can say.
    """
    text = Text()
    if d.at is not None:
        text.append(f"{one_line(d.at.file)}:{d.at.line}:{d.at.column}: ", "bold")
    text.append(f"{d.severity} {d.code}", STYLES[d.severity]).append(f": {d.message}")
    if d.environment:
        text.append(f" [{one_line(d.environment)}]", "dim")
    for span in (d.at, *d.related):
        if span is not None and span.file in sources:
            label = (
                "" if span is d.at else f" see also {one_line(span.file)}:{span.line}:{span.column}"
            )
            excerpt = _excerpt(span, sources[span.file], STYLES[d.severity], encoding)
            text.append_text(excerpt.append(label if excerpt else "", "dim"))
    if d.help:
        text.append("\n  help: ", "bold green").append(d.help)
    return text


def summary(diagnostics: Iterable[Diagnostic]) -> Text:
    """How many findings there are: `2 errors, 1 warning`, or `no findings`."""
    counts = Counter(d.severity for d in diagnostics)
    text = Text()
    for severity in Severity:
        if count := counts[severity]:
            text.append(", " if text else "")
            text.append(f"{count} {severity}{'s' if count > 1 else ''}", STYLES[severity])
    return text or Text("no findings", "green")


def _excerpt(span: Span, source: str, style: str, encoding: str) -> Text:
    lines = lines_of(source)
    if span.line > len(lines):
        return Text()
    line = lines[span.line - 1]
    column = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    start = max(0, column - WIDEST_SOURCE // 2) if len(line) > WIDEST_SOURCE else 0
    shown = _visible(line[start : start + WIDEST_SOURCE], encoding)
    before = cell_len(_visible(line[start:column], encoding))
    marks = max(1, cell_len(_visible(line[column : min(end, start + WIDEST_SOURCE)], encoding)))
    number = f"{span.line:>5}"
    excerpt = Text(f"\n{number} | ", "dim").append(shown, "not dim")
    excerpt.append(f"\n{' ' * len(number)} | ", "dim")
    return excerpt.append(f"{' ' * before}{'^' * marks}", style)


def _hidden(source: str, spans: Iterable[Span]) -> str:
    """The same text with what stands at some places dotted out."""
    lines = [*lines_of(source)]
    for span in spans:
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            line = lines[number - 1]
            start = span.column - 1 if number == span.line else 0
            end = span.end_column - 1 if number == span.end_line else len(line)
            lines[number - 1] = f"{line[:start]}{'•' * (end - start)}{line[end:]}"
    return "\n".join(lines)


def _visible(text: str, encoding: str) -> str:
    """A line as it is shown, tabs as one cell."""
    return sayable(one_line(text.replace("\t", " ")), encoding)


def tree(graph: Graph) -> Tree:
    """What needs what, from the components that nothing else needs."""
    title = Text.assemble(
        (graph.spec.name, "bold"), f" · {graph.environment} · {graph.spec.region}"
    )
    top = Tree(title, guide_style="dim")
    shown: set[str] = set()
    for name in _roots(graph):
        _grow(top.add(_node(graph, name)), graph, name, shown)
    return top


def _roots(graph: Graph) -> Iterator[str]:
    needed = {
        e.target for e in graph.edges if e.relation not in (Relation.GRANTS, Relation.WATCHES)
    }
    return (n.name for n in graph.nodes if n.name not in needed)


def _grow(branch: Tree, graph: Graph, name: str, shown: set[str]) -> None:
    if name in shown:
        return
    shown.add(name)
    for edge in graph.edges_from(name):
        again = edge.target in shown and any(graph.edges_from(edge.target))
        label = _edge(edge).append_text(_node(graph, edge.target))
        if again:
            label.append(" (above)", "dim")
        _grow(branch.add(label), graph, edge.target, shown)


def _node(graph: Graph, name: str) -> Text:
    what = next(n.what for n in graph.nodes if n.name == name)
    return Text.assemble((name, "bold"), (f" {what}", "cyan"))


def _edge(edge: Edge) -> Text:
    text = Text(f"{edge.relation} ", "dim")
    if edge.detail:
        text.append(f"({edge.detail}) ", "dim")
    if edge.port is not None:
        text.append(f"port {edge.port} ", "dim")
    return text
