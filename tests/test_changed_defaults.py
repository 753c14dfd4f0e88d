"""What the owner of a stack is told once: a default that became safer."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from compiler.backends.terraform.document import Document, document, dump
from compiler.changes.defaults import changed_defaults
from compiler.findings.check import check
from compiler.graph.graph import Graph
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
  cdn: {kind: cloudfront, hostname: static.example.com, origin: files}
  zone: {kind: dns, zone: example.com}
"""
KEPT = SITE.replace("origin: files}", "origin: files, hsts: {include_subdomains: true}}")


def _graph(text: str) -> Graph:
    return check(load(text, "spec.yaml")).graphs["prod"]


def _earlier() -> Document:
    """What an earlier version compiled, when subdomains were always included."""
    return json.loads(dump(document(lower(_graph(KEPT)))))


def test_a_header_that_no_longer_holds_for_subdomains_is_told():
    """Nobody edited the spec, but browsers get another header."""
    (finding,) = changed_defaults(_earlier(), _graph(SITE))

    assert (finding.code, finding.path) == ("TZ709", ("components", "cdn"))


@pytest.mark.parametrize(
    "text", [KEPT, KEPT.replace("include_subdomains: true", "include_subdomains: false")]
)
def test_who_writes_the_field_has_decided(text):
    """The diff shows what they changed."""
    assert list(changed_defaults(_earlier(), _graph(text))) == []


@pytest.mark.parametrize("before", [{}, json.loads(dump(document(lower(_graph(SITE)))))])
def test_nothing_is_told_where_nothing_changes(before):
    """A new stack, and one that was compiled since."""
    assert list(changed_defaults(before, _graph(SITE))) == []


def test_compile_tells_it_and_goes_on(tmp_path, monkeypatch):
    """It is a warning: the change is the safe one."""
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text(SITE)
    folder = tmp_path / "out" / "prod"
    folder.mkdir(parents=True)
    (folder / "cdk.tf.json").write_text(dump(document(lower(_graph(KEPT)))))
    arguments = ["compile", "spec.yaml", "--format", "hcl", "-o", "out", "--check"]
    run = CliRunner().invoke(app, arguments)

    assert "spec.yaml:7:3: warning TZ709: the HSTS header of `cdn`" in run.output
