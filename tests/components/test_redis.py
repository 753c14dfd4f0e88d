"""A cache: private, encrypted, and with a replica where the spec asks for one."""

import pytest

from compiler.components import redis
from compiler.lower import lower
from compiler.plan.plan import Block, Ref
from tests.examples import by_address, graph_of, month, quantities
from trazo_spec.components.redis import Redis


def blocks(settings: str = "") -> dict[str, Block]:
    """The blocks of the cache `cache` by address."""
    graph = graph_of(f"cache: {{kind: redis, {settings}}}")
    component = graph.spec.components["cache"]
    assert isinstance(component, Redis)
    return by_address(redis.blocks("cache", component, graph))


def group(settings: str = "") -> Block:
    """The replication group."""
    return blocks(settings)["aws_elasticache_replication_group.cache"]


def bill(settings: str = "") -> dict[str, float]:
    """What is billed for a month of 720 hours with 2 GB of snapshots, by item."""
    graph = graph_of(f"cache: {{kind: redis, {settings}}}")
    component = graph.spec.components["cache"]
    assert isinstance(component, Redis)
    return quantities(redis.meters("cache", component, graph), month({"backup_gb": 2.0}))


def test_a_cache_is_encrypted_at_rest_and_in_transit():
    """Sessions and tokens are in there."""
    body = group().body

    expected = ("true", True)
    assert expected == (body["at_rest_encryption_enabled"], body["transit_encryption_enabled"])


def test_a_change_is_made_by_the_apply_that_shows_it():
    """AWS would wait for its window, and keep failing over to a replica that is to go."""
    assert group("apply: at_once").body["apply_immediately"] is True


def test_production_waits_for_its_window():
    """Its snapshots and its maintenance come when the spec says."""
    windows = 'backup_window: "01:00-02:00", maintenance_window: "sun:03:00-sun:04:00"'
    body = group(windows).body
    written = (body["snapshot_window"], body["maintenance_window"])

    assert body["apply_immediately"] is False
    assert written == ("01:00-02:00", "sun:03:00-sun:04:00")


def test_a_cache_stands_in_private_subnets_behind_its_own_security_group():
    """Redis without a password is safe only where nobody else gets in."""
    found = blocks()
    subnets = found["aws_elasticache_subnet_group.cache"].body["subnet_ids"]

    assert subnets == [Ref(f"aws_subnet.network_private_{zone}", "id") for zone in "ab"]
    assert group().body["security_group_ids"] == [Ref("aws_security_group.cache", "id")]


@pytest.mark.parametrize(("nodes", "fails_over"), [(1, False), (2, True), (3, True)])
def test_two_nodes_or_more_fail_over_by_themselves(nodes, fails_over):
    """AWS refuses failover with a single node."""
    body = group(f"nodes: {nodes}").body

    expected = (nodes, fails_over, fails_over)
    found = (
        body["num_cache_clusters"],
        body["automatic_failover_enabled"],
        body["multi_az_enabled"],
    )
    assert expected == found


@pytest.mark.parametrize(
    ("version", "parameters"),
    [("7.1", "default.redis7"), ("7.0", "default.redis7"), ("6.x", "default.redis6.x")],
)
def test_the_parameters_are_those_of_the_version(version, parameters):
    """An upgrade with the old version's parameters is refused by AWS."""
    body = group(f'engine_version: "{version}"').body

    assert body["parameter_group_name"] == parameters


def test_a_cache_that_is_switched_off_is_nowhere():
    """Neither in Terraform nor on the bill."""
    plan = lower(graph_of("cache: {kind: redis, enabled: false}\nmedia: {kind: s3}\n"))

    assert [b.address for b in plan.blocks if "cache" in b.address] == []
    assert [m.item for m in plan.meters if m.component == "cache"] == []


def test_every_node_is_billed_every_hour():
    """A replica costs as much as the primary."""
    assert bill("nodes: 3")["redis_node_hour:cache.t4g.micro"] == 3 * 720


def test_one_snapshot_is_free():
    """A line of 0 for it would ask for a price that few regions publish."""
    assert "redis_backup_storage_gb_month" not in bill("snapshot_retention_days: 1")


def test_further_snapshots_are_billed():
    """Of four daily ones with 2 GB together, three are billed."""
    assert bill("snapshot_retention_days: 4")["redis_backup_storage_gb_month"] == 1.5
