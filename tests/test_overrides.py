"""Overrides: any argument of any block, but none that the language has a field for."""

from typing import Any

import pytest

from compiler.findings.check import check
from compiler.lower import lower
from compiler.plan.guards import ALL
from compiler.plan.overrides import apply
from compiler.plan.plan import Plan
from compiler.provider_schema import argument, types
from compiler.rules.overrides import RULES
from compiler.rules.rule import Finding
from tests.examples import HEAD, graph_of
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.load import load

COMPONENTS = """\
edge: {kind: alb, hostname: api.example.com, routes: [{to: web}]}
web: {kind: ecs, image: x, port: 80, scaling: {min: 1, max: 2}}
cdn: {kind: cloudfront, hostname: s.example.com, origin: static}
static: {kind: s3, purpose: static}
db: {kind: rds}
"""
PLAN = lower(graph_of(COMPONENTS))
GUARDS = PLAN.guards


def overridden(address: str, changes: dict[str, Any]) -> Any:
    """The block of an address once it is overridden."""
    (block,) = (b for b in apply(PLAN, {address: changes}).blocks if b.address == address)
    return block


def found(address: str, changes: dict[str, Any], plan: Plan = PLAN) -> list[tuple[str, str]]:
    """What is wrong with an override: its path below the address, and the advice."""
    findings = problems({address: changes}, plan)
    return [(".".join(map(str, f.path[2:])), f.help) for f in findings]


def problems(overrides: dict[str, dict[str, Any]], plan: Plan = PLAN) -> list[Finding]:
    """Everything that the rules find wrong with overrides."""
    changed = apply(plan, overrides)
    return [finding for rule in RULES for finding in rule.check(changed)]


def diagnostics(overrides: str) -> list[Diagnostic]:
    """The errors of a spec with these overrides."""
    indented = "".join(f"  {line}\n" for line in COMPONENTS.splitlines())
    loaded = load(f"{HEAD}{indented}overrides: {overrides}\n")
    return [d for d in check(loaded).diagnostics if d.severity == "error"]


# What an override does


def test_an_argument_is_set():
    """The example that the language's own description gives."""
    assert overridden("aws_lb.edge", {"idle_timeout": 120}).body["idle_timeout"] == 120


def test_the_other_arguments_stay():
    """An override is a change, not a new block."""
    body = overridden("aws_lb.edge", {"idle_timeout": 120}).body

    assert body["drop_invalid_header_fields"] is True


def test_a_mapping_goes_into_a_nested_block():
    """The rest of a cache behaviour need not be written again."""
    changes = {"default_cache_behavior": {"compress": False}}
    (behavior,) = overridden("aws_cloudfront_distribution.cdn", changes).body[
        "default_cache_behavior"
    ]

    assert behavior["compress"] is False
    assert behavior["viewer_protocol_policy"] == "redirect-to-https"


def test_a_list_replaces_what_was_there():
    """Nobody could tell which entry of two lists goes with which."""
    changes = {"enabled_cloudwatch_logs_exports": ["upgrade"]}

    body = overridden("aws_db_instance.db", changes).body
    assert body["enabled_cloudwatch_logs_exports"] == ["upgrade"]


def test_null_takes_an_argument_away():
    """As in an environment's changes."""
    changes = {"enabled_cloudwatch_logs_exports": None}

    body = overridden("aws_db_instance.db", changes).body
    assert "enabled_cloudwatch_logs_exports" not in body


def test_a_new_nested_block_can_be_given():
    """What the language does not say at all."""
    changes = {"timeouts": {"create": "80m"}}

    assert overridden("aws_db_instance.db", changes).body["timeouts"] == {"create": "80m"}


def test_protection_from_destroy_can_be_lifted():
    """The way to take an environment down."""
    changes = {"lifecycle": {"prevent_destroy": False}}

    assert overridden("aws_db_instance.db", changes).lifecycle == {"prevent_destroy": False}


