"""The two major versions of the AWS provider: what is written for each, and what of that differs.

`provider6.json` holds what neither a schema nor bindings tell of provider 6, read from its source
at version 6.58.0: the minor version that an argument came with (69 where it came later than 6.58,
which is the version of the schema), and how a change of it is applied.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from compiler.plan.plan import Block, Plan, Value

WRITTEN_OUT: Mapping[str, Mapping[str, Value]] = {
    # From 6.12 on AWS decides where it is not written, and moves the tasks of new services.
    # Source: internal/service/ecs/service.go of hashicorp/aws 6.11.0 and 6.12.0, read 2026-11-30
    "aws_ecs_service": {"availability_zone_rebalancing": "DISABLED"},
}
"""Type -> what provider 5 takes where nothing is written, and provider 6 does not."""

# The version whose schema `aws.json` holds, and later ones of its major version.
PROVIDER_5 = "~> 5.100"


def constraint(plan: Plan) -> str:
    """The versions of the provider that have everything in a plan.

    trazo itself writes nothing that came later than 6.0; an override may.
    """
    if plan.provider == 5:
        return PROVIDER_5
    return f"~> 6.{max(_minors(plan), default=0)}"


def written_out(plan: Plan) -> Plan:
    """The plan with what its provider would otherwise decide unlike provider 5."""
    return plan if plan.provider == 5 else replace(plan, blocks=_written_out(plan))


def alike(plan: Plan | None, other: Plan | None) -> Plan | None:
    """A plan as it is compared with one of the other provider, with its defaults written out."""
    if plan is None or other is None or plan.provider >= other.provider:
        return plan
    return replace(plan, blocks=_written_out(plan))


def facts(type_: str) -> Mapping[str, Any]:
    """What is known of a type of provider 6 beside its schema."""
    return _file().get(type_, {})


def _written_out(plan: Plan) -> tuple[Block, ...]:
    return tuple(_with_defaults(b) if b.type in WRITTEN_OUT else b for b in plan.blocks)


def _with_defaults(block: Block) -> Block:
    return replace(block, body={**WRITTEN_OUT[block.type], **block.body})


def _minors(plan: Plan) -> Iterator[int]:
    """The minor version that each overridden argument came with."""
    for address, changes in plan.overrides.items():
        since = facts(address.rpartition(".")[0]).get("since", {})
        yield from (since[path] for path in _paths(changes) if path in since)


def _paths(value: JsonValue | Mapping[str, JsonValue], above: str = "") -> Iterator[str]:
    """Every argument that is set, nested ones behind dots."""
    match value:
        case list():
            for item in value:
                yield from _paths(item, above)
        case dict():
            for name, inner in value.items():
                if inner is not None:
                    path = f"{above}.{name}" if above else name
                    yield path
                    yield from _paths(inner, path)
        case _:
            return


@cache
def _file() -> Mapping[str, Mapping[str, Any]]:
    path = Path(__file__).with_name("provider6.json")
    entries: Mapping[str, Mapping[str, Any]] = json.loads(path.read_bytes())
    return entries
