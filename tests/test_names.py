"""The names that resources get in AWS: what they begin with, how long they are, who owns them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from compiler.backends.terraform.document import document
from compiler.changes.renames import renames
from compiler.findings.check import check
from compiler.kinds import KINDS
from compiler.lower import lower
from compiler.plan.names import SHARED, Scope
from compiler.plan.owned_names import owned_names
from compiler.plan.plan import Plan
from compiler.provider_schema import check as check_plan
from trazo.program import app
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.load import load

ROOT = Path(__file__).parents[1]
SPECS = sorted((*ROOT.glob("specs/*.yaml"), *ROOT.glob("tests/golden/*/spec.yaml")))

SHOP = """\
trazo: 1
name: store
region: us-east-2
state: {bucket: store-terraform-state}
components:
  alb: {kind: alb, hostname: api.example.com, routes: [{to: web}]}
  web:
    kind: ecs
    image: "acme/web:1"
    port: 8000
    secrets: {KEY: api_key}
    uses: {db: connect, cache: connect, media: read_write}
  db: {kind: rds}
  cache: {kind: redis}
  media: {kind: s3, purpose: media}
  files: {kind: s3, purpose: static}
  cdn: {kind: cloudfront, hostname: static.example.com, origin: files}
  zone: {kind: dns, zone: example.com}
  alarms: {kind: security, alarms: {email: ops@example.com}}
"""
NEW_NAMES = "name: store\nnames: {prefix: shop}\n"
PREFIXED = SHOP.replace("name: store\n", NEW_NAMES)
DATABASE = "  db: {kind: rds}\n"

# What is unique only where it belongs, or only a text: names of services in their cluster, of
# policies of a scaling target or a role, and of what people read.
NOT_OWNED = {
    ("aws_appautoscaling_policy", "name"),
    ("aws_appautoscaling_scheduled_action", "name"),
    ("aws_cloudfront_distribution", "comment"),
    ("aws_cloudfront_origin_access_identity", "comment"),
    ("aws_ecs_service", "name"),
    ("aws_lb_target_group", "name_prefix"),
}


def _plan(text: str, environment: str = "prod") -> Plan:
    return lower(check(load(text, "spec.yaml")).graphs[environment])


def _names(text: str) -> dict[str, str]:
    return {owned.block.address: owned.text for owned in owned_names(_plan(text))}


def test_a_prefix_stands_in_front_of_every_name_but_those_of_buckets():
    """Two applications in one account must not take each other's names."""
    before, after = _names(SHOP), _names(PREFIXED)
    buckets = {address for address in before if address.startswith("aws_s3_bucket.")}
    same = {address for address in before if before[address] == after[address]}

    assert same == buckets
    assert (before["aws_lb.alb"], after["aws_lb.alb"]) == ("prod-alb", "shop-prod-alb")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("aws_lb.alb", "shop-prod-alb"),
        ("aws_cloudwatch_log_group.web", "/ecs/shop-prod-web"),
        ("aws_db_instance.db", "shop-prod-db"),
        ("aws_ecs_cluster.main", "shop-prod-store"),
        ("aws_elasticache_replication_group.cache", "shop-prod-cache"),
        ("aws_iam_role.web_task", "shop-prod-web-task"),
        ("aws_s3_bucket.media", "store-prod-media"),
        ("aws_secretsmanager_secret.api_key", "shop/prod/api_key"),
        ("aws_secretsmanager_secret.db_credentials", "shop/prod/db/credentials"),
        ("aws_security_group.web", "shop-prod-web"),
    ],
)
def test_a_prefixed_name_reads_from_the_prefix_to_the_component(address, name):
    """People search the console for these."""
    assert _names(PREFIXED)[address] == name


def test_an_environment_may_have_a_prefix_of_its_own():
    """Overlays change everything, names included."""
    text = f"{SHOP}environments: {{prod: {{}}, test: {{names: {{prefix: lab}}}}}}\n"

    assert _plan(text, "prod").blocks != _plan(text, "test").blocks
    assert {o.block.address: o.text for o in owned_names(_plan(text, "test"))}["aws_lb.alb"] == (
        "lab-test-alb"
    )


