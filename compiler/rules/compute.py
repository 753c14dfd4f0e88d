"""Rules about the tasks of a service: size, capacity, health check, image."""

from collections.abc import Iterator, Mapping

from compiler.graph.graph import Graph, Relation
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.capacity import CapacityProvider
from trazo_spec.components.ecs import Ecs
from trazo_spec.diagnostics import Severity

FARGATE_MEMORY_MIB: Mapping[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
    32768: (61440, 122880, 249856),
}
"""CPU units -> the memory that a Fargate task may have with them, in MiB.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
"""
SPOT_NOTICE_S = 120
"""How long before it stops a Spot task AWS says so.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
"""


@rule("TZ420", Severity.ERROR, local=True)
def fargate_size(graph: Graph) -> Iterator[Finding]:
    """Fargate does not support this combination of CPU and memory.

    Each CPU size allows only certain memory sizes. Terraform does not check this and fails only
    when it registers the task definition.

    ```yaml
    {cpu: 256, memory_mib: 4096}   # bad, 256 goes with 512, 1024 or 2048
    {cpu: 512, memory_mib: 4096}   # good
    ```
    """
    for name, service in graph.of(Ecs):
        sizes = FARGATE_MEMORY_MIB[service.cpu]
        if service.memory_mib in sizes:
            continue
        message = (
            f"`memory_mib: {service.memory_mib}` is not valid with `cpu: {service.cpu}`, which "
            f"allows {_sizes(sizes)} MiB"
        )
        field = "memory_mib" if "memory_mib" in service.model_fields_set else "cpu"
        advice = _better_size(service.cpu, service.memory_mib)
        yield Finding(("components", name, field), message, advice)


def _sizes(sizes: tuple[int, ...]) -> str:
    """Sizes in MiB in words: all of them, or the ends and the step.

    >>> _sizes((512, 1024, 2048)), _sizes((1024, 2048, 3072, 4096))
    ('512, 1024 or 2048', '1024 to 4096 in steps of 1024')
    """
    if len(sizes) == 3:
        return f"{sizes[0]}, {sizes[1]} or {sizes[2]}"
    return f"{sizes[0]} to {sizes[-1]} in steps of {sizes[1] - sizes[0]}"


def _better_size(cpu: int, memory_mib: int) -> str:
    sizes = FARGATE_MEMORY_MIB[cpu]
    around = [max((s for s in sizes if s < memory_mib), default=0)]
    around += [min((s for s in sizes if s > memory_mib), default=0)]
    options = [f"`memory_mib: {s}`" for s in around if s]
    if fitting := [c for c, sizes in FARGATE_MEMORY_MIB.items() if memory_mib in sizes]:
        options.append(f"`cpu: {min(fitting, key=lambda c: abs(c - cpu))}`")
    else:
        options += _size_that_holds(cpu, memory_mib)
    return "write " + " or ".join(options)


def _size_that_holds(cpu: int, memory_mib: int) -> Iterator[str]:
    """The smallest size with at least as much of both, where memory alone cannot grow to it."""
    if memory_mib < FARGATE_MEMORY_MIB[cpu][-1]:
        return
    for larger, sizes in FARGATE_MEMORY_MIB.items():
        enough = [size for size in sizes if size >= memory_mib]
        if larger > cpu and enough:
            yield f"`cpu: {larger}` with `memory_mib: {enough[0]}`"
            return


