"""A compilation that would cost data, or the state, is refused before Terraform is called."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from typer.testing import CliRunner, Result

from compiler.backends.terraform.document import Document, document, dump
from compiler.backends.terraform.hcl import hcl
from compiler.backends.terraform.hcl_reading import read_hcl
from compiler.backends.tools import ToolMissing
from compiler.changes.losses import LASTING, dropped, losses
from compiler.findings.check import check
from compiler.lower import lower
from tests.strategies.sample import compiled
from trazo.disk.folders import OutputError
from trazo.disk.revisions import RevisionError, read_revision
from trazo.disk.standing import MOST_BYTES, standing
from trazo.program import app
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


def test_another_region_would_leave_the_data_behind():
    """Terraform looks there, finds nothing, and makes an empty database; zones are everywhere."""
    state = "state: {bucket: shop-terraform-state, region: us-east-2}"
    old = SPEC.replace("state: {bucket: shop-terraform-state}", state)
    new = old.replace("region: us-east-2\ndomain", "region: us-west-2\ndomain")

    assert _codes(new, old) == [("TZ626", DATABASE), ("TZ626", MEDIA)]


def test_another_account_would_leave_everything_behind():
    """Terraform finds nothing there, forgets what it had, and begins again."""
    here = SPEC.replace("domain:", "account: '123456789012'\ndomain:")
    there = here.replace("123456789012", "210987654321")

    assert [d.code for d in _found(there, here)] == ["TZ677"]
    assert [d.code for d in _found(here, SPEC)] == [d.code for d in _found(SPEC, here)] == []


def test_a_network_cannot_be_made_anew_around_a_database():
    """Terraform would begin, and stop where AWS refuses to move it."""
    old = SPEC.replace("components:\n", "components:\n  network: {kind: networking}\n")
    new = old.replace("{kind: networking}", "{kind: networking, cidr: 10.9.0.0/16}")
    (found,) = _found(new, old)

    assert (found.code, found.path) == ("TZ626", ("components", "network", "cidr"))
    assert "`database` in it cannot move" in found.message
    assert _found(new, old, ("aws_vpc.network",)) == []


def test_a_network_of_tasks_alone_may_be_made_anew():
    """Tasks are started again in the new one."""
    old = SPEC.replace("components:\n", "components:\n  network: {kind: networking}\n")
    old = old.replace("  database: {kind: rds}\n", "").replace("database: connect, ", "")
    new = old.replace("{kind: networking}", "{kind: networking, cidr: 10.9.0.0/16}")

    assert _found(new, old) == []


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


def _write(folder: Path, form: str, environment: str = "prod") -> None:
    """Puts the output of the spec into a folder, as a compilation before would have left it."""
    graphs = check(load(SPEC + f"environments: {{{environment}: {{}}}}\n", "spec.yaml")).graphs
    plan = lower(graphs[environment])
    (folder / environment).mkdir(parents=True)
    name, text = ("cdk.tf", hcl(plan)) if form == "hcl" else ("cdk.tf.json", dump(document(plan)))
    (folder / environment / name).write_text(text)


def _compiled(spec: str, folder: Path, *more: str) -> Result:
    (folder / "app.yaml").write_text(spec)
    arguments = ["compile", str(folder / "app.yaml"), "-q", "-o", str(folder / "out"), *more]
    return CliRunner().invoke(app, [*arguments, "--format", "hcl"])


@pytest.mark.parametrize("form", ["json", "hcl"])
def test_compile_refuses_a_loss_against_the_output(form: str, tmp_path: Path):
    """The folder that Terraform runs in knows what stands, in either language."""
    _write(tmp_path / "out", form)
    run = _compiled(RENAMED, tmp_path)

    assert run.exit_code == 1
    assert f"`{DATABASE}`" in run.output


@pytest.mark.parametrize("form", ["json", "hcl"])
def test_the_same_spec_is_no_loss_against_the_output(form: str, tmp_path: Path):
    """A change of language changes nothing that stands."""
    _write(tmp_path / "out", form)

    assert _compiled(SPEC, tmp_path).exit_code == 0


@given(compiled())
def test_a_stack_read_back_holds_what_the_json_holds(spec):
    """What is compared of the one language is compared of the other."""
    for plan in spec.plans.values():
        written, found = document(plan), read_hcl(hcl(plan))

        assert found["terraform"]["backend"] == written["terraform"]["backend"]
        for stack in (found, written):
            assert stack["provider"]["aws"][0]["region"] == plan.region
        assert _held(found) == _held(written)


def _held(stack: Document) -> dict[str, dict[str, object]]:
    """What holds data, with the arguments that decide whether it stays."""
    return {
        f"{kind}.{name}": {a: body[a] for a in arguments if a in body}
        for kind, arguments in LASTING.items()
        for name, body in stack.get("resource", {}).get(kind, {}).items()
    }


def test_an_environment_that_holds_data_is_not_dropped_silently(tmp_path: Path):
    """Its database would run for ever, and nobody would know of it."""
    _write(tmp_path / "out", "hcl", "staging")
    run = _compiled(SPEC, tmp_path)

    assert run.exit_code == 1
    assert "TZ628" in run.output
    assert "`staging`" in run.output


def test_an_environment_may_be_let_go(tmp_path: Path):
    """The user has destroyed it."""
    _write(tmp_path / "out", "json", "staging")

    assert _compiled(SPEC, tmp_path, "--allow-loss", "staging").exit_code == 0


@pytest.mark.parametrize("word", ["aws_db_instance.databse", "stagging", "state"])
def test_a_word_that_lets_go_of_nothing_is_said(tmp_path: Path, word: str):
    """It is no error, for a script repeats it after the loss; a slip of the pen shows up so."""
    _write(tmp_path / "out", "json", "staging")
    (tmp_path / "app.yaml").write_text(SPEC)
    out, words = str(tmp_path / "out"), ["--allow-loss", "staging", "--allow-loss", word]
    command = ["compile", str(tmp_path / "app.yaml"), "--format", "hcl", "-o", out, *words]
    run = CliRunner().invoke(app, command)

    assert run.exit_code == 0
    assert f"`--allow-loss {word}` does not have an effect" in run.stderr
    assert "--allow-loss staging`" not in run.stderr


def test_the_output_of_another_spec_is_not_a_dropped_environment(tmp_path: Path):
    """Two specs may share a folder."""
    _write(tmp_path, "json", "staging")
    graphs = check(load(SPEC.replace("name: shop", "name: store"), "spec.yaml")).graphs

    assert dropped(standing(tmp_path), graphs) == ()


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"resource": 5}',
        '{"resource": {"aws_db_instance": []}}',
        '{"resource": {"aws_db_instance": {"main": null}}}',
        '{"terraform": {"backend": 5}}',
        '{"terraform": {"backend": {"s3": []}}}',
        '{"provider": []}',
        '{"provider": {"aws": {"region": "us-east-2"}}}',
        '{"provider": {"aws": [5]}}',
        " " * (MOST_BYTES + 1),
    ],
    ids=lambda text: text[:50],
)
def test_an_output_of_another_form_is_one_line(tmp_path: Path, text: str):
    """Anybody may have written it; what is no stack says nothing of what stands."""
    (tmp_path / "out" / "prod").mkdir(parents=True)
    (tmp_path / "out" / "prod" / "cdk.tf.json").write_text(text)
    run = _compiled(SPEC, tmp_path)

    assert run.exit_code == 1
    assert isinstance(run.exception, OutputError)
    assert "cannot be read (it" in str(run.exception)


def test_git_that_says_nothing_is_one_line(repository: Path, monkeypatch):
    """It may wait for a network drive, or for a password that nobody types."""
    git = repository / "git"
    git.write_text("#!/bin/sh\nexec sleep 60\n")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{repository}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("trazo.disk.revisions.TIMEOUT_S", 0.2)
    run = CliRunner().invoke(app, ["diff", "HEAD:app.yaml", "app.yaml"])

    assert (run.exit_code, "git did not respond" in run.output) == (2, True)


def test_git_that_is_no_program_is_a_missing_tool(repository: Path, monkeypatch):
    """A damaged file, or one of another processor."""
    git = repository / "git"
    git.write_text("\0\1")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{repository}{os.pathsep}{os.environ['PATH']}")

    with pytest.raises(ToolMissing, match="cannot be started"):
        read_revision("HEAD:app.yaml")


@pytest.mark.parametrize("place", ["HEAD:*.yaml", "HEAD:app[.]yaml"])
def test_a_pattern_is_no_file_of_a_revision(repository: Path, place: str):
    """Git would look for it among the changed files, find nothing, and be content."""
    assert repository.is_dir()
    with pytest.raises(RevisionError, match="git cannot find"):
        read_revision(place)


def test_a_folder_of_a_revision_is_said_to_be_one(repository: Path):
    """Its list of files is no spec."""
    (repository / "specs").mkdir()
    (repository / "app.yaml").rename(repository / "specs" / "app.yaml")
    subprocess.run(["git", "add", "-A"], check=True)
    commit = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "move"]
    subprocess.run(commit, check=True)

    with pytest.raises(RevisionError, match="is a folder"):
        read_revision("HEAD:specs")


def test_an_output_that_cannot_be_read_is_one_line(tmp_path: Path):
    """Half a file says nothing of what stands, which is no leave to go on."""
    (tmp_path / "out" / "prod").mkdir(parents=True)
    (tmp_path / "out" / "prod" / "cdk.tf.json").write_text("{")

    with pytest.raises(OutputError, match="restore it, or move it away"):
        standing(tmp_path / "out")
