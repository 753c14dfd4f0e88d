"""What can go wrong with a database."""

from collections.abc import Iterator

from compiler.graph.graph import Graph
from compiler.plan.alarms import Alarm
from compiler.plan.plan import Ref, Value
from trazo_spec.components.rds import Rds

GIB = 2**30
"""Bytes in the unit that RDS counts disks in."""


def alarms(name: str, _rds: Rds, _graph: Graph) -> Iterator[Alarm]:
    """Its disk is nearly full."""
    metric: dict[str, Value] = {
        "alarm_description": "Free disk of the database, in bytes",
        "namespace": "AWS/RDS",
        "metric_name": "FreeStorageSpace",
        "dimensions": {"DBInstanceIdentifier": Ref(f"aws_db_instance.{name}", "identifier")},
        "statistic": "Average",
        "period": 300,
        "evaluation_periods": 3,
        "comparison_operator": "LessThanThreshold",
    }
    yield Alarm("storage", "database_free_storage_gb", metric, factor=GIB)
