"""Who may do what to what: roles, bucket policies, certificates, secrets."""

from collections.abc import Iterable, Iterator

from compiler.backends.diagram.model.lanes import Lane, Sheet, Step, Stop, Way
from compiler.backends.diagram.model.picture import Item
from compiler.backends.diagram.views import items
from compiler.backends.diagram.views.grants import (
    EVERYBODY,
    Grant,
    block_at,
    bucket_grants,
    role_grants,
)
from compiler.backends.diagram.views.items import Overlays
from compiler.backends.diagram.views.lane_folding import first_of, folded_ways
from compiler.backends.diagram.views.request_steps import TLS_VERSIONS
from compiler.backends.diagram.views.security_items import certificate_item, thing_item, who_item
from compiler.backends.diagram.views.security_roles import MOST_STATEMENTS, role_lanes
from compiler.backends.diagram.views.security_statement import (
    MAY,
    MOST_THINGS,
    PERMISSIONS_ICON,
    WHAT,
    WHO,
    statement,
)
from compiler.graph.graph import Graph
from compiler.lower import lower
from compiler.plan.plan import Block, Plan, Value
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.ecs import Ecs

# Chosen: what a reader still takes in.
MOST_SERVICES = 8
MOST_ENTRIES = 8
_PLAIN = Overlays({}, {})


def security(graph: Graph) -> Sheet:
    """Everything that may do something in an environment, read from what becomes of it."""
    plan = lower(graph)
    grants = role_grants(plan)
    services, more_services = first_of(list(graph.of(Ecs)), MOST_SERVICES, "task roles")
    names = [name for name, _ in services]
    lanes = (
        *role_lanes(names, grants, plan),
        *_entries(graph, plan),
        *_buckets(plan),
        *_unread(grants, plan),
    )
    nothing = ("Nothing may do anything here: there is no role, no certificate and no bucket.",)
    return Sheet(
        title=f"{graph.spec.name} · {graph.environment}",
        subtitle="who may do what to what",
        lanes=lanes,
        headings=("Who", "may do what", "to what") if lanes else (),
        dashed="for the owner of that bucket to allow: its policy is not ours",
        notes=more_services if lanes else nothing,
    )


def _entries(graph: Graph, plan: Plan) -> Iterator[Lane]:
    """Load balancers and CDNs with the certificates that they show."""
    starts = []
    for name, alb in graph.of(Alb):
        listener = block_at(f"aws_lb_listener.{name}_https", plan)
        body = listener.body if listener else {}
        policy = f"{body.get('ssl_policy', '')}"
        item = items.balancer(name, alb, _PLAIN)
        starts.append(_entry(item, policy, body.get("certificate_arn"), plan))
    for name, cdn in graph.of(Cloudfront):
        distribution = block_at(f"aws_cloudfront_distribution.{name}", plan)
        match distribution.body["viewer_certificate"] if distribution else None:
            case [{"minimum_protocol_version": str(policy), "acm_certificate_arn": arn}]:
                starts.append(_entry(items.cdn(name, cdn, _PLAIN), policy, arn, plan))
            case _:
                pass
    named = [(start.item.id, start) for start in starts]
    shown, more = first_of(named, MOST_ENTRIES, "load balancers and CDNs")
    if starts:
        detail = "certificates of load balancers and CDNs"
        steps = tuple(Step(None, words) for words in more)
        yield Lane("https-entries", "HTTPS", detail, tuple(s for _, s in shown), steps=steps)


def _entry(item: Item, policy: str, arn: Value, plan: Plan) -> Stop:
    words = Item(
        f"{item.id}.tls",
        PERMISSIONS_ICON,
        f"Show a certificate, {TLS_VERSIONS[policy]}",
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
        detail = "beside roles; no bucket of ours is public" if _private(plan) else "beside roles"
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
        nobody = Item("unread-secrets.role", items.icon("iam"), "No role", ("of any service",))
        yield Lane("unread-secrets", "Unread secrets", starts=(Stop(nobody, WHO, "card", (way,)),))
