"""Terraform itself accepts what generated specs become, not only our copy of the schema."""

import json
import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from compiler.backends.terraform.document import document, dump
from compiler.kinds import build
from compiler.lower import lower
from tests.strategies.documents import documents
from tests.strategies.words import Document
from tests.strategies.written import as_spec
from tests.terraform import terraform_missing, validate

SAMPLE = 8
TRIED = 120
REQUIRED = os.environ.get("TRAZO_REQUIRE_TERRAFORM") == "1"

pytestmark = pytest.mark.skipif(
    bool(terraform_missing()) and not REQUIRED, reason=terraform_missing() or "never"
)


@cache
def _sample() -> list[Document]:
    """The same few generated specs every time, those first that have the most to say."""
    seen: list[Document] = []

    @settings(
        max_examples=TRIED,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(documents(environments=False))
    def draw(spec: Document) -> None:
        seen.append(spec)

    draw()
    return sorted(seen, key=lambda spec: (-_kinds(spec), -len(json.dumps(spec))))[:SAMPLE]


def _kinds(spec: Document) -> int:
    """How many different kinds and fields a spec has."""
    return len({(c["kind"], field) for c in spec["components"].values() for field in c})


@pytest.fixture(scope="session")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the provider is set up."""
    return tmp_path_factory.mktemp("generated") / "initialised"


@pytest.mark.parametrize("number", range(SAMPLE))
def test_terraform_accepts_what_generated_specs_become(number, initialised, tmp_path):
    """The strategy goes where no one who writes an example would think to go."""
    plan = lower(build(as_spec(_sample()[number])))
    (tmp_path / "cdk.tf.json").write_text(dump(document(plan)), encoding="utf-8")

    assert validate(tmp_path, initialised) == []
