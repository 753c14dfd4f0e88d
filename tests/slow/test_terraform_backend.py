"""Terraform files as CDKTF writes them, judged by Terraform itself."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from compiler.backends.terraform.launch import engine
from compiler.backends.terraform.render import render
from compiler.backends.terraform.worker import start, synthesize
from compiler.backends.tools import ToolMissing
from compiler.plan.bootstrap import bootstrap_plan
from compiler.plan.plan import Block, Expr, Join, Json, Moved, Output, Plan, Ref, StateBackend
from compiler.provider_schema import check
from tests.terraform import outputs, terraform_available, terraform_missing, validate

needs_terraform = pytest.mark.skipif(not terraform_available(), reason=terraform_missing())

HOSTILE = (
    "${aws_s3_bucket.media.id}",
    "$${x} $$${x} %{ if true } %%{ endif }",
    "${TfToken[TOKEN.0]} #{TfToken[TOKEN.1]}",
    '"quotes" and \\back\\slashes\\',
    "two\nlines\tand a tab",
    "é ü \u2028 😀",
    "$",
    "100%",
    "~} ${~ x ~}",
    "<<EOT",
    "//",
)


def media(environment: str) -> Plan:
    """Fifteen blocks of every mode, with hostile text wherever text may stand."""
    password = Ref("ephemeral.aws_secretsmanager_random_password.db", "random_password")
    bucket = Ref("aws_s3_bucket.media", "id")
    arn = Ref("aws_s3_bucket.media", "arn")
    account = Ref("data.aws_caller_identity.current", "account_id")
    container = {
        "name": "web",
        "image": "acme/web:1",
        "environment": [{"name": f"V{n}", "value": v} for n, v in enumerate(HOSTILE)],
        "portMappings": [{"containerPort": 8443}],
    }
    statement = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": [Join((arn, "/${aws:username}/*")), "arn:aws:s3:::x$"],
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
    }
    blocks = (
        Block("aws_caller_identity", "current", {}, mode="data"),
        Block("aws_region", "east", {}, mode="data", provider="us_east_1"),
        Block(
            "aws_secretsmanager_random_password", "db", {"password_length": 32}, mode="ephemeral"
        ),
        Block("aws_secretsmanager_secret", "db", {"name": "db", "description": HOSTILE[0]}),
        Block(
            "aws_secretsmanager_secret_version",
            "db",
            {
                "secret_id": Ref("aws_secretsmanager_secret.db", "id"),
                "secret_string_wo": Json({"password": password, "user": HOSTILE[3]}),
                "secret_string_wo_version": 1,
            },
        ),
        Block(
            "aws_s3_bucket",
            "media",
            {"bucket": "shop-media", "tags": dict.fromkeys(HOSTILE, HOSTILE[0])},
            lifecycle={"prevent_destroy": True, "ignore_changes": ["tags"]},
        ),
        Block(
            "aws_s3_bucket_policy",
            "media",
            {"bucket": bucket, "policy": Json({"Version": "2012-10-17", "Statement": [statement]})},
            depends_on=("aws_s3_bucket_public_access_block.media",),
        ),
        Block("aws_s3_bucket_public_access_block", "media", {"bucket": bucket}),
        Block(
            "aws_s3_bucket_versioning",
            "media",
            {"bucket": bucket, "versioning_configuration": [{"status": "Enabled"}]},
        ),
        Block(
            "aws_iam_role",
            "web",
            {"assume_role_policy": Json({"Version": "2012-10-17", "Statement": [trust]})},
        ),
        Block("aws_ecs_cluster", "main", {"name": "main"}),
        Block(
            "aws_ecs_task_definition",
            "web",
            {
                "family": "web",
                "cpu": "256",
                "memory": "512",
                "network_mode": "awsvpc",
                "execution_role_arn": Ref("aws_iam_role.web", "arn"),
                "container_definitions": Json([container]),
            },
        ),
        Block(
            "aws_acm_certificate",
            "site",
            {"domain_name": "example.com", "validation_method": "DNS"},
            provider="us_east_1",
            lifecycle={"create_before_destroy": True},
        ),
        Block("aws_route53_zone", "zone", {"name": "example.com", "comment": "\n".join(HOSTILE)}),
        Block(
            "aws_route53_record",
            "site",
            {
                "for_each": Expr(
                    "{ for o in aws_acm_certificate.site.domain_validation_options :"
                    " o.domain_name => o }",
                    ("aws_acm_certificate.site",),
                ),
                "zone_id": Ref("aws_route53_zone.zone", "zone_id"),
                "name": Expr("each.value.resource_record_name"),
                "type": Expr("each.value.resource_record_type"),
                "records": [Expr("each.value.resource_record_value")],
                "ttl": 300,
            },
        ),
    )
    return Plan(
        project="shop ${x}",
        environment=environment,
        region="us-east-2",
        state=StateBackend("shop-state", f"{environment}/terraform.tfstate", "us-east-2"),
        blocks=blocks,
        aliases={"us_east_1": "us-east-1"},
        outputs=(Output("media_arn", arn, "The ARN of ${media}."),),
        moved=(Moved("aws_s3_bucket.old", "aws_s3_bucket.media"),),
        default_tags={"Note": HOSTILE[1]},
    )


PLANS = {
    "staging": media("staging"),
    "bootstrap": bootstrap_plan("shop", "shop-terraform-state", "us-east-2"),
}


@pytest.fixture(scope="session")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where Terraform has set up the provider."""
    return tmp_path_factory.mktemp("initialised")


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """What the default engine writes for both plans."""
    return synthesize(PLANS)


