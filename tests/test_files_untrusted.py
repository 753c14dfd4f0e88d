"""An output folder that came with a repository: nothing outside of it or edited is touched."""

import contextlib
import hashlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from compiler.backends import staging as staging_module
from compiler.backends.staging import discard_all, staging, sweep
from trazo.disk import folders as files
from trazo.disk.folders import MANIFEST, OutputError, stale, write_file, write_tree

NEW = {"prod/a": "new"}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _manifest(folder: Path, **sections: object) -> None:
    folder.mkdir(exist_ok=True)
    (folder / MANIFEST).write_text(json.dumps(sections))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder beside one that is not ours, which holds a file."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "a").write_text("precious")
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def precious(out: Path) -> Path:
    """The file that is not ours."""
    return out.parent / "theirs" / "a"


def test_a_manifest_that_names_a_file_behind_a_link_removes_nothing(out: Path, precious: Path):
    """A repository may ship the link and the manifest, with the right digest."""
    (out / "link").symlink_to("../theirs")
    _manifest(out, files={"link/a": _digest("precious")})
    done = write_tree(out, NEW)

    assert (precious.read_text(), done.removed) == ("precious", ())
    assert "link/a" not in (out / MANIFEST).read_text()


@pytest.mark.parametrize("name", ["prod", "prod/deep", "prod/deep/a"])
def test_no_link_in_the_folder_is_followed(out: Path, precious: Path, name: str):
    """Neither a folder on the way nor the file itself, wherever in the chain the link stands."""
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).symlink_to(precious if name.endswith("a") else precious.parent)
    _manifest(out, files={"prod/deep/a": _digest("precious"), "prod/a": _digest("precious")})
    with pytest.raises(OutputError, match=f"out/{name} is a link"):
        write_tree(out, {"prod/deep/a": "new"})

    assert [p.name for p in precious.parent.iterdir()] == ["a"]
    assert precious.read_text() == "precious"


def test_the_folder_itself_may_be_a_link(out: Path):
    """Its user named it, and may keep outputs on another disk."""
    (out.parent / "named").symlink_to("out")
    write_tree(out.parent / "named", NEW)

    assert (out / "prod" / "a").read_text() == "new"
    assert (out.parent / "named").is_symlink()


@pytest.mark.parametrize("wanted", [{"a": "new"}, {"b": "new"}], ids=["replaced", "removed"])
def test_an_edited_file_is_refused(out: Path, wanted: dict[str, str]):
    """Whether it would be replaced or removed: the edit is somebody's work."""
    write_tree(out, {"a": "old"})
    (out / "a").write_text("edited")
    with pytest.raises(OutputError, match=r"was edited after trazo wrote it .*`--overwrite a`"):
        write_tree(out, wanted)

    assert (out / "a").read_text() == "edited"
    assert not (out / "b").exists()


@pytest.mark.parametrize("wanted", [{"a": "new"}, {"b": "new"}], ids=["replaced", "removed"])
def test_overwrite_gives_an_edited_file_up(out: Path, wanted: dict[str, str]):
    """Only the one that is named."""
    write_tree(out, {"a": "old"})
    (out / "a").write_text("edited")
    write_tree(out, wanted, None, ["a"])

    assert {p.name: p.read_text() for p in out.iterdir() if p.name != MANIFEST} == wanted


def test_overwrite_of_one_file_does_not_give_up_another(out: Path):
    """Two were edited; the other one is named in the refusal."""
    write_tree(out, {"a": "old", "b": "old"})
    for name in "ab":
        (out / name).write_text("edited")
    with pytest.raises(OutputError, match="`--overwrite b`"):
        write_tree(out, {"a": "new", "b": "new"}, None, ["a"])

    assert (out / "a").read_text() == "edited"


