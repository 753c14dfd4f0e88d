"""A compilation that would cost data, or the state, is refused before Terraform is called."""

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from compiler.backends.terraform.document import document
from compiler.check import check
from compiler.losses import losses
from compiler.lower import lower
from compiler.revisions import RevisionError, read_revision
from trazo import app
from trazo_spec.diagnostics import Diagnostic
from trazo_spec.load import load

SPEC = """\
trazo: 1
name: shop
region: us-east-2
domain: example.com
state: {bucket: shop-terraform-state}
components:
  web: {kind: ecs, image: "acme/web:1", uses: {database: connect, media: read_write}}
  database: {kind: rds}
  media: {kind: s3, purpose: media}
  zone: {kind: dns}
"""
DATABASE, MEDIA, ZONE = "aws_db_instance.database", "aws_s3_bucket.media", "aws_route53_zone.zone"
RENAMED = SPEC.replace("database: {kind: rds", "db: {kind: rds").replace("{database:", "{db:")


def _found(new: str, old: str = SPEC, allowed: tuple[str, ...] = ()) -> list[Diagnostic]:
    """What is found when the one spec is compiled where the other one stands."""
    before, after = (check(load(text, "spec.yaml")).graphs["prod"] for text in (old, new))
    return list(losses(document(lower(before)), document(lower(after)), after, allowed))


def _codes(new: str, old: str = SPEC, allowed: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(d.code, d.message.split("`")[1]) for d in _found(new, old, allowed)]


def test_the_same_spec_loses_nothing():
    """Most compilations are of this sort."""
    assert _found(SPEC) == []


@pytest.mark.parametrize(
    ("address", "line"),
    [(MEDIA, "  media: {kind: s3, purpose: media}\n"), (ZONE, "  zone: {kind: dns}\n")],
)
def test_a_component_that_is_gone_would_be_destroyed(address: str, line: str):
    """A deleted line is how most data is lost."""
    new = SPEC.replace(line, "").replace(", media: read_write", "")

    assert ("TZ625", address) in _codes(new)


def test_a_rename_without_was_would_destroy_a_database():
    """To Terraform it is another database."""
    assert _codes(RENAMED) == [("TZ625", DATABASE)]


def test_a_rename_with_was_loses_nothing():
    """Terraform moves it, and its data stays."""
    assert _found(RENAMED.replace("db: {kind: rds", "db: {was: database, kind: rds")) == []


def test_a_zone_that_is_only_looked_up_from_now_on_would_be_destroyed():
    """`existing: true` hands it to somebody else, and Terraform removes what was its own."""
    assert _codes(SPEC.replace("{kind: dns}", "{kind: dns, existing: true}")) == [("TZ625", ZONE)]


@pytest.mark.parametrize(
    ("address", "new"),
    [
        (MEDIA, SPEC.replace("purpose: media}", "purpose: media, bucket: shop-uploads}")),
        (DATABASE, SPEC.replace("{kind: rds}", "{kind: rds, database_name: shop}")),
        (DATABASE, SPEC.replace("{kind: rds}", "{kind: rds, username: owner}")),
        (DATABASE, f"{SPEC}overrides: {{{DATABASE}: {{snapshot_identifier: before}}}}\n"),
    ],
)
def test_what_aws_cannot_change_in_place_would_be_replaced(address: str, new: str):
    """The new one is empty."""
    assert _codes(new) == [("TZ626", address)]


def test_what_aws_changes_in_place_is_no_finding():
    """A larger database keeps its data."""
    assert _found(SPEC.replace("{kind: rds}", "{kind: rds, storage_gb: 100}")) == []


@pytest.mark.parametrize(
    "new",
    [
        SPEC.replace("shop-terraform-state", "shop-other-state"),
        SPEC.replace("name: shop", "name: store"),
    ],
)
def test_a_state_in_another_place_is_refused(new: str):
    """Terraform would create everything a second time."""
    assert ("TZ627", "prod") in _codes(new)


def test_the_advice_says_how_to_move_a_state():
    """There are good reasons to do so."""
    (found,) = _found(SPEC.replace("shop-terraform-state", "shop-other-state"))

    assert "--allow-loss state" in found.help
    assert "terraform init -migrate-state" in found.help


def test_what_may_go_is_no_finding():
    """The user has said so."""
    new = RENAMED.replace("shop-terraform-state", "shop-other-state")

    assert _found(new, allowed=(DATABASE, "state")) == []


def test_an_environment_that_stands_nowhere_loses_nothing():
    """The first compilation compares with nothing."""
    graph = check(load(SPEC, "spec.yaml")).graphs["prod"]

    assert losses({}, document(lower(graph)), graph) == ()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the spec in its first revision, and the folder that commands run in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.yaml").write_text(SPEC)
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    for command in (("init", "-q"), ("add", "app.yaml"), (*identity, "commit", "-qm", "first")):
        subprocess.run(["git", *command], check=True)
    return tmp_path


def test_a_file_is_read_as_a_revision_has_it(repository: Path):
    """Whatever stands on disk meanwhile."""
    (repository / "app.yaml").write_text(RENAMED)

    assert read_revision("HEAD:app.yaml").decode() == SPEC


@pytest.mark.parametrize("place", ["HEAD:other.yaml", "v9:app.yaml", "app.yaml", "--output=x:y"])
def test_a_revision_that_is_not_there_is_one_line(place: str, repository: Path):
    """Git's own words span several."""
    assert repository.is_dir()
    with pytest.raises(RevisionError) as error:
        read_revision(place)

    assert "\n" not in str(error.value)


def test_compile_refuses_a_loss_against_a_revision(repository: Path):
    """A pull request can be checked without the output of the last run."""
    (repository / "app.yaml").write_text(RENAMED)
    run = CliRunner().invoke(app, ["compile", "app.yaml", "-q", "--base", "HEAD:app.yaml"])

    assert run.exit_code == 1
    assert "TZ625" in run.output
    assert not (repository / "out").exists()


def test_compile_refuses_a_loss_against_the_output(tmp_path: Path):
    """The folder that Terraform runs in knows what stands."""
    before = document(lower(check(load(SPEC, "spec.yaml")).graphs["prod"]))
    (tmp_path / "out" / "prod").mkdir(parents=True)
    (tmp_path / "out" / "prod" / "cdk.tf.json").write_text(json.dumps(before))
    (tmp_path / "app.yaml").write_text(RENAMED)
    arguments = ["compile", str(tmp_path / "app.yaml"), "-q", "-o", str(tmp_path / "out")]
    run = CliRunner().invoke(app, arguments)

    assert run.exit_code == 1
    assert f"`{DATABASE}`" in run.output
