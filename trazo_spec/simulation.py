"""What a simulation assumes where AWS publishes nothing, each with the reason for its default."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Strict

Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
"""A length of time, in seconds."""
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
"""0 to 1."""


class SpotMarket(Strict):
    """How AWS takes Spot tasks away and gives them back; it publishes none of this for Fargate."""

    interruptions_per_task_month: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)] = (
        0.1
    )
    """How often AWS interrupts a task that runs for a month of 730 hours: the middle of the classes
    that AWS publishes for Spot instances of EC2, 5 to 20 percent a month.
    """
    together_share: Share = 0.5
    """The part of all interruptions that takes every Spot task of an availability zone at once."""
    gap_s: Seconds = 600.0
    """How long it takes on average until Spot capacity is back, in seconds."""
    price_drift_share: Share = 0.02
    """How far a month's Spot price lies from the catalogue's at most, as a share of it: us-east-1
    moved by 2 percent between January 2021 and September 2026.
    """


class Simulation(Strict):
    """What a simulation assumes about AWS's behaviour in time."""

    lags: bool = True
    """Whether alarms, starts, drains and cooldowns take time; without them a simulation is the
    closed form.
    """
    provisioning_s: Seconds = 20.0
    """From the request of a task until its image is pulled, in seconds; it is not billed."""
    image_pull_s: Seconds = 15.0
    """Time to pull the image, in seconds; Fargate keeps no cache of images."""
    boot_s: Seconds = 10.0
    """From the image's end until the first health check can pass, in seconds."""
    metric_period_s: Literal[60, 20] = 60
    """How often CPU use is measured, in seconds; 20 shows what ECS's paid high-resolution metrics
    would change, which trazo does not deploy.
    """
    metric_delay_s: Seconds | None = None
    """How old CPU use is when alarms see it, in seconds; left out, what is left of AWS's own
    benchmark (363 s until tasks are added, 86 s with metrics each 20 s) after three periods.
    """
    schedule_delay_s: Seconds = 0.0
    """How long after its time a scheduled action runs, in seconds."""
    spot: SpotMarket = SpotMarket()
    """Interruptions and prices of Fargate Spot."""
