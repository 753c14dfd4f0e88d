"""Whatever goes wrong around trazo: one line of advice, and the old output as it was."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from compiler.backends.terraform.launch import engine, node
from tests.pages import ROOT

OLD, NEW = "acme/web:1", "acme/web:2"
SPEC = """\
trazo: 1
name: shop
region: us-east-2
state: {{bucket: shop-terraform-state}}
components:
  web: {{kind: ecs, image: "{image}", capacity: {{on_demand: {{weight: 1}}}}}}
"""
# Less than a stack of ours takes, so that the disk is full among its writes.
ROOM_BYTES = 4096


def _compile(
    workplace: Path,
    image: str,
    env: Mapping[str, str] | None = None,
    arguments: Sequence[str] = ("-q",),
    **options: object,
) -> "subprocess.Popen[str]":
    spec = workplace / f"{image[-1]}.yaml"
    spec.write_text(SPEC.format(image=image))
    command = [sys.executable, "-m", "trazo", "compile", str(spec), "-o", "out"]
    return subprocess.Popen(
        [*command, *arguments],
        cwd=workplace,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder with an output that was compiled before."""
    process = _compile(tmp_path, OLD)
    _, said = process.communicate()
    assert process.returncode == 0, said
    return tmp_path


def _script(folder: Path, text: str) -> dict[str, str]:
    node = folder / "node"
    node.write_text(f"#!/bin/sh\n{text}\n")
    node.chmod(0o755)
    return {"JSII_NODE": str(node)}


def _no_node(_: Path) -> dict[str, str]:
    return {"JSII_NODE": "/nowhere/node"}


def _old_node(folder: Path) -> dict[str, str]:
    return _script(folder, "echo v12.22.0")


# Says what jsii waits for, and dies at the first thing that it is asked.
DYING = (
    'console.log(JSON.stringify({hello: "@jsii/runtime@1.0.0"}));'
    'process.stdin.once("data", () => process.kill(process.pid, "SIGKILL"))'
)


def _killed_node(folder: Path) -> dict[str, str]:
    real = node()
    return _script(
        folder, f'[ "$1" = --version ] && exec "{real}" --version\nexec "{real}" -e \'{DYING}\''
    )


@pytest.mark.parametrize(
    ("node", "advice"),
    [
        (_no_node, "unset it to use trazo's"),
        (_old_node, f"too old for {engine()}: unset JSII_NODE"),
        (_killed_node, "stopped prematurely and nothing was written"),
    ],
)
def test_a_node_that_is_not_fit_leaves_the_old_output(
    node: Callable[[Path], dict[str, str]], advice: str, workplace: Path
):
    """Missing, too old, or killed half way."""
    before = _contents(workplace / "out")
    process = _compile(workplace, NEW, node(workplace))
    _, said = process.communicate()

    assert process.returncode == 3
    assert advice in said
    assert len(said.splitlines()) == 1
    assert _contents(workplace / "out") == before


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_full_disk_leaves_the_old_output(workplace: Path):
    """The limit on a file's size fails as a full disk does."""
    resource = pytest.importorskip("resource")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, ROOM_BYTES))

    before = _contents(workplace / "out")
    process = _compile(workplace, NEW, preexec_fn=limit)
    _, said = process.communicate()

    assert process.returncode == 3
    assert "free some space, or set TMPDIR" in said
    assert len(said.splitlines()) == 1, said
    assert _contents(workplace / "out") == before


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_full_disk_below_the_output_leaves_it_as_it_was(tmp_path: Path):
    """Without CDKTF no temporary files come first."""
    resource = pytest.importorskip("resource")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, ROOM_BYTES))

    process = _compile(tmp_path, NEW, None, ("-q", "--format", "hcl"), preexec_fn=limit)
    _, said = process.communicate()

    assert process.returncode == 1
    assert "free some space" in said
    assert _contents(tmp_path / "out") == {}


def test_a_node_that_hangs_is_said_long_before_it_is_given_up(workplace: Path):
    """Nobody waits a minute without a word."""
    with _compile(workplace, NEW, _script(workplace, "exec sleep 15"), ()) as process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        said = next((line for line in lines if "longer than usual" in line), "")
        process.terminate()

    assert said == f"{engine()} takes longer than usual; it is stopped after 60 s\n"


def test_a_file_where_the_folder_should_be_stays(tmp_path: Path):
    """Nothing can be written below it."""
    (tmp_path / "out").write_text("mine")
    process = _compile(tmp_path, NEW)
    _, said = process.communicate()

    assert process.returncode == 1
    assert said.startswith("trazo: cannot write to out")
    assert len(said.splitlines()) == 1
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_writable_keeps_the_old_output(workplace: Path):
    """A folder of another user, or a read-only mount."""
    before = _contents(workplace / "out")
    (workplace / "out").chmod(0o555)
    try:
        process = _compile(workplace, NEW)
        _, said = process.communicate()
    finally:
        (workplace / "out").chmod(0o755)

    assert process.returncode == 1
    assert "permission denied" in said
    assert _contents(workplace / "out") == before


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs /proc")
def test_a_mount_that_takes_no_files_is_one_line(tmp_path: Path):
    """Even root cannot write there."""
    process = _compile(tmp_path, NEW)
    process.communicate()
    (tmp_path / "out2").symlink_to("/proc/self")
    spec = tmp_path / "2.yaml"
    command = [sys.executable, "-m", "trazo", "compile", str(spec), "-q", "-o", "out2/fd"]
    run = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert run.stderr.startswith("trazo: cannot write to out2/fd")
    assert len(run.stderr.splitlines()) == 1


def test_two_compilations_at_once_leave_the_output_of_one(workplace: Path):
    """Of one and not half of each, whichever comes last."""
    processes = [_compile(workplace, image) for image in (OLD, NEW)]
    said = [process.communicate()[1] for process in processes]
    written = (workplace / "out" / "prod" / "cdk.tf.json").read_text()

    assert [p.returncode for p in processes] == [0, 0], said
    assert (OLD in written) != (NEW in written)
    assert not list((workplace / "out").glob(".trazo-staging-*"))
