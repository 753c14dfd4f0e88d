"""The task definition of a service: its container and what that container is given."""

from compiler.aws.links import environment, secrets
from compiler.aws.names import aws_name
from compiler.graph.graph import Graph
from compiler.plan.plan import Block, Json, Ref, Value
from trazo_spec.components.ecs import Ecs

ARCHITECTURES = {"x86_64": "X86_64", "arm64": "ARM64"}


def task_definition(name: str, service: Ecs, graph: Graph) -> Block:
    """What ECS starts for each task."""
    body: dict[str, Value] = {
        "family": aws_name(graph, name),
        "requires_compatibilities": ("FARGATE",),
        "network_mode": "awsvpc",
        # The provider takes text for both.
        "cpu": str(service.cpu),
        "memory": str(service.memory_mib),
        "execution_role_arn": Ref(f"aws_iam_role.{name}_execution", "arn"),
        "task_role_arn": Ref(f"aws_iam_role.{name}_task", "arn"),
        "runtime_platform": {
            "operating_system_family": "LINUX",
            "cpu_architecture": ARCHITECTURES[service.architecture],
        },
        "container_definitions": Json((_container(name, service, graph),)),
    }
    if service.ephemeral_storage_gib is not None:
        body["ephemeral_storage"] = {"size_in_gib": service.ephemeral_storage_gib}
    # The old revision stays until the service has the new one, for a task may start in between.
    lifecycle = {"create_before_destroy": True}
    return Block("aws_ecs_task_definition", name, body, name, lifecycle=lifecycle)


def _container(name: str, service: Ecs, graph: Graph) -> Value:
    """The one container, with AWS's own defaults written out: else a plan never settles.

    Source: https://github.com/hashicorp/terraform-provider-aws/pull/46132
    """
    container: dict[str, Value] = {
        "name": name,
        "image": service.image,
        "essential": True,
        "cpu": 0,
        "environment": _environment(service, graph),
        "portMappings": _ports(service),
        "logConfiguration": _log(name, graph),
        "stopTimeout": service.stop_timeout_s,
        "mountPoints": (),
        "volumesFrom": (),
        "systemControls": (),
    }
    if injected := secrets(service, graph):
        container["secrets"] = tuple(
            {"name": variable, "valueFrom": s.value_from} for variable, s in injected.items()
        )
    if service.command:
        container["command"] = service.command
    if service.execute_command:
        # Cleans up after the shells: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
        container["linuxParameters"] = {"initProcessEnabled": True}
    return container


def _environment(service: Ecs, graph: Graph) -> Value:
    variables = environment(service, graph)
    return tuple({"name": variable, "value": value} for variable, value in variables.items())


def _ports(service: Ecs) -> Value:
    if service.port is None:
        return ()
    return ({"containerPort": service.port, "hostPort": service.port, "protocol": "tcp"},)


def _log(name: str, graph: Graph) -> Value:
    options: dict[str, Value] = {
        "awslogs-group": Ref(f"aws_cloudwatch_log_group.{name}", "name"),
        "awslogs-region": graph.spec.region,
        "awslogs-stream-prefix": name,
    }
    return {"logDriver": "awslogs", "options": options}
