"""The strategies that types alone tell: what they draw is right, and a new kind is among it."""

import json
from types import SimpleNamespace
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from tests import one_of_each
from tests.strategies import derived
from tests.strategies.derived import OF_EVERY_KIND, bodies, fields, of_type, undrawn
from tests.strategies.draft import Draft
from trazo_spec.base import Name, Strict
from trazo_spec.components import KINDS
from trazo_spec.text import BucketName, Region, UrlPath


class Part(Strict):
    """A part with a field that is needed."""

    days: Annotated[int, Field(ge=1, le=9)]
    """How long."""
    path: UrlPath = "/"
    """Where."""


class Whole(Strict):
    """A value with fields of each sort."""

    part: Part
    """What it has."""
    parts: tuple[Part, ...] = ()
    """What it has several of."""
    size: Literal["small", "large"] = "small"
    """How large."""
    share: Annotated[float, Field(gt=0, lt=1)] | None = None
    """How much."""
    tags: dict[Annotated[str, Field(pattern=r"^[a-z]+$", max_length=8)], bool] = {}  # noqa: RUF012 - pydantic copies it
    """What it says."""
    text: Annotated[str, Field(min_length=1, max_length=5)] = "x"
    """A few letters."""


Whole.model_rebuild()


@given(of_type(Whole))
def test_a_type_tells_what_it_takes(drawn):
    """Bounds, patterns, choices, lists, mappings and parts."""
    assert Whole.model_validate_json(json.dumps(drawn))


@pytest.mark.parametrize("form", [BucketName, Region, Name])
def test_a_form_that_only_a_function_knows_is_left_out(form):
    """A name is that of another component, and a region one of AWS's."""
    assert of_type(form) is None


@pytest.mark.parametrize("kind", ["rds", "redis", "s3"])
def test_the_bodies_of_a_kind_are_right(kind):
    """Kinds that need nothing: a choice of their fields is one that the language takes."""

    @given(bodies(kind))
    def each(body):
        assert KINDS[kind].model_validate_json(json.dumps({"kind": kind, **body}))

    each()


@pytest.mark.parametrize("kind", KINDS)
def test_each_field_is_drawn_or_known_not_to_be(kind):
    """Else a new field of a new kind would have no laws, and nobody would know."""
    keys = {field.alias or name for name, field in KINDS[kind].model_fields.items()}

    assert keys - set(OF_EVERY_KIND) == {*fields(kind), *undrawn(kind)} - set(OF_EVERY_KIND)


@pytest.mark.parametrize(
    ("own", "drawn"),
    [
        (SimpleNamespace(FIELDS={"bucket": st.just("acme-own")}), {"acme-own"}),
        (SimpleNamespace(drawn=lambda draft: {"bucket": f"acme-{draft.region}"}), {"acme-here"}),
        (SimpleNamespace(drawn=lambda _: None), set()),
    ],
)
def test_the_tests_of_a_kind_say_more_than_its_type(monkeypatch, own, drawn):
    """The form of a name, or that a component needs another one which is not there."""
    monkeypatch.setattr(derived, "BY_HAND", set(KINDS) - {"s3"})
    monkeypatch.setattr(derived, "own_tests", lambda _: own)
    found = set()

    @given(st.data())
    def each(data):
        draft = Draft(data.draw, "here", "example.com")
        derived.add_others(draft)
        found.update(c["bucket"] for c in draft.components.values() if "bucket" in c)

    each()

    assert found == drawn


def test_the_one_service_uses_all_that_it_may():
    """What nobody uses would not be looked at as what is used."""
    components = one_of_each.components()

    assert set(components) == set(KINDS)
    assert set(components[one_of_each.SERVICE]["uses"]) == dict(one_of_each.linkable()).keys()
