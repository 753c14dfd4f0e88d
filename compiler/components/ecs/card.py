"""A service in a picture: its capacity and size, and how many tasks run."""

from compiler.card import Card, Listening, Mark, Place, Shared
from compiler.components.ecs.permissions import secrets
from compiler.graph.graph import Graph
from trazo_spec.components.capacity import Capacity
from trazo_spec.components.ecs import Ecs


def card(name: str, ecs: Ecs, graph: Graph) -> Card:
    """A service with its capacity and size."""
    scaling, check = ecs.scaling, ecs.health_check
    memory = f"{ecs.memory_mib / 1024:g} GiB" if ecs.memory_mib >= 1024 else f"{ecs.memory_mib} MiB"
    return Card(
        f"ECS service {name}",
        Place.SERVICE,
        (
            f"{_capacity(ecs.capacity)}{' · ARM64' if ecs.architecture == 'arm64' else ''}",
            f"{ecs.cpu / 1024:g} vCPU · {memory}",
        ),
        f"{ecs.image}\n{scaling.schedule.timezone if scaling.schedule else 'UTC'}",
        fleet=scaling,
        listening=Listening(
            ecs.protocol, ecs.port, (f"health check {check.path}", f"every {check.interval_s} s")
        ),
        egress_ports=ecs.egress_ports,
        secrets=tuple(secrets(ecs, graph)),
        shared=(
            Shared(Mark.LOGS, (f"{ecs.log_retention_days}",)),
            Shared(Mark.ROLES, ("execution and task role", "of each service")),
        ),
    )


def _capacity(capacity: Capacity) -> str:
    """On which Fargate capacity tasks run, in a few words."""
    base, spot = capacity.on_demand, capacity.spot
    if spot is None or (spot.weight == 0 and spot.base == 0):
        return "Fargate"
    if base is None or (base.weight == 0 and base.base == 0):
        return "Fargate Spot"
    if base.weight == 0:
        return f"Fargate {base.base}, then Spot"
    mixed = f"Fargate {base.weight} : {spot.weight} Spot"
    return f"{mixed}, {base.base} first" if base.base else mixed