def test_the_plan_of_this_test_passes_our_own_check() -> None:
    """What Terraform accepts below, the offline check accepts too."""
    assert [check(plan) for plan in PLANS.values()] == [(), ()]


@needs_terraform
@pytest.mark.parametrize("name", sorted(PLANS))
def test_terraform_accepts_what_is_written(
    name: str, texts: dict[str, str], initialised: Path, tmp_path: Path
) -> None:
    """Hostile text, ephemeral blocks, aliases, moves and `for_each` included."""
    (tmp_path / "cdk.tf.json").write_text(texts[name])

    assert validate(tmp_path, initialised) == []


@needs_terraform
def test_terraform_reads_hostile_text_as_it_was_written(tmp_path: Path) -> None:
    """The proof of escaping: Terraform itself evaluates every template back to the text."""
    reference = Expr('"R"')
    joined = {f"joined_{n}": (text, reference, text) for n, text in enumerate(HOSTILE)}
    values = {
        **{f"text_{n}": render(text) for n, text in enumerate(HOSTILE)},
        **{name: render(Join(parts)) for name, parts in joined.items()},
        "keys": render(dict.fromkeys(HOSTILE, "x")),
        "json": render(Json({"texts": HOSTILE, "r": [reference, Json({"r": reference})]})),
        "big": render(2**60 + 1),
    }
    config = {"output": {name: {"value": value} for name, value in values.items()}}
    (tmp_path / "main.tf.json").write_text(json.dumps(config))
    found = outputs(tmp_path)
    found["json"] = json.loads(found["json"])

    assert found == {
        **{f"text_{n}": text for n, text in enumerate(HOSTILE)},
        **{f"joined_{n}": f"{text}R{text}" for n, text in enumerate(HOSTILE)},
        "keys": dict.fromkeys(HOSTILE, "x"),
        "json": {"texts": list(HOSTILE), "r": ["R", '{"r":"R"}']},
        "big": str(2**60 + 1),
    }


def test_both_engines_write_the_same_bytes(
    texts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """CDKTF is archived; its fork takes over without a diff."""
    monkeypatch.setenv("TRAZO_ENGINE", "cdktn")

    assert synthesize(PLANS) == texts


def test_the_surroundings_change_nothing(
    texts: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings of CDKTF, another folder, another home, another time zone: the same bytes."""
    (tmp_path / "cdktf.json").write_text('{"context": {"excludeStackIdFromLogicalIds": "true"}}')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SYNTH_HCL_OUTPUT", "true")
    monkeypatch.setenv("CDKTF_CONTEXT_JSON", '{"allowSepCharsInLogicalIds": true}')
    monkeypatch.setenv("NODE_OPTIONS", "--require /nowhere")
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    monkeypatch.delenv("HOME", raising=False)

    assert synthesize(dict(reversed(PLANS.items()))) == texts


def test_a_home_that_cannot_hold_a_cache_is_no_obstacle(
    texts: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Containers often have a read-only home."""
    (tmp_path / ".cache").write_text("a file where jsii wants a folder")
    monkeypatch.setenv("HOME", str(tmp_path))

    assert synthesize(PLANS) == texts


def test_no_word_of_node_or_jsii_reaches_the_user() -> None:
    """What a tool has to say of itself is noise between our findings."""
    code = (
        "from compiler.backends.terraform.worker import synthesize\n"
        "from compiler.plan.bootstrap import bootstrap_plan\n"
        "synthesize({'b': bootstrap_plan('shop', 'shop-state', 'us-east-2')})"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert (run.stdout, run.stderr) == ("", "")


@pytest.mark.parametrize(
    ("node", "advice"),
    [
        ("/nowhere/node", "JSII_NODE is `/nowhere/node`, which cannot be executed"),
        ("false", "Node.js at false does not run: unset JSII_NODE"),
        ("old", f"Node.js v12.22.0 is too old for {engine()}: unset JSII_NODE"),
    ],
)
def test_a_node_that_does_not_work_is_one_line_of_advice(
    node: str, advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CDKTF would end in an unrelated `AttributeError`."""
    old = tmp_path / "old"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo v12.22.0\n')
    old.chmod(0o755)
    monkeypatch.setenv("JSII_NODE", str(old) if node == "old" else node)
    with pytest.raises(ToolMissing) as error:
        synthesize(PLANS)

    assert advice in str(error.value)
    assert "\n" not in str(error.value)


def test_a_node_that_dies_half_way_is_one_line_of_advice() -> None:
    """The out-of-memory killer picks the largest process."""
    worker = start()
    os.kill(worker.process.pid, signal.SIGKILL)
    with pytest.raises(ToolMissing, match="stopped prematurely and nothing was written"):
        synthesize(PLANS, worker)


def test_an_unknown_engine_is_one_line_of_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A typo must not fall back to the default in silence."""
    monkeypatch.setenv("TRAZO_ENGINE", "cdk")
    with pytest.raises(ToolMissing, match="set it to cdktf or cdktn"):
        synthesize(PLANS)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither temporary files nor processes."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    worker = start()
    synthesize(PLANS, worker)

    assert worker.process.returncode is not None
    assert list(tmp_path.iterdir()) == []
