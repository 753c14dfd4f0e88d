"""Specs as plain documents, as text, and as the language's type."""

import json
import re
from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from tests.strategies.words import Document
from trazo_spec.document import Spec


def as_spec(document: Mapping[str, Any]) -> Spec:
    """A plain document as the language's type."""
    return Spec.model_validate_json(json.dumps(document))


def as_document(spec: Spec) -> Document:
    """A spec as the plain document that it was written as."""
    return spec.model_dump(mode="json", by_alias=True, exclude_unset=True)


def dump(spec: Spec) -> str:
    """A spec as people write it, in block style."""
    document = as_document(spec)
    # ruamel.yaml breaks lines at these, as YAML 1.1 did, so they have to be escaped.
    plain = not re.search("[\x85\u2028\u2029]", json.dumps(document, ensure_ascii=False))
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.allow_unicode, yaml.sort_base_mapping_type_on_output = (
        False,
        plain,
        False,
    )
    stream = StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def dump_json(document: Mapping[str, Any]) -> str:
    """A document as JSON, which is YAML too, with what YAML does not print escaped."""
    text = json.dumps(document, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\ufffe\uffff\ufeff]", lambda m: f"\\u{ord(m[0]):04x}", text)
