"""Which prices are missing: every item that any spec can need, in every region of the catalogue."""

from itertools import product

import pytest

from compiler.lower import lower
from cost.allowances import read_allowances
from cost.catalogue import read_catalogue
from tests.examples import graph_of

CATALOGUE = read_catalogue()
REGIONS = ("us-east-1", "us-east-2", "us-west-2", "eu-west-1")
HEAD = (
    "trazo: 1\nname: shop\nregion: {}\ndomain: example.com\n"
    "state: {{bucket: shop-terraform-state}}\ntraffic: {{usage: {{files: {{stored_gb: 1}}}}}}\n"
    "components:\n"
)

NETWORKS = (
    "{kind: networking, egress: {nat: single}}",
    "{kind: networking, egress: {nat: per_zone}}",
    "{kind: networking, egress: {nat: none, endpoints: [ecr.api, ecr.dkr, logs, secretsmanager]}}",
)
SERVICES = tuple(
    f"{{kind: ecs, image: 123456789012.dkr.ecr.us-east-2.amazonaws.com/web:1, port: 80, "
    f"architecture: {chip}, ephemeral_storage_gib: 30, capacity: {{on_demand: {{}}, spot: {{}}}}}}"
    for chip in ("x86_64", "arm64")
)
DISKS = (
    "storage_type: gp2",
    "storage_type: gp3, storage_gb: 400, iops: 14000, throughput_mib_per_s: 600",
    "storage_type: io1, storage_gb: 100, iops: 1000",
)
DATABASES = tuple(
    f"{{kind: rds, {disk}, multi_az: {zones}}}" for disk, zones in product(DISKS, ("true", "false"))
)
OTHERS = """\
edge: {kind: alb, hostname: api.example.com, routes: [{to: web}]}
cache: {kind: redis, snapshot_retention_days: 7}
files: {kind: s3, purpose: media}
static: {kind: s3, purpose: static}
cdn: {kind: cloudfront, hostname: static.example.com, origin: static}
zone: {kind: dns}
roles: {kind: iam}
security: {kind: security, secrets: {key: {}}, alarms: {email: ops@example.com}}
"""

# Nothing: what follows is for a price that is lost one day.
MISSING: set[tuple[str, str]] = set()


def needed(region: str) -> set[tuple[str, str]]:
    """(item, unit) of every meter of specs that together use every option that changes a bill."""
    found: set[tuple[str, str]] = set()
    for network, service, database in (
        *((n, SERVICES[0], DATABASES[0]) for n in NETWORKS),
        *((NETWORKS[0], s, DATABASES[0]) for s in SERVICES),
        *((NETWORKS[0], SERVICES[0], d) for d in DATABASES),
    ):
        components = f"network: {network}\nweb: {service}\ndatabase: {database}\n{OTHERS}"
        graph = graph_of(components, HEAD.format(region))
        found |= {(meter.item, meter.unit) for meter in lower(graph).meters}
    return found


def test_what_is_missing_is_known():
    """A price that nobody has is a line that says so, and stands here by name."""
    missing = {
        (item, region)
        for region in REGIONS
        for item, _ in needed(region)
        if CATALOGUE.price(item, region) is None
    }

    assert missing == MISSING


@pytest.mark.parametrize("region", REGIONS)
def test_meters_and_prices_count_in_the_same_unit(region):
    """Kilobytes at a price for gigabytes would be a million times too dear."""
    found = needed(region)

    assert found == {(i, p.unit) for i, _ in found if (p := CATALOGUE.price(i, region))}


@pytest.mark.parametrize("start", ["rds_postgresql_single_az_hour:", "redis_node_hour:"])
def test_sizes_that_are_not_priced_everywhere_are_known(start):
    """A size that a region lacks is unpriced there; most are priced in all four."""
    sizes = {item for item, _ in CATALOGUE.prices if item.startswith(start)}
    partly = {s for s in sizes if not all(CATALOGUE.price(s, region) for region in REGIONS)}

    assert partly == set()


def test_every_size_has_a_price_in_one_zone_and_in_two():
    """A switch to Multi-AZ must not lose the price."""
    single, multi = (
        {item.partition(":")[2] for item, _ in CATALOGUE.prices if item.startswith(start)}
        for start in ("rds_postgresql_single_az_hour:", "rds_postgresql_multi_az_hour:")
    )

    assert single == multi


def test_free_allowances_are_counted_in_the_units_of_their_items():
    """Ten million requests are a thousand times ten thousand."""
    units = {price.item: price.unit for price in CATALOGUE.prices.values()}

    assert {a.item: a.unit for a in read_allowances().values()} == {
        item: units[item] for item in read_allowances()
    }


def test_free_allowances_are_those_that_aws_states():
    """https://aws.amazon.com/free/: always free, for every account."""
    assert {item: int(a.quantity) for item, a in read_allowances().items()} == {
        "cloudfront_data_transfer_out_gb": 1024,
        "cloudfront_https_request_per_10k": 10_000_000 // 10_000,
        "cloudwatch_alarm_standard_metric_month": 10,
        "cloudwatch_logs_standard_ingestion_gb": 5,
        "cloudwatch_logs_storage_gb_month": 5,
        "data_transfer_internet_out_gb": 100,
    }
