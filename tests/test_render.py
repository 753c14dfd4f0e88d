"""Values of a plan in Terraform's JSON syntax: text stays text, references stay references."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.backends.terraform.document import document, dump
from compiler.backends.terraform.render import escape, render
from compiler.plan.plan import Block, Expr, Join, Json, Moved, Output, Plan, Ref, StateBackend

ARN = Ref("aws_s3_bucket.media", "arn")


def plan(*blocks: Block, **fields: object) -> Plan:
    """A plan with these blocks and a state bucket."""
    state = StateBackend("shop-state", "prod/terraform.tfstate", "us-east-2")
    given = {"project": "shop", "environment": "prod", "region": "us-east-2", "state": state}
    return Plan(**(given | fields), blocks=blocks)


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("${aws_lb.alb.arn}", "$${aws_lb.alb.arn}"),
        ("%{ if true }x%{ endif }", "%%{ if true }x%%{ endif }"),
        ("$${x}", "$$${x}"),
        ("100 % of $5", "100 % of $5"),
        ("${TfToken[TOKEN.0]}", '$${TfToken${"["}TOKEN.0]}'),
        ("$$jsii.byref", '$$js${"ii."}byref'),
    ],
)
def test_text_of_a_spec_never_becomes_an_expression(text: str, template: str) -> None:
    """A spec could otherwise read any value of the state, or break the file."""
    assert render(text) == template


def test_keys_of_a_map_are_escaped_too() -> None:
    """Terraform reads the keys of a JSON object as templates as well."""
    assert render({"${x}": "y"}) == {"$${x}": "y"}


@pytest.mark.parametrize(
    ("value", "rendered"),
    [
        (ARN, "${aws_s3_bucket.media.arn}"),
        (Ref("aws_lb.alb", ""), "${aws_lb.alb}"),
        (Ref("aws_subnet.a", "[*].id"), "${aws_subnet.a[*].id}"),
        (Ref("aws_lb.alb", "arn", late=True), "${try(aws_lb.alb.arn, timestamp())}"),
        (Expr("[for x in y : x]"), "${[for x in y : x]}"),
        (Join((ARN, "/*")), "${aws_s3_bucket.media.arn}/*"),
        (Join(("$", "{x}")), "$${x}"),
        (Join(("costs $$", ARN)), 'costs ${"$$"}${aws_s3_bucket.media.arn}'),
    ],
)
def test_references_become_expressions_and_texts_beside_them_do_not(
    value: Ref | Expr | Join, rendered: str
) -> None:
    """`$` before a reference would turn it into text, and `$` before `{` would make a new one."""
    assert render(value) == rendered


def test_json_is_one_text_with_sorted_keys_and_escaped_contents() -> None:
    """The order of a mapping in a spec is no reason for a diff."""
    document = {"b": [ARN, None, True, 1], "a": 'say "${x}"\n'}

    assert render(Json(document)) == (
        '{"a":"say \\"$${x}\\"\\n","b":["${aws_s3_bucket.media.arn}",null,true,1]}'
    )


def test_json_inside_json_is_escaped_twice() -> None:
    """A task's environment may hold a JSON text of its own."""
    assert render(Json({"x": Json({"y": ARN})})) == (
        '{"x":"{\\"y\\":\\"${aws_s3_bucket.media.arn}\\"}"}'
    )


@given(st.recursive(st.text() | st.integers() | st.booleans() | st.none(), st.lists))
def test_a_document_without_markers_reads_back_as_it_was(value: object) -> None:
    """Quotes, newlines and all of Unicode survive inside a JSON text."""
    rendered = render(Json(value))
    if "${" not in rendered and "%{" not in rendered:
        assert json.loads(rendered) == value


@pytest.mark.parametrize(
    ("value", "rendered"),
    [
        (2**53 - 1, 2**53 - 1),
        (2**53, "9007199254740992"),
        (-(2**63), "-9223372036854775808"),
        (1.0, 1),
        (0.5, 0.5),
        (True, True),
    ],
)
def test_numbers_lose_no_digit(value: float, rendered: float | str) -> None:
    """JavaScript, in which CDKTF runs, would round whole numbers above 2^53."""
    found = render(value)

    assert (type(found), found) == (type(rendered), rendered)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    """JSON has no word for it, and a quiet 0 or null would be deployed."""
    with pytest.raises(ValueError, match="not a number"):
        render(value)


