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


WORKER = """\
trazo: 1
name: shop
region: us-east-2
state: {bucket: shop-terraform-state}
components:
  network: {kind: networking, s3_buckets: any}
  worker: {kind: ecs, image: "123456789012.dkr.ecr.us-east-2.amazonaws.com/worker:1"}
"""


def _without_policy(label: str = "network_s3") -> Document:
    """What an earlier version compiled, when the endpoint had no policy."""
    compiled: Document = json.loads(dump(document(lower(_graph(WORKER)))))
    endpoints = compiled["resource"]["aws_vpc_endpoint"]
    endpoint = endpoints.pop("network_s3")
    del endpoint["policy"]
    endpoints[label] = endpoint
    return compiled


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        (WORKER.replace(", s3_buckets: any", ""), "network_s3", "network"),
        (
            WORKER.replace("network: {kind: networking, s3_buckets: any}", "").replace(
                "\n  \n", "\n"
            ),
            "network_s3",
            "network",
        ),
        (
            WORKER.replace("network: {", "vpc: {was: network, ").replace(", s3_buckets: any", ""),
            "network_s3",
            "vpc",
        ),
    ],
    ids=["written", "implied", "renamed"],
)
def test_an_endpoint_that_no_longer_lets_every_bucket_through_is_told(text, label, name):
    """Tasks may use buckets of which the spec knows nothing."""
    (finding,) = changed_defaults(_without_policy(label), _graph(text))

    assert (finding.code, finding.path) == ("TZ709", ("components", name))
    assert "S3 endpoint" in finding.message


@pytest.mark.parametrize("buckets", ["any", "[]", "[acme-data]"])
def test_who_says_which_buckets_has_decided(buckets):
    """The diff shows the policy."""
    graph = _graph(WORKER.replace("s3_buckets: any", f"s3_buckets: {buckets}"))

    assert list(changed_defaults(_without_policy(), graph)) == []


def test_an_endpoint_with_a_policy_was_told_before():
    """It is told once."""
    graph = _graph(WORKER.replace(", s3_buckets: any", ""))
    compiled = json.loads(dump(document(lower(graph))))

    assert list(changed_defaults(compiled, graph)) == []


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
