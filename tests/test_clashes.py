"""Names that two specs would both own in one account."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from compiler.findings.check import check
from compiler.findings.clashes import clashes
from trazo.program import app
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.load import load

SHOP = """\
trazo: 1
name: shop
region: us-east-2
state: {bucket: acme-terraform-state}
components:
  alb: {kind: alb, hostname: shop.example.com, routes: [{to: web}]}
  web: {kind: ecs, image: "acme/web:1", port: 8000, uses: {db: connect}}
  db: {kind: rds}
  zone: {kind: dns, zone: shop.example.com}
"""
BLOG = SHOP.replace("shop", "blog")
SITE = """\
trazo: 1
name: site
region: us-east-2
state: {bucket: acme-terraform-state}
components:
  files: {kind: s3, purpose: static}
  cdn: {kind: cloudfront, hostname: shop.example.com, origin: files}
"""
# Worked out by hand from the resources of an application with a load balancer, a service and a
# database: what the second apply would find taken. Security groups are in a VPC of their own.
SHARED = [
    "IAM role `prod-web-execution`",
    "IAM role `prod-web-task`",
    "database `prod-db`",
    "load balancer `prod-alb`",
    "log group `/aws/rds/instance/prod-db/postgresql`",
    "log group `/aws/rds/instance/prod-db/upgrade`",
    "log group `/ecs/prod-web`",
    "parameter group `prod-db-postgres16`",
    "secret `prod/db/credentials`",
    "subnet group `prod-db`",
    "task definition `prod-web`",
]


def _clashes(*texts: str) -> list[list[Diagnostic]]:
    specs = [check(load(text, f"{i}.yaml")) for i, text in enumerate(texts)]
    return [list(each) for each in clashes(specs)]


def _owned(findings: list[Diagnostic]) -> list[str]:
    return sorted(d.message.partition(" the ")[2].partition(", like")[0] for d in findings)


def test_every_name_that_two_specs_would_own_is_said_of_both():
    """Each of them may be the one that somebody has open."""
    first, second = _clashes(SHOP, BLOG)

    assert _owned(first) == _owned(second) == SHARED
    assert {d.code for d in (*first, *second)} == {"TZ693"}
    assert {(d.at.file, d.related[0].file) for d in first} == {("0.yaml", "1.yaml")}
    assert {(d.at.file, d.related[0].file) for d in second} == {("1.yaml", "0.yaml")}


def _with(text: str, line: str) -> str:
    return text.replace("region: us-east-2\n", f"region: us-east-2\n{line}\n")


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("names: {prefix: blog}", []),
        ('account: "210987654321"', []),
        ('account: "123456789012"', SHARED),
    ],
    ids=["prefix", "other account", "same account"],
)
def test_a_prefix_or_an_account_of_its_own_keeps_specs_apart(line, left):
    """These are the two ways out that the finding names."""
    shop = _with(SHOP, 'account: "123456789012"')

    assert _owned(_clashes(shop, _with(BLOG, line))[0]) == left


def test_in_another_region_only_the_names_of_the_account_clash():
    """Roles are of an account, all others of these are of a region."""
    abroad = BLOG.replace("us-east-2", "eu-west-1")

    assert _owned(_clashes(SHOP, abroad)[0]) == [n for n in SHARED if n.startswith("IAM")]


def test_environments_of_other_names_do_not_clash():
    """Names begin with the environment."""
    assert _clashes(SHOP, f"{BLOG}environments: {{test: {{}}}}\n") == [[], []]


def test_a_host_name_clashes_in_every_account():
    """A browser finds one of them only."""
    first, second = _clashes(
        _with(SHOP, 'account: "123456789012"'), _with(SITE, 'account: "210987654321"')
    )

    assert _owned(first) == _owned(second) == ["host name `shop.example.com`"]
    assert first[0].help == "give one of them another host name"


def test_the_validation_record_of_a_shared_host_name_is_not_said_twice():
    """It goes away with the host name."""
    site = f"{SITE}  zone: {{kind: dns, zone: example.com, existing: true}}\n"

    assert _owned(_clashes(SHOP, site)[0]) == ["host name `shop.example.com`"]


def test_one_project_in_two_files_shares_its_state():
    """Each apply would destroy what the other spec has created."""
    other = SITE.replace("name: site", "name: shop").replace("hostname: shop.", "hostname: www.")
    (finding,), _ = _clashes(SHOP, other)

    assert (finding.code, finding.path) == ("TZ694", ("state", "bucket"))


def test_a_bucket_of_one_name_is_said_with_what_to_change():
    """Default names contain the project, so only a name that is written can clash."""
    one = SITE.replace("purpose: static}", "purpose: static, bucket: acme-files}")
    other = one.replace("name: site", "name: page").replace("hostname: shop.", "hostname: www.")
    finding = next(d for d in _clashes(one, other)[0] if "bucket" in d.message)

    assert _owned([finding]) == ["bucket `acme-files`"]
    assert finding.help == "set another `bucket`"


def test_security_groups_meet_in_a_vpc_that_exists():
    """There a second group of the name is refused."""
    network = """\
  network:
    kind: networking
    availability_zones: [us-east-2b, us-east-2c]
    existing:
      vpc: vpc-0123456789abcdef0
      public_subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      private_subnets: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
