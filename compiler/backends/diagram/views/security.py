"""Who may do what to what: roles, bucket policies, certificates, secrets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from compiler.backends.cards import cards_of, placed
from compiler.backends.diagram.model.lanes import Lane, Sheet, Step, Stop, Way
from compiler.backends.diagram.model.picture import Item
from compiler.backends.diagram.views import items
from compiler.backends.diagram.views.folding import first_of, folded_ways
from compiler.backends.diagram.views.grants import (
    EVERYBODY,
    Grant,
    bucket_grants,
    role_grants,
    role_owners,
)
from compiler.backends.diagram.views.items import Overlays
from compiler.backends.diagram.views.request_steps import TLS_VERSIONS, shown_certificate
from compiler.backends.diagram.views.security_items import (
    MAY,
    MOST_THINGS,
    PERMISSIONS_ICON,
    WHAT,
    WHO,
    certificate_item,
    role_item,
    statement,
    thing_item,
    who_item,
)
from compiler.backends.diagram.views.supporting import ROLE_ICON
from compiler.card import Place, listed
from compiler.graph.graph import Graph
from compiler.lower import lower
from compiler.plan.plan import Block, Plan, Value

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
        "with access only to its own secrets,",
        "used by ECS to start a task",
    )
    item = Item("execution-roles.role", ROLE_ICON, "Execution roles", details)
    start = Stop(item, WHO, "card", tuple(ways))
    yield Lane("execution-roles", "Execution roles", starts=(start,))
    starts = tuple(_role(name, "task", grants, plan) for name in names)
    yield Lane("task-roles", "Task roles", starts=starts)


def _other_roles(grants: Sequence[Grant], plan: Plan) -> Iterator[Lane]:
    """The roles of what is not an ECS service."""
    known = role_owners(plan)
    roles = [b for b in plan.blocks if b.type == "aws_iam_role" and b.address not in known]
    first, more = first_of([(b.name, b) for b in roles], MOST_SERVICES, "roles")
    starts = []
    for name, block in first:
        own = [g for g in grants if g.who == block.address]
        ways = [statement(f"{name}.role.{i}", g, plan, {}) for i, g in enumerate(own)]
        details = (f"{block.body.get('name', name)}", f"of {block.component or name}")
        item = Item(f"{name}.role", ROLE_ICON, "Role", details)
        starts.append(_granted(item, ways))
    if starts:
        steps = tuple(Step(None, words) for words in more)
        yield Lane("other-roles", "Other roles", starts=tuple(starts), steps=steps)


def _granted(item: Item, ways: Sequence[Way]) -> Stop:
    """A role with all that it may do."""
    id_ = item.id.removesuffix(".role")
    nothing = Item(f"{id_}.nothing", PERMISSIONS_ICON, "Nothing", ("it does not have a policy",))
    shown = folded_ways(ways, MOST_STATEMENTS, "permissions")
    return Stop(item, WHO, "card", shown or (Way(Stop(nothing, MAY, "words")),))


def _united(grants: Iterable[Grant]) -> Iterator[Grant]:
    """One grant for all that permit the same actions, whoever has them."""
    things: dict[Grant, dict[str, None]] = {}
    for grant in grants:
        same = replace(grant, who="", things=())
        things.setdefault(same, {}).update(dict.fromkeys(grant.things))
    yield from (replace(grant, things=tuple(names)) for grant, names in things.items())


def _role(name: str, kind: str, grants: Sequence[Grant], plan: Plan) -> Stop:
    """One role of a service with all that it may do."""
    owners = role_owners(plan)
    address = next(a for a, owner in owners.items() if owner == (name, kind))
    users = _users([g for g in grants if owners[g.who][0] != name], owners, "also for")
    own = [g for g in grants if g.who == address]
    id_ = f"{name}.{kind}"
    ways = [statement(f"{id_}.{i}", g, plan, users) for i, g in enumerate(own)]
    return _granted(role_item(id_, address, kind, plan), ways)


def _users(
    grants: Iterable[Grant], owners: Mapping[str, tuple[str, str]], words: str
) -> Mapping[str, str]:
    """For each thing, the services that some grants permit to use it, in words."""
    users: dict[str, set[str]] = {}
    for grant in grants:
        for thing in grant.things:
            users.setdefault(thing, set()).add(owners[grant.who][0])
    return {
        thing: f"{words} {', '.join(listed(sorted(names)))}"
        for thing, names in users.items()
        if thing != EVERYBODY
    }


# Chosen: what a reader still takes in.
MOST_SERVICES = 8
MOST_ENTRIES = 8
_PLAIN = Overlays({}, {})


def security(graph: Graph) -> Sheet:
    """Everything that may do something in an environment, read from what becomes of it."""
    plan = lower(graph)
    every = role_grants(plan)
    grants = [g for g in every if g.who in role_owners(plan)]
    owners = sorted({service for service, _ in role_owners(plan).values()})
    services, more_services = first_of([(n, n) for n in owners], MOST_SERVICES, "task roles")
    names = [name for name, _ in services]
    lanes = (
        *role_lanes(names, grants, plan),
        *_other_roles(every, plan),
        *_entries(graph, plan),
        *_buckets(plan),
        *_unread(every, plan),
    )
    nothing = ("There are no permissions to show: there is no role, certificate or bucket.",)
    return Sheet(
        title=f"{graph.spec.name} · {graph.environment}",
        subtitle="who may do what to what",
        lanes=lanes,
        headings=("Who", "may do what", "to what") if lanes else (),
        dashed="must be allowed by the bucket's owner: trazo cannot change its policy",
        notes=more_services if lanes else nothing,
    )


def _entries(graph: Graph, plan: Plan) -> Iterator[Lane]:
    """Load balancers and CDNs with the certificates that they show."""
    cards = cards_of(graph)
    starts = []
    for name in (*placed(cards, Place.ENTRY), *placed(cards, Place.EDGE)):
        item = items.item_of(name, cards[name], _PLAIN)
        shown = [shown_certificate(b.body) for b in plan.blocks if b.component == name]
        starts += [_entry(item, *one, plan) for one in shown if one is not None]
    named = [(start.item.id, start) for start in starts]
    first, more = first_of(named, MOST_ENTRIES, "load balancers and CDNs")
    if starts:
        detail = "certificates of load balancers and CDNs"
        steps = tuple(Step(None, words) for words in more)
        yield Lane("https-entries", "HTTPS", detail, tuple(s for _, s in first), steps=steps)


def _entry(item: Item, policy: str, arn: Value, plan: Plan) -> Stop:
    words = Item(
        f"{item.id}.tls",
        PERMISSIONS_ICON,
        f"Present a certificate, {TLS_VERSIONS.get(policy, policy)}",
        (policy,),
    )
    certificate = certificate_item(f"{item.id}.certificate", arn, plan)
    way = Way(Stop(words, MAY, "words", (Way(Stop(certificate, WHAT, "beside")),)))
    return Stop(item, WHO, "card", (way,))


def _buckets(plan: Plan) -> Iterator[Lane]:
    """Whom bucket policies let in besides roles, and whom they keep out."""
    whos: dict[tuple[str, bool], list[Grant]] = {}
    for grant in bucket_grants(plan):
        whos.setdefault((grant.who, grant.by_hand), []).append(grant)
    starts = []
    for number, ((who, _), grants) in enumerate(
        sorted(whos.items(), key=lambda w: (w[0][0] == EVERYBODY, w[0]))
    ):
        id_ = f"bucket-policies.{number}"
        ways = tuple(statement(f"{id_}.{i}", g, plan, {}) for i, g in enumerate(grants))
        item = who_item(id_, who, [c for g in grants for c in g.condition])
        shown = folded_ways(ways, MOST_STATEMENTS, "permissions")
        starts.append(Stop(item, WHO, "card", shown))
    if starts:
        detail = (
            "in addition to roles; no bucket created by trazo is public"
            if _private(plan)
            else "in addition to roles"
        )
        yield Lane("bucket-policies", "Bucket policies", detail, tuple(starts))


def _private(plan: Plan) -> bool:
    """Whether public access is blocked on every bucket that Terraform makes."""
    kind = "aws_s3_bucket_public_access_block"
    blocked = {b.name for b in plan.blocks if b.type == kind and _blocks_all(b)}
    made = {b.name for b in plan.blocks if b.type == "aws_s3_bucket" and b.mode == "managed"}
    return bool(made) and made <= blocked


def _blocks_all(block: Block) -> bool:
    settings = ("block_public_acls", "block_public_policy", "ignore_public_acls")
    return all(block.body.get(s) is True for s in (*settings, "restrict_public_buckets"))


def _unread(grants: Iterable[Grant], plan: Plan) -> Iterator[Lane]:
    """Secrets that no role may read."""
    read = {thing for grant in grants for thing in grant.things}
    left = [
        b.address
        for b in plan.blocks
        if b.type == "aws_secretsmanager_secret" and b.address not in read
    ]
    if left:
        ways = [
            Way(Stop(thing_item(f"unread-secrets.{i}", address, plan), WHAT, "beside"))
            for i, address in enumerate(left)
        ]
        reads = Item(
            "unread-secrets.nothing",
            PERMISSIONS_ICON,
            "Reads these secrets",
            ("secretsmanager:GetSecretValue",),
        )
        way = Way(Stop(reads, MAY, "words", folded_ways(ways, MOST_THINGS, "secrets")))
        nobody = Item("unread-secrets.role", ROLE_ICON, "No role", ("of any service",))
        yield Lane("unread-secrets", "Unread secrets", starts=(Stop(nobody, WHO, "card", (way,)),))