def test_the_provider_takes_prefixed_names():
    """The plan is checked as it is before every apply."""
    assert check_plan(_plan(PREFIXED)) == ()


@pytest.mark.parametrize("path", SPECS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_every_name_that_begins_with_the_environment_is_answered_by_a_kind(path):
    """A name that no kind answers would be missing among the clashes, and be too long unseen."""
    known = {t: named.argument for kind in KINDS.values() for t, named in kind.names.items()}
    known |= {t: named.argument for t, named in SHARED.items()}
    unanswered = set()
    for environment, graph in check(load(path.read_text(), str(path))).graphs.items():
        for block in lower(graph).blocks:
            for argument, value in block.body.items():
                named = isinstance(value, str) and value.startswith(f"{environment}-")
                if named and block.mode == "managed" and known.get(block.type) != argument:
                    unanswered.add((block.type, argument))

    assert unanswered <= NOT_OWNED


def test_kinds_that_name_the_same_type_agree():
    """Whose answer counts must not depend on their order."""
    answers = {(t, named) for kind in KINDS.values() for t, named in kind.names.items()}

    assert len(answers) == len({t for t, _ in answers})


def test_a_security_group_owns_its_name_in_its_vpc_only():
    """Two new VPCs may each have a group of one name; in an existing one they meet."""
    groups = [o for o in owned_names(_plan(SHOP)) if o.block.type == "aws_security_group"]

    assert {(o.named.scope, o.within) for o in groups} == {(Scope.VPC, "")}


def _renames(old: str, new: str, allowed: tuple[str, ...] = ()) -> tuple[Diagnostic, ...]:
    graph = check(load(new, "spec.yaml")).graphs["prod"]
    return renames(document(_plan(old)), document(lower(graph)), graph, allowed)


@pytest.mark.parametrize(("old", "new"), [(SHOP, PREFIXED), (PREFIXED, SHOP)])
def test_a_new_prefix_says_what_would_be_replaced_secrets_first(old, new):
    """Their values are set by hand, and nothing brings them back."""
    (finding,) = _renames(old, new)

    assert finding.code == "TZ692"
    assert finding.message.startswith(
        "another `names.prefix` would replace `aws_secretsmanager_secret.api_key`, "
        "`aws_secretsmanager_secret.db_credentials`, "
    )
    assert "aws_s3_bucket" not in finding.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SHOP, SHOP),
        (PREFIXED, PREFIXED),
        (SHOP, SHOP.replace("{kind: rds}", '{kind: rds, engine_version: "17"}')),
        (SHOP, f"{SHOP}overrides: {{aws_lb.alb: {{name: prod-entry}}}}\n"),
        (SHOP, SHOP.replace("  alb: {kind: alb", "  entry: {kind: alb, was: alb")),
    ],
    ids=["same", "same prefix", "other version", "override", "renamed"],
)
def test_what_keeps_its_prefix_is_no_rename(old, new):
    """Other changes of names have findings of their own, or are wanted."""
    assert _renames(old, new) == ()


def test_a_new_prefix_may_be_allowed():
    """A team that has nothing to lose says so."""
    assert _renames(SHOP, PREFIXED, ("names",)) == ()


@pytest.mark.parametrize("database", [False, True], ids=["without", "with a database"])
def test_compile_refuses_a_new_prefix_where_output_exists(tmp_path, monkeypatch, database):
    """The next apply would take the application down, and AWS does not move a database at all."""
    monkeypatch.chdir(tmp_path)
    shop = SHOP if database else SHOP.replace("db: connect, ", "").replace(DATABASE, "")
    Path("spec.yaml").write_text(shop)
    words = ["compile", "spec.yaml", "--format", "hcl", "-o", "out"]
    assert CliRunner().invoke(app, words).exit_code == 0
    Path("spec.yaml").write_text(shop.replace("name: store\n", NEW_NAMES))

    refused = CliRunner().invoke(app, words)
    allowed = CliRunner().invoke(app, [*words, "--allow-loss", "names"])

    assert (refused.exit_code, "error TZ692" in refused.output) == (1, True)
    assert "TZ671" not in allowed.output
    assert (allowed.exit_code, "error TZ670" in allowed.output) == (int(database), database)
