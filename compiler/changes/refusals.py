"""What a new compilation would have AWS refuse, or interrupt, of what stands."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from compiler.changes.bodies import Document, Sides, sides
from compiler.changes.causes import followers, interrupted, named, stopped
from compiler.changes.edit import value
from compiler.changes.effects import Effect, Verdict, rows_of
from compiler.changes.losses import NAMES, loses
from compiler.changes.resource_changes import Action, ResourceChange, kept
from compiler.changes.sentences import downtime_of
from compiler.graph.graph import Graph
from compiler.plan.guards import field_of
from trazo_spec.diagnostics import Diagnostic, Severity, SpecPath

NOT_ALLOWED = "major_upgrade_not_allowed"
"""The one interruption that nothing takes back, by its condition in the table."""
NEVER_APPLIED = "if it was never applied, compare with what was: --base REV:PATH"


DATABASE = "aws_db_instance"
PROTECTED = {DATABASE: "deletion_protection", "aws_lb": "enable_deletion_protection"}
"""What AWS deletes only after an argument is switched off."""
INTERRUPTED = "TZ671"
"""The code of what goes down on the way."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One effect of one change, and what is known around it."""

    change: ResourceChange
    effect: Effect
    sides: Sides
    graph: Graph
    group: tuple[ResourceChange, ...]
    """What it interrupts on its way, beside itself."""

    @property
    def argument(self) -> str:
        return self.effect.arguments[0]

    @property
    def reason(self) -> str:
        """Why, to go on after a colon."""
        first, rest = self.effect.reason[:1], self.effect.reason[1:]
        return f"{first if rest[:1].isupper() else first.lower()}{rest}"

    @property
    def lost(self) -> bool:
        """Whether it is told as a loss, which is more."""
        return loses(self.change)

    @property
    def not_allowed(self) -> bool:
        """Whether it is a major upgrade that the spec does not allow, and that is told as such."""
        return any(effect.condition == NOT_ALLOWED for effect in self.change.effects)

    @property
    def waits(self) -> bool:
        """Whether it would wait for the maintenance window, if it was told to."""
        type_ = self.change.address.partition(".")[0]
        return any(row.waits for row in rows_of(type_, self.argument))

    @property
    def of_network(self) -> bool:
        """Whether it is about subnets, which whoever lets a whole network go has allowed."""
        return self.argument in ("subnets", "subnet_ids")

    @property
    def edit(self) -> str:
        """What changes, with its values where they are short."""
        old, new = (value(side, self.argument) for side in self.sides.known(self.change.address))
        shown = all(isinstance(v, str | int | float) and "${" not in str(v) for v in (old, new))
        return f"`{self.argument}`" + (f" from `{old}` to `{new}`" if shown else "")

    def finding(self, code: str, severity: Severity, says: str, advice: str) -> Diagnostic:
        """A finding about the field of the spec that the argument comes from."""
        what = f"`{self.change.address}` of `{self.graph.environment}` {says}"
        path = _path(self.change, self.argument, self.graph)
        return Diagnostic(
            code, severity, what, path, help=advice, environment=self.graph.environment
        )


def refusals(
    old: Document, new: Document, graph: Graph, allowed: Collection[str] = ()
) -> tuple[Diagnostic, ...]:
    """What AWS refuses of the way from `old` to `new`, and what goes down on it.

    Args:
        old: What was compiled before.
        new: What is about to be written.
        graph: The environment, for the places of findings.
        allowed: Addresses that may be interrupted or lost.
    """
    pair = sides(old, new, provider=graph.spec.provider)
    changes = tuple(kept(pair))
    groups = followers(c for c in interrupted(changes) if not (_may(c, allowed) or loses(c)))
    findings: list[Diagnostic] = []
    for change in changes:
        group = () if _may(change, allowed) or loses(change) else groups.get(change.address, ())
        cases = [_Case(change, effect, pair, graph, group) for effect in change.effects]
        told = [d for case in cases for d in _findings(case, allowed)]
        findings += told
        if cases and group and INTERRUPTED not in {d.code for d in told}:
            findings.append(_taken_along(cases[0]))
    replaced = {c.was or c.address for c in changes if c.action is Action.REPLACE}
    deleted = {address for address in pair.old if address not in pair.new} | replaced
    return (*findings, *_protected(deleted, old, graph, allowed))


