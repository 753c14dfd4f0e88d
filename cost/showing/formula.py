"""How the quantity of a line comes about, as a formula: the meter itself, run on named numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import SupportsFloat, cast

from compiler.plan.plan import Load, Meter

LOOSE, TIGHT, ATOM = 1, 2, 3
"""How strongly a formula holds together: a sum, a product, a single name or number."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A quantity with where it comes from."""

    names: str
    """With the names of its inputs: `2 x hours`."""
    numbers: str
    """With their values: `2 x 744`."""
    value: float
    inputs: Mapping[str, float]
    """Name -> value of everything that the formula reads."""


def formula(meter: Meter, load: Load) -> Formula:
    """The formula of a meter's quantity under a load.

    It is no second description that could differ from what is billed: the meter's own arithmetic
    runs on numbers that remember how they were made.
    """
    usage = {name: Traced.named(name, value) for name, value in load.usage.items()}
    named = Load(
        Traced.named("hours", load.hours),
        Traced.named("months", load.months),
        usage,
        Traced.named("on_demand_task_hours", load.on_demand_task_h),
        Traced.named("spot_task_hours", load.spot_task_h),
        Traced.named("requests", load.requests),
    )
    quantity = Traced.of(meter.quantity(named))
    return Formula(quantity.names, quantity.numbers, float(quantity), quantity.inputs)


class Traced(float):
    """A number that remembers the arithmetic that led to it."""

    names: str
    numbers: str
    strength: int
    inputs: dict[str, float]
    passed: "list[Traced]"
    """What it was larger than, when a maximum was looked for."""

    @classmethod
    def _new(
        cls, value: float, names: str, numbers: str, strength: int, inputs: dict[str, float]
    ) -> "Traced":
        made = cls(value)
        made.names, made.numbers, made.strength = names, numbers, strength
        made.inputs, made.passed = inputs, []
        return made

    @classmethod
    def named(cls, name: str, value: float) -> "Traced":
        """An input."""
        return cls._new(value, name, number(value), ATOM, {name: value})

    @classmethod
    def of(cls, value: SupportsFloat) -> "Traced":
        """A number as it stands in the code, or one that is traced already."""
        if not isinstance(value, Traced):
            plain = float(value)
            return cls._new(plain, number(plain), number(plain), ATOM, {})
        if not value.passed:
            return value
        candidates = [value, *value.passed]
        return cls._new(
            float(value),
            f"the largest of ({'; '.join(c.names for c in candidates)})",
            f"the largest of ({'; '.join(f'{c.numbers} = {number(c)}' for c in candidates)})",
            ATOM,
            {name: v for c in candidates for name, v in c.inputs.items()},
        )

    def _joined(self, other: float, sign: str, value: float, strength: int) -> "Traced":
        left, right = Traced.of(self), Traced.of(other)
        # What is taken off or divides needs brackets around the same strength, too.
        least = strength + 1 if sign in "-/" else strength
        names = f"{_part(left.names, left, strength)} {sign} {_part(right.names, right, least)}"
        numbers = (
            f"{_part(left.numbers, left, strength)} {sign} {_part(right.numbers, right, least)}"
        )
        return Traced._new(value, names, numbers, strength, left.inputs | right.inputs)

    def __add__(self, other: float) -> "Traced":
        return self._joined(other, "+", float(self) + float(other), LOOSE)

    def __radd__(self, other: float) -> "Traced":
        return Traced.of(other).__add__(self)

    def __sub__(self, other: float) -> "Traced":
        return self._joined(other, "-", float(self) - float(other), LOOSE)

    def __rsub__(self, other: float) -> "Traced":
        return Traced.of(other).__sub__(self)

    def __mul__(self, other: float) -> "Traced":
        return self._joined(other, "x", float(self) * float(other), TIGHT)

    def __rmul__(self, other: float) -> "Traced":
        return Traced.of(other).__mul__(self)

    def __truediv__(self, other: float) -> "Traced":
        return self._joined(other, "/", float(self) / float(other), TIGHT)

    def __rtruediv__(self, other: float) -> "Traced":
        return Traced.of(other).__truediv__(self)

    def __ceil__(self) -> int:
        whole = -int(-float(self) // 1)
        made = Traced.of(self)
        # `math.ceil` promises an int; what is counted with it goes on as a traced number.
        return cast(
            "int",
            Traced._new(
                whole,
                f"{made.names} rounded up",
                f"{made.numbers} rounded up",
                LOOSE,
                made.inputs,
            ),
        )

    def __gt__(self, other: float) -> bool:
        """Whether it is larger; of two traced numbers the larger one remembers the other."""
        larger = float(self) > float(other)
        if isinstance(other, Traced):
            winner, loser = (self, other) if larger else (other, self)
            winner.passed += [loser, *loser.passed]
        return larger

    __hash__ = float.__hash__


def number(value: float) -> str:
    """A number as people write it, with as many digits as it is worth.

    >>> number(744.0), number(0.5), number(2592000), number(0.2)
    ('744', '0.5', '2,592,000', '0.2')
    """
    if value == int(value):
        return f"{int(value):,}"
    digits = 2 if abs(value) >= 1000 else 6
    return f"{value:,.{digits}f}".rstrip("0").rstrip(".")


def _part(text: str, traced: Traced, least: int) -> str:
    return text if traced.strength >= least else f"({text})"
