"""Which account an environment may be applied in."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from compiler.backends.terraform.document import document
from compiler.backends.terraform.hcl import hcl
from compiler.findings.check import check
from compiler.lower import lower
from trazo.program import app
from trazo_spec.load import load

SITE = """\
trazo: 1
name: site
region: us-east-2
state: {bucket: site-terraform-state}
components:
  files: {kind: s3, purpose: static}
  cdn: {kind: cloudfront, hostname: www.example.com, origin: files}
  zone: {kind: dns, zone: example.com}
"""
ACCOUNT = 'account: "012345678901"\n'


def test_every_provider_refuses_other_accounts():
    """A certificate in another region must not go into another account either."""
    graph = check(load(SITE + ACCOUNT, "spec.yaml")).graphs["prod"]
    providers = document(lower(graph))["provider"]["aws"]

    assert [p.get("alias") for p in providers] == [None, "us_east_1"]
    assert [p["allowed_account_ids"] for p in providers] == [["012345678901"]] * 2
    assert hcl(lower(graph)).count('allowed_account_ids = ["012345678901"]') == 2


def test_without_an_account_nothing_is_said():
    """A spec of version 1 compiles to the same bytes."""
    graph = check(load(SITE, "spec.yaml")).graphs["prod"]

    assert "allowed_account_ids" not in str(document(lower(graph)))


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("012345678901", 'quote it: "012345678901"'),
        ("123456789012", 'quote it: "123456789012"'),
    ],
)
def test_a_number_is_told_to_be_quoted_with_its_zeros(written, advice):
    """As a number it would lose the zeros in front."""
    (finding,) = load(f"{SITE}account: {written}\n", "spec.yaml").diagnostics

    assert (finding.code, finding.help) == ("TZ201", advice)


def test_an_account_has_twelve_digits():
    """Terraform would find that out only when it asks AWS."""
    (finding,) = load(f'{SITE}account: "12345678901"\n', "spec.yaml").diagnostics

    assert finding.code == "TZ206"


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        (ACCOUNT, True),
        (f'{ACCOUNT}environments: {{prod: {{}}, test: {{account: "210987654321"}}}}\n', False),
        ("", False),
    ],
    ids=["one", "two", "none"],
)
def test_the_state_bucket_is_in_the_account_of_all_environments(
    tmp_path, monkeypatch, accounts, expected
):
    """With several accounts it may be in any of them."""
    monkeypatch.chdir(tmp_path)
    tests = "cdn: {hostname: test.example.net}, zone: {zone: example.net}"
    text = SITE + accounts.replace("test: {", f"test: {{components: {{{tests}}}, ")
    Path("spec.yaml").write_text(text)
    run = CliRunner().invoke(app, ["compile", "spec.yaml", "--format", "hcl", "-o", "out"])
    folder = "out"

    assert run.exit_code == 0, run.output
    written = Path(folder, "bootstrap", "cdk.tf").read_text()
    assert ("allowed_account_ids" in written) == expected
