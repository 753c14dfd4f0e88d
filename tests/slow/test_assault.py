"""The assault: a small one runs, and each of its checks fails where a fault is planted."""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = str(ROOT / "scripts" / "assault")
sys.path.append(str(ROOT / "scripts"))

from assault import fuzz, injection, kills, memory, program, sinks, whole  # noqa: E402
from assault.results import Bar, Failure, Results, table  # noqa: E402

from trazo_spec.load import load  # noqa: E402

MONTH = ("parse month", ("2026-11",))
SITES = ("", "")


def _assault(folder, *words):
    return subprocess.run(
        [sys.executable, SCRIPT, "--output", str(folder), "--jobs", "2", *words],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


def _bars(failures):
    return {failure.bar for failure in failures}


def test_a_small_assault_prints_a_row_for_each_bar(tmp_path):
    """Inputs, kills and injections in one table: nothing is found, and the exit code says so."""
    ended = _assault(
        tmp_path, *("--inputs", "300", "--kills", "2", "--injections", "0.005", "--no-memory")
    )
    row = rf"^({'|'.join(Bar)})  .*  (\d+) +(\d+) +(held|MISSED)$"
    rows = re.findall(row, ended.stdout, re.MULTILINE)

    assert rows == [(str(bar), "0", "0", "held") for bar in Bar], ended.stdout + ended.stderr
    assert ended.returncode == 0
    assert "300 inputs" in ended.stdout


@pytest.mark.parametrize("bar", Bar)
def test_one_failure_misses_its_bar(tmp_path, bar):
    """None is none."""
    results = Results(tmp_path)
    results.add(Failure(bar, "x", "y", ()))

    rows = table(results, program.ALLOWED, {}).splitlines()
    assert [row.split()[-1] for row in rows[1:]] == ["MISSED" if b is bar else "held" for b in Bar]


def test_a_failure_is_kept_with_the_command_that_repeats_it(tmp_path, monkeypatch, capsys):
    """The file alone is enough, whatever is drawn later."""
    monkeypatch.setitem(fuzz.TARGETS, "parse month", fuzz.Target(_none, _broken))
    results = Results(tmp_path)
    for failure in fuzz.tried(*MONTH)[1]:
        results.add(failure)
    (path,) = tmp_path.rglob("*.case")

    assert f"--repeat {path}" in path.read_text("utf-8")
    assert program.main(["--repeat", str(path)]) == 1
    assert "KeyError" in capsys.readouterr().out


DRAWN = """
import zlib
from assault import fuzz
inputs = [fuzz.drawn(7, number) for number in range(300)]
print(zlib.crc32(ascii(inputs).encode()))
"""


def test_a_seed_draws_the_same_inputs_in_every_process():
    """Whoever gets a number can look at its input."""
    path = f"{ROOT / 'scripts'}:{ROOT}"
    sums = [
        subprocess.run(
            [sys.executable, "-c", DRAWN],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert sums[0] == sums[1]


# The fuzzer


def _none(_rng):
    return ("2026-11",)


def _broken(_text):
    raise KeyError


def _busy(_text):
    began = time.process_time()
    while time.process_time() - began < 0.2:
        pass


def _hungry(_text):
    return len(b"x" * 300_000_000)


def _endless(_text):
    while True:
        pass


def test_a_sound_target_misses_no_bar():
    """What follows fails for its faults alone."""
    assert fuzz.tried(*MONTH)[1] == []


@pytest.mark.parametrize(
    ("fault", "bar"),
    [(_broken, Bar.TRACEBACK), (_busy, Bar.SLOW), (_endless, Bar.SLOW), (_hungry, Bar.MEMORY)],
)
def test_a_planted_fault_is_found(monkeypatch, fault, bar):
    """An exception that nobody expects, too much time, none at all, too much memory."""
    monkeypatch.setattr(fuzz, "MOST_S", 0.1)
    monkeypatch.setattr("assault.watch.ENDED_S", 0.5)
    monkeypatch.setitem(fuzz.TARGETS, "parse month", fuzz.Target(_none, fault))

    assert bar in _bars(fuzz.tried(*MONTH)[1])


@pytest.mark.parametrize(
    ("fault", "what"),
    [(lambda _: time.sleep(60), "hangs"), (lambda _: os._exit(3), "ends the process (3)")],
)
def test_a_worker_that_hangs_or_dies_is_replaced(tmp_path, monkeypatch, fault, what):
    """What no exception can tell of; all other inputs are tried all the same."""
    monkeypatch.setattr(fuzz, "SILENT_S", 2.0)
    monkeypatch.setitem(fuzz.TARGETS, "parse month", fuzz.Target(_none, fault))
    drawn = {n: ("parse month" if n == 3 else "parse ARN", ("a",)) for n in range(20)}
    monkeypatch.setattr(fuzz, "drawn", lambda _seed, number: drawn[number])
    results = Results(tmp_path)
    fuzz.fuzz(20, 0, 1, results, lambda _: None)

    assert [f.what for f in results.smallest.values()] == [what]
    assert (results.tried.total(), results.tried["parse ARN"]) == (20, 19)


@pytest.mark.parametrize(
    ("ran", "bar"),
    [
        (whole.Ran(0, b"a\x1b[2J", b""), Bar.INJECTION),
        (whole.Ran(0, b"", "\u202e".encode()), Bar.INJECTION),
        (whole.Ran(9, b"", b""), Bar.TRACEBACK),
        (whole.Ran(1, b"", b"Traceback (most recent call last):\n"), Bar.TRACEBACK),
    ],
)
def test_a_command_that_ends_badly_is_found(tmp_path, monkeypatch, ran, bar):
    """Raw controls, an unknown exit code, a traceback that the program printed itself."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(whole, "run", lambda *_: ran)

    assert _bars(fuzz.tried("trazo validate", (b"trazo: 1", "validate", "x"))[1]) == {bar}


# The injection matrix


@pytest.mark.parametrize(
    ("problem", "bad", "good"),
    [
        (sinks.raw_controls, "a\x9bb", "a\\x9bb\n\tc"),
        (sinks.raw_controls, "a\rb", "a\nb"),
        (sinks.raw_controls, "a\u2066b", "aéb"),
        (sinks.text_problem, "x\n::error::zq", "x ::error::zq"),
        (sinks.json_problem, '{"a": 1, "a": 2}', '{"a": 1, "b": 2}'),
        (sinks.json_problem, '{"a": "b"c"}', '{"a": "b\\"c"}'),
        (sinks.terraform_problem, '{"a": "b${zqvar}"}', '{"a": "b$${zqvar}"}'),
        (sinks.terraform_problem, '{"a": "b%{ zqvar}"}', '{"a": "b%%{ zqvar}"}'),
        (sinks.hcl_problem, 'a = "${zqvar}"', 'a = "$${zqvar}"'),
        (sinks.html_problem, "<html><zqtag></html>", "<html>&lt;zqtag&gt;</html>"),
        (sinks.html_problem, '<html><b zqtag="1"></html>', '<html><b a="zqtag"></html>'),
        (sinks.html_problem, '<html><a href="javascript:zq"></html>', '<html><a href="#"></html>'),
        (sinks.svg_problem, "<svg><zqtag/></svg>", "<svg>&lt;zqtag/&gt;</svg>"),
        (sinks.svg_problem, "<svg>&</svg>", "<svg>&amp;</svg>"),
        (sinks.mermaid_problem, 'a["b\nzqnode[c]"]', 'a["b zqnode[c]"]'),
        (sinks.dot_problem, "digraph { zqnode }", 'digraph { a [label="zqnode"] }'),
        (sinks.dot_problem, "digraph { a [label=zq\n", "digraph { a }"),
        (sinks.csv_problem, "a,b\n=HYPERLINK(),1\n", "a,b\n'=HYPERLINK(),-1.5\n"),
        (sinks.csv_problem, "a,b\nc\n", "a,b\nc,d\n"),
        (sinks.markdown_problem, "a <zqtag> b", "a `<zqtag>` b"),
        (sinks.markdown_problem, "[zq](javascript:zq)", "\\[zq\\](javascript:zq)"),
        (sinks.markdown_problem, "|a|b|\n|-|-|\n|c|d|e|\n", "|a|b|\n|-|-|\n|c|d\\|e|\n"),
        (sinks.name_problem, "a\x1bb", "a b"),
    ],
)
def test_a_check_of_an_output_tells_right_from_wrong(problem, bad, good):
    """Each finds its fault, and not what looks like it."""
    assert (bool(problem(bad)), problem(good)) == (True, "")


@pytest.mark.parametrize(
    "payload", sorted(injection.PAYLOADS.keys() - {"plain", "rich", "formula"})
)
def test_a_command_that_echoes_what_it_gets_is_found(tmp_path, monkeypatch, payload):
    """Planted: whatever is asked for, the text is printed and written as it is."""
    monkeypatch.chdir(tmp_path)
    text = injection.PAYLOADS[payload]
    raw = text.encode()
    problems = [sinks.raw_controls, *(s.problem for s in injection.OUTPUTS.values())]

    def echoed(_words):
        return whole.Ran(0, raw, b"")

    monkeypatch.setattr(injection, "run", echoed)
    found = [injection._looked(injection.Sink((), p), ())[1] for p in problems]

    assert any(found)


def test_every_text_of_the_language_is_in_the_matrix():
    """Those that a type gained are there without a word here."""
    paths = {case[1] for case in injection.matrix() if case[0] == "field"}

    assert ("components", "web", "command", 0) in paths
    assert ("components", "web", "environment", "<key>") in paths
    assert ("components", "security", "secrets", "django_secret_key", "description") in paths
    assert len(paths) > 200


def test_a_plain_text_misses_nothing(tmp_path, monkeypatch):
    """What the matrix finds is the payload's doing."""
    monkeypatch.chdir(tmp_path)

    assert injection.repeated(("field", ("components", "web", "command", 0), "plain")) == []


def test_a_process_that_repeats_a_failure_is_afterwards_as_before():
    """Whatever it starts next finds the folders, the limits and the variables of its user."""

    def state():
        limits = {limit: resource.getrlimit(limit) for limit in fuzz.LIMITS}
        return Path.cwd(), dict(os.environ), tempfile.gettempdir(), limits

    before = state()
    with fuzz.prepared():
        assert all(now != then for now, then in zip(state(), before, strict=True))
        own = Path.cwd()

    assert state() == before
    assert not own.exists()


# The kill runner


def _killed(tmp_path, code, *, share, number=9):
    file = tmp_path / "planted.py"
    file.write_text(code, "utf-8")
    scenario = kills.Scenario("planted", ("run",))
    command = (sys.executable, str(file))
    known = kills.course(scenario, SITES, command)
    return kills.tried(known, kills.Sent(number, share), SITES, command)


def test_a_half_file_is_found(tmp_path):
    """Planted: half of the text, a pause, the other half."""
    code = """
import pathlib, time
pathlib.Path("a.txt").write_bytes(b"ne")
time.sleep(2)
pathlib.Path("a.txt").write_bytes(b"new")
"""

    assert _bars(_killed(tmp_path, code, share=0.5)) == {Bar.HALF}


@pytest.mark.parametrize("where", [".", "os.environ['TMPDIR']"])
def test_a_stray_is_found(tmp_path, where):
    """Planted: a temporary file that only a run that ends takes away."""
    code = f"""
import os, pathlib, time
folder = pathlib.Path({where if where != "." else "'.'"})
stray = folder / f".trazo-staging-{{os.getpid()}}"
stray.write_bytes(b"")
time.sleep(2)
stray.unlink()
"""

    assert _bars(_killed(tmp_path, code, share=0.5)) == {Bar.STRAY}


def test_a_process_that_outlives_its_parent_is_found(tmp_path, monkeypatch):
    """Planted: a child that nobody waits for."""
    monkeypatch.setattr(kills, "GONE_S", 1.0)
    code = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(4)"])
time.sleep(2)
child.kill()
"""

    assert _bars(_killed(tmp_path, code, share=0.5)) == {Bar.STRAY}


def test_a_traceback_of_an_interruption_is_found(tmp_path, monkeypatch):
    """Planted: a program that knows nothing of Ctrl-C."""
    code = "import time\n#\ntime.sleep(2)\n"
    monkeypatch.setattr("assault.samples.ROOT", tmp_path)

    assert _bars(_killed(tmp_path, code, share=0.5, number=2)) == {Bar.SIGNAL}


def test_a_next_run_that_fails_is_found(tmp_path):
    """Planted: what a killed run leaves stops the next one for good."""
    code = """
import pathlib, sys, time
lock = pathlib.Path(".trazo.lock")
if lock.exists():
    sys.exit("locked")
lock.write_bytes(b"")
time.sleep(2)
lock.unlink()
"""

    assert _bars(_killed(tmp_path, code, share=0.5)) == {Bar.NEXT}


def test_a_whole_command_misses_nothing(tmp_path):
    """A file that is replaced at once, and nothing beside it."""
    code = """
import os, pathlib, time
for left in pathlib.Path().glob(".trazo-*"):
    left.unlink()
pathlib.Path(".trazo-x").write_bytes(b"new")
time.sleep(1)
os.replace(".trazo-x", "a.txt")
"""
    assert [f for s in (0.2, 0.5, 0.9) for f in _killed(tmp_path, code, share=s)] == []


# Memory


def test_a_peak_over_the_bar_is_found():
    """200 MB for two commands, 1.2 times the sound spec's for the others."""
    sound = memory.Measured(100, 0.5, 0)

    def found(name, peak_mb, cpu_s=0.6, code=1):
        measured = memory.Measured(peak_mb, cpu_s, code)
        return _bars(memory._failures(name, "x", measured, sound))

    assert found("validate", 200) == set()
    assert found("validate", 201) == {Bar.MEMORY}
    assert found("cost", 120) == set()
    assert found("cost", 121) == {Bar.MEMORY}
    assert found("cost", 100, cpu_s=2.6) == {Bar.SLOW}
    assert found("cost", 100, code=-6) == {Bar.TRACEBACK}


def test_the_highest_share_of_each_command_is_shown(tmp_path):
    """Who reads the table sees how much is left, and on which file."""
    results = Results(tmp_path)
    results.shares = {("graph", "a"): 1.05, ("graph", "b"): 1.17, ("cost", "a"): 0.9}
    rows = [row.split() for row in memory.shares(results).splitlines()[1:]]

    assert rows == [["graph", "1.17", "1.2", "b"], ["cost", "0.90", "1.2", "a"]]


def test_a_file_that_holds_as_much_as_one_may_is_refused_for_what_is_wrong():
    """One that is refused for its size would measure nothing; its sound counterpart is sound."""
    full = {k: v["app.yaml"].decode() for k, v in memory.hostile().items() if memory.FULL in k}
    codes = {label: {d.code for d in load(text).diagnostics} for label, text in full.items()}

    assert len(full) == 4
    assert all("TZ202" in found for found in codes.values()), codes
    assert load(memory._LARGE).diagnostics == ()


def test_the_peak_of_a_process_is_its_own():
    """And not that of who started it, which is far larger here."""
    kept = b"x" * 400_000_000

    assert (memory.run("validate", {}).peak_mb < 200, len(kept)) == (True, 400_000_000)
