"""Terraform's own language as `--format hcl` writes it, judged by Terraform itself."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from compiler.backends.terraform.document import document, dump
from compiler.backends.terraform.hcl import hcl
from compiler.backends.terraform.hcl_layout import assignment, text
from compiler.backends.terraform.hcl_values import value
from compiler.lower import lower
from compiler.plan.plan import Block, Expr, Join, Json, Plan, Value
from tests.aws.looked_up import account
from tests.plans import bootstrap_of, environments, existing, plan_of, planned
from tests.slow.test_terraform_backend import HOSTILE, media
from tests.terraform import (
    format_changes,
    outputs,
    terraform_available,
    terraform_missing,
    validate,
)

pytestmark = pytest.mark.skipif(not terraform_available(), reason=terraform_missing())

DOCUMENTS: Mapping[str, Value] = {
    "web_page": {"a": "<&>"},
    "float": {"a": 1.0},
    "big": {"a": 2**60},
    "separator": {"a": "\u2028"},
    "empty": {"a": [], "b": {}},
    "inner": {"a": Json({"b": "<"})},
    "web_page_key": {"<": "a"},
    "control": {"a": "\x07"},
    "hostile": {text: list(HOSTILE) for text in HOSTILE},
}


def policies() -> Plan:
    """A bucket policy for each document."""
    blocks = (
        Block("aws_s3_bucket_policy", name, {"bucket": "shop", "policy": Json(inner)})
        for name, inner in DOCUMENTS.items()
    )
    return Plan("shop", "prod", "us-east-2", None, tuple(blocks))


PLANS: Mapping[str, Plan] = {
    "hostile": media("staging"),
    "documents": policies(),
    "bootstrap": bootstrap_of("trazo"),
    "existing": lower(existing().graphs["prod"]),
    **{f"{example}, {name}": plan_of(example, name) for example, name in environments()},
}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An AWS account for the data sources."""
    with account() as address:
        yield address


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the plans of this file."""
    return tmp_path_factory.mktemp("plans")


@pytest.mark.parametrize("name", PLANS)
def test_both_formats_plan_the_same_values(name: str, endpoint: str, shared: Path) -> None:
    """A team that switches the format gets no diff.

    `jsonencode` escapes `<`, `>` and `&`: a document that holds one is written as text instead.
    """
    plan = PLANS[name]
    as_json = planned(dump(document(plan)), plan, endpoint, shared)
    as_hcl = planned(hcl(plan), plan, endpoint, shared)
    keys = ("planned_values", "resource_changes", "output_changes")

    assert [as_json.get(key) for key in keys] == [as_hcl.get(key) for key in keys]


@pytest.mark.parametrize("name", PLANS)
def test_files_are_formatted(name: str, tmp_path: Path) -> None:
    """The next `terraform fmt` of a team changes nothing."""
    (tmp_path / "cdk.tf").write_text(hcl(PLANS[name]))

    assert format_changes(tmp_path) == ""


def test_hostile_text_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The proof of escaping: Terraform itself evaluates every expression back to the text."""
    reference = Expr('"R"')
    values: dict[str, Value] = {
        **{f"text_{n}": text for n, text in enumerate(HOSTILE)},
        **{f"joined_{n}": Join((text, reference, text)) for n, text in enumerate(HOSTILE)},
        "keys": dict.fromkeys(HOSTILE, "x"),
        "keywords": {"for": "a", "null": "b", "if": "c", "a-b": "d", "1": "e"},
        "numbers": [2**60 + 1, 1.0, 0.000_001, -3, True],
        "json": Json({"texts": HOSTILE, "r": [reference, Json({"r": reference})], "none": None}),
        "plain_json": Json({"b": [1, "é 😀", '"\\'], "a": Json({"r": reference}), "none": None}),
    }
    file = "\n".join(
        f'output "{name}" {{\n{text(assignment("  value", value(v)))}}}\n'
        for name, v in values.items()
    )
    (tmp_path / "main.tf").write_text(file)
    found = outputs(tmp_path)

    assert found == {
        **{f"text_{n}": text for n, text in enumerate(HOSTILE)},
        **{f"joined_{n}": f"{text}R{text}" for n, text in enumerate(HOSTILE)},
        "keys": dict.fromkeys(HOSTILE, "x"),
        "keywords": {"for": "a", "null": "b", "if": "c", "a-b": "d", "1": "e"},
        "numbers": [str(2**60 + 1), 1, 0.000_001, -3, True],
        "json": json.dumps(
            {"none": None, "r": ["R", '{"r":"R"}'], "texts": HOSTILE},
            separators=(",", ":"),
            ensure_ascii=False,
        ),
        "plain_json": '{"a":"{\\"r\\":\\"R\\"}","b":[1,"é 😀","\\"\\\\"],"none":null}',
    }


def test_hostile_hcl_is_valid(tmp_path: Path, shared: Path) -> None:
    """Ephemeral blocks, aliases, moves, bare references of lifecycle rules and `for_each`."""
    (tmp_path / "cdk.tf").write_text(hcl(media("staging")))

    assert validate(tmp_path, shared / "valid") == []
