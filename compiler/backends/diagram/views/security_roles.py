"""The roles of services, each with all that its policies let it do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from compiler.backends.diagram.model.lanes import Lane, Stop, Way
from compiler.backends.diagram.model.picture import Item
from compiler.backends.diagram.views import items
from compiler.backends.diagram.views.grants import EVERYBODY, Grant, role_owners
from compiler.backends.diagram.views.lane_folding import folded_ways
from compiler.backends.diagram.views.security_items import role_item
from compiler.backends.diagram.views.security_statement import MAY, PERMISSIONS_ICON, WHO, statement
from compiler.plan.plan import Plan

# Chosen: what a reader still takes in.
MOST_LANES = 3
"""With more services than these, roles of one kind stand together."""
MOST_STATEMENTS = 8
MOST_UNITED_THINGS = 4


def role_lanes(names: Sequence[str], grants: Sequence[Grant], plan: Plan) -> Iterator[Lane]:
    """The roles of some services; of few, a lane for each service."""
    yield from (_by_service if len(names) <= MOST_LANES else _by_role)(names, grants, plan)


def _by_service(names: Sequence[str], grants: Sequence[Grant], plan: Plan) -> Iterator[Lane]:
    """A lane for each service with its two roles."""
    for name in names:
        starts = tuple(_role(name, kind, grants, plan) for kind in ("execution", "task"))
        yield Lane(f"{name}-roles", f"ECS service {name}", starts=starts)


def _by_role(names: Sequence[str], grants: Sequence[Grant], plan: Plan) -> Iterator[Lane]:
    """For many services: their execution roles as one, for all do the same, then the task roles."""
    owners = role_owners(plan)
    own = [g for g in grants if owners[g.who][1] == "execution"]
    count = sum(kind == "execution" for _, kind in owners.values())
    users = _users(own, owners, "for")
    ways = [
        statement(f"execution-roles.{i}", grant, plan, users, MOST_UNITED_THINGS)
        for i, grant in enumerate(_united(own))
    ]
    details = (
        f"one for each of {count} services,",
        "with its own of these alone,",
        "taken by ECS to start a task",
    )
    item = Item("execution-roles.role", items.icon("iam"), "Execution roles", details)
    start = Stop(item, WHO, "card", tuple(ways))
    yield Lane("execution-roles", "Execution roles", starts=(start,))
    starts = tuple(_role(name, "task", grants, plan) for name in names)
    yield Lane("task-roles", "Task roles", starts=starts)


def _united(grants: Iterable[Grant]) -> Iterator[Grant]:
    """One grant for all that permit the same actions, whoever has them."""
    things: dict[Grant, dict[str, None]] = {}
    for grant in grants:
        same = replace(grant, who="", things=())
        things.setdefault(same, {}).update(dict.fromkeys(grant.things))
    yield from (replace(grant, things=tuple(of)) for grant, of in things.items())


def _role(name: str, kind: str, grants: Sequence[Grant], plan: Plan) -> Stop:
    """One role of a service with all that it may do."""
    owners = role_owners(plan)
    address = next(a for a, owner in owners.items() if owner == (name, kind))
    users = _users([g for g in grants if owners[g.who][0] != name], owners, "also for")
    own = [g for g in grants if g.who == address]
    id_ = f"{name}.{kind}"
    ways = [statement(f"{id_}.{i}", g, plan, users) for i, g in enumerate(own)]
    nothing = Item(f"{id_}.nothing", PERMISSIONS_ICON, "Nothing", ("it has no policy",))
    shown = folded_ways(ways, MOST_STATEMENTS, "permissions")
    item = role_item(id_, address, kind, plan)
    return Stop(item, WHO, "card", shown or (Way(Stop(nothing, MAY, "words")),))


def _users(
    grants: Iterable[Grant], owners: Mapping[str, tuple[str, str]], words: str
) -> Mapping[str, str]:
    """For each thing, the services that some grants permit to use it, in words."""
    found: dict[str, set[str]] = {}
    for grant in grants:
        for thing in grant.things:
            found.setdefault(thing, set()).add(owners[grant.who][0])
    return {
        thing: f"{words} {', '.join(items.listed(sorted(of)))}"
        for thing, of in found.items()
        if thing != EVERYBODY
    }
