"""What AWS bills for a service."""

from collections.abc import Iterator, Mapping

from compiler.aws.metering import each_month, each_use
from compiler.aws.permissions import repository_arn
from compiler.components.ecs.scaling import tracks_cpu
from compiler.graph.graph import Graph
from compiler.plan.plan import Assumption, Load, Meter
from trazo_spec.components.ecs import Ecs

USAGE: Mapping[str, Assumption] = {
    "log_gb": Assumption(
        0.5, 3, 30, "GB", "one line of 1 kB for each request, at about one request per second"
    ),
    "image_gb": Assumption(
        0.2, 1, 5, "GB", "several tags of an image that share layers, compressed", stored=True
    ),
}

CPU_UNITS_PER_VCPU = 1024
MIB_PER_GB = 1024
"""AWS's GB of memory has 2^30 bytes."""
INCLUDED_STORAGE_GB = 20
"""Source: https://aws.amazon.com/fargate/pricing/, read 2026-09-11."""

# CloudWatch bills a log after compression: https://aws.amazon.com/cloudwatch/pricing/.
# Chosen: text takes a fifth of its size.
COMPRESSED_SHARE = 0.2
DAYS_PER_MONTH = 365 / 12
MOST_STORED_DAYS = 365
"""Chosen: a log is counted as if its service had run for a year at most."""

# Target tracking makes one alarm to add tasks and one to remove them, billed like any other:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
ALARMS_OF_A_POLICY = 2


def meters(name: str, component: Ecs, graph: Graph) -> Iterator[Meter]:
    """Tasks by the hour, their log, their image, and the alarms of their scaling policy."""
    yield from _tasks(name, component, spot=False)
    yield from _tasks(name, component, spot=True)
    if component.ephemeral_storage_gib is not None:
        yield _storage(name, component.ephemeral_storage_gib - INCLUDED_STORAGE_GB)
    yield from _log(name, component.log_retention_days)
    if tracks_cpu(component):
        item = "cloudwatch_alarm_standard_metric_month"
        what = f"target tracking creates {ALARMS_OF_A_POLICY} alarms"
        yield each_month(name, item, "alarm-metric-month", ALARMS_OF_A_POLICY, what)
    if _pays_for_image(name, component, graph):
        item, what = "ecr_image_storage_gb_month", "images in the registry"
        yield each_use(name, item, "GB-month", "image_gb", what)


def task_hour(component: Ecs, capacity: str) -> Mapping[str, float]:
    """What AWS bills for an hour of a task on `fargate` or `fargate_spot`: item -> how much."""
    chip = "arm" if component.architecture == "arm64" else "x86"
    vcpu = component.cpu / CPU_UNITS_PER_VCPU
    memory_gb = component.memory_mib / MIB_PER_GB
    item = f"{capacity}_linux_{chip}"
    return {f"{item}_vcpu_hour": vcpu, f"{item}_gb_hour": memory_gb}


def _tasks(name: str, component: Ecs, *, spot: bool) -> Iterator[Meter]:
    hour = task_hour(component, "fargate_spot" if spot else "fargate")
    (vcpu_item, vcpu), (memory_item, memory_gb) = hour.items()

    def task_h(load: Load) -> float:
        return load.spot_task_h if spot else load.on_demand_task_h

    where = "on Spot" if spot else "on demand"
    yield Meter(
        name,
        vcpu_item,
        "vCPU-hour",
        lambda load: vcpu * task_h(load),
        "simulated",
        f"{vcpu:g} vCPU x task hours {where}",
    )
    yield Meter(
        name,
        memory_item,
        "GB-hour",
        lambda load: memory_gb * task_h(load),
        "simulated",
        f"{memory_gb:g} GB x task hours {where}",
    )


def _storage(name: str, over_gb: int) -> Meter:
    return Meter(
        name,
        "fargate_ephemeral_storage_over_20gb_gb_hour",
        "GB-hour",
        lambda load: over_gb * (load.on_demand_task_h + load.spot_task_h),
        "simulated",
        f"{over_gb} GB above the free {INCLUDED_STORAGE_GB} GB x task hours",
    )


def _log(name: str, retention_days: int) -> Iterator[Meter]:
    kept_months = min(retention_days, MOST_STORED_DAYS) / DAYS_PER_MONTH
    item = "cloudwatch_logs_standard_ingestion_gb"
    yield each_use(name, item, "GB", "log_gb", "container output")
    yield Meter(
        name,
        "cloudwatch_logs_storage_gb_month",
        "GB-month",
        lambda load: load.usage["log_gb"] * COMPRESSED_SHARE * kept_months * load.months,
        "assumed",
        f"{min(retention_days, MOST_STORED_DAYS)} days of container output, compressed to a fifth",
    )


def _pays_for_image(name: str, component: Ecs, graph: Graph) -> bool:
    """Whether the image's repository is ours to pay, counted at the first service that uses it."""
    repository = repository_arn(component.image)
    if repository is None:
        return False
    users = (n for n, c in graph.of(Ecs) if repository_arn(c.image) == repository)
    return next(users) == name
