"""`trazo prices update` and `show`: what is written and said."""

import json
import os
import stat
import unicodedata

import pytest
from typer.testing import CliRunner

from cost.rates.catalogue_file import BESIDE, SHIPPED
from tests.price_update.files import REGION_FILE, WHOLE
from tests.price_update.site import Site
from trazo.disk.folders import locked
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
    assert "csv: 3 of " in result.output
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
    assert "the prices are unchanged" in result.output


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
    assert "prices are unchanged" in result.stderr


def test_kept_prices_are_there_for_machines(site, tmp_path):
    """With their date and why they were kept."""
    kept = json.loads(run(site, tmp_path, "--json").stdout)["kept"]
    (one,) = [k for k in kept if k["item"] == "fargate_linux_arm_gb_hour"]

    assert (one["effective"], one["why"]) == (
        "2025-10-27",
        "AmazonECS does not have exactly one matching row",
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


def test_prices_go_through_a_link_within_the_folder(site, tmp_path):
    """Its file may be still to come."""
    (tmp_path / BESIDE).symlink_to("real.csv")
    result = run(site, tmp_path)

    assert result.exit_code == 0, result.output
    assert (tmp_path / BESIDE).is_symlink()
    assert (tmp_path / "real.csv").read_text("utf-8").startswith("item,region,")


def test_prices_go_into_a_device(site, tmp_path):
    """It is written to, and stays what it is."""
    try:
        os.mknod(tmp_path / BESIDE, 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only the superuser makes devices")
    result = run(site, tmp_path)

    assert result.exit_code == 0, result.output
    assert stat.S_ISCHR((tmp_path / BESIDE).stat().st_mode)


@pytest.mark.parametrize("there", [True, False], ids=["a file", "nothing"])
def test_no_link_leads_prices_out_of_the_folder(site, tmp_path, there):
    """It may have come with the repository, and nobody named it."""
    outside, folder = tmp_path / "outside.csv", tmp_path / "repository"
    folder.mkdir()
    if there:
        outside.write_text("mine", "utf-8")
    (folder / BESIDE).symlink_to(outside)
    result = run(site, folder)

    assert (result.exit_code, "`--allow-read PATH`" in result.output) == (2, True)
    assert site.asked == []
    assert outside.exists() is there


@pytest.mark.parametrize("kind", ["a folder", "a loop"])
def test_what_cannot_be_written_is_said_before_anything_is_read(site, tmp_path, kind):
    """An hour later it would be a pity."""
    if kind == "a folder":
        (tmp_path / BESIDE).mkdir()
    else:
        (tmp_path / BESIDE).symlink_to(BESIDE)
    result = run(site, tmp_path)

    assert (result.exit_code, site.asked) == (2, [])
    assert BESIDE in result.output


def test_nothing_is_left_of_an_update_that_was_killed(site, tmp_path):
    """Not even of a version that the price list has no more."""
    cache = tmp_path / ".trazo-prices"
    cache.mkdir()
    stem = "offers_v1.0_aws_AmazonECS_20251101_us-east-2_index.json"
    for name in (stem, f"{stem}.part", f"{stem}.about", "index.json.part"):
        (cache / name).write_text("{", "utf-8")
    result = run(site, tmp_path)

    assert result.exit_code == 0, result.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["shop.yaml", BESIDE]


def test_two_updates_at_once_do_not_mix_their_parts(site, tmp_path, monkeypatch):
    """The second one waits for a while and then says why it ends."""
    monkeypatch.setattr("trazo.disk.folders._LOCK_TIMEOUT_S", 0.1)
    with locked(tmp_path, "it"):
        result = run(site, tmp_path)

    assert (result.exit_code, site.asked) == (1, [])
    assert "another trazo process is writing to" in str(result.exception)
    assert run(site, tmp_path).exit_code == 0


def test_an_update_that_found_no_server_leaves_nothing(tmp_path):
    """There is nothing to go on from."""
    result = run(Site(url="http://127.0.0.1:1"), tmp_path)

    assert (result.exit_code, "no connection" in result.output) == (1, True)
    assert [p.name for p in tmp_path.iterdir()] == ["shop.yaml"]
