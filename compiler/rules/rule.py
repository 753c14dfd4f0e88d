"""What a rule is: a code, a severity and a check of one environment's graph."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import getdoc
from typing import Generic, Protocol, TypeAlias, TypeVar

from compiler.graph.graph import Graph
from compiler.plan.plan import Plan
from trazo_spec.diagnostics import Diagnostic, Remedy, Severity, SpecPath


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found at one place."""

    path: SpecPath
    """The value of the spec that is wrong."""
    message: str
    """The value found and what was expected, the user's words in backticks."""
    help: str = ""
    """What to do about it."""
    related: tuple[SpecPath, ...] = ()
    """The other values that take part."""
    confidential: bool = False
    """Whether the value itself must not be printed."""
    remedy: Remedy | None = None
    """The one change of the value, or of its key, that makes it disappear."""


class _OfEnvironment(Protocol):
    """What a check looks at."""

    @property
    def environment(self) -> str:
        """Whose it is."""


L = TypeVar("L", bound=_OfEnvironment)


@dataclass(frozen=True, slots=True)
class RuleAbout(Generic[L]):
    """A check with a lasting code; the check's docstring is its entry in the reference."""

    code: str
    severity: Severity
    check: Callable[[L], Iterator[Finding]]
    local: bool = False
    """Whether what it finds holds even when other components could not be read."""
    liftable: bool = False
    """Whether `checks` may lift it although it is an error: AWS may know more than we do."""

    @property
    def doc(self) -> str:
        """Why the rule matters, with a bad and a good example."""
        return getdoc(self.check) or ""

    def diagnostics(self, looked_at: L) -> Iterator[Diagnostic]:
        """Every finding of this rule in one environment."""
        for finding in self.check(looked_at):
            yield Diagnostic(
                code=self.code,
                severity=self.severity,
                message=finding.message,
                path=finding.path,
                related_paths=finding.related,
                help=finding.help,
                environment=looked_at.environment,
                confidential=finding.confidential,
                remedy=finding.remedy,
            )


Rule: TypeAlias = RuleAbout[Graph]
PlanRule: TypeAlias = RuleAbout[Plan]
"""A rule about what only a graph without errors becomes."""


def rule(
    code: str, severity: Severity, *, local: bool = False, liftable: bool = False
) -> Callable[[Callable[[L], Iterator[Finding]]], RuleAbout[L]]:
    """Turns a check into a rule; a module lists its rules in its tuple `RULES`."""
    return lambda check: RuleAbout(code, severity, check, local, liftable)
