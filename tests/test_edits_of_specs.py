"""Edits of one spec in both directions: what AWS does with each, and what `compile` says."""

import pytest

from compiler.backends.terraform.document import document
from compiler.changes.effects import Verdict
from compiler.changes.losses import losses
from compiler.changes.refusals import refusals
from compiler.changes.resource_changes import ResourceChange, resource_changes
from compiler.findings.check import check
from compiler.graph.graph import Graph
from compiler.lower import lower
from trazo_spec.load import load

SPEC = """\
trazo: 1
name: shop
region: us-east-2
domain: shop.example
state: {bucket: shop-state}
components:
  network:
    kind: networking
    availability_zones: 3
    egress: {nat: single}
    public_subnets: [10.0.0.0/24, 10.0.1.0/24, 10.0.2.0/24]
    private_subnets: [10.0.128.0/24, 10.0.129.0/24, 10.0.130.0/24]
  alb:
    kind: alb
    hostname: api.shop.example
    certificate: {names: [api.shop.example]}
    routes: [{to: web}]
  web:
    kind: ecs
    image: public.ecr.aws/shop/web:1
    port: 8080
    uses: {db: connect, cache: connect}
  db: {kind: rds, storage_gb: 100, max_storage_gb: 500, backup_retention_days: 14}
  cache: {kind: redis, engine_version: "7.1", nodes: 2}
  files: {kind: s3, purpose: static}
  others: {kind: s3, purpose: static}
  cdn: {kind: cloudfront, hostname: www.shop.example, origin: files}
  zone: {kind: dns}
"""
DATABASE, GROUP = "aws_db_instance.db", "aws_lb_target_group.alb_web"
SITE = "aws_cloudfront_distribution.cdn"
BALANCER = "aws_lb.alb"
PUBLIC = "10.0.0.0/24, 10.0.1.0/24, 10.0.2.0/24"
PRIVATE = "10.0.128.0/24, 10.0.129.0/24, 10.0.130.0/24"
OTHERS = "10.0.131.0/24, 10.0.132.0/24, 10.0.133.0/24"
HOST = """\
    hostname: api.shop.example
    certificate: {names: [api.shop.example]}
"""
ROUTES = "aws_route.network_private_b"


def graph_of(text: str) -> Graph:
    """The production of a spec."""
    return check(load(text)).graphs["prod"]


def edited(old: str, new: str) -> Graph:
    """The spec after an edit; a part that is not there would be no edit."""
    assert SPEC.count(old) == 1
    return graph_of(SPEC.replace(old, new))


def told(before: Graph, after: Graph) -> set[tuple[str, str]]:
    """Address and worst verdict of what has more to it than an update in place."""
    quiet = (Verdict.IN_PLACE, Verdict.NEW_TASKS_ONLY)
    found = ((c.address, c.effects) for c in resource_changes(lower(before), lower(after)))
    worst = ((a, effects[0]) for a, effects in found if effects)
    return {(a, str(e.verdict)) for a, e in worst if e.verdict not in quiet and e.reason}


def codes(before: Graph, after: Graph, *allowed: str) -> list[str]:
    """What `compile` finds, each code once."""
    pair = (document(lower(before)), document(lower(after)), after, allowed)
    return sorted({d.code for d in (*losses(*pair), *refusals(*pair))})


@pytest.mark.parametrize(
    ("old", "new", "address", "verdicts", "found"),
    [
        # RDS: at least 10 % more, and never less.
        (
            "storage_gb: 100,",
            "storage_gb: 105,",
            DATABASE,
            ("refused", "ignored"),
            (["TZ670"], ["TZ673"]),
        ),
        (
            "storage_gb: 100,",
            "storage_gb: 110,",
            DATABASE,
            ("may_be_refused", "ignored"),
            ([], ["TZ673"]),
        ),
        ("max_storage_gb: 500", "max_storage_gb: 200", DATABASE, ("may_be_refused", ""), ([], [])),
        (", max_storage_gb: 500", "", DATABASE, ("may_be_refused", ""), ([], [])),
        ("days: 14", "days: 3", DATABASE, ("loses_data", ""), ([], [])),
        ("days: 14", "days: 0", DATABASE, ("loses_data", "pending"), ([], [])),
        # A new target group has no task in it when listeners are sent there.
        ("port: 8080", "port: 9090", GROUP, ("replaces", "replaces"), (["TZ671"], ["TZ671"])),
        (
            "port: 8080",
            "port: 8080\n    protocol: HTTPS",
            GROUP,
            ("replaces", "replaces"),
            (["TZ671"], ["TZ671"]),
        ),
        (
            "origin: files",
            "origin: others",
            SITE,
            ("interrupts", "interrupts"),
            (["TZ671"], ["TZ671"]),
        ),
        (
            "origin: files",
            "origin: files, origin_access: oai",
            SITE,
            ("interrupts", "interrupts"),
            (["TZ671"], ["TZ671"]),
        ),
    ],
)
def test_an_edit_is_judged_both_ways(
    old: str, new: str, address: str, verdicts: tuple[str, str], found: tuple[list[str], list[str]]
):
    """What one direction allows, the other may refuse."""
    first, second = graph_of(SPEC), edited(old, new)
    pairs = ((first, second), (second, first))
    worst = tuple(next((v for a, v in told(*pair) if a == address), "") for pair in pairs)

    assert worst == verdicts
    assert tuple(codes(*pair) for pair in pairs) == found


