"""A plan as `terraform show -json` prints it, read with limits: it may come from anybody."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from compiler.changes.edit import Body, Path
from trazo_spec.secrecy import covered

Document: TypeAlias = Mapping[str, Any]

MOST_BYTES = 50_000_000
"""Plans of thousands of resources have a few million."""
MOST_DEPTH = 60
"""Of lists and objects in a resource; the deepest block of the AWS provider has less than half."""
SHOW = "run `terraform show -json PLAN`"


NO_OP = ("no-op",)
ACTIONS = (
    NO_OP,
    *(("read",), ("create",), ("update",), ("delete",), ("forget",)),
    *(("delete", "create"), ("create", "delete"), ("create", "forget")),
)
"""What Terraform may do with a resource.

Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""


class PlanError(ValueError):
    """Why something cannot be read as a plan: a clause whose subject is the file."""


def plan_document(content: bytes) -> Document:
    """The document of a plan.

    Raises:
        PlanError: It is something else, or too large.
    """
    if len(content) > MOST_BYTES:
        raise PlanError(f"has more than {MOST_BYTES:,} bytes, which is too large for a plan")
    if content.startswith(b"PK"):
        raise PlanError(f"is a plan in Terraform's own format: {SHOW} and pass its output")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise PlanError(_not_json(content)) from None
    if not isinstance(document, dict):
        raise PlanError(f"is not a plan of Terraform: {SHOW} and pass its output")
    _refuse_others(document)
    return document


def _not_json(content: bytes) -> str:
    if not content.strip():
        return f"is empty: {SHOW} and pass its output"
    if b'"@level"' in content[:2000]:
        return f"is the log of `terraform plan -json`: write a plan with `-out=PLAN`, {SHOW}"
    return f"is not JSON: {SHOW} and pass its output"


