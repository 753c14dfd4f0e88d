"""Several specs -> every name in AWS that two of them would own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compiler.findings.check import Checked
from compiler.graph.accounts import share_account
from compiler.graph.graph import Graph
from compiler.plan.names import Scope
from compiler.plan.owned_names import OwnedName, owned_names
from compiler.plan.plan import Plan
from compiler.rules.environments import HOSTNAMES, RECORDS, VALIDATIONS, ZONES
from trazo_spec.diagnostics import Diagnostic, Severity, Span, SpecPath
from trazo_spec.yaml.located import place

Key = tuple[str, ...]
"""What is owned, in words, and what tells it from others of its sort."""
STATE = "state"


@dataclass(frozen=True, slots=True)
class _Owner:
    """An environment of a spec that would own something."""

    spec: int
    """Which of the specs."""
    graph: Graph
    path: SpecPath
    scope: Scope
    shown: str
    """What it is called, such as: load balancer `prod-alb`."""

    @property
    def environment(self) -> str:
        """The environment."""
        return self.graph.environment


def clashes(specs: Sequence[Checked]) -> tuple[tuple[Diagnostic, ...], ...]:
    """What clashes, as findings of each spec, in its place; a spec with errors owns nothing."""
    owners: dict[Key, list[_Owner]] = {}
    for number, checked in enumerate(specs):
        for name, environment in checked.environments.items() if checked.sound else ():
            graph = checked.graphs[name]
            for key, owner in _owned(number, graph, environment.plan):
                owners.setdefault(key, []).append(owner)
    findings: list[list[Diagnostic]] = [[] for _ in specs]
    for key, each in owners.items():
        for owner in each:
            if others := _others(owner, each):
                findings[owner.spec].append(_finding(key, owner, others, specs))
    return tuple(checked.placed(each) for checked, each in zip(specs, findings, strict=True))


def _others(owner: _Owner, owners: Sequence[_Owner]) -> list[_Owner]:
    """Who else would own it, one environment of each other spec."""
    first: dict[int, _Owner] = {}
    for other in owners:
        together = owner.scope is Scope.GLOBAL or share_account(owner.graph.spec, other.graph.spec)
        if other.spec != owner.spec and together:
            first.setdefault(other.spec, other)
    return [*first.values()]


def _owned(spec: int, graph: Graph, plan: Plan) -> Iterator[tuple[Key, _Owner]]:
    """Everything that an environment would own and no other may."""
    seen: set[str] = set()
    for ownership in (ZONES, HOSTNAMES, VALIDATIONS, RECORDS):
        for name, path in ownership.owned(graph):
            # A shared host name shares its certificate's record too: once is enough.
            if ownership is VALIDATIONS and name in seen:
                continue
            seen.add(name)
            shown = f"{ownership.noun} `{name}`"
            yield (ownership.code, name), _Owner(spec, graph, path, ownership.scope, shown)
    for owned in owned_names(plan):
        if owned.named.scope is not Scope.VPC or owned.within:
            shown = f"{owned.named.noun} `{owned.text}`"
            path = _path(owned, graph)
            yield _key(owned, plan), _Owner(spec, graph, path, owned.named.scope, shown)
    if plan.state is not None:
        key = (STATE, plan.state.bucket, plan.state.key)
        shown = f"state `{plan.state.bucket}/{plan.state.key}`"
        yield key, _Owner(spec, graph, ("state", "bucket"), Scope.GLOBAL, shown)


def _key(owned: OwnedName, plan: Plan) -> Key:
    """AWS tells no name from another by upper and lower case where we write one."""
    where = plan.region if owned.named.scope is Scope.REGION else owned.within
    return (owned.block.type, owned.text.lower(), where)


def _path(owned: OwnedName, graph: Graph) -> SpecPath:
    """What says the name: the component, or the name of the project for what all share."""
    if not owned.component:
        return ("name",)
    written = owned.component in graph.written.components
    return ("components", owned.component) if written else ("components",)


def _finding(
    key: Key, owner: _Owner, others: Sequence[_Owner], specs: Sequence[Checked]
) -> Diagnostic:
    also = " and ".join(
        f"`{other.environment}` of {specs[other.spec].loaded.file}" for other in others
    )
    return Diagnostic(
        "TZ694" if key[0] == STATE else "TZ693",
        Severity.ERROR,
        f"`{owner.environment}` would own the {owner.shown}, like {also}",
        owner.path,
        related=tuple(_span(other, specs[other.spec]) for other in others),
        help=_advice(key, owner, others, specs),
        environment=owner.environment,
    )


def _span(owner: _Owner, checked: Checked) -> Span:
    return place(checked.loaded.documents[owner.environment], owner.path)


def _advice(key: Key, owner: _Owner, others: Sequence[_Owner], specs: Sequence[Checked]) -> str:
    """What to change, by what it is."""
    name = owner.graph.spec.name
    match key[0]:
        case "state":
            return "give one of the projects another `name`"
        case "TZ495":
            return "give one of them another host name"
        case "TZ494":
            return "write `existing: true` in all specs but one"
        case "TZ496" | "TZ498":
            return "keep it in one of the specs"
        case "aws_s3_bucket":
            same = any(other.graph.spec.name == name for other in others)
            return "give one of the projects another `name`" if same else "set another `bucket`"
        case _:
            words = f"`names: {{prefix: {name}}}`"
            own = "another `names.prefix`" if owner.graph.spec.names.prefix == name else words
            where = specs[owner.spec].loaded.file
            return f"write {own} in {where}, or the `account` of each spec if they differ"
