"""What a change of an argument does to what stands, by the shipped table."""

import re
from typing import get_args

import pytest

from compiler.changes.conditions import CONDITIONS
from compiler.changes.effects import Effect, Verdict, effects, replaces, rows_of, table
from compiler.changes.sentences import sentences
from compiler.provider_schema.replaced import forces_replacement
from compiler.provider_schema.schema import argument, types
from trazo_spec.base import Provider

DATABASE = {
    "engine": "postgres",
    "engine_version": "16",
    "allow_major_version_upgrade": True,
    "apply_immediately": True,
    "allocated_storage": 100,
    "instance_class": "db.m6g.large",
    "multi_az": False,
    "backup_retention_period": 7,
}
CACHE = {
    "engine": "redis",
    "engine_version": "7.1",
    "apply_immediately": True,
    "node_type": "cache.m6g.large",
    "num_cache_clusters": 2,
    "automatic_failover_enabled": True,
    "multi_az_enabled": True,
    "transit_encryption_enabled": True,
}
SINGLE = {
    **CACHE,
    "num_cache_clusters": 1,
    "automatic_failover_enabled": False,
    "multi_az_enabled": False,
}


IDENTITY = {"origin_access_identity": "origin-access-identity/cloudfront/E2"}


def change(type_: str, before: dict[str, object], **changed: object) -> tuple[Effect, ...]:
    """What happens when a few arguments of a resource change."""
    return effects(type_, before, {**before, **changed})


def told(found: tuple[Effect, ...]) -> list[tuple[str, str]]:
    """Verdict and argument of each effect."""
    return [(str(e.verdict), e.arguments[0]) for e in found]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"allocated_storage": 20}, [("refused", "allocated_storage")]),
        ({"allocated_storage": 200}, [("may_be_refused", "allocated_storage")]),
        ({"allocated_storage": 110}, [("may_be_refused", "allocated_storage")]),
        ({"allocated_storage": 109}, [("refused", "allocated_storage")]),
        (
            {"allocated_storage": 20, "max_allocated_storage": 500},
            [("ignored", "allocated_storage"), ("in_place", "max_allocated_storage")],
        ),
        ({"max_allocated_storage": 109}, [("refused", "max_allocated_storage")]),
        ({"max_allocated_storage": 110}, [("in_place", "max_allocated_storage")]),
        ({"engine_version": "15"}, [("refused", "engine_version")]),
        ({"engine_version": "17"}, [("interrupts", "engine_version")]),
        ({"engine_version": "16.4"}, [("interrupts", "engine_version")]),
        (
            {"engine_version": "17", "allow_major_version_upgrade": False},
            [
                ("refused", "engine_version"),
                ("interrupts", "engine_version"),
                ("in_place", "allow_major_version_upgrade"),
            ],
        ),
        (
            {"backup_retention_period": 0},
            [("loses_data", "backup_retention_period"), ("interrupts", "backup_retention_period")],
        ),
        ({"backup_retention_period": 1}, [("loses_data", "backup_retention_period")]),
        ({"backup_retention_period": 14}, [("in_place", "backup_retention_period")]),
        ({"instance_class": "db.m6g.xlarge"}, [("interrupts", "instance_class")]),
        ({"multi_az": True}, [("in_place", "multi_az")]),
        ({"db_subnet_group_name": "another"}, [("refused", "db_subnet_group_name")]),
        ({"port": 5433}, [("interrupts", "port")]),
        ({"username": "other"}, [("replaces", "username")]),
    ],
)
def test_a_database_changes_as_aws_says(
    changed: dict[str, object], expected: list[tuple[str, str]]
):
    """A disk only grows, versions only rise, and a class costs an outage."""
    assert told(change("aws_db_instance", DATABASE, **changed)) == expected


