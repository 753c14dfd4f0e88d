"""Overrides of a spec: arguments of single blocks that the language does not say."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import JsonValue

from compiler.plan.plan import Block, Overrides, Plan, Value

LIFECYCLE = "lifecycle"
IGNORED = "ignore_changes"


def apply(plan: Plan, overrides: Overrides) -> Plan:
    """The same plan with the arguments of overridden blocks set; null takes one away."""
    if not overrides:
        return plan
    blocks = tuple(_overridden(b, overrides.get(b.address, {})) for b in plan.blocks)
    return replace(plan, blocks=blocks, overrides=overrides)


def _overridden(block: Block, changes: Mapping[str, JsonValue]) -> Block:
    if not changes:
        return block
    arguments = {name: value for name, value in changes.items() if name != LIFECYCLE}
    body = _merged_mapping(block.body, arguments)
    lifecycle = changes.get(LIFECYCLE)
    if not isinstance(lifecycle, dict):
        return replace(block, body=body)
    merged = _merged_mapping(block.lifecycle, lifecycle)
    ignored = (*texts(block.lifecycle.get(IGNORED)), *texts(lifecycle.get(IGNORED)))
    if ignored:
        # Ours stay: without them Terraform and the autoscaler would undo each other's changes.
        merged[IGNORED] = tuple(dict.fromkeys(ignored))
    return replace(block, body=body, lifecycle=merged)


def texts(value: "Value | JsonValue") -> tuple[str, ...]:
    """The texts of a list; nothing for any other value."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(text for text in value if isinstance(text, str))


def _merged_mapping(
    base: Mapping[str, Value], changes: Mapping[str, JsonValue]
) -> dict[str, Value]:
    merged = dict(base)
    for name, change in changes.items():
        if change is None:
            merged.pop(name, None)
        else:
            merged[name] = _merged(base.get(name), change)
    return merged


def _merged(base: Value, change: JsonValue) -> Value:
    """A mapping goes into a mapping or into the only nested block; anything else replaces."""
    if not isinstance(change, dict):
        return change
    if isinstance(base, Mapping):
        return _merged_mapping(base, change)
    if isinstance(base, Sequence) and len(base) == 1 and isinstance(base[0], Mapping):
        return [_merged_mapping(base[0], change)]
    return _merged_mapping({}, change)
