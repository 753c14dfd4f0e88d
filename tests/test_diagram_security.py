"""Who may do what to what: the picture and the deployed policies are the same thing."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import given

from compiler.backends.diagram.model.lanes import Sheet, Stop
from compiler.backends.diagram.views.grants import (
    Grant,
    action_words,
    bucket_grants,
    role_grants,
    role_owners,
)
from compiler.backends.diagram.views.security import security
from compiler.lower import lower
from compiler.plan.plan import Json, Plan, Ref
from tests.examples import graph_of
from tests.strategies.sample import Compiled, compiled
from trazo_spec.components.ecs import Ecs

WEB = """
alb: {kind: alb, hostname: www.example.com, routes: [{to: web}], access_logs: {bucket: logs}}
web:
  kind: ecs
  image: 123456789012.dkr.ecr.us-east-2.amazonaws.com/shop/web:7
  port: 80
  uses: {database: connect, media: read_write, static: write}
  secrets: {KEY: key}
worker: {kind: ecs, image: a/b:1, uses: {media: read}}
database: {kind: rds}
media: {kind: s3}
static: {kind: s3, purpose: static}
logs: {kind: s3, purpose: alb_logs}
cdn: {kind: cloudfront, hostname: static.example.com, origin: static, origin_access: oai}
shared:
  kind: iam
  services: [worker]
  statements:
    - {effect: Deny, actions: [s3:DeleteObject], resources: ["arn:aws:s3:::elsewhere/*"]}
    - {actions: [ses:SendEmail], resources: ["arn:aws:ses:us-east-2:123456789012:identity/e.com"]}