@pytest.mark.parametrize(
    ("old", "new", "address", "verdict"),
    [
        ("10.0.0.0/24", "10.0.3.0/24", BALANCER, "refused"),
        (PUBLIC, "10.0.3.0/24, 10.0.4.0/24, 10.0.5.0/24", BALANCER, "refused"),
        ("10.0.130.0/24", "10.0.131.0/24", "aws_db_subnet_group.db", "may_be_refused"),
        ("10.0.130.0/24", "10.0.131.0/24", "aws_elasticache_subnet_group.cache", "may_be_refused"),
        (PRIVATE, OTHERS, "aws_db_subnet_group.db", "refused"),
        (PRIVATE, OTHERS, "aws_elasticache_subnet_group.cache", "refused"),
    ],
)
def test_a_subnet_is_not_made_anew_around_what_is_in_it(
    old: str, new: str, address: str, verdict: str
):
    """Terraform deletes it first, waits twenty minutes for AWS, and stops halfway."""
    first, second = graph_of(SPEC), edited(old, new)

    assert (address, verdict) in told(first, second)
    assert (address, verdict) in told(second, first)
    assert ("TZ670" in codes(first, second)) == (verdict == "refused")


def test_whoever_lets_a_network_go_lets_go_of_what_is_in_it():
    """The word for the network would be worth nothing if its subnets were refused."""
    first, second = (
        graph_of(SPEC),
        edited("kind: networking", "kind: networking\n    cidr: 10.0.0.0/17"),
    )
    allowed = [c.address for c in resource_changes(lower(first), lower(second))]

    assert "TZ670" in codes(first, second)
    assert codes(first, second, *allowed) == []


def changes(old: str, new: str) -> dict[str, ResourceChange]:
    """What Terraform does after an edit, by address."""
    found = resource_changes(lower(graph_of(SPEC)), lower(edited(old, new)))
    return {change.address: change for change in found}


def test_a_further_name_in_a_certificate_interrupts_nothing():
    """The certificate is made first; its proofs are read by nobody but AWS."""
    names = ("names: [api.shop.example]", "names: [api.shop.example, shop.example]")

    assert codes(graph_of(SPEC), edited(*names)) == []
    assert changes(*names)["aws_lb_listener.alb_https"].because == ("certificate_arn",)


def test_a_listener_gets_the_certificate_of_another_host_name():
    """It reads the validation, which passes on what the new certificate is called."""
    found = changes(HOST, "    hostname: app.shop.example\n")

    assert found["aws_lb_listener.alb_https"].because == ("certificate_arn",)


GONE = SPEC[SPEC.index("  alb:") : SPEC.index("  web:")]


@pytest.mark.parametrize("edit", [(GONE, ""), ("name: shop\n", "name: shop\nnames: {prefix: x}\n")])
def test_a_load_balancer_is_not_deleted_while_it_is_protected(edit: tuple[str, str]):
    """AWS refuses that in the middle of the apply; without protection nothing is in the way."""
    unprotected = "hostname: api.shop.example\n    deletion_protection: false"
    before = SPEC.replace("hostname: api.shop.example", unprotected)
    free = [graph_of(text) for text in (before, before.replace(*edit))]

    assert "TZ678" in codes(graph_of(SPEC), edited(*edit))
    assert "TZ678" not in codes(*free)


def test_a_protected_database_is_told_after_the_word_for_its_loss():
    """The word lets the data go, and AWS keeps them all the same."""
    line = next(line for line in SPEC.splitlines() if line.startswith("  db:"))
    without = SPEC.replace(f"{line}\n", "").replace("db: connect, ", "")
    pair = graph_of(SPEC), graph_of(without)

    assert "TZ678" not in codes(*pair)
    assert codes(*pair, DATABASE) == ["TZ678"]


def test_connections_through_another_nat_gateway_are_cut():
    """An update in place, after which partners see another address."""
    (effect,) = changes("nat: single", "nat: per_zone")[ROUTES].effects

    assert (str(effect.verdict), "are cut" in effect.reason) == ("in_place", True)