@pytest.mark.parametrize(
    ("before", "changed", "expected"),
    [
        (
            CACHE,
            {"engine_version": "7.0"},
            [("loses_data", "engine_version"), ("replaces", "engine_version")],
        ),
        (
            CACHE,
            {"engine_version": "6.x"},
            [("loses_data", "engine_version"), ("replaces", "engine_version")],
        ),
        (
            {**CACHE, "engine_version": "6.x"},
            {"engine_version": "7.1"},
            [("interrupts", "engine_version")],
        ),
        (CACHE, {"engine": "valkey"}, [("refused", "engine")]),
        (
            CACHE,
            {"engine": "valkey", "engine_version": "8.0"},
            [("interrupts", "engine"), ("interrupts", "engine_version")],
        ),
        (
            {**CACHE, "engine": "valkey"},
            {"engine": "redis"},
            [("loses_data", "engine"), ("replaces", "engine")],
        ),
        (
            CACHE,
            {"num_cache_clusters": 1},
            [("refused", "num_cache_clusters"), ("in_place", "num_cache_clusters")],
        ),
        (
            CACHE,
            {
                "num_cache_clusters": 1,
                "automatic_failover_enabled": False,
                "multi_az_enabled": False,
            },
            [("in_place", "automatic_failover_enabled"), ("in_place", "num_cache_clusters")],
        ),
        (
            CACHE,
            {
                "num_cache_clusters": 1,
                "automatic_failover_enabled": False,
                "multi_az_enabled": False,
                "apply_immediately": False,
            },
            [
                ("refused", "num_cache_clusters"),
                ("pending", "automatic_failover_enabled"),
                ("in_place", "apply_immediately"),
                ("in_place", "num_cache_clusters"),
            ],
        ),
        (CACHE, {"automatic_failover_enabled": False}, [("refused", "automatic_failover_enabled")]),
        (SINGLE, {"automatic_failover_enabled": True}, [("refused", "automatic_failover_enabled")]),
        (
            CACHE,
            {"node_type": "cache.m6g.2xlarge"},
            [("interrupts", "node_type")],
        ),
        (
            CACHE,
            {"node_type": "cache.m6g.medium"},
            [("loses_data", "node_type"), ("interrupts", "node_type")],
        ),
        (
            {**CACHE, "engine_version": "6.x"},
            {"transit_encryption_enabled": False},
            [
                ("loses_data", "transit_encryption_enabled"),
                ("replaces", "transit_encryption_enabled"),
            ],
        ),
        (
            {**CACHE, "transit_encryption_enabled": False},
            {"transit_encryption_enabled": True},
            [("refused", "transit_encryption_enabled")],
        ),
    ],
)
def test_a_cache_changes_as_aws_says(
    before: dict[str, object], changed: dict[str, object], expected: list[tuple[str, str]]
):
    """A cache that goes back to an older version is a new, empty one."""
    found = told(change("aws_elasticache_replication_group", before, **changed))

    assert found == expected


SUBNETS = {"subnet_ids": ["a", "b", "c"]}
RULE = {"id": "old", "status": "Enabled", "expiration": [{"days": 90}]}


