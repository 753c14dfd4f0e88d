"""A whole environment: what is in its plan, and in what order."""

from pathlib import Path

import pytest

from compiler.kinds import KINDS as ANSWERS
from compiler.kinds import build
from compiler.lower import lower
from compiler.plan.plan import Plan, Ref, StateBackend
from compiler.provider_schema import check
from tests.examples import HEAD, graph_of
from trazo_spec.components import KINDS
from trazo_spec.load import load
from trazo_spec.traffic import Usage

SPECS = sorted((Path(__file__).parents[1] / "specs").glob("*.yaml"))
SITE = """\
cdn: {kind: cloudfront, hostname: s.example.com, origin: static}
static: {kind: s3, purpose: static}
"""
WEB = """\
edge: {kind: alb, hostname: api.example.com, routes: [{to: web}], access_logs: {bucket: logs}}
web: {kind: ecs, image: x, port: 80, uses: {db: connect}}
db: {kind: rds}
logs: {kind: s3, purpose: alb_logs}
zone: {kind: dns}
"""


def plan(components: str, head: str = HEAD, environment: str = "prod") -> Plan:
    """The plan of a spec with these components."""
    return lower(graph_of(components, head, environment))


def addresses(found: Plan) -> list[str]:
    """The addresses of a plan's blocks."""
    return [block.address for block in found.blocks]


def test_every_kind_has_a_lowering():
    """A kind that the language knows must become something."""
    assert set(KINDS) == set(ANSWERS)


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_every_assumption_is_about_a_field_of_use(kind):
    """Else a spec could not replace the default."""
    assert set(ANSWERS[kind].usage) <= set(Usage.model_fields)


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_the_typical_profile_lies_between_the_others(kind):
    """The typical profile lies between the two others; fewer requests a connection cost more."""
    ranges = [(a.low, a.typical, a.high) for a in ANSWERS[kind].usage.values()]
    between = [values in (tuple(sorted(values)), tuple(sorted(values)[::-1])) for values in ranges]

    assert between == [True] * len(ranges)


@pytest.mark.parametrize("file", SPECS, ids=lambda path: path.stem)
def test_every_example_fits_the_schema_of_the_provider(file):
    """What the examples become is the first thing that users read."""
    environments = load(file.read_text(), file.name).environments

    assert [check(lower(build(spec, name))) for name, spec in environments.items()] == (
        [()] * len(environments)
    )


def test_blocks_come_in_the_order_of_their_addresses():
    """The order of the spec must not show in Terraform's files."""
    found = addresses(plan(WEB))

    assert found == sorted(found)


def test_each_environment_has_a_state_of_its_own():
    """Two environments in one state would be destroyed together."""
    assert plan(SITE, environment="staging").state == StateBackend(
        bucket="shop-terraform-state", key="shop/staging/terraform.tfstate", region="us-east-2"
    )


def test_the_state_can_be_in_another_region():
    """One bucket may hold the states of several projects."""
    head = HEAD.replace("-state}", "-state, region: eu-west-1}")
    state = plan(SITE, head).state

    assert state is not None
    assert state.region == "eu-west-1"


def test_a_cdn_needs_a_provider_for_us_east_1():
    """Its certificate is there."""
    assert plan(SITE).aliases == {"us_east_1": "us-east-1"}


def test_no_further_provider_where_the_spec_is_in_us_east_1():
    """The default one is there already."""
    assert plan(SITE, HEAD.replace("us-east-2", "us-east-1")).aliases == {}


def test_no_further_provider_without_a_cdn():
    """An alias that nothing uses would ask for credentials all the same."""
    assert plan(WEB).aliases == {}


def test_everything_is_tagged_with_project_and_environment():
    """A bill of AWS is split by them."""
    assert plan(SITE).default_tags == {
        "Project": "shop",
        "Environment": "prod",
        "ManagedBy": "trazo",
    }


def test_the_account_is_looked_up_where_a_policy_names_it():
    """The spec does not know its number."""
    assert "data.aws_caller_identity.current" in addresses(plan(WEB))


def test_the_account_is_not_looked_up_for_nothing():
    """One call of AWS less for each plan."""
    assert "data.aws_caller_identity.current" not in addresses(plan(SITE))


def test_a_team_is_told_what_it_needs_to_know():
    """Where to point a browser, a deployment, an invalidation and a database client."""
    outputs = {o.name: o.value for o in plan(WEB + SITE).outputs}

    assert outputs == {
        "cdn_domain_name": Ref("aws_cloudfront_distribution.cdn", "domain_name"),
        "cdn_distribution_id": Ref("aws_cloudfront_distribution.cdn", "id"),
        "db_database_endpoint": Ref("aws_db_instance.db", "endpoint"),
        "db_credentials_secret_arn": Ref("aws_secretsmanager_secret.db_credentials", "arn"),
        "edge_dns_name": Ref("aws_lb.edge", "dns_name"),
        "logs_bucket": Ref("aws_s3_bucket.logs", "bucket"),
        "main_cluster_name": Ref("aws_ecs_cluster.main", "name"),
        "static_bucket": Ref("aws_s3_bucket.static", "bucket"),
        "web_service_name": Ref("aws_ecs_service.web", "name"),
        "zone_name_servers": Ref("aws_route53_zone.zone", "name_servers"),
    }


def test_the_secret_that_rds_makes_is_told_like_one_of_ours():
    """Whoever reads the output need not know who has made the password."""
    managed = plan("db: {kind: rds, password: rds_managed}")
    outputs = {o.name: o.value for o in managed.outputs}

    secret = Ref("aws_db_instance.db", "master_user_secret[0].secret_arn", late=True)
    assert outputs["db_credentials_secret_arn"] == secret


def test_every_meter_belongs_to_a_component():
    """A line of the bill without one could not be explained."""
    graph = graph_of(WEB)

    owners = {meter.component for meter in lower(graph).meters}
    assert owners <= set(graph.spec.components)


def test_every_meter_says_where_its_quantity_comes_from():
    """A number that nobody can explain is one that nobody trusts."""
    assert [m.item for m in plan(WEB + SITE).meters if not m.why] == []
