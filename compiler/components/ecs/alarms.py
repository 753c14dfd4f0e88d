"""What can go wrong with a service."""

from collections.abc import Iterator

from compiler.graph.graph import Graph
from compiler.plan.alarms import Alarm
from compiler.plan.plan import Ref
from trazo_spec.components.ecs import Ecs


def alarms(name: str, _service: Ecs, _graph: Graph) -> Iterator[Alarm]:
    """Its tasks have too much to do."""
    yield Alarm(
        "cpu",
        "cpu_percent",
        {
            "alarm_description": "Average CPU use of the service over 15 minutes, in percent",
            "namespace": "AWS/ECS",
            "metric_name": "CPUUtilization",
            "dimensions": {
                "ClusterName": Ref("aws_ecs_cluster.main", "name"),
                "ServiceName": Ref(f"aws_ecs_service.{name}", "name"),
            },
            "statistic": "Average",
            "period": 900,
            "evaluation_periods": 1,
            "comparison_operator": "GreaterThanOrEqualToThreshold",
        },
    )
