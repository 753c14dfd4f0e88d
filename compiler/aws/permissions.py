"""What links give and allow, and the shapes of IAM policies."""

from collections.abc import Iterable, Iterator

from compiler.aws.registries import registry
from compiler.graph.graph import Graph, Relation, UnansweredError, fits, links_of
from compiler.plan.access import Given, InjectedSecret, PolicyStatement
from compiler.plan.plan import Value
from trazo_spec.base import Access
from trazo_spec.components import AnyComponent
from trazo_spec.components.statement import Statement


def given(component: AnyComponent, graph: Graph) -> Iterator[tuple[str, str, Given]]:
    """Target, variable and value of what the links of a component give it, sorted by target."""
    for target, used in _used(component, graph):
        for variable, value in graph.kind(used).gives(target, used, graph):
            yield target, f"{target.upper()}_{variable}", value


def linked_names(component: AnyComponent, graph: Graph) -> Iterator[tuple[str, str]]:
    """Each variable that links give, with the component that it comes from; secrets come last."""
    for target, variable, _ in sorted(given(component, graph), key=_is_secret):
        yield variable, target


def _is_secret(gift: tuple[str, str, Given]) -> bool:
    return isinstance(gift[2], InjectedSecret)


def link_statements(component: AnyComponent, graph: Graph) -> Iterator[PolicyStatement]:
    """What the links of a component allow it, kind by kind."""
    accesses: dict[str, dict[str, Access]] = {kind: {} for kind in graph.kinds}
    asked = {link.target: access for link, access in links_of(component, graph.kinds)}
    for target, used in _used(component, graph):
        access = asked[target]
        if fits(access, used) and not _is_allowed(target, used, access, graph):
            raise UnansweredError(used.kind, "allows", access)
        accesses[used.kind][target] = access
    for kind, asked_of_kind in accesses.items():
        if asked_of_kind:
            yield from graph.kinds[kind].allows(asked_of_kind, graph)


def _is_allowed(target: str, used: AnyComponent, access: Access, graph: Graph) -> bool:
    """Whether a statement allows the access, or a security group opens a port for it."""
    kind = graph.kind(used)
    edges = kind.links("", target, used, access, ())
    return any(kind.allows({target: access}, graph)) or any(
        edge.relation is Relation.CONNECTS_TO for edge in edges
    )


def _used(component: AnyComponent, graph: Graph) -> Iterator[tuple[str, AnyComponent]]:
    for target in sorted(link.target for link, _ in links_of(component, graph.kinds)):
        if (used := graph.spec.components.get(target)) is not None:
            yield target, used


def repository_arn(image: str) -> str | None:
    """The ARN of the private ECR repository that an image comes from; None for any other image.

    >>> repository_arn("123456789012.dkr.ecr.us-east-2.amazonaws.com/shop/web:7")
    'arn:aws:ecr:us-east-2:123456789012:repository/shop/web'
    """
    private = registry(image)
    return private.arn if private is not None else None


def document(statements: Iterable[PolicyStatement]) -> dict[str, Value]:
    """A policy of some statements."""
    return {"Version": "2012-10-17", "Statement": tuple(statements)}


def written(statement: Statement) -> PolicyStatement:
    """A statement as the spec has it."""
    result: PolicyStatement = {
        "Effect": statement.effect,
        "Action": statement.actions,
        "Resource": statement.resources,
    }
    return {**result, "Condition": statement.condition} if statement.condition else result


def granted(iam: str, graph: Graph) -> tuple[str, ...]:
    """The services that an `iam` component is about, sorted."""
    return tuple(e.target for e in graph.edges_from(iam, Relation.GRANTS))


def allow(sid: str, actions: tuple[str, ...], *resources: Value) -> PolicyStatement:
    """A statement that allows some actions on some resources."""
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