def test_what_we_ignore_stays_ignored():
    """Without it each apply would set the number of tasks back."""
    changes = {"lifecycle": {"ignore_changes": ["health_check_grace_period_seconds"]}}
    block = overridden("aws_ecs_service.web", changes)

    expected = ("desired_count", "health_check_grace_period_seconds")
    assert expected == block.lifecycle["ignore_changes"]
    assert "lifecycle" not in block.body


def test_the_plan_is_not_changed():
    """Passes make new values; the graph's other uses of a plan must not see an override."""
    apply(PLAN, {"aws_lb.edge": {"idle_timeout": 120}})

    (lb,) = (b for b in PLAN.blocks if b.address == "aws_lb.edge")
    assert lb.body["idle_timeout"] == 60


def test_overrides_of_a_spec_are_in_its_plan():
    """Whoever lowers a graph gets them."""
    head = HEAD.replace("components:", "overrides: {aws_lb.edge: {idle_timeout: 120}}\ncomponents:")
    plan = lower(graph_of(COMPONENTS, head))

    (lb,) = (b for b in plan.blocks if b.address == "aws_lb.edge")
    assert lb.body["idle_timeout"] == 120
    assert plan.overrides == {"aws_lb.edge": {"idle_timeout": 120}}


# What is refused


@pytest.mark.parametrize(
    ("address", "argument", "value", "advice"),
    [
        ("aws_ecs_service.web", "desired_count", 3, "set `scaling.min` or `scaling.schedule`"),
        ("aws_db_instance.db", "instance_class", "db.m5.large", "set `instance_class` of `db`"),
        ("aws_db_instance.db", "publicly_accessible", True, "it is always private"),
        ("aws_db_instance.db", "multi_az", True, "set `multi_az` of `db`"),
        ("aws_lb.edge", "security_groups", [], "links define"),
        ("aws_ecs_task_definition.web", "cpu", "512", "set `cpu` of `web`"),
        ("aws_s3_bucket.static", "force_destroy", True, "set `force_destroy` of `static`"),
        (
            "aws_s3_bucket_public_access_block.static",
            "block_public_acls",
            False,
            "it is always private",
        ),
        ("aws_appautoscaling_target.web", "min_capacity", 0, "set `scaling.min`"),
        ("aws_vpc.network", "cidr_block", "10.9.0.0/16", "set `cidr` of `network`"),
        ("aws_iam_role.web_task", "managed_policy_arns", ["x"], "permissions are derived"),
        ("aws_s3_bucket.static", "policy", "{}", "this is set in separate blocks"),
        ("aws_s3_bucket.static", "acl", "public-read", "it is always private"),
        ("aws_s3_bucket.static", "acceleration_status", "Enabled", "AWS bills for it"),
        ("aws_ecs_service.web", "enable_execute_command", True, "set `execute_command`"),
        ("aws_ecs_service.web", "force_new_deployment", False, "without it"),
        ("aws_db_instance.db", "parameter_group_name", "default.postgres16", "set `parameter`"),
        ("aws_db_instance.db", "monitoring_interval", 1, "AWS bills for it"),
        (
            "aws_acm_certificate.edge",
            "private_key",
            "-----BEGIN",
            "a spec must not contain secret values",
        ),
        (
            "aws_secretsmanager_secret.db_credentials",
            "replica",
            [{"region": "x"}],
            "AWS bills for it",
        ),
    ],
)
def test_what_has_a_field_is_refused_with_that_field(address, argument, value, advice):
    """Deployed would differ from priced, scheduled, drawn or secured."""
    ((path, help_),) = found(address, {argument: value})

    assert path == argument
    assert help_.startswith(advice)


TRANSITION = {"rule": [{"id": "cold", "transition": [{"days": 30, "storage_class": "GLACIER"}]}]}


def test_a_bucket_gets_no_storage_class_that_has_another_price():
    """The bill counts what is stored as standard storage."""
    ((path, _),) = found("aws_s3_bucket_lifecycle_configuration.static", TRANSITION)

    assert path == "rule"


