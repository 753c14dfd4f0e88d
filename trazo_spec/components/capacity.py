"""What may be written about the capacity of Fargate that tasks run on."""

from typing import Annotated

from pydantic import Field

from trazo_spec.base import Strict


class CapacityProvider(Strict):
    """How many tasks run on one capacity provider."""

    base: Annotated[int, Field(ge=0, le=100_000)] = 0
    """Tasks placed here before the weights apply."""
    weight: Annotated[int, Field(ge=0, le=1000)] = 1
    """This provider's share of the remaining tasks, relative to the other provider's weight."""


class Capacity(Strict):
    """Which Fargate capacity tasks run on."""

    on_demand: CapacityProvider | None = None
    """Tasks on FARGATE, which AWS does not interrupt."""
    spot: CapacityProvider | None = None
    """Tasks on FARGATE_SPOT, which is cheaper but AWS may stop them with two minutes' notice."""
