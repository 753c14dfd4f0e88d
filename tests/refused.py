"""Changes that the table calls refused, and such that come close: what AWS answers to each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from compiler.changes.edit import ANEW
from compiler.changes.effects import Effect, Row, Verdict, effects, rows_of

Body = Mapping[str, Any]
REFUSALS = (Verdict.REFUSED, Verdict.MAY_BE_REFUSED)
USED, OPTIMIZED, WAITING, GROWN = "used", "optimized", "waiting", "grown"
"""What a spec cannot tell: something else uses it, its storage changed a moment ago, the change
waits already for the maintenance window, or the disk has grown by itself by half of its size.
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One change of a resource."""

    type_: str
    standing: Body
    """Its arguments before the change."""
    changed: Body
    """Those that get another value, or one at all."""
    code: str = ""
    """What AWS refuses it with, or a part of the provider's message; empty where it is taken."""
    given: str = ""
    unset: tuple[str, ...] = field(default=())
    """Those that are not set any more."""

    @property
    def after(self) -> Body:
        """Its arguments after the change."""
        kept = {k: v for k, v in self.standing.items() if k not in self.unset}
        return {**kept, **self.changed}

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What the table says of it."""
        return effects(self.type_, self.standing, self.after)

    @property
    def rows(self) -> Iterator[Row]:
        """The rows by which it is refused, or may be."""
        for effect in self.effects:
            if effect.verdict in REFUSALS:
                rows = (r for name in effect.arguments for r in rows_of(self.type_, name))
                yield from (r for r in rows if r.condition == effect.condition)

    def __str__(self) -> str:
        """Its name in the list of tests."""
        changed = ",".join(f"{k}={v}" for k, v in self.changed.items())
        return f"{self.type_}-{changed}{'-' * bool(self.given)}{self.given}"


DATABASE: Body = {
    "allocated_storage": 100,
    "engine_version": "16",
    "allow_major_version_upgrade": True,
    "apply_immediately": True,
    "instance_class": "db.t4g.micro",
    "db_subnet_group_name": "first",
    "storage_type": "gp3",
    "parameter_group_name": "postgres16",
}
GROWING: Body = {**DATABASE, "max_allocated_storage": 200}
MAJOR_UPGRADE: Body = {"engine_version": "17", "parameter_group_name": "postgres17"}
CACHE: Body = {
    "engine": "redis",
    "engine_version": "7.1",
    "node_type": "cache.t4g.micro",
    "num_cache_clusters": 2,
    "automatic_failover_enabled": True,
    "multi_az_enabled": True,
    "transit_encryption_enabled": True,
    "apply_immediately": True,
}
ONE_NODE: Body = {
    **CACHE,
    "num_cache_clusters": 1,
    "automatic_failover_enabled": False,
    "multi_az_enabled": False,
}
ALONE: Body = {
    "num_cache_clusters": 1,
    "automatic_failover_enabled": False,
    "multi_az_enabled": False,
}
STATIC = {"name": "max_connections", "value": "200"}
DYNAMIC = {"name": "log_statement", "value": "all"}


def _database(code: str = "", given: str = "", **changed: object) -> Case:
    return Case("aws_db_instance", DATABASE, changed, code, given)


def _cache(standing: Body, code: str = "", **changed: object) -> Case:
    return Case("aws_elasticache_replication_group", standing, changed, code)


def _parameter(parameter: Body, apply_method: str, code: str = "") -> Case:
    after = {"parameter": [{**parameter, "apply_method": apply_method}]}
    return Case("aws_db_parameter_group", {"parameter": []}, after, code)


def _list(type_: str, name: str, before: str, after: str, code: str = "", given: str = "") -> Case:
    """A change of a list, whose members are words."""
    return Case(type_, {name: before.split()}, {name: after.split()}, code, given)


def _made_anew(type_: str, name: str, given: str = "") -> Case:
    """The first of two subnets is deleted and made again, with other addresses."""
    before, after = {name: ["a", "b"]}, {name: [f"{ANEW}0", "b"]}
    return Case(type_, before, after, "DependencyViolation", given)


COMBINATION = "InvalidParameterCombination"

BY_THE_API = (
    _database(COMBINATION, allocated_storage=20),
    _database(allocated_storage=200),
    _database(COMBINATION, allocated_storage=109),
    _database(allocated_storage=110),
    Case("aws_db_instance", GROWING, {"max_allocated_storage": 150}),
    Case("aws_db_instance", GROWING, {"max_allocated_storage": 150}, COMBINATION, GROWN),
    Case("aws_db_instance", GROWING, {}, COMBINATION, GROWN, unset=("max_allocated_storage",)),
    _database(COMBINATION, OPTIMIZED, allocated_storage=200),
    _database(COMBINATION, OPTIMIZED, iops=12000),
    _database(COMBINATION, OPTIMIZED, storage_throughput=500),
    _database(COMBINATION, OPTIMIZED, storage_type="io1"),
    _database(storage_type="io1"),
    _database(given=OPTIMIZED, instance_class="db.t4g.small"),
    _database(COMBINATION, engine_version="15"),
    _database(COMBINATION, **MAJOR_UPGRADE, allow_major_version_upgrade=False),
    _database(COMBINATION, max_allocated_storage=105),
    _database(max_allocated_storage=110),
    _database(instance_class="db.t4g.small"),
    _database("InvalidVPCNetworkStateFault", db_subnet_group_name="second"),
    _database(COMBINATION, WAITING, **MAJOR_UPGRADE, apply_immediately=False),
    _database(**MAJOR_UPGRADE, apply_immediately=False),
    _database(**MAJOR_UPGRADE),
    _parameter(STATIC, "immediate", COMBINATION),
    _parameter(STATIC, "pending-reboot"),
    _parameter(DYNAMIC, "immediate"),
    _list("aws_db_subnet_group", "subnet_ids", "a b c", "a b"),
    _list("aws_db_subnet_group", "subnet_ids", "a b c", "b c", "SubnetAlreadyInUse", USED),
    _list("aws_db_subnet_group", "subnet_ids", "a b c", "a b", "", USED),
    _made_anew("aws_db_subnet_group", "subnet_ids", USED),
    _list("aws_db_subnet_group", "subnet_ids", "a b", "a", "DBSubnetGroupDoesNotCoverEnoughAZs"),
    _list("aws_db_subnet_group", "subnet_ids", "a b", "c d", "SubnetAlreadyInUse", USED),
    _cache(CACHE, "InvalidParameterValue", num_cache_clusters=1, multi_az_enabled=False),
    _cache(CACHE, COMBINATION, automatic_failover_enabled=False),
    _cache(ONE_NODE, COMBINATION, automatic_failover_enabled=True),
    _cache(CACHE, "InvalidParameterValue", **ALONE, apply_immediately=False),
    _cache(CACHE, **ALONE),
    _cache(
        {**CACHE, "transit_encryption_enabled": False},
        COMBINATION,
        transit_encryption_enabled=True,
    ),
    _cache(
        {**CACHE, "transit_encryption_enabled": False},
        transit_encryption_enabled=True,
        transit_encryption_mode="preferred",
    ),
    _made_anew("aws_elasticache_subnet_group", "subnet_ids", USED),
    _list("aws_elasticache_subnet_group", "subnet_ids", "a b", "c", "SubnetInUse", USED),
    _list("aws_elasticache_subnet_group", "subnet_ids", "a b", "b", "SubnetInUse", USED),
    _list("aws_elasticache_subnet_group", "subnet_ids", "a b", "a", "", USED),
    _list("aws_elasticache_subnet_group", "subnet_ids", "a b", "b"),
    _list(
        "aws_ecs_cluster_capacity_providers",
        "capacity_providers",
        "FARGATE FARGATE_SPOT",
        "FARGATE",
        "ResourceInUseException",
        USED,
    ),
    _list(
        "aws_ecs_cluster_capacity_providers",
        "capacity_providers",
        "FARGATE FARGATE_SPOT",
        "FARGATE",
    ),
    _made_anew("aws_lb", "subnets"),
    _list("aws_lb", "subnets", "a b", "a", "InvalidConfigurationRequest"),
    _list("aws_lb", "subnets", "a b c", "a b"),
    Case("aws_lb_listener_rule", {"priority": 1}, {"priority": 2}, "PriorityInUse", USED),
    Case("aws_lb_listener_rule", {"priority": 1}, {"priority": 2}),
    Case(
        "aws_s3_bucket_ownership_controls",
        {"rule": [{"object_ownership": "BucketOwnerPreferred"}]},
        {"rule": [{"object_ownership": "BucketOwnerEnforced"}]},
        "InvalidBucketAclWithObjectOwnership",
        USED,
    ),
    Case(
        "aws_s3_bucket_ownership_controls",
        {"rule": [{"object_ownership": "BucketOwnerPreferred"}]},
        {"rule": [{"object_ownership": "BucketOwnerEnforced"}]},
    ),
    Case(
        "aws_s3_bucket_versioning",
        {"versioning_configuration": [{"status": "Enabled"}]},
        {"versioning_configuration": [{"status": "Disabled"}]},
        "MalformedXML",
    ),
    Case(
        "aws_s3_bucket_versioning",
        {"versioning_configuration": [{"status": "Enabled"}]},
        {"versioning_configuration": [{"status": "Suspended"}]},
    ),
    _list(
        "aws_cloudfront_distribution",
        "aliases",
        "a.example.com",
        "a.example.com b.example.com",
        "CNAMEAlreadyExists",
        USED,
    ),
    _list(
        "aws_cloudfront_distribution",
        "aliases",
        "c.example.com",
        "c.example.com d.example.org",
        "InvalidViewerCertificate",
    ),
    _list("aws_cloudfront_distribution", "aliases", "e.example.com", "e.example.com f.example.com"),
)
"""What AWS answers by itself."""

AT_THE_PLAN = (
    _cache(CACHE, "must be at least 2 if automatic_failover_enabled is true", num_cache_clusters=1),
    _cache(
        ONE_NODE,
        "must be at least 2 if automatic_failover_enabled is true",
        automatic_failover_enabled=True,
    ),
    _cache(
        CACHE,
        "automatic_failover_enabled must be true if multi_az_enabled is true",
        automatic_failover_enabled=False,
    ),
    Case(
        "aws_s3_bucket_versioning",
        {"versioning_configuration": [{"status": "Enabled"}]},
        {"versioning_configuration": [{"status": "Disabled"}]},
        "versioning_configuration.status cannot be updated from 'Enabled' to 'Disabled'",
    ),
)
"""What the provider refuses before AWS is asked to change anything."""

AT_THE_APPLY = (
    _cache(CACHE, "must explicitly set 'engine_version' attribute", engine="valkey"),
    _cache(
        CACHE,
        "InvalidParameterValue: Must have at least 1 replica",
        **ALONE,
        apply_immediately=False,
    ),
)
"""What a plan promises and an apply does not do: the provider, or AWS, refuses it then."""
