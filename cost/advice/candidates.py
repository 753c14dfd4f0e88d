"""Other ways to write an environment, as its kinds know them, and what each gives up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from compiler.graph.graph import Graph, build
from compiler.lower import Environment
from compiler.rules import check
from compiler.rules.network.egress import endpoints_of
from compiler.rules.scheduling.audience import windows_of
from cost.bill.calendar import Period
from cost.bill.tasks import demand_of, missed_share
from trazo_spec.diagnostics import has_errors
from trazo_spec.schedule import Scaling, Schedule, Window, bounds_over

# Chosen: the hours that teams try first, for a service whose demand has no busy ones.
OFFICE = Window.model_validate({"days": "MON-FRI", "from": "08:00", "to": "20:00"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that could be written otherwise."""

    name: str
    """What kind of change it is."""
    component: str
    title: str
    tradeoff: str
    """What it costs in service or risk, in a sentence."""
    less_service: bool
    """Whether there is more downtime with it."""
    graph: Graph
    """What the changed spec becomes."""


@dataclass(frozen=True, slots=True)
class _Use:
    """What rules and bills know of the use of an environment."""

    graph: Graph
    period: Period

    def endpoints(self, network: str) -> tuple[str, ...]:
        """The interface endpoints that what runs in a VPC needs where there is no NAT, sorted."""
        return endpoints_of(self.graph, network)

    def busy(self, name: str) -> Schedule:
        """The hours in which a component is busy; office hours where all are alike."""
        demand = demand_of(self.graph, name)
        busy = windows_of(demand)
        windows = busy if len(busy) == 1 else (OFFICE,)
        return Schedule(timezone=demand.timezone, windows=windows)

    def missed_share(self, name: str, scaling: Scaling) -> float:
        """The part of all requests that would come while no task may run, 0 to 1."""
        bounds = bounds_over(scaling, self.period.start, self.period.end)
        return missed_share(demand_of(self.graph, name), bounds)


def candidates(graph: Graph, period: Period) -> Iterator[Candidate]:
    """Every change that applies and leads to a spec without errors."""
    use = _Use(graph, period)
    for name, component in graph.spec.components.items():
        for variant in graph.kind(component).variants(name, component, graph, use):
            changed = _with(graph, name, variant.fields)
            if not variant.takes_away or _compiles(changed):
                what = variant.name, name, variant.title, variant.tradeoff
                yield Candidate(*what, variant.less_service, changed)


def _compiles(changed: Graph) -> bool:
    """Whether a changed graph has no error; the written one has none, for it has a plan."""
    return not has_errors(check(Environment(changed)))


def _with(graph: Graph, name: str, fields: Mapping[str, object]) -> Graph:
    """The environment with other fields of a component."""
    components = dict(graph.spec.components)
    components[name] = components[name].model_copy(update=dict(fields))
    spec = graph.spec.model_copy(update={"components": components})
    return build(spec, graph.environment, graph.kinds)
