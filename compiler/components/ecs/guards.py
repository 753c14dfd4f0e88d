"""What no override may set of the resources of a service and its cluster."""

from compiler.plan.guards import ALL, BILLED, LINKS, PERMISSIONS, Guards, set_field

GUARDS: Guards = {
    "aws_appautoscaling_policy": {ALL: set_field("scaling.target_cpu_percent")},
    "aws_appautoscaling_scheduled_action": {ALL: set_field("scaling.schedule")},
    "aws_appautoscaling_target": {ALL: set_field("scaling.min", "scaling.max")},
    "aws_ecs_cluster": {
        "setting": "AWS bills for Container Insights, but trazo's bill does not include it"
    },
    "aws_ecs_cluster_capacity_providers": {
        ALL: "set `capacity` of a service instead",
    },
    "aws_ecs_service": {
        "capacity_provider_strategy": set_field("capacity"),
        "cluster": "all services of an environment run in the same cluster",
        "desired_count": set_field("scaling.min", "scaling.schedule"),
        "enable_execute_command": set_field("execute_command"),
        "force_new_deployment": "without it, changing `capacity` would replace the service",
        "launch_type": set_field("capacity"),
        "load_balancer": "set `routes` of a load balancer instead",
        "network_configuration": LINKS,
        "scheduling_strategy": set_field("scaling"),
        "task_definition": set_field("image", "command", "cpu", "memory_mib"),
        "volume_configuration": BILLED,
    },
    "aws_ecs_task_definition": {
        "container_definitions": set_field("image", "command", "environment", "secrets"),
        "cpu": set_field("cpu"),
        "ephemeral_storage": set_field("ephemeral_storage_gib"),
        "execution_role_arn": PERMISSIONS,
        "memory": set_field("memory_mib"),
        "network_mode": "Fargate supports only one network mode",
        "requires_compatibilities": "services run on Fargate",
        "runtime_platform": set_field("architecture"),
        "task_role_arn": PERMISSIONS,
    },
}
