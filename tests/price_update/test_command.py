"""`trazo prices update` and `show`: what is written and said."""

import json
import unicodedata

import pytest
from typer.testing import CliRunner

from cost.rates.catalogue import BESIDE, SHIPPED
from tests.price_update.files import REGION_FILE, WHOLE
from tests.price_update.site import Site
from trazo.program import app

SPEC = """\
trazo: 1
name: shop
region: us-east-2
state: {bucket: shop-state-bucket}
components:
  web: {kind: ecs, image: "acme/web:1"}
"""


def run(site: Site, folder, *more: str):
    """`trazo prices update` of a small spec."""
    spec = folder / "shop.yaml"
    spec.write_text(SPEC, "utf-8")
    options = ["--price-list", site.url, "--spot-feed", f"{site.url}/spot.json", "--tries", "1"]
    words = ["prices", "update", str(spec), "--offer", "AmazonECS", *options, *more]
    return CliRunner().invoke(app, words)


def test_the_command_writes_a_catalogue_beside_the_spec(site, tmp_path):
    """The shipped one stays as it is, and what changed is printed."""
    before = {p.name: p.read_bytes() for p in SHIPPED.glob("*.csv")}
    result = run(site, tmp_path)

    assert result.exit_code == 0, result.output
    assert "3 prices changed" in result.output
    assert (tmp_path / BESIDE).is_file()
    assert before == {p.name: p.read_bytes() for p in SHIPPED.glob("*.csv")}


def test_a_bill_uses_the_catalogue_beside_its_spec_and_names_it(site, tmp_path):
    """A number must say which prices it was made of."""
    run(site, tmp_path)
    words = ["cost", str(tmp_path / "shop.yaml"), "--json", "--hours", "730", "-q"]
    document = json.loads(CliRunner().invoke(app, words).stdout)
    (usd,) = [
        li["unit_price_usd"]
        for li in document["lines"]
        if li["item"] == "fargate_linux_x86_vcpu_hour"
    ]

    assert (usd, document["catalogue"]["name"]) == (0.05, str(tmp_path / BESIDE))


def test_a_failed_update_leaves_the_old_catalogue(site, tmp_path):
    """Half a price list is no price list."""
    run(site, tmp_path)
    before = (tmp_path / BESIDE).read_bytes()
    site.files[REGION_FILE] = WHOLE[: len(WHOLE) // 2]
    result = run(site, tmp_path)

    assert (result.exit_code, (tmp_path / BESIDE).read_bytes()) == (1, before)
    assert "the prices are those of before" in result.output


def test_changes_are_there_for_machines(site, tmp_path):
    """A pipeline opens a change with them."""
    document = json.loads(run(site, tmp_path, "--json").stdout)

    assert [c["item"] for c in document["changes"]] == [
        "fargate_linux_x86_vcpu_hour",
        "fargate_spot_linux_x86_gb_hour",
        "fargate_spot_linux_x86_vcpu_hour",
    ]


def test_the_command_names_the_kept_prices_that_the_spec_uses(site, tmp_path):
    """Those of Redis are of no interest to a spec without a cache."""
    result = run(site, tmp_path)

    assert "fargate_spot_linux_arm" not in result.stdout
    assert "cloudwatch_logs_standard_ingestion_gb" not in result.stdout
    assert "prices stay as they were" in result.stderr


def test_kept_prices_are_there_for_machines(site, tmp_path):
    """With their date and why they were kept."""
    kept = json.loads(run(site, tmp_path, "--json").stdout)["kept"]
    (one,) = [k for k in kept if k["item"] == "fargate_linux_arm_gb_hour"]

    assert (one["effective"], one["why"]) == (
        "2025-10-27",
        "no single row of AmazonECS fits it",
    )


def test_stale_prices_are_marked():
    """Who reads the list sees what to refresh."""
    words = ["prices", "show", "--item", "alb_lcu_hour", "--region", "us-east-2", "--json"]
    (price,) = json.loads(CliRunner().invoke(app, words).stdout)["prices"]

    assert (price["effective"], price["stale"]) == (None, True)


@pytest.mark.parametrize("target", ["https://a.example/\x1b[2J\x9b\u202e", "/\x1b]0;t\x07\u2066"])
def test_what_a_server_says_is_shown(site, tmp_path, target):
    """Where it leads to and what it has may hold anything."""
    site.first_statuses = [302] * 9
    site.headers = {"Location": target.encode().decode("latin-1")}
    result = run(site, tmp_path)
    said = result.output + result.stderr

    assert result.exit_code == 1
    assert not {c for c in said if unicodedata.category(c) in ("Cc", "Cf")} - {"\n"}
