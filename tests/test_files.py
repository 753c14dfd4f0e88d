"""Output folders: whole or not at all, and nothing is touched that trazo did not write."""

import json
import multiprocessing
import os
import resource
import stat
from pathlib import Path

import pytest

from trazo.disk import folders as files
from trazo.disk.folders import MANIFEST, OutputError, stale, write_tree

FILES = {"prod/cdk.tf.json": "{}\n", "prod/bill.txt": "1 USD\n", "picture.png": b"\x89PNG"}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but the manifest."""
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if name != MANIFEST}


def test_every_file_is_written_and_nothing_else(tmp_path: Path) -> None:
    """No lock, no half-written file and no temporary folder stays behind."""
    write_tree(tmp_path / "new" / "out", FILES)

    assert contents(tmp_path / "new" / "out") == {
        "picture.png": b"\x89PNG",
        "prod/bill.txt": b"1 USD\n",
        "prod/cdk.tf.json": b"{}\n",
    }
    assert sorted(p.name for p in (tmp_path / "new" / "out").iterdir()) == [
        MANIFEST,
        "picture.png",
        "prod",
    ]


def test_the_manifest_is_sorted_and_says_what_was_written(tmp_path: Path) -> None:
    """Same output, same manifest: it may be committed."""
    write_tree(tmp_path, {"b": "", "a": ""})
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    assert json.loads((tmp_path / MANIFEST).read_text())["files"] == {"a": empty, "b": empty}
    assert (tmp_path / MANIFEST).read_text().index('"a"') < (
        (tmp_path / MANIFEST).read_text().index('"b"')
    )


def test_what_was_done_is_reported(tmp_path: Path) -> None:
    """The command prints it."""
    write_tree(tmp_path, {"a": "1", "b": "1", "c": "1"})
    done = write_tree(tmp_path, {"a": "1", "b": "2", "d": "1"})

    assert (done.written, done.unchanged, done.removed) == (("b", "d"), ("a",), ("c",))


def test_an_unchanged_file_is_not_written_again(tmp_path: Path) -> None:
    """Tools that look at times would build again for nothing."""
    write_tree(tmp_path, FILES)
    os.utime(tmp_path / "picture.png", (1, 1))
    write_tree(tmp_path, FILES)

    assert (tmp_path / "picture.png").stat().st_mtime == 1


def test_files_of_ours_that_are_no_longer_wanted_go(tmp_path: Path) -> None:
    """A `cdk.tf` beside a new `cdk.tf.json` would be read by Terraform as well."""
    write_tree(tmp_path, {"prod/cdk.tf": "", "staging/cdk.tf": ""})
    write_tree(tmp_path, {"prod/cdk.tf.json": ""})

    assert contents(tmp_path) == {"prod/cdk.tf.json": b""}
    assert not (tmp_path / "staging").exists()


def test_files_outside_of_what_a_call_answers_for_stay(tmp_path: Path) -> None:
    """`compile --env prod` leaves staging alone."""
    write_tree(tmp_path, {"prod/cdk.tf": "", "staging/cdk.tf": ""})
    write_tree(tmp_path, {"prod/cdk.tf.json": ""}, within=("prod/cdk.tf",))
    write_tree(tmp_path, {"prod/cdk.tf.json": ""}, within=("prod/cdk.tf",))

    assert contents(tmp_path) == {"prod/cdk.tf.json": b"", "staging/cdk.tf": b""}


@pytest.mark.parametrize(
    "name",
    [
        "prod/.terraform/providers/x",
        "prod/.terraform.lock.hcl",
        "prod/terraform.tfstate",
        "prod/terraform.tfstate.backup",
        "notes.md",
    ],
)
def test_what_is_not_ours_stays(tmp_path: Path, name: str) -> None:
    """A local state that is lost is a lost deployment."""
    write_tree(tmp_path, FILES)
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("theirs")
    write_tree(tmp_path, {})

    assert contents(tmp_path) == {name: b"theirs"}


@pytest.mark.parametrize("name", ["terraform.tfstate", ".terraform.lock.hcl", "../theirs"])
def test_a_manifest_cannot_make_us_remove_what_is_not_ours(tmp_path: Path, name: str) -> None:
    """The manifest is a file that anybody may edit."""
    folder = tmp_path / "out"
    write_tree(folder, {"a": ""})
    (folder / name).write_text("theirs")
    (folder / MANIFEST).write_text(json.dumps({"files": {name: "0", "a": "0"}}))
    write_tree(folder, {})

    assert (folder / name).read_text() == "theirs"


def test_a_file_that_we_did_not_write_is_not_overwritten(tmp_path: Path) -> None:
    """It may be a team's own Terraform; the old output stays as a whole."""
    write_tree(tmp_path, {"a": "old"})
    (tmp_path / "b").write_text("theirs")
    with pytest.raises(OutputError, match="was not written by trazo"):
        write_tree(tmp_path, {"a": "new", "b": "new"})

    assert contents(tmp_path) == {"a": b"old", "b": b"theirs"}


def test_a_file_that_is_there_already_as_wanted_becomes_ours(tmp_path: Path) -> None:
    """A repository may hold the output and not the manifest."""
    (tmp_path / "a").write_text("same")
    write_tree(tmp_path, {"a": "same"})
    write_tree(tmp_path, {"a": "new"})

    assert contents(tmp_path) == {"a": b"new"}


