"""Other ways to run a database, and what each gives up."""

from collections.abc import Iterator
from datetime import timedelta

from compiler.graph.graph import Graph
from compiler.plan.variants import Circumstances, Pause, Variant
from trazo_spec.components.rds import Rds

PAUSE = Pause(
    "stopped_database",
    "instance-hour",
    "its disk and backups are still billed, and trazo does not deploy this: EventBridge Scheduler "
    "must call StopDBInstance and StartDBInstance",
    # Chosen: a shorter stop saves cents and risks a database that is late.
    shortest=timedelta(hours=2),
    # Chosen: an instance is billed while it stops and while it starts before the first task.
    billed=timedelta(minutes=30),
    # Its disk and backups are billed meanwhile.
    # Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
    longest=timedelta(days=7),
)


def variants(
    _name: str, rds: Rds, _graph: Graph, _circumstances: Circumstances
) -> Iterator[Variant]:
    """One zone instead of two."""
    if rds.multi_az:
        yield Variant(
            "single_az",
            "a single zone instead of a standby in another",
            "if its zone fails, the database is down until AWS has repaired it or a backup is "
            "restored",
            {"multi_az": False},
            less_service=True,
        )
