"""What a team wants to know after an apply: addresses, names and ARNs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from compiler.plan.plan import Block, Output, Ref


@dataclass(frozen=True, slots=True)
class Told:
    """An attribute that is printed for every block of a type."""

    attribute: str
    suffix: str
    """What stands behind the block's label in the output's name; no suffix ends with another."""
    description: str
    needs: str = ""
    """The argument without which the attribute is not there; it then appears with the apply."""


Tellings: TypeAlias = Mapping[str, tuple[Told, ...]]
"""Terraform's type -> what is printed of its blocks."""

SECRET = Told("arn", "secret_arn", "Where the secret is set or read")
"""Of every secret, whoever makes it."""


def outputs(blocks: Iterable[Block], tellings: Tellings) -> Iterator[Output]:
    """The outputs of an environment, in the order of its blocks."""
    for block in blocks:
        if block.mode == "managed":
            for told in tellings.get(block.type, ()):
                if not told.needs or block.body.get(told.needs):
                    reference = Ref(block.address, told.attribute, late=bool(told.needs))
                    yield Output(f"{block.name}_{told.suffix}", reference, told.description)
