"""The cluster of an environment, and each service in it."""

from collections.abc import Iterator

from compiler.aws.names import aws_name
from compiler.aws.placement import subnet_ids
from compiler.aws.routing import routes_to, target_group
from compiler.components.ecs.permissions import environment, policies, secrets
from compiler.components.ecs.scaling import autoscaled, scaling_blocks
from compiler.graph.graph import Graph
from compiler.plan.plan import Block, Json, Ref, Value
from trazo_spec.components.capacity import Capacity, CapacityProvider
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


CAPACITY_PROVIDERS = ("FARGATE", "FARGATE_SPOT")


def cluster(graph: Graph) -> Iterator[Block]:
    """The one cluster that all services of an environment run in; none without a service."""
    if not any(graph.of(Ecs)):
        return
    body: dict[str, Value] = {
        "name": aws_name(graph, role=graph.spec.name),
        # Billed as custom metrics, some dollars a month for one small service, while CPU and memory
        # come without it. Written out, since an account may have it on by default.
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html
        "setting": {"name": "containerInsights", "value": "disabled"},
    }
    yield Block("aws_ecs_cluster", "main", body)
    providers: dict[str, Value] = {
        "cluster_name": Ref("aws_ecs_cluster.main", "name"),
        "capacity_providers": CAPACITY_PROVIDERS,
    }
    yield Block("aws_ecs_cluster_capacity_providers", "main", providers)


def blocks(name: str, component: Ecs, graph: Graph) -> Iterator[Block]:
    """A service with its task definition, its log, and what changes its number of tasks."""
    log: dict[str, Value] = {
        "name": f"/ecs/{aws_name(graph, name)}",
        "retention_in_days": component.log_retention_days,
    }
    yield Block("aws_cloudwatch_log_group", name, log, name)
    yield task_definition(name, component, graph)
    yield _service(name, component, graph)
    yield from scaling_blocks(name, component, graph)


def _service(name: str, component: Ecs, graph: Graph) -> Block:
    body: dict[str, Value] = {
        "name": aws_name(graph, name),
        "cluster": Ref("aws_ecs_cluster.main", "id"),
        "task_definition": Ref(f"aws_ecs_task_definition.{name}", "arn"),
        "desired_count": component.scaling.min,
        # Always there and always forced: only so a change of capacity never replaces the service.
        # https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/ecs_service
        "capacity_provider_strategy": _strategy(component.capacity),
        "force_new_deployment": True,
        "network_configuration": _placement(name, component, graph),
        "deployment_minimum_healthy_percent": 100,
        "deployment_maximum_percent": 200,
        "deployment_circuit_breaker": {"enable": True, "rollback": True},
        "enable_ecs_managed_tags": True,
        "propagate_tags": "SERVICE",
        "enable_execute_command": component.execute_command,
    }
    if targets := _targets(name, component, graph):
        body["load_balancer"] = targets
        body["health_check_grace_period_seconds"] = component.health_check.grace_period_s
    lifecycle: dict[str, Value] = (
        {"ignore_changes": ("desired_count",)} if autoscaled(component) else {}
    )
    first = tuple(sorted(set(_prerequisites(name, component, graph))))
    return Block("aws_ecs_service", name, body, name, depends_on=first, lifecycle=lifecycle)


def _strategy(capacity: Capacity) -> Value:
    chosen = {"FARGATE": capacity.on_demand, "FARGATE_SPOT": capacity.spot}
    if not any(chosen.values()):
        chosen["FARGATE"] = CapacityProvider()
    return tuple(
        {"capacity_provider": provider, "base": share.base, "weight": share.weight}
        for provider, share in chosen.items()
        if share is not None and (share.base or share.weight)
    )


def _placement(name: str, component: Ecs, graph: Graph) -> Value:
    return {
        "subnets": subnet_ids(component.network, "private", graph),
        "security_groups": (Ref(f"aws_security_group.{name}", "id"),),
        "assign_public_ip": False,
    }


def _targets(name: str, component: Ecs, graph: Graph) -> tuple[Value, ...]:
    groups = sorted({target_group(r.alb, r.service) for r in routes_to(name, graph)})
    return tuple(
        {
            "target_group_arn": Ref(f"aws_lb_target_group.{group}", "arn"),
            "container_name": name,
            "container_port": component.port,
        }
        for group in groups
    )


def _prerequisites(name: str, component: Ecs, graph: Graph) -> Iterator[str]:
    """What must be there before a task can start, and must stay until the last one is gone."""
    yield "aws_ecs_cluster_capacity_providers.main"
    yield from policies(name, component, graph)
    yield from (route.address for route in routes_to(name, graph))
    yield from (s.version for s in secrets(component, graph).values() if s.version)
    network = graph.spec.components.get(component.network or "")
    if network is not None:
        yield from graph.kind(network).exits(component.network or "", network, graph)
