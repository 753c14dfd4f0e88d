"""Other ways to run a service, and what each gives up."""

from collections.abc import Iterator

from compiler.graph.graph import Graph, Relation
from compiler.plan.variants import Circumstances, Variant
from trazo_spec.components.capacity import Capacity, CapacityProvider
from trazo_spec.components.ecs import Ecs
from trazo_spec.schedule.types import Scaling


def variants(
    name: str, service: Ecs, graph: Graph, circumstances: Circumstances
) -> Iterator[Variant]:
    """Another processor, Spot, hours in which nothing runs, and fewer tasks."""
    if service.architecture == "x86_64":
        yield Variant(
            "arm64",
            "ARM64 instead of x86",
            "its image and all libraries in it must be built for arm64",
            {"architecture": "arm64"},
        )
    yield from _spot(service)
    yield from _scheduled(name, service.scaling, graph, circumstances)
    if service.scaling.min > 1:
        yield Variant(
            "one_task",
            f"at least one task instead of {service.scaling.min}",
            "the service is down while the only task is replaced or if its zone fails",
            {"scaling": _at_least_one(service.scaling)},
            less_service=True,
        )


def _spot(service: Ecs) -> Iterator[Variant]:
    if service.capacity.spot is None and service.scaling.max > 0:
        alone = service.scaling.min <= 1
        yield Variant(
            "spot",
            "Fargate Spot instead of on demand",
            "AWS may stop a task with two minutes' notice and does not replace it with an "
            "on-demand task"
            + ("; with a single task, the service is down until it is replaced" if alone else ""),
            {"capacity": Capacity(spot=CapacityProvider())},
        )


def _scheduled(
    name: str, scaling: Scaling, graph: Graph, circumstances: Circumstances
) -> Iterator[Variant]:
    if scaling.schedule is not None or scaling.min == 0:
        return
    schedule = circumstances.busy(name)
    scheduled = scaling.model_copy(update={"schedule": schedule})
    share = circumstances.missed_share(name, scheduled)
    happens = "would be refused" if any(graph.edges_to(name, Relation.ROUTES_TO)) else ""
    hours = ", ".join(f"{w.days} {w.from_} to {w.to}" for w in schedule.windows)
    yield Variant(
        "schedule",
        f"{hours} {schedule.timezone} instead of always",
        f"{share:.0%} of its requests arrive at other times and {happens or 'would have to wait'}",
        {"scaling": scheduled},
        less_service=True,
    )


def _at_least_one(scaling: Scaling) -> Scaling:
    """The same with at most one task as the lower bound, at any time."""
    schedule = scaling.schedule
    if schedule is not None:
        actions = (a.model_copy(update={"min": a.min and min(a.min, 1)}) for a in schedule.actions)
        windows = (w.model_copy(update={"min": w.min and min(w.min, 1)}) for w in schedule.windows)
        lists = {"actions": tuple(actions), "windows": tuple(windows)}
        schedule = schedule.model_copy(update=lists)
    return scaling.model_copy(update={"min": 1, "schedule": schedule})
