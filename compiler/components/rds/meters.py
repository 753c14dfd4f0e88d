"""What AWS bills for a database."""

from collections.abc import Iterator, Mapping

from compiler.aws.metering import between_zones, by_the_second, each_month, each_use
from compiler.components.rds.blocks import (
    GP3_IOPS_BELOW,
    GP3_IOPS_FROM,
    GP3_MIB_PER_S_BELOW,
    GP3_MIB_PER_S_FROM,
    GP3_THRESHOLD_GIB,
    LOG_RETENTION_DAYS,
)
from compiler.graph.graph import Graph
from compiler.plan.plan import Assumption, Meter
from trazo_spec.components.rds import Rds

USAGE: Mapping[str, Assumption] = {
    "backup_gb": Assumption(
        5,
        20,
        100,
        "GB",
        "about one full copy of a small database and a week of changes",
        stored=True,
    ),
    "log_gb": Assumption(
        0.05, 0.2, 2, "GB", "checkpoints, vacuums and errors; statements are not logged"
    ),
    "api_calls": Assumption(
        100, 1_000, 20_000, "call", "each task reads the credentials once, when it starts"
    ),
    "gb_exchanged": Assumption(
        1, 10, 100, "GB", "some kB for each request, at about one request per second, both ways"
    ),
}


def meters(name: str, rds: Rds, graph: Graph) -> Iterator[Meter]:
    """Instance hours, disk, backups beyond the free ones, logs, credentials and data of tasks."""
    zones = "multi_az" if rds.multi_az else "single_az"
    item = f"rds_postgresql_{zones}_hour:{rds.instance_class}"
    # Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_OnDemandDBInstances.html
    yield by_the_second(name, item, "instance-hour", 1, "every hour, whether or not tasks run")
    yield from _storage_meters(name, rds, zones)
    yield Meter(
        name,
        "rds_postgresql_backup_storage_over_allowance_gb_month",
        "GB-month",
        lambda load: max(0.0, load.usage["backup_gb"] - rds.storage_gb) * load.months,
        "assumed",
        f"backups beyond the free {rds.storage_gb} GB",
    )
    yield from _log_meters(name)
    item, what = "secretsmanager_secret_month", "1 secret: the credentials"
    yield each_month(name, item, "secret-month", 1, what)
    item, what = "secretsmanager_api_calls_per_10k", "reading the credentials"
    yield each_use(name, item, "10k API calls", "api_calls", what, per=10_000)
    # Source: data transfer in https://aws.amazon.com/rds/postgresql/pricing/
    yield from between_zones(name, rds.network, graph, sides=2)


def _storage_meters(name: str, rds: Rds, zones: str) -> Iterator[Meter]:
    disk = f"rds_postgresql_storage_{rds.storage_type}"

    item = f"{disk}_{zones}_gb_month"
    yield each_month(name, item, "GB-month", rds.storage_gb, f"{rds.storage_gb} GB")
    if rds.storage_type == "io1" and rds.iops is not None:
        item = f"{disk}_iops_{zones}_month"
        yield each_month(name, item, "IOPS-month", rds.iops, f"{rds.iops} IOPS")
    if rds.storage_type != "gp3":
        return
    large = rds.storage_gb >= GP3_THRESHOLD_GIB
    free_iops = GP3_IOPS_FROM if large else GP3_IOPS_BELOW
    free_mib = GP3_MIB_PER_S_FROM if large else GP3_MIB_PER_S_BELOW
    if rds.iops is not None and rds.iops > free_iops:
        why = f"{rds.iops} IOPS minus the included {free_iops}"
        item = f"{disk}_extra_iops_{zones}_month"
        yield each_month(name, item, "IOPS-month", rds.iops - free_iops, why)
    throughput = rds.throughput_mib_per_s
    if throughput is not None and throughput > free_mib:
        why = f"{throughput} MiB/s minus the included {free_mib}"
        item = f"{disk}_extra_throughput_{zones}_month"
        yield each_month(name, item, "MBps-month", throughput - free_mib, why)


def _log_meters(name: str) -> Iterator[Meter]:
    item, what = "cloudwatch_logs_standard_ingestion_gb", "the database's own log"
    yield each_use(name, item, "GB", "log_gb", what)
    item = "cloudwatch_logs_storage_gb_month"
    what = f"the log of the last {LOG_RETENTION_DAYS} days, about one month"
    yield each_use(name, item, "GB-month", "log_gb", what)
