"""A loaded file -> the graphs of its environments and every finding, judged and in its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from compiler.findings.all_codes import CODES
from compiler.graph.accounts import among_environments
from compiler.graph.graph import Graph
from compiler.kinds import KINDS, build
from compiler.lower import Environment
from compiler.rules import GRAPH_RULES, RULES
from compiler.rules import check as check_environment
from compiler.rules.environments import UNDELEGATED, shared_names, undelegated
from trazo_spec.checks import Check
from trazo_spec.codes import CHECKS, READING, TRACES
from trazo_spec.diagnostics import Diagnostic, Severity, Span, SpecPath, has_errors
from trazo_spec.document import Spec
from trazo_spec.load import Loaded, locate, merged_findings
from trazo_spec.validation.fields import did_you_mean
from trazo_spec.yaml.edits import with_edits
from trazo_spec.yaml.located import place

_RANKS = ("off", Severity.INFO, Severity.WARNING, Severity.ERROR)
_OWN = {code.code: code.severity for code in CHECKS}
_ALWAYS_LOOKED_FOR = {c.code for c in (*READING, *TRACES)} | {rule.code for rule in RULES}
_ALWAYS_LOOKED_FOR.add(UNDELEGATED)


def judged(findings: Iterable[Diagnostic], loaded: Loaded) -> Iterator[Diagnostic]:
    """Each finding as each environment that shows it judges it; most errors stay as they are."""
    specs = _specs(loaded)
    for d in findings:
        if _is_fixed(d) or not loaded.documents:
            yield d
            continue
        for environment in d.environment.split(", ") if d.environment else loaded.documents:
            yield _judged(replace(d, environment=environment), specs.get(environment))


def wrong_checks(loaded: Loaded) -> Iterator[Diagnostic]:
    """Entries of `checks` whose code does not exist or is that of an error."""
    for environment, spec in _specs(loaded).items():
        for name in spec.checks:
            code, path = CODES.get(name), ("checks", name)
            if code is None:
                known = [c.code for c in CODES.values() if not c.fixed]
                message = f"the code `{name}` does not exist"
                yield _finding("TZ340", message, path, did_you_mean(name, known), environment)
            elif code.fixed:
                message = f"`{name}` is an error, and its severity cannot change"
                yield _finding("TZ341", message, path, "fix what it reports", environment)


def idle_checks(
    findings: Iterable[Diagnostic], loaded: Loaded, *, whole: bool
) -> Iterator[Diagnostic]:
    """Entries of `checks` that switch off or lower what no environment shows.

    Args:
        findings: What was found, before it is judged.
        loaded: The spec.
        whole: Whether every pass has looked, else only those that each command runs.
    """
    findings = tuple(findings)
    if any(map(_is_fixed, findings)) or loaded.partial:
        return  # some rules have not looked
    scopes = [s for name, spec in _specs(loaded).items() for s in _scopes(name, spec)]
    used = {_at(s, loaded) for s in scopes if any(map(s.holds, findings))}
    for scope in scopes:
        looked_for = (whole and scope.code not in _OWN) or scope.code in _ALWAYS_LOOKED_FOR
        if looked_for and _at(scope, loaded) not in used:
            about = f" about `{scope.component}`" if scope.component else ""
            message = f"there is no {scope.code} finding{about} to switch off or lower"
            known = loaded.environments[scope.environment].components
            stray = scope.component and scope.component not in known
            advice = did_you_mean(scope.component, known) if stray else "remove it"
            yield _finding("TZ342", message, scope.path, advice, scope.environment)


@dataclass(frozen=True, slots=True)
class _Scope:
    """A part of the spec for which an environment takes a code less seriously."""

    environment: str
    path: SpecPath
    code: str
    component: str
    """Empty for the whole spec."""

    def holds(self, d: Diagnostic) -> bool:
        shown_in = d.environment.split(", ") if d.environment else [self.environment]
        about = self.component in ("", _component_of(d))
        return d.code == self.code and about and self.environment in shown_in


def _scopes(environment: str, spec: Spec) -> Iterator[_Scope]:
    for name, check in spec.checks.items():
        code, path = CODES.get(name), ("checks", name)
        if code is None or _RANKS.index(check.severity) >= _RANKS.index(code.severity):
            continue
        for i, component in enumerate(check.components):
            yield _Scope(environment, (*path, "components", i), name, component)
        if not check.components:
            yield _Scope(environment, path, name, "")


def _at(scope: _Scope, loaded: Loaded) -> Span:
    return place(loaded.documents[scope.environment], scope.path)


def _is_fixed(d: Diagnostic) -> bool:
    """Whether it is an error that no spec can lift."""
    code = CODES.get(d.code)
    return d.severity is Severity.ERROR and (code is None or not code.liftable)


def _judged(d: Diagnostic, spec: Spec | None) -> Diagnostic:
    check = spec.checks.get(d.code) if spec is not None else None
    if check is None or not _holds(check, d):
        return d
    if check.severity == "off":
        return replace(d, ignored=check.reason)
    return replace(d, severity=Severity(check.severity))


def _holds(check: Check, d: Diagnostic) -> bool:
    return not check.components or _component_of(d) in check.components


def _component_of(d: Diagnostic) -> str:
    """The component that a finding is about, empty for none."""
    match d.path:
        case ("components", str(name), *_) | ("traffic", _, str(name), *_):
            return name
        case _:
            return ""


def _specs(loaded: Loaded) -> Mapping[str, Spec]:
    """The spec of each environment, without its broken components where it has some."""
    return {**loaded.partial, **loaded.environments}


def _finding(code: str, message: str, path: SpecPath, advice: str, environment: str) -> Diagnostic:
    return Diagnostic(code, _OWN[code], message, path, help=advice, environment=environment)


@dataclass(frozen=True)
class Checked:
    """What a spec file becomes before anything is emitted."""

    loaded: Loaded
    environments: Mapping[str, Environment]
    """Every environment that could be read."""
    found: tuple[Diagnostic, ...]
    """What rules found, environment by environment, without places."""

    @cached_property
    def graphs(self) -> Mapping[str, Graph]:
        """The graph of every environment that could be read."""
        return {name: one.graph for name, one in self.environments.items()}

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything found that counts, each once, in the order of the file."""
        return that_count(self.everything())

    @property
    def sound(self) -> bool:
        """Whether nothing found is an error."""
        return not has_errors(self.diagnostics)

    def judge(self, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Those of some findings that count, as each environment takes them, without places."""
        return that_count(judged(findings, self.loaded))

    def placed(self, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Some findings judged and in their places, with what the spec switches off."""
        documents = self.loaded.documents
        located = locate(judged(findings, self.loaded), documents)
        merged = merged_findings(located, tuple(documents))
        edited = with_edits(merged, self.loaded.text, documents, self.loaded.written)
        return tuple(map(self.loaded.cover.finding, edited))

    def everything(
        self, later: Iterable[Diagnostic] = (), *, whole: bool = False
    ) -> tuple[Diagnostic, ...]:
        """All findings like that, with what switches off or lowers none of them.

        Args:
            later: What passes after the rules found.
            whole: Whether these are all the passes that there are.
        """
        findings = (*self.loaded.diagnostics, *self.found, *later)
        return self.placed((*findings, *idle_checks(findings, self.loaded, whole=whole)))


def that_count(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings that the spec does not switch off."""
    return tuple(d for d in findings if not d.ignored)


def of_environment(findings: Iterable[Diagnostic], name: str) -> tuple[Diagnostic, ...]:
    """The findings that an environment shows; with an empty name, all."""
    return tuple(
        d for d in findings if not name or not d.environment or name in d.environment.split(", ")
    )


def check(loaded: Loaded) -> Checked:
    """All rules over all environments; those that look at single parts where fields are wrong."""
    specs = among_environments(loaded.environments, KINDS)
    environments = {n: Environment(build(spec, n)) for n, spec in specs.items()}
    findings: list[Diagnostic] = []
    for environment in environments.values():
        findings += check_environment(environment)
    for name, spec in loaded.partial.items():
        graph = build(spec, name)
        for rule in GRAPH_RULES:
            findings += rule.diagnostics(graph) if rule.local else ()
    graphs = {name: one.graph for name, one in environments.items()}
    findings += (*shared_names(graphs), *undelegated(graphs))
    findings += wrong_checks(loaded)
    return Checked(loaded, environments, tuple(findings))
