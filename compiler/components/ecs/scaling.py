"""What changes the number of tasks: target tracking, and the actions of a schedule."""

from collections.abc import Iterator

from compiler.aws.names import aws_name, label
from compiler.graph.graph import Graph
from compiler.plan.plan import Block, Join, Ref, Value
from trazo_spec.components.ecs import Ecs
from trazo_spec.schedule import ResolvedAction, resolve


def scheduled_actions(service: Ecs) -> tuple[ResolvedAction, ...]:
    """The actions of a service's schedule, every bound filled in."""
    return resolve(service.scaling)


def autoscaled(service: Ecs) -> bool:
    """Whether anything but Terraform sets the number of tasks."""
    return service.scaling.min != service.scaling.max or bool(scheduled_actions(service))


def tracks_cpu(service: Ecs) -> bool:
    """Whether CPU use decides: it is asked for, and at some time there is a range to decide in."""
    scaling = service.scaling
    bounds = [(a.min, a.max) for a in scheduled_actions(service)]
    ranges = any(low < high for low, high in [(scaling.min, scaling.max), *bounds])
    return scaling.target_cpu_percent is not None and ranges


def scaling_blocks(name: str, service: Ecs, graph: Graph) -> Iterator[Block]:
    """The scaling target with its policy and its scheduled actions; nothing for a fixed number."""
    if not autoscaled(service):
        return
    yield _target(name, service)
    before = f"aws_appautoscaling_target.{name}"
    if tracks_cpu(service):
        policy = _policy(name, service, graph)
        yield policy
        before = policy.address
    # One after the other: AWS refuses two changes of one target at a time.
    # https://github.com/hashicorp/terraform-provider-aws/issues/17915
    for action in scheduled_actions(service):
        block = _action(name, action, before, graph)
        yield block
        before = block.address


def _target(name: str, service: Ecs) -> Block:
    cluster, itself = Ref("aws_ecs_cluster.main", "name"), Ref(f"aws_ecs_service.{name}", "name")
    body: dict[str, Value] = {
        "service_namespace": "ecs",
        "scalable_dimension": "ecs:service:DesiredCount",
        "resource_id": Join(("service/", cluster, "/", itself)),
        "min_capacity": service.scaling.min,
        "max_capacity": service.scaling.max,
    }
    # Else an apply at night would wake what the schedule has stopped:
    # https://github.com/terraform-aws-modules/terraform-aws-ecs/issues/422
    changed = ("min_capacity", "max_capacity")
    lifecycle: dict[str, Value] = {"ignore_changes": changed} if scheduled_actions(service) else {}
    return Block("aws_appautoscaling_target", name, body, name, lifecycle=lifecycle)


def _of_target(name: str) -> dict[str, Value]:
    """Taken from the target, so that it is there first."""
    attributes = ("service_namespace", "scalable_dimension", "resource_id")
    return {a: Ref(f"aws_appautoscaling_target.{name}", a) for a in attributes}


def _policy(name: str, service: Ecs, graph: Graph) -> Block:
    tracking: dict[str, Value] = {
        "target_value": service.scaling.target_cpu_percent,
        "scale_out_cooldown": service.scaling.scale_out_cooldown_s,
        "scale_in_cooldown": service.scaling.scale_in_cooldown_s,
        "predefined_metric_specification": {
            "predefined_metric_type": "ECSServiceAverageCPUUtilization"
        },
    }
    body: dict[str, Value] = {
        "name": aws_name(graph, name, role="cpu"),
        "policy_type": "TargetTrackingScaling",
        **_of_target(name),
        "target_tracking_scaling_policy_configuration": tracking,
    }
    return Block("aws_appautoscaling_policy", f"{name}_cpu", body, name)


def _action(name: str, action: ResolvedAction, before: str, graph: Graph) -> Block:
    body: dict[str, Value] = {
        "name": f"{aws_name(graph, name)}-{action.name}",
        **_of_target(name),
        "schedule": action.expression,
        # The provider takes text, so that 0 is told from nothing.
        "scalable_target_action": {
            "min_capacity": str(action.min),
            "max_capacity": str(action.max),
        },
    }
    if not action.expression.startswith("rate("):
        body["timezone"] = action.timezone
    if action.start_time is not None:
        body["start_time"] = action.start_time
    if action.end_time is not None:
        body["end_time"] = action.end_time
    block_name = f"{name}_{label(action.name)}"
    return Block(
        "aws_appautoscaling_scheduled_action", block_name, body, name, depends_on=(before,)
    )