@rule("TZ421", Severity.ERROR, local=True)
def health_check_timeout(graph: Graph) -> Iterator[Finding]:
    """The timeout of a health check is not below its interval.

    AWS rejects a timeout that is not below the interval.

    ```yaml
    health_check: {interval_s: 10, timeout_s: 10}   # bad
    health_check: {interval_s: 10, timeout_s: 5}    # good
    ```
    """
    for name, service in graph.of(Ecs):
        check = service.health_check
        if check.timeout_s >= check.interval_s:
            field = "timeout_s" if "timeout_s" in check.model_fields_set else "interval_s"
            message = (
                f"the health check of `{name}` has a timeout of {check.timeout_s} s, but an "
                f"interval of only {check.interval_s} s"
            )
            shorter, longer = max(2, check.interval_s // 2), check.timeout_s + 1
            advice = f"write `timeout_s: {shorter}`, or `interval_s: {longer}` or more"
            yield Finding(("components", name, "health_check", field), message, advice)


@rule("TZ422", Severity.ERROR, local=True)
def health_check_status(graph: Graph) -> Iterator[Finding]:
    """A range of status codes is in descending order.

    ```yaml
    health_check: {status: 299-200}   # bad
    health_check: {status: 200-299}   # good
    ```
    """
    for name, service in graph.of(Ecs):
        for part in service.health_check.status.split(","):
            ends = part.split("-")
            if len(ends) > 2 or ends[0] > ends[-1]:
                message = f"`{part}` is not a range of status codes"
                path = ("components", name, "health_check", "status")
                yield Finding(path, message, "write one such as `200-299`")


@rule("TZ423", Severity.ERROR, local=True)
def no_capacity(graph: Graph) -> Iterator[Finding]:
    """A service does not have any capacity to run on.

    ```yaml
    capacity: {}                   # bad
    capacity: {spot: {weight: 1}}  # good
    ```
    """
    for name, service in graph.of(Ecs):
        if not _providers(service):
            message = f"`{name}` does not have `on_demand` or `spot` capacity"
            advice = "write `capacity: {on_demand: {weight: 1}}` or `capacity: {spot: {weight: 1}}`"
            yield Finding(("components", name, "capacity"), message, advice)


@rule("TZ424", Severity.ERROR, local=True)
def two_bases(graph: Graph) -> Iterator[Finding]:
    """Both capacity providers have a base.

    AWS allows a base on only one of them; the remaining tasks are split by weight.

    ```yaml
    capacity: {on_demand: {base: 1}, spot: {base: 1}}     # bad
    capacity: {on_demand: {base: 1}, spot: {weight: 1}}   # good
    ```
    """
    for name, service in graph.of(Ecs):
        on_demand, spot = service.capacity.on_demand, service.capacity.spot
        if on_demand is not None and spot is not None and on_demand.base and spot.base:
            message = (
                f"`{name}` has a `base` of {on_demand.base} on demand and one of {spot.base} on "
                "Spot, but AWS allows only one"
            )
            path = ("components", name, "capacity", "spot", "base")
            related = (("components", name, "capacity", "on_demand", "base"),)
            yield Finding(path, message, "keep one of them, usually the one on demand", related)


@rule("TZ425", Severity.ERROR, local=True)
def no_weight(graph: Graph) -> Iterator[Finding]:
    """All capacity providers have weight 0, so no tasks can run beyond the base.

    AWS refuses to start tasks if all weights are 0.

    ```yaml
    capacity: {on_demand: {base: 1, weight: 0}, spot: {weight: 0}}   # bad
    capacity: {on_demand: {base: 1, weight: 0}, spot: {weight: 1}}   # good
    ```
    """
    for name, service in graph.of(Ecs):
        providers = _providers(service)
        if providers and not any(p.weight for p in providers.values()):
            field = "spot" if "spot" in providers else "on_demand"
            message = f"all weights of `{name}` are 0, so AWS does not start any tasks"
            path = ("components", name, "capacity", field, "weight")
            yield Finding(path, message, f"write `{field}: {{weight: 1}}`")


@rule("TZ426", Severity.WARNING, local=True)
def base_above_max(graph: Graph) -> Iterator[Finding]:
    """The base uses all tasks, so the other capacity provider never gets any.

    ```yaml
    {capacity: {on_demand: {base: 2, weight: 0}, spot: {weight: 1}}, scaling: {max: 2}}   # bad
    {capacity: {on_demand: {base: 1, weight: 0}, spot: {weight: 1}}, scaling: {max: 2}}   # good
    ```
    """
    for name, service in graph.of(Ecs):
        providers = _providers(service)
        for field, provider in providers.items():
            most = service.scaling.max
            others = [p for f, p in providers.items() if f != field and p.weight]
            if others and provider.base >= most > 0:
                message = (
                    f"`{name}` runs at most {_tasks(most)}, and the base of {provider.base} "
                    "uses all of them"
                )
                path = ("components", name, "capacity", field, "base")
                related = (("components", name, "scaling", "max"),)
                yield Finding(
                    path,
                    message,
                    "decrease `base`, increase `scaling.max`, or remove the other capacity "
                    "provider",
                    related,
                )


def _tasks(count: int) -> str:
    return "1 task" if count == 1 else f"{count} tasks"


def _providers(service: Ecs) -> dict[str, CapacityProvider]:
    both = {"on_demand": service.capacity.on_demand, "spot": service.capacity.spot}
    return {field: provider for field, provider in both.items() if provider is not None}


@rule("TZ427", Severity.WARNING, local=True)
def spot_only_in_production(graph: Graph) -> Iterator[Finding]:
    """Everything that users reach in production runs only on Spot.

    When AWS runs out of Spot capacity, it does not start replacement tasks, so the service is down
    until capacity is available again. One on-demand task keeps it available.

    ```yaml
    capacity: {spot: {weight: 1}}                                     # bad
    capacity: {on_demand: {base: 1, weight: 0}, spot: {weight: 1}}    # good
    ```
    """
    if not graph.production:
        return
    routed = {e.target for e in graph.edges if e.relation is Relation.ROUTES_TO}
    for name, service in graph.of(Ecs):
        on_demand, spot = service.capacity.on_demand, service.capacity.spot
        if name not in routed or spot is None or not spot.weight:
            continue
        if on_demand is None or not (on_demand.base or on_demand.weight):
            message = f"`{name}` runs only on Spot: when AWS has no Spot capacity, it is down"
            advice = (
                "add `on_demand: {base: 1, weight: 0}` to keep one task that AWS does not interrupt"
            )
            yield Finding(("components", name, "capacity"), message, advice)


@rule("TZ428", Severity.WARNING, local=True)
def slow_drain_on_spot(graph: Graph) -> Iterator[Finding]:
    """A Spot task is stopped before the load balancer has drained it.

    AWS gives two minutes' notice of an interruption. With a deregistration delay of two minutes or
    more, requests that are still open are cut off.

    ```yaml
    {capacity: {spot: {weight: 1}}, deregistration_delay_s: 300}   # bad
    {capacity: {spot: {weight: 1}}, deregistration_delay_s: 60}    # good
    ```
    """
    for name, service in graph.of(Ecs):
        spot, delay_s = service.capacity.spot, service.deregistration_delay_s
        if spot is not None and spot.weight and service.port and delay_s >= SPOT_NOTICE_S:
            message = (
                f"tasks of `{name}` drain for {delay_s} s, but AWS stops a Spot task "
                f"{SPOT_NOTICE_S} s after its notice"
            )
            path = ("components", name, "deregistration_delay_s")
            yield Finding(path, message, "use a value below 120")


@rule("TZ429", Severity.INFO, local=True)
def moving_image(graph: Graph) -> Iterator[Finding]:
    """An image has no tag, or the tag `latest`.

    Such a tag can change: tasks that start later may run different code, and you cannot roll back
    to the previous image.

    ```yaml
    image: acme/web:latest   # bad
    image: acme/web:1.4.2    # good, and best is a digest
    ```
    """
    for name, service in graph.of(Ecs):
        last = service.image.rpartition("/")[2]
        if "@" not in last and (":" not in last or last.endswith(":latest")):
            message = f"the image `{service.image}` of `{name}` may differ between tasks"
            yield Finding(("components", name, "image"), message, "use a tag that never changes")


@rule("TZ430", Severity.WARNING, local=True)
def settings_without_port(graph: Graph) -> Iterator[Finding]:
    """A worker has settings that only a load balancer uses.

    ```yaml
    {kind: ecs, image: acme/worker:1, health_check: {path: /health}}               # bad
    {kind: ecs, image: acme/worker:1, health_check: {path: /health}, port: 8000}   # good
    ```
    """
    for name, service in graph.of(Ecs):
        if service.port is not None:
            continue
        for field in ("health_check", "protocol", "deregistration_delay_s"):
            if field in service.model_fields_set:
                message = (
                    f"`{field}` does not have an effect, because `{name}` does not listen on a port"
                )
                yield Finding(
                    ("components", name, field), message, f"add `port`, or remove `{field}`"
                )


RULES: tuple[Rule, ...] = (
    fargate_size,
    health_check_timeout,
    health_check_status,
    no_capacity,
    two_bases,
    no_weight,
    base_above_max,
    spot_only_in_production,
    slow_drain_on_spot,
    moving_image,
    settings_without_port,
)
