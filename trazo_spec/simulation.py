"""What a simulation assumes where AWS publishes nothing, each with the reason for its default."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Strict

Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
"""A length of time, in seconds."""
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
"""0 to 1."""


class SpotMarket(Strict):
    """How AWS interrupts and replaces Spot tasks; it does not publish these numbers for Fargate."""

    interruptions_per_task_month: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)] = (
        0.1
    )
    """How often AWS interrupts a task that runs for a month of 730 hours: the middle of the range
    that AWS publishes for EC2 Spot Instances, 5 to 20 percent a month.
    """
    together_share: Share = 0.5
    """Share of the interruptions that stop all Spot tasks in an Availability Zone at once."""
    gap_s: Seconds = 600.0
    """Mean time until Spot capacity is available again, in seconds."""
    price_drift_share: Share = 0.02
    """Maximum deviation of a month's Spot price from the catalogue price, as a share of it: in
    us-east-1 it moved by 2 percent between January 2021 and September 2026.
    """


class Simulation(Strict):
    """Assumptions of the simulation about timing and Spot in AWS."""

    lags: bool = True
    """Whether alarms, starts, drains and cooldowns take time; if false, the simulation equals the
    closed form.
    """
    provisioning_s: Seconds = 20.0
    """Time from the request for a task until its image pull begins, in seconds; it is not billed.
    """
    image_pull_s: Seconds = 15.0
    """Time to pull the image, in seconds; Fargate does not cache images."""
    boot_s: Seconds = 10.0
    """Time from the end of the image pull until the first health check can pass, in seconds."""
    metric_period_s: Literal[60, 20] = 60
    """How often CPU utilization is measured, in seconds; 20 shows the effect of ECS's paid
    high-resolution metrics, which trazo does not deploy.
    """
    metric_delay_s: Seconds | None = None
    """Age of the CPU metric when alarms see it, in seconds; by default, what remains of AWS's own
    benchmark (363 s until tasks are added, 86 s with metrics every 20 s) after three periods.
    """
    schedule_delay_s: Seconds = 0.0
    """Delay before a scheduled action runs, in seconds."""
    spot: SpotMarket = SpotMarket()
    """Interruptions and prices of Fargate Spot."""