@pytest.mark.parametrize(
    ("type_", "before", "changed", "expected"),
    [
        ("aws_db_subnet_group", SUBNETS, {"subnet_ids": ["a", "b"]}, ["may_be_refused"]),
        (
            "aws_db_subnet_group",
            SUBNETS,
            {"subnet_ids": ["a"]},
            ["refused", "may_be_refused"],
        ),
        (
            "aws_db_subnet_group",
            SUBNETS,
            {"subnet_ids": ["x", "y"]},
            ["refused", "may_be_refused"],
        ),
        ("aws_db_subnet_group", SUBNETS, {"subnet_ids": ["a", "b", "c", "d"]}, ["in_place"]),
        ("aws_elasticache_subnet_group", SUBNETS, {"subnet_ids": ["a"]}, ["may_be_refused"]),
        ("aws_db_subnet_group", SUBNETS, {"subnet_ids": ["a", "b", None]}, ["may_be_refused"]),
        ("aws_db_subnet_group", SUBNETS, {"subnet_ids": [None, None, None]}, ["refused"]),
        ("aws_lb", {"subnets": ["a", "b"]}, {"subnets": ["a", None]}, ["refused"]),
        ("aws_lb", {"subnets": ["a", "b"]}, {"subnets": [None, None]}, ["refused"]),
        (
            "aws_db_instance",
            {"allocated_storage": 100, "max_allocated_storage": 500},
            {"max_allocated_storage": 200},
            ["may_be_refused"],
        ),
        (
            "aws_db_instance",
            {"allocated_storage": 100, "max_allocated_storage": 500},
            {"max_allocated_storage": None},
            ["may_be_refused"],
        ),
        (
            "aws_db_instance",
            {"allocated_storage": 100, "max_allocated_storage": 500},
            {"max_allocated_storage": 1000},
            ["in_place"],
        ),
        (
            "aws_cloudfront_distribution",
            {"origin": [{"domain_name": "a.s3", "origin_access_control_id": "E1"}]},
            {"origin": [{"domain_name": "a.s3", "s3_origin_config": [IDENTITY]}]},
            ["interrupts"],
        ),
        (
            "aws_cloudfront_distribution",
            {"origin": [{"domain_name": "a.s3", "origin_access_control_id": "E1"}]},
            {"origin": [{"domain_name": "a.s3", "origin_access_control_id": "E2"}]},
            ["in_place"],
        ),
        (
            "aws_cloudfront_distribution",
            {"origin": [{"domain_name": "a.s3", "origin_access_control_id": "E1"}]},
            {"origin": [{"domain_name": "b.s3", "origin_access_control_id": "E1"}]},
            ["interrupts"],
        ),
        ("aws_lb", {"subnets": ["a", "b"]}, {"subnets": ["a"]}, ["refused", "in_place"]),
        (
            "aws_cloudwatch_log_group",
            {"retention_in_days": 30},
            {"retention_in_days": 7},
            ["loses_data"],
        ),
        ("aws_cloudwatch_log_group", {}, {"retention_in_days": 7}, ["loses_data"]),
        (
            "aws_cloudwatch_log_group",
            {"retention_in_days": 7},
            {"retention_in_days": 0},
            ["in_place"],
        ),
        (
            "aws_s3_bucket_versioning",
            {"versioning_configuration": [{"status": "Enabled"}]},
            {"versioning_configuration": [{"status": "Disabled"}]},
            ["refused"],
        ),
        (
            "aws_s3_bucket_versioning",
            {"versioning_configuration": [{"status": "Enabled"}]},
            {"versioning_configuration": [{"status": "Suspended"}]},
            ["in_place"],
        ),
        (
            "aws_s3_bucket_lifecycle_configuration",
            {"rule": [RULE]},
            {"rule": [{**RULE, "expiration": [{"days": 30}]}]},
            ["loses_data"],
        ),
        (
            "aws_s3_bucket_lifecycle_configuration",
            {"rule": [RULE]},
            {"rule": [{**RULE, "expiration": [{"days": 120}]}]},
            ["in_place"],
        ),
        (
            "aws_ecs_service",
            {"force_new_deployment": True, "capacity_provider_strategy": []},
            {"capacity_provider_strategy": [{"capacity_provider": "FARGATE", "weight": 1}]},
            ["replaces"],
        ),
        (
            "aws_ecs_service",
            {
                "force_new_deployment": True,
                "capacity_provider_strategy": [{"capacity_provider": "FARGATE", "weight": 1}],
            },
            {"capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "weight": 1}]},
            ["new_tasks_only"],
        ),
        (
            "aws_vpc_security_group_ingress_rule",
            {"cidr_ipv4": "10.0.0.0/16"},
            {"cidr_ipv4": None, "referenced_security_group_id": "sg-1"},
            ["replaces"],
        ),
        (
            "aws_vpc_security_group_ingress_rule",
            {"cidr_ipv4": "10.0.0.0/16"},
            {"cidr_ipv4": "10.1.0.0/16"},
            ["in_place"],
        ),
        ("aws_ecs_task_definition", {"cpu": "256"}, {"cpu": "512"}, ["new_tasks_only"]),
        ("aws_sqs_queue", {"delay_seconds": 1}, {"delay_seconds": 2}, ["unknown"]),
    ],
)
def test_other_resources_change_as_aws_says(
    type_: str, before: dict[str, object], changed: dict[str, object], expected: list[str]
):
    """What is refused or lost is known before Terraform is called."""
    assert [str(e.verdict) for e in change(type_, before, **changed)] == expected


@pytest.mark.parametrize(
    ("name", "downtime"),
    [
        ("_5a1c.api.shop.example", False),
        ("${[for o in aws_acm_certificate.alb.domain_validation_options : o.name][0]}", False),
        ("api.shop.example", True),
    ],
)
def test_nobody_but_aws_asks_for_the_proof_of_a_certificate(name: str, downtime: bool):
    """A further name in a certificate makes the proofs anew, and nothing is down for that."""
    before = {"type": "CNAME", "name": name, "zone_id": "Z1"}
    (effect,) = effects("aws_route53_record", before, {**before, "zone_id": "Z2"})

    assert (str(effect.verdict), effect.downtime) == ("replaces", downtime)
    assert replaces("aws_route53_record", "zone_id", before, {**before, "zone_id": "Z2"})


def test_a_new_target_group_has_no_task_at_first():
    """The listener sends requests to it as soon as it is there, and the service moves after."""
    (effect,) = effects("aws_lb_target_group", {"port": 80}, {"port": 8080})

    assert (str(effect.verdict), effect.downtime) == ("replaces", True)
    assert "503" in effect.reason


def test_no_figure_is_told_where_aws_says_a_few_seconds():
    """A second or five: a number that is not on the page would be made up."""
    (effect,) = change("aws_elasticache_replication_group", CACHE, node_type="cache.m6g.xlarge")

    assert effect.minutes is None
    assert "AWS says a few seconds" in effect.depends_on


@pytest.mark.parametrize(
    ("type_", "before", "after", "words"),
    [
        (
            "aws_s3_bucket_versioning",
            {"versioning_configuration": [{"status": "Enabled"}]},
            {"versioning_configuration": [{"status": "Suspended"}]},
            "overwritten or deleted",
        ),
        ("aws_route", {"nat_gateway_id": "nat-1"}, {"nat_gateway_id": "nat-2"}, "are cut"),
        (
            "aws_cloudfront_response_headers_policy",
            {"security_headers_config": [{"strict_transport_security": [{"preload": False}]}]},
            {"security_headers_config": [{"strict_transport_security": [{"preload": True}]}]},
            "Browsers remember it",
        ),
    ],
)
def test_what_looks_harmless_is_told(
    type_: str, before: dict[str, object], after: dict[str, object], words: str
):
    """Each is an update in place, and each has something that nobody takes back."""
    (effect,) = effects(type_, before, after)

    assert str(effect.verdict) == "in_place"
    assert words in effect.reason


def test_a_window_makes_an_interruption_wait():
    """Without `apply_immediately` AWS waits, and the outage comes in the window."""
    found = change(
        "aws_db_instance", DATABASE, apply_immediately=False, instance_class="db.t4g.micro"
    )
    (effect,) = (e for e in found if e.arguments == ("instance_class",))

    assert (effect.verdict, effect.pending, effect.downtime) == (Verdict.PENDING, True, True)


def test_a_version_of_a_database_waits_unseen():
    """The provider reads which version is pending, so an empty plan does not mean it is there."""
    before = {**DATABASE, "apply_immediately": False}
    after = {**before, "engine_version": "17", "instance_class": "db.t4g.micro"}
    words = {
        e.arguments: "; ".join(sentences(e)) for e in effects("aws_db_instance", before, after)
    }

    assert "no plan of Terraform shows it until then" in words["engine_version",]
    assert "Terraform shows it at every plan until then" in words["instance_class",]


def test_minutes_are_those_that_aws_publishes():
    """A failover takes 60 to 120 seconds; a single database's restart has no figure at all."""
    standby = change(
        "aws_db_instance", {**DATABASE, "multi_az": True}, instance_class="db.t4g.micro"
    )
    single = change("aws_db_instance", DATABASE, instance_class="db.t4g.micro")

    assert [e.minutes for e in (*standby, *single)] == [(1.0, 2.0), None]
    assert all(e.depends_on for e in (*standby, *single))


def test_what_does_not_change_has_no_effect():
    """A null and an empty list of `terraform show` are what a rendered body leaves out."""
    shown = {**DATABASE, "iops": None, "s3_import": [], "arn": "arn:aws:rds:x", "address": "host"}

    assert effects("aws_db_instance", DATABASE, shown) == ()


def test_each_row_names_its_page_and_what_is_known():
    """An interruption without a figure says on what it depends; a row without a page is a guess."""
    rows = table()
    wrong = [r for r in rows if not r.effect.source.startswith("https://")]
    wrong += [r for r in rows if r.condition and r.condition not in CONDITIONS]
    wrong += [r for r in rows if r.effect.downtime and not r.effect.depends_on]
    wrong += [r for r in rows if r.effect.verdict is Verdict.REFUSED and not r.effect.advice]
    wrong += [r for r in rows if r.effect.reason.endswith(".")]

    assert wrong == []


def test_each_condition_is_used():
    """One that no row names is a thought that no page backs."""
    assert CONDITIONS.keys() == {row.condition for row in table()} - {""}


def test_each_argument_of_the_table_is_one_of_the_provider():
    """A slip in a name would leave the argument without its verdict; some only provider 6 has."""
    unknown = [
        (row.type_, name)
        for row in table()
        for name in row.arguments
        if row.type_ in types()
        and not any(argument(row.type_, name.split("."), provider=p) for p in get_args(Provider))
    ]

    assert unknown == []


def test_what_the_provider_replaces_is_in_the_table():
    """The table and the provider's own answers agree, apart from what values decide."""
    known = {Verdict.REPLACES, Verdict.NEW_TASKS_ONLY}
    wrong = []
    for row in table():
        plain = not row.condition
        for name in row.arguments:
            fixed = forces_replacement(row.type_, name.split("."))
            by_value = any(r.condition for r in rows_of(row.type_, name))
            replaced = row.effect.verdict in known
            if plain and not by_value and row.type_ != "aws_ecs_service" and fixed != replaced:
                wrong.append((row.type_, name))

    assert wrong == []


def test_a_replacement_by_value_is_known():
    """The provider replaces a cache for an older version, and updates it for a newer one."""
    older, newer = {**CACHE, "engine_version": "7.0"}, {**CACHE, "engine_version": "8.0"}
    type_ = "aws_elasticache_replication_group"
    replaced = [replaces(type_, "engine_version", CACHE, after) for after in (older, newer)]

    assert replaced == [True, False]


def test_notes_are_short_sentences():
    """They are printed beside a resource, in tables and in reviews."""
    wrong = [
        row.effect.reason
        for row in table()
        if row.effect.reason and not re.fullmatch(r"[A-Z].{10,170}", row.effect.reason)
    ]

    assert wrong == []