security: {kind: security, secrets: {key: {generate: true}, unread: {}}}
"""


def sheet(components: str = WEB) -> Sheet:
    """The picture of a spec with these components."""
    return security(graph_of(components))


def rows(of: Sheet) -> set[tuple[str, str, str]]:
    """Every row as it reads: who, may do what, to what."""
    return set(_rows(start for lane in of.lanes for start in lane.starts))


def _rows(starts: Iterator[Stop]) -> Iterator[tuple[str, str, str]]:
    for who in starts:
        for may in who.ways:
            for what in may.to.ways:
                yield who.item.id, may.to.item.title, what.to.item.title


def deployed(plan: Plan) -> set[tuple[str, str, str, str]]:
    """Role, effect, action and thing of every statement, worked out here once more."""
    documents = {b.address: b.body["policy"] for b in plan.blocks if b.type in ("aws_iam_policy",)}
    found: set[tuple[str, str, str, str]] = set()
    for block in plan.blocks:
        role = block.body.get("role")
        if block.type == "aws_iam_role_policy":
            found |= _flat(role, block.body["policy"])
        if block.type == "aws_iam_role_policy_attachment":
            arn = block.body["policy_arn"]
            assert isinstance(arn, Ref)
            found |= _flat(role, documents[arn.address])
    return found


def _flat(role: object, policy: object) -> set[tuple[str, str, str, str]]:
    assert isinstance(role, Ref)
    assert isinstance(policy, Json)
    assert isinstance(policy.document, Mapping)
    statements = policy.document["Statement"]
    assert isinstance(statements, Sequence)
    return {
        (role.address, s["Effect"], action, str(resource))
        for s in statements
        for action in s["Action"]
        for resource in s["Resource"]
    }


def told(grants: Sequence[Grant]) -> set[tuple[str, str, str]]:
    """Role, effect and action of every grant."""
    return {(g.who, g.effect, a) for g in grants for a in g.actions}


@given(one=compiled())
def test_every_deployed_permission_is_told_and_no_other(one: Compiled) -> None:
    """A picture that leaves out a permission is worse than none."""
    for plan in one.plans.values():
        assert told(role_grants(plan)) == {t[:3] for t in deployed(plan)}


@given(one=compiled())
def test_every_permission_is_about_as_many_things_as_are_deployed(one: Compiled) -> None:
    """Merging statements must not widen or narrow them: objects count as their bucket."""
    for plan in one.plans.values():
        things = {
            (g.who, g.effect, a, t) for g in role_grants(plan) for a in g.actions for t in g.things
        }
        resources = {
            (role, effect, action, _bucket(resource))
            for role, effect, action, resource in deployed(plan)
        }

        assert len(things) == len(resources)


def _bucket(resource: str) -> str:
    return resource.replace("Join(parts=(", "").split(", '/*'")[0].split(", ':*'")[0]


@given(one=compiled())
def test_every_role_belongs_to_a_service(one: Compiled) -> None:
    """A role that nobody takes would be a way in that no picture shows."""
    for name, plan in one.plans.items():
        roles = {b.address for b in plan.blocks if b.type == "aws_iam_role"}
        services = {n for n, _ in one.graphs[name].of(Ecs)}
        owners = role_owners(plan)

        assert (set(owners), {owner for owner, _ in owners.values()}) == (roles, services)


@given(one=compiled())
def test_every_secret_is_in_the_picture_or_counted(one: Compiled) -> None:
    """One that no role reads is one that can go."""
    for graph in one.graphs.values():
        drawn = security(graph)
        words = "\n".join(f"{i.title}\n{i.tooltip}" for i in drawn.items())
        names = [
            f"{b.body['name']}"
            for b in lower(graph).blocks
            if b.type == "aws_secretsmanager_secret"
        ]

        assert [n for n in names if n not in words] == []


def test_an_execution_role_reads_the_secrets_of_its_service():
    """ECS puts them into the task before any code of it runs."""
    secrets = {
        what for who, may, what in rows(sheet()) if (who, may) == ("web.execution", "Read secrets")
    }

    assert secrets == {"prod/database/credentials", "prod/key"}


def test_what_a_task_may_do_is_said_for_each_bucket():
    """Two buckets with different permissions must not look the same."""
    found = {(may, what) for who, may, what in rows(sheet()) if who == "web.task"}

    assert found == {
        ("List, read, write and delete objects", "S3 media"),
        ("Write and delete objects", "S3 static"),
    }


def test_the_actions_stand_below_the_plain_words():
    """Plain words are for reading, names for looking up."""
    stops = {s.item.title: s.item for lane in sheet().lanes for s in lane.stops()}

    assert stops["Read secrets"].details == ("secretsmanager:GetSecretValue",)


def test_what_is_forbidden_says_so_in_words():
    """Colour or dashes alone would not be read."""
    found = {(may, what) for who, may, what in rows(sheet()) if who == "worker.task"}

    assert ("May not delete objects", "S3") in found


def test_a_shared_policy_is_named():
    """Who changes it changes several services."""
    sends = next(i for i in sheet().items() if i.title == "Send email")

    assert sends.details[-1] == "by the policy shared"


def test_a_thing_that_others_use_too_says_so():
    """Whoever deletes an object takes it from the others."""
    media = [i for i in sheet().items() if i.title == "S3 media" and i.id.startswith("web.")]

    assert [i.details for i in media] == [("also for worker",)]


def test_a_role_without_a_policy_may_do_nothing():
    """An empty place would leave open whether something was forgotten."""
    drawn = sheet("web: {kind: ecs, image: a/b:1}")
    task = next(s for lane in drawn.lanes for s in lane.stops() if s.item.id == "web.task")

    assert [w.to.item.title for w in task.ways] == ["Nothing"]


def test_bucket_policies_let_in_cloudfront_and_the_delivery_of_logs():
    """They are the other half of who may read a bucket."""
    lane = next(k for k in sheet().lanes if k.id == "bucket-policies")
    found = {
        (who.item.title, may.to.item.title, what.to.item.title)
        for who in lane.starts
        for may in who.ways
        for what in may.to.ways
    }

    assert found >= {
        ("Origin access identity", "Read objects", "S3 static"),
        ("Load balancer logs", "Write objects", "S3 logs"),
        ("Everybody", "May not do anything without TLS", "S3 media"),
    }


def test_what_the_owner_of_an_existing_bucket_has_to_allow_is_dashed():
    """Its policy is not ours, so the picture must not claim that it is so."""
    graph = graph_of(
        """
        files: {kind: s3, existing: true, bucket: somebodys-files}
        cdn: {kind: cloudfront, hostname: static.example.com, origin: files}
        """
    )
    links = [k for k in security(graph).links() if k.target.startswith("bucket-policies.")]

    assert [k.dashed for k in links if k.target.count(".") == 3] == [True]


@pytest.mark.parametrize("access", ["oac", "oai"])
def test_cloudfront_is_found_behind_either_origin_access(access):
    """One names the distribution, the other an identity of its own."""
    graph = graph_of(
        f"""
        files: {{kind: s3, purpose: static}}
        cdn: {{kind: cloudfront, hostname: s.example.com, origin: files, origin_access: {access}}}
        """
    )
    allowed = [g.who.partition(".")[0] for g in bucket_grants(lower(graph)) if g.effect == "Allow"]
    kind = {"oac": "distribution", "oai": "origin_access_identity"}[access]

    assert allowed == [f"aws_cloudfront_{kind}"]


def test_certificates_stand_with_who_shows_them():
    """A name and the region where its certificate is."""
    certificates = {i.title: i.details for i in sheet().items() if i.id.endswith(".certificate")}

    assert certificates == {
        "www.example.com": ("us-east-2 · validated by DNS",),
        "static.example.com": ("us-east-1 · validated by DNS",),
    }


def test_a_secret_that_no_role_reads_is_shown_apart():
    """It costs money and is a key to something."""
    unread = next(k for k in sheet().lanes if k.id == "unread-secrets")

    assert [s.item.title for s in unread.stops()][-1] == "prod/unread"


def test_many_execution_roles_stand_together_with_whom_each_thing_is_for():
    """What all of them do is said once, and still who reads which secret."""
    services = "".join(
        f"s{i}: {{kind: ecs, image: a/b:1, secrets: {{K: key{i}}}}}\n" for i in range(5)
    )
    secrets = ", ".join(f"key{i}: {{}}" for i in range(5))
    drawn = sheet(f"{services}security: {{kind: security, secrets: {{{secrets}}}}}")
    shown = {i.title: i.details[-1] for i in drawn.items() if i.title.startswith("prod/key")}

    assert shown == {f"prod/key{i}": f"for s{i}" for i in range(3)}


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        (["s3:GetObject", "s3:ListBucket"], "list and read objects"),
        (["s3:*"], "do anything"),
        (["*"], "do anything"),
        (["dynamodb:*"], "do anything in dynamodb"),
        (["sqs:ReceiveMessage", "sqs:DeleteMessage"], "receive and delete message"),
        (["kms:Decrypt"], "decrypt"),
        (["a:B", "c:D", "e:F"], "b, d and f"),
        (
            ["logs:PutLogEvents", "s3:GetObject", "ses:SendEmail"],
            "write logs, read objects and 1 more",
        ),
    ],
)
def test_actions_in_plain_words(actions, words):
    """People read words before they read names of actions."""
    assert action_words(actions) == words