"""
    first = _clashes(SHOP + network, BLOG + network)[0]

    assert [name for name in _owned(first) if name.startswith("security group")] == [
        "security group `prod-alb`",
        "security group `prod-db`",
        "security group `prod-web`",
    ]


def test_three_specs_are_all_named():
    """Whoever mends two of them would otherwise only meet the third."""
    third = SHOP.replace("shop", "docs")
    found = next(d for d in _clashes(SHOP, BLOG, third)[0] if "load balancer" in d.message)

    assert found.message.endswith("like `prod` of 1.yaml and `prod` of 2.yaml")
    assert [span.file for span in found.related] == ["1.yaml", "2.yaml"]


def _run(folder: Path, *words: str) -> Result:
    (folder / "shop.yaml").write_text(SHOP)
    (folder / "blog.yaml").write_text(BLOG)
    return CliRunner().invoke(app, ["check", *words])


def test_check_prints_both_sides(tmp_path, monkeypatch):
    """A pipeline must stop before the second apply does."""
    monkeypatch.chdir(tmp_path)
    result = _run(tmp_path, "shop.yaml", "blog.yaml")

    assert result.exit_code == 1
    assert "shop.yaml:6:3: error TZ693: `prod` would own the load balancer" in result.output
    assert "blog.yaml:6:3: error TZ693: `prod` would own the load balancer" in result.output
    assert "see also blog.yaml:6:3" in result.output


def test_check_as_json_lists_the_specs(tmp_path, monkeypatch):
    """A program needs to know what was looked at."""
    monkeypatch.chdir(tmp_path)
    document = json.loads(_run(tmp_path, "shop.yaml", "blog.yaml", "--json").stdout)

    assert document["specs"] == [
        {"spec": "shop.yaml", "environments": ["prod"]},
        {"spec": "blog.yaml", "environments": ["prod"]},
    ]
    files = [f["at"]["file"] for f in document["findings"] if f["code"] == "TZ693"]
    assert files == ["shop.yaml"] * len(SHARED) + ["blog.yaml"] * len(SHARED)


def test_check_as_sarif_has_results_in_both_files(tmp_path, monkeypatch):
    """Code scanning shows each of them at its file."""
    monkeypatch.chdir(tmp_path)
    log = json.loads(_run(tmp_path, "shop.yaml", "blog.yaml", "--format", "sarif").stdout)
    results = [r for r in log["runs"][0]["results"] if r["ruleId"] == "TZ693"]
    places = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results]
    related = results[0]["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"]

    assert (places.count("shop.yaml"), places.count("blog.yaml")) == (len(SHARED), len(SHARED))
    assert related == "blog.yaml"


def test_one_spec_twice_is_wrong_usage(tmp_path, monkeypatch):
    """It would clash with itself in everything."""
    monkeypatch.chdir(tmp_path)
    result = _run(tmp_path, "shop.yaml", "shop.yaml")

    assert (result.exit_code, "is given 2 times" in result.output) == (2, True)


def test_one_spec_is_checked_as_before(tmp_path, monkeypatch):
    """The document of one spec has the fields that it had."""
    monkeypatch.chdir(tmp_path)
    document = json.loads(_run(tmp_path, "shop.yaml", "--json").stdout)

    assert (document["spec"], document["environments"]) == ("shop.yaml", ["prod"])
    assert "specs" not in document


ACCOUNTS = 'environments: {prod: {account: "123456789012"}, test: {account: "210987654321"}}\n'


@pytest.mark.parametrize(
    ("overlays", "codes"),
    [
        ("environments: {prod: {}, test: {}}\n", ["TZ494", "TZ498"]),
        (ACCOUNTS, []),
    ],
)
def test_environments_in_different_accounts_do_not_collide(overlays, codes):
    """Each account may have a zone and records of one name."""
    text = """\
trazo: 1
name: mail
region: us-east-2
state: {bucket: acme-terraform-state}
components:
  zone: {kind: dns, zone: example.com, records: [{name: "@", type: TXT, values: ["v=spf1 -all"]}]}
"""
    found = check(load(text + overlays, "spec.yaml")).diagnostics

    assert [d.code for d in found if d.code in ("TZ494", "TZ498")] == codes
