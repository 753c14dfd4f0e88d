"""The tasks of a service, as bills and simulations see them."""

from compiler.components.ecs.meters import CPU_UNITS_PER_VCPU, task_hour
from compiler.plan.fleet import Fleet
from trazo_spec.components.ecs import Ecs


def fleet(service: Ecs) -> Fleet:
    """The tasks of a service."""
    return Fleet(
        vcpu=service.cpu / CPU_UNITS_PER_VCPU,
        scaling=service.scaling,
        capacity=service.capacity,
        covered=task_hour(service, "fargate"),
        check_s=float(service.health_check.interval_s),
        drain_s=float(service.deregistration_delay_s),
        stop_s=float(service.stop_timeout_s),
    )