def test_nothing_is_left_out_of_lists_and_mappings() -> None:
    """CDKTF drops it without a word; so it is dropped before, where it can be seen."""
    assert render({"a": None, "b": ["x", None]}) == {"b": ["x"]}


def test_two_blocks_of_one_address_are_refused() -> None:
    """CDKTF would merge them into one block."""
    with pytest.raises(ValueError, match=r"aws_lb\.alb"):
        document(plan(Block("aws_lb", "alb", {}), Block("aws_lb", "alb", {})))


def test_a_block_carries_its_meta_arguments() -> None:
    """Provider, order and lifecycle are bare addresses, not templates."""
    block = Block(
        "aws_lb",
        "alb",
        {"name": "x", "idle_timeout": None},
        provider="us_east_1",
        depends_on=("aws_vpc.b", "aws_vpc.a"),
        lifecycle={
            "ignore_changes": ["tags"],
            "replace_triggered_by": [Ref("aws_vpc.a", "id")],
            "prevent_destroy": True,
        },
    )

    assert document(plan(block))["resource"]["aws_lb"]["alb"] == {
        "name": "x",
        "provider": "aws.us_east_1",
        "depends_on": ["aws_vpc.a", "aws_vpc.b"],
        "lifecycle": {
            "ignore_changes": ["tags"],
            "replace_triggered_by": ["aws_vpc.a.id"],
            "prevent_destroy": True,
        },
    }


def test_every_provider_tags_what_it_makes() -> None:
    """A bill by project and environment needs the tags on everything, in both regions."""
    providers = document(plan(aliases={"us_east_1": "us-east-1"}, default_tags={"Team": "a"}))
    tags = {"Project": "shop", "Environment": "prod", "ManagedBy": "trazo", "Team": "a"}

    assert providers["provider"]["aws"] == [
        {"region": "us-east-2", "default_tags": [{"tags": tags}]},
        {"region": "us-east-1", "default_tags": [{"tags": tags}], "alias": "us_east_1"},
    ]


def test_the_state_is_locked_and_encrypted() -> None:
    """Two people who apply at once would destroy each other's state."""
    assert document(plan())["terraform"]["backend"] == {
        "s3": {
            "bucket": "shop-state",
            "key": "prod/terraform.tfstate",
            "region": "us-east-2",
            "encrypt": True,
            "use_lockfile": True,
        }
    }


def test_without_a_state_bucket_the_state_is_local_and_relative() -> None:
    """An absolute path would differ between machines."""
    assert document(plan(state=None))["terraform"]["backend"] == {
        "local": {"path": "terraform.tfstate"}
    }


def test_ephemeral_blocks_moves_and_outputs_have_their_sections() -> None:
    """CDKTF has no construct for the first two."""
    made = document(
        plan(
            Block("aws_secretsmanager_random_password", "db", {}, mode="ephemeral"),
            moved=(Moved("aws_lb.old", "aws_lb.alb"),),
            outputs=(Output("arn", ARN, "Costs ${x}."),),
        )
    )

    assert (made["ephemeral"], made["moved"], made["output"]) == (
        {"aws_secretsmanager_random_password": {"db": {}}},
        [{"from": "aws_lb.old", "to": "aws_lb.alb"}],
        {"arn": {"value": "${aws_s3_bucket.media.arn}", "description": "Costs $${x}."}},
    )


def test_a_file_is_sorted_and_ends_with_a_newline() -> None:
    """The order of blocks in a spec is no reason for a diff."""
    text = dump({"b": 1, "a": {"d": 1, "c": escape("é")}})

    assert text.splitlines()[2:] == [
        '  "a": {',
        '    "c": "é",',
        '    "d": 1',
        "  },",
        '  "b": 1',
        "}",
    ]