def test_overwrite_never_follows_a_link(out: Path, precious: Path):
    """The word is for a file of the folder."""
    (out / "a").symlink_to(precious)
    with pytest.raises(OutputError, match="is a link"):
        write_tree(out, {"a": "new"}, None, ["a"])

    assert precious.read_text() == "precious"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[",
        b"[]",
        b"null",
        b"{}",
        b'{"files": []}',
        b'{"files": "a"}',
        b"[" * 200_000,
        b'{"files":' * 200_000,
        b"\xff\xfe{}",
        b'{"files": {}}' + b" " * 1_000_000,
    ],
    ids=lambda content: repr(content[:12]) + str(len(content)),
)
def test_a_damaged_manifest_is_one_line(out: Path, content: bytes):
    """Malformed, nested, huge, or no text: nothing is changed, and nothing is a traceback."""
    (out / MANIFEST).write_bytes(content)
    with pytest.raises(OutputError, match=r"manifest.json (is damaged|has more)") as raised:
        write_tree(out, NEW)

    assert len(str(raised.value).splitlines()) == 1
    assert [p.name for p in out.iterdir()] == [MANIFEST]


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_a_manifest_that_is_no_file_is_one_line(out: Path, precious: Path, kind: str):
    """A pipe would be waited for without an end."""
    place = out / MANIFEST
    _ = {
        "link": lambda: place.symlink_to(precious),
        "pipe": lambda: os.mkfifo(place),
        "folder": place.mkdir,
    }[kind]()
    with pytest.raises(OutputError, match=MANIFEST):
        write_tree(out, NEW)

    assert precious.read_text() == "precious"
    assert not (out / "prod").exists()


@pytest.mark.parametrize("name", [".git/config", "sub/.GIT/hooks/pre-commit", "terraform.tfstate"])
def test_what_is_never_ours_stays_whatever_its_digest(out: Path, name: str):
    """An output folder may be the top of a repository."""
    file = out / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("theirs")
    _manifest(out, files={name: _digest("theirs")})
    write_tree(out, NEW)

    assert file.read_text() == "theirs"


@pytest.mark.parametrize(
    "name",
    ["../theirs/a", "/etc/hosts", "x\x1b[2Jy", "\ud800", "a" * 300, "prod/terraform.tfstate"],
)
def test_names_that_lead_elsewhere_are_dropped(out: Path, precious: Path, name: str):
    """They cannot be ours, and the next manifest is without them."""
    _manifest(out, files={name: _digest("precious")})
    write_tree(out, NEW)

    assert list(json.loads((out / MANIFEST).read_text())["files"]) == ["prod/a"]
    assert precious.read_text() == "precious"


def test_the_lock_is_no_way_out(out: Path):
    """A link of its name would make a file elsewhere."""
    (out / ".trazo.lock").symlink_to("../theirs/made")
    with pytest.raises(OutputError, match="symbolic links"):
        write_tree(out, NEW)

    assert not (out.parent / "theirs" / "made").exists()


def test_a_link_with_the_name_of_our_unfinished_files_stays(out: Path, precious: Path):
    """What it leads to is not ours to clear away."""
    (out / ".trazo-staging-x").symlink_to("../theirs")
    write_tree(out, NEW)

    assert precious.read_text() == "precious"


class _KilledError(BaseException):
    """Stands for the moment at which a process is killed: nothing is taken back."""