def with_database(version: str, parameters: list[dict[str, str]]) -> list[tuple[str, str]]:
    """What is wrong with the parameters of a database of some version."""
    spec = COMPONENTS.replace("db: {kind: rds}", f"db: {{kind: rds, engine_version: '{version}'}}")
    address = "aws_db_parameter_group.db"
    changes: dict[str, Any] = {"parameter": parameters}
    return found(address, changes, lower(graph_of(spec)))


TUNED = {"name": "max_connections", "value": "200", "apply_method": "pending-reboot"}


@pytest.mark.parametrize(
    ("version", "parameters"),
    [("14", [TUNED]), ("16", [{"name": "rds.force_ssl", "value": "0"}])],
)
def test_a_database_does_not_come_to_do_without_tls(version, parameters):
    """Up to version 14 the parameter is ours, and a new list would drop it."""
    ((path, help_),) = with_database(version, parameters)

    assert path == "parameter"
    assert "rds.force_ssl" in help_


@pytest.mark.parametrize(
    ("version", "parameters"),
    [("16", [TUNED]), ("14", [TUNED, {"name": "rds.force_ssl", "value": "1"}])],
)
def test_a_database_can_be_tuned(version, parameters):
    """The language has no field for PostgreSQL's hundreds of settings."""
    assert with_database(version, parameters) == []


def with_behavior(**changes: object) -> list[tuple[str, str]]:
    """What is wrong with a second behavior of the distribution."""
    behavior = {
        "path_pattern": "/index.html",
        "target_origin_id": "static",
        "viewer_protocol_policy": "redirect-to-https",
        "cache_policy_id": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        **changes,
    }
    address, override = "aws_cloudfront_distribution.cdn", {"ordered_cache_behavior": [behavior]}
    return found(address, override)


def test_a_path_of_a_distribution_can_be_cached_in_another_way():
    """A page that names the files of a release is not to be kept for a day."""
    assert with_behavior() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"viewer_protocol_policy": "allow-all"},
        {"lambda_function_association": [{"event_type": "viewer-request", "lambda_arn": "x"}]},
    ],
)
def test_a_path_of_a_distribution_is_neither_open_nor_billed(changes):
    """What the default behavior may not, no other one may."""
    assert [path for path, _ in with_behavior(**changes)] == ["ordered_cache_behavior"]


def test_rules_of_security_groups_are_refused_whole():
    """A hole in a wall is a hole, whichever argument makes it."""
    rule = "aws_vpc_security_group_ingress_rule.edge_from_internet_443"

    assert [path for path, _ in found(rule, {"cidr_ipv4": None, "to_port": 65535})] == [
        "cidr_ipv4",
        "to_port",
    ]


def test_tags_are_never_refused():
    """A company counts its costs by tags of its own."""
    rule = "aws_vpc_security_group_ingress_rule.edge_from_internet_443"

    assert found(rule, {"tags": {"cost-center": "7"}}) == []


def test_a_part_of_a_nested_block_can_be_refused_alone():
    """HTTP stays closed, compression is a choice."""
    behavior = {"compress": False, "viewer_protocol_policy": "allow-all"}
    refused = found("aws_cloudfront_distribution.cdn", {"default_cache_behavior": behavior})

    assert [path for path, _ in refused] == ["default_cache_behavior.viewer_protocol_policy"]


@pytest.mark.parametrize("value", [None, [], [{"compress": False}]])
def test_a_nested_block_is_not_replaced_with_what_is_refused_in_it(value):
    """A new list would bring back what a single argument may not."""
    refused = found("aws_cloudfront_distribution.cdn", {"default_cache_behavior": value})

    assert [path for path, _ in refused] == ["default_cache_behavior"]


@pytest.mark.parametrize("argument", ["secret_string", "secret_string_wo", "secret_binary"])
def test_a_secret_gets_no_value_by_override(argument):
    """It would stand in the spec, readable by all."""
    address = "aws_secretsmanager_secret_version.db_credentials"

    assert [path for path, _ in found(address, {argument: "hunter2"})] == [argument]


