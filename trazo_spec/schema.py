"""The language as a JSON Schema, which gives an editor completion, hover text and checks."""

import json
from copy import deepcopy
from typing import Any

from trazo_spec.document import Spec

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PARTIAL = "Overlay"
_REFERENCE = "#/$defs/"


def json_schema() -> dict[str, Any]:
    """The schema of a spec file; environments may hold any part of it, and null to remove."""
    schema = Spec.model_json_schema(by_alias=True)
    overlay = {k: v for k, v in schema.items() if k not in ("$defs", "title", "description")}
    overlay["properties"] = {
        name: value
        for name, value in schema["properties"].items()
        if name not in ("trazo", "environments")
    }
    partial = {f"{name}{_PARTIAL}": _partial(value) for name, value in schema["$defs"].items()}
    partial[f"Spec{_PARTIAL}"] = _partial(overlay)
    schema["$defs"] |= partial
    environments = schema["properties"]["environments"]
    reference = {"$ref": f"{_REFERENCE}Spec{_PARTIAL}"}
    environments["additionalProperties"] = {"anyOf": [reference, {"type": "null"}]}
    return {"$schema": DIALECT, **schema, "title": "trazo spec"}


def schema_text() -> str:
    """The same as a file's text."""
    return json.dumps(json_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _partial(schema: Any) -> Any:
    """The same schema with nothing required and null allowed, as a merge patch is."""
    schema = _walk(deepcopy(schema))
    for name, value in schema.get("properties", {}).items():
        if name != "kind":
            description = value.pop("description", None)
            schema["properties"][name] = {"anyOf": [value, {"type": "null"}]}
            if description:
                schema["properties"][name]["description"] = description
    return schema


def _walk(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_walk(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "discriminator" in schema:
        return {"anyOf": [_walk(option) for option in schema["oneOf"]]}
    result = {
        k: _walk(v) for k, v in schema.items() if k not in ("required", "default", "minProperties")
    }
    if isinstance(reference := result.get("$ref"), str):
        result["$ref"] = f"{reference}{_PARTIAL}"
    if isinstance(more := result.get("additionalProperties"), dict):
        result["additionalProperties"] = {"anyOf": [more, {"type": "null"}]}
    return result