@pytest.mark.parametrize("renames", range(5))
def test_a_killed_run_is_mended_by_the_next(out: Path, monkeypatch, renames: int):
    """Killed before any of its renames: every file is the old or the new one, and ours."""
    write_tree(out, {"a": "old", "b": "old", "gone": "old"})
    before = Path.replace
    done: list[Path] = []

    def replace(self: Path, target: Path) -> Path:
        if len(done) == renames:
            raise _KilledError
        done.append(self)
        return before(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(files, "_roll_back", lambda *_: None)
        patched.setattr(files, "remove_empty", lambda *_: None)
        patched.setattr(Path, "replace", replace)
        with pytest.raises(_KilledError):
            write_tree(out, {"a": "new", "b": "new", "c": "new"})
    write_tree(out, {"a": "newest", "b": "old"})

    assert {p.name: p.read_text() for p in out.iterdir() if p.name != MANIFEST} == {
        "a": "newest",
        "b": "old",
    }
    assert set(json.loads((out / MANIFEST).read_text())) == {"//", "files"}


def test_ctrl_c_among_the_renames_takes_everything_back(out: Path, monkeypatch):
    """Unlike a kill it leaves time for that."""
    write_tree(out, {"a": "old", "b": "old"})
    before = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target.name == "b" and "new" in self.parts:
            raise KeyboardInterrupt
        return before(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write_tree(out, {"a": "new", "b": "new"})

    assert {p.name: p.read_text() for p in out.iterdir() if p.name != MANIFEST} == {
        "a": "old",
        "b": "old",
    }
    assert stale(out, {"a": "old", "b": "old"}) == ()


def test_a_file_edited_after_a_killed_run_is_still_refused(out: Path):
    """Two digests are known then, and a third one is an edit."""
    _manifest(out, files={"a": _digest("new")}, replaced={"a": _digest("old")})
    (out / "a").write_text("edited")
    with pytest.raises(OutputError, match="was edited"):
        write_tree(out, {"a": "newest"})

    assert (out / "a").read_text() == "edited"


@pytest.mark.parametrize("held", ["old", "new"])
def test_what_a_killed_run_left_elsewhere_stays_ours(out: Path, held: str):
    """A run for another environment keeps the digest that the file has."""
    _manifest(out, files={"prod/a": _digest("new")}, replaced={"prod/a": _digest("old")})
    (out / "prod").mkdir()
    (out / "prod" / "a").write_text(held)
    write_tree(out, {"staging/a": "1"}, within=("staging/",))

    assert json.loads((out / MANIFEST).read_text())["files"]["prod/a"] == _digest(held)


def test_stale_follows_no_link(out: Path, precious: Path):
    """What lies elsewhere is not up to date, whatever it says."""
    (out / "a").symlink_to(precious)

    assert stale(out, {"a": "precious"}) == ("a",)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_a_file_keeps_its_mode(out: Path, mode: int):
    """In a folder and alone."""
    write_tree(out, {"a": "old"})
    (out / "a").chmod(mode)
    write_tree(out, {"a": "new"})
    (out.parent / "b").write_text("old")
    (out.parent / "b").chmod(mode)
    write_file(out.parent / "b", b"new")

    assert [p.stat().st_mode & 0o777 for p in (out / "a", out.parent / "b")] == [mode] * 2


def test_a_new_file_has_the_mode_that_the_user_wants(out: Path):
    """The umask says which."""
    before = os.umask(0o027)
    try:
        write_tree(out, {"a": ""})
        write_file(out.parent / "b", b"")
    finally:
        os.umask(before)

    assert [p.stat().st_mode & 0o777 for p in (out / "a", out.parent / "b")] == [0o640] * 2


# One file


def test_a_link_is_followed_to_its_file(tmp_path: Path):
    """Through several links; the file keeps its place and the links stay."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x").write_text("old")
    (tmp_path / "one").symlink_to("real/x")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    write_file(tmp_path / "two", b"new")

    assert (tmp_path / "real" / "x").read_text() == "new"
    assert (tmp_path / "two").is_symlink()
    assert (tmp_path / "one").is_symlink()


def test_a_link_to_nothing_yet_makes_its_file(tmp_path: Path):
    """As a shell's `>` does."""
    (tmp_path / "link").symlink_to("x")
    write_file(tmp_path / "link", b"new")

    assert (tmp_path / "x").read_text() == "new"
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("link", ["missing/x", "link"], ids=["no folder", "itself"])
def test_a_link_that_leads_nowhere_is_one_line(tmp_path: Path, link: str):
    """No folder is made where nobody named one."""
    (tmp_path / "link").symlink_to(link)
    with pytest.raises(OutputError, match="cannot write to"):
        write_file(tmp_path / "link", b"new")

    assert [p.name for p in tmp_path.iterdir()] == ["link"]


def test_a_pipe_is_written_to(tmp_path: Path):
    """Whoever reads at its other end gets the bytes, and it stays a pipe."""
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_file(tmp_path / "pipe", b"new")

        assert os.read(reader, 100) == b"new"
        assert (tmp_path / "pipe").is_fifo()
    finally:
        os.close(reader)


def test_a_device_is_written_to(tmp_path: Path):
    """A container's `/dev/null` that became a file breaks the machine."""
    try:
        os.mknod(tmp_path / "node", 0o600 | 0o020000, os.makedev(1, 3))
        write_file(tmp_path / "node", b"new")
    except (PermissionError, OutputError) as error:
        pytest.skip(f"no devices may be made here: {error}")

    assert (tmp_path / "node").is_char_device()


def test_a_full_device_is_one_line(tmp_path: Path):
    """The device says that it is full, and stays what it is."""
    try:
        os.mknod(tmp_path / "node", 0o600 | 0o020000, os.makedev(1, 7))
        (tmp_path / "node").open("wb").close()
    except PermissionError as error:
        pytest.skip(f"no devices may be made here: {error}")
    with pytest.raises(OutputError, match="no space left on device"):
        write_file(tmp_path / "node", b"new")

    assert (tmp_path / "node").is_char_device()


@pytest.mark.parametrize("name", ["x", "file/x"])
def test_what_cannot_be_written_leaves_nothing(tmp_path: Path, name: str):
    """A folder in place of the file, and a file in place of a folder."""
    (tmp_path / "file").write_text("theirs")
    (tmp_path / "x").mkdir()
    with pytest.raises(OutputError, match="cannot write to"):
        write_file(tmp_path / name, b"new")

    assert sorted(p.name for p in tmp_path.rglob("*")) == ["file", "x"]


def test_the_folders_of_a_file_that_failed_go(tmp_path: Path, monkeypatch):
    """Written whole or not at all."""
    monkeypatch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OutputError, match=r"\(full\); free some space"):
        write_file(tmp_path / "a" / "b" / "x", b"new")

    assert list(tmp_path.iterdir()) == []


# Unfinished files


def test_what_a_killed_run_left_beside_a_file_goes(tmp_path: Path):
    """Its owner is gone, and so is the lock on it."""
    (tmp_path / ".trazo-staging-abc").mkdir()
    (tmp_path / ".trazo-staging-abc" / "new").write_text("half")
    write_file(tmp_path / "x", b"new")

    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_what_another_run_is_writing_stays(tmp_path: Path):
    """Two runs beside each other know of each other by the lock."""
    with staging(tmp_path, ".trazo-staging-") as theirs:
        write_file(tmp_path / "x", b"new")
        kept = theirs.exists()

    assert (kept, [p.name for p in tmp_path.iterdir()]) == (True, ["x"])


def test_only_folders_of_ours_go(tmp_path: Path):
    """A file or a link of that name is somebody else's."""
    (tmp_path / "real").mkdir()
    (tmp_path / "tmp-file").write_text("theirs")
    (tmp_path / "tmp-link").symlink_to("real")
    (tmp_path / "tmp-left").mkdir()
    sweep(tmp_path, "tmp-")

    assert sorted(p.name for p in tmp_path.iterdir()) == ["real", "tmp-file", "tmp-link"]


def test_a_folder_that_is_gone_already_is_no_error(tmp_path: Path):
    """Somebody may clear TMPDIR at any time."""
    folder = staging(tmp_path, "x-")
    shutil.rmtree(folder.path)
    folder.discard()
    folder.discard()

    assert list(tmp_path.iterdir()) == []


class _InterruptedError(Exception):
    """Ctrl-C, at a line of our choice."""


@pytest.mark.parametrize("call", ["make", "discard"])
def test_ctrl_c_at_any_line_leaves_no_folder(tmp_path: Path, call: str):
    """Between making a folder and knowing of it, or between forgetting it and removing it."""
    for line in itertools.count():
        folder = staging(tmp_path, "x-") if call == "discard" else None
        with contextlib.suppress(_InterruptedError), _interrupted_at(line) as passed:
            folder.discard() if folder else staging(tmp_path, "x-")
        if len(passed) <= line:
            break
        assert list(tmp_path.iterdir()) == [], passed[-1]

    discard_all()
    assert line > 5


@contextlib.contextmanager
def _interrupted_at(line: int):
    """Ends the program before the given line of `staging.py` is run, as Ctrl-C does."""
    passed: list[tuple[str, int]] = []

    def trace(frame, event, _argument):
        if frame.f_code.co_filename != staging_module.__file__:
            return None
        if event == "line":
            passed.append((frame.f_code.co_name, frame.f_lineno))
            if len(passed) == line + 1:
                sys.settrace(None)
                discard_all()
                raise _InterruptedError
        return trace

    sys.settrace(trace)
    try:
        yield passed
    finally:
        sys.settrace(None)


@pytest.mark.skipif(os.name == "nt", reason="needs process groups")
def test_whoever_still_writes_is_ended_with_all_it_started(tmp_path: Path):
    """Node, which jsii starts, would make files in a folder that is gone."""
    folder = staging(tmp_path, "x-")
    writes = f'(while :; do mkdir -p "{folder.path}"; echo >> "{folder.path}/f"; done) & wait'
    process = subprocess.Popen(["sh", "-c", writes], process_group=0)
    try:
        while not (folder.path / "f").exists():
            time.sleep(0.01)
        folder.written_by(process)
        folder.discard()
        process.wait()
        time.sleep(0.1)

        assert not folder.path.exists()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
