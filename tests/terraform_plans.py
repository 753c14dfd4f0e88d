"""Plans of Terraform as `terraform show -json` prints them: written for tests, or recorded."""

import json
import re
from collections.abc import Mapping
from typing import Any

from compiler.changes.effects import Effect
from compiler.changes.planned import read_plan
from compiler.changes.resource_changes import Action, resource_changes
from compiler.plan.plan import Plan

Values = Mapping[str, Any]
Told = tuple[str, str, tuple[str, ...], tuple[tuple[object, ...], ...], str]
"""What is said of a resource: action, address before, arguments, each effect, and what began it."""


def change(
    address: str,
    *actions: str,
    before: Values | None = None,
    after: Values | None = None,
    unknown: Values | None = None,
    replace_paths: tuple[tuple[str | int, ...], ...] = (),
    **further: object,
) -> dict[str, Any]:
    """A member of `resource_changes`; further words belong to it, such as `previous_address`."""
    modules, type_, name = _parts(address)
    inner = {
        "actions": list(actions),
        "before": before,
        "after": after,
        "after_unknown": unknown or {},
        "before_sensitive": {},
        "after_sensitive": {},
        **({"replace_paths": [list(path) for path in replace_paths]} if replace_paths else {}),
    }
    return {
        "address": address,
        **({"module_address": modules} if modules else {}),
        "mode": "managed",
        "type": type_,
        "name": name,
        "change": inner,
        **further,
    }


def _parts(address: str) -> tuple[str, str, str]:
    """The address of the module, empty for the root, then the type and the name."""
    match = re.fullmatch(r"(?:(module\..*)\.)?(\w+)\.([\w-]+)(?:\[.*\])?", address, re.DOTALL)
    return (match[1] or "", match[2], match[3]) if match else ("", "aws_lb", "odd")


def update(address: str, before: Values, **changed: object) -> dict[str, Any]:
    """A change in place of some arguments."""
    return change(address, "update", before=before, after={**before, **changed})


def plan(*changes: Values, **further: object) -> bytes:
    """The document of a plan; further words are its own, such as `resource_drift`."""
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "resource_changes": list(changes),
        **further,
    }
    return json.dumps(document).encode()


def compact(document: Values) -> dict[str, Any]:
    """A plan without what stays as it is, and of the configuration only what is set."""
    changes = [_compact(entry) for entry in document["resource_changes"] if _matters(entry)]
    places = {(entry["type"], entry["name"]) for entry in changes}
    resources = [
        {"type": r["type"], "name": r["name"], "expressions": _expressions(r["expressions"])}
        for r in document["configuration"]["root_module"].get("resources", ())
        if r["mode"] == "managed" and (r["type"], r["name"]) in places
    ]
    return {
        "format_version": document["format_version"],
        "terraform_version": document["terraform_version"],
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": resources}},
    }


def _expressions(expressions: Values) -> dict[str, Any]:
    """What each argument refers to, without its values."""
    return {name: _references(value) for name, value in expressions.items()}


def _references(value: Any) -> dict[str, Any]:
    """The references in an expression or a nested block, all in one place."""
    named: set[str] = set()
    left = [value]
    while left:
        match left.pop():
            case {"references": [*references]}:
                named.update(references)
            case dict() as inner:
                left += inner.values()
            case list() as inner:
                left += inner
    return {"references": sorted(named)} if named else {}


def _matters(entry: Values) -> bool:
    return entry["change"]["actions"] != ["no-op"] or "previous_address" in entry


def _compact(entry: Values) -> dict[str, Any]:
    names = ("address", "previous_address", "mode", "type", "name", "action_reason")
    parts = ("actions", "before", "after", "after_unknown", "replace_paths", "importing")
    change = {name: entry["change"][name] for name in parts if name in entry["change"]}
    values = ("before", "after", "after_unknown")
    if change["actions"] not in (["update"], ["delete", "create"], ["create", "delete"]):
        change |= dict.fromkeys(values)
    return {**{name: entry[name] for name in names if name in entry}, "change": change}


def reviewed(content: bytes) -> dict[str, Told]:
    """What a review says of each resource of a plan."""
    changes = read_plan(content).changes
    return {
        c.address: (str(c.step), c.was, c.because, tuple(map(_effect, c.effects)), c.follows)
        for c in changes
    }


def compared(before: Plan, after: Plan) -> dict[str, Told]:
    """What `diff` says of each resource; of what the provider drops, a plan has nothing."""
    changes = (c for c in resource_changes(before, after) if c.action is not Action.IGNORE)
    return {
        c.address: (
            str(c.action or "move"),
            c.was,
            c.because,
            tuple(map(_effect, c.effects)),
            c.follows,
        )
        for c in changes
    }


def _effect(effect: Effect) -> tuple[object, ...]:
    return (str(effect.verdict), effect.arguments, effect.minutes, effect.downtime, effect.pending)
