"""What comes out of a simulation under other assumptions about what AWS does not publish."""

from dataclasses import dataclass

VARIED_TITLES = {
    "": "as the spec assumes",
    "interruptions": "interruptions of a task each month: {outcome.interruptions_per_task_month:g}"
    ", gaps of {gap_min:g} min",
    "price_drift": "Spot prices within {outcome.price_drift_share:.0%} of the catalogue's",
    "start": "{outcome.start_s:g} s until a task is up",
}
"""What is varied -> how a row is called."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Simulated months under one set of assumptions."""

    varied: str
    """Which assumptions differ from the spec: `interruptions`, `price_drift` or `start`; empty for
    those of the spec itself.
    """
    interruptions_per_task_month: float
    gap_s: float
    price_drift_share: float
    start_s: float
    """Provisioning, image pull and boot of a task, in seconds."""
    mean_usd: float
    p10_usd: float
    p90_usd: float
    refused_share: float
    """The part of all requests to all services that finds no task, 0 to 1."""
    outage_minutes: float
    """Without a task though the bounds allow some, over all services."""
    spot_minutes_lost: float
    """Minutes of tasks that are missing after interruptions, over all services."""