def _may(change: ResourceChange, allowed: Collection[str]) -> bool:
    return change.address in allowed or change.was in allowed


def _protected(
    deleted: Collection[str], old: Document, graph: Graph, allowed: Collection[str]
) -> Iterator[Diagnostic]:
    """What AWS does not delete; of what holds data, `losses` asks first."""
    for type_, argument in PROTECTED.items():
        for name, body in sorted(old.get("resource", {}).get(type_, {}).items()):
            address = f"{type_}.{name}"
            spoken = not {address, NAMES}.isdisjoint(allowed)
            if address in deleted and body.get(argument) is True and (spoken or type_ != DATABASE):
                yield _not_deleted(address, argument, graph, spoken=spoken)


def _not_deleted(address: str, argument: str, graph: Graph, *, spoken: bool) -> Diagnostic:
    name = address.partition(".")[2]
    advice = "first apply `deletion_protection: false` alone"
    return Diagnostic(
        "TZ678",
        Severity.WARNING if spoken else Severity.ERROR,
        f"AWS does not delete `{address}` of `{graph.environment}` while its `{argument}` is on",
        ("components", name) if name in graph.spec.components else ("components",),
        help=advice if spoken else f"{advice}; if it is off, pass --allow-interruption {address}",
        environment=graph.environment,
    )


def _findings(case: _Case, allowed: Collection[str]) -> Iterator[Diagnostic]:
    """What is to be said of one effect; nothing of what is harmless, allowed, or told elsewhere."""
    match case.effect.verdict:
        case Verdict.REFUSED if case.effect.condition == NOT_ALLOWED:
            yield _upgraded(case)
        case Verdict.REFUSED:
            if not (case.of_network and any(word.startswith("aws_vpc.") for word in allowed)):
                yield _refused(case)
        case Verdict.IGNORED:
            says = f"will not change its {case.edit}: {case.reason}"
            yield case.finding("TZ673", Severity.WARNING, says, case.effect.advice)
        case _ if _may(case.change, allowed) or case.lost:
            return
        case _ if case.not_allowed:
            return
        case _ if case.effect.downtime and not case.effect.pending and not case.change.follows:
            yield _interrupted(case)


def _refused(case: _Case) -> Diagnostic:
    says = f"cannot change its {case.edit}: {case.reason}"
    return case.finding("TZ670", Severity.ERROR, says, f"{case.effect.advice}; {NEVER_APPLIED}")


def _interrupted(case: _Case) -> Diagnostic:
    with_it = f"; {named(case.group)} would go down with it" if case.group else ""
    says = f"would be interrupted by the change of its {case.edit}: {case.reason}"
    return _stopped(case, f"{says}; {downtime_of(case.effect)}{with_it}")


def _taken_along(case: _Case) -> Diagnostic:
    """What is not down itself, but takes along what is, such as a network."""
    says = f"would be replaced because of the change of its {case.edit}, and interrupt"
    return _stopped(case, f"{says} {named(case.group)}; {stopped(case.group)}")


def _stopped(case: _Case, says: str) -> Diagnostic:
    """An error in production, else only said."""
    production, address = case.graph.production, case.change.address
    window = "or write `apply: maintenance_window`, " if case.waits else ""
    advice = f"allow it with --allow-interruption {address}, {window}or keep it as it was"
    severity = Severity.ERROR if production else Severity.INFO
    return case.finding(INTERRUPTED, severity, says, advice if production else "")


def _upgraded(case: _Case) -> Diagnostic:
    says = f"would be upgraded by the change of its {case.edit}, which nothing takes back"
    advice = (
        "try it on a copy that is restored from a snapshot, then write "
        "`allow_major_upgrade: true`; or keep the version"
    )
    return case.finding("TZ672", Severity.ERROR, says, advice)


def _path(change: ResourceChange, argument: str, graph: Graph) -> SpecPath:
    """The field that an argument comes from, as far as the kind says so."""
    type_, _, name = change.address.partition(".")
    component = graph.spec.components.get(name)
    if component is None:
        return ("components",)
    guards = graph.kinds[component.kind].guards.get(type_, {})
    field = field_of(guards.get(argument, ""))
    return ("components", name, *field.split(".")) if field else ("components", name)