def test_what_is_guarded_cannot_be_ignored_either():
    """A change of the spec would be priced and never deployed."""
    changes = {"lifecycle": {"ignore_changes": ["tags", "instance_class"]}}

    refused = found("aws_db_instance.db", changes)
    assert [path for path, _ in refused] == ["lifecycle.ignore_changes.1"]


def test_not_everything_can_be_ignored():
    """`all` includes what is guarded."""
    changes = {"lifecycle": {"ignore_changes": "all"}}

    refused = found("aws_db_instance.db", changes)
    assert [path for path, _ in refused] == ["lifecycle.ignore_changes"]


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("aws_db_instance.db", "replace_triggered_by"),
        ("ephemeral.aws_secretsmanager_random_password.db", "prevent_destroy"),
    ],
)
def test_other_rules_of_a_lifecycle_are_refused(address, rule):
    """They hold expressions, or mean nothing there."""
    refused = found(address, {"lifecycle": {rule: True}})

    assert [path for path, _ in refused] == [f"lifecycle.{rule}"]


def test_an_unknown_address_is_found_with_the_likely_one():
    """It would change nothing, and nobody would notice."""
    (finding,) = problems({"aws_lb.egde": {"idle_timeout": 120}})

    assert finding.path == ("overrides", "aws_lb.egde")
    assert finding.help == "did you mean `aws_lb.edge`?"


def test_the_likely_address_is_of_the_same_type():
    """`cdn` is the name of several blocks."""
    (finding,) = problems({"aws_cloudfront_distribution.cnd": {"comment": "x"}})

    assert finding.help == "did you mean `aws_cloudfront_distribution.cdn`?"


# What the whole check says


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ("{aws_lb.edge: {idle_timeot: 120}}", "TZ602"),
        ("{aws_lb.edge: {dns_name: x}}", "TZ603"),
        ("{aws_lb.edge: {idle_timeout: soon}}", "TZ605"),
        ("{aws_lb.edge: {lifecycle: {ignore_changes: [nothing]}}}", "TZ612"),
        ("{aws_lb.egde: {idle_timeout: 120}}", "TZ621"),
        ("{aws_lb.edge: {internal: true}}", "TZ622"),
    ],
)
def test_a_bad_override_is_an_error_at_its_line(overrides, code):
    """Before Terraform is ever called, and where the user wrote it."""
    (diagnostic,) = diagnostics(overrides)

    assert diagnostic.code == code
    assert diagnostic.path[0] == "overrides"
    assert diagnostic.at is not None


def test_a_good_override_is_no_error():
    """Any argument of any resource is a promise."""
    assert diagnostics("{aws_lb.edge: {idle_timeout: 120, enable_xff_client_port: true}}") == []


def test_overrides_are_looked_at_when_nothing_else_is_wrong():
    """Without its bucket a CDN becomes nothing that could be overridden."""
    indented = "".join(f"  {line}\n" for line in COMPONENTS.splitlines() if "static: " not in line)
    loaded = load(f"{HEAD}{indented}overrides: {{aws_lb.egde: {{idle_timeout: 120}}}}\n")

    codes = {d.code for d in check(loaded).diagnostics if d.severity == "error"}
    assert "TZ621" not in codes
    assert codes


# The table of guards


@pytest.mark.parametrize(
    ("kind", "path"), [(k, p) for k, paths in GUARDS.items() for p in paths if p != ALL]
)
def test_every_guard_is_about_an_argument_that_exists(kind, path):
    """A guard of a misspelt argument guards nothing."""
    names = path.split(".")

    versions = ((mode, provider) for mode in ("managed", "data") for provider in (5, 6))
    assert any(argument(kind, names, mode, provider) for mode, provider in versions)


def test_every_guarded_type_exists():
    """Types come from the provider's schema."""
    assert set(GUARDS) - types() - types("data") - types("ephemeral") == set()
