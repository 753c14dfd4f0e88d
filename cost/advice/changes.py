"""Other ways to write an environment, and what each gives up for the dollars that it saves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from compiler.graph.graph import Graph, Relation
from compiler.kinds import build
from compiler.rules import check
from compiler.rules.egress import endpoints_of
from compiler.rules.scheduling.audience import windows_of
from cost.bill.calendar import Period
from cost.bill.tasks import demand_of, missed_share
from trazo_spec.components.ecs import Capacity, CapacityProvider, Ecs
from trazo_spec.components.networking import Egress, Networking
from trazo_spec.components.rds import Rds
from trazo_spec.diagnostics import Severity, SpecPath
from trazo_spec.schedule import Scaling, Schedule, Window, bounds_over

# Chosen: the hours that teams try first, for a service whose demand has no busy ones.
OFFICE = Window.model_validate({"days": "MON-FRI", "from": "08:00", "to": "20:00"})


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that could be written otherwise."""

    name: str
    """What kind of change it is."""
    component: str
    title: str
    tradeoff: str
    """What it costs in service or risk, in a sentence."""
    graph: Graph
    """What the changed spec becomes."""


def changes(graph: Graph, period: Period) -> Iterator[Change]:
    """Every change that applies and leads to a spec without errors."""
    return (change for kind in CHANGES for change in kind(graph, period))


def _compiles(changed: Graph, graph: Graph) -> bool:
    """Whether a changed graph has no error that the written one has not."""
    return _errors(changed) <= _errors(graph)


def _errors(graph: Graph) -> set[tuple[str, SpecPath]]:
    return {(d.code, d.path) for d in check(graph) if d.severity is Severity.ERROR}


def _with(graph: Graph, name: str, **fields: object) -> Graph:
    """The environment with other fields of a component."""
    components = dict(graph.spec.components)
    components[name] = components[name].model_copy(update=fields)
    spec = graph.spec.model_copy(update={"components": components})
    return build(spec, graph.environment)


def _endpoints_for_nat(graph: Graph, _: Period) -> Iterator[Change]:
    for name, network in graph.of(Networking):
        if network.existing is None and network.egress.nat != "none":
            needed = tuple(sorted({*network.egress.endpoints, *endpoints_of(graph, name)}))
            changed = _with(graph, name, egress=Egress(nat="none", endpoints=needed))
            if not _compiles(changed, graph):
                continue
            instead = f"{len(needed)} interface endpoints instead of NAT"
            yield Change(
                "endpoints_for_nat",
                name,
                instead if needed else "no NAT",
                "tasks can reach only these AWS services, and nothing else on the internet"
                if needed
                else "there are no tasks that would use it",
                changed,
            )


def _nat_for_endpoints(graph: Graph, _: Period) -> Iterator[Change]:
    for name, network in graph.of(Networking):
        if network.existing is None and network.egress.nat == "none" and network.egress.endpoints:
            yield Change(
                "nat_for_endpoints",
                name,
                "one NAT gateway instead of interface endpoints",
                "tasks can reach the internet, but all of them depend on the gateway's zone",
                _with(graph, name, egress=Egress(nat="single")),
            )


def _single_nat(graph: Graph, _: Period) -> Iterator[Change]:
    for name, network in graph.of(Networking):
        if network.existing is None and network.egress.nat == "per_zone":
            egress = network.egress.model_copy(update={"nat": "single"})
            yield Change(
                "single_nat",
                name,
                "one NAT gateway instead of one in each zone",
                "if its zone fails, tasks in all zones lose internet access",
                _with(graph, name, egress=egress),
            )


def _arm64(graph: Graph, _: Period) -> Iterator[Change]:
    for name, service in graph.of(Ecs):
        if service.architecture == "x86_64":
            yield Change(
                "arm64",
                name,
                "ARM64 instead of x86",
                "its image and all libraries in it must be built for arm64",
                _with(graph, name, architecture="arm64"),
            )


def _spot(graph: Graph, _: Period) -> Iterator[Change]:
    for name, service in graph.of(Ecs):
        if service.capacity.spot is None and service.scaling.max > 0:
            alone = service.scaling.min <= 1
            yield Change(
                "spot",
                name,
                "Fargate Spot instead of on demand",
                "AWS may stop a task with two minutes' notice and does not replace it with an "
                "on-demand task"
                + (
                    "; with a single task, the service is down until it is replaced"
                    if alone
                    else ""
                ),
                _with(graph, name, capacity=Capacity(spot=CapacityProvider())),
            )


def _schedule(graph: Graph, period: Period) -> Iterator[Change]:
    for name, service in graph.of(Ecs):
        scaling, demand = service.scaling, demand_of(graph, name)
        if scaling.schedule is not None or scaling.min == 0:
            continue
        busy = windows_of(demand)
        window = busy[0] if len(busy) == 1 else OFFICE
        schedule = Schedule(timezone=demand.timezone, windows=(window,))
        scheduled = scaling.model_copy(update={"schedule": schedule})
        bounds = bounds_over(scheduled, period.start, period.end)
        share = missed_share(demand, bounds)
        routed = any(graph.edges_to(name, Relation.ROUTES_TO))
        happens = "would be refused" if routed else "would have to wait"
        yield Change(
            "schedule",
            name,
            f"{window.days} {window.from_} to {window.to} {demand.timezone} instead of always",
            f"{share:.0%} of its requests arrive at other times and {happens}",
            _with(graph, name, scaling=scaling.model_copy(update={"schedule": schedule})),
        )


def _one_task(graph: Graph, _: Period) -> Iterator[Change]:
    for name, service in graph.of(Ecs):
        if service.scaling.min > 1:
            yield Change(
                "one_task",
                name,
                f"at least one task instead of {service.scaling.min}",
                "the service is down while the only task is replaced or if its zone fails",
                _with(graph, name, scaling=_at_least_one(service.scaling)),
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


def _single_az(graph: Graph, _: Period) -> Iterator[Change]:
    for name, database in graph.of(Rds):
        if database.multi_az:
            yield Change(
                "single_az",
                name,
                "a single zone instead of a standby in another",
                "if its zone fails, the database is down until AWS has repaired it or a backup "
                "is restored",
                _with(graph, name, multi_az=False),
            )


CHANGES: tuple[Callable[[Graph, Period], Iterator[Change]], ...] = (
    _endpoints_for_nat,
    _nat_for_endpoints,
    _single_nat,
    _arm64,
    _spot,
    _schedule,
    _one_task,
    _single_az,
)
