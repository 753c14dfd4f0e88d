"""Real processes that are killed, interrupted, or find a full disk: what they leave and say."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRAZO = str(ROOT / "specs" / "trazo.yaml")
SMALLEST = str(ROOT / "specs" / "smallest.yaml")
FULL = Path("/dev/full")
ENOUGH_S = 120.0
# Before that Python itself is starting, and shows an interruption as it likes.
# Measured: 15 ms alone, several times that on a busy machine.
OURS = (
    "import trazo.start; import sys; sys.stdout.write('.'); sys.stdout.flush(); trazo.start.main()"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder to work in, and one for temporary files."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "work").mkdir()
    return tmp_path


def _start(place: Path, *words: str, program: Sequence[str] = ("-m", "trazo")) -> subprocess.Popen:
    settings = {"PYTHONPATH": str(ROOT), "TMPDIR": str(place / "tmp"), "COLUMNS": "120"}
    return subprocess.Popen(
        [sys.executable, *program, *words],
        cwd=place / "work",
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def _run(place: Path, *words: str) -> "tuple[int, bytes]":
    process = _start(place, *words)
    _, said = process.communicate(timeout=ENOUGH_S)
    return process.returncode, said


def _strays(place: Path) -> list[str]:
    """Whatever is temporary or unfinished."""
    left = [p.name for p in (place / "work").rglob(".trazo*") if "manifest" not in p.name]
    return [p.name for p in (place / "tmp").iterdir()] + left


# What may not be written

without_rights = pytest.mark.skipif(
    shutil.which("setpriv") is None, reason="needs setpriv, for root may write everywhere"
)


@without_rights
@pytest.mark.parametrize(
    "words",
    [
        ("diagram", SMALLEST, "-q", "-o", "locked/x.svg"),
        ("diagram", SMALLEST, "-q", "-o", "locked/new/y.svg"),
        ("diagram", SMALLEST, "-q", "-o", "own.svg"),
        ("compile", SMALLEST, "-q", "--format", "hcl", "-o", "locked"),
        ("compile", SMALLEST, "-q", "--format", "hcl", "-o", "locked/new"),
        ("check", SMALLEST, "-q", "--format", "json", "-o", "locked/x.json"),
        ("init", "locked/x.yaml"),
    ],
    ids=lambda words: " ".join(Path(word).name for word in words),
)
def test_what_may_not_be_written_is_one_line(place: Path, words):
    """A folder that is read-only, and a file that its owner protected."""
    work = place / "work"
    (work / "locked").mkdir()
    (work / "locked" / "x.svg").write_text("theirs")
    (work / "own.svg").write_text("theirs")
    (work / "own.svg").chmod(0o444)
    (work / "locked").chmod(0o555)
    rights = ("--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
    done = subprocess.run(
        ["setpriv", *rights, sys.executable, "-m", "trazo", *words],
        cwd=work,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(place / "tmp")},
        capture_output=True,
        text=True,
        check=False,
    )
    (work / "locked").chmod(0o755)

    assert done.returncode == 1, done.stderr
    assert [line for line in done.stderr.splitlines() if "permission denied" in line] == (
        done.stderr.splitlines()
    )
    assert [p.name for p in (work / "locked").iterdir()] == ["x.svg"]
    assert (work / "locked" / "x.svg").read_text() == (work / "own.svg").read_text() == "theirs"


# Temporary files


@pytest.mark.parametrize("spec", ["trazo: 1\n", "", None], ids=["errors", "empty", "sound"])
def test_a_compilation_leaves_nothing(place: Path, spec: str | None):
    """The process that runs CDKTF is ended as soon as an error is found, and cannot clear up."""
    file = place / "work" / "s.yaml"
    file.write_text(Path(SMALLEST).read_text() if spec is None else spec)
    code, _ = _run(place, "compile", "s.yaml")

    assert (code, _strays(place)) == (0 if spec is None else 1, [])


def test_a_drawing_leaves_nothing(place: Path):
    """Its fonts stand in a folder of their own while Graphviz draws."""
    assert _run(place, "diagram", SMALLEST, "-o", "x.png")[0] == 0
    assert _strays(place) == []


@pytest.mark.parametrize(
    ("words", "span_s"),
    [
        (("compile", SMALLEST, "-o", "out"), 1.5),
        (("diagram", TRAZO, "-o", "x.png"), 1.5),
        (("diagram", TRAZO, "-o", "x.svg"), 0.8),
        (("report", SMALLEST, "-o", "x.html", "--runs", "0"), 2.0),
        (("build", SMALLEST, "-o", "out", "--runs", "0"), 3.0),
    ],
    ids=lambda value: " ".join(value[:1] + value[2:]) if isinstance(value, tuple) else "",
)
def test_the_next_run_clears_up_after_killed_ones(place: Path, words, span_s: float):
    """At whatever moment they are killed; what the output holds then is whole."""
    moments = random.Random(1)  # noqa: S311 - no secret
    for _ in range(8):
        process = _start(place, *words)
        time.sleep(moments.uniform(0.05, span_s))
        process.kill()
        process.communicate()
    code, said = _run(place, *words)
    first = {p: p.read_bytes() for p in (place / "work").rglob("*") if p.is_file()}

    assert (code, _strays(place)) == (0, []), said
    assert _run(place, *words)[0] == 0
    assert {p: p.read_bytes() for p in (place / "work").rglob("*") if p.is_file()} == first


# Ctrl-C


@pytest.mark.parametrize(
    ("words", "span_s"),
    [
        (("validate", TRAZO), 0.5),
        (("compile", TRAZO, "-o", "out"), 1.2),
        (("cost", TRAZO), 2.5),
        (("report", TRAZO, "-o", "x.html"), 3.0),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_ctrl_c_while_loading_ends_with_130_and_says_nothing(place: Path, words, span_s: float):
    """From the first moment that is ours, whatever is being loaded."""
    moments = random.Random(2)  # noqa: S311 - no secret
    for _ in range(15):
        process = _start(place, *words, program=("-c", OURS))
        assert process.stdout is not None
        assert process.stdout.read(1) == b"."
        after_s = moments.uniform(0, span_s)
        time.sleep(after_s)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=ENOUGH_S)

        assert process.returncode in (0, 130), (after_s, said)
        assert b"Traceback" not in said, (after_s, said)
        assert b"KeyboardInterrupt" not in said, (after_s, said)
        assert _strays(place) == [], after_s


def test_a_program_in_the_background_goes_on(place: Path):
    """A shell without job control lets those ignore Ctrl-C."""
    command = f'trap "" INT; exec "{sys.executable}" -m trazo validate "{SMALLEST}"'
    process = subprocess.Popen(
        ["sh", "-c", command],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=place / "work",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=ENOUGH_S)

    assert process.returncode == 0, said


def test_what_cdktf_does_is_not_ended_by_the_group_s_ctrl_c(place: Path):
    """The child with Node is ours to end: ended first, it would look as if CDKTF had failed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "trazo", "compile", SMALLEST, "-q", "-o", "out"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=place / "work",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # noqa: PLW1509 - no threads
    )
    while process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.05)
    _, said = process.communicate(timeout=ENOUGH_S)

    assert (process.returncode, said) == (0, b"")


