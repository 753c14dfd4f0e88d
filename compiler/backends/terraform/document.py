"""A plan as one document in Terraform's JSON syntax, and a document as text."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from compiler.backends.terraform.render import Rendered, escape, expression, render
from compiler.plan.plan import Block, Expr, Mode, Output, Plan, Ref, StateBackend, Value
from compiler.provider_schema.versions import constraint
from trazo_spec.visible import json_text

# Write-only arguments came with Terraform 1.11, and `use_lockfile` left its trial period with it.
# Source: https://github.com/hashicorp/terraform/blob/v1.11/CHANGELOG.md, read 2026-11-22
REQUIRED_VERSION = ">= 1.11"
PROVIDER_SOURCE = "hashicorp/aws"
NOTE = "Written by trazo: edit the spec and compile it again; edits of this file are overwritten."
# Relative to the folder of the stack: CDKTF's own default would be an absolute path.
LOCAL_STATE = "terraform.tfstate"

Document: TypeAlias = Mapping[str, Any]

SECTIONS: Mapping[Mode, str] = {"managed": "resource", "data": "data", "ephemeral": "ephemeral"}
"""What Terraform calls a block of each mode."""


def document(plan: Plan) -> Document:
    """Everything that Terraform reads for one plan."""
    parts = {
        "terraform": _settings(plan),
        "provider": {"aws": _providers(plan)},
        **_blocks(plan),
        "output": {output.name: _output(output) for output in plan.outputs},
        "moved": [{"from": move.source, "to": move.target} for move in plan.moved],
    }
    return {name: part for name, part in parts.items() if part}


def dump(content: Document) -> str:
    """The text of a `.tf.json` file: sorted keys, two spaces, a newline at the end."""
    return json_text({"//": NOTE, **content}, sort_keys=True) + "\n"


def provider_tags(plan: Plan) -> Mapping[str, str]:
    """The tags of everything that the plan makes."""
    tags = {"Project": plan.project, "Environment": plan.environment, "ManagedBy": "trazo"}
    return {**tags, **plan.default_tags}


def _settings(plan: Plan) -> Document:
    return {
        "backend": _backend(plan.state),
        "required_providers": {"aws": {"source": PROVIDER_SOURCE, "version": constraint(plan)}},
        "required_version": REQUIRED_VERSION,
    }


def _backend(state: StateBackend | None) -> Document:
    if state is None:
        return {"local": {"path": LOCAL_STATE}}
    place = {"bucket": escape(state.bucket), "key": escape(state.key), "region": state.region}
    return {"s3": {**place, "encrypt": True, "use_lockfile": True}}


def _providers(plan: Plan) -> list[Document]:
    common: dict[str, Any] = {"default_tags": [{"tags": render(provider_tags(plan))}]}
    if plan.account is not None:
        common["allowed_account_ids"] = [plan.account]
    aliased = [{**common, "alias": a, "region": r} for a, r in sorted(plan.aliases.items())]
    return [{**common, "region": plan.region}, *aliased]


def _blocks(plan: Plan) -> Document:
    sections: dict[str, dict[str, dict[str, Document]]] = {}
    for block in sorted(plan.blocks, key=lambda b: b.address):
        named = sections.setdefault(SECTIONS[block.mode], {}).setdefault(block.type, {})
        if block.name in named:
            # Terraform's JSON, and CDKTF's, would quietly merge the two.
            raise ValueError(f"`{block.address}` exists twice")
        named[block.name] = _block(block)
    return sections


def _block(block: Block) -> Document:
    meta: dict[str, Any] = {}
    if block.provider:
        meta["provider"] = f"aws.{block.provider}"
    if block.depends_on:
        meta["depends_on"] = sorted(block.depends_on)
    if block.lifecycle:
        meta["lifecycle"] = {name: _rule(name, rule) for name, rule in block.lifecycle.items()}
    body = {name: render(value) for name, value in block.body.items() if value is not None}
    return {**body, **meta}


def _rule(name: str, rule: Value) -> Rendered:
    """A lifecycle rule; some of them hold bare references instead of templates."""
    if name in ("ignore_changes", "replace_triggered_by") and isinstance(rule, list | tuple):
        return [expression(r) if isinstance(r, Ref | Expr) else str(r) for r in rule]
    return render(rule)


def _output(output: Output) -> Document:
    return {"description": escape(output.description), "value": render(output.value)}
