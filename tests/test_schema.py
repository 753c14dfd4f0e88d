"""Tests of the JSON Schema that editors use: it takes every right spec and refuses wrong ones."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from tests.strategies.sample import compiled
from tests.strategies.words import Document
from tests.strategies.written import as_document, as_spec
from trazo_spec.authoring.schema import json_schema, schema_text
from trazo_spec.yaml.located import plain
from trazo_spec.yaml.reading import read

SPECS = sorted(Path(__file__).parent.parent.joinpath("specs").glob("*.yaml"))
SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)

WEB = {"kind": "ecs", "image": "acme/web:1", "port": 8000}
RIGHT = {
    "trazo": 1,
    "name": "acme",
    "region": "us-east-2",
    "state": {"bucket": "acme-state"},
    "components": {
        "web": WEB,
        "alb": {"kind": "alb", "hostname": "www.acme.io", "routes": [{"to": "web"}]},
    },
    "environments": {"prod": {}, "test": {"components": {"web": {"cpu": 512, "port": None}}}},
}


def changed(*path_and_value: object) -> dict:
    """The right spec with one value set, or removed where it is the ellipsis."""
    *path, last, value = path_and_value
    document = deepcopy(RIGHT)
    at = document
    for step in path:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return document


def document_of(text: str) -> object:
    """A YAML text as plain data."""
    document, _ = read(text, "x.yaml")
    assert document is not None
    return plain(document)


def test_the_schema_is_one():
    """An editor drops a schema that is not valid itself, without a word."""
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_the_text_is_the_schema():
    """`trazo schema` prints what is tested here."""
    assert json.loads(schema_text()) == SCHEMA


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_shipped_specs_fit_the_schema(spec):
    """An editor must not draw red lines under a right spec, its overlays included."""
    assert list(VALIDATOR.iter_errors(document_of(spec.read_text(encoding="utf-8")))) == []


@given(compiled())
def test_every_valid_spec_fits_the_schema(spec):
    """The schema is not narrower than the language."""
    assert list(VALIDATOR.iter_errors(as_document(spec.spec))) == []


@pytest.mark.parametrize(
    "document",
    [
        changed("trazo", 2),
        changed("trazo", "1"),
        changed("name", ...),
        changed("name", "Acme Shop"),
        changed("region", 3),
        changed("components", {}),
        changed("components", "web", "kind", "ecsz"),
        changed("components", "web", "kind", ...),
        changed("components", "web", "image", ...),
        changed("components", "web", "imagee", "x"),
        changed("components", "web", "cpu", 300),
        changed("components", "web", "cpu", "256"),
        changed("components", "web", "port", 70_000),
        changed("components", "web", "uses", {"alb": "connects"}),
        changed("components", "alb", "routes", []),
        changed("components", "alb", "routes", [{"to": "web", "pth": "/x"}]),
        changed("components", "Web", WEB),
        changed("components", "web", "environment", {"not-a-name": "x"}),
        changed("traffic", {"demand": {"web": {"noise": -1}}}),
        changed("environments", "test", {"components": {"web": {"imagee": "x"}}}),
        changed("environments", "test", {"components": {"web": {"cpu": 300}}}),
        changed("environments", "test", {"components": {"alb": {"routes": [{"path": "/x"}]}}}),
        changed("environments", "test", {"trazo": 1}),
        changed("environments", "test", {"environments": {}}),
        changed("environments", "test", 3),
        changed("environments", "Test", {}),
    ],
    ids=lambda document: str(len(json.dumps(document))),
)
def test_wrong_specs_do_not_fit_the_schema(document):
    """What an editor does not underline is only found when `trazo validate` runs."""
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize(
    "overlay",
    [
        None,
        {"components": None},
        {"components": {"web": None}},
        {"components": {"web": {"cpu": None, "environment": {"A": None}}}},
        {"components": {"files": {"kind": "s3"}}},
        {"domain": "acme.io", "traffic": {"demand": {"web": {"noise": 1}}}},
    ],
)
def test_overlays_may_hold_parts_and_nulls(overlay):
    """An overlay is a merge patch: nothing in it is required, and null removes."""
    assert list(VALIDATOR.iter_errors(changed("environments", "test", overlay))) == []


@given(compiled(), st.data())
def test_the_schema_needs_what_the_types_need(spec, data):
    """Taking a field away is refused by both, or by none."""
    name = data.draw(st.sampled_from(sorted(spec.document["components"])))
    component = spec.document["components"][name]
    less = [{k: v for k, v in component.items() if k != key} for key in component]
    documents = [{**spec.document, "components": {name: fewer}} for fewer in less]

    assert [VALIDATOR.is_valid(d) for d in documents] == [_types_take(d) for d in documents]


def _types_take(document: Document) -> bool:
    try:
        as_spec(document)
    except ValidationError:
        return False
    return True


def test_every_field_has_hover_text():
    """The editor shows what a field means, and in which unit, where it is written."""
    assert [path for path, text in _fields(SCHEMA) if not text] == []


def _fields(schema: dict) -> Iterator[tuple[str, str]]:
    """Every field with its hover text, which may stand at the type that it refers to."""
    for name, part in {"Spec": schema, **schema["$defs"]}.items():
        for field, value in part.get("properties", {}).items():
            one = value["anyOf"][0] if "anyOf" in value else value
            of_type = schema["$defs"].get(one.get("$ref", "").removeprefix("#/$defs/"), {})
            yield f"{name}.{field}", value.get("description") or of_type.get("description", "")