# Standard output


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("--version",),
        ("build", "--help"),
        ("prices", "--help"),
        ("validate", SMALLEST),
        ("validate", SMALLEST, "--json"),
        ("check", SMALLEST),
        ("check", SMALLEST, "--format", "sarif"),
        ("check", SMALLEST, "--format", "json", "-o", "-"),
        ("graph", TRAZO, "-q"),
        ("graph", TRAZO, "-q", "--format", "dot"),
        ("graph", TRAZO, "-q", "--json"),
        ("compile", SMALLEST, "-q"),
        ("compile", SMALLEST, "-q", "--format", "hcl", "--json"),
        ("compile", SMALLEST, "-q", "--format", "hcl", "--check"),
        ("diagram", SMALLEST, "-q", "--format", "mermaid"),
        ("diagram", SMALLEST, "-q", "--format", "png", "-o", "-"),
        ("diagram", SMALLEST, "-q", "-o", "x.svg"),
        ("diagram", SMALLEST, "-q", "-o", "/dev/stdout"),
        ("cost", SMALLEST, "-q", "--runs", "0"),
        ("cost", SMALLEST, "-q", "--runs", "0", "--format", "csv"),
        ("cost", SMALLEST, "-q", "--runs", "0", "--json"),
        ("report", SMALLEST, "-q", "--runs", "0"),
        ("diff", SMALLEST, TRAZO, "-q"),
        ("diff", SMALLEST, TRAZO, "-q", "--json"),
        ("schema",),
        ("schema", "-o", "-"),
        ("init", "-"),
        ("prices", "show", "--json"),
        ("build", SMALLEST, "-q", "--runs", "0", "--format", "hcl"),
    ],
    ids=lambda words: " ".join(Path(word).name for word in words),
)
def test_a_full_disk_behind_standard_output_is_one_line(place: Path, words):
    """Tables, documents and help alike: a pipeline must not take half of a result for all."""
    with FULL.open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "trazo", *words],
            cwd=place / "work",
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(place / "tmp")},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    lines = [line for line in done.stderr.decode().splitlines() if line.startswith("trazo: ")]

    assert done.returncode == 1
    assert len(lines) == 1, done.stderr
    assert "no space left on device" in lines[0]
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_a_full_disk_behind_both_streams_is_still_an_exit_code(place: Path):
    """There is nowhere left to say it."""
    with FULL.open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "trazo", "validate", TRAZO],
            cwd=place / "work",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=full,
            check=False,
        )

    assert done.returncode == 1


def test_standard_output_keeps_its_order(place: Path):
    """A picture that is sent to `/dev/stdout` is whole, and nothing is said about it there."""
    with (place / "all").open("wb") as file:
        subprocess.run(
            [sys.executable, "-m", "trazo", "diagram", SMALLEST, "-q", "-o", "/dev/stdout"],
            cwd=place / "work",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=file,
            check=True,
        )
    text = (place / "all").read_text()

    assert text.startswith("<svg")
    assert text.endswith("</svg>\n")


def test_a_closed_standard_input_is_one_line(place: Path):
    """`trazo validate - <&-`."""
    done = subprocess.run(
        ["sh", "-c", f'exec "{sys.executable}" -m trazo validate - <&-'],
        cwd=place / "work",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr == b"trazo: standard input cannot be read: it is closed\n"