def _refuse_others(document: Document) -> None:
    """Raises for what is JSON, but not a plan of a format that is known."""
    planned = document.keys() & {"resource_changes", "planned_values", "configuration"}
    if not planned and document.keys() & {"values", "lineage", "serial"}:
        raise PlanError(f"is a state, not a plan: {SHOW} with the file of `terraform plan -out`")
    format_ = document.get("format_version")
    if not isinstance(format_, str) or not planned:
        raise PlanError(f"is not a plan of Terraform: {SHOW} and pass its output")
    if format_.partition(".")[0] != "1":
        raise PlanError(
            f"has the format {format_[:20]}, but trazo reads 1.0 and newer formats that begin with "
            "1: use Terraform 1.2 or newer"
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A member of `resource_changes`, whose shape is as it should be."""

    address: str
    was: str
    place: "Place"
    mode: str
    type_: str
    actions: tuple[str, ...]
    before: Body
    after: Body
    unknown: Body
    replace_paths: tuple[Path, ...]
    reason: str
    imported: bool
    deposed: bool


Place: TypeAlias = tuple[tuple[str, ...], str, str]
"""The names of modules, then the type and the name of a resource: what a configuration has once."""


def entries_in(document: Document, part: str) -> Iterator[Entry]:
    """The changes in one of the parts of a plan, such as `resource_changes`."""
    for entry in objects_in(document, part):
        change = object_in(entry, "change")
        address, type_ = address_in(entry, part), text_in(entry, "type")
        yield Entry(
            address,
            _shown(text_in(entry, "previous_address")),
            (_modules(text_in(entry, "module_address")), type_, text_in(entry, "name")),
            text_in(entry, "mode"),
            type_,
            _actions(change, address),
            _values(change, "before", address),
            _values(change, "after", address),
            _values(change, "after_unknown", address),
            tuple(_paths(change, address)),
            text_in(entry, "action_reason"),
            change.get("importing") is not None,
            bool(entry.get("deposed")),
        )


def objects_in(holder: Document, name: str) -> Iterator[Document]:
    """The members of a list of objects, which may not be there."""
    members = holder.get(name) or ()
    if not isinstance(members, list | tuple) or not all(isinstance(m, dict) for m in members):
        raise PlanError(f"is not a plan of Terraform: `{name}` is not a list of objects")
    yield from members


def object_in(holder: Document, name: str) -> Document:
    """An object that must be there."""
    inner = holder.get(name)
    if not isinstance(inner, dict):
        raise PlanError(f"is not a plan of Terraform: an object does not have `{name}`")
    return inner


def text_in(holder: Document, name: str) -> str:
    """A text; empty where there is none."""
    text = holder.get(name)
    return text if isinstance(text, str) else ""


def address_in(entry: Document, part: str) -> str:
    """The address of a resource, which must be there."""
    if not (address := text_in(entry, "address")):
        raise PlanError(f"is not a plan of Terraform: a member of `{part}` does not have `address`")
    return _shown(address)


def _shown(address: str) -> str:
    """An address that may be printed: a key of `for_each` is text of anybody."""
    return covered(address, prose=True) if '["' in address else address


def _actions(change: Document, address: str) -> tuple[str, ...]:
    actions = change.get("actions")
    if not isinstance(actions, list) or not all(isinstance(a, str) for a in actions):
        raise PlanError(f"is not a plan of Terraform: `{address}` does not have `actions`")
    if tuple(actions) not in ACTIONS:
        words = " and ".join(actions)[:60]
        raise PlanError(f"contains `{words}` for `{address}`, an action that trazo does not know")
    return tuple(actions)


def _values(change: Document, side: str, address: str) -> Body:
    values = change.get(side)
    if not isinstance(values, dict):
        return {}
    if _too_deep(values):
        raise PlanError(f"is nested too deeply: `{side}` of `{address}`")
    return values


def _too_deep(values: object) -> bool:
    level = [values]
    for _ in range(MOST_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(outer: Any) -> Iterator[object]:  # noqa: ANN401 - any JSON
    """The lists and objects directly in a list or an object."""
    inner = outer.values() if isinstance(outer, dict) else outer
    yield from (one for one in inner if isinstance(one, dict | list))


def _paths(change: Document, address: str) -> Iterator[Path]:
    for path in change.get("replace_paths") or ():
        steps = path if isinstance(path, list) else ()
        if not steps or not all(isinstance(step, str | int) for step in steps):
            raise PlanError(f"is not a plan of Terraform: `replace_paths` of `{address}`")
        yield tuple(steps)


# What each resource of the configuration sets

_MODULE = re.compile(r'module\.([\w-]+)(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?')

_MODULE_STEP = re.compile(_MODULE.pattern + r"\.")


def _modules(address: str) -> tuple[str, ...]:
    """The names in the address of a module, without keys.

    >>> _modules('module.shop["a.b"].module.db[0]')
    ('shop', 'db')
    """
    return tuple(_MODULE.findall(address))


Written: TypeAlias = Mapping[str, frozenset[tuple[str, str]]]
"""The arguments that a resource sets, each with the types and names of the resources it reads."""


def arguments_set(document: Document) -> Mapping[Place, Written]:
    """The arguments that each resource sets; empty for a plan without its configuration."""
    arguments: dict[Place, Written] = {}
    root = inner_of(inner_of(document, "configuration"), "root_module")
    modules: list[tuple[tuple[str, ...], Document]] = [((), root)]
    while modules:
        names, module = modules.pop()
        for resource in objects_in(module, "resources"):
            place = (names, text_in(resource, "type"), text_in(resource, "name"))
            expressions = inner_of(resource, "expressions")
            arguments[place] = {name: _reads(value) for name, value in expressions.items()}
        calls = inner_of(module, "module_calls")
        modules += [((*names, name), inner_of(inner_of(calls, name), "module")) for name in calls]
    return arguments


_RESOURCE = re.compile(r"([a-z][a-z0-9]*_\w+)\.([\w-]+)")


def _reads(expression: Any) -> frozenset[tuple[str, str]]:  # noqa: ANN401 - any JSON
    """The resources of its own module that an expression or a nested block refers to."""
    read, level = set(), [expression]
    for _ in range(MOST_DEPTH):
        for outer in level:
            named = outer.get("references") if isinstance(outer, dict) else None
            texts = (t for t in named if isinstance(t, str)) if isinstance(named, list) else ()
            read |= {(m[1], m[2]) for t in texts if (m := _RESOURCE.match(t))}
        level = [i for o in level if isinstance(o, dict | list) for i in _inside(o)]
    return frozenset(read)


def inside_module(address: str) -> tuple[str, str, str]:
    """The modules in front of an address, its type and name, and its key; each may be empty.

    >>> inside_module('module.shop["a.b"].aws_subnet.private[0]')
    ('module.shop["a.b"].', 'aws_subnet.private', '[0]')
    """
    start = 0
    while match := _MODULE_STEP.match(address, start):
        start = match.end()
    name, bracket, key = address[start:].partition("[")
    return address[:start], name, bracket + key


def inner_of(holder: Document, name: str) -> Document:
    """An object that may not be there."""
    inner = holder.get(name)
    return inner if isinstance(inner, dict) else {}