@pytest.mark.parametrize(
    "name", ["../a", "/a", "a/../b", "", ".", "a//b", "x.tfstate", ".terraform/a", MANIFEST, "c:x"]
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    """Such a name is a mistake of ours, and is found before anything is written."""
    with pytest.raises(ValueError, match="not a name"):
        write_tree(tmp_path / "out", {"a": "", name: ""})

    assert not (tmp_path / "out").exists()


def test_a_folder_where_a_file_should_go_leaves_all_as_it_was(tmp_path: Path) -> None:
    """The error comes before the first change."""
    write_tree(tmp_path, {"a": "old"})
    (tmp_path / "z").mkdir()
    with pytest.raises(OutputError, match="is a directory"):
        write_tree(tmp_path, {"a": "new", "z": "new"})

    assert contents(tmp_path) == {"a": b"old"}


def test_an_error_half_way_takes_everything_back(tmp_path: Path) -> None:
    """A file in place of a folder is met among the renames, after the first of them."""
    write_tree(tmp_path, {"a": "old", "gone": "old"})
    (tmp_path / "z").write_text("theirs")
    with pytest.raises(OutputError, match="not a directory"):
        write_tree(tmp_path, {"a": "new", "b/c/d": "new", "z/a": "new"})

    assert contents(tmp_path) == {"a": b"old", "gone": b"old", "z": b"theirs"}
    assert sorted(p.name for p in tmp_path.iterdir()) == [MANIFEST, "a", "gone", "z"]
    assert stale(tmp_path, {"a": "old", "gone": "old"}) == ()


def _write_without_room(folder: Path, said: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    try:
        write_tree(folder, {"a": "new", "b": "x" * 2000})
    except OutputError as error:
        said.write_text(str(error))


def test_no_room_on_the_disk_leaves_all_as_it_was(tmp_path: Path) -> None:
    """The limit on a file's size fails as a full disk does, among the writes."""
    folder, said = tmp_path / "out", tmp_path / "said"
    write_tree(folder, {"a": "old"})
    process = multiprocessing.get_context("spawn").Process(
        target=_write_without_room, args=(folder, said)
    )
    process.start()
    process.join(60)

    assert said.read_text().startswith(f"cannot write to {folder} (file too large")
    assert contents(folder) == {"a": b"old"}
    assert sorted(p.name for p in folder.iterdir()) == [MANIFEST, "a"]


def test_a_file_in_place_of_the_folder_is_one_line_of_advice(tmp_path: Path) -> None:
    """The usual cause is `-o` with the name of a file."""
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match=r"cannot write to .*out \(file exists"):
        write_tree(tmp_path / "out", FILES)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_read_only_folder_is_one_line_of_advice(tmp_path: Path) -> None:
    """Nothing is changed, and no traceback is shown."""
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(OutputError, match="permission denied"):
            write_tree(tmp_path, FILES)
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_a_damaged_manifest_stops_everything(tmp_path: Path) -> None:
    """Without it nobody knows which files are ours."""
    write_tree(tmp_path, {"a": "old"})
    (tmp_path / MANIFEST).write_text("<<<<<<< HEAD")
    with pytest.raises(OutputError, match="damaged"):
        write_tree(tmp_path, {"a": "new"})

    assert contents(tmp_path) == {"a": b"old"}


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    """Its lock went with it; only its temporary folder may be left."""
    (tmp_path / ".trazo-staging-x" / "new").mkdir(parents=True)
    (tmp_path / ".trazo.lock").write_text("")
    write_tree(tmp_path, {"a": ""})

    assert sorted(p.name for p in tmp_path.iterdir()) == [MANIFEST, "a"]


def test_a_second_process_waits_and_then_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs at once never mix their files."""
    monkeypatch.setattr(files, "_LOCK_TIMEOUT_S", 0.1)
    with (
        files.locked(tmp_path, "it"),
        pytest.raises(OutputError, match="another trazo process is writing"),
    ):
        write_tree(tmp_path, FILES)


def _write_many(folder: Path, text: str) -> None:
    for _ in range(20):
        write_tree(folder, {f"{n}.txt": text for n in range(5)})


def test_processes_that_write_at_once_leave_the_files_of_one_of_them(tmp_path: Path) -> None:
    """Every file comes from the same run."""
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_write_many, args=(tmp_path, text)) for text in "ab"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    assert [process.exitcode for process in processes] == [0, 0]
    assert len(set(contents(tmp_path).values())) == 1
    assert len(contents(tmp_path)) == 5


@pytest.mark.parametrize(
    ("files_", "expected"),
    [
        ({"a": "1", "b": "1"}, ()),
        ({"a": "2", "b": "1"}, ("a",)),
        ({"a": "1"}, ("b",)),
        ({"a": "1", "b": "1", "c": "1"}, ("c",)),
    ],
)
def test_stale_names_what_a_write_would_change(
    tmp_path: Path, files_: dict[str, str], expected: tuple[str, ...]
) -> None:
    """`compile --check` fails in CI when the committed output is old."""
    write_tree(tmp_path, {"a": "1", "b": "1"})

    assert stale(tmp_path, files_) == expected


def test_stale_looks_only_where_it_is_asked_to(tmp_path: Path) -> None:
    """One environment is checked without the others."""
    write_tree(tmp_path, {"prod/a": "1", "staging/a": "1"})

    assert stale(tmp_path, {"prod/a": "1"}, within=("prod/",)) == ()


def test_stale_changes_nothing(tmp_path: Path) -> None:
    """Not even the folder is made."""
    assert stale(tmp_path / "out", {"a": "1"}) == ("a",)
    assert not (tmp_path / "out").exists()
