"""`docs/reference/review-json.md`: the fields of what `trazo review --json` prints."""

import json
from collections.abc import Mapping
from typing import Any

from compiler.changes.planned import read_plan
from compiler.changes.review import Allowed, findings
from cost.showing.review_text import SCHEMA, Review, as_json
from reference import page, table
from reference.cost_json import types_of

INTRO = f"""\
`trazo review PLAN --json` prints one document in the format `{SCHEMA}`. Fields may be added to
this format, but are never renamed or removed. It does not contain any value of the plan, because
Terraform writes secrets into plans in clear text."""

FIELDS: Mapping[str, str] = {
    "schema": "The format of the document.",
    "plan": "The file; `standard input` for `-`.",
    "terraform": "The version of Terraform that made the plan; null if the plan does not say it.",
    "environments[]": "The values of the tag `Environment` in the plan.",
    "production": "Whether an interruption is an error.",
    "resources[].address": "The address of a resource that does not stay as it is.",
    "resources[].type": "Its type.",
    "resources[].action": "`create`, `change`, `replace`, `destroy`, `move`, `import` or `forget`.",
    "resources[].was": "The address before a move; null without one.",
    "resources[].because[]": "The arguments that differ; for a replacement, those that cannot "
    "change in place.",
    "resources[].follows": "The address whose replacement takes it along; null for a reason of its "
    "own, or if the plan does not contain the configuration.",
    "resources[].note": "What else the plan says, such as `tainted`; null if it says no more.",
    "resources[].known_type": "Whether the table of changes knows the type.",
    "resources[].loses_data": "Whether data is lost.",
    "resources[].effects[].arguments[]": "Arguments whose change has this effect.",
    "resources[].effects[].verdict": "`refused`, `loses_data`, `replaces`, `interrupts`, "
    "`may_be_refused`, `pending`, `ignored`, `new_tasks_only`, `unknown` or `in_place`.",
    "resources[].effects[].reason": "Why, as a sentence; null if there is nothing to say.",
    "resources[].effects[].downtime": "Whether something is down meanwhile.",
    "resources[].effects[].minutes.low": "The shortest downtime in minutes. `minutes` is null "
    "without a downtime, and where AWS does not publish a figure.",
    "resources[].effects[].minutes.high": "The longest downtime in minutes.",
    "resources[].effects[].depends_on": "What the duration depends on; null if nothing is known.",
    "resources[].effects[].pending": "Whether it waits for the maintenance window.",
    "resources[].effects[].advice": "What to do instead, or first; null if there is no advice.",
    "resources[].effects[].condition": "The case of the table of changes; null for any change.",
    "resources[].effects[].source": "The page that says this.",
    "counts.create": "Number of resources with this action.",
    "counts.change": "The same.",
    "counts.replace": "The same.",
    "counts.destroy": "The same.",
    "counts.move": "The same.",
    "counts.import": "The same.",
    "counts.forget": "The same.",
    "downtime.at_once.minutes.low": "At the apply: the longest of all shortest downtimes. "
    "`minutes` is null if none is known.",
    "downtime.at_once.minutes.high": "The sum of all longest downtimes.",
    "downtime.at_once.unknown[]": "Addresses for which AWS does not publish a figure.",
    "downtime.in_window.minutes.low": "The same in the maintenance window.",
    "downtime.in_window.minutes.high": "The same.",
    "downtime.in_window.unknown[]": "The same.",
    "drifted[]": "Addresses of what was changed in AWS without Terraform.",
    "deferred[]": "Addresses that Terraform plans later.",
    "findings[]": "What is wrong, in the format of [a finding](diagnostics.md); its `path` has the "
    "addresses of the resources.",
}


def write() -> str:
    """The page."""
    every = list(types_of("", as_json(sample())))
    told = {path: type_ for path, type_ in every if type_ != "null"}
    missing = (p for p, _ in every if p not in told and not any(t.startswith(p) for t in told))
    types = {**told, **dict.fromkeys(missing, "null")}
    unknown, gone = sorted(types.keys() - FIELDS.keys()), sorted(FIELDS.keys() - types.keys())
    if unknown or gone:
        raise SystemExit(f"scripts/reference/review_json.py: without a word {unknown}, gone {gone}")
    rows = ((f"`{path}`", types[path], meaning) for path, meaning in FIELDS.items())
    fields = table(("field", "type", "meaning"), rows)
    return page("The review document", "`scripts/reference/review_json.py`", INTRO, fields)


def sample() -> Review:
    """The review of a plan that has every field."""
    at_once = {"apply_immediately": True, "instance_class": "db.m6g.large", "multi_az": True}
    later = {**at_once, "apply_immediately": False}
    single = {**at_once, "multi_az": False}
    disk = {**at_once, "allocated_storage": 100}
    changes = [
        _change("aws_db_instance.at_once", at_once, instance_class="db.m6g.xlarge"),
        _change("aws_db_instance.later", later, instance_class="db.m6g.xlarge"),
        _change("aws_db_instance.single", single, instance_class="db.m6g.xlarge"),
        _change("aws_db_instance.single_later", later | {"multi_az": False}, instance_class="x"),
        _change("aws_db_instance.small", disk, allocated_storage=20),
        _change("aws_db_instance.z", at_once, instance_class="db.m6g.xlarge")
        | {"previous_address": "aws_db_instance.y"},
    ]
    tags = {"tags_all": {"Environment": "prod"}}
    changes[0]["change"]["importing"] = {"id": "at-once"}
    changes.append(_change("aws_vpc.network", tags) | {"previous_address": "aws_vpc.other"})
    changes += _with_network()
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": [_written()]}},
        "resource_drift": changes[:1],
        "deferred_changes": [{"resource_change": changes[0]}],
    }
    plan = read_plan(json.dumps(document).encode())
    found = findings(plan, Allowed(), in_production=True)
    return Review(plan, "plan.json", production=True, findings=found)


def _with_network() -> list[dict[str, Any]]:
    """A network that is replaced, and a subnet that it takes along."""
    remade = [
        _change("aws_vpc.shop", {"cidr_block": "10.0.0.0/16"}, cidr_block="10.1.0.0/16"),
        _change("aws_subnet.shop", {"vpc_id": "vpc-1"}, vpc_id=None),
    ]
    for entry, argument in zip(remade, ("cidr_block", "vpc_id"), strict=True):
        entry["change"] |= {"actions": ["delete", "create"], "replace_paths": [[argument]]}
    remade[1]["change"]["after_unknown"] = {"vpc_id": True}
    return remade


def _written() -> dict[str, Any]:
    """What the configuration says of that subnet."""
    expressions = {"vpc_id": {"references": ["aws_vpc.shop.id", "aws_vpc.shop"]}}
    return {"type": "aws_subnet", "name": "shop", "expressions": expressions}


def _change(address: str, before: Mapping[str, object], **changed: object) -> dict[str, Any]:
    type_, _, name = address.partition(".")
    actions = ["update"] if changed else ["no-op"]
    change = {"actions": actions, "before": before, "after": {**before, **changed}}
    where = {"address": address, "mode": "managed", "type": type_, "name": name}
    return {**where, "change": change}
