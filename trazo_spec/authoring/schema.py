"""The language as a JSON Schema, which gives an editor completion, hover text and checks."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from trazo_spec.base import Strict
from trazo_spec.components import KINDS
from trazo_spec.docstrings import field_docstrings
from trazo_spec.document import Spec

TITLE = "trazo spec"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PARTIAL = "Overlay"
_REFERENCE = "#/$defs/"
_NOT_IN_OVERLAYS = ("trazo", "environments")
# What a merge patch need not have: it is the merged document that is checked for these.
_OF_WHOLES = ("required", "default", "minProperties")


def json_schema() -> dict[str, Any]:
    """The schema of a spec file; environments may hold any part of it, and null to remove."""
    schema = _closed(_described(Spec.model_json_schema(by_alias=True)))
    for kind in KINDS.values():
        _require_kind(schema["$defs"][kind.__name__])
    overlay = {k: v for k, v in schema.items() if k not in ("$defs", "title", "description")}
    properties = schema["properties"]
    overlay["properties"] = {k: v for k, v in properties.items() if k not in _NOT_IN_OVERLAYS}
    partial = {f"{name}{_PARTIAL}": _partial(value) for name, value in schema["$defs"].items()}
    partial[f"Spec{_PARTIAL}"] = _partial(overlay)
    schema["$defs"] |= partial
    environments = properties["environments"]
    reference = {"$ref": f"{_REFERENCE}Spec{_PARTIAL}"}
    (pattern,) = environments["patternProperties"]
    environments["patternProperties"] = {pattern: _or_null(reference)}
    plain: dict[str, Any] = _without_discriminators(schema)
    return {"$schema": DIALECT, **plain, "title": TITLE}


def schema_text() -> str:
    """The same as a file's text."""
    return json.dumps(json_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema with the docstring of every field, which an editor shows on hovering."""
    for name, definition in {**schema["$defs"], Spec.__name__: schema}.items():
        texts = field_docstrings(_TYPES[name]) if name in _TYPES else {}
        for field, text in texts.items():
            definition["properties"][field]["description"] = text
    return schema


def _types(base: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    for model in base.__subclasses__():
        yield model.__name__, model
        yield from _types(model)


_TYPES = dict(_types(Strict))


def _require_kind(schema: dict[str, Any]) -> None:
    """A component says its kind, though its Python type does not need to."""
    schema["required"] = ["kind", *schema.get("required", ())]
    schema["properties"]["kind"]["description"] = schema["description"]


def _closed(schema: Any) -> Any:
    """The same schema with no keys beside those whose names have the right form."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: _closed(value) for key, value in schema.items()}
    if "patternProperties" in result:
        result["additionalProperties"] = False
    return result


def _without_discriminators(schema: Any) -> Any:
    """The same schema in words of JSON Schema alone: `discriminator` is OpenAPI's.

    Strict validators refuse it, and the `const` of each kind says the same.
    """
    if isinstance(schema, list):
        return [_without_discriminators(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    choice = "oneOf" in schema
    return {
        key: _without_discriminators(value)
        for key, value in schema.items()
        if not (choice and key == "discriminator")
    }


def _partial(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema with nothing required and null allowed, as a merge patch is."""
    result: dict[str, Any] = _walk(schema)
    for name, value in result.get("properties", {}).items():
        if name != "kind":
            description = value.pop("description", None)
            result["properties"][name] = _or_null(value)
            if description:
                result["properties"][name]["description"] = description
    return result


def _walk(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_walk(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "discriminator" in schema:
        return {"anyOf": [_walk(option) for option in schema["oneOf"]]}
    # A patch replaces a list as a whole, so that what stands in one is written in full.
    result = {k: v if k == "items" else _walk(v) for k, v in schema.items() if k not in _OF_WHOLES}
    if isinstance(reference := result.get("$ref"), str):
        result["$ref"] = f"{reference}{_PARTIAL}"
    if isinstance(more := result.get("additionalProperties"), dict):
        result["additionalProperties"] = _or_null(more)
    if isinstance(patterns := result.get("patternProperties"), dict):
        result["patternProperties"] = {p: _or_null(value) for p, value in patterns.items()}
    return result


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}
